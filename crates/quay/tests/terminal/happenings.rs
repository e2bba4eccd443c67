//! What happens, and what has happened.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::sync::mpsc::channel;
use std::time::Duration;

use serde_json::Value;

use crate::stage::{Child, command, quay};

#[test]
fn a_watch_tells_who_begins_to_listen_and_who_stops() {
    // Who was there before has not happened.
    let before = Child::start();
    let arguments = ["watch", "proc:terminal"];
    let mut watch = command().args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut begun = BufReader::new(watch.stderr.take().unwrap()).lines();
    assert_eq!(begun.next().unwrap().unwrap(), "Watching. Ctrl-C ends it.");
    let mut lines = BufReader::new(watch.stdout.take().unwrap()).lines().map(Result::unwrap);
    let child = Child::start();
    let (pid, port) = (child.pid(), child.port);
    let mut next = |said: &str| {
        let said = format!("(PID {pid}) {said}");
        let mut seen = Vec::new();
        for line in lines.by_ref() {
            assert!(!line.contains(&format!("(PID {})", before.pid())), "{line}");
            if line.contains(&said) {
                return;
            }
            seen.push(line);
        }
        panic!("{said:?} did not come: {seen:#?}");
    };
    next(&format!("listens at 127.0.0.1:{port} (tcp4)"));
    drop(child);
    next(&format!("listens at 127.0.0.1:{port} (tcp4) no more"));
    watch.kill().unwrap();
    watch.wait().unwrap();
}

#[test]
fn a_watch_tells_an_object_a_line() {
    let server = Child::start();
    let filter = format!("port:{}", server.port);
    let mut watch = command().args(["watch", "--json", &filter]).stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(watch.stdout.take().unwrap()).lines().map(Result::unwrap);
    let (tell, told) = channel();
    let opened = lines.filter(|line| line.contains("connection_opened"));
    std::thread::spawn(move || opened.for_each(|line| drop(tell.send(line))));
    // JSON has no line that says when it begins: another client comes until one is told of.
    let (_client, line) = std::iter::repeat_with(|| Child::connected_to(server.port))
        .find_map(|client| Some((client, told.recv_timeout(Duration::from_secs(3)).ok()?)))
        .unwrap();
    let line: Value = serde_json::from_str(&line).unwrap();
    // Of both ends, the server's is the one that was called.
    let served = line["socket"]["local_port"] == server.port;
    assert_eq!(line["incoming"], served, "{line}");
    assert!(served || line["socket"]["remote_port"] == server.port, "{line}");
    watch.kill().unwrap();
    watch.wait().unwrap();
}

#[test]
fn filters_are_those_of_the_present_and_of_the_past() {
    let said = quay(["watch", "since:2h"]);
    assert_eq!(said.code, Some(2), "{said:?}");
    assert!(said.err.contains("looks back in time"), "{said:?}");
    let said = quay(["history", "since:never"]);
    assert_eq!(said.code, Some(2), "{said:?}");
    assert!(said.err.contains("since:never"), "{said:?}");
}

/// What is kept stands in a folder that on Windows no variable names: there the engine's own tests ask for it.
#[cfg(target_os = "linux")]
mod kept {
    use std::path::Path;

    use quaymaster_engine::past::{Archive, Past};
    use quaymaster_engine::watch::Observers;
    use quaymaster_engine::wire::{HistoryRequest, HistorySettings};
    use quaymaster_engine::{Engine, Machine, place};

    use super::*;
    use crate::stage::said;

    /// Keeps what happens in this home for as long as it is held.
    fn keep(home: &Path) -> Engine {
        let folder = home.join(place::IDENTIFIER);
        let past = Past::open(&folder, HistorySettings::default());
        let observers = Observers { past: Some(past), ..Observers::default() };
        Engine::start_observed(Machine::this(), Duration::from_millis(500), observers).unwrap()
    }

    #[test]
    fn the_history_tells_what_the_window_kept() {
        let home = tempfile::tempdir().unwrap();
        let history =
            |arguments: &[&str]| said(command().env("XDG_DATA_HOME", home.path()).arg("history").args(arguments));
        let nothing = history(&[]);
        assert_eq!((nothing.code, nothing.out.as_str()), (Some(1), ""));
        assert!(nothing.err.contains("Nothing is remembered"), "{nothing:?}");

        let engine = keep(home.path());
        let child = Child::start();
        let (pid, port) = (child.pid(), child.port);
        let filter = format!("port:{port}");
        let archive = Archive::of(&home.path().join(place::IDENTIFIER));
        let request = HistoryRequest { filter: filter.clone(), before: None, limit: 10 };
        let wait = |done: &dyn Fn(&quaymaster_engine::wire::HistoryEvent) -> bool| {
            while !archive.page(&request).unwrap().events.first().is_some_and(done) {
                std::thread::sleep(Duration::from_millis(50));
            }
        };
        wait(&|_| true);
        // While it is being kept, by another process.
        let open = history(&[&filter]);
        assert_eq!(open.code, Some(0), "{open:?}");
        assert!(open.out.contains(&format!("(PID {pid}) listened at 127.0.0.1:{port} (tcp) · still open")), "{open:?}");
        drop(child);
        wait(&|event| event.until.is_some());
        let over = history(&[&filter, "--lang", "zh-CN"]);
        assert!(over.out.contains(&format!("监听过 127.0.0.1:{port}（tcp） · 持续 ")), "{over:?}");
        let lines = history(&[&filter, "--json"]);
        let event: Value = serde_json::from_str(lines.out.lines().next().unwrap()).unwrap();
        assert_eq!((&event["pid"], &event["what"]["kind"]), (&pid.into(), &"listener".into()), "{event}");
        let one = history(&["--limit", "1"]);
        assert_eq!(one.out.lines().count(), 1, "{one:?}");
        drop(engine);
    }
}
