//! A socket as one look at the machine shows it.

mod holders;

pub use holders::Holders;

use crate::endpoint::{Endpoint, Family, Protocol};
use crate::process::ProcessKey;
use crate::time::UnixMillis;

/// The states of a TCP connection (RFC 9293 § 3.3.2), in the kernel's spelling. UDP sockets have none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are the RFC's own; locales/*/states.ftl explains them to people")]
pub enum TcpState {
    Listen,
    SynSent,
    SynRecv,
    Established,
    FinWait1,
    FinWait2,
    CloseWait,
    Closing,
    LastAck,
    TimeWait,
    Closed,
    /// Bound, but neither listening nor connected (Windows "BOUND", Linux `TCP_BOUND_INACTIVE`).
    Bound,
}

impl TcpState {
    /// Every state, in the order of a connection's life; this is also the order when the grid is sorted by state.
    pub const ALL: [Self; 12] = [
        Self::Listen,
        Self::SynSent,
        Self::SynRecv,
        Self::Established,
        Self::FinWait1,
        Self::FinWait2,
        Self::CloseWait,
        Self::Closing,
        Self::LastAck,
        Self::TimeWait,
        Self::Closed,
        Self::Bound,
    ];

    /// The upper-case name that netstat prints and that people search the web for; the same in every language.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Listen => "LISTEN",
            Self::SynSent => "SYN_SENT",
            Self::SynRecv => "SYN_RECV",
            Self::Established => "ESTABLISHED",
            Self::FinWait1 => "FIN_WAIT1",
            Self::FinWait2 => "FIN_WAIT2",
            Self::CloseWait => "CLOSE_WAIT",
            Self::Closing => "CLOSING",
            Self::LastAck => "LAST_ACK",
            Self::TimeWait => "TIME_WAIT",
            Self::Closed => "CLOSED",
            Self::Bound => "BOUND",
        }
    }
}

/// What tells one socket from every other **for the source that reported it**. Two looks that show the same key show the
/// same socket; whether two keys are one connection in a person's eyes is the [`tracker`](crate::tracker)'s business.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SocketKey {
    /// Linux: the socket cookie, a number that the kernel never gives twice in one boot (`sock_gen_cookie`).
    Cookie(u64),
    /// Elsewhere: the tuple, the owner and the creation stamp (Windows owner-module tables; 0 where there is none).
    Tuple {
        /// Protocol of the socket.
        protocol: Protocol,
        /// Family of the socket.
        family: Family,
        /// Local end.
        local: Endpoint,
        /// Remote end, if any.
        remote: Option<Endpoint>,
        /// PID of the first owner, or 0. Not compared for rows that have passed to the kernel.
        pid: u32,
        /// Creation time in the system's own unit, or 0; also tells two equal rows in one listing apart.
        stamp: u64,
    },
}

/// Who holds a socket, as far as this user may know.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    /// These processes hold a descriptor of it: seen, not guessed. Sorted, without repeats, never empty.
    Processes(Holders),
    /// No process holds it any more (TIME_WAIT, FIN_WAIT2 after close) or not yet (SYN_RECV): the kernel keeps it.
    /// The processes that held it last, if that was seen; empty if not.
    Kernel(Holders),
    /// Not known, and why.
    Unknown(OwnerGap),
}

impl Owner {
    /// The processes that hold it now.
    #[must_use]
    pub fn holders(&self) -> &[ProcessKey] {
        match self {
            Self::Processes(keys) => keys,
            Self::Kernel(_) | Self::Unknown(_) => &[],
        }
    }
}

/// Why the owner of a socket is not known. Missing privilege is data, not an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OwnerGap {
    /// It belongs to another user, whose processes this user may not look into. Administrator rights would help.
    OtherUser,
    /// It belongs to this user, but to a process that the system protects from being looked into (setuid, sandboxed,
    /// not dumpable). Administrator rights would help.
    Protected,
    /// Every process was readable and none holds it: in flight between two processes, held by the kernel itself, or by
    /// a process in another PID namespace (a container seen from inside).
    NoHolder,
    /// Not found yet: it appeared a moment ago; the next looks will tell.
    Pending,
    /// The system's table names no owner for it.
    NotReported,
}

/// Bytes (or, for a listener, connections) that wait in a socket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Queues {
    /// Received and not yet read by the program, in bytes; for a listener: connections waiting to be accepted.
    pub receive: u32,
    /// Sent and not yet acknowledged, in bytes; for a listener: the most connections that may wait (backlog).
    pub send: u32,
}

/// One socket in one look at the machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Socket {
    /// What tells it from every other.
    pub key: SocketKey,
    /// TCP or UDP.
    pub protocol: Protocol,
    /// Family of the socket itself.
    pub family: Family,
    /// For an IPv6 socket: it serves IPv4 too (listening on `::` without `IPV6_V6ONLY`, or talking to a mapped address).
    pub dual_stack: bool,
    /// This computer's end.
    pub local: Endpoint,
    /// The other end; `None` for listeners and unconnected UDP.
    pub remote: Option<Endpoint>,
    /// `None` for UDP.
    pub state: Option<TcpState>,
    /// Who holds it.
    pub owner: Owner,
    /// The numeric user, where the system tells. `None` for TIME_WAIT and SYN_RECV: the kernel's 0 there is not root.
    pub uid: Option<u32>,
    /// What waits in it, where the source tells. Not part of what makes a row "changed".
    pub queues: Option<Queues>,
    /// Index of the interface that it is bound to (`SO_BINDTODEVICE`), or 0.
    pub interface: u32,
    /// For TIME_WAIT: when the kernel will let it go, as computed when it was first seen in that state.
    pub time_wait_until: Option<UnixMillis>,
}

impl Socket {
    /// Whether something can connect or send to it without having been spoken to: TCP LISTEN, or unconnected UDP.
    #[must_use]
    pub fn is_listener(&self) -> bool {
        match self.protocol {
            Protocol::Tcp => self.state == Some(TcpState::Listen),
            Protocol::Udp => self.remote.is_none(),
        }
    }
}
