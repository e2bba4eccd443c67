//! `quay watch`: what happens from now on, a line each.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use quaymaster_core::query::Filter;
use quaymaster_engine::watch::{Happening, Observers, What};
use quaymaster_engine::wire::{Millis, Owner, Socket};
use quaymaster_engine::{Engine, Machine, convert};
use serde::Serialize;

use crate::arguments::Watch;
use crate::style::{FAINT, GREEN};
use crate::terminal::Terminal;
use crate::{Exit, interrupt, moment, phrase, usage};

/// Between two looks; listeners are looked at more often.
const INTERVAL: Duration = Duration::from_secs(1);
/// How soon an end is noticed while nothing happens.
const NOTICE: Duration = Duration::from_millis(100);

/// How long the first look is waited for.
const BEGUN: Duration = Duration::from_secs(10);

/// A line of JSON.
#[derive(Serialize)]
struct Line<'a> {
    at: Millis,
    event: &'static str,
    /// Of a connection: the other end called, as far as listeners tell.
    incoming: Option<bool>,
    /// Of a connection that has ended: bytes received in its life, where the system told.
    received: Option<u64>,
    /// And sent.
    sent: Option<u64>,
    socket: &'a Socket,
}

/// Tells until Ctrl-C.
pub(crate) fn run(order: &Watch, terminal: &Terminal) -> anyhow::Result<Exit> {
    let typed = order.filter.join(" ");
    let filter = match Filter::parse(&typed) {
        Ok(filter) => filter,
        Err(error) => return Ok(usage::wrong_filter(terminal, &typed, &error)),
    };
    let stop = interrupt::signal()?;
    let (tell, happened) = channel();
    let (begin, begun) = channel();
    let listener = Box::new(move |happened: &[Happening]| {
        let _ = begin.send(());
        // What was there when we came has not happened.
        let news = happened.iter().filter(|one| !(one.row.already_open && is_opening(one.what)));
        for one in news.filter(|one| filter.matches(&one.row)) {
            // Nobody hears it any more when the end is under way.
            let _ = tell.send(one.clone());
        }
    });
    let observers = Observers { listeners: vec![listener], ..Observers::default() };
    let _engine = Engine::start_observed(Machine::this(), INTERVAL, observers)?;
    // What is there has been seen now, unless there is nothing at all.
    let _ = begun.recv_timeout(BEGUN);
    if !terminal.json {
        terminal.remark(&terminal.paint.apply(FAINT, &terminal.words.say("quay-watch-begins", &[])))?;
    }
    loop {
        match happened.recv_timeout(NOTICE) {
            Ok(one) => show(&one, terminal)?,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => anyhow::bail!("the engine has stopped"),
        }
        if stop.try_recv().is_ok() {
            return Ok(Exit::Done);
        }
    }
}

fn is_opening(what: What) -> bool {
    matches!(what, What::ListenerOpened | What::ConnectionOpened)
}

fn event(what: What) -> &'static str {
    match what {
        What::ListenerOpened => "listener_opened",
        What::ListenerClosed => "listener_closed",
        What::ConnectionOpened => "connection_opened",
        What::ConnectionClosed => "connection_closed",
        What::BytesLearnt => "bytes_learnt",
    }
}

fn show(one: &Happening, terminal: &Terminal) -> anyhow::Result<()> {
    let socket = convert::socket(&one.row);
    let is_listener = matches!(one.what, What::ListenerOpened | What::ListenerClosed);
    let incoming = (!is_listener).then_some(one.incoming);
    if terminal.json {
        let (received, sent) = one.bytes.map(|bytes| (bytes.received, bytes.sent)).unzip();
        let line = Line { at: one.at.into(), event: event(one.what), incoming, received, sent, socket: &socket };
        return terminal.print_json(&line, true);
    }
    // Only numbers, long after: nothing that happened.
    if one.what == What::BytesLearnt {
        return Ok(());
    }
    let words = &terminal.words;
    let owners = if socket.owners.is_empty() { &socket.last_owners } else { &socket.owners };
    let program = match owners.first() {
        Some(Owner { name, pid, .. }) => phrase::program(words, Some(name), *pid),
        None => words.say("quay-program-unknown", &[]),
    };
    let whole = |address: &str, port: u16| {
        let (address, port) = phrase::end(address, port);
        address + &port
    };
    let local = whole(&socket.local_address, socket.local_port);
    let remote = whole(socket.remote_address.as_deref().unwrap_or_default(), socket.remote_port.unwrap_or_default());
    let side = match incoming {
        Some(true) => "-incoming",
        Some(false) => "-outgoing",
        None => "",
    };
    let key = format!("quay-watch-{}{side}", event(one.what));
    let arguments = [
        ("program", program.into()),
        ("local", local.into()),
        ("remote", remote.into()),
        ("protocol", phrase::protocol(&socket).into()),
    ];
    let said = words.say(&key, &arguments);
    let said = if is_opening(one.what) { terminal.paint.apply(GREEN, &said) } else { said };
    let time = terminal.paint.apply(FAINT, &moment::time(one.at.into()));
    Ok(terminal.print(&format!("{time}  {said}\n"))?)
}
