//! Processes on the wire.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::time::Millis;

/// Names one process for good: the PID and the system's mark of its start.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ProcessRef {
    /// Process id.
    pub pid: u32,
    /// The start mark as decimal text (64 bits do not fit a JavaScript number). Only to be handed back.
    pub start: String,
}

/// A fact or the reason why it is missing: exactly one of the two is not null.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Fact<T> {
    /// The value.
    pub value: Option<T>,
    /// Why there is none.
    pub gap: Option<ProcessGap>,
}

/// Why a fact about a process is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ProcessGap {
    /// Not allowed to this user; administrator rights would help.
    Denied,
    /// The process ended first.
    Gone,
    /// There is none.
    None,
    /// Being read.
    Pending,
    /// This system does not offer it.
    Unsupported,
}

/// Why the owner of a socket is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum OwnerGap {
    /// Another user's; administrator rights would help.
    OtherUser,
    /// This user's, but protected by the system; administrator rights would help.
    Protected,
    /// No process holds it.
    NoHolder,
    /// Too new; the next looks will tell.
    Pending,
    /// The system's table names none.
    NotReported,
}

/// Everything known about a process, for the side panel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Process {
    /// Which process.
    pub process: ProcessRef,
    /// The program's name.
    pub name: String,
    /// The program file.
    pub path: Fact<String>,
    /// The command line, arguments joined by spaces and quoted where needed: to read, not to run.
    pub command_line: Fact<String>,
    /// The user.
    pub user: Fact<String>,
    /// Start, Unix milliseconds.
    pub started_at: Fact<Millis>,
    /// The working directory.
    pub working_directory: Fact<String>,
    /// What the program file calls itself (Windows). A claim.
    pub description: Fact<String>,
    /// Whose the program file says it is (Windows). A claim, no signature.
    pub company: Fact<String>,
    /// The services that run in it (Windows).
    pub services: Fact<Vec<Service>>,
    /// This is the kernel of Windows itself, not a program.
    pub windows_kernel: bool,
    /// Parent, grandparent, …
    pub ancestors: Vec<Ancestor>,
}

/// A service that runs in a process (Windows).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Service {
    /// Its short name, which commands take.
    pub name: String,
    /// Its name for people, in the system's language.
    pub display_name: String,
}

impl std::fmt::Display for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.display_name.is_empty() || self.display_name == self.name {
            f.write_str(&self.name)
        } else {
            write!(f, "{} ({})", self.display_name, self.name)
        }
    }
}

/// A link of the parent chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Ancestor {
    /// Which process.
    pub process: ProcessRef,
    /// Its name.
    pub name: String,
}
