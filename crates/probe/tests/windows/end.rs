//! Ending the very process that was shown.

use std::io::{BufRead, BufReader};
use std::os::windows::process::CommandExt;
use std::process::{Child as Process, Command, Stdio};
use std::time::Duration;

use quaymaster_core::{ProcessKey, StartMark};
use quaymaster_probe::{
    Elevation, ElevationError, EndError, as_administrator, elevation, hold, interrupt, myself, process_source,
    socket_source,
};
use windows_sys::Win32::System::LibraryLoader::GetModuleHandleW;
use windows_sys::Win32::System::Threading::{
    CREATE_NEW_CONSOLE, CREATE_NEW_PROCESS_GROUP, CREATE_NO_WINDOW, DETACHED_PROCESS,
};
use windows_sys::Win32::UI::WindowsAndMessaging::{
    CreateWindowExW, DefWindowProcW, DispatchMessageW, GetMessageW, RegisterClassExW, WM_CLOSE, WNDCLASSEXW,
    WS_OVERLAPPEDWINDOW, WS_VISIBLE,
};
use windows_sys::core::w;

use crate::stage::Child;
use crate::wine::lacks;

/// What a polite program exits with: nobody else does.
const BY_ITSELF: i32 = 42;
/// What an interrupter exits with.
const SENT: i32 = 10;
const NOBODY_TO_HIT_ALONE: i32 = 11;
const NOT_SENT: i32 = 12;
/// `STATUS_CONTROL_C_EXIT`.
const BY_CTRL_BREAK: i32 = 0xC000_013A_u32.cast_signed();
const SOON: Duration = Duration::from_secs(20);

/// The key of the process that listens at `port`, from the table.
fn shown(port: u16) -> ProcessKey {
    let sample = socket_source().look(quaymaster_core::UnixMillis(1));
    let sockets = sample.changes.iter().filter_map(|change| match change {
        quaymaster_core::Change::Opened(socket) => Some(socket),
        _ => None,
    });
    sockets
        .filter(|socket| socket.local.port == port)
        .find_map(|socket| socket.owner.holders().first().copied())
        .unwrap()
}

/// This test program once more, in one of the roles of [`a_part_in_another_test`].
struct Actor {
    process: Process,
    key: ProcessKey,
    /// What it has started, if that is its role.
    child: Option<ProcessKey>,
}

const ROLE: &str = "PROBE_TEST_END";
const WHOM: &str = "PROBE_TEST_END_WHOM";
/// No part takes longer: one that a failed test leaves behind ends by itself.
const A_WHILE: Duration = Duration::from_secs(60);

impl Actor {
    /// Plays `role` with these creation flags, and has begun.
    fn start(role: &str, flags: u32) -> Self {
        Self::run(&mut Command::new(std::env::current_exe().unwrap()), role, flags)
    }

    fn run(command: &mut Command, role: &str, flags: u32) -> Self {
        command.args(["--exact", "end::a_part_in_another_test", "--nocapture", "--test-threads=1"]);
        command.env(ROLE, role).creation_flags(flags).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
        let told = lines.find_map(|line| Some(line.split_once("has begun:")?.1.to_owned())).unwrap();
        let keys: Vec<ProcessKey> = told.split_whitespace().map(written).collect();
        // The rest is read and dropped: a full pipe would stop the child.
        std::thread::spawn(move || lines.for_each(drop));
        assert_eq!(keys[0].pid, process.id());
        Self { process, key: keys[0], child: keys.get(1).copied() }
    }

    fn runs(&mut self) -> bool {
        self.process.try_wait().unwrap().is_none()
    }

    fn code(&mut self) -> Option<i32> {
        self.process.wait().unwrap().code()
    }
}

fn written(text: &str) -> ProcessKey {
    let (pid, start) = text.split_once(':').unwrap();
    ProcessKey { pid: pid.parse().unwrap(), start: StartMark(start.parse().unwrap()) }
}

fn write(key: ProcessKey) -> String {
    format!("{}:{}", key.pid, key.start.0)
}

