//! A day in fast motion, on real sockets: a listener opens or closes tens of thousands of times, is told of, written down and
//! remembered; at the end nothing is missing, the memory is what it was and the files are small. QUAYMASTER_DAY_EVENTS (20 000) says
//! how many.
//!
//! Linux only: the memory is read from `/proc`.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use quaymaster_core::{ProcessKey, StartMark};
use quaymaster_engine::past::Past;
use quaymaster_engine::watch::{Observers, Warden, WatchStart, What};
use quaymaster_engine::wire::{HistoryRequest, HistorySettings, WatchSettings};
use quaymaster_engine::{Engine, INTERVALS, Machine};
use quaymaster_probe::Myself;
use quaymaster_tests::footprint::anonymous;

/// Listeners that are open at a time.
const AT_ONCE: usize = 500;
/// Four times as many: each is another listener to a person, and told of once.
const PORTS: std::ops::Range<u16> = 10_000..12_000;
/// Longer than anything here takes, on a slow machine too.
const LONG: Duration = Duration::from_secs(60);

#[test]
fn a_day_leaves_the_memory_as_it_was_and_the_files_small() {
    let wanted: u64 = std::env::var("QUAYMASTER_DAY_EVENTS").map_or(20_000, |events| events.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let (told, seen) = (Arc::new(AtomicU64::new(0)), Arc::new([AtomicU64::new(0), AtomicU64::new(0)]));
    let (alerts, counts) = (Arc::clone(&told), Arc::clone(&seen));
    let warden = Warden::new(WatchStart {
        folder: folder.path(),
        settings: &WatchSettings::default(),
        tell: Box::new(move |alert| {
            alerts.fetch_add(alert.count.into(), Ordering::Relaxed);
        }),
    });
    let past = Past::open(folder.path(), HistorySettings { keep: true, days: 30, megabytes: 200 });
    let listener = move |happened: &[quaymaster_engine::watch::Happening]| {
        for happening in happened.iter().filter(|happening| PORTS.contains(&happening.row.socket.local.port)) {
            let count = match happening.what {
                What::ListenerOpened => &counts[0],
                What::ListenerClosed => &counts[1],
                What::ConnectionOpened | What::ConnectionClosed | What::BytesLearnt => continue,
            };
            count.fetch_add(1, Ordering::Relaxed);
        }
    };
    let observers = Observers { warden: Some(warden), past: Some(past.clone()), listeners: vec![Box::new(listener)] };
    // This process plays everybody's programs, so it must not be taken for Quaymaster, whose own listeners are no news.
    let nobody = Myself { own: ProcessKey { pid: u32::MAX, start: StartMark(0) }, ancestors: Vec::new() };
    let machine = Machine { myself: nobody, ..Machine::this() };
    let engine = Engine::start_observed(machine, *INTERVALS.start(), observers).unwrap();
    let reaches = |which: usize, count: u64| {
        let began = Instant::now();
        while seen[which].load(Ordering::Relaxed) < count {
            assert!(began.elapsed() < LONG, "{count} wanted: {seen:?}");
            std::thread::sleep(Duration::from_millis(5));
        }
    };

    let (mut opened, mut memory, mut ports) = (0, Vec::new(), PORTS.cycle());
    let began = Instant::now();
    while 2 * opened < wanted {
        let there: Vec<TcpListener> =
            ports.by_ref().filter_map(|port| TcpListener::bind(("127.0.0.1", port)).ok()).take(AT_ONCE).collect();
        opened += u64::try_from(there.len()).unwrap();
        reaches(0, opened);
        drop(there);
        reaches(1, opened);
        if opened * 8 >= wanted * u64::try_from(memory.len() + 1).unwrap() {
            memory.push(anonymous());
        }
    }
    let took = began.elapsed();
    drop(engine);

    let ended = || {
        let mut request = HistoryRequest { filter: "port:10000-11999 state:listen".into(), before: None, limit: 1_000 };
        let mut ended = 0;
        loop {
            let page = past.archive().page(&request).unwrap();
            ended += page.events.iter().filter(|event| event.until.is_some()).count();
            match page.next {
                Some(next) => request.before = Some(next),
                None => return u64::try_from(ended).unwrap(),
            }
        }
    };
    // The last batch is on its way.
    let waited = Instant::now();
    while ended() < opened {
        assert!(waited.elapsed() < LONG, "{} of {opened} remembered", ended());
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(ended(), opened, "each once");
    assert_eq!(past.state().lost, 0);
    // What was there when it began was learnt, and that is written; what came later nobody called expected.
    let bytes = |file: &str| std::fs::metadata(folder.path().join(file)).map_or(0, |file| file.len());
    let history = bytes("history.sqlite") + bytes("history.sqlite-wal");
    let (known, told) = (bytes("known-listeners.json"), told.load(Ordering::Relaxed));
    println!(
        "{} events in {took:.1?}, {told} told; history {history} bytes, list {known}; MB by quarters {memory:.1?}",
        2 * opened
    );
    assert!(told <= 2_000, "{told}");
    assert!(known < 1 << 20, "{known}");
    // SQLite's own journal beside it, up to 4 MB, is what a short day has most of.
    assert!(history < (5 << 20) + wanted * 100, "{history}");
    assert!(memory[3] < memory[1] + 4.0, "{memory:?}");
}
