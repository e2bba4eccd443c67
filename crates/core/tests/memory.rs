//! How much memory a row takes. A test binary of its own, for its allocator counts.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "../benches/world/mod.rs"]
#[allow(dead_code, reason = "the benches use the rest of it")]
mod world;

use std::alloc::System;

use quaymaster_core::tracker::Tracker;
use quaymaster_core::{Change, Sample, Table, UnixMillis};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static COUNTED: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const ROWS: u64 = 40_000;

/// Bytes that were taken since `region` began and not given back.
fn held(region: &Region<System>) -> i64 {
    let stats = region.change();
    i64::try_from(stats.bytes_allocated).unwrap() - i64::try_from(stats.bytes_deallocated).unwrap()
}

fn sample(taken_at: u64, changes: Vec<Change>) -> Sample {
    Sample { taken_at: UnixMillis(taken_at), changes, troubles: Vec::new() }
}

/// One test, for what others allocate at the same time would be counted too.
#[test]
fn a_row_is_small_and_gives_back_what_it_took() {
    let (mut tracker, mut table) = (Tracker::new(), Table::new());
    let first = sample(1, world::opened(0..ROWS));
    let gone = sample(2, (0..ROWS).map(|number| Change::Closed(world::key(number))).collect());
    let nothing = sample(3, Vec::new());
    let region = Region::new(COUNTED);
    let applied = tracker.apply(&mut table, &first, false);
    world::learn(&mut table, &applied);
    let each = held(&region) / i64::try_from(ROWS).unwrap();
    // Every second row of this world has an address of its own, which is half of it.
    assert!((50..=200).contains(&each), "{each} bytes a row");
    drop(applied);
    tracker.apply(&mut table, &gone, false);
    tracker.apply(&mut table, &nothing, false);
    tracker.apply(&mut table, &nothing, false);
    assert_eq!((table.open(), table.closed()), (0, 0));
    let left = held(&region) / i64::try_from(ROWS).unwrap();
    assert!(left <= 20, "{left} bytes are kept of every row that is gone");
}
