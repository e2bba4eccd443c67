//! `quay list`: the sockets that match, once.

use std::fmt::Write;

use quaymaster_core::query::{Column, Filter, Query, Scope, Selection};
use quaymaster_engine::once::Look;
use quaymaster_engine::{convert, export};

use crate::Exit;
use crate::arguments::List;
use crate::style::{FAINT, YELLOW};
use crate::terminal::Terminal;
use crate::{phrase, repeat, table, usage};

/// Shows what was asked for.
pub(crate) fn run(order: &List, terminal: &Terminal) -> anyhow::Result<Exit> {
    let typed = order.filter.join(" ");
    let filter = match Filter::parse(&typed) {
        Ok(filter) => filter,
        Err(error) => return Ok(usage::wrong_filter(terminal, &typed, &error)),
    };
    let query = Query {
        scope: Scope::All,
        filter,
        column: order.sort.map_or(Column::LocalPort, crate::arguments::SortBy::column),
        descending: order.desc,
        group: false,
        folded: std::collections::BTreeSet::new(),
    };
    if order.watch {
        return repeat::run(&query, order.interval, terminal);
    }
    let look = Look::take()?;
    let selection = query.run(&look.table);
    show(&look, &selection, terminal)?;
    Ok(if selection.matched == 0 { Exit::Nothing } else { Exit::Done })
}

fn show(look: &Look, selection: &Selection, terminal: &Terminal) -> anyhow::Result<()> {
    if terminal.json {
        print_json(look, selection, terminal, false)?;
        return complain_of_troubles(look, terminal);
    }
    let room = terminal.room().map(|room| room.columns);
    if selection.matched > 0 {
        let rows: Vec<_> = export::selected(selection, &look.table).map(|row| convert::row(&row)).collect();
        let lines = table::lines(&rows, &terminal.words, terminal.paint, room, false);
        terminal.print(&(lines.join("\n") + "\n"))?;
    }
    Ok(terminal.remark(&footer(look, selection, terminal))?)
}

/// The listing as JSON.
pub(crate) fn print_json(
    look: &Look,
    selection: &Selection,
    terminal: &Terminal,
    one_line: bool,
) -> anyhow::Result<()> {
    let rows = export::selected(selection, &look.table);
    terminal.print_json(&export::listing(look.taken_at, selection, rows), one_line)
}

/// JSON has no place for sentences: they go beside it.
fn complain_of_troubles(look: &Look, terminal: &Terminal) -> anyhow::Result<()> {
    for trouble in &look.troubles {
        terminal.complain(&phrase::trouble(&terminal.words, trouble));
    }
    Ok(())
}

/// How much there is, what is hidden and why, and what went wrong.
pub(crate) fn footer(look: &Look, selection: &Selection, terminal: &Terminal) -> String {
    let words = &terminal.words;
    let (matched, all) = (selection.matched, look.table.open());
    let mut text = match (matched, all) {
        (0, 0) => words.say("quay-list-empty", &[]),
        (0, _) => words.say("quay-list-no-match", &[]) + " ",
        _ => String::new(),
    };
    if matched == all && all > 0 {
        text += &words.say("quay-list-all", &[("total", all.into())]);
    } else if all > 0 {
        text += &words.say("quay-list-some", &[("matched", matched.into()), ("total", all.into())]);
    }
    for (state, count) in &selection.states {
        let name = state.map_or("UDP", |state| state.name());
        let _ = write!(text, " · {name} {count}");
    }
    let mut text = terminal.paint.apply(FAINT, &text);
    for (gap, count) in &selection.hidden {
        let said =
            words.say(&format!("quay-hidden-{}", phrase::code(convert::gap(*gap))), &[("count", (*count).into())]);
        let _ = write!(text, "\n{}", terminal.paint.apply(FAINT, &said));
    }
    for trouble in &look.troubles {
        let _ = write!(text, "\n{}", terminal.paint.apply(YELLOW, &phrase::trouble(words, trouble)));
    }
    text
}
