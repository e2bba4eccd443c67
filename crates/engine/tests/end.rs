//! Ending real processes: the very one that was shown, and no other.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command};

use quaymaster_engine::wire::{EndProgress, EndRequest, Failure, PortFate, ProcessRef, Refusal};
use quaymaster_engine::{Engine, INTERVALS, Machine};

fn engine() -> Engine {
    Engine::start(Machine::this(), *INTERVALS.start()).unwrap()
}

fn now<A>(future: impl Future<Output = A>) -> A {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

/// A process that does nothing for a long time.
struct Sleeper(Child);

impl Sleeper {
    fn start() -> Self {
        Self(Command::new("sleep").arg("600").spawn().unwrap())
    }

    fn shown(&self) -> ProcessRef {
        shown(self.0.id())
    }
}

impl Drop for Sleeper {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A process as the page would name it: the start mark is field 22 of its stat, 20th after the name.
fn shown(pid: u32) -> ProcessRef {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let start = stat.rsplit(')').next().unwrap().split_whitespace().nth(19).unwrap();
    ProcessRef { pid, start: start.to_owned() }
}

fn order(process: ProcessRef) -> EndRequest {
    EndRequest { process, children: Vec::new(), force: false, elevated: false, ports: vec![1] }
}

fn refusal(result: Result<impl std::fmt::Debug, Failure>) -> Option<Refusal> {
    result.unwrap_err().refusal
}

#[test]
fn a_program_that_is_asked_ends() {
    let mut sleeper = Sleeper::start();
    let outcome = now(engine().end_process(order(sleeper.shown()))).unwrap();
    assert_eq!(outcome.progress, EndProgress::Ended);
    assert_eq!((outcome.ports[0].port, outcome.ports[0].fate), (1, PortFate::Released));
    assert_eq!(sleeper.0.wait().unwrap().signal(), Some(15));
}

#[test]
fn another_process_with_the_same_number_is_left_alone() {
    let mut sleeper = Sleeper::start();
    let other = ProcessRef { start: "1".into(), ..sleeper.shown() };
    assert_eq!(refusal(now(engine().end_process(order(other)))), Some(Refusal::Replaced));
    assert!(sleeper.0.try_wait().unwrap().is_none());
}

#[test]
fn one_that_has_ended_is_said_to_be_gone() {
    let mut sleeper = Sleeper::start();
    let shown = sleeper.shown();
    sleeper.0.kill().unwrap();
    sleeper.0.wait().unwrap();
    assert_eq!(refusal(now(engine().end_process(order(shown)))), Some(Refusal::Gone));
}

#[test]
fn ourselves_and_what_we_run_inside_are_refused_in_plan_and_order() {
    let engine = engine();
    let parent = std::os::unix::process::parent_id();
    for (pid, expected) in [(std::process::id(), Refusal::Itself), (parent, Refusal::Ancestor), (1, Refusal::System)] {
        let plan = now(engine.plan_end(shown(pid))).unwrap();
        // In a container the parent may be the first process too.
        let expected = if pid == 1 { [Refusal::System, Refusal::Ancestor] } else { [expected; 2] };
        assert!(plan.refusal.is_some_and(|refusal| expected.contains(&refusal)), "{pid}: {:?}", plan.refusal);
        let refused = refusal(now(engine.end_process(order(shown(pid)))));
        assert!(refused.is_some_and(|refusal| expected.contains(&refusal)), "{pid}: {refused:?}");
    }
}

#[test]
fn the_plan_names_the_children_and_only_the_chosen_go() {
    // This test's own children: the sleeper is not an ancestor, so it may be planned; it has none itself.
    let sleeper = Sleeper::start();
    let plan = now(engine().plan_end(sleeper.shown())).unwrap();
    assert_eq!((plan.refusal, plan.children.len(), plan.process.name.as_str()), (None, 0, "sleep"));
    let own = now(engine().plan_end(shown(std::process::id()))).unwrap();
    assert!(own.children.iter().any(|child| child.process == sleeper.shown() && child.name == "sleep"), "{own:?}");
}
