//! `struct inet_diag_msg` (`linux/inet_diag.h`): the 72 bytes in which the kernel describes a socket.
//!
//! Rows that did not change are told by comparing these bytes; only the others are parsed.
//!
//! **Invariant:** a stored header is settled: what moves by itself and is shown nowhere is zero in it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use quaymaster_core::{Endpoint, Family, Owner, Protocol, Queues, Socket, SocketKey, TcpState, UnixMillis};

use super::diag::AF_INET6;

/// Bytes of `struct inet_diag_msg`.
pub(super) const LENGTH: usize = 72;

const STATE: usize = 1;
const TIMER: usize = 2;
const RETRANSMITS: usize = 3;
const LOCAL_PORT: usize = 4;
const REMOTE_PORT: usize = 6;
const LOCAL_ADDRESS: usize = 8;
const REMOTE_ADDRESS: usize = 24;
const INTERFACE: usize = 40;
const COOKIE: usize = 44;
const EXPIRES: usize = 52;
const RECEIVE_QUEUE: usize = 56;
const SEND_QUEUE: usize = 60;
const UID: usize = 64;
const INODE: usize = 68;

/// Where a row lies in the buffer that the kernel filled.
pub(super) type Raw = [u8; LENGTH];

/// The kernel's number of a row that is still in the buffer (`sock_gen_cookie`).
pub(super) fn cookie(raw: &Raw) -> u64 {
    u64::from(word(raw, COOKIE)) | u64::from(word(raw, COOKIE + 4)) << 32
}

/// Milliseconds until the running timer of a row ends.
pub(super) fn expires(raw: &Raw) -> u64 {
    u64::from(word(raw, EXPIRES))
}

/// Bytes that have come and were not read. The other end's FIN is one.
pub(super) fn unread(raw: &Raw) -> u32 {
    word(raw, RECEIVE_QUEUE)
}

/// Whether a row names the port of another end.
pub(super) fn has_other_end(raw: &Raw) -> bool {
    raw[REMOTE_PORT..REMOTE_PORT + 2] != [0; 2]
}

/// Whether the other end's FIN has come, by `enum` of `net/tcp_states.h`: CLOSE_WAIT, LAST_ACK, CLOSING.
pub(super) fn is_finished(state: u8) -> bool {
    matches!(state, 8 | 9 | 11)
}

fn word(raw: &Raw, at: usize) -> u32 {
    u32::from_ne_bytes([raw[at], raw[at + 1], raw[at + 2], raw[at + 3]])
}

/// One row, without the running timer, its retransmissions and its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header(Raw);

/// Ones where a header says something that is shown.
const SETTLED: Raw = {
    let mut mask = [0xFF; LENGTH];
    mask[TIMER] = 0;
    mask[RETRANSMITS] = 0;
    let mut at = EXPIRES;
    while at < EXPIRES + 4 {
        mask[at] = 0;
        at += 1;
    }
    mask
};

/// What a header alone does not say.
pub(super) struct Beside {
    pub(super) key: SocketKey,
    pub(super) protocol: Protocol,
    pub(super) v6_only: Option<bool>,
    pub(super) owner: Owner,
    pub(super) time_wait_until: Option<UnixMillis>,
}

impl Header {
    /// The settled form of a row.
    pub(super) fn of(raw: &Raw) -> Self {
        let mut bytes = *raw;
        for (byte, mask) in bytes.iter_mut().zip(SETTLED) {
            *byte &= mask;
        }
        Self(bytes)
    }

    /// Whether `raw` says anything else. The one thing that is done for every row at every look: nine words, no branch.
    pub(super) fn differs(&self, raw: &Raw) -> bool {
        let words = |bytes: &Raw| -> [u64; LENGTH / 8] {
            std::array::from_fn(|word| {
                let at = word * 8;
                u64::from_ne_bytes([
                    bytes[at],
                    bytes[at + 1],
                    bytes[at + 2],
                    bytes[at + 3],
                    bytes[at + 4],
                    bytes[at + 5],
                    bytes[at + 6],
                    bytes[at + 7],
                ])
            })
        };
        let (old, new, mask) = (words(&self.0), words(raw), words(&SETTLED));
        (0..LENGTH / 8).fold(0, |differs, word| differs | (old[word] ^ new[word]) & mask[word]) != 0
    }

