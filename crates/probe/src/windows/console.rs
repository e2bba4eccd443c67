//! Asking a console program to end, by Ctrl-Break.
//!
//! Only a process that is attached to a console can send it there, and one process has one console: joining another's means
//! leaving one's own. Quay would lose the person's terminal by that, and would be hit by its own Ctrl-Break. So a short-lived
//! process of our own program does it ([`crate::INTERRUPT`]).
//!
//! **Invariant:** nobody else is hit. `GenerateConsoleCtrlEvent` takes the number of a process group, which is the PID of the
//! process that the group began with. Given the PID of a process that leads no group it hits *everybody* on the console, the
//! person's shell too (microsoft/terminal issue 335), and whether a process leads a group is told by no documented call.
//! Therefore nothing is sent unless the target is alone on its console: then the shell has another, or there is none.

use std::os::windows::process::CommandExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use quaymaster_core::ProcessKey;
use windows_sys::Win32::System::Console::{
    AttachConsole, CTRL_BREAK_EVENT, FreeConsole, GenerateConsoleCtrlEvent, GetConsoleProcessList,
    SetConsoleCtrlHandler,
};
use windows_sys::Win32::System::Threading::DETACHED_PROCESS;
use windows_sys::core::BOOL;

use super::handle::last_error;
use crate::{EndError, INTERRUPT, INTERRUPTED};

/// How long the process that does it may take: it starts, says a word and ends.
const PATIENCE: Duration = Duration::from_secs(3);
const BETWEEN: Duration = Duration::from_millis(10);

/// Has Ctrl-Break sent to the console of this process, if it is alone there.
pub(super) fn ask(key: ProcessKey) -> Result<(), EndError> {
    let program = std::env::current_exe().map_err(|_| EndError::NoWayToAsk)?;
    let mut command = Command::new(program);
    command.args(INTERRUPT).args([key.pid.to_string(), key.start.0.to_string()]);
    // Without a console of its own it shows no window, and is free to join another.
    command.creation_flags(DETACHED_PROCESS).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|_| EndError::NoWayToAsk)?;
    let until = Instant::now() + PATIENCE;
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.code() == Some(INTERRUPTED.into()) => return Ok(()),
            Ok(None) if Instant::now() < until => std::thread::sleep(BETWEEN),
            Ok(Some(_)) => return Err(EndError::NoWayToAsk),
            Ok(None) | Err(_) => {
                // Our own child; whether it has sent something is not known.
                let _ = child.kill();
                return Err(EndError::NoWayToAsk);
            }
        }
    }
}

/// Leaves its own console, joins that of the process of `key` and sends Ctrl-Break there, if nobody else is there.
pub(crate) fn interrupt(key: ProcessKey) -> Result<(), EndError> {
    // Held until the end: the PID means this process all the while.
    let _held = super::hold(key)?;
    // SAFETY: neither takes pointers. A process without a console has none to free.
    let joined = unsafe {
        FreeConsole();
        AttachConsole(key.pid) != 0
    };
    if !joined {
        return Err(EndError::NoWayToAsk);
    }
    let sent = if is_alone(key.pid) { send(key.pid) } else { Err(EndError::NoWayToAsk) };
    // SAFETY: it takes no pointers.
    unsafe { FreeConsole() };
    sent
}

/// To the group of this process. Fails where it leads none: nobody else is on the console whose child it could be.
fn send(pid: u32) -> Result<(), EndError> {
    // SAFETY: `survive` may be called from any thread at any time; the other call takes no pointers.
    let sent =
        unsafe { SetConsoleCtrlHandler(Some(survive), 1) != 0 && GenerateConsoleCtrlEvent(CTRL_BREAK_EVENT, pid) != 0 };
    if sent { Ok(()) } else { Err(last_error()) }
}

/// Whether this process is on our console and nobody else is, but ourselves.
fn is_alone(pid: u32) -> bool {
    let mut list = [0; 3];
    // SAFETY: the list has room for three. More than fit are counted all the same.
    let count = unsafe { GetConsoleProcessList(list.as_mut_ptr(), 3) };
    count == 2 && list[..2].contains(&pid) && list[..2].contains(&std::process::id())
}

/// Ctrl-Break would end us too if it reached us.
unsafe extern "system" fn survive(_: u32) -> BOOL {
    1
}
