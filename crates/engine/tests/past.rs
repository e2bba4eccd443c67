//! What is remembered of a scripted computer: who called whom, what the person did, and what was open before.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

#[expect(dead_code, reason = "the other tests use the rest of it")]
mod fake;

use std::path::Path;
use std::time::{Duration, Instant};

use fake::{Script, listener, machine};
use quaymaster_core::{Change, Endpoint, Socket, SocketKey, TcpState};
use quaymaster_engine::past::Past;
use quaymaster_engine::watch::Observers;
use quaymaster_engine::wire::{
    ExportFormat, HistoryDeed, HistoryEvent, HistoryExportRequest, HistoryRequest, HistorySettings, HistoryWhat,
};
use quaymaster_engine::{Engine, INTERVALS};

/// Longer than anything here takes, on a slow machine too.
const LONG: Duration = Duration::from_secs(30);
const ON: HistorySettings = HistorySettings { keep: true, days: 30, megabytes: 200 };

struct Remembered {
    engine: Engine,
    script: Script,
    past: Past,
}

fn remembered(folder: &Path, settings: HistorySettings, first: Vec<Change>) -> Remembered {
    let past = Past::open(folder, settings);
    let (machine, script) = machine(first, false);
    let observers = Observers { past: Some(past.clone()), ..Observers::default() };
    let engine = Engine::start_observed(machine, *INTERVALS.start(), observers).unwrap();
    Remembered { engine, script, past }
}

impl Remembered {
    /// The events that fit, as soon as there are so many, the oldest first.
    fn events(&self, filter: &str, count: usize) -> Vec<HistoryEvent> {
        let began = Instant::now();
        loop {
            let request = HistoryRequest { filter: filter.into(), before: None, limit: 100 };
            let mut events = self.past.archive().page(&request).unwrap().events;
            if events.len() >= count {
                events.reverse();
                return events;
            }
            assert!(began.elapsed() < LONG, "{filter}: {events:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

fn connection(cookie: u64, local: u16, remote: u16, pid: u32) -> Socket {
    let remote = Some(Endpoint::new([10, 0, 0, 7].into(), remote));
    let key = SocketKey::Cookie(cookie);
    Socket { key, remote, state: Some(TcpState::Established), ..listener(cookie, local, pid) }
}

/// Whether the other end called, and the port that served.
fn call(event: &HistoryEvent) -> (bool, u16) {
    match event.what {
        HistoryWhat::Connection { incoming, port, .. } => (incoming, port),
        ref other => panic!("{other:?}"),
    }
}

#[test]
fn who_called_is_known_from_who_listened() {
    let folder = tempfile::tempdir().unwrap();
    let first = vec![
        Change::Opened(connection(1, 8080, 50_123, 10)),
        Change::Opened(connection(2, 50_124, 443, 11)),
        Change::Opened(listener(3, 8080, 10)),
    ];
    let remembered = remembered(folder.path(), ON, first);
    let served = remembered.events("port:8080 state:established", 1);
    assert_eq!(call(&served[0]), (true, 8080), "its listener was listed after it, in the same look");
    assert!(served[0].already_open);
    assert_eq!(served[0].program.as_ref().unwrap().name, "program-10");
    assert_eq!(call(&remembered.events("port:443", 1)[0]), (false, 443));
    // A server that stops listening when it has its client.
    remembered.script.then(vec![Change::Opened(listener(4, 9000, 12))]);
    remembered.events("port:9000", 1);
    remembered.script.then(vec![Change::Closed(SocketKey::Cookie(4)), Change::Opened(connection(5, 9000, 50_125, 12))]);
    let both = remembered.events("port:9000", 2);
    assert_eq!(call(&both[1]), (true, 9000));
    assert!(!both[1].already_open);
    assert!(both[0].until.is_some());
}

#[test]
fn what_a_person_expects_is_a_deed() {
    let folder = tempfile::tempdir().unwrap();
    let remembered = remembered(folder.path(), ON, vec![Change::Opened(listener(1, 8080, 10))]);
    remembered.events("port:8080", 1);
    remembered.engine.expect_listeners(vec![1, 999]).unwrap();
    let deed = &remembered.events("port:8080", 2)[1];
    assert_eq!(deed.what, HistoryWhat::Deed { deed: HistoryDeed::Expected, port: Some(8080) });
    assert_eq!((deed.program.as_ref().unwrap().name.as_str(), deed.pid), ("program-10", Some(10)));
}

#[test]
fn kept_again_it_knows_of_what_is_open_and_forgets_on_demand() {
    let folder = tempfile::tempdir().unwrap();
    let off = HistorySettings { keep: false, ..ON };
    let remembered = remembered(folder.path(), off, vec![Change::Opened(listener(1, 8080, 10))]);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let keep = |settings| runtime.block_on(remembered.engine.keep_history(settings)).unwrap();
    remembered.script.then(vec![Change::Opened(listener(2, 8081, 11))]);
    let (began, looked) = (Instant::now(), remembered.script.looked());
    while remembered.script.looked() < looked + 2 {
        assert!(began.elapsed() < LONG);
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(!folder.path().join("history.sqlite").exists(), "nothing is kept, not even an empty file");
    assert_eq!(remembered.events("", 0), []);

    keep(ON);
    let there = remembered.events("", 2);
    assert!(there.iter().all(|event| event.already_open && event.until.is_none()), "{there:?}");
    keep(off);
    let stopped = remembered.events("", 2);
    assert!(stopped.iter().all(|event| event.cut), "nobody knows how long they went on: {stopped:?}");
    remembered.past.delete().unwrap();
    assert!(!folder.path().join("history.sqlite").exists(), "not even an empty file");
    assert_eq!(remembered.events("", 0), []);
    assert!(!remembered.past.state().keep);
}

#[test]
fn everything_that_fits_is_written_to_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let first = vec![
        Change::Opened(listener(1, 8080, 10)),
        Change::Opened(connection(2, 50_124, 443, 11)),
        Change::Opened(listener(3, 9090, 12)),
    ];
    let remembered = remembered(folder.path(), ON, first);
    remembered.events("", 3);
    let path = folder.path().join("out");
    let export = |format| {
        let request = HistoryExportRequest { filter: "port:443|8080".into(), format };
        let rows = remembered.past.archive().export(&request, &path).unwrap();
        (rows, std::fs::read_to_string(&path).unwrap())
    };
    let (rows, csv) = export(ExportFormat::Csv);
    let lines: Vec<&str> = csv.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!((rows, lines.len()), (2, 3), "{csv}");
    assert!(lines[0].starts_with("at,until,cut,already_open,program,path,user,pid,kind,protocol,"), "{csv}");
    assert!(csv.contains(",program-10,,,10,listener,tcp,,127.0.0.1,,,8080,"), "{csv}");
    assert!(csv.contains(",program-11,,,11,connection,tcp,false,127.0.0.1,10.0.0.7,,443,1,"), "{csv}");
    let (rows, json) = export(ExportFormat::Json);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((rows, json["events"].as_array().unwrap().len()), (2, 2));
    assert_eq!(json["events"][1]["what"]["port"].as_u64().map(|port| [443, 8080].contains(&port)), Some(true));
}
