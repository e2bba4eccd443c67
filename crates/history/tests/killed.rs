//! Killed at any moment, the program loses two seconds at most and never the file.
//!
//! Linux only: `kill` and `/proc` are; what is asked of SQLite is the same everywhere.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod common;

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use common::{is_sound, listens, program};
use quaymaster_core::UnixMillis;
use quaymaster_history::{EventKind, History, HistoryFilter, Keeping, Note, Page, Reader};

/// Says to this very program, run again, in which folder it is to write until it is killed.
const FOLDER: &str = "QUAYMASTER_HISTORY_TO_BE_KILLED";

/// What may be lost.
const LOST: Duration = Duration::from_secs(2);

fn now() -> UnixMillis {
    UnixMillis(u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap())
}

/// Not a test of its own: what the killed program does. Every line that it prints is the number of what it has told just now.
#[test]
fn write_until_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let history = History::open(Path::new(&folder), Keeping::default(), now()).history;
    let recorder = history.recorder();
    let mut printed = std::io::stdout();
    for number in 0u64.. {
        let at = now();
        // Its number is in its name: it must be found again.
        let note = listens(number, 0, program(u32::try_from(number).unwrap(), &format!("n{number}")), "0.0.0.0:80");
        let Note::ListenerOpened { id, program, protocol, local, already_open, .. } = note else { return };
        recorder.note(Note::ListenerOpened { id, at, program, protocol, local, already_open });
        if number % 3 == 0 {
            recorder.note(Note::ListenerClosed { id, at: now() });
        }
        writeln!(printed, "told {number}").unwrap();
        printed.flush().unwrap();
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn a_kill_loses_two_seconds_at_most_and_never_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let (mut told_in_all, mut lost_in_all, mut longest) = (0, 0, Duration::ZERO);
    for round in 0..20u64 {
        std::fs::remove_file(folder.path().join("history.sqlite")).ok();
        for companion in ["-wal", "-shm"] {
            std::fs::remove_file(folder.path().join(format!("history.sqlite{companion}"))).ok();
        }
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "write_until_killed", "--nocapture"])
            .env(FOLDER, folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let reading = std::thread::spawn(move || {
            let number = |line: String| line.strip_prefix("told ").and_then(|number| number.parse::<u64>().ok());
            lines.map_while(Result::ok).filter_map(number).map(|number| (number, Instant::now())).collect::<Vec<_>>()
        });
        // From before the first batch to after several, and at every place within one.
        std::thread::sleep(Duration::from_millis(150 + round * 197 % 3_700));
        child.kill().unwrap();
        let killed = Instant::now();
        child.wait().unwrap();
        let told = reading.join().unwrap();
        if round % 2 == 1 {
            // Whoever only reads it finds nothing open either.
            let page = Page { before: None, limit: 1_000 };
            let listing = Reader::of(folder.path()).query(&HistoryFilter::default(), page).unwrap();
            assert!(listing.events.iter().all(|event| event.until.is_some()), "round {round}");
        }
        let opened = History::open(folder.path(), Keeping::default(), now());
        assert_eq!(opened.trouble, None, "round {round}");
        let mut kept = BTreeSet::new();
        let (reader, mut before) = (opened.history.reader(), None);
        loop {
            let page = Page { before, limit: 1_000 };
            let listing = reader.query(&HistoryFilter::default(), page).unwrap();
            for event in listing.events {
                assert!(matches!(event.kind, EventKind::Listener { .. }));
                // Nothing is left open by a program that is no more, and what was closed is not called cut.
                assert!(event.until.is_some_and(|until| until >= event.at));
                kept.insert(event.program.unwrap().name[1..].parse::<u64>().unwrap());
            }
            before = listing.next;
            if before.is_none() {
                break;
            }
        }
        let lost: Vec<_> = told.iter().filter(|(number, _)| !kept.contains(number)).collect();
        let late = lost.first().map_or(Duration::ZERO, |(_, at)| killed.duration_since(*at));
        assert!(late < LOST, "round {round}: {} lost, the first of them {late:?} before the end", lost.len());
        told_in_all += told.len();
        lost_in_all += lost.len();
        longest = longest.max(late);
        opened.history.stop();
        is_sound(&folder.path().join("history.sqlite"));
    }
    println!("20 kills: {told_in_all} told, {lost_in_all} lost, the oldest of them {longest:?} before the kill");
    assert!(told_in_all > 5_000, "{told_in_all}");
}
