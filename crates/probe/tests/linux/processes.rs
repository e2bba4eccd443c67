//! What is shown of a process is its own.

use std::process::{Command, Stdio};

use quaymaster_core::{Gap, Process, ProcessKey, StartMark};
use quaymaster_probe::linux::Processes;
use quaymaster_probe::{ProcessSource, myself, portable, process_source};

use crate::looker::{Holder, alone};

fn key_of(pid: u32) -> ProcessKey {
    ProcessKey { pid, start: start(pid).unwrap() }
}

fn start(pid: u32) -> Option<StartMark> {
    let stat = std::fs::read(format!("/proc/{pid}/stat")).ok()?;
    let stat = String::from_utf8_lossy(&stat);
    stat.rsplit(')').next()?.split_whitespace().nth(19)?.parse().ok().map(StartMark)
}

fn read(key: ProcessKey) -> Process {
    Processes::new().read(&[key]).remove(0)
}

#[test]
fn this_very_process() {
    let _alone = alone();
    let own = read(myself().own);
    assert_eq!(own.path, Ok(std::env::current_exe().unwrap().to_string_lossy().into_owned()));
    assert_eq!(own.command_line, Ok(std::env::args().collect()));
    assert_eq!(own.working_directory, Ok(std::env::current_dir().unwrap().to_string_lossy().into_owned()));
    assert_eq!(own.uid, Some(rustix::process::geteuid().as_raw()));
    assert_eq!(own.ancestors.iter().map(|ancestor| ancestor.key).collect::<Vec<_>>(), myself().ancestors);
    assert!(own.ancestors.windows(2).all(|pair| pair[1].key.start <= pair[0].key.start));
    assert_eq!(own.ancestors[0].key, key_of(rustix::process::getppid().unwrap().as_raw_nonzero().get() as u32));
}

#[test]
fn the_start_is_a_moment_between_boot_and_now() {
    let _alone = alone();
    let before = std::time::SystemTime::now();
    let child = Holder::of(std::fs::File::open("/dev/null").unwrap());
    let after = std::time::SystemTime::now();
    let started = read(key_of(child.pid())).started_at.unwrap().0;
    let millis = |time: std::time::SystemTime| time.duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as u64;
    // The kernel counts starts in ticks of 10 ms, cut downwards.
    assert!(millis(before) - 20 <= started && started <= millis(after) + 20, "{started}");
}

#[test]
fn names_longer_than_the_kernel_keeps_are_whole() {
    let _alone = alone();
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("端口管理程序 with a long name");
    // By another program: a child of another test would inherit the open copy, which could not be run then.
    assert!(Command::new("cp").arg("/bin/cat").arg(&program).status().unwrap().success());
    let mut child = Command::new(&program).stdin(Stdio::piped()).spawn().unwrap();
    let key = key_of(child.id());
    let whole = read(key);
    assert_eq!(whole.name, "端口管理程序 with a long name");
    std::fs::remove_file(&program).unwrap();
    let deleted = read(key);
    assert_eq!(deleted.name, whole.name);
    assert_eq!(deleted.path, Ok(format!("{} (deleted)", program.display())));
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_process_that_is_gone_or_another_is_said_to_be_gone() {
    let _alone = alone();
    let child = Holder::of(std::fs::File::open("/dev/null").unwrap());
    let key = key_of(child.pid());
    let other = ProcessKey { start: StartMark(key.start.0 + 1), ..key };
    assert_eq!(read(other), Process::unread(other, Gap::Gone));
    drop(child);
    assert_eq!(read(key), Process::unread(key, Gap::Gone));
}

#[test]
fn children_are_listed_below_their_parents() {
    let _alone = alone();
    let child = Command::new("env").args(["env", "cat"]).stdin(Stdio::piped()).spawn().unwrap();
    let mut child = Holder(child);
    let mut source = process_source();
    let below = source.descendants(myself().own);
    assert!(below.iter().any(|process| process.key.pid == child.pid()));
    assert!(below.iter().all(|process| process.ancestors.iter().any(|ancestor| ancestor.key == myself().own)));
    assert!(source.descendants(key_of(child.pid())).is_empty());
    let _ = child.0.kill();
}

#[test]
fn sysinfo_agrees() {
    let _alone = alone();
    let child = Holder::of(std::fs::File::open("/dev/null").unwrap());
    let key = key_of(child.pid());
    // Until `cat` has replaced the copy of this program and has got its arguments, both would read what is about to change.
    while read(key).name != "cat" || read(key).command_line != Ok(vec!["cat".to_owned()]) {
        std::thread::yield_now();
    }
    let other = portable::Processes::new(start).read(&[key]).remove(0);
    let own = read(key);
    // sysinfo counts whole seconds from a moment of boot that is cut to seconds too.
    assert!(own.started_at.unwrap().0.abs_diff(other.started_at.unwrap().0) < 3_000);
    let keys = |process: &Process| process.ancestors.iter().map(|ancestor| ancestor.key).collect::<Vec<_>>();
    assert_eq!(keys(&own), keys(&other));
    // And it leaves the parents' names as the kernel cut them.
    let strip = |process: Process| Process { started_at: Err(Gap::Pending), ancestors: Vec::new(), ..process };
    assert_eq!(strip(own), strip(other));
}

#[test]
fn kernel_threads_have_no_program() {
    let _alone = alone();
    // Only the first PID namespace shows them.
    let Some(start) = start(2).filter(|_| std::fs::read("/proc/2/comm").is_ok_and(|comm| comm == b"kthreadd\n")) else {
        eprintln!("skipped: this PID namespace shows no kernel threads");
        return;
    };
    let thread = read(ProcessKey { pid: 2, start });
    assert_eq!((thread.name.as_str(), thread.path, thread.command_line), ("kthreadd", Err(Gap::None), Err(Gap::None)));
}

#[test]
fn users_have_names() {
    let _alone = alone();
    let mut source = process_source();
    assert_eq!(source.user_name(0).as_deref(), Some("root"));
    assert_eq!(source.user_name(4_000_000_000), None);
}
