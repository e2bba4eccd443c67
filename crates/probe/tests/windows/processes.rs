//! What is shown of a process is its own.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use quaymaster_core::{Gap, Process, ProcessKey, StartMark};
use quaymaster_probe::windows::Processes;
use quaymaster_probe::{ProcessSource, hold, myself, process_source};
use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System, UpdateKind};
use windows_sys::Win32::Foundation::{CloseHandle, FILETIME};
use windows_sys::Win32::System::Threading::{GetProcessTimes, OpenProcess, PROCESS_QUERY_LIMITED_INFORMATION};

use crate::stage::Child;
use crate::wine::lacks;

/// When a process was created, read by the test itself.
pub(crate) fn start(pid: u32) -> Option<StartMark> {
    let mut times = [FILETIME::default(); 4];
    let [created, exited, kernel, user] = &mut times;
    // SAFETY: the handle is used only if it was opened, and closed once; the four times outlive the call.
    let read = unsafe {
        let handle = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, 0, pid);
        let read = !handle.is_null() && GetProcessTimes(handle, created, exited, kernel, user) != 0;
        if !handle.is_null() {
            CloseHandle(handle);
        }
        read
    };
    read.then(|| StartMark(u64::from(created.dwHighDateTime) << 32 | u64::from(created.dwLowDateTime)))
}

pub(crate) fn key_of(pid: u32) -> ProcessKey {
    ProcessKey { pid, start: start(pid).unwrap() }
}

fn read(key: ProcessKey) -> Process {
    Processes::new().read(&[key]).remove(0)
}

fn text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

#[test]
fn this_very_process() {
    let own = read(myself().own);
    let exe = std::env::current_exe().unwrap();
    assert_eq!(own.key, key_of(std::process::id()));
    assert_eq!(own.name, exe.file_name().unwrap().to_string_lossy());
    assert_eq!(own.path, Ok(text(&exe)));
    if lacks("command-lines") {
        assert_eq!(own.command_line, Err(Gap::Unsupported));
    } else {
        assert_eq!(own.command_line, Ok(std::env::args().collect()));
    }
    assert_eq!(own.user.unwrap().to_lowercase(), std::env::var("USERNAME").unwrap().to_lowercase());
    assert_eq!(own.uid, None);
    assert_eq!(own.working_directory, Err(Gap::Unsupported));
    // A test program has no version resource and runs no service.
    assert_eq!((own.description, own.company, own.services), (Err(Gap::None), Err(Gap::None), Ok(Vec::new())));
    let above: Vec<ProcessKey> = own.ancestors.iter().map(|ancestor| ancestor.key).collect();
    assert_eq!(above, myself().ancestors);
    assert!(own.ancestors.windows(2).all(|pair| pair[1].key.start <= pair[0].key.start));
    assert_eq!(process_source().user_name(0), None);
}

#[test]
fn the_start_is_the_moment_when_it_was_started() {
    let before = SystemTime::now();
    let child = Child::start();
    let after = SystemTime::now();
    let started = read(key_of(child.pid())).started_at.unwrap().0;
    let millis = |time: SystemTime| time.duration_since(UNIX_EPOCH).unwrap().as_millis() as u64;
    // The clock of creation times moves in steps of at most a 64th of a second.
    assert!(millis(before) - 20 <= started && started <= millis(after) + 20, "{started}");
}

#[test]
fn a_child_has_this_process_above_it_and_is_found_below_it() {
    let child = Child::start();
    let key = key_of(child.pid());
    let read = read(key);
    let first = &read.ancestors[0];
    assert_eq!(first.key, myself().own);
    assert_eq!(first.name, std::env::current_exe().unwrap().file_name().unwrap().to_string_lossy());
    let mut source = process_source();
    let below = source.descendants(myself().own);
    assert!(below.iter().any(|process| process.key == key && process.path == read.path));
    assert!(below.iter().all(|process| process.ancestors.iter().any(|ancestor| ancestor.key == myself().own)));
    assert_eq!(source.descendants(key), []);
    let other = ProcessKey { start: StartMark(myself().own.start.0 + 1), ..myself().own };
    assert_eq!(source.descendants(other), []);
}

#[test]
fn grandchildren_come_after_their_parents() {
    let child = Child::start_with_a_child();
    let below = process_source().descendants(myself().own);
    let at = |pid: u32| below.iter().position(|process| process.key.pid == pid).unwrap();
    let grandchild = below.iter().find(|process| process.ancestors.first().is_some_and(|up| up.key.pid == child.pid()));
    let grandchild = grandchild.unwrap();
    assert!(at(child.pid()) < at(grandchild.key.pid));
    assert_eq!(grandchild.ancestors[1].key, myself().own);
    assert_eq!(process_source().descendants(key_of(child.pid())), std::slice::from_ref(grandchild));
}

