//! What a look costs, on tables of growing size: in proportion to what changed, not to the table.
//! `cargo bench -p quaymaster-core --bench tracker`.

#[allow(dead_code, reason = "every bench uses its own part")]
mod world;

use divan::Bencher;
use quaymaster_core::tracker::Tracker;
use quaymaster_core::{Change, Sample, Table, UnixMillis};

const SIZES: [u64; 4] = [1_000, 10_000, 50_000, 200_000];

fn main() {
    divan::main();
}

#[divan::bench(args = SIZES, sample_count = 10)]
fn first_look(bencher: Bencher, size: u64) {
    let sample = Sample { taken_at: UnixMillis(1), changes: world::opened(0..size), troubles: Vec::new() };
    bencher.bench_local(|| {
        let (mut tracker, mut table) = (Tracker::new(), Table::new());
        tracker.apply(&mut table, &sample, false);
        (tracker, table)
    });
}

/// Looks at which one row in `part` has gone and as many have come; the ghosts of the look before go too.
fn churn(bencher: Bencher, size: u64, part: u64) {
    let (mut tracker, mut table) = world::table(size);
    let churn = (size / part).max(1);
    let mut oldest = 0;
    bencher
        .with_inputs(|| {
            let gone = (oldest..oldest + churn).map(|number| Change::Closed(world::key(number)));
            let changes = gone.chain(world::opened(oldest + size..oldest + size + churn)).collect();
            oldest += churn;
            Sample { taken_at: UnixMillis(oldest), changes, troubles: Vec::new() }
        })
        .bench_local_refs(|sample| tracker.apply(&mut table, sample, false));
}

#[divan::bench(args = SIZES)]
fn look_with_a_tenth_of_a_percent_new(bencher: Bencher, size: u64) {
    churn(bencher, size, 1_000);
}

#[divan::bench(args = SIZES)]
fn look_with_one_percent_new(bencher: Bencher, size: u64) {
    churn(bencher, size, 100);
}

#[divan::bench(args = SIZES, sample_count = 20)]
fn look_with_ten_percent_new(bencher: Bencher, size: u64) {
    churn(bencher, size, 10);
}

/// A look at which nothing changed.
#[divan::bench(args = SIZES)]
fn look_with_nothing_new(bencher: Bencher, size: u64) {
    let (mut tracker, mut table) = world::table(size);
    bencher.bench_local(|| tracker.apply(&mut table, &Sample::default(), false));
}

/// A sample between two looks in which one listener opened.
#[divan::bench(args = SIZES)]
fn a_listener_between_two_looks(bencher: Bencher, size: u64) {
    let (mut tracker, mut table) = world::table(size);
    let mut next = size;
    bencher
        .with_inputs(|| {
            next += 20;
            Sample { taken_at: UnixMillis(next), changes: world::opened(next..next + 1), troubles: Vec::new() }
        })
        .bench_local_refs(|sample| tracker.between(&mut table, sample));
}
