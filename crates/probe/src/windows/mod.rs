//! Windows: sockets and processes come from [`portable`](crate::portable); this holds and ends a process by its handle.
//!
//! Asking a program to close (WM_CLOSE, Ctrl-Break) is not done here yet and says so.

use std::time::Duration;

use quaymaster_core::{ProcessKey, StartMark};
use windows_sys::Win32::Foundation::{
    CloseHandle, ERROR_ACCESS_DENIED, ERROR_INVALID_PARAMETER, ERROR_NOT_SUPPORTED, FILETIME, GetLastError, HANDLE,
    WAIT_OBJECT_0,
};
use windows_sys::Win32::System::Threading::{
    GetProcessTimes, OpenProcess, PROCESS_QUERY_LIMITED_INFORMATION, PROCESS_SYNCHRONIZE, PROCESS_TERMINATE,
    TerminateProcess, WaitForSingleObject,
};

use crate::{EndError, Myself, Target, portable};

/// This process and what it runs inside.
pub(crate) fn myself() -> Myself {
    let pid = std::process::id();
    let own = ProcessKey { pid, start: start_mark(pid).unwrap_or(StartMark(0)) };
    let ancestors = portable::Processes::new(start_mark).ancestors(own);
    Myself { own, ancestors: ancestors.into_iter().map(|ancestor| ancestor.key).collect() }
}

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

/// When the process of this PID was created.
pub(crate) fn start_mark(pid: u32) -> Option<StartMark> {
    Handle::open(pid, PROCESS_QUERY_LIMITED_INFORMATION).ok()?.created()
}

struct Handle(HANDLE);

// SAFETY: a process handle belongs to the whole process and may be used and closed from any of its threads.
unsafe impl Send for Handle {}

impl Handle {
    fn open(pid: u32, access: u32) -> Result<Self, EndError> {
        // SAFETY: OpenProcess takes no pointers.
        let handle = unsafe { OpenProcess(access, 0, pid) };
        if handle.is_null() { Err(last_error()) } else { Ok(Self(handle)) }
    }

    fn created(&self) -> Option<StartMark> {
        let mut times = [FILETIME { dwLowDateTime: 0, dwHighDateTime: 0 }; 4];
        let [created, exited, kernel, user] = &mut times;
        // SAFETY: the handle is open, and the four pointers are to four distinct FILETIMEs that outlive the call.
        let read = unsafe { GetProcessTimes(self.0, created, exited, kernel, user) };
        let mark = u64::from(created.dwHighDateTime) << 32 | u64::from(created.dwLowDateTime);
        (read != 0).then_some(StartMark(mark))
    }

    fn ended_within(&self, millis: u32) -> bool {
        // SAFETY: the handle is open and was opened with PROCESS_SYNCHRONIZE by `hold`.
        unsafe { WaitForSingleObject(self.0, millis) == WAIT_OBJECT_0 }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        // SAFETY: the handle is ours, open, and closed only here.
        unsafe { CloseHandle(self.0) };
    }
}

impl Target for Handle {
    fn ask(&self) -> Result<(), EndError> {
        Err(system(ERROR_NOT_SUPPORTED))
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

fn last_error() -> EndError {
    // SAFETY: GetLastError has no preconditions.
    match unsafe { GetLastError() } {
        ERROR_ACCESS_DENIED => EndError::NotAllowed,
        // "No process has this PID" is an invalid parameter to OpenProcess.
        ERROR_INVALID_PARAMETER => EndError::Gone,
        other => system(other),
    }
}

fn system(error: u32) -> EndError {
    EndError::System(i32::try_from(error).unwrap_or(i32::MAX))
}
