//! `quay` on a real terminal: a pseudo-terminal that the test holds the other end of (Linux).

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::process::{Child as Process, Stdio};

use rustix::fs::{Mode, OFlags, open};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use crate::stage::{Child, Ending, command};

/// A terminal of 80 columns with `quay` on it.
struct Screen {
    ours: File,
    process: Process,
    shown: String,
}

impl Screen {
    fn open(arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&ours).unwrap();
        unlockpt(&ours).unwrap();
        tcsetwinsize(&ours, Winsize { ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 }).unwrap();
        let theirs = open(ptsname(&ours, Vec::new()).unwrap(), OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap();
        let end = |theirs: &OwnedFd| Stdio::from(theirs.try_clone().unwrap());
        let mut command = command();
        command.args(arguments).envs(variables.iter().copied());
        let process = command.stdin(end(&theirs)).stdout(end(&theirs)).stderr(end(&theirs)).spawn().unwrap();
        Self { ours: ours.into(), process, shown: String::new() }
    }

    /// Reads until `text` is on the screen; an error at the end of everything.
    fn until(&mut self, text: &str) -> &str {
        let mut bytes = Vec::new();
        while !self.shown.contains(text) {
            let mut some = [0; 4096];
            // A terminal whose last process has ended answers EIO.
            let count = self.ours.read(&mut some).unwrap_or(0);
            assert!(count > 0, "{text:?} did not come: {}", self.shown);
            bytes.extend_from_slice(&some[..count]);
            if let Ok(text) = std::str::from_utf8(&bytes) {
                self.shown.push_str(text);
                bytes.clear();
            }
        }
        &self.shown
    }

    fn type_in(&mut self, text: &str) {
        self.ours.write_all(text.as_bytes()).unwrap();
    }

    /// Everything until the end, and the exit code.
    fn finish(mut self) -> (String, Option<i32>) {
        let mut bytes = Vec::new();
        let mut some = [0; 4096];
        while let Ok(count @ 1..) = self.ours.read(&mut some) {
            bytes.extend_from_slice(&some[..count]);
        }
        self.shown.push_str(&String::from_utf8(bytes).unwrap());
        let code = self.process.wait().unwrap().code();
        (std::mem::take(&mut self.shown), code)
    }
}

#[test]
fn colours_are_for_terminals_and_for_who_wants_them() {
    let child = Child::start();
    let filter = format!("lport:{}", child.port);
    let list =
        |options: &[&str], variables| Screen::open(&[&["list", &*filter][..], options].concat(), variables).finish().0;
    assert!(list(&[], &[]).contains("\u{1b}[32mLISTEN"));
    assert!(!list(&[], &[("NO_COLOR", "1")]).contains('\u{1b}'));
    assert!(!list(&[], &[("TERM", "dumb")]).contains('\u{1b}'));
    assert!(!list(&["--color", "never"], &[]).contains('\u{1b}'));
    assert!(list(&["--color", "always"], &[("NO_COLOR", "1")]).contains('\u{1b}'));
}

#[test]
fn a_table_fits_on_the_screen() {
    let folder = tempfile::tempdir().unwrap();
    let child = Child::named(folder.path(), "long-name-".repeat(12).as_ref());
    let (shown, code) = Screen::open(&["list", &format!("lport:{}", child.port), "--color", "never"], &[]).finish();
    let rows: Vec<_> = shown.lines().take(2).collect();
    assert!(code == Some(0) && rows.iter().all(|row| row.chars().count() <= 80), "{shown}");
    assert!(rows[1].contains('…') && rows[1].contains(&format!("127.0.0.1:{}", child.port)), "{shown}");
    assert!(shown.contains("1 of "), "the counts stand below it: {shown}");
}

#[test]
fn a_person_is_asked_in_their_language() {
    let mut child = Child::start();
    for no in ["\n", "n\n", "maybe\n", "\u{4}"] {
        let mut screen = Screen::open(&["end", &child.pid().to_string(), "--lang", "zh-CN"], &[]);
        screen.until("[y/N]");
        screen.type_in(no);
        let (shown, code) = screen.finish();
        assert!(code == Some(3) && shown.contains("没有结束任何程序。"), "{no:?}: {shown}");
        assert!(child.runs());
    }
    let mut screen = Screen::open(&["end", &format!(":{}", child.port), "--lang", "zh-CN"], &[]);
    let asked = screen.until("[y/N]");
    assert!(asked.contains(&format!("PID {}", child.pid())) && asked.contains(&child.port.to_string()), "{asked}");
    screen.type_in("是\n");
    let (shown, code) = screen.finish();
    assert!(code == Some(0) && shown.contains("已释放"), "{shown}");
    assert_eq!(child.ending(), Ending::Asked);
}

#[test]
fn the_grace_time_is_shown_while_it_runs_out() {
    let mut child = Child::deaf();
    let mut screen = Screen::open(&["end", &child.pid().to_string(), "--yes"], &[]);
    for seconds in ["It has 5 s", "It has 4 s", "It has 3 s"] {
        screen.until(seconds);
    }
    let (shown, code) = screen.finish();
    assert!(code == Some(3) && shown.contains("--force"), "{shown}");
    assert!(child.runs());
}

#[test]
fn a_watch_stays_in_its_place() {
    let child = Child::start();
    let mut screen = Screen::open(&["list", "--watch", "--interval", "0.5"], &[]);
    // Cleared once; then over itself.
    screen.until("\u{1b}[2J");
    screen.until("\u{1b}[J");
    let first = screen.shown.len();
    screen.shown.clear();
    let second = screen.until("\u{1b}[J");
    assert!(second.contains("\u{1b}[H") && !second.contains("\u{1b}[2J") && first > 0, "{second:?}");
    // 24 lines, so 23 line ends.
    assert!(second.matches('\n').count() <= 23, "{second}");
    rustix::process::kill_process(rustix::process::Pid::from_child(&screen.process), rustix::process::Signal::INT)
        .unwrap();
    let (_, code) = screen.finish();
    assert_eq!(code, Some(0));
    drop(child);
}
