//! Ending exactly the process that was meant.

use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use quaymaster_core::{ProcessKey, StartMark};
use quaymaster_probe::{EndError, hold};

use crate::looker::alone;

/// Long enough for the slowest machine; nothing here waits for it to pass.
const LONG: Duration = Duration::from_secs(60);

fn child(program: &str, arguments: &[&str]) -> (Child, ProcessKey) {
    let child = Command::new(program).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", child.id())).unwrap();
    let start = stat.rsplit(')').next().unwrap().split_whitespace().nth(19).unwrap().parse().unwrap();
    let key = ProcessKey { pid: child.id(), start: StartMark(start) };
    (child, key)
}

#[test]
fn a_process_that_is_asked_ends() {
    let _alone = alone();
    let (mut child, key) = child("cat", &[]);
    let target = hold(key).unwrap();
    assert!(!target.wait(Duration::ZERO), "it still runs");
    target.ask().unwrap();
    assert!(target.wait(LONG));
    assert_eq!(child.wait().unwrap().signal(), Some(15));
    assert_eq!(target.ask(), Err(EndError::Gone), "reaped");
}

#[test]
fn one_that_does_not_listen_is_forced() {
    let _alone = alone();
    let (mut child, key) = child("env", &["--ignore-signal=TERM", "cat"]);
    // The answer to a line shows that `cat` runs, and so that the signal is ignored by now.
    use std::io::{BufRead as _, Write as _};
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(b"here\n").unwrap();
    let mut line = String::new();
    std::io::BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();

    let target = hold(key).unwrap();
    target.ask().unwrap();
    assert!(!target.wait(Duration::from_millis(50)));
    assert!(child.try_wait().unwrap().is_none(), "asked, and still there");
    target.force().unwrap();
    assert!(target.wait(LONG));
    assert_eq!(child.wait().unwrap().signal(), Some(9));
}

#[test]
fn another_process_with_the_same_number_is_left_alone() {
    let _alone = alone();
    let (mut child, key) = child("cat", &[]);
    let other = ProcessKey { start: StartMark(key.start.0 + 1), ..key };
    assert_eq!(hold(other).err(), Some(EndError::Replaced));
    assert!(child.try_wait().unwrap().is_none());
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(hold(key).err(), Some(EndError::Gone));
}

#[test]
fn one_that_ended_and_was_not_reaped_is_gone() {
    let _alone = alone();
    let (mut child, key) = child("cat", &[]);
    let target = hold(key).unwrap();
    child.kill().unwrap();
    assert!(target.wait(LONG));
    assert_eq!(hold(key).err(), Some(EndError::Gone));
    child.wait().unwrap();
}

#[test]
fn numbers_that_are_no_process_are_gone() {
    let _alone = alone();
    for pid in [0, u32::MAX, 1 << 30] {
        assert_eq!(hold(ProcessKey { pid, start: StartMark(1) }).err(), Some(EndError::Gone), "{pid}");
    }
}
