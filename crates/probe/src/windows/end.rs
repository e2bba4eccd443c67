//! Ending a process by its handle. Asking it (WM_CLOSE, Ctrl-Break) is not done here yet and says so.

use std::time::Duration;

use quaymaster_core::ProcessKey;
use windows_sys::Win32::System::Threading::{
    PROCESS_QUERY_LIMITED_INFORMATION, PROCESS_SYNCHRONIZE, PROCESS_TERMINATE, TerminateProcess,
};

use super::handle::{Handle, last_error};
use crate::{EndError, Target};

/// Opens the process first and compares its creation time afterwards: an open handle keeps the PID from being used again.
pub(crate) fn hold(key: ProcessKey) -> Result<Box<dyn Target>, EndError> {
    let handle = Handle::open(key.pid, PROCESS_QUERY_LIMITED_INFORMATION | PROCESS_TERMINATE | PROCESS_SYNCHRONIZE)?;
    match handle.created() {
        Some(start) if start == key.start && handle.ended_within(0) => Err(EndError::Gone),
        Some(start) if start == key.start => Ok(Box::new(handle)),
        Some(_) => Err(EndError::Replaced),
        None => Err(last_error()),
    }
}

impl Target for Handle {
    fn ask(&self) -> Result<(), EndError> {
        Err(EndError::NoWayToAsk)
    }

    fn force(&self) -> Result<(), EndError> {
        // SAFETY: the handle is open and was opened with PROCESS_TERMINATE by `hold`.
        let done = unsafe { TerminateProcess(self.0, 1) };
        if done != 0 || self.ended_within(0) { Ok(()) } else { Err(last_error()) }
    }

    fn wait(&self, limit: Duration) -> bool {
        // The largest value means "for ever" to Windows; one less is 49 days.
        self.ended_within(u32::try_from(limit.as_millis()).unwrap_or(u32::MAX - 1).min(u32::MAX - 1))
    }
}
