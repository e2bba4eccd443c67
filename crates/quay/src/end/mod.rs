//! `quay end`: names what will go, asks, ends it, says what became of its ports.

use std::io::{self, BufRead, IsTerminal, Write};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use quaymaster_core::text::visible;
use quaymaster_engine::end::GRACE;
use quaymaster_engine::once::Look;
use quaymaster_engine::wire::{
    EndOutcome, EndPlan, EndProgress, EndRequest, Failure, PlannedChild, PortAfter, PortFate, Refusal,
};
use quaymaster_engine::words::Words;

use crate::arguments::End;
use crate::style::{GREEN, RED, STRONG, YELLOW};
use crate::target::{self, Target};
use crate::terminal::Terminal;
use crate::{Exit, json, moment, phrase, usage};

mod find;

/// Ends what was named.
pub(crate) fn run(order: &End, terminal: &Terminal) -> anyhow::Result<Exit> {
    let words = &terminal.words;
    let Some(target) = target::target(&order.target) else {
        let value = visible(&order.target, 100).into_owned();
        return Ok(usage::wrong(terminal, &words.say("quay-usage-not-a-target", &[("value", value.into())])));
    };
    // JSON is for programs, which have nobody to ask.
    if !order.yes && (terminal.json || !io::stdin().is_terminal()) {
        return Ok(usage::wrong(terminal, &words.say("quay-usage-cannot-ask", &[])));
    }
    let mut look = Look::take()?;
    let key = match find::holder(&look, target, terminal) {
        Ok(key) => key,
        Err(exit) => return Ok(exit),
    };
    let plan = look.plan_end(key);
    if let Some(refusal) = plan.refusal {
        return fail(&look, &plan, &Failure::refused(refusal), terminal);
    }
    if !terminal.json {
        terminal.print(&plan_in_words(&plan, order, words, terminal))?;
    }
    if !order.yes && !asked(&words.say("quay-end-ask", &[]), words)? {
        terminal.complain(&words.say("quay-end-nothing-done", &[]));
        return Ok(Exit::Failed);
    }
    let mut request = request(&plan, order, target);
    let mut result = while_waiting(order.force, words, || look.end(&request));
    if is_for_an_administrator(&plan, &result) && wants_an_administrator(order, words, terminal)? {
        terminal.complain(&words.say("quay-end-elevating", &[]));
        request.elevated = true;
        result = look.end(&request);
    }
    match result {
        Ok(outcome) => tell(&look, &plan, &outcome, order, terminal),
        Err(failure) => fail(&look, &plan, &failure, terminal),
    }
}

/// Whether the system refused what it may grant an administrator, and can be asked for that.
fn is_for_an_administrator(plan: &EndPlan, result: &Result<EndOutcome, Failure>) -> bool {
    let refusal = result.as_ref().err().and_then(|failure| failure.refusal);
    plan.elevation_possible && refusal == Some(Refusal::NotAllowed)
}

/// Said beforehand, or asked where somebody is there to be asked.
fn wants_an_administrator(order: &End, words: &Words, terminal: &Terminal) -> io::Result<bool> {
    if order.elevate || order.yes || terminal.json {
        return Ok(order.elevate);
    }
    asked(&words.say("quay-end-ask-elevated", &[]), words)
}

fn request(plan: &EndPlan, order: &End, target: Target) -> EndRequest {
    let mut ports: Vec<u16> = plan.ports.iter().map(|planned| planned.port).collect();
    if let Target::Port(port) = target {
        ports.push(port);
    }
    ports.sort_unstable();
    ports.dedup();
    let chosen = plan.children.iter().filter(|child| order.children && child.refusal.is_none());
    EndRequest {
        process: plan.process.process.clone(),
        children: chosen.map(|child| child.process.clone()).collect(),
        force: order.force,
        elevated: false,
        ports,
    }
}

