//! `quay 7897`: who holds the port, in words.

use quaymaster_core::UnixMillis;
use quaymaster_core::text::visible;
use quaymaster_engine::once::Look;
use quaymaster_engine::wire::{Client, Holder, PortAnswer, PortHint, PortSpan, PortStanding, Service};
use quaymaster_engine::words::Words;

use crate::style::{FAINT, GREEN, STRONG, YELLOW};
use crate::terminal::Terminal;
use crate::text::width;
use crate::{Exit, json, moment, phrase, target, usage};

/// Organisations that are named before "and N more".
const MOST_REMOTES: usize = 6;

/// Answers for what was typed as a port.
pub(crate) fn run(typed: &str, terminal: &Terminal) -> anyhow::Result<Exit> {
    let Some(port) = target::port(typed) else {
        let value = visible(typed, 100).into_owned();
        return Ok(usage::wrong(terminal, &terminal.words.say("quay-usage-not-a-port", &[("value", value.into())])));
    };
    let mut look = Look::take()?;
    let answer = look.port_answer(port);
    for trouble in &look.troubles {
        terminal.complain(&phrase::trouble(&terminal.words, trouble));
    }
    if terminal.json {
        let taken_at = look.taken_at.into();
        terminal.print_json(&json::Answer { schema: json::SCHEMA, taken_at, answer: &answer }, false)?;
    } else {
        terminal.print(&in_words(&answer, look.taken_at, terminal))?;
    }
    Ok(match answer.standing {
        PortStanding::Held | PortStanding::ClientPort => Exit::Done,
        PortStanding::Lingering | PortStanding::Free => Exit::Nothing,
    })
}

fn in_words(answer: &PortAnswer, now: UnixMillis, terminal: &Terminal) -> String {
    let words = &terminal.words;
    let mut text = Text { terminal, lines: Vec::new() };
    let usable = answer.standing == PortStanding::Free && answer.excluded.is_none();
    text.line(headline(answer, words), if usable { GREEN } else { STRONG });
    let named = if answer.standing == PortStanding::ClientPort { &answer.users } else { &answer.holders };
    for holder in named {
        if named.len() > 1 {
            text.lines.push(format!("\n{}", terminal.paint.apply(STRONG, &name(holder, words))));
        }
        text.facts(&facts(holder, now, words));
    }
    if answer.standing == PortStanding::Held {
        text.section(&words.say("quay-answer-clients", &[]), answer.clients.iter().map(|at| client(at, words)));
        text.section(&words.say("quay-answer-users", &[]), answer.users.iter().map(|user| name(user, words)));
    }
    text.remarks(answer);
    text.lines.join("\n") + "\n"
}

fn headline(answer: &PortAnswer, words: &Words) -> String {
    let port = || answer.port.to_string().into();
    let count = |holders: &[Holder]| holders.len().into();
    match (answer.standing, &answer.holders[..], &answer.users[..]) {
        (PortStanding::Held, [only], _) if only.process.is_some() => {
            words.say("quay-answer-held", &[("port", port()), ("program", name(only, words).into())])
        }
        (PortStanding::Held, [] | [_], _) => words.say("quay-answer-held-unknown", &[("port", port())]),
        (PortStanding::Held, several, _) => {
            words.say("quay-answer-held-several", &[("port", port()), ("count", count(several))])
        }
        (PortStanding::ClientPort, _, [only]) => {
            words.say("quay-answer-client", &[("port", port()), ("program", name(only, words).into())])
        }
        (PortStanding::ClientPort, _, several) => {
            words.say("quay-answer-client-several", &[("port", port()), ("count", count(several))])
        }
        (PortStanding::Lingering, ..) => words.say("quay-answer-lingering", &[("port", port())]),
        (PortStanding::Free, ..) if answer.excluded.is_some() => {
            words.say("quay-answer-set-aside", &[("port", port())])
        }
        (PortStanding::Free, ..) => words.say("quay-answer-free", &[("port", port())]),
    }
}

