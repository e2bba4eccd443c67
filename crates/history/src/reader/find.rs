//! Finding the rows that fit, newest first.
//!
//! There are two ways. Where an index says that one clause of the filter leaves few rows, those are looked at and no others.
//! Otherwise what is wanted is frequent, and the rows are walked along from the newest on, in stretches, until there are enough
//! of them or the time is up.

use std::time::Instant;

use quaymaster_core::UnixMillis;
use rusqlite::{Connection, Row};

use super::compile::Compiled;
use super::pools::Pools;
use super::{BUDGET, LARGEST_PAGE};
use crate::book::LONGEST_EPISODE;
use crate::event::{Counted, Cursor, Event, EventKind, Listing, Page};
use crate::row::{ALREADY_OPEN, CUT, OPEN, SHIFT, What, began, first_id, unsigned};

/// A clause that leaves no more rows than this is worth an index where the newest few are wanted.
const FEW: i64 = 20_000;

/// Rows in the first stretch of a walk, and in the longest.
const STRETCH: (i64, i64) = (2_000, 64_000);

/// Where the rows are that may fit.
pub(super) enum Way {
    /// Their numbers, as a query.
    Seek(String),
    /// Anywhere.
    Walk,
}

/// Numbers from `from` up to `to` (not included).
#[derive(Clone, Copy)]
pub(super) struct Span {
    pub(super) from: i64,
    pub(super) to: i64,
}

impl Way {
    /// By an index that leaves `few` rows at most, if there is one.
    pub(super) fn to(question: &Compiled, connection: &Connection, few: i64) -> rusqlite::Result<Self> {
        let mut best: Option<(i64, &[String])> = None;
        for seeks in &question.seeks {
            let mut rows = 0;
            for seek in seeks {
                let count = format!("SELECT count(*) FROM (SELECT 1 FROM events {seek} LIMIT {})", few + 1);
                rows += connection.query_row(&count, [], |row| row.get::<_, i64>(0))?;
            }
            if rows <= few && best.is_none_or(|(fewest, _)| rows < fewest) {
                best = Some((rows, seeks));
            }
        }
        Ok(best.map_or(Self::Walk, |(_, seeks)| {
            let selects: Vec<String> = seeks.iter().map(|seek| format!("SELECT id FROM events {seek}")).collect();
            // None at all: nothing fits.
            Self::Seek(if selects.is_empty() { "SELECT 0 WHERE 0".into() } else { selects.join(" UNION ALL ") })
        }))
    }
}

/// Walks back over a span in stretches. `visit` gets each stretch and says whether it wants another. Where it stopped: the
/// number from which on everything was seen.
pub(super) fn walk(
    connection: &Connection,
    span: Span,
    mut visit: impl FnMut(Span) -> rusqlite::Result<bool>,
) -> rusqlite::Result<i64> {
    let started = Instant::now();
    let (mut rows, most) = STRETCH;
    let mut to = span.to;
    let mut edge = connection.prepare_cached(
        "SELECT id FROM events NOT INDEXED WHERE id < ?1 AND id >= ?2 ORDER BY id DESC LIMIT 1 OFFSET ?3",
    )?;
    while to > span.from {
        let mut found = edge.query([to, span.from, rows])?;
        let from = found.next()?.map_or(Ok(span.from), |row| row.get(0))?;
        drop(found);
        let goes_on = visit(Span { from, to })?;
        to = from;
        if !goes_on || started.elapsed() > BUDGET {
            break;
        }
        rows = (rows * 4).min(most);
    }
    Ok(to)
}

/// What the bounds of time and a cursor leave: the rows that began in them or shortly before, and what is older than that and
/// lasted into them (`None`: the bounds have no beginning).
fn spans(question: &Compiled, before: i64) -> (Span, Option<String>) {
    let bounds = question.bounds;
    let to = if bounds.to == OPEN { before } else { before.min(first_id(unsigned(bounds.to))) };
    if bounds.from == i64::MIN {
        return (Span { from: 0, to }, None);
    }
    let from = first_id(unsigned(bounds.from.saturating_sub(LONGEST_EPISODE)));
    let lasting = format!(
        "INDEXED BY by_length WHERE until - (id >> {SHIFT}) > {LONGEST_EPISODE} AND until >= {} AND id < {}",
        bounds.from,
        from.min(to)
    );
    (Span { from, to }, Some(lasting))
}