fn plan_in_words(plan: &EndPlan, order: &End, words: &Words, terminal: &Terminal) -> String {
    let program = program(plan, words);
    let key = if order.force { "quay-end-plan-force" } else { "quay-end-plan" };
    let mut lines = vec![terminal.paint.apply(STRONG, &words.say(key, &[("program", program.into())]))];
    let mut fact = |label: String, value: String| lines.push(format!("  {label}: {value}"));
    if let Some(path) = &plan.process.path.value {
        fact(words.say("quay-answer-program", &[]), path.clone());
    }
    if let Some(started) = plan.process.started_at.value {
        fact(words.say("quay-answer-started", &[]), moment::date_and_time(started));
    }
    if !plan.ports.is_empty() {
        let ports = plan.ports.iter().map(|planned| {
            let port = format!("{} {}", planned.protocol, planned.port);
            if planned.shared { words.say("quay-end-port-shared", &[("port", port.into())]) } else { port }
        });
        fact(words.say("quay-end-ports", &[]), ports.collect::<Vec<_>>().join(", "));
    }
    if plan.connections > 0 {
        fact(words.say("quay-end-connections", &[]), plan.connections.to_string());
    }
    if !plan.children.is_empty() {
        let children: Vec<String> = plan.children.iter().map(|child| named(child, words)).collect();
        fact(words.say("quay-end-children", &[]), children.join(", "));
        lines.extend(children_stay(plan, order, words).into_iter().map(|line| format!("  {line}")));
    }
    lines.join("\n") + "\n"
}

/// What does not go although the program that started it does.
fn children_stay(plan: &EndPlan, order: &End, words: &Words) -> Vec<String> {
    if !order.children {
        return vec![words.say("quay-end-children-stay", &[])];
    }
    let spared = plan.children.iter().filter_map(|child| Some((child, child.refusal?)));
    spared
        .map(|(child, why)| {
            let why = phrase::refusal(words, why);
            words.say("quay-end-child-spared", &[("program", named(child, words).into()), ("why", why.into())])
        })
        .collect()
}

fn program(plan: &EndPlan, words: &Words) -> String {
    phrase::program(words, Some(&plan.process.name), plan.process.process.pid)
}

fn named(child: &PlannedChild, words: &Words) -> String {
    phrase::program(words, Some(&child.name), child.process.pid)
}

/// Asks on the terminal, beside the output. Anything but a yes is a no.
fn asked(question: &str, words: &Words) -> io::Result<bool> {
    let mut out = io::stderr();
    write!(out, "{question}")?;
    out.flush()?;
    let mut typed = String::new();
    if io::stdin().lock().read_line(&mut typed)? == 0 {
        writeln!(out)?;
    }
    let typed = typed.trim().to_lowercase();
    Ok(words.say("quay-end-answers-yes", &[]).split(' ').any(|yes| yes == typed))
}

/// Does the work; a terminal sees the grace time run out meanwhile.
fn while_waiting<A>(force: bool, words: &Words, work: impl FnOnce() -> A) -> A {
    if force || !io::stderr().is_terminal() {
        return work();
    }
    let (done, over) = channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            for seconds in (1..=GRACE.as_secs()).rev() {
                let said = words.say("quay-end-waiting", &[("seconds", seconds.into())]);
                let _ = write!(io::stderr(), "\r{said}\x1b[K");
                if over.recv_timeout(Duration::from_secs(1)) != Err(RecvTimeoutError::Timeout) {
                    break;
                }
            }
            let _ = write!(io::stderr(), "\r\x1b[K");
        });
        let answer = work();
        drop(done);
        answer
    })
}

fn tell(look: &Look, plan: &EndPlan, outcome: &EndOutcome, order: &End, terminal: &Terminal) -> anyhow::Result<Exit> {
    if terminal.json {
        print_json(look, plan, Some(outcome), None, terminal)?;
    } else {
        terminal.print(&outcome_in_words(plan, outcome, order, terminal))?;
    }
    let whole = outcome.progress == EndProgress::Ended && outcome.children_running.is_empty();
    Ok(if whole { Exit::Done } else { Exit::Failed })
}

