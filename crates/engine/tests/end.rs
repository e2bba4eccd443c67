//! Ending real processes: the very one that was shown, and no other.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "../../../tests/wine/mod.rs"]
mod wine;

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use quaymaster_core::ProcessKey;
use quaymaster_engine::convert;
use quaymaster_engine::wire::{EndProgress, EndRequest, Failure, PortFate, ProcessRef, Refusal};
use quaymaster_engine::{Engine, INTERVALS, Machine};
use quaymaster_probe::Elevation;
use wine::lacks;

fn engine() -> Engine {
    Engine::start(Machine::this(), *INTERVALS.start()).unwrap()
}

fn now<A>(future: impl Future<Output = A>) -> A {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

/// A process that does nothing for a long time: this test program once more.
struct Sleeper {
    process: Child,
    shown: ProcessRef,
}

const ROLE: &str = "ENGINE_TEST_SLEEP";

impl Sleeper {
    fn start() -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "asleep_for_another_test", "--nocapture", "--test-threads=1"]);
        let command = command.env(ROLE, "yes").stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = alone(command).spawn().unwrap();
        // Not before it is itself: between fork and exec it would be this program with these arguments.
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
        assert!(lines.any(|line| line == "asleep"));
        let shown = shown(process.id());
        Self { process, shown }
    }

    fn ended_with(&mut self, force: bool) -> bool {
        has_ended(self.process.wait().unwrap(), force)
    }
}

