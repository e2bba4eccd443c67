//! What a table holds and what a look or a question takes from the allocator, at 200 000 rows and less: figures to read, not
//! times. `cargo bench -p quaymaster-core --bench memory`.
#![expect(clippy::unwrap_used, reason = "a bench may fail loudly")]

#[allow(dead_code, reason = "every bench uses its own part")]
mod world;

use std::alloc::System;
use std::collections::BTreeSet;

use quaymaster_core::query::{Column, Filter, Query, Scope};
use quaymaster_core::tracker::Tracker;
use quaymaster_core::{Change, Sample, Table, UnixMillis};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static COUNTED: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// What `work` allocates, and what of it is still held when it is done.
fn counted<A>(what: &str, rows: u64, work: impl FnOnce() -> A) -> A {
    let region = Region::new(COUNTED);
    let done = work();
    let stats = region.change();
    let bytes = |count: usize| i64::try_from(count).unwrap();
    let grown = i64::try_from(stats.bytes_reallocated).unwrap();
    let held = bytes(stats.bytes_allocated) - bytes(stats.bytes_deallocated);
    let each = held / i64::try_from(rows).unwrap();
    let (times, again) = (stats.allocations, stats.reallocations);
    println!(
        "{what:>28} {rows:>7} rows: {times:>7} allocations, {again:>4} grown ({grown} B), {held:>10} B held, {each} B a row"
    );
    done
}

fn question(column: Column, filter: &str, group: bool) -> Query {
    let filter = Filter::parse(filter).unwrap();
    Query { scope: Scope::All, filter, column, descending: false, group, folded: BTreeSet::new() }
}

fn churn(size: u64) -> Sample {
    let gone = (0..size / 100).map(|number| Change::Closed(world::key(number)));
    let changes = gone.chain(world::opened(size..size + size / 100)).collect();
    Sample { taken_at: UnixMillis(2), changes, troubles: Vec::new() }
}

fn main() {
    for size in [1_000, 10_000, 50_000, 200_000] {
        let (mut tracker, mut table) = (Tracker::new(), Table::new());
        let first = Sample { taken_at: UnixMillis(1), changes: world::opened(0..size), troubles: Vec::new() };
        let applied = counted("first look", size, || tracker.apply(&mut table, &first, false));
        counted("facts of owners", size, || world::learn(&mut table, &applied));
        let later = churn(size);
        counted("look with 1 % new", size, || tracker.apply(&mut table, &later, false));
        counted("look with nothing new", size, || tracker.apply(&mut table, &Sample::default(), false));
        for (what, question) in [
            ("all by program", question(Column::Program, "", false)),
            ("all by program again", question(Column::Program, "", false)),
            ("text by address", question(Column::RemoteAddress, "program-1", false)),
            ("grouped", question(Column::Program, "", true)),
        ] {
            let answer = counted(what, size, || question.run(&table));
            if what == "all by program" {
                let lines = answer.lines.iter().take(60);
                let rows = lines.filter_map(world::id).filter_map(|id| table.row(id));
                counted("sixty rows", size, || rows.collect::<Vec<_>>());
            }
        }
    }
}
