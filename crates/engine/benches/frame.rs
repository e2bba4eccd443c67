//! What a frame costs from the question to the JSON: filter, sort and window over tables of growing size, by way of the
//! engine's own thread and channel.
#![expect(clippy::unwrap_used, reason = "a bench may fail loudly")]

#[path = "../tests/fake/mod.rs"]
#[expect(dead_code, reason = "the tests use the rest of it")]
mod fake;

use divan::Bencher;
use quaymaster_core::Change;
use quaymaster_engine::wire::{Column, FrameRequest, Sort};
use quaymaster_engine::{Engine, INTERVALS};

const SIZES: [u32; 4] = [1_000, 10_000, 50_000, 200_000];

fn main() {
    divan::main();
}

/// An engine on a computer with `size` sockets of 200 programs, which it has looked at and will not look at again.
fn engine(size: u32) -> Engine {
    let socket = |n: u32| fake::listener(u64::from(n) + 1, u16::try_from(n % 60_000).unwrap() + 1, n % 200 + 1);
    let (machine, _script) = fake::machine((0..size).map(|n| Change::Opened(socket(n))).collect(), false);
    let engine = Engine::start(machine, *INTERVALS.end()).unwrap();
    while bytes(&engine, fake::request()) < 1_000 {}
    engine.set_paused(true).unwrap();
    engine
}

/// Asks for a frame and writes it as JSON; answers its size.
fn bytes(engine: &Engine, request: FrameRequest) -> usize {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let frame = runtime.block_on(engine.next_frame(request)).unwrap();
    serde_json::to_vec(&frame).unwrap().len()
}

/// The worst case: every question differs from the last, so nothing of the last answer can be used.
#[divan::bench(args = SIZES)]
fn filter_and_sort(bencher: Bencher, size: u32) {
    let engine = engine(size);
    let mut turn = false;
    bencher.bench_local(|| {
        turn = !turn;
        let sort = Sort { column: if turn { Column::Program } else { Column::LocalAddress }, descending: turn };
        bytes(&engine, FrameRequest { filter: "program state:listen".into(), sort, count: 60, ..fake::request() })
    });
}

/// Scrolling: the same question, another window.
#[divan::bench(args = SIZES)]
fn scroll(bencher: Bencher, size: u32) {
    let engine = engine(size);
    let mut first = 0;
    bencher.bench_local(|| {
        first = (first + 17) % (size - 60);
        bytes(&engine, FrameRequest { first, count: 60, ..fake::request() })
    });
}
