//! The operating system, read and acted on. Every `cfg(target_os)` of the house lives in this crate: one trait a concern,
//! one folder an OS. Nothing here keeps history or formats text for people.

mod descent;
#[cfg(target_os = "linux")]
pub mod linux;
pub mod portable;
mod tables;
#[cfg(windows)]
pub mod windows;

use std::time::Duration;

#[cfg(target_os = "linux")]
use linux as system;
#[cfg(windows)]
use windows as system;

use quaymaster_core::port::PortSettings;
use quaymaster_core::{Counters, Gap, Known, Process, ProcessKey, Sample, SocketKey, UnixMillis};

/// Where sockets come from. Used from one thread; remembers what it needs to tell only differences.
pub trait SocketSource: Send {
    /// Takes one look. The first opens everything there is. Never fails as a whole: troubles are in the sample.
    fn look(&mut self, now: UnixMillis) -> Sample;
    /// Looks at what listens alone, a good deal cheaper than a whole look: for the time between two of them. The sample tells
    /// what listeners opened, changed and closed since any look before; what else it tells (an owner found meanwhile) is true
    /// as well. `None` where the source has no such way, or has not taken its first whole look.
    fn listeners(&mut self, _now: UnixMillis) -> Option<Sample> {
        None
    }
    /// What the system has counted of these connections, one answer each, in order. [`Gap::Unsupported`] where it counts
    /// nothing (UDP, listeners, a system that does not offer it), [`Gap::Gone`] for a socket that is closed.
    fn counters(&mut self, keys: &[SocketKey]) -> Vec<Known<Counters>> {
        vec![Err(Gap::Unsupported); keys.len()]
    }
}

/// Where facts about processes come from. Reading one may hang on a stuck `/proc`: call it beside the engine's thread.
pub trait ProcessSource: Send {
    /// Reads these processes, one answer each, in order. A process that is gone or whose PID is another's now comes back
    /// as [`Process::unread`] with [`Gap::Gone`](quaymaster_core::Gap::Gone).
    fn read(&mut self, keys: &[ProcessKey]) -> Vec<Process>;
    /// How many processes are best read in one call: one where a read may hang, more where a call costs much by itself.
    fn at_a_time(&self) -> usize {
        16
    }
    /// Every process below this one that runs now (children, grandchildren, …), parents before children, each verified to
    /// be no older than its parent.
    fn descendants(&mut self, key: ProcessKey) -> Vec<Process>;
    /// The name of a user number, if it has one.
    fn user_name(&mut self, uid: u32) -> Option<String>;
    /// The picture of the program file at `path` (Windows).
    fn icon(&mut self, _path: &str) -> Known<Icon> {
        Err(Gap::Unsupported)
    }
}

/// A picture of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Icon {
    /// Pixels a side: icons are square.
    pub size: u32,
    /// `size * size` pixels, line by line from the top, each red, green, blue, alpha (not premultiplied).
    pub rgba: Vec<u8>,
}

/// Quaymaster's own process and those it runs inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Myself {
    /// This process.
    pub own: ProcessKey,
    /// Its parent, grandparent, …
    pub ancestors: Vec<ProcessKey>,
}

/// A process held so that its PID cannot come to mean another: pidfd on Linux, handle on Windows.
pub trait Target: Send {
    /// Asks it to end: SIGTERM; on Windows WM_CLOSE to its windows or Ctrl-Break to its console.
    fn ask(&self) -> Result<(), EndError>;
    /// Ends it: SIGKILL; TerminateProcess.
    fn force(&self) -> Result<(), EndError>;
    /// Waits until it has ended; false if it still runs after `limit`.
    fn wait(&self, limit: Duration) -> bool;
}

/// Why a process could not be held or ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndError {
    /// No process has this PID.
    #[error("the process has ended")]
    Gone,
    /// Another process has this PID now.
    #[error("the PID belongs to another process now")]
    Replaced,
    /// The system refuses.
    #[error("the system does not allow it")]
    NotAllowed,
    /// There is no way to ask it (Windows: it has neither a window nor a console that we can reach). It can be forced.
    #[error("there is no way to ask it")]
    NoWayToAsk,
    /// The system's own error.
    #[error("system error {0}")]
    System(i32),
}

/// The best socket source of this system, with its fallbacks inside.
#[must_use]
pub fn socket_source() -> Box<dyn SocketSource> {
    #[cfg(target_os = "linux")]
    return Box::new(linux::Sockets::new());
    #[cfg(windows)]
    return Box::new(windows::Sockets::new());
}

/// The process source of this system.
#[must_use]
pub fn process_source() -> Box<dyn ProcessSource> {
    #[cfg(target_os = "linux")]
    return Box::new(linux::Processes::new());
    #[cfg(windows)]
    return Box::new(windows::Processes::new());
}

/// Who we are.
#[must_use]
pub fn myself() -> Myself {
    system::myself()
}

/// What the system's settings say of ports: TCP and UDP over IPv4 and IPv6, four entries. May take a tenth of a second.
#[must_use]
pub fn port_settings() -> Vec<PortSettings> {
    system::port_settings()
}

/// Whether the system can be asked for administrator rights for one act of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elevation {
    /// It can: [`as_administrator`].
    Possible,
    /// We have them already: what is refused now is refused to an administrator.
    AlreadyThere,
    /// There is no such way here.
    Unsupported,
}

/// Why an act with administrator rights did not come about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ElevationError {
    /// The person said no, or nobody could be asked.
    #[error("administrator rights were not granted")]
    Declined,
    /// There is no such way here.
    #[error("this system offers no way to ask for administrator rights")]
    Unsupported,
    /// The system's own error.
    #[error("system error {0}")]
    System(i32),
}

/// Whether [`as_administrator`] makes sense.
#[must_use]
pub fn elevation() -> Elevation {
    system::elevation()
}

/// Starts this very program file once more, with administrator rights and these arguments, without a window of its own, waits for
/// its end and hands back its exit code. The system asks the person first. Blocks for as long as that takes.
pub fn as_administrator(arguments: &[String]) -> Result<u32, ElevationError> {
    system::as_administrator(arguments)
}

/// Says something to the person where there is no window of ours to say it in: on Windows in a box of the system's, else on
/// standard error. Returns when it has been read.
pub fn tell(title: &str, text: &str) {
    system::tell(title, text);
}

/// Puts a question the same way. `true` is a yes; where nobody can be asked the answer is no.
#[must_use]
pub fn ask(title: &str, question: &str) -> bool {
    system::ask(title, question)
}

/// The call of our own program that [`interrupt`]s: these two words, then PID and start mark, in digits. [`Target::ask`] makes it
/// on Windows, so a program that asks others to end understands it (`engine::end::act`).
pub const INTERRUPT: [&str; 2] = ["act", "interrupt"];

/// What that call exits with once Ctrl-Break was sent.
pub const INTERRUPTED: u8 = 50;

/// Sends Ctrl-Break to the process of `key` on Windows, if it is alone on its console. For a process that was started for
/// this and does nothing else: it loses its own console. On Linux there is no such way, and no need of one.
pub fn interrupt(key: ProcessKey) -> Result<(), EndError> {
    system::interrupt(key)
}

/// Holds the process of exactly this PID **and** start.
pub fn hold(key: ProcessKey) -> Result<Box<dyn Target>, EndError> {
    system::hold(key)
}
