//! What the kernel says of sockets as it destroys them: the multicast groups of NETLINK_SOCK_DIAG (`linux/sock_diag.h`,
//! `sock_diag_broadcast_destroy`). Needs no privilege.
//!
//! An announcement is a proof; its absence is none: the groups may be refused, and announcements are lost when more come between
//! two readings than the kernel keeps for us. What a socket leaves behind (TIME_WAIT) is not announced when it goes: the socket is
//! destroyed, and announced, when TIME_WAIT, or FIN_WAIT2 without a descriptor, begins. One that was closed by the other end, or
//! whose program waited for that end, is destroyed only once its last descriptor is closed.

use quaymaster_core::Bytes;
use rustix::fd::OwnedFd;
use rustix::io::Errno;
use rustix::net::netlink::{SOCK_DIAG, SocketAddrNetlink};
use rustix::net::sockopt::set_socket_recv_buffer_size;
use rustix::net::{AddressFamily, RecvFlags, SocketFlags, SocketType, bind, recv, socket_with};

use super::diag;
use super::hash::NumberMap;
use super::header::{LENGTH, cookie, has_other_end, unread};
use super::netlink::{self, Messages};

/// `SKNLGRP_INET_TCP_DESTROY`, `…INET_UDP…`, `…INET6_TCP…`, `…INET6_UDP…` are the groups 1 to 4.
const GROUPS: u32 = 0b1111;
/// Bytes that the kernel keeps for us, if it grants them: some hundreds of announcements.
const ROOM: usize = 1 << 20;
/// Readings at a time: whatever others do, a look comes to its end.
const MOST: usize = 20_000;

/// What the kernel had counted of a connection when it destroyed it.
///
/// Whether the other end's FIN is among the bytes received is not said: an announced socket is in the state CLOSE. It is told by
/// what became of the row. To the byte that is right for a connection that was closed by either end with `close`, and for one
/// that was reset before any FIN. One byte too many is received where the program shut its own side down first and read until the
/// other end had closed; where a reset came after a FIN that no look saw; and where this end served, closed second, and its listener
/// was gone already. One too few where this end closed first, unseen by a look, and the other one answered by a reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Life {
    bytes: Bytes,
    /// Acknowledged bytes that were no payload: our SYN, if this end opened the connection, and our FIN.
    signs: u64,
    /// Received and not read by the program, the FIN too.
    unread: u32,
}

impl Life {
    /// Reads an announcement: the payload of its message.
    fn read(payload: &[u8]) -> Option<Self> {
        let (raw, attributes) = payload.split_first_chunk::<LENGTH>()?;
        // A socket that was disconnected (a reset by `SO_LINGER`) has forgotten its other end, and its counters (`tcp_disconnect`).
        let counters = diag::counters(attributes).filter(|_| has_other_end(raw))?;
        Some(Self {
            bytes: Bytes { received: counters.received, sent: counters.sent },
            signs: diag::acknowledged(attributes)?.saturating_sub(counters.sent),
            unread: unread(raw),
        })
    }

    /// What went through a connection of which nothing is left. `second`: whether this end closed second, if a look has seen that;
    /// `opened`: this end opened the connection.
    pub(super) fn of_gone(self, second: Option<bool>, opened: bool) -> Bytes {
        // Who closes second leaves nothing, and its FIN is acknowledged; a reset acknowledges none. Nothing is left of who closed
        // first if it was reset.
        self.without_fin(second.unwrap_or(self.signs > u64::from(opened)))
    }

    /// What went through a connection of which something is left: this end closed first, with nothing unread.
    pub(super) fn of_left_over(self) -> Bytes {
        // Either it was destroyed before the FIN came, or that came with the acknowledgement of ours, and nobody could read it.
        self.without_fin(self.unread == 1)
    }

    fn without_fin(self, finished: bool) -> Bytes {
        Bytes { received: self.bytes.received.saturating_sub(finished.into()), ..self.bytes }
    }
}

/// The ear. Holds the numbers of sockets that are known to be gone, each with what is known of its life.
pub(super) struct Obituaries {
    socket: OwnedFd,
    buffer: Vec<u8>,
    dead: NumberMap<u64, Option<Life>>,
}

impl Obituaries {
    /// Begins to listen; `None` where the kernel has no such groups or does not let us in.
    pub(super) fn open() -> Option<Self> {
        let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
        let socket = socket_with(AddressFamily::NETLINK, SocketType::RAW, flags, Some(SOCK_DIAG)).ok()?;
        let _ = set_socket_recv_buffer_size(&socket, ROOM);
        bind(&socket, &SocketAddrNetlink::new(0, GROUPS)).ok()?;
        Some(Self { socket, buffer: vec![0; netlink::PAGE], dead: NumberMap::default() })
    }

    /// Takes in what has been announced since the last time of those that are `known`.
    pub(super) fn read(&mut self, known: impl Fn(u64) -> bool) {
        for _ in 0..MOST {
            match recv(&self.socket, &mut self.buffer[..], RecvFlags::empty()) {
                Ok((kept, _)) => {
                    let messages = Messages::of(self.buffer.get(..kept).unwrap_or_default());
                    for payload in messages.flatten().map(|message| message.payload) {
                        let number = payload.first_chunk::<LENGTH>().map(cookie).filter(|number| known(*number));
                        self.dead.extend(number.map(|number| (number, Life::read(payload))));
                    }
                }
                // ENOBUFS tells once that something was lost, and reading goes on.
                Err(Errno::INTR | Errno::NOBUFS) => {}
                Err(_) => return,
            }
        }
    }

