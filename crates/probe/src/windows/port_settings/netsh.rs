//! A program of the system that is asked one question and has only so long to answer it.

use std::ffi::OsString;
use std::io::{self, ErrorKind, Read};
use std::os::windows::ffi::OsStringExt as _;
use std::os::windows::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Instant;

use quaymaster_core::{Gap, Known};
use windows_sys::Win32::System::SystemInformation::GetSystemDirectoryW;
use windows_sys::Win32::System::Threading::CREATE_NO_WINDOW;

/// An answer of every port there is, one a line, would not be as long as this.
const MOST: u64 = 4 << 20;

/// A program at work. It ends with this.
pub(super) struct Question {
    child: Child,
    said: Receiver<io::Result<Vec<u8>>>,
}

/// The system's own `netsh`, wherever the system lies: never one that a folder of the search path offers.
pub(super) fn program() -> Known<PathBuf> {
    let mut folder = [0; 512];
    // SAFETY: the pointer is to as many units as it says.
    let length = unsafe { GetSystemDirectoryW(folder.as_mut_ptr(), folder.len() as u32) } as usize;
    // 0 is an error, more than there is room for is the length that it needs.
    let folder = folder.get(..length).filter(|folder| !folder.is_empty()).ok_or(Gap::Unsupported)?;
    Ok(PathBuf::from(OsString::from_wide(folder)).join("netsh.exe"))
}

impl Question {
    /// Starts the program with these arguments, without a window and in its own folder, where it finds no foreign libraries.
    pub(super) fn ask(program: &Path, arguments: &[&str]) -> Known<Self> {
        let mut command = Command::new(program);
        command.args(arguments).creation_flags(CREATE_NO_WINDOW);
        command.current_dir(program.parent().ok_or(Gap::Unsupported)?);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| gap(&error))?;
        let stdout = child.stdout.take();
        let (tell, said) = channel();
        // Reading can't be given up, so somebody else does it. It ends at the latest with the program.
        std::thread::spawn(move || {
            let mut text = Vec::new();
            let read = stdout.map_or(Ok(0), |stdout| stdout.take(MOST + 1).read_to_end(&mut text));
            // Who asked may have gone.
            let _ = tell.send(read.map(|_| text));
        });
        Ok(Self { child, said })
    }

    /// What it printed, whole.
    pub(super) fn answer(self, until: Instant) -> Known<Vec<u8>> {
        let left = until.saturating_duration_since(Instant::now());
        let text = self.said.recv_timeout(left).map_err(|_| Gap::Pending)?.map_err(|error| gap(&error))?;
        if text.len() as u64 > MOST { Err(Gap::Unsupported) } else { Ok(text) }
    }
}

impl Drop for Question {
    fn drop(&mut self) {
        // It may have ended by itself, and mostly has.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn gap(error: &io::Error) -> Gap {
    match error.kind() {
        ErrorKind::PermissionDenied => Gap::Denied,
        _ => Gap::Unsupported,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::time::Duration;

    use super::*;

    /// The part of the program that is asked; nothing in a test run of its own.
    #[test]
    fn asked_by_another_test() {
        match std::env::args().nth(4).as_deref() {
            Some("words") => print!("what was asked for"),
            Some("silence") => std::thread::sleep(Duration::from_secs(600)),
            Some("flood") => while io::stdout().write_all(&[b'x'; 4096]).is_ok() {},
            _ => {}
        }
    }

    fn ask(role: &str) -> Known<Question> {
        let own = std::env::current_exe().map_err(|error| gap(&error))?;
        let name = "windows::port_settings::netsh::tests::asked_by_another_test";
        Question::ask(&own, &["--exact", name, "--nocapture", role])
    }

    #[test]
    fn an_answer_comes_whole() {
        let answer = ask("words").and_then(|question| question.answer(Instant::now() + Duration::from_secs(60)));
        let text = String::from_utf8_lossy(&answer.unwrap_or_default()).into_owned();
        assert!(text.contains("what was asked for"), "{text}");
    }

    #[test]
    fn who_does_not_answer_is_ended() {
        let asked = ask("silence");
        let Ok(question) = asked else { panic!("it could not be started") };
        let pid = question.child.id();
        assert!(super::super::super::start_mark(pid).is_some());
        assert_eq!(question.answer(Instant::now()), Err(Gap::Pending));
        assert_eq!(super::super::super::start_mark(pid), None);
    }

    #[test]
    fn who_does_not_stop_is_ended_too() {
        let answer = ask("flood").and_then(|question| question.answer(Instant::now() + Duration::from_secs(60)));
        assert_eq!(answer, Err(Gap::Unsupported));
    }

    #[test]
    fn what_is_not_there_is_not_supported() {
        let nothing = program().map(|path| path.with_file_name("no such program.exe"));
        assert_eq!(nothing.and_then(|path| Question::ask(&path, &[])).err(), Some(Gap::Unsupported));
        assert!(program().is_ok_and(|path| path.is_absolute() && path.parent().is_some_and(Path::is_dir)));
    }
}