    /// `struct inet_diag_msg`, settled.
    pub(super) fn bytes(&self) -> &Raw {
        &self.0
    }

    /// A row in the kernel's bytes, built from another listing.
    pub(super) fn build(row: &Parts) -> Raw {
        let mut bytes = [0; LENGTH];
        bytes[0] = row.family;
        bytes[STATE] = row.state;
        bytes[LOCAL_PORT..LOCAL_PORT + 2].copy_from_slice(&row.local.1.to_be_bytes());
        bytes[REMOTE_PORT..REMOTE_PORT + 2].copy_from_slice(&row.remote.1.to_be_bytes());
        bytes[LOCAL_ADDRESS..LOCAL_ADDRESS + 16].copy_from_slice(&row.local.0);
        bytes[REMOTE_ADDRESS..REMOTE_ADDRESS + 16].copy_from_slice(&row.remote.0);
        for (at, value) in [
            (EXPIRES, row.expires),
            (RECEIVE_QUEUE, row.receive),
            (SEND_QUEUE, row.send),
            (UID, row.uid),
            (INODE, row.inode),
        ] {
            bytes[at..at + 4].copy_from_slice(&value.to_ne_bytes());
        }
        bytes
    }

    /// The same row under a number of our own, where the listing gives none.
    pub(super) fn numbered(mut raw: Raw, number: u64) -> Raw {
        raw[COOKIE..COOKIE + 8].copy_from_slice(&number.to_ne_bytes());
        raw
    }

    /// The number that the kernel never gives twice in one boot (`sock_gen_cookie`).
    pub(super) fn number(&self) -> u64 {
        cookie(&self.0)
    }

    /// The inode behind `/proc/PID/fd/N -> socket:[inode]`; 0 if no descriptor belongs to the socket.
    pub(super) fn inode(&self) -> u32 {
        self.word(INODE)
    }

    /// The user who opened it. Meaningless (0, which is not root here) while the kernel alone has it.
    pub(super) fn uid(&self) -> u32 {
        self.word(UID)
    }

    pub(super) fn local_port(&self) -> u16 {
        self.port(LOCAL_PORT)
    }

    /// TCP in LISTEN, or an unconnected UDP socket, whose kernel state is `TCP_CLOSE`.
    pub(super) fn is_listener(&self, protocol: Protocol) -> bool {
        match protocol {
            Protocol::Tcp => self.state() == Some(TcpState::Listen),
            Protocol::Udp => self.0[STATE] == 7,
        }
    }

    /// Whether the other end closed first, as far as the state tells.
    pub(super) fn was_left(&self) -> Option<bool> {
        match self.state()? {
            TcpState::FinWait1 | TcpState::FinWait2 => Some(false),
            _ => is_finished(self.0[STATE]).then_some(true),
        }
    }

    /// What the kernel keeps of a connection after it has destroyed the socket.
    pub(super) fn is_left_over(&self) -> bool {
        self.inode() == 0 && matches!(self.state(), Some(TcpState::FinWait2 | TcpState::TimeWait))
    }

    pub(super) fn in_time_wait(&self) -> bool {
        self.state() == Some(TcpState::TimeWait)
    }

    /// The whole row.
    pub(super) fn socket(&self, beside: Beside) -> Socket {
        let (local, remote) = self.ends();
        let talks_v4 = |end: Endpoint| end.ip.is_ipv4();
        let family = self.family();
        let serves_both = local.is_any() && beside.v6_only == Some(false);
        let dual_stack = family == Family::V6 && (serves_both || talks_v4(local) || remote.is_some_and(talks_v4));
        let kept_by_kernel = self.inode() == 0;
        Socket {
            key: beside.key,
            protocol: beside.protocol,
            family,
            dual_stack,
            local,
            remote,
            state: self.state().filter(|_| beside.protocol == Protocol::Tcp),
            owner: beside.owner,
            uid: (!kept_by_kernel).then(|| self.uid()),
            queues: Some(Queues { receive: self.word(RECEIVE_QUEUE), send: self.word(SEND_QUEUE) }),
            interface: self.word(INTERFACE),
            time_wait_until: beside.time_wait_until,
        }
    }

