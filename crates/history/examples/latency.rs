//! How long answers take over many events: `cargo run --release -p quaymaster-history --example latency [EVENTS]`.
//!
//! A month of a busy computer is made up: two hundred programs, a few of which do most; a few ports that nearly everybody
//! calls; twenty thousand addresses. It is told to the history as it would be in life, only faster.
#![expect(clippy::unwrap_used, reason = "a measurement may fail loudly")]

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use quaymaster_core::{Endpoint, Protocol, UnixMillis};
use quaymaster_history::{History, HistoryFilter, Keeping, Note, Page, Program, Reader};

const NOW: u64 = 1_795_176_000_000;
const MONTH: u64 = 30 * 86_400_000;
const ROUNDS: usize = 15;

/// Marsaglia's xorshift: the same made-up month every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    /// Small numbers far more often than large ones.
    fn skewed(&mut self, limit: u64) -> u64 {
        let highest = self.below(limit) + 1;
        self.below(highest)
    }
}

fn fill(history: &History, events: u64) {
    let (recorder, mut dice) = (history.recorder(), Dice(88_172_645_463_325_252));
    let names = ["chrome", "code", "ssh", "nginx", "node", "postgres", "curl", "python3"];
    let programs: Vec<Arc<Program>> = (0..200u32)
        .map(|number| {
            let name = format!("{}{}", names[number as usize % names.len()], number / 8);
            let path = Some(format!("/usr/lib/{name}/{name}"));
            Arc::new(Program { pid: 1_000 + number, name, path, user: Some("alice".into()) })
        })
        .collect();
    let home = |port| Endpoint::new(IpAddr::V4(Ipv4Addr::new(192, 168, 1, 7)), port);
    for event in 0..events {
        let at = UnixMillis(NOW - MONTH + event * (MONTH - 1_000) / events);
        let end = at.plus(dice.below(20_000));
        let base = &programs[usize::try_from(dice.skewed(200)).unwrap()];
        let pid = base.pid + u32::try_from(dice.below(50)).unwrap() * 200;
        let program = Some(Arc::new(Program { pid, ..Program::clone(base) }));
        if event % 20 == 0 {
            let port = u16::try_from(3_000 + dice.skewed(6_000)).unwrap();
            recorder.notes([
                Note::ListenerOpened {
                    id: event,
                    at,
                    program,
                    protocol: Protocol::Tcp,
                    local: home(port),
                    already_open: false,
                },
                Note::ListenerClosed { id: event, at: end },
            ]);
        } else {
            let host = u32::try_from(dice.skewed(20_000)).unwrap();
            let port = [443, 443, 443, 443, 80, 22, 53, 8_080][usize::try_from(dice.below(8)).unwrap()];
            // Never the same so soon again that two would be told as one.
            let host = (host / 64) * 64 + u32::try_from(event % 64).unwrap();
            let remote = Endpoint::new(IpAddr::V4(Ipv4Addr::from_bits(0x0a00_0000 + host * 977)), port);
            let (id, protocol, incoming) = (event, Protocol::Tcp, event % 20 == 1);
            let local = home(if incoming { 8_080 } else { 50_000 });
            recorder.notes([
                Note::ConnectionOpened { id, at, program, protocol, local, remote, incoming, already_open: false },
                Note::ConnectionClosed { id, at: end, bytes: Some((dice.below(1 << 20), dice.below(1 << 16))) },
            ]);
        }
        if event % 20_000 == 19_999 {
            history.flush();
        }
    }
    history.flush();
    assert_eq!((history.trouble(), history.lost()), (None, 0));
}

fn timed(what: &str, mut ask: impl FnMut() -> String) {
    let mut times = Vec::new();
    let mut answer = String::new();
    for _ in 0..ROUNDS {
        let started = Instant::now();
        answer = ask();
        times.push(started.elapsed());
    }
    let first = times[0];
    times.sort_unstable();
    let millis = |time: Duration| time.as_secs_f64() * 1_000.0;
    println!(
        "{what:<44} {:>8.1} {:>8.1} {:>8.1}   {answer}",
        millis(first),
        millis(times[ROUNDS / 2]),
        millis(times[ROUNDS - 1])
    );
}

fn measure(reader: &Reader) {
    let now = UnixMillis(NOW);
    println!("{:<44} {:>8} {:>8} {:>8}   answer", "milliseconds", "first", "median", "most");
    for filter in [
        "",
        "proc:chrome0",
        "chrome",
        "proc:postgres24",
        "8080",
        "port:443",
        "port:4711",
        "port:443 proc:ssh24",
        "rport:22 !proc:ssh",
        "remote:10.0.0.0/16",
        "remote:10.18.0.0/16",
        "remote:10.0.3.209",
        "since:2h",
        "since:7d proc:nginx0 rport:22",
        "on:2026-11-01 chrome0",
        "nobody",
        "!tcp",
        "state:listen port:443",
    ] {
        let parsed = HistoryFilter::parse(filter, now).unwrap();
        timed(&format!("page  {filter}"), || {
            let listing = reader.query(&parsed, Page { before: None, limit: 100 }).unwrap();
            format!("{} events{}", listing.events.len(), if listing.next.is_some() { ", more" } else { "" })
        });
        timed(&format!("count {filter}"), || {
            let counted = reader.count(&parsed).unwrap();
            format!("{}{}", counted.events, if counted.more { "+" } else { "" })
        });
    }
    for (filter, since) in [
        ("", MONTH),
        ("", 7_200_000),
        ("port:4711", MONTH),
        ("proc:chrome0", MONTH),
        ("port:443", MONTH),
        ("chrome", 7 * 86_400_000),
    ] {
        let parsed = HistoryFilter::parse(filter, now).unwrap();
        let since = UnixMillis(NOW - since);
        timed(&format!("chart {filter} of {} h", now.since(since) / 3_600_000), || {
            let chart = reader.buckets(&parsed, since, now, 120).unwrap();
            let sum: u64 = chart.buckets.iter().map(|bucket| bucket.listeners + bucket.connections).sum();
            format!("{sum}, from {:.0} % on", 100.0 * chart.counted_from.since(since) as f64 / now.since(since) as f64)
        });
    }
    for port in [443, 8_080, 4_711] {
        timed(&format!("who used {port} this week"), || {
            let week = UnixMillis(NOW - 7 * 86_400_000);
            format!("{} programs", reader.programs_at_port(port, week).unwrap().len())
        });
    }
    let filter = HistoryFilter::default();
    let mut before = None;
    timed("the next page, and the next", || {
        before = reader.query(&filter, Page { before, limit: 100 }).unwrap().next;
        String::new()
    });
}

fn main() {
    let events = std::env::args().nth(1).map_or(1_000_000, |events| events.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let history = History::open(folder.path(), Keeping { days: 60, megabytes: 10_000 }, UnixMillis(NOW)).history;
    let started = Instant::now();
    fill(&history, events);
    let took = started.elapsed();
    let size = std::fs::metadata(folder.path().join("history.sqlite")).unwrap().len();
    println!("{events} events told and written in {took:.1?}; the file has {:.1} MB", size as f64 / 1_048_576.0);
    let reader = history.reader();
    measure(&reader);
    let started = Instant::now();
    history.stop();
    let closed = started.elapsed();
    let started = Instant::now();
    let opened = History::open(folder.path(), Keeping::default(), UnixMillis(NOW));
    println!("closed in {closed:.1?}, opened in {:.1?}, {:?}", started.elapsed(), opened.trouble);
}