/// The program with its PID, or that it is not known.
pub(crate) fn name(holder: &Holder, words: &Words) -> String {
    match &holder.process {
        Some(process) => phrase::program(words, holder.label.as_deref(), process.pid),
        None => words.say("quay-program-unknown", &[]),
    }
}

/// What is known about a holder, as label and value.
fn facts(holder: &Holder, now: UnixMillis, words: &Words) -> Vec<(String, String)> {
    let mut facts = Vec::new();
    let mut fact = |key: String, value: String| facts.push((key, value));
    if holder.windows_kernel {
        fact(words.say("quay-answer-kernel", &[]), words.say("windows-kernel", &[]));
    }
    if let Some(said) = &holder.description {
        fact(words.say("quay-answer-description", &[]), said.clone());
    }
    if !holder.services.is_empty() && holder.label == holder.name {
        let services: Vec<String> = holder.services.iter().map(Service::to_string).collect();
        fact(words.say("quay-answer-services", &[]), services.join(", "));
    }
    if let Some(path) = &holder.path {
        fact(words.say("quay-answer-program", &[]), path.clone());
    }
    if let Some(user) = &holder.user {
        fact(words.say("quay-answer-user", &[]), user.clone());
    }
    if let Some(started) = holder.started_at {
        let (time, ago) = (moment::date_and_time(started), moment::span(words, started, now));
        let said = words.say("quay-answer-started-at", &[("time", time.into()), ("ago", ago.into())]);
        fact(words.say("quay-answer-started", &[]), said);
    }
    for (nth, row) in holder.sockets.iter().enumerate() {
        let label = if nth == 0 { words.say("quay-answer-open-at", &[]) } else { String::new() };
        fact(label, socket(&row.socket));
    }
    if holder.sockets.iter().any(|row| row.socket.remote_port.is_none()) {
        fact(words.say("quay-answer-from", &[]), words.say(&format!("reach-{}", phrase::code(holder.reach)), &[]));
    }
    if !holder.remotes.is_empty() {
        let mut remotes: Vec<String> = holder
            .remotes
            .iter()
            .take(MOST_REMOTES)
            .map(|remotes| {
                let organisation =
                    remotes.organisation.clone().unwrap_or_else(|| words.say("organisation-unknown", &[]));
                let connections = remotes.connections.to_string();
                words.say(
                    "remote-organisation",
                    &[("organisation", organisation.into()), ("connections", connections.into())],
                )
            })
            .collect();
        if let Some(more) = holder.remotes.len().checked_sub(MOST_REMOTES).filter(|&more| more > 0) {
            remotes.push(words.say("and-more", &[("more", more.into())]));
        }
        fact(words.say("quay-answer-remotes", &[]), remotes.join(", "));
    }
    if let Some(gap) = holder.because {
        fact(words.say("quay-answer-why", &[]), words.say(&format!("owner-gap-{}-why", phrase::code(gap)), &[]));
    }
    if let Some(refusal) = holder.protected {
        fact(words.say("quay-answer-protected", &[]), phrase::refusal(words, refusal));
    }
    facts
}

fn socket(socket: &quaymaster_engine::wire::Socket) -> String {
    let (address, port) = phrase::end(&socket.local_address, socket.local_port);
    let mut text = format!("{} {address}{port}", phrase::protocol(socket));
    if let Some((address, port)) = socket.remote_address.as_deref().zip(socket.remote_port) {
        let (address, port) = phrase::end(address, port);
        text += &format!(" → {address}{port}");
    }
    if let Some(state) = socket.state {
        text += &format!(" {state}");
    }
    text
}

