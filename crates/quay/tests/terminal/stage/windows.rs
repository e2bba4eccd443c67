//! Children as Windows has them.

use std::fs::File;
use std::io::{Read, Seek};
use std::os::windows::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitStatus, Output};

use super::Ending;

/// A console of its own, without a window to it: Ctrl-Break there reaches nobody else, so there it is sent.
const CREATE_NO_WINDOW: u32 = 0x0800_0000;
/// No console: with no window either, there is no way to ask such a program.
const DETACHED_PROCESS: u32 = 0x8;
/// `STATUS_CONTROL_C_EXIT`: what a program exits with that Ctrl-C or Ctrl-Break has ended.
const CONTROL_C_EXIT: u32 = 0xC000_013A;

/// Runs it to its end, its output in files. std waits for two pipes at once, and now and then, on a busy machine, Wine 8 loses
/// the word that they have come to their end.
pub(super) fn output(command: &mut Command) -> Output {
    let [mut out, mut err] = [(); 2].map(|()| tempfile::tempfile().unwrap());
    let status = command.stdout(out.try_clone().unwrap()).stderr(err.try_clone().unwrap()).status().unwrap();
    Output { status, stdout: whole(&mut out), stderr: whole(&mut err) }
}

fn whole(file: &mut File) -> Vec<u8> {
    let mut bytes = Vec::new();
    file.rewind().unwrap();
    file.read_to_end(&mut bytes).unwrap();
    bytes
}

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
