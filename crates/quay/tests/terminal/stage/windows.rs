//! Children as Windows has them.

use std::os::windows::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitStatus};

use super::Ending;

/// A console of its own, without a window to it: Ctrl-Break there reaches nobody else, so there it is sent.
const CREATE_NO_WINDOW: u32 = 0x0800_0000;
/// No console: with no window either, there is no way to ask such a program.
const DETACHED_PROCESS: u32 = 0x8;
/// `STATUS_CONTROL_C_EXIT`: what a program exits with that Ctrl-C or Ctrl-Break has ended.
const CONTROL_C_EXIT: u32 = 0xC000_013A;

/// This test program once more.
pub(super) fn program() -> Command {
    called_child(&std::env::current_exe().unwrap())
}

/// The program at this path.
pub(super) fn called_child(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.creation_flags(CREATE_NO_WINDOW);
    command
}

/// Can't be asked.
pub(super) fn deaf() -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.creation_flags(DETACHED_PROCESS);
    command
}

pub(super) fn ending(status: ExitStatus) -> Option<Ending> {
    match status.code()?.cast_unsigned() {
        CONTROL_C_EXIT => Some(Ending::Asked),
        1 => Some(Ending::Forced),
        _ => None,
    }
}
