//! What a question costs, on tables of growing size: `cargo bench -p quaymaster-core --bench query`.
#![expect(clippy::unwrap_used, reason = "a bench may fail loudly")]

#[allow(dead_code, reason = "every bench uses its own part")]
mod world;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::hint::black_box;

use divan::Bencher;
use quaymaster_core::query::{Column, Desk, Filter, Query, Scope};
use quaymaster_core::{Row, Sample, UnixMillis};

const SIZES: [u64; 4] = [1_000, 10_000, 50_000, 200_000];

/// Lines that a page shows at once.
const WINDOW: usize = 60;

fn main() {
    divan::main();
}

fn question(filter: &str, column: Column) -> Query {
    let filter = Filter::parse(filter).unwrap();
    Query { scope: Scope::All, filter, column, descending: false, group: false, folded: BTreeSet::new() }
}

/// Filter, sort and the rows of one window from the middle of the answer.
fn ask(bencher: Bencher, size: u64, question: &Query) {
    let (_, table) = world::table(size);
    assert_eq!(table.open() as u64, size);
    let mut desk = Desk::default();
    bencher.bench_local(|| {
        let selection = question.run_on(&mut desk, &table);
        let rows = |line| world::id(line).and_then(|id| table.row(id)).as_ref().map(ends);
        let lines = selection.lines.iter().skip(selection.lines.len() / 2).take(WINDOW);
        black_box(lines.filter_map(rows).sum::<u32>());
        desk.clear(selection);
    });
}

fn ends(row: &Row) -> u32 {
    u32::from(row.socket.local.port) + row.socket.remote.map_or(0, |remote| u32::from(remote.port))
}

#[divan::bench(args = SIZES)]
fn all_by_program(bencher: Bencher, size: u64) {
    ask(bencher, size, &question("", Column::Program));
}

#[divan::bench(args = SIZES)]
fn all_by_local_port(bencher: Bencher, size: u64) {
    ask(bencher, size, &question("", Column::LocalPort));
}

#[divan::bench(args = SIZES)]
fn all_by_remote_address(bencher: Bencher, size: u64) {
    ask(bencher, size, &question("", Column::RemoteAddress));
}

#[divan::bench(args = SIZES)]
fn all_by_state(bencher: Bencher, size: u64) {
    ask(bencher, size, &question("", Column::State));
}

#[divan::bench(args = SIZES)]
fn all_by_usual_program(bencher: Bencher, size: u64) {
    ask(bencher, size, &question("", Column::UsualProgram));
}

/// The first question after a look that brought new addresses: their order has to be found again.
#[divan::bench(args = SIZES)]
fn all_by_program_after_a_look(bencher: Bencher, size: u64) {
    let (tracker, table) = world::table(size);
    let (watched, question) = (RefCell::new((tracker, table)), question("", Column::Program));
    let (mut next, mut desk) = (size, Desk::default());
    bencher
        .with_inputs(|| {
            let (tracker, table) = &mut *watched.borrow_mut();
            next += 20;
            let sample =
                Sample { taken_at: UnixMillis(next), changes: world::opened(next - 20..next), troubles: vec![] };
            tracker.apply(table, &sample, false)
        })
        .bench_local_refs(|_| {
            let answer = question.run_on(&mut desk, &watched.borrow().1);
            black_box(answer.lines.len());
            desk.clear(answer);
        });
}

#[divan::bench(args = SIZES)]
fn number(bencher: Bencher, size: u64) {
    ask(bencher, size, &question("7897", Column::LocalPort));
}

#[divan::bench(args = SIZES)]
fn text_that_many_match(bencher: Bencher, size: u64) {
    ask(bencher, size, &question("program-1", Column::Program));
}

#[divan::bench(args = SIZES)]
fn text_that_none_matches(bencher: Bencher, size: u64) {
    ask(bencher, size, &question("nothing-like-it", Column::Program));
}

#[divan::bench(args = SIZES)]
fn several_terms(bencher: Bencher, size: u64) {
    ask(bencher, size, &question("proc:program port:80-9000 !udp remote:10.0.0.0/8", Column::RemoteAddress));
}

#[divan::bench(args = SIZES)]
fn grouped(bencher: Bencher, size: u64) {
    ask(bencher, size, &Query { group: true, ..question("", Column::Program) });
}

/// An address, or a piece of one, is put to every address: half of the rows have one of their own.
#[divan::bench(args = SIZES)]
fn text_like_an_address(bencher: Bencher, size: u64) {
    ask(bencher, size, &question("10.1", Column::LocalAddress));
}

#[divan::bench(args = SIZES)]
fn all_by_user(bencher: Bencher, size: u64) {
    ask(bencher, size, &question("", Column::User));
}

#[divan::bench(args = SIZES)]
fn all_by_first_seen_from_the_last(bencher: Bencher, size: u64) {
    ask(bencher, size, &Query { descending: true, ..question("", Column::FirstSeen) });
}

#[divan::bench(args = SIZES)]
fn all_by_receive_queue(bencher: Bencher, size: u64) {
    ask(bencher, size, &question("", Column::ReceiveQueue));
}

/// The order of the answer before is held under the pointer.
#[divan::bench(args = SIZES)]
fn held(bencher: Bencher, size: u64) {
    let (_, table) = world::table(size);
    let question = question("", Column::Program);
    let (mut desk, mut last) = (Desk::default(), question.run(&table));
    bencher.bench_local(|| {
        let now = question.run_on(&mut desk, &table).held_to(&last, &table);
        desk.clear(std::mem::replace(&mut last, now));
    });
}

/// Everything about the busiest port: half of all connections end there.
#[divan::bench(args = SIZES)]
fn busiest_port(bencher: Bencher, size: u64) {
    let (_, table) = world::table(size);
    bencher.bench_local(|| quaymaster_core::port::answer(&table, 7897));
}
