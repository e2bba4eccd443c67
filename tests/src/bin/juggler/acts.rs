//! What can be done with descriptors. They are plain numbers here: the point is what stands at them.

use std::os::fd::{AsRawFd as _, BorrowedFd, FromRawFd as _, IntoRawFd as _, OwnedFd, RawFd};

use nix::sys::socket::{
    AddressFamily, Backlog, Shutdown, SockFlag, SockType, SockaddrIn, SockaddrIn6, SockaddrStorage, accept, bind,
    connect, getsockname, listen, shutdown, socket,
};

use crate::chance::Chance;
use crate::troupe::Troupe;

/// As many descriptors at most, so that acts meet each other.
const MOST: usize = 60;

/// One process's hands.
pub(crate) struct Juggler {
    /// Sockets of every kind, and files.
    held: Vec<RawFd>,
    troupe: Troupe,
    resumes: bool,
}

impl Juggler {
    /// A juggler that holds nothing, or what was left to it by the program that it was before: numbers, and after `--` its
    /// children.
    pub(crate) fn resumed(mut arguments: impl Iterator<Item = String>) -> Self {
        let resumes = arguments.next().is_some_and(|word| word == "--resume");
        let number = |word: String| word.parse().ok();
        let held = arguments.by_ref().take_while(|word| word != "--").filter_map(number).collect();
        Self { held, troupe: Troupe::resumed(arguments), resumes }
    }

    pub(crate) fn resumes(&self) -> bool {
        self.resumes
    }

    /// A child's: everything that its parent held.
    pub(crate) fn child(held: Vec<RawFd>, depth: usize) -> Self {
        Self { held, troupe: Troupe::below(depth), resumes: false }
    }

    /// What a child is given, and gives away.
    pub(crate) fn held(&mut self) -> &mut Vec<RawFd> {
        &mut self.held
    }

    /// Performs so many acts. The first of all jugglers may come back as another program, by way of [`Juggler::resumed`].
    pub(crate) fn perform(&mut self, seed: u64, acts: u64) {
        let mut chance = Chance::new(seed);
        for _ in 0..acts {
            self.act(&mut chance);
        }
        // The last act, for it forgets how many were to come.
        if self.troupe.is_first() && chance.below(12) == 0 {
            self.become_another();
        }
    }

    fn act(&mut self, chance: &mut Chance) {
        if self.held.len() > MOST {
            (0..MOST / 2).for_each(|_| self.close_one(chance));
        }
        match chance.below(20) {
            0..=2 => self.listen(chance),
            3..=4 => self.udp(chance),
            5..=6 => self.pair(chance),
            7..=10 => self.close_one(chance),
            11 => self.keep(socket(AddressFamily::Inet, SockType::Stream, SockFlag::empty(), None).ok()),
            12 => self.bind_one(chance),
            13 => self.swap(chance),
            14 => self.double(chance),
            15 => self.half_close(chance),
            16 => self.talk_udp(chance),
            17 => self.file(),
            18 => self.troupe.turn(chance, &self.held),
            _ => self.troupe.order(chance, &mut self.held),
        }
    }

    fn keep(&mut self, descriptor: Option<OwnedFd>) {
        self.held.extend(descriptor.map(OwnedFd::into_raw_fd));
    }

    fn file(&mut self) {
        self.keep(file());
    }

    fn listen(&mut self, chance: &mut Chance) {
        self.keep(bound(chance, SockType::Stream).filter(|fresh| listen(fresh, Backlog::MAXCONN).is_ok()));
    }

    fn udp(&mut self, chance: &mut Chance) {
        self.keep(bound(chance, SockType::Datagram));
    }

    /// A connection to itself; the listener stays, or not; the accepted end is taken, or left to the kernel.
    fn pair(&mut self, chance: &mut Chance) {
        let Some(listener) = bound(chance, SockType::Stream).filter(|fresh| listen(fresh, Backlog::MAXCONN).is_ok())
        else {
            return;
        };
        let Some(client) = dial(&listener) else { return };
        self.keep(Some(client));
        if chance.below(5) > 0 {
            self.keep(accept(listener.as_raw_fd()).ok().map(owned));
        }
        if chance.below(2) == 0 {
            self.keep(Some(listener));
        }
    }

    fn close_one(&mut self, chance: &mut Chance) {
        if !self.held.is_empty() {
            let place = chance.below(self.held.len());
            drop(owned(self.held.swap_remove(place)));
        }
    }

    /// Something that was opened long ago, if it is a socket, gets an address.
    fn bind_one(&mut self, chance: &mut Chance) {
        if let Some(old) = self.any(chance) {
            let old = borrowed(old);
            let _ = bind(old.as_raw_fd(), &SockaddrIn::new(127, 0, 0, 1, 0));
            if chance.below(3) > 0 {
                let _ = listen(&old, Backlog::MAXCONN);
            }
        }
    }