    /// Whether this socket is known to be gone.
    pub(super) fn has(&self, number: u64) -> bool {
        self.dead.contains_key(&number)
    }

    /// Whether nobody is.
    pub(super) fn is_empty(&self) -> bool {
        self.dead.is_empty()
    }

    /// All that are known to be gone.
    pub(super) fn all(&self) -> impl Iterator<Item = u64> + '_ {
        self.dead.keys().copied()
    }

    /// Forgets this one; what is known of its life.
    pub(super) fn take(&mut self, number: u64) -> Option<Life> {
        self.dead.remove(&number).flatten()
    }

    /// Forgets those that are no news to anybody.
    pub(super) fn keep(&mut self, news: impl Fn(u64) -> bool) {
        self.dead.retain(|number, _| news(*number));
        if self.dead.len() < self.dead.capacity() / 4 {
            self.dead.shrink_to(self.dead.len() * 2);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What Linux 6.18 announced of a client: 5 000 bytes sent, 300 received and read, closed first. The attributes are those
    /// of the announcement (`INET_DIAG_PROTOCOL`, `INET_DIAG_INFO`), their bytes as far as they are not zero.
    fn announced(acknowledged: u64, received: u64, sent: u64, unread: u32) -> Vec<u8> {
        let mut info = vec![0; 280];
        info[0] = 7;
        info[120..128].copy_from_slice(&acknowledged.to_ne_bytes());
        info[128..136].copy_from_slice(&received.to_ne_bytes());
        info[200..208].copy_from_slice(&(sent + 1_448).to_ne_bytes());
        info[208..216].copy_from_slice(&1_448_u64.to_ne_bytes());
        let mut payload = vec![0; LENGTH];
        payload[..8].copy_from_slice(&[2, 7, 0, 0, 0xD7, 0xC8, 0xA2, 0xD1]);
        payload[56..60].copy_from_slice(&unread.to_ne_bytes());
        for (kind, value) in [(10_u16, &[6_u8][..]), (2, &info)] {
            payload.extend_from_slice(&u16::try_from(value.len() + 4).unwrap_or(0).to_ne_bytes());
            payload.extend_from_slice(&kind.to_ne_bytes());
            payload.extend_from_slice(value);
            payload.resize(payload.len().next_multiple_of(4), 0);
        }
        payload
    }

    /// The figures are those that real sockets gave: 5 000 bytes from the client, 300 from the server.
    #[test]
    fn a_sign_is_no_byte() {
        let life = |acknowledged, received, sent, unread| {
            let Some(life) = Life::read(&announced(acknowledged, received, sent, unread)) else { panic!("unread") };
            life
        };
        let client = Bytes { received: 300, sent: 5_000 };
        let server = Bytes { received: 5_000, sent: 300 };
        assert_eq!(life(5_002, 300, 5_000, 0).of_left_over(), client, "closed first");
        assert_eq!(life(5_002, 301, 5_000, 1).of_left_over(), client, "the FIN came with the acknowledgement of ours");
        assert_eq!(life(301, 5_001, 300, 0).of_gone(None, false), server, "closed second");
        assert_eq!(life(5_002, 301, 5_000, 1).of_gone(None, true), client, "closed second, and never read the end");
        assert_eq!(life(5_001, 300, 5_000, 0).of_gone(None, true), client, "was reset");
        assert_eq!(life(300, 5_000, 300, 0).of_gone(None, false), server, "has reset");
        assert_eq!(life(300, 5_001, 300, 0).of_gone(Some(true), false), server, "has reset, after a FIN that was seen");
        assert_eq!(life(5_002, 300, 5_000, 0).of_gone(Some(false), true), client, "closed first, and was reset");
        assert_eq!(life(0, 0, 0, 0).of_gone(Some(true), true), Bytes::default(), "never less than nothing");
    }

    /// Whatever comes, and wherever it breaks off, it is read as nothing, never beyond its end.
    #[test]
    fn what_is_cut_short_or_wrong_says_nothing() {
        let whole = announced(5_002, 300, 5_000, 0);
        let needed = LENGTH + 8 + 4 + 280;
        for length in 0..whole.len() {
            assert_eq!(Life::read(&whole[..length]).is_some(), length >= needed, "{length} bytes");
        }
        let mut disconnected = whole.clone();
        disconnected[6..8].fill(0);
        assert_eq!(Life::read(&disconnected), None);
        for length in [0_u16, 1, 3, 5, 9, 100, 139, u16::MAX] {
            let mut wrong = whole.clone();
            wrong[LENGTH + 8..LENGTH + 10].copy_from_slice(&length.to_ne_bytes());
            assert_eq!(Life::read(&wrong), None, "an attribute of {length} bytes");
        }
        for at in LENGTH..LENGTH + 12 {
            for byte in 0..=u8::MAX {
                let mut wrong = whole.clone();
                wrong[at] = byte;
                let _ = Life::read(&wrong);
            }
        }
        let mut greatest = whole;
        greatest[LENGTH + 12 + 120..LENGTH + 12 + 216].fill(0xFF);
        assert_eq!(Life::read(&greatest).map(|life| life.of_gone(Some(true), false).sent), Some(0));
    }
}
