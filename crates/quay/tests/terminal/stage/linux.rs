//! Children as Linux has them.

use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Command, ExitStatus, Output};

use super::Ending;

/// Runs it to its end, its output in pipes.
pub(super) fn output(command: &mut Command) -> Output {
    command.output().unwrap()
}

/// This test program once more.
pub(super) fn program() -> Command {
    Command::new(std::env::current_exe().unwrap())
}

/// The program at this path. Rust's test programs read their arguments as text, so a name that is none must not come as
/// the first of them.
pub(super) fn called_child(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.arg0("child");
    command
}

/// Ignores SIGTERM: a disposition that outlives exec, which the shell is only there to set.
pub(super) fn deaf() -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' TERM; exec \"$0\" \"$@\""]).arg(std::env::current_exe().unwrap());
    shell
}

pub(super) fn ending(status: ExitStatus) -> Option<Ending> {
    match status.signal() {
        Some(15) => Some(Ending::Asked),
        Some(9) => Some(Ending::Forced),
        _ => None,
    }
}