    /// The family of the socket itself.
    pub(super) fn family(&self) -> Family {
        if self.0[0] == AF_INET6 { Family::V6 } else { Family::V4 }
    }

    /// Both ends; no remote one where nothing is connected.
    pub(super) fn ends(&self) -> (Endpoint, Option<Endpoint>) {
        // For link-local addresses the interface that the socket is bound to is their zone.
        let interface = self.word(INTERFACE);
        let local = Endpoint::new(self.address(LOCAL_ADDRESS), self.local_port()).in_scope(interface);
        let remote = Endpoint::new(self.address(REMOTE_ADDRESS), self.port(REMOTE_PORT)).in_scope(interface);
        (local, Some(remote).filter(|remote| remote.port != 0 || !remote.is_any()))
    }

    /// `enum` of `net/tcp_states.h`.
    fn state(&self) -> Option<TcpState> {
        Some(match self.0[STATE] {
            1 => TcpState::Established,
            2 => TcpState::SynSent,
            // 12 is TCP_NEW_SYN_RECV, the kernel's inner name for a half-open connection.
            3 | 12 => TcpState::SynRecv,
            4 => TcpState::FinWait1,
            5 => TcpState::FinWait2,
            6 => TcpState::TimeWait,
            7 => TcpState::Closed,
            8 => TcpState::CloseWait,
            9 => TcpState::LastAck,
            10 => TcpState::Listen,
            11 => TcpState::Closing,
            13 => TcpState::Bound,
            _ => return None,
        })
    }

    fn address(&self, at: usize) -> IpAddr {
        let mut v6 = [0; 16];
        v6.copy_from_slice(&self.0[at..at + 16]);
        match self.0[0] {
            AF_INET6 => IpAddr::V6(Ipv6Addr::from(v6)),
            _ => IpAddr::V4(Ipv4Addr::new(v6[0], v6[1], v6[2], v6[3])),
        }
    }

    fn port(&self, at: usize) -> u16 {
        u16::from_be_bytes([self.0[at], self.0[at + 1]])
    }

    fn word(&self, at: usize) -> u32 {
        word(&self.0, at)
    }
}

/// What [`Header::build`] needs; numbers as in `struct inet_diag_msg`.
pub(super) struct Parts {
    pub(super) family: u8,
    pub(super) state: u8,
    pub(super) local: ([u8; 16], u16),
    pub(super) remote: ([u8; 16], u16),
    pub(super) expires: u32,
    pub(super) receive: u32,
    pub(super) send: u32,
    pub(super) uid: u32,
    pub(super) inode: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_moves_by_itself_is_no_difference() {
        let raw: Raw = std::array::from_fn(|at| u8::try_from(at).unwrap_or(0));
        let header = Header::of(&raw);
        assert!(!header.differs(&raw));
        let differing = (0..LENGTH).filter(|at| {
            let mut other = raw;
            other[*at] ^= 0x80;
            header.differs(&other)
        });
        let quiet = [TIMER, RETRANSMITS, EXPIRES, EXPIRES + 1, EXPIRES + 2, EXPIRES + 3];
        assert_eq!(differing.collect::<Vec<_>>(), (0..LENGTH).filter(|at| !quiet.contains(at)).collect::<Vec<_>>());
    }

    #[test]
    fn numbers_lie_where_the_cookie_does() {
        let raw = Header::numbered([0; LENGTH], 0xFEDC_BA98_7654_3210);
        assert_eq!((cookie(&raw), Header::of(&raw).number()), (0xFEDC_BA98_7654_3210, 0xFEDC_BA98_7654_3210));
    }
}