#[test]
fn a_process_that_is_gone_or_another_is_said_to_be_gone() {
    let child = Child::start();
    let key = key_of(child.pid());
    let other = ProcessKey { start: StartMark(key.start.0 + 1), ..key };
    let nobody = ProcessKey { pid: 0x7fff_fff0, start: key.start };
    let [first, second, third] = &Processes::new().read(&[other, key, nobody])[..] else { panic!("three answers") };
    assert_eq!(first, &Process::unread(other, Gap::Gone));
    assert_eq!((second.key, second.name.is_empty()), (key, false), "each in its place");
    assert_eq!(third, &Process::unread(nobody, Gap::Gone));
    // Its PID is kept from being used again by this handle, and it can still be opened by it.
    let held = hold(key).unwrap();
    held.force().unwrap();
    assert!(held.wait(Duration::from_secs(10)));
    assert_eq!(read(key), Process::unread(key, Gap::Gone));
    drop(held);
    drop(child);
    assert_eq!(read(key), Process::unread(key, Gap::Gone));
}

/// Awkward for whoever takes a line apart: quotes, backslashes before quotes, nothing, blanks, other letters, a picture.
const ARGUMENTS: [&str; 8] =
    ["", "a b", r#"he said "端口""#, r"C:\dir\", r#"\\"#, r#"back\"slash"#, "\u{1F6A2} Ω", "tab\there"];

#[test]
fn arguments_are_those_that_were_given() {
    let child = Child::start_as(&std::env::current_exe().unwrap(), &ARGUMENTS);
    let line = read(key_of(child.pid())).command_line;
    if lacks("command-lines") {
        assert_eq!(line, Err(Gap::Unsupported));
        return;
    }
    let line = line.unwrap();
    assert_eq!(line[0], text(&std::env::current_exe().unwrap()));
    assert_eq!(line[line.len() - ARGUMENTS.len()..], ARGUMENTS);
}

/// A copy of this program at a place of its own.
fn copy_to(folder: &Path) -> PathBuf {
    std::fs::create_dir_all(folder).unwrap();
    let program = folder.join("端口 Ω.exe");
    std::fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    program
}

#[test]
fn paths_of_other_letters_are_whole() {
    let folder = tempfile::tempdir().unwrap();
    let program = copy_to(&folder.path().canonicalize().unwrap().join("端口管理").join("Ωmega \u{1F6A2}"));
    let shown = text(&program).trim_start_matches(r"\\?\").to_owned();
    let child = Child::start_as(Path::new(&shown), &[]);
    let whole = read(key_of(child.pid()));
    assert_eq!((whole.name.as_str(), whole.path.unwrap()), ("端口 Ω.exe", shown));
    assert_eq!(whole.description, Err(Gap::None));
}

#[test]
fn long_paths_are_whole() {
    let folder = tempfile::tempdir().unwrap();
    // A path from `canonicalize` begins with `\\?\`: it may be longer than 260 units.
    let deep = (0..8).fold(folder.path().canonicalize().unwrap(), |path, _| path.join("端口管理".repeat(10)));
    let program = copy_to(&deep);
    let shown = text(&program).trim_start_matches(r"\\?\").to_owned();
    assert!(shown.encode_utf16().count() > 300);
    if lacks("long-program-paths") {
        assert!(std::process::Command::new(&program).spawn().is_err());
        return;
    }
    let child = Child::start_as(&program, &[]);
    let whole = read(key_of(child.pid()));
    assert_eq!((whole.name.as_str(), whole.path.unwrap()), ("端口 Ω.exe", shown));
    assert_eq!(whole.description, Err(Gap::None), "the file is found, and has none");
}

#[test]
fn sysinfo_agrees() {
    let child = Child::start_as(&std::env::current_exe().unwrap(), &["plain", "two words"]);
    let key = key_of(child.pid());
    let own = read(key);
    let mut system = System::new().unwrap();
    // Not the user: sysinfo takes the lack of a list of users (Wine has none) for a list at address 0.
    let kind = ProcessRefreshKind::nothing().without_tasks().with_exe(UpdateKind::Always).with_cmd(UpdateKind::Always);
    system.refresh_processes_specifics(ProcessesToUpdate::All, true, kind);
    let other = system.process(Pid::from_u32(key.pid)).unwrap();
    assert_eq!(own.name, other.name().to_str().unwrap());
    assert_eq!(own.path, Ok(text(other.exe().unwrap())));
    assert_eq!(own.started_at.map(|at| at.0 / 1000), Ok(other.start_time()));
    assert_eq!(own.ancestors.first().map(|up| up.key.pid), other.parent().map(Pid::as_u32));
    if !lacks("command-lines") {
        let line: Vec<String> = other.cmd().iter().map(|one| one.to_str().unwrap().to_owned()).collect();
        assert_eq!(own.command_line, Ok(line));
    }
}