fn outcome_in_words(plan: &EndPlan, outcome: &EndOutcome, order: &End, terminal: &Terminal) -> String {
    let (words, paint) = (&terminal.words, terminal.paint);
    let mut lines = Vec::new();
    let how = |pid: u32| format!("  quay end {pid} --force");
    let program = program(plan, words).into();
    match (outcome.progress, order.force) {
        (EndProgress::Ended, _) => lines.push(paint.apply(GREEN, &words.say("quay-end-done", &[("program", program)]))),
        (EndProgress::CannotBeAsked, _) => {
            lines.push(paint.apply(YELLOW, &words.say("quay-end-cannot-be-asked", &[("program", program)])));
            lines.push(how(plan.process.process.pid));
        }
        (EndProgress::StillRunning, true) => {
            lines.push(paint.apply(RED, &words.say("quay-end-still-running-forced", &[("program", program)])));
        }
        (EndProgress::StillRunning, false) => {
            let values = [("program", program), ("seconds", GRACE.as_secs().into())];
            lines.push(paint.apply(YELLOW, &words.say("quay-end-still-running", &values)));
            lines.push(how(plan.process.process.pid));
        }
    }
    // Where nothing was done, nobody wonders that they run.
    let left = outcome.children_running.iter().filter(|_| outcome.progress != EndProgress::CannotBeAsked);
    for running in left {
        let name = plan.children.iter().find(|child| child.process == *running).map(|child| &*child.name);
        let program = phrase::program(words, name, running.pid);
        lines.push(paint.apply(YELLOW, &words.say("quay-end-child-running", &[("program", program.into())])));
        lines.push(how(running.pid));
    }
    if outcome.progress == EndProgress::Ended {
        lines.extend(outcome.ports.iter().map(|after| fate(after, words)));
    }
    lines.join("\n") + "\n"
}

fn fate(after: &PortAfter, words: &Words) -> String {
    let port = ("port", after.port.to_string().into());
    match (after.fate, &after.owners[..], after.until) {
        (PortFate::Released, ..) => words.say("quay-fate-released", &[port]),
        (PortFate::TimeWait, _, None) => words.say("quay-fate-time_wait", &[port]),
        (PortFate::TimeWait, _, Some(until)) => {
            words.say("quay-fate-time_wait-until", &[port, ("time", moment::time(until).into())])
        }
        (PortFate::Held, [], _) => words.say("quay-fate-held-unknown", &[port]),
        (PortFate::Held, owners, _) => {
            let owners = owners.iter().map(|owner| phrase::program(words, Some(&owner.name), owner.pid));
            let program = ("program", owners.collect::<Vec<_>>().join(", ").into());
            words.say(if after.respawned { "quay-fate-respawned" } else { "quay-fate-held" }, &[port, program])
        }
    }
}

fn fail(look: &Look, plan: &EndPlan, failure: &Failure, terminal: &Terminal) -> anyhow::Result<Exit> {
    if terminal.json {
        print_json(look, plan, None, Some(failure), terminal)?;
    } else {
        let (words, paint) = (&terminal.words, terminal.paint);
        terminal.complain(&paint.apply(STRONG, &program(plan, words)));
        terminal.complain(&paint.apply(RED, &phrase::failure(words, failure)));
    }
    Ok(Exit::Failed)
}

fn print_json(
    look: &Look,
    plan: &EndPlan,
    outcome: Option<&EndOutcome>,
    failure: Option<&Failure>,
    terminal: &Terminal,
) -> anyhow::Result<()> {
    let taken_at = look.taken_at.into();
    terminal.print_json(&json::End { schema: json::SCHEMA, taken_at, plan, outcome, failure }, false)
}
