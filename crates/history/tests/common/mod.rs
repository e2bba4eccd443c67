//! Notes in a line, and histories in folders of their own.
#![allow(dead_code, reason = "every test file uses its own part")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use quaymaster_core::{Endpoint, Protocol, UnixMillis};
use quaymaster_history::{
    Event, EventKind, History, HistoryFilter, HistoryTrouble, Keeping, Note, Page, Program, Reader,
};
use rusqlite::Connection;

/// 2026-11-20T12:00:00Z.
pub(crate) const NOON: u64 = 1_795_176_000_000;

pub(crate) const SECOND: u64 = 1_000;
pub(crate) const MINUTE: u64 = 60 * SECOND;
pub(crate) const HOUR: u64 = 60 * MINUTE;
pub(crate) const DAY: u64 = 24 * HOUR;

pub(crate) fn at(millis: u64) -> UnixMillis {
    UnixMillis(NOON + millis)
}

pub(crate) fn end(text: &str) -> Endpoint {
    let end: std::net::SocketAddr = text.parse().expect("an endpoint");
    Endpoint::new(end.ip(), end.port())
}

pub(crate) fn program(pid: u32, name: &str) -> Option<Arc<Program>> {
    let path = Some(format!("/usr/bin/{name}"));
    Some(Arc::new(Program { pid, name: name.into(), path, user: Some("me".into()) }))
}

pub(crate) fn listens(id: u64, millis: u64, program: Option<Arc<Program>>, local: &str) -> Note {
    Note::ListenerOpened {
        id,
        at: at(millis),
        program,
        protocol: Protocol::Tcp,
        local: end(local),
        already_open: false,
    }
}

pub(crate) fn calls(id: u64, millis: u64, program: Option<Arc<Program>>, local: &str, remote: &str) -> Note {
    Note::ConnectionOpened {
        id,
        at: at(millis),
        program,
        protocol: Protocol::Tcp,
        local: end(local),
        remote: end(remote),
        incoming: false,
        already_open: false,
    }
}

pub(crate) fn hung_up(id: u64, millis: u64, bytes: Option<(u64, u64)>) -> Note {
    Note::ConnectionClosed { id, at: at(millis), bytes }
}

pub(crate) fn closed(id: u64, millis: u64) -> Note {
    Note::ListenerClosed { id, at: at(millis) }
}

/// A folder that goes with the test, and the history in it.
pub(crate) struct Stage {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) history: History,
}

impl Stage {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let history = open(folder.path(), 0);
        Self { folder, history }
    }

    pub(crate) fn tell(&self, notes: impl IntoIterator<Item = Note>) {
        self.history.recorder().notes(notes);
        self.history.flush();
        assert_eq!(self.history.trouble(), None);
    }

    pub(crate) fn all(&self) -> Vec<Event> {
        all(&self.history.reader(), "")
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("history.sqlite")
    }

    /// The program is over, and another one begins.
    pub(crate) fn again(mut self, millis: u64) -> Self {
        // Dropped before the folder is taken again.
        let Self { folder, history } = self;
        history.stop();
        self = Self { history: open(folder.path(), millis), folder };
        self
    }
}

pub(crate) fn open(folder: &Path, millis: u64) -> History {
    let opened = History::open(folder, Keeping::default(), at(millis));
    assert_eq!(opened.trouble, None);
    opened.history
}

pub(crate) fn open_troubled(folder: &Path) -> (History, HistoryTrouble) {
    let opened = History::open(folder, Keeping::default(), at(0));
    (opened.history, opened.trouble.expect("a trouble"))
}

/// Everything that fits, page by page.
pub(crate) fn all(reader: &Reader, filter: &str) -> Vec<Event> {
    let filter = HistoryFilter::parse_in(filter, at(0), jiff::tz::TimeZone::UTC).expect("a filter");
    let (mut events, mut before) = (Vec::new(), None);
    loop {
        let listing = reader.query(&filter, Page { before, limit: 7 }).expect("an answer");
        assert!(listing.events.len() <= 7);
        events.extend(listing.events);
        match listing.next {
            None => break events,
            next => before = next,
        }
    }
}

/// An event in a line: whose, what, from, until.
pub(crate) fn line(event: &Event) -> String {
    let millis = |moment: UnixMillis| moment.0 as i64 - NOON as i64;
    let who = event.program.as_ref().map_or("?", |program| &program.name);
    let what = match &event.kind {
        EventKind::Listener { local, port, .. } => format!("listens {local} {port}"),
        EventKind::Connection { incoming, remote, port, times, received, sent, .. } => {
            let way = if *incoming { "from" } else { "to" };
            let bytes = received.zip(*sent).map(|(received, sent)| format!(" {received}/{sent}")).unwrap_or_default();
            format!("{times}x {way} {remote} {port}{bytes}")
        }
        EventKind::Deed { deed, port } => format!("{deed:?} {port:?}"),
    };
    let until = event.until.map_or("now".into(), |until| millis(until).to_string());
    let flags = if event.already_open { " already" } else { "" };
    let cut = if event.cut { " cut" } else { "" };
    format!("{who} {what}, {}..{until}{flags}{cut}", millis(event.at))
}

pub(crate) fn lines(events: &[Event]) -> Vec<String> {
    events.iter().map(line).collect()
}

/// What SQLite itself says of a file that nobody has open.
pub(crate) fn is_sound(file: &Path) {
    let connection = Connection::open(file).expect("a database");
    let verdict: String =
        connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("a database that can be read");
    assert_eq!(verdict, "ok");
}
