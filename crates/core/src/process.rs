//! A process and what could be learnt about it.

use crate::time::UnixMillis;

/// The system's own mark of a process's start: Linux, field 22 of `/proc/PID/stat` (clock ticks since boot); Windows, the
/// creation FILETIME (100 ns since 1601). Only compared for equality and order; never shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StartMark(pub u64);

/// One process, for good: PIDs are used again, but never with the same start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProcessKey {
    /// Process id.
    pub pid: u32,
    /// When it started, in the system's own mark.
    pub start: StartMark,
}

/// A fact, or the reason why it is not known.
pub type Known<T> = Result<T, Gap>;

/// Why a fact about a process is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gap {
    /// The system does not let this user read it. Administrator rights would help.
    Denied,
    /// The process had ended before it was read.
    Gone,
    /// There is none: a kernel thread has no program file.
    None,
    /// Not read yet: the reading is under way or the system does not answer.
    Pending,
    /// This system does not offer it.
    Unsupported,
}

/// What is known about a process. All text is the program's own and hostile until shown through
/// [`text::visible`](crate::text::visible).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// Which process.
    pub key: ProcessKey,
    /// The program's name, whole (not the kernel's 15 bytes), invalid UTF-8 replaced.
    pub name: String,
    /// The program file.
    pub path: Known<String>,
    /// The arguments as given, the program's name first.
    pub command_line: Known<Vec<String>>,
    /// The user's name, or the number as text where it has no name.
    pub user: Known<String>,
    /// The user's number (Linux).
    pub uid: Option<u32>,
    /// When it started.
    pub started_at: Known<UnixMillis>,
    /// The working directory.
    pub working_directory: Known<String>,
    /// Parent, grandparent, … up to the session's root or PID 1. Each is older than its child (else the PID was reused
    /// and the chain ends there).
    pub ancestors: Vec<Ancestor>,
}

impl Process {
    /// A process of which nothing but its key is known yet.
    #[must_use]
    pub fn unread(key: ProcessKey, why: Gap) -> Self {
        Self {
            key,
            name: String::new(),
            path: Err(why),
            command_line: Err(why),
            user: Err(why),
            uid: None,
            started_at: Err(why),
            working_directory: Err(why),
            ancestors: Vec::new(),
        }
    }
}

/// A link of the parent chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ancestor {
    /// Which process.
    pub key: ProcessKey,
    /// Its name.
    pub name: String,
}