fn client(client: &Client, words: &Words) -> String {
    let connections = words.say("quay-connections", &[("count", client.connections.into())]);
    let connections = format!("{connections} ({})", client.protocol);
    let address = client.address.as_str();
    if !client.local {
        return words
            .say("quay-answer-client-remote", &[("connections", connections.into()), ("address", address.into())]);
    }
    let program = match (&client.name, client.because) {
        (Some(name), _) => {
            let pids: Vec<String> = client.processes.iter().map(|process| process.pid.to_string()).collect();
            words.say("quay-program-pids", &[("program", name.as_str().into()), ("pids", pids.join(", ").into())])
        }
        (None, Some(gap)) => words.say(&format!("owner-gap-{}", phrase::code(gap)), &[]),
        (None, None) => words.say("quay-program-unknown", &[]),
    };
    words.say(
        "quay-answer-client-local",
        &[("program", program.into()), ("connections", connections.into()), ("address", address.into())],
    )
}

/// What is often at the port: programs of our own table, then IANA's name.
fn often(hint: &PortHint, words: &Words) -> String {
    let registered = hint.registered.as_deref().map(|service| match hint.description.as_deref() {
        Some(description) => words
            .say("quay-answer-hint-registered", &[("service", service.into()), ("description", description.into())]),
        None => service.to_owned(),
    });
    let names: Vec<String> = hint.programs.iter().cloned().chain(registered).collect();
    words.say("quay-answer-hint", &[("programs", names.join(&words.say("quay-answer-hint-separator", &[])).into())])
}

/// Lines on their way to the terminal.
struct Text<'a> {
    terminal: &'a Terminal,
    lines: Vec<String>,
}

impl Text<'_> {
    fn line(&mut self, text: String, style: anstyle::Style) {
        self.lines.push(self.terminal.paint.apply(style, &text));
    }

    /// Labels in a column, values beside them.
    fn facts(&mut self, facts: &[(String, String)]) {
        let widest = facts.iter().map(|(label, _)| width(label)).max().unwrap_or(0);
        for (label, value) in facts {
            let space = " ".repeat(widest - width(label) + 2);
            self.lines.push(format!("  {}{space}{value}", self.terminal.paint.apply(FAINT, label)));
        }
    }

    /// A heading with a list, if there is anything to list.
    fn section(&mut self, heading: &str, items: impl Iterator<Item = String>) {
        let mut items = items.peekable();
        if items.peek().is_some() {
            self.lines.push(format!("\n{}", self.terminal.paint.apply(STRONG, heading)));
            self.lines.extend(items.map(|item| format!("  {item}")));
        }
    }

    /// What lingers, what goes elsewhere, what is usual.
    fn remarks(&mut self, answer: &PortAnswer) {
        let words = &self.terminal.words;
        let mut remarks = Vec::new();
        if answer.lingering > 0 {
            let count = ("count", answer.lingering.into());
            remarks.push(match answer.lingering_until {
                Some(until) => {
                    (words.say("quay-answer-lingers-until", &[count, ("time", moment::time(until).into())]), YELLOW)
                }
                None => (words.say("quay-answer-lingers", &[count]), YELLOW),
            });
        }
        if answer.outgoing > 0 {
            let values = [("count", answer.outgoing.into()), ("port", answer.port.to_string().into())];
            remarks.push((words.say("quay-answer-outgoing", &values), FAINT));
        }
        let span =
            |ports: &PortSpan| [("first", ports.first.to_string().into()), ("last", ports.last.to_string().into())];
        if let Some(excluded) = &answer.excluded {
            let key = if excluded.administered { "port-excluded-administered" } else { "port-excluded" };
            remarks.push((words.say(key, &span(&excluded.ports)), YELLOW));
        }
        if let Some(dynamic) = answer.dynamic.as_ref().filter(|_| answer.standing != PortStanding::ClientPort) {
            remarks.push((words.say("port-dynamic", &span(dynamic)), FAINT));
        }
        if let Some(hint) = &answer.hint {
            remarks.push((often(hint, words), FAINT));
        }
        if !remarks.is_empty() {
            self.lines.push(String::new());
        }
        for (remark, style) in remarks {
            self.line(remark, style);
        }
    }
}
