//! Sockets and grid rows on the wire.

use serde::Serialize;
use ts_rs::TS;

use super::time::Millis;
use super::traffic::Traffic;

use super::network::Whose;
use super::process::{OwnerGap, ProcessRef};

/// A socket as `quay list --json` prints it and as a grid row carries it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Socket {
    /// `tcp` or `udp`.
    #[ts(type = "\"tcp\" | \"udp\"")]
    pub protocol: &'static str,
    /// 4 or 6: the family of the socket, whatever its addresses look like.
    #[ts(type = "4 | 6")]
    pub family: u8,
    /// An IPv6 socket that serves or talks IPv4 too.
    pub dual_stack: bool,
    /// This computer's address; IPv4-mapped ones as IPv4; a link-local one with its zone (the interface's number: `fe80::1%2`).
    pub local_address: String,
    /// This computer's port.
    pub local_port: u16,
    /// The other end's address.
    pub remote_address: Option<String>,
    /// Whose that address is.
    pub remote_whose: Option<Whose>,
    /// The programs at the other end, where that is on this computer; empty where they are not known.
    pub peer: Option<String>,
    /// The other end's port.
    pub remote_port: Option<u16>,
    /// `LISTEN`, `ESTABLISHED`, …; null for UDP.
    #[ts(type = "string | null")]
    pub state: Option<&'static str>,
    /// The processes that hold it. Empty when unknown or kept by the kernel.
    pub owners: Vec<Owner>,
    /// Why `owners` is empty although some process may hold it; null otherwise.
    pub owner_unknown_because: Option<OwnerGap>,
    /// The kernel keeps it after (or before) any process: TIME_WAIT, SYN_RECV, …
    pub kept_by_kernel: bool,
    /// For `kept_by_kernel`: the processes that held it last, as far as that was seen.
    pub last_owners: Vec<Owner>,
    /// The user's number (Linux).
    pub uid: Option<u32>,
    /// The user's name.
    pub user: Option<String>,
    /// Bytes received and not read; for a listener: connections waiting.
    pub receive_queue: Option<u32>,
    /// Bytes sent and not acknowledged; for a listener: the most that may wait.
    pub send_queue: Option<u32>,
    /// When the kernel lets a TIME_WAIT go, Unix milliseconds.
    pub time_wait_until: Option<Millis>,
    /// When it was first seen, Unix milliseconds.
    pub first_seen: Millis,
    /// It was there at the first look, so it is older than `first_seen`.
    pub already_open: bool,
}

/// A process as the owner of a socket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Owner {
    /// Process id.
    pub pid: u32,
    /// The start mark; see [`ProcessRef::start`].
    pub start: String,
    /// The program's name; empty while it is being read.
    pub name: String,
    /// What a person tells it from others by: the name, or the services that run in it where one program hosts many.
    pub label: String,
    /// The program file.
    pub path: Option<String>,
    /// The process's user.
    pub user: Option<String>,
    /// Its start, Unix milliseconds.
    pub started_at: Option<Millis>,
}

impl Owner {
    /// The process that this owner is.
    #[must_use]
    pub fn process(&self) -> ProcessRef {
        ProcessRef { pid: self.pid, start: self.start.clone() }
    }
}

/// What happened to a row lately.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Mark {
    /// Nothing.
    Steady,
    /// It appeared.
    New,
    /// State or owner changed.
    Changed,
    /// Gone; shown for one look more, or as long as the order is held.
    Closed,
}

/// A row of the grid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Row {
    /// Stable for the socket's life, never reused, below 2^53.
    #[ts(type = "number")]
    pub id: u64,
    /// What happened to it lately.
    pub mark: Mark,
    /// Often used by, for the port of the serving end: a hint, never a fact. Null when nothing is known.
    pub usual_program: Option<String>,
    /// What has gone through it; null unless asked for, and for whatever the system does not count.
    pub traffic: Option<Box<Traffic>>,
    /// The socket.
    #[serde(flatten)]
    pub socket: Socket,
}
