//! `quay list --watch`: the table again and again, in its place on a terminal, one after the other in a
//! pipe and on a terminal that cannot go back.

use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use quaymaster_core::query::{Line, Query, Selection};
use quaymaster_engine::convert;
use quaymaster_engine::once::Look;

use crate::Exit;
use crate::style::{FAINT, STRONG};
use crate::terminal::{Room, Terminal};
use crate::text::width;
use crate::{interrupt, list, moment, table};

const USUAL_INTERVAL: Duration = Duration::from_secs(1);

/// Clears the screen. What was there before scrolls away; there is no second screen that a crash could leave open.
const CLEAR: &str = "\x1b[2J";
const HOME: &str = "\x1b[H";
const CLEAR_LINE: &str = "\x1b[K";
const CLEAR_BELOW: &str = "\x1b[J";

/// Looks until Ctrl-C.
pub(crate) fn run(query: &Query, interval: Option<Duration>, terminal: &Terminal) -> anyhow::Result<Exit> {
    let interval = interval.unwrap_or(USUAL_INTERVAL);
    let stop = interrupt::signal()?;
    let mut look = Look::take()?;
    if terminal.place().is_some() {
        terminal.print(CLEAR)?;
    }
    loop {
        show(&look, &query.run(&look.table), interval, terminal)?;
        match stop.recv_timeout(interval) {
            Err(RecvTimeoutError::Timeout) => look.again(),
            // Between two tables: nothing is left half-drawn.
            Ok(()) | Err(RecvTimeoutError::Disconnected) => return Ok(Exit::Done),
        }
    }
}

fn show(look: &Look, selection: &Selection, interval: Duration, terminal: &Terminal) -> anyhow::Result<()> {
    if terminal.json {
        return list::print_json(look, selection, terminal, true);
    }
    let words = &terminal.words;
    let time = moment::time(look.taken_at.into());
    let seconds = interval.as_secs_f64().to_string();
    let title = words.say("quay-list-watching", &[("time", time.into()), ("seconds", seconds.into())]);
    let title = terminal.paint.apply(STRONG, &title);
    let footer = list::footer(look, selection, terminal);
    match terminal.place() {
        Some(room) => {
            let body = body(look, selection, terminal, Some(&room), footer_height(&footer, &room) + 2);
            let text = [vec![title], body, vec![footer]].concat().join("\n");
            let text = text.replace('\n', &format!("{CLEAR_LINE}\n"));
            Ok(terminal.print(&format!("{HOME}{text}{CLEAR_LINE}{CLEAR_BELOW}"))?)
        }
        None => {
            let body = body(look, selection, terminal, None, 0);
            Ok(terminal.print(&format!("{}\n\n", [vec![title], body, vec![footer]].concat().join("\n")))?)
        }
    }
}

/// The rows that fit beside `taken` other lines, those that have just closed too.
fn body(look: &Look, selection: &Selection, terminal: &Terminal, room: Option<&Room>, taken: usize) -> Vec<String> {
    let ids: Vec<_> =
        selection.lines.iter().filter_map(|line| if let Line::Socket(id) = line { Some(*id) } else { None }).collect();
    // One line more for saying that there are more.
    let fit = room.map_or(usize::MAX, |room| room.lines.saturating_sub(taken + 1));
    let shown = if ids.len() <= fit { ids.len() } else { fit.saturating_sub(1) };
    let rows: Vec<_> = ids[..shown].iter().filter_map(|&id| look.table.row(id)).map(|row| convert::row(&row)).collect();
    let columns = room.map(|room| room.columns);
    let mut lines = table::lines(&rows, &terminal.words, terminal.paint, columns, true);
    if shown < ids.len() {
        let more = terminal.words.say("quay-list-more", &[("count", (ids.len() - shown).into())]);
        lines.push(terminal.paint.apply(FAINT, &more));
    }
    lines
}

/// Lines that the footer takes: its sentences wrap. Colours are counted as text, so it is rather too much than too little.
fn footer_height(footer: &str, room: &Room) -> usize {
    footer.lines().map(|line| width(line).max(1).div_ceil(room.columns.max(1))).sum()
}