pub(super) fn page(
    connection: &Connection,
    pools: &Pools,
    question: &Compiled,
    page: Page,
) -> rusqlite::Result<Listing> {
    let limit = page.limit.clamp(1, LARGEST_PAGE);
    let (span, lasting) = spans(question, page.before.map_or(i64::MAX, |cursor| cursor.0));
    let mut events = Vec::new();
    let add = |from: &str, numbers: &[i64], events: &mut Vec<Event>| -> rusqlite::Result<bool> {
        let wanted = limit - events.len();
        let mut select = connection.prepare_cached(&format!(
            "SELECT id, what, until, program, pid, port, local, remote, times, flags, received, sent FROM events {from}
            AND {} ORDER BY id DESC LIMIT {wanted}",
            question.condition
        ))?;
        let mut rows = select.query(rusqlite::params_from_iter(numbers))?;
        while let Some(row) = rows.next()? {
            events.extend(event(row, pools)?);
        }
        Ok(events.len() < limit)
    };
    let full = |events: &[Event]| events.last().filter(|_| events.len() >= limit).map(|event| event.cursor);
    if let Way::Seek(candidates) = Way::to(question, connection, FEW)? {
        add(&format!("NOT INDEXED WHERE id IN ({candidates}) AND id < ?1"), &[span.to], &mut events)?;
        return Ok(Listing { next: full(&events), events });
    }
    let reached = walk(connection, span, |Span { from, to }| {
        add("NOT INDEXED WHERE id >= ?1 AND id < ?2", &[from, to], &mut events)
    })?;
    if let Some(next) = full(&events) {
        return Ok(Listing { events, next: Some(next) });
    }
    if reached > span.from {
        return Ok(Listing { events, next: Some(Cursor(reached)) });
    }
    if let Some(lasting) = lasting {
        add(&lasting, &[], &mut events)?;
    }
    Ok(Listing { next: full(&events), events })
}

pub(super) fn count(connection: &Connection, question: &Compiled, most: u64) -> rusqlite::Result<Counted> {
    let (span, lasting) = spans(question, i64::MAX);
    let mut events = 0;
    let mut add = |from: &str, numbers: &[i64]| -> rusqlite::Result<bool> {
        let mut count = connection.prepare_cached(&format!(
            "SELECT count(*) FROM (SELECT 1 FROM events {from} AND {} LIMIT {})",
            question.condition,
            most + 1
        ))?;
        events += unsigned(count.query_row(rusqlite::params_from_iter(numbers), |row| row.get(0))?);
        Ok(events <= most)
    };
    let whole = if let Way::Seek(candidates) = Way::to(question, connection, FEW)? {
        add(&format!("NOT INDEXED WHERE id IN ({candidates}) AND id < ?1"), &[span.to])?;
        true
    } else {
        let reached =
            walk(connection, span, |Span { from, to }| add("NOT INDEXED WHERE id >= ?1 AND id < ?2", &[from, to]))?;
        if reached == span.from
            && let Some(lasting) = &lasting
        {
            add(lasting, &[])?;
        }
        reached <= span.from
    };
    Ok(Counted { events: events.min(most), more: events > most || !whole })
}

/// A row as an event; `None` for a kind that this version does not know.
fn event(row: &Row<'_>, pools: &Pools) -> rusqlite::Result<Option<Event>> {
    let number = |column: usize| row.get::<_, i64>(column);
    let bytes = |column: usize| row.get::<_, Option<i64>>(column).map(|bytes| bytes.map(unsigned));
    let (id, until, flags) = (number(0)?, number(2)?, number(9)?);
    let Some(what) = What::from_number(number(1)?) else { return Ok(None) };
    let port = u16::try_from(number(5)?).ok();
    let (local, remote) = (pools.address(number(6)?), pools.address(number(7)?));
    let kind = match (what, local, remote) {
        (What::Listener(wire), Some((local, scope)), _) => {
            EventKind::Listener { protocol: wire.protocol, local, scope, port: port.unwrap_or_default() }
        }
        (What::Incoming(wire) | What::Outgoing(wire), Some((local, local_scope)), Some((remote, remote_scope))) => {
            EventKind::Connection {
                protocol: wire.protocol,
                incoming: matches!(what, What::Incoming(_)),
                local,
                local_scope,
                remote,
                remote_scope,
                port: port.unwrap_or_default(),
                times: unsigned(number(8)?),
                received: bytes(10)?,
                sent: bytes(11)?,
            }
        }
        (What::Deed(deed), ..) => EventKind::Deed { deed, port },
        _ => return Ok(None),
    };
    Ok(Some(Event {
        cursor: Cursor(id),
        at: UnixMillis(unsigned(began(id))),
        until: (until != OPEN).then_some(UnixMillis(unsigned(until))),
        cut: flags & CUT != 0,
        already_open: flags & ALREADY_OPEN != 0,
        program: pools.program(number(3)?).cloned(),
        pid: u32::try_from(number(4)?).ok(),
        kind,
    }))
}
