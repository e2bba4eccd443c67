//! Holding a process by its handle, and ending it.

use std::time::Duration;

use quaymaster_core::ProcessKey;
use windows_sys::Win32::System::Threading::{
    PROCESS_QUERY_LIMITED_INFORMATION, PROCESS_SYNCHRONIZE, PROCESS_TERMINATE, TerminateProcess,
};

use super::handle::{Handle, last_error};
use super::{closing, console, listing};
use crate::{EndError, Target};

/// What a program exits with that was forced: what Windows' own Task Manager gives.
const FORCED: u32 = 1;
/// `TerminateProcess` is denied on a process that is on its way out already; it gets this long, in milliseconds.
const ON_ITS_WAY_OUT: u32 = 500;

/// Opens the process first and compares its creation time afterwards: an open handle keeps the PID from being used again.
pub(crate) fn hold(key: ProcessKey) -> Result<Box<dyn Target>, EndError> {
    let rights = PROCESS_QUERY_LIMITED_INFORMATION | PROCESS_TERMINATE | PROCESS_SYNCHRONIZE;
    let handle = match Handle::open(key.pid, rights) {
        Err(EndError::NotAllowed) => return Err(why_denied(key)),
        opened => opened?,
    };
    match handle.created() {
        Some(start) if start != key.start => Err(EndError::Replaced),
        // An ended process can be opened as long as anybody else holds it.
        Some(_) if handle.ended_within(0) => Err(EndError::Gone),
        Some(_) => Ok(Box::new(Held { handle, key })),
        None => Err(last_error()),
    }
}

/// A process that may not be opened may be another one by now: the listing of all tells.
fn why_denied(key: ProcessKey) -> EndError {
    let Ok(listed) = listing::processes() else { return EndError::NotAllowed };
    match listed.into_iter().find(|process| process.pid == key.pid) {
        Some(process) if process.created == key.start => EndError::NotAllowed,
        Some(_) => EndError::Replaced,
        None => EndError::Gone,
    }
}

struct Held {
    handle: Handle,
    key: ProcessKey,
}

impl Target for Held {
    /// By its windows; where it has none, by its console. While the handle is open, windows that say that they belong to this
    /// PID belong to this process.
    fn ask(&self) -> Result<(), EndError> {
        match closing::close_windows(self.key.pid) {
            Err(EndError::NoWayToAsk) if self.handle.ended_within(0) => Err(EndError::Gone),
            Err(EndError::NoWayToAsk) => console::ask(self.key),
            asked => asked,
        }
    }

    fn force(&self) -> Result<(), EndError> {
        // SAFETY: the handle is open and was opened with PROCESS_TERMINATE by `hold`.
        if unsafe { TerminateProcess(self.handle.0, FORCED) } != 0 {
            return Ok(());
        }
        let error = last_error();
        if self.handle.ended_within(ON_ITS_WAY_OUT) { Ok(()) } else { Err(error) }
    }

    fn wait(&self, limit: Duration) -> bool {
        // The largest value means "for ever" to Windows; one less is 49 days.
        self.handle.ended_within(u32::try_from(limit.as_millis()).unwrap_or(u32::MAX - 1).min(u32::MAX - 1))
    }
}
