//! `struct inet_diag_msg` (`linux/inet_diag.h`): the 72 bytes in which the kernel describes a socket.
//!
//! Rows that did not change are told by comparing these bytes; only the others are parsed.

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

/// One row as the kernel gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header([u8; LENGTH]);

/// What a header alone does not say.
pub(super) struct Beside {
    pub(super) key: SocketKey,
    pub(super) protocol: Protocol,
    pub(super) v6_only: Option<bool>,
    pub(super) owner: Owner,
    pub(super) time_wait_until: Option<UnixMillis>,
}

impl Header {
    pub(super) fn from_bytes(bytes: [u8; LENGTH]) -> Self {
        Self(bytes)
    }

    /// `struct inet_diag_msg`.
    pub(super) fn bytes(&self) -> &[u8; LENGTH] {
        &self.0
    }

    /// The same row in the kernel's bytes, built from another listing.
    pub(super) fn build(row: &Parts) -> Self {
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
        Self(bytes)
    }

    /// Without what moves by itself and is shown nowhere: the running timer, its retransmissions and its end.
    pub(super) fn settled(mut self) -> Self {
        self.0[TIMER] = 0;
        self.0[RETRANSMITS] = 0;
        self.0[EXPIRES..EXPIRES + 4].fill(0);
        self
    }

    /// The number that the kernel never gives twice in one boot (`sock_gen_cookie`).
    pub(super) fn cookie(&self) -> u64 {
        u64::from(self.word(COOKIE)) | u64::from(self.word(COOKIE + 4)) << 32
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

    pub(super) fn in_time_wait(&self) -> bool {
        self.state() == Some(TcpState::TimeWait)
    }

    /// Milliseconds until the running timer ends.
    pub(super) fn expires(&self) -> u64 {
        u64::from(self.word(EXPIRES))
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
        u32::from_ne_bytes([self.0[at], self.0[at + 1], self.0[at + 2], self.0[at + 3]])
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
