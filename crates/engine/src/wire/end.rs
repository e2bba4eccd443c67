//! Ending a program: the plan that is shown, the order that is given, what became of it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::time::Millis;

use super::process::{Process, ProcessRef};
use super::socket::Owner;

/// Why a process is not ended; worded by `refusal-<code>` in the catalogues.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Refusal {
    /// It is Quaymaster.
    Itself,
    /// Quaymaster runs inside it (its parent, grandparent, …): ending it would end Quaymaster.
    Ancestor,
    /// The kernel or the first process (PID 0, 1, 2; 4 on Windows).
    System,
    /// The session or the desktop depends on it: it is on the protected list.
    Essential,
    /// The process that was shown has ended; another one has its number now.
    Replaced,
    /// It has ended already.
    Gone,
    /// The system does not allow it to this user. An administrator may be allowed to.
    NotAllowed,
    /// The system does not allow it to an administrator either.
    NeverAllowed,
}

/// What will go if the program is ended.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct EndPlan {
    /// The program, whole.
    pub process: Process,
    /// The ports it listens on or is bound to.
    pub ports: Vec<PlannedPort>,
    /// Its other connections.
    pub connections: u32,
    /// Its children, grandchildren, … that run now.
    pub children: Vec<PlannedChild>,
    /// Why it will not be ended; null: it may be.
    pub refusal: Option<Refusal>,
    /// Whether an order that is refused as `not_allowed` may be given again with `elevated`: the system can be asked for
    /// administrator rights then.
    pub elevation_possible: bool,
}

/// A port that will be released.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct PlannedPort {
    /// The protocol.
    #[ts(type = "\"tcp\" | \"udp\"")]
    pub protocol: &'static str,
    /// The port.
    pub port: u16,
    /// Other processes hold the same socket: it stays open.
    pub shared: bool,
}

/// A program that was started by the one to be ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct PlannedChild {
    /// Which process.
    pub process: ProcessRef,
    /// Its name.
    pub name: String,
    /// Why it will not be ended.
    pub refusal: Option<Refusal>,
}

/// The person's order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct EndRequest {
    /// Exactly the process that was shown.
    pub process: ProcessRef,
    /// Its children that go with it: exactly those that were shown and chosen.
    pub children: Vec<ProcessRef>,
    /// Force (SIGKILL, `TerminateProcess`) instead of asking (SIGTERM).
    pub force: bool,
    /// Have it done with administrator rights, for which the system asks the person (where `elevation_possible`).
    #[serde(default)]
    pub elevated: bool,
    /// Ports to look at afterwards.
    pub ports: Vec<u16>,
}

/// How the program took it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum EndProgress {
    /// It ended.
    Ended,
    /// It was asked and still runs after the grace time: offer to force.
    StillRunning,
    /// There is no way to ask it (Windows: it has no window, and no console of its own). It runs, and nothing was done to it
    /// or its children: offer to force.
    CannotBeAsked,
}

/// What became of the order.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct EndOutcome {
    /// How the program took it.
    pub progress: EndProgress,
    /// How long it took, milliseconds; with the person's answer where the system asked for one.
    pub took_ms: u32,
    /// Chosen children that still run.
    pub children_running: Vec<ProcessRef>,
    /// What a fresh look shows at the ports.
    pub ports: Vec<PortAfter>,
}

/// A port after the end of a program.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct PortAfter {
    /// The port.
    pub port: u16,
    /// What became of it.
    pub fate: PortFate,
    /// For `held`: who holds it now. Empty when that is not known.
    pub owners: Vec<Owner>,
    /// For `held`: a holder has the same program file as the ended one: something started it again.
    pub respawned: bool,
    /// For `time_wait`: until when at the latest, Unix milliseconds, if known.
    pub until: Option<Millis>,
}

/// What became of a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum PortFate {
    /// No socket has it.
    Released,
    /// A program holds it (still, or again).
    Held,
    /// Only closed connections linger there; a new program may listen (Linux: with `SO_REUSEADDR`, as most do).
    TimeWait,
}

/// Why a command failed: a code to switch on and parameters for the words in `error-<code>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Failure {
    /// `refused`, `not_elevated`, `not_ended`, `engine_gone`, `write_failed`, `read_failed`, `bad_request`.
    #[ts(type = "string")]
    pub code: &'static str,
    /// For `refused`: why.
    pub refusal: Option<Refusal>,
    /// The system's own words, technical and untranslated.
    pub detail: Option<String>,
}
