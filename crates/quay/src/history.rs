//! `quay history`: what has happened, as far as the window has kept it.

use quaymaster_core::query::past::PastFilter;
use quaymaster_engine::past::Archive;
use quaymaster_engine::place;
use quaymaster_engine::wire::{HistoryDeed, HistoryEvent, HistoryRequest, HistoryWhat, Whose};
use quaymaster_engine::words::Words;

use crate::arguments::History;
use crate::style::FAINT;
use crate::terminal::Terminal;
use crate::{Exit, moment, phrase, usage};

/// The most events in one question.
const PAGE: u32 = 1_000;

/// Shows what fits, newest first.
pub(crate) fn run(order: &History, terminal: &Terminal) -> anyhow::Result<Exit> {
    let words = &terminal.words;
    let typed = order.filter.join(" ");
    if let Err(error) = PastFilter::parse(&typed) {
        return Ok(usage::wrong_filter(terminal, &typed, &error));
    }
    let archive = Archive::of(&place::data());
    let (mut shown, mut before) = (0, None);
    loop {
        let left = if order.limit == 0 { PAGE } else { (order.limit - shown).min(PAGE) };
        let request = HistoryRequest { filter: typed.clone(), before, limit: left };
        let page = match archive.page(&request) {
            Ok(page) => page,
            Err(failure) => {
                terminal.complain(&phrase::failure(words, &failure));
                return Ok(Exit::Failed);
            }
        };
        for event in &page.events {
            show(event, terminal)?;
            shown += 1;
        }
        before = page.next;
        if before.is_none() || order.limit != 0 && shown >= order.limit {
            break;
        }
    }
    let key = match (shown, before) {
        (0, _) if typed.is_empty() => "quay-history-empty",
        (0, _) => "quay-history-no-match",
        (_, Some(_)) => "quay-history-more",
        (_, None) => return Ok(Exit::Done),
    };
    terminal.remark(&terminal.paint.apply(FAINT, &words.say(key, &[("count", shown.into())])))?;
    Ok(if shown == 0 { Exit::Nothing } else { Exit::Done })
}

fn show(event: &HistoryEvent, terminal: &Terminal) -> anyhow::Result<()> {
    if terminal.json {
        return terminal.print_json(event, true);
    }
    let words = &terminal.words;
    let when = terminal.paint.apply(FAINT, &moment::date_and_time(event.at));
    let name = event.program.as_ref().map(|program| program.name.as_str());
    let program = match event.pid {
        Some(pid) => phrase::program(words, name, pid),
        None => words.say("quay-program-unknown", &[]),
    };
    let parts = [Some(what(event, program, words)), lasting(event, words)];
    let said = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    Ok(terminal.print(&format!("{when}  {said}\n"))?)
}

fn what(event: &HistoryEvent, program: String, words: &Words) -> String {
    let whole = |address: &str, port: u16| {
        let (address, port) = phrase::end(address, port);
        address + &port
    };
    match &event.what {
        HistoryWhat::Listener { protocol, address, port } => {
            let local = whole(address, *port);
            words.say(
                "quay-history-listener",
                &[("program", program.into()), ("local", local.into()), ("protocol", (*protocol).into())],
            )
        }
        HistoryWhat::Connection { protocol, incoming, local, remote, remote_whose, port, times, received, sent } => {
            // The other port of each is the system's choice, and not kept.
            let (key, local, remote) = match incoming {
                true => ("quay-history-incoming", whole(local, *port), remote.clone()),
                false => ("quay-history-outgoing", local.clone(), whole(remote, *port)),
            };
            let mut said = words.say(
                key,
                &[
                    ("program", program.into()),
                    ("local", local.into()),
                    ("remote", remote.into()),
                    ("protocol", (*protocol).into()),
                ],
            );
            if let Whose::Network { organisation: Some(name), .. } = remote_whose {
                said = format!("{said} · {name}");
            }
            if *times > 1 {
                said = format!("{said} · {}", words.say("quay-history-times", &[("times", (*times).into())]));
            }
            if let (Some(received), Some(sent)) = (received, sent) {
                let bytes = [("received", (*received).into()), ("sent", (*sent).into())];
                said = format!("{said} · {}", words.say("quay-history-bytes", &bytes));
            }
            said
        }
        HistoryWhat::Deed { deed, port } => {
            let deed = match deed {
                HistoryDeed::Ended => "ended",
                HistoryDeed::Forced => "forced",
                HistoryDeed::Expected => "expected",
            };
            match port {
                Some(port) => words.say(
                    &format!("quay-history-{deed}-port"),
                    &[("program", program.into()), ("port", port.to_string().into())],
                ),
                None => words.say(&format!("quay-history-{deed}"), &[("program", program.into())]),
            }
        }
    }
}

/// How long it went on, as far as that is known; `None` for what takes no time.
fn lasting(event: &HistoryEvent, words: &Words) -> Option<String> {
    if matches!(event.what, HistoryWhat::Deed { .. }) {
        return None;
    }
    let mut said = Vec::new();
    if event.already_open {
        said.push(words.say("quay-history-already-open", &[]));
    }
    said.push(match event.until {
        None => words.say("quay-history-open", &[]),
        Some(until) if event.cut => words.say("quay-history-cut", &[("time", moment::date_and_time(until).into())]),
        Some(until) => {
            let span = moment::span(words, event.at, quaymaster_core::UnixMillis(until.0));
            words.say("quay-history-for", &[("span", span.into())])
        }
    });
    Some(said.join(" · "))
}
