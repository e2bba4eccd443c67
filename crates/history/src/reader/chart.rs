//! Sums over many events: the chart, and who used a port.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use quaymaster_core::UnixMillis;
use rusqlite::{Connection, Row};

use super::compile::Compiled;
use super::find::Way;
use super::pools::Pools;
use crate::book::{LONGEST_EPISODE, MINUTE};
use crate::event::{Bucket, Chart, PortUser};
use crate::filter::HistoryFilter;
use crate::row::{ALREADY_OPEN, FIRST_DEED, OPEN, SHIFT, began, first_id, signed, unsigned};

/// A clause that leaves no more rows than this is worth an index where all of them are wanted.
const FEW: i64 = 60_000;

/// How long a walk over everything may take. The page is there before the chart, which may take a little longer.
const BUDGET: Duration = Duration::from_millis(85);

/// Stretches that are being filled.
struct Filling {
    since: i64,
    width: i64,
    buckets: Vec<Bucket>,
}

impl Filling {
    fn new(since: UnixMillis, until: UnixMillis, buckets: usize) -> Self {
        let width = until.since(since).div_ceil(buckets as u64).max(1);
        let buckets = (0..buckets as u64).map(|number| Bucket { at: since.plus(number * width), ..Bucket::default() });
        Self { since: signed(since.0), width: signed(width), buckets: buckets.collect() }
    }

    fn add(&mut self, at: i64, listeners: i64, connections: i64) {
        let place = usize::try_from((at - self.since).max(0) / self.width).unwrap_or(usize::MAX);
        if let Some(bucket) = self.buckets.get_mut(place) {
            bucket.listeners += unsigned(listeners);
            bucket.connections += unsigned(connections);
        }
    }

    /// A row of number, kind and times.
    fn add_row(&mut self, row: &Row<'_>) -> rusqlite::Result<()> {
        let (at, what, times) = (began(row.get(0)?), row.get::<_, i64>(1)?, row.get(2)?);
        if what < 4 {
            self.add(at, times, 0)
        } else {
            self.add(at, 0, times)
        }
        Ok(())
    }
}

pub(super) fn chart(
    connection: &Connection,
    pools: &Pools,
    filter: &HistoryFilter,
    (since, until): (UnixMillis, UnixMillis),
    buckets: usize,
) -> rusqlite::Result<Chart> {
    let mut filling = Filling::new(since, until, buckets);
    if filter.is_empty() && filling.width >= MINUTE {
        let minutes = [signed(since.0) / MINUTE, (signed(until.0) + MINUTE - 1) / MINUTE];
        let mut select = connection
            .prepare_cached("SELECT minute, listeners, connections FROM minutes WHERE minute >= ?1 AND minute < ?2")?;
        let mut rows = select.query(minutes)?;
        while let Some(row) = rows.next()? {
            filling.add(row.get::<_, i64>(0)? * MINUTE, row.get(1)?, row.get(2)?);
        }
        return Ok(Chart { buckets: filling.buckets, counted_from: since });
    }
    let question = Compiled::new(filter, connection, pools)?;
    let condition = format!(
        "what < {FIRST_DEED} AND flags & {ALREADY_OPEN} = 0 AND id >= ?1 AND id < ?2 AND {}",
        question.condition
    );
    let (from, to) = (first_id(since.0), first_id(until.0));
    if let Way::Seek(candidates) = Way::to(&question, connection, FEW)? {
        let mut select = connection.prepare_cached(&format!(
            "SELECT id, what, times FROM events NOT INDEXED WHERE id IN ({candidates}) AND {condition}"
        ))?;
        let mut rows = select.query([from, to])?;
        while let Some(row) = rows.next()? {
            filling.add_row(row)?;
        }
        return Ok(Chart { buckets: filling.buckets, counted_from: since });
    }
    // The newest first, each whole: what the time suffices for is right.
    let started = Instant::now();
    let mut counted_from = until;
    let mut sum = connection.prepare_cached(&format!(
        "SELECT ifnull(sum(iif(what < 4, times, 0)), 0), ifnull(sum(iif(what < 4, 0, times)), 0)
        FROM events NOT INDEXED WHERE {condition}"
    ))?;
    for bucket in filling.buckets.iter_mut().rev().filter(|bucket| bucket.at < until) {
        if started.elapsed() > BUDGET {
            break;
        }
        let span = [first_id(bucket.at.0), first_id(bucket.at.0 + unsigned(filling.width)).min(to)];
        let number = |row: &Row<'_>, column| row.get(column).map(unsigned);
        (bucket.listeners, bucket.connections) = sum.query_row(span, |row| Ok((number(row, 0)?, number(row, 1)?)))?;
        counted_from = bucket.at;
    }
    Ok(Chart { buckets: filling.buckets, counted_from })
}

pub(super) fn programs_at_port(
    connection: &Connection,
    pools: &Pools,
    port: u16,
    since: UnixMillis,
) -> rusqlite::Result<Vec<PortUser>> {
    let low = first_id(since.0.saturating_sub(unsigned(LONGEST_EPISODE)));
    let columns = "program, id, what, until, times FROM events";
    let mut select = connection.prepare_cached(&format!(
        "SELECT {columns} INDEXED BY by_port WHERE port >= 0 AND port = ?1 AND id >= ?3 AND until >= ?2 AND what < {FIRST_DEED}
        UNION ALL
        SELECT {columns} INDEXED BY by_length WHERE until - (id >> {SHIFT}) > {LONGEST_EPISODE} AND until >= ?2 AND id < ?3
            AND port = ?1 AND what < {FIRST_DEED}"
    ))?;
    let mut rows = select.query([i64::from(port), signed(since.0), low])?;
    let mut users: HashMap<i64, (i64, PortUser)> = HashMap::new();
    while let Some(row) = rows.next()? {
        let (program, began, what, until) = (row.get(0)?, began(row.get(1)?), row.get::<_, i64>(2)?, row.get(3)?);
        let times = unsigned(row.get(4)?);
        let first = UnixMillis(unsigned(began));
        let (last, user) = users.entry(program).or_insert_with(|| {
            let program = pools.program(program).cloned();
            (until, PortUser { program, first, last: None, listened: 0, incoming: 0, outgoing: 0 })
        });
        *last = until.max(*last);
        user.first = user.first.min(first);
        match what {
            0..4 => user.listened += times,
            4..8 => user.incoming += times,
            _ => user.outgoing += times,
        }
    }
    let mut users: Vec<(i64, PortUser)> = users.into_values().collect();
    users.sort_unstable_by(|(last, one), (other_last, other)| {
        (other_last, other.first, &one.program).cmp(&(last, one.first, &other.program))
    });
    let ended = |last| (last != OPEN).then_some(UnixMillis(unsigned(last)));
    Ok(users.into_iter().map(|(last, user)| PortUser { last: ended(last), ..user }).collect())
}
