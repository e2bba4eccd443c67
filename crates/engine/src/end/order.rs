//! Carrying out the order.

use std::thread::sleep;
use std::time::{Duration, Instant};

use quaymaster_core::{Process, ProcessKey};
use quaymaster_probe::{EndError, Myself, ProcessSource, Target};

use super::{administrator, milliseconds_since, read, refusal};
use crate::wire::{EndOutcome, EndProgress, EndRequest, Failure, PortAfter, PortFate, ProcessRef};
use crate::{clock, convert};

/// How long a program that was asked to end has for it.
pub const GRACE: Duration = Duration::from_secs(5);
/// How long a forced end may take; longer only for a process stuck in the kernel.
const FORCED_GRACE: Duration = Duration::from_secs(2);
/// When the ports are looked at after the end: at once, and again, for what starts a program anew takes a moment.
const LOOKS: [Duration; 3] = [Duration::ZERO, Duration::from_millis(250), Duration::from_millis(500)];

/// Ends the process of `order` and the children chosen in it, then looks at the ports by `look_at`.
///
/// Everything is judged here, at the moment of the order: the processes are read again, held, and refused where they are
/// protected or not the very ones that were shown.
pub fn carry_out(
    order: &EndRequest,
    myself: &Myself,
    source: &mut dyn ProcessSource,
    mut look_at: impl FnMut(&[u16], &Process) -> Result<Vec<PortAfter>, Failure>,
) -> Result<EndOutcome, Failure> {
    let began = clock::now();
    let (process, progress, children_running) =
        if order.elevated { administrator::end(order, myself, source)? } else { end(order, myself, source)? };
    Ok(EndOutcome {
        progress,
        took_ms: milliseconds_since(began),
        children_running,
        ports: look(&order.ports, &process, progress == EndProgress::Ended, &mut look_at)?,
    })
}

/// What an order has come to: the program as it was, how it took it, and the chosen children that still run.
pub(super) type Ended = (Process, EndProgress, Vec<ProcessRef>);

/// Ends the process of `order` and the children chosen in it, with the rights that this process has.
pub(super) fn end(order: &EndRequest, myself: &Myself, source: &mut dyn ProcessSource) -> Result<Ended, Failure> {
    let key = convert::process_key(&order.process).ok_or_else(Failure::bad_request)?;
    let (process, target) = take_hold(key, myself, source)?;
    let children = take_hold_of_children(&order.children, myself, source)?;
    // The parent first: it may be what starts its children again.
    match signal(&*target, order.force) {
        // Its children are left alone too: what was ordered is that they go with it.
        Err(EndError::NoWayToAsk) => {
            let running = still_running(&children, Instant::now());
            return Ok((process, EndProgress::CannotBeAsked, running));
        }
        signalled => signalled?,
    }
    for (_, child) in &children {
        // A child that ended by itself with its parent is what was wanted; another failure shows below as still running.
        let _ = signal(&**child, order.force);
    }
    let until = Instant::now() + if order.force { FORCED_GRACE } else { GRACE };
    let ended = target.wait(until.saturating_duration_since(Instant::now()));
    let progress = if ended { EndProgress::Ended } else { EndProgress::StillRunning };
    Ok((process, progress, still_running(&children, until)))
}

type Held = Box<dyn Target>;

/// Holds first, reads then: what is read while it is held is the held process's own.
fn take_hold(key: ProcessKey, myself: &Myself, source: &mut dyn ProcessSource) -> Result<(Process, Held), Failure> {
    let target = quaymaster_probe::hold(key);
    if let Err(error @ (EndError::Gone | EndError::Replaced)) = target {
        return Err(error.into());
    }
    let process = read(key, source);
    // The system's own programs may not even be held: that they are the system's is the better reason.
    match refusal(&process, myself) {
        Some(refusal) => Err(Failure::refused(refusal)),
        None => Ok((process, target?)),
    }
}

/// Children that ended meanwhile are left out; a protected one refuses the whole order before anything was sent.
fn take_hold_of_children(
    named: &[ProcessRef],
    myself: &Myself,
    source: &mut dyn ProcessSource,
) -> Result<Vec<(ProcessRef, Held)>, Failure> {
    let mut held = Vec::new();
    for child in named {
        let key = convert::process_key(child).ok_or_else(Failure::bad_request)?;
        match quaymaster_probe::hold(key) {
            Err(EndError::Gone | EndError::Replaced) => {}
            Err(error) => return Err(error.into()),
            Ok(target) => match refusal(&read(key, source), myself) {
                Some(crate::wire::Refusal::Gone) => {}
                Some(refusal) => return Err(Failure::refused(refusal)),
                None => held.push((child.clone(), target)),
            },
        }
    }
    Ok(held)
}

fn signal(target: &dyn Target, force: bool) -> Result<(), EndError> {
    match if force { target.force() } else { target.ask() } {
        // It ended between being held and being asked: done all the same.
        Err(EndError::Gone) => Ok(()),
        other => other,
    }
}

fn still_running(children: &[(ProcessRef, Held)], until: Instant) -> Vec<ProcessRef> {
    let running = children.iter().filter(|(_, child)| !child.wait(until.saturating_duration_since(Instant::now())));
    running.map(|(named, _)| named.clone()).collect()
}

/// Looks at the ports, after an end several times: the last look counts, or the first that shows the program again.
fn look(
    ports: &[u16],
    process: &Process,
    ended: bool,
    look_at: &mut impl FnMut(&[u16], &Process) -> Result<Vec<PortAfter>, Failure>,
) -> Result<Vec<PortAfter>, Failure> {
    let mut seen = Vec::new();
    for pause in if ended { &LOOKS[..] } else { &LOOKS[..1] } {
        sleep(*pause);
        seen = look_at(ports, process)?;
        let settled =
            seen.iter().any(|after| after.fate == PortFate::Held && !after.owners.is_empty() && after.respawned);
        if settled {
            break;
        }
    }
    Ok(seen)
}
