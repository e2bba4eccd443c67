//! What the kernel says of sockets as it destroys them: the multicast groups of NETLINK_SOCK_DIAG (`linux/sock_diag.h`,
//! `sock_diag_broadcast_destroy`). Needs no privilege.
//!
//! An announcement is a proof; its absence is none: the groups may be refused, and announcements are lost when more come between
//! two readings than the kernel keeps for us. What a socket leaves behind (TIME_WAIT) is not announced when it goes.

use std::collections::HashSet;
use std::hash::BuildHasherDefault;

use rustix::fd::OwnedFd;
use rustix::io::Errno;
use rustix::net::netlink::{SOCK_DIAG, SocketAddrNetlink};
use rustix::net::sockopt::set_socket_recv_buffer_size;
use rustix::net::{AddressFamily, RecvFlags, SocketFlags, SocketType, bind, recv, socket_with};

use super::hash::NumberHasher;
use super::header::{LENGTH, cookie};
use super::netlink::{self, Messages};

/// `SKNLGRP_INET_TCP_DESTROY`, `…INET_UDP…`, `…INET6_TCP…`, `…INET6_UDP…` are the groups 1 to 4.
const GROUPS: u32 = 0b1111;
/// Bytes that the kernel keeps for us, if it grants them: some hundreds of announcements.
const ROOM: usize = 1 << 20;
/// Readings at a time: whatever others do, a look comes to its end.
const MOST: usize = 20_000;

/// The ear. Holds the numbers of sockets that are known to be gone.
pub(super) struct Obituaries {
    socket: OwnedFd,
    buffer: Vec<u8>,
    dead: HashSet<u64, BuildHasherDefault<NumberHasher>>,
}

impl Obituaries {
    /// Begins to listen; `None` where the kernel has no such groups or does not let us in.
    pub(super) fn open() -> Option<Self> {
        let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
        let socket = socket_with(AddressFamily::NETLINK, SocketType::RAW, flags, Some(SOCK_DIAG)).ok()?;
        let _ = set_socket_recv_buffer_size(&socket, ROOM);
        bind(&socket, &SocketAddrNetlink::new(0, GROUPS)).ok()?;
        Some(Self { socket, buffer: vec![0; netlink::PAGE], dead: HashSet::default() })
    }

    /// Takes in what has been announced since the last time.
    pub(super) fn read(&mut self) {
        for _ in 0..MOST {
            match recv(&self.socket, &mut self.buffer[..], RecvFlags::empty()) {
                Ok((kept, _)) => {
                    let messages = Messages::of(self.buffer.get(..kept).unwrap_or_default());
                    let rows = messages.flatten().filter_map(|message| message.payload.first_chunk::<LENGTH>());
                    self.dead.extend(rows.map(cookie));
                }
                // ENOBUFS tells once that something was lost, and reading goes on.
                Err(Errno::INTR | Errno::NOBUFS) => {}
                Err(_) => return,
            }
        }
    }

    /// Whether this socket is known to be gone.
    pub(super) fn has(&self, number: u64) -> bool {
        self.dead.contains(&number)
    }

    /// All that are known to be gone.
    pub(super) fn all(&self) -> impl Iterator<Item = u64> + '_ {
        self.dead.iter().copied()
    }

    /// Forgets those that are no news to anybody.
    pub(super) fn keep(&mut self, news: impl Fn(u64) -> bool) {
        self.dead.retain(|number| news(*number));
    }
}
