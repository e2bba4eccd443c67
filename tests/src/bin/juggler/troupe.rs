//! A juggler's children: forked with all its descriptors, ordered about, given descriptors and robbed of them, and ended in
//! every way.

use std::io::{IoSlice, IoSliceMut};
use std::os::fd::{AsRawFd as _, IntoRawFd as _, OwnedFd, RawFd};

use nix::sys::signal::{Signal, kill};
use nix::sys::socket::{
    AddressFamily, ControlMessage, ControlMessageOwned, MsgFlags, SockFlag, SockType, recvmsg, sendmsg, socketpair,
};
use nix::sys::wait::waitpid;
use nix::unistd::{ForkResult, Pid, fork};

use crate::acts::{Juggler, owned};
use crate::chance::Chance;

const MOST: usize = 3;
const DEEPEST: usize = 2;

/// The children of one juggler.
#[derive(Default)]
pub(crate) struct Troupe {
    children: Vec<Child>,
    depth: usize,
}

struct Child {
    pid: Pid,
    channel: RawFd,
}

impl Troupe {
    pub(crate) fn below(depth: usize) -> Self {
        Self { children: Vec::new(), depth }
    }

    /// After exec: `PID CHANNEL` for each child.
    pub(crate) fn resumed(arguments: impl Iterator<Item = String>) -> Self {
        let numbers: Vec<i32> = arguments.filter_map(|word| word.parse().ok()).collect();
        let children = numbers.chunks_exact(2).map(|pair| Child { pid: Pid::from_raw(pair[0]), channel: pair[1] });
        Self { children: children.collect(), depth: 0 }
    }

    pub(crate) fn arguments(&self) -> impl Iterator<Item = String> + '_ {
        self.children.iter().flat_map(|child| [child.pid.to_string(), child.channel.to_string()])
    }

    pub(crate) fn is_first(&self) -> bool {
        self.depth == 0
    }

    /// A child comes or goes.
    pub(crate) fn turn(&mut self, chance: &mut Chance, held: &[RawFd]) {
        match chance.below(4) {
            0 | 1 if self.children.len() < MOST && self.depth < DEEPEST => self.bear(held),
            2 => self.end(chance),
            _ => Self::short_life(),
        }
    }

    /// A child is ordered to act, with a descriptor for it on the way, and gives one back.
    pub(crate) fn order(&mut self, chance: &mut Chance, held: &mut Vec<RawFd>) {
        if self.children.is_empty() {
            return;
        }
        let child = &self.children[chance.below(self.children.len())];
        let gift = (chance.below(3) == 0).then(|| held.get(chance.below(held.len())).copied()).flatten();
        say(child.channel, &chance.seed().to_ne_bytes(), gift);
        if let Some(given) = gift.filter(|_| chance.below(2) == 0) {
            held.retain(|number| *number != given);
            drop(owned(given));
        }
        if let Some((_, back)) = hear(child.channel) {
            held.extend(back);
        }
    }

    fn bear(&mut self, held: &[RawFd]) {
        let pair = socketpair(AddressFamily::Unix, SockType::SeqPacket, None, SockFlag::empty());
        let Ok((ours, theirs)) = pair else { return };
        // SAFETY: this program has one thread.
        match unsafe { fork() } {
            Ok(ForkResult::Parent { child }) => {
                self.children.push(Child { pid: child, channel: ours.into_raw_fd() });
            }
            Ok(ForkResult::Child) => {
                drop(ours);
                // Whoever holds a channel's other end keeps a child waiting for ever.
                self.children.drain(..).for_each(|sibling| drop(owned(sibling.channel)));
                serve(&theirs, Juggler::child(held.to_vec(), self.depth + 1))
            }
            Err(_) => {}
        }
    }

    /// Asked to go, or killed; reaped, or left as a zombie.
    fn end(&mut self, chance: &mut Chance) {
        if self.children.is_empty() {
            return;
        }
        let Child { pid, channel } = self.children.swap_remove(chance.below(self.children.len()));
        if chance.below(2) == 0 {
            let _ = kill(pid, Signal::SIGKILL);
        }
        drop(owned(channel));
        if chance.below(2) == 0 {
            let _ = waitpid(pid, None);
        } else {
            // A zombie; but it must have got that far when the order is done.
            let ended = nix::sys::wait::WaitPidFlag::WEXITED | nix::sys::wait::WaitPidFlag::WNOWAIT;
            let _ = nix::sys::wait::waitid(nix::sys::wait::Id::Pid(pid), ended);
        }
    }

    /// A child that is gone before anybody looks.
    fn short_life() {
        // SAFETY: this program has one thread.
        match unsafe { fork() } {
            Ok(ForkResult::Parent { child }) => drop(waitpid(child, None)),
            Ok(ForkResult::Child) => std::process::exit(0),
            Err(_) => {}
        }
    }
}

/// A child's life: it ends with its channel, or with its parent.
fn serve(channel: &OwnedFd, mut juggler: Juggler) -> ! {
    let _ = rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL));
    while let Some((seed, gift)) = hear(channel.as_raw_fd()) {
        juggler.held().extend(gift);
        let mut chance = Chance::new(seed);
        let (acts, back) = (chance.below(4), chance.below(6) == 0);
        juggler.perform(seed, u64::try_from(acts).unwrap_or(0));
        let back = if back { juggler.held().pop() } else { None };
        say(channel.as_raw_fd(), &[0; 8], back);
        back.into_iter().for_each(|given| drop(owned(given)));
    }
    std::process::exit(0)
}

fn say(channel: RawFd, words: &[u8; 8], gift: Option<RawFd>) {
    let rights: Vec<RawFd> = gift.into_iter().collect();
    let rights = [ControlMessage::ScmRights(&rights)];
    let rights = if gift.is_some() { &rights[..] } else { &[] };
    let _ = sendmsg::<()>(channel, &[IoSlice::new(words)], rights, MsgFlags::MSG_NOSIGNAL, None);
}

/// `None` at the end.
fn hear(channel: RawFd) -> Option<(u64, Vec<RawFd>)> {
    let mut words = [0; 8];
    let mut space = nix::cmsg_space!([RawFd; 1]);
    let mut slices = [IoSliceMut::new(&mut words)];
    let heard = recvmsg::<()>(channel, &mut slices, Some(&mut space), MsgFlags::empty()).ok()?;
    if heard.bytes == 0 {
        return None;
    }
    let mut gifts = Vec::new();
    for message in heard.cmsgs().ok()? {
        if let ControlMessageOwned::ScmRights(rights) = message {
            gifts.extend(rights);
        }
    }
    Some((u64::from_ne_bytes(words), gifts))
}
