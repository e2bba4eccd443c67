//! Ending a program: what will go, the order, and what became of it.
//!
//! **Invariant:** the process that is ended is the very one that was shown: named by PID *and* start, held by a pidfd or
//! handle, judged again at the moment of the order. What was planned is never trusted to be still true.

mod act;
mod administrator;
mod answer;
mod fate;
mod order;
mod plan;

pub use act::{VERB, act};
pub use answer::Answer;
pub use fate::port_after;
pub use order::{GRACE, carry_out};
pub use plan::{Stake, plan, stake};

use std::path::PathBuf;

use quaymaster_core::{Process, ProcessKey};
use quaymaster_history::Deed;
use quaymaster_probe::{Myself, ProcessSource};

use crate::blocking::blocking;
use crate::engine::Engine;
use crate::past::Past;
use crate::wire::{EndOutcome, EndPlan, EndProgress, EndRequest, Failure, ProcessRef, Refusal};
use crate::{clock, convert};

impl Engine {
    /// What will go if this process is ended.
    pub async fn plan_end(&self, process: ProcessRef) -> Result<EndPlan, Failure> {
        let key = convert::process_key(&process).ok_or_else(Failure::bad_request)?;
        let (stake, myself) = self.ask(move |state| (stake(&state.table, key), state.myself.clone())).await?;
        blocking("end-process", move || plan(key, stake, &myself, &mut *quaymaster_probe::process_source())).await
    }

    /// The program file of a process that holds a socket.
    pub async fn program_file(&self, process: ProcessRef) -> Result<PathBuf, Failure> {
        let key = convert::process_key(&process).ok_or_else(Failure::bad_request)?;
        let path = self.ask(move |state| state.table.process(key).map(|process| process.path.clone())).await?;
        path.and_then(Result::ok).map(PathBuf::from).ok_or_else(|| Failure::refused(Refusal::Gone))
    }

    /// Ends a program and tells what became of its ports. Takes up to [`GRACE`] and a moment more. What has ended is remembered.
    pub async fn end_process(&self, order: EndRequest) -> Result<EndOutcome, Failure> {
        let myself = self.ask(|state| state.myself.clone()).await?;
        let engine = self.clone();
        blocking("end-process", move || {
            let mut source = quaymaster_probe::process_source();
            // Afterwards nobody could say who they were.
            let ending = engine.past().map(|past| (past, ending(&order, &mut *source)));
            let outcome = carry_out(&order, &myself, &mut *source, |ports, ended| {
                let (ports, ended) = (ports.to_vec(), ended.clone());
                engine.look_and_ask(move |state| {
                    ports.iter().map(|&port| port_after(&state.table, port, &ended)).collect()
                })
            });
            if let (Some((past, ending)), Ok(outcome)) = (ending, &outcome) {
                remember(past, &order, outcome, &ending);
            }
            outcome
        })
        .await?
    }
}

/// Everybody who is to end.
fn ending(order: &EndRequest, source: &mut dyn ProcessSource) -> Vec<(ProcessRef, Process)> {
    let everybody = std::iter::once(&order.process).chain(&order.children);
    everybody.filter_map(|one| Some((one.clone(), read(convert::process_key(one)?, source)))).collect()
}

/// Notes who has ended. The port is told where the order was about one.
fn remember(past: &Past, order: &EndRequest, outcome: &EndOutcome, ending: &[(ProcessRef, Process)]) {
    let deed = if order.force { Deed::Forced } else { Deed::Ended };
    let port = if let [port] = order.ports[..] { Some(port) } else { None };
    for (one, process) in ending {
        let (is_over, port) = match *one == order.process {
            true => (outcome.progress == EndProgress::Ended, port),
            false => (outcome.progress != EndProgress::CannotBeAsked && !outcome.children_running.contains(one), None),
        };
        if is_over {
            past.note_deed(deed, Some(process), port);
        }
    }
}

/// Reads one process afresh.
fn read(key: ProcessKey, source: &mut dyn ProcessSource) -> Process {
    source.read(&[key]).pop().unwrap_or_else(|| Process::unread(key, quaymaster_core::Gap::Gone))
}

/// Why this process is not ended, as far as can be said beforehand.
fn refusal(process: &Process, myself: &Myself) -> Option<Refusal> {
    if process.started_at == Err(quaymaster_core::Gap::Gone) {
        return Some(Refusal::Gone);
    }
    quaymaster_core::protect::protection(process, myself.own, &myself.ancestors).map(convert::refusal)
}

/// Milliseconds since `began`, for the page.
fn milliseconds_since(began: quaymaster_core::UnixMillis) -> u32 {
    u32::try_from(clock::now().since(began)).unwrap_or(u32::MAX)
}