    /// What stands at a number becomes something else: a socket a file, a file a socket, by closing and opening or by `dup2`.
    fn swap(&mut self, chance: &mut Chance) {
        let Some(number) = self.any(chance) else { return };
        let fresh = match chance.below(3) {
            0 => file(),
            1 => bound(chance, SockType::Datagram),
            _ => bound(chance, SockType::Stream).filter(|fresh| listen(fresh, Backlog::MAXCONN).is_ok()),
        };
        let Some(fresh) = fresh else { return };
        // SAFETY: `number` is open and nobody owns it: `held` are numbers.
        let _ = unsafe { nix::unistd::dup2_raw(fresh, number) }.map(|same| same.into_raw_fd());
    }

    /// A second descriptor of the same, at the next number or far above.
    fn double(&mut self, chance: &mut Chance) {
        let Some(number) = self.any(chance) else { return };
        let double = if chance.below(2) == 0 {
            nix::unistd::dup(borrowed(number)).ok()
        } else {
            let far = i32::try_from(200 + chance.below(700)).unwrap_or(200);
            if self.held.contains(&far) {
                return;
            }
            // SAFETY: no act but this one gives out numbers that high, and this one is free.
            unsafe { nix::unistd::dup2_raw(borrowed(number), far) }.ok()
        };
        self.keep(double);
    }

    fn half_close(&mut self, chance: &mut Chance) {
        if let Some(number) = self.any(chance) {
            let how = if chance.below(2) == 0 { Shutdown::Write } else { Shutdown::Both };
            let _ = shutdown(number, how);
        }
    }

    /// A datagram socket talks to one end only, or to all again.
    fn talk_udp(&mut self, chance: &mut Chance) {
        if let Some(number) = self.any(chance) {
            if chance.below(2) == 0 {
                let _ = connect(number, &SockaddrIn::new(127, 0, 0, 1, 9));
            } else {
                let _ = rustix::net::connect_unspec(borrowed(number));
            }
        }
    }

    /// Another program in the same process, which keeps all that it held.
    fn become_another(&mut self) {
        let mut arguments = vec!["juggler".to_owned(), "--resume".to_owned()];
        arguments.extend(self.held.iter().map(ToString::to_string));
        arguments.push("--".to_owned());
        arguments.extend(self.troupe.arguments());
        let arguments: Vec<std::ffi::CString> =
            arguments.into_iter().filter_map(|word| std::ffi::CString::new(word).ok()).collect();
        // On success this is the end of this program.
        let _ = nix::unistd::execv(c"/proc/self/exe", &arguments);
    }

    fn any(&self, chance: &mut Chance) -> Option<RawFd> {
        self.held.get(chance.below(self.held.len())).copied()
    }
}

/// A socket with an address of its own on this computer, of either family. Children and successors inherit it.
fn bound(chance: &mut Chance, kind: SockType) -> Option<OwnedFd> {
    if chance.below(4) == 0 {
        let fresh = socket(AddressFamily::Inet6, kind, SockFlag::empty(), None).ok()?;
        let at = std::net::SocketAddrV6::new(std::net::Ipv6Addr::LOCALHOST, 0, 0, 0);
        bind(fresh.as_raw_fd(), &SockaddrIn6::from(at)).ok()?;
        return Some(fresh);
    }
    let fresh = socket(AddressFamily::Inet, kind, SockFlag::empty(), None).ok()?;
    bind(fresh.as_raw_fd(), &SockaddrIn::new(127, 0, 0, 1, 0)).ok()?;
    Some(fresh)
}

/// No socket; a successor inherits it too.
fn file() -> Option<OwnedFd> {
    rustix::fs::open("/dev/null", rustix::fs::OFlags::RDONLY, rustix::fs::Mode::empty()).ok()
}

fn dial(listener: &OwnedFd) -> Option<OwnedFd> {
    let to: SockaddrStorage = getsockname(listener.as_raw_fd()).ok()?;
    let family = if to.as_sockaddr_in6().is_some() { AddressFamily::Inet6 } else { AddressFamily::Inet };
    let client = socket(family, SockType::Stream, SockFlag::empty(), None).ok()?;
    connect(client.as_raw_fd(), &to).ok()?;
    Some(client)
}

pub(crate) fn owned(number: RawFd) -> OwnedFd {
    // SAFETY: the number was taken out of `held`, or the kernel has just given it out; nobody else owns it.
    unsafe { OwnedFd::from_raw_fd(number) }
}

fn borrowed<'a>(number: RawFd) -> BorrowedFd<'a> {
    // SAFETY: it is in `held`, so it is open, and it is closed nowhere while this is used.
    unsafe { BorrowedFd::borrow_raw(number) }
}