impl Drop for Actor {
    fn drop(&mut self) {
        if let Some(child) = self.child.and_then(|child| hold(child).ok()) {
            let _ = child.force();
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The child's part; nothing in a test run of its own.
#[test]
fn a_part_in_another_test() {
    let Ok(role) = std::env::var(ROLE) else { return };
    let begun = || println!("\nhas begun: {}", write(myself().own));
    match &*role {
        "polite window" => show_window(polite, true, begun),
        "stubborn window" => show_window(stubborn, true, begun),
        "hidden window" => show_window(polite, false, begun),
        "interrupter" => {
            let whom = written(&std::env::var(WHOM).unwrap());
            begun();
            std::process::exit(match interrupt(whom) {
                Ok(()) => SENT,
                Err(EndError::NoWayToAsk) => NOBODY_TO_HIT_ALONE,
                Err(_) => NOT_SENT,
            });
        }
        "parent" => {
            let child = Actor::start("idle", 0);
            println!("\nhas begun: {} {}", write(myself().own), write(child.key));
            std::thread::sleep(A_WHILE);
        }
        _ => {
            begun();
            std::thread::sleep(A_WHILE);
        }
    }
}

type Procedure = unsafe extern "system" fn(*mut std::ffi::c_void, u32, usize, isize) -> isize;

unsafe extern "system" fn polite(window: *mut std::ffi::c_void, message: u32, word: usize, long: isize) -> isize {
    if message == WM_CLOSE {
        std::process::exit(BY_ITSELF);
    }
    // SAFETY: handed on as it came.
    unsafe { DefWindowProcW(window, message, word, long) }
}

unsafe extern "system" fn stubborn(window: *mut std::ffi::c_void, message: u32, word: usize, long: isize) -> isize {
    if message == WM_CLOSE {
        return 0;
    }
    // SAFETY: handed on as it came.
    unsafe { DefWindowProcW(window, message, word, long) }
}

/// Opens a window and serves it for ever.
fn show_window(procedure: Procedure, visible: bool, begun: impl Fn()) {
    let style = WS_OVERLAPPEDWINDOW | if visible { WS_VISIBLE } else { 0 };
    // SAFETY: texts are literals, the class outlives the call that copies it, and `procedure` is a window procedure.
    unsafe {
        let own = GetModuleHandleW(std::ptr::null());
        let class = WNDCLASSEXW {
            cbSize: u32::try_from(size_of::<WNDCLASSEXW>()).unwrap(),
            lpfnWndProc: Some(procedure),
            hInstance: own,
            lpszClassName: w!("quaymaster test"),
            ..Default::default()
        };
        assert_ne!(RegisterClassExW(&raw const class), 0);
        let null = std::ptr::null_mut;
        let class = w!("quaymaster test");
        let window = CreateWindowExW(0, class, w!("a test"), style, 0, 0, 200, 100, null(), null(), own, null());
        assert!(!window.is_null(), "{}", std::io::Error::last_os_error());
        begun();
        let mut message = std::mem::zeroed();
        while GetMessageW(&raw mut message, null(), 0, 0) > 0 {
            DispatchMessageW(&raw const message);
        }
    }
}

#[test]
fn the_one_that_was_shown_ends_and_no_other() {
    let mut child = Child::start();
    let key = shown(child.port);
    assert_eq!(key.pid, child.pid());
    let other = ProcessKey { start: StartMark(key.start.0 + 1), ..key };
    assert_eq!(hold(other).err(), Some(EndError::Replaced));
    let target = hold(key).unwrap();
    assert!(!target.wait(Duration::ZERO), "it runs");
    target.force().unwrap();
    assert!(target.wait(SOON));
    assert_eq!(child.process.wait().unwrap().code(), Some(1));
    // Still held, so the PID is nobody else's: it is known to have ended.
    assert_eq!(hold(key).err(), Some(EndError::Gone));
    target.force().unwrap();
    drop(target);
    assert!(hold(key).is_err());
}

#[test]
fn a_number_between_two_processes_is_nobody() {
    let child = Actor::start("idle", 0);
    let key = child.key;
    // Windows opens 4711 as 4708.
    for more in 1..4 {
        let between = ProcessKey { pid: key.pid + more, ..key };
        assert_eq!(hold(between).err(), Some(EndError::Gone), "{more}");
    }
    assert_eq!(hold(ProcessKey { pid: 0, ..key }).err(), Some(EndError::Gone));
    assert!(hold(key).is_ok());
}

#[test]
fn a_window_is_asked_to_close_and_its_program_ends_by_itself() {
    let mut child = Actor::start("polite window", 0);
    let target = hold(child.key).unwrap();
    target.ask().unwrap();
    assert!(target.wait(SOON));
    assert_eq!(child.code(), Some(BY_ITSELF));
}

#[test]
fn a_program_may_say_no_until_it_is_forced() {
    let mut child = Actor::start("stubborn window", 0);
    let target = hold(child.key).unwrap();
    target.ask().unwrap();
    assert!(!target.wait(Duration::from_millis(500)));
    assert!(child.runs());
    target.force().unwrap();
    assert!(target.wait(SOON));
    assert_eq!(child.code(), Some(1));
}

/// One that nobody sees is not asked by it: many have such a window for messages only.
#[test]
fn what_has_neither_window_nor_console_cannot_be_asked() {
    for role in ["idle", "hidden window"] {
        let mut child = Actor::start(role, DETACHED_PROCESS);
        assert_eq!(hold(child.key).unwrap().ask(), Err(EndError::NoWayToAsk), "{role}");
        assert!(child.runs(), "{role}");
    }
}

/// Who plays the part of our own program when it is called with [`quaymaster_probe::INTERRUPT`].
fn interrupted(key: ProcessKey) -> Option<i32> {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.env(WHOM, write(key));
    Actor::run(&mut command, "interrupter", DETACHED_PROCESS).code()
}

#[test]
fn ctrl_break_reaches_one_that_is_alone_on_its_console() {
    for flags in [CREATE_NEW_CONSOLE, CREATE_NO_WINDOW | CREATE_NEW_PROCESS_GROUP] {
        let mut child = Actor::start("idle", flags);
        if lacks("ctrl-break") {
            assert_eq!(interrupted(child.key), Some(NOT_SENT), "{flags:#x}");
            assert!(child.runs());
        } else {
            assert_eq!(interrupted(child.key), Some(SENT), "{flags:#x}");
            assert_eq!(child.code(), Some(BY_CTRL_BREAK), "{flags:#x}");
        }
    }
}

#[test]
fn ctrl_break_is_not_sent_where_somebody_else_would_be_hit() {
    // A program and its child on one console, as a shell and what was started in it.
    let mut parent = Actor::start("parent", CREATE_NO_WINDOW | CREATE_NEW_PROCESS_GROUP);
    for key in [parent.key, parent.child.unwrap()] {
        assert_eq!(interrupted(key), Some(NOBODY_TO_HIT_ALONE));
    }
    assert!(parent.runs());
    assert!(!hold(parent.child.unwrap()).unwrap().wait(Duration::from_millis(200)), "it runs");
}

#[test]
fn children_are_found_by_their_parent_and_outlive_it() {
    let mut parent = Actor::start("parent", CREATE_NO_WINDOW);
    let children = process_source().descendants(parent.key);
    let child = parent.child.unwrap();
    assert!(children.iter().any(|found| found.key == child), "{children:?}");
    hold(parent.key).unwrap().force().unwrap();
    assert_eq!(parent.code(), Some(1));
    let target = hold(child).unwrap();
    assert!(!target.wait(Duration::ZERO));
    target.force().unwrap();
    assert!(target.wait(SOON));
}

#[test]
fn rights_are_there_or_may_be_asked_for() {
    if lacks("uac") {
        assert_eq!(elevation(), Elevation::AlreadyThere);
    } else {
        assert_ne!(elevation(), Elevation::Unsupported);
    }
}

#[test]
fn an_order_that_cannot_be_written_down_is_none() {
    let order = ["act".to_owned(), "a\0b".to_owned()];
    assert!(matches!(as_administrator(&order), Err(ElevationError::System(_))));
}

/// Wine starts by `runas` what is there already: everybody is an administrator. What the order carries and what comes back is
/// the same.
#[test]
fn an_act_is_given_its_words_and_its_answer_comes_back() {
    if !lacks("uac") {
        return;
    }
    let list = ["--exact", "end::a_part_in_another_test", "--test-threads=1"].map(str::to_owned);
    assert_eq!(as_administrator(&list), Ok(0));
    let wrong = ["--no-such-option \" \\".to_owned(), String::new()];
    assert_eq!(as_administrator(&wrong), Ok(101), "what a test program says to what it does not know");
}