impl Drop for Sleeper {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The child's part; nothing in a test run of its own.
#[test]
fn asleep_for_another_test() {
    if std::env::var_os(ROLE).is_some() {
        println!("\nasleep");
        std::thread::sleep(Duration::from_secs(600));
    }
}

/// Whether this is how a process ends that was asked (SIGTERM), or forced (SIGKILL).
#[cfg(unix)]
fn has_ended(status: std::process::ExitStatus, force: bool) -> bool {
    std::os::unix::process::ExitStatusExt::signal(&status) == Some(if force { 9 } else { 15 })
}

/// Whether this is how a process ends that was asked (Ctrl-Break: `STATUS_CONTROL_C_EXIT`), or forced (our exit code).
#[cfg(windows)]
fn has_ended(status: std::process::ExitStatus, force: bool) -> bool {
    status.code().map(i32::cast_unsigned) == Some(if force { 1 } else { 0xC000_013A })
}

#[cfg(unix)]
fn alone(command: &mut Command) -> &mut Command {
    command
}

/// On a console of its own without a window (`CREATE_NO_WINDOW`), where it can be asked.
#[cfg(windows)]
fn alone(command: &mut Command) -> &mut Command {
    std::os::windows::process::CommandExt::creation_flags(command, 0x0800_0000)
}

/// Our own program is called to ask a console program on Windows, and here that is this test program: the words of the call
/// choose this test by its name.
#[test]
fn act_as_our_own_program() {
    if let Some(code) = quaymaster_engine::end::act(std::env::args_os()) {
        std::process::exit(code.into());
    }
}

/// A process as the page would name it: the start mark is field 22 of its stat, 20th after the name.
#[cfg(target_os = "linux")]
fn shown(pid: u32) -> ProcessRef {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let start = stat.rsplit(')').next().unwrap().split_whitespace().nth(19).unwrap();
    ProcessRef { pid, start: start.to_owned() }
}

/// A child of this process, or this process, as the page would name it.
#[cfg(windows)]
fn shown(pid: u32) -> ProcessRef {
    let own = quaymaster_probe::myself().own;
    let children = quaymaster_probe::process_source().descendants(own);
    let key = children.iter().map(|child| child.key).chain([own]).find(|key| key.pid == pid);
    convert::process_ref(key.unwrap())
}

fn order(process: ProcessRef) -> EndRequest {
    EndRequest { process, children: Vec::new(), force: false, elevated: false, ports: vec![1] }
}

fn forced(process: ProcessRef) -> EndRequest {
    EndRequest { force: true, ..order(process) }
}

fn refusal(result: Result<impl std::fmt::Debug, Failure>) -> Option<Refusal> {
    result.unwrap_err().refusal
}

#[test]
fn a_program_that_is_asked_ends() {
    let mut sleeper = Sleeper::start();
    let outcome = now(engine().end_process(order(sleeper.shown.clone()))).unwrap();
    if lacks("ctrl-break") {
        assert_eq!(outcome.progress, EndProgress::CannotBeAsked);
        assert!(sleeper.process.try_wait().unwrap().is_none(), "it was forced unasked");
        return;
    }
    assert_eq!(outcome.progress, EndProgress::Ended);
    assert_eq!((outcome.ports[0].port, outcome.ports[0].fate), (1, PortFate::Released));
    assert!(sleeper.ended_with(false));
}

#[test]
fn a_program_that_is_forced_ends() {
    let mut sleeper = Sleeper::start();
    let outcome = now(engine().end_process(forced(sleeper.shown.clone()))).unwrap();
    assert_eq!(outcome.progress, EndProgress::Ended);
    assert_eq!((outcome.ports[0].port, outcome.ports[0].fate), (1, PortFate::Released));
    assert!(sleeper.ended_with(true));
}

#[test]
fn who_is_an_administrator_already_is_not_asked_and_who_cannot_be_one_is_refused() {
    let mut sleeper = Sleeper::start();
    let order = EndRequest { elevated: true, force: true, ..order(sleeper.shown.clone()) };
    match quaymaster_probe::elevation() {
        Elevation::AlreadyThere => {
            let outcome = now(engine().end_process(order)).unwrap();
            assert_eq!(outcome.progress, EndProgress::Ended);
            assert!(sleeper.ended_with(true));
        }
        Elevation::Unsupported => {
            assert_eq!(refusal(now(engine().end_process(order))), Some(Refusal::NotAllowed));
            assert!(sleeper.process.try_wait().unwrap().is_none());
        }
        // A person would have to answer.
        Elevation::Possible => {}
    }
}

#[test]
fn another_process_with_the_same_number_is_left_alone() {
    let mut sleeper = Sleeper::start();
    let other = ProcessRef { start: "1".into(), ..sleeper.shown.clone() };
    for order in [order(other.clone()), forced(other)] {
        assert_eq!(refusal(now(engine().end_process(order))), Some(Refusal::Replaced));
    }
    assert!(sleeper.process.try_wait().unwrap().is_none());
}

#[test]
fn one_that_has_ended_is_said_to_be_gone() {
    let mut sleeper = Sleeper::start();
    sleeper.process.kill().unwrap();
    sleeper.process.wait().unwrap();
    assert_eq!(refusal(now(engine().end_process(order(sleeper.shown.clone())))), Some(Refusal::Gone));
}

#[test]
fn ourselves_and_what_we_run_inside_are_refused_in_plan_and_order() {
    let engine = engine();
    let ancestors = quaymaster_probe::myself().ancestors;
    // Windows keeps no process whose last handle is closed: who started this test may have ended long ago.
    assert!(cfg!(windows) || !ancestors.is_empty(), "nobody has started this test");
    // The highest above us is the first process, which is refused for what it is.
    let inside = |key: &ProcessKey| (*key, if key.pid == 1 { Refusal::System } else { Refusal::Ancestor });
    for (key, expected) in ancestors.iter().map(inside) {
        refuses(&engine, &convert::process_ref(key), expected);
    }
    refuses(&engine, &shown(std::process::id()), Refusal::Itself);
}

fn refuses(engine: &Engine, process: &ProcessRef, expected: Refusal) {
    assert_eq!(now(engine.plan_end(process.clone())).unwrap().refusal, Some(expected), "{process:?}");
    assert_eq!(refusal(now(engine.end_process(order(process.clone())))), Some(expected), "{process:?}");
}

/// Linux only: PID 1. The first process of Windows, System (PID 4), is in no table of Wine's.
#[cfg(target_os = "linux")]
#[test]
fn the_first_process_is_refused_in_plan_and_order() {
    refuses(&engine(), &shown(1), Refusal::System);
}

#[test]
fn the_plan_names_the_children_and_only_the_chosen_go() {
    // This test's own children: the sleeper is not an ancestor, so it may be planned; it has none itself.
    let sleeper = Sleeper::start();
    let name = std::env::current_exe().unwrap();
    let name = name.file_name().unwrap().to_string_lossy();
    let plan = now(engine().plan_end(sleeper.shown.clone())).unwrap();
    assert!(plan.refusal.is_none() && plan.children.is_empty(), "{:?} {:?}", plan.refusal, plan.children);
    // Linux keeps 15 bytes of a name; the whole of it is found in the path.
    assert!(plan.process.path.value.is_some_and(|path| path.ends_with(&*name)), "{:?}", plan.process.name);
    let own = now(engine().plan_end(shown(std::process::id()))).unwrap();
    assert!(own.children.iter().any(|child| child.process == sleeper.shown && !child.name.is_empty()), "{own:?}");
}
