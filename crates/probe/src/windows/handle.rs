//! A handle on a process: as long as it is open, the PID means no other process.

use quaymaster_core::StartMark;
use windows_sys::Win32::Foundation::{
    CloseHandle, ERROR_ACCESS_DENIED, ERROR_INVALID_PARAMETER, FILETIME, GetLastError, HANDLE, STILL_ACTIVE,
    WAIT_OBJECT_0,
};
use windows_sys::Win32::System::Threading::{
    GetExitCodeProcess, GetProcessId, GetProcessTimes, OpenProcess, PROCESS_QUERY_LIMITED_INFORMATION,
    WaitForSingleObject,
};

use super::listing;
use crate::EndError;

/// When the process of this PID was created, while it runs. One that may not be opened (System, a service, seen by an ordinary user) is
/// looked up in the listing of all.
pub(crate) fn start_mark(pid: u32) -> Option<StartMark> {
    match Handle::open(pid, PROCESS_QUERY_LIMITED_INFORMATION) {
        Ok(handle) if handle.has_ended() => None,
        Ok(handle) => handle.created(),
        Err(EndError::NotAllowed) => listing::created(pid),
        Err(_) => None,
    }
}

/// Open until dropped.
pub(super) struct Handle(pub(super) HANDLE);

// SAFETY: a process handle belongs to the whole process and may be used and closed from any of its threads.
unsafe impl Send for Handle {}

impl Handle {
    /// Opens the process that has this PID now. `access` holds `PROCESS_QUERY_LIMITED_INFORMATION` at least.
    pub(super) fn open(pid: u32, access: u32) -> Result<Self, EndError> {
        // SAFETY: OpenProcess takes no pointers.
        let handle = unsafe { OpenProcess(access, 0, pid) };
        if handle.is_null() {
            return Err(last_error());
        }
        let handle = Self(handle);
        // PIDs are multiples of four, and OpenProcess opens 4711 as 4708: the two lowest bits are no part of the number to it.
        if handle.pid() == pid { Ok(handle) } else { Err(EndError::Gone) }
    }

    /// The PID of the process that was opened.
    fn pid(&self) -> u32 {
        // SAFETY: the handle is open, with the right that this needs.
        unsafe { GetProcessId(self.0) }
    }

    /// When it was created.
    pub(super) fn created(&self) -> Option<StartMark> {
        let mut times = [FILETIME { dwLowDateTime: 0, dwHighDateTime: 0 }; 4];
        let [created, exited, kernel, user] = &mut times;
        // SAFETY: the handle is open, and the four pointers are to four distinct FILETIMEs that outlive the call.
        let read = unsafe { GetProcessTimes(self.0, created, exited, kernel, user) };
        let mark = u64::from(created.dwHighDateTime) << 32 | u64::from(created.dwLowDateTime);
        (read != 0).then_some(StartMark(mark))
    }

    /// Whether it has ended: it can be opened even then, as long as somebody else holds a handle on it. One that ends itself
    /// with the code `STILL_ACTIVE` is taken for a running one, which is what it asks for.
    pub(super) fn has_ended(&self) -> bool {
        let mut code = 0;
        // SAFETY: the handle is open with the right that this needs, and `code` outlives the call.
        let read = unsafe { GetExitCodeProcess(self.0, &raw mut code) };
        read != 0 && code != STILL_ACTIVE.cast_unsigned()
    }

    /// Whether it has ended, waited for so long. Needs `PROCESS_SYNCHRONIZE`.
    pub(super) fn ended_within(&self, millis: u32) -> bool {
        // SAFETY: the handle is open and was opened with PROCESS_SYNCHRONIZE by whoever asks.
        unsafe { WaitForSingleObject(self.0, millis) == WAIT_OBJECT_0 }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        // SAFETY: the handle is ours, open, and closed only here.
        unsafe { CloseHandle(self.0) };
    }
}

/// The last error of this thread, as the end of a process means it.
pub(super) fn last_error() -> EndError {
    // SAFETY: GetLastError has no preconditions.
    match unsafe { GetLastError() } {
        ERROR_ACCESS_DENIED => EndError::NotAllowed,
        // "No process has this PID" is an invalid parameter to OpenProcess.
        ERROR_INVALID_PARAMETER => EndError::Gone,
        other => system(other),
    }
}

/// An error of the system, by its number.
pub(super) fn system(error: u32) -> EndError {
    EndError::System(i32::try_from(error).unwrap_or(i32::MAX))
}
