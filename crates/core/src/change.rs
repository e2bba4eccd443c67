//! How one look at the machine differs from the last: what a socket source tells.

use crate::counters::Bytes;
use crate::socket::{Socket, SocketKey};
use crate::time::UnixMillis;

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A socket that the last look did not show.
    Opened(Socket),
    /// A socket whose state, owner, user, ends or queues differ from the last look.
    Changed(Socket),
    /// A socket that is gone. Told only when a **whole** listing lacks it: a truncated one proves nothing.
    Closed(SocketKey),
    /// A connection has ended, and this went through it. Told once at most, and only where the system told it: before `Closed`, or
    /// with the `Changed` that shows what is left of it; or later, where the system took its time: of a socket that closed, until the
    /// next whole look.
    Counted(SocketKey, Bytes),
}

/// What one look brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sample {
    /// When it was taken.
    pub taken_at: UnixMillis,
    /// The differences; a source's first sample opens everything that there is.
    pub changes: Vec<Change>,
    /// What went wrong, if anything. The rows that were readable are in `changes` all the same.
    pub troubles: Vec<Trouble>,
}

/// Why a look is less than whole, and what a person can do, said by `locales/*/troubles.ftl`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trouble {
    /// The kernel's socket interface is not allowed here; the slower fallback is in use.
    NetlinkRefused,
    /// One listing came back cut; rows that it lacks are kept until a whole one comes.
    Truncated,
    /// A listing could not be read at all: the system's error number.
    Unreadable {
        /// Which listing: `tcp`, `udp4`, `udp6`, `process list`, … a technical name, not translated.
        what: &'static str,
        /// The system's error number.
        os_error: i32,
    },
    /// `/proc` hides other users' processes (`hidepid`).
    ProcessesHidden,
}
