//! What is open, and what of it the file does not have yet. No I/O but for the question whether a number is taken.
//!
//! Every row that changed is kept whole until it is written, so that a batch that failed is written again as it is: nothing
//! is half told.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use quaymaster_core::{Endpoint, Protocol, UnixMillis};

use crate::note::{Note, Program};
use crate::row::{ALREADY_OPEN, NONE, OPEN, Place, Row, SHIFT, What, Who, Wire, began, first_id, signed};

/// A connection that comes so soon after the last one between the same two, milliseconds, is told with it.
pub(crate) const GAP: i64 = 60_000;

/// What goes on for longer than this, milliseconds, gets a new line for new connections, so that a chart has them where they were.
pub(crate) const LONGEST_EPISODE: i64 = 3_600_000;

/// Bytes that come later than this, milliseconds, after the end of their connection are not waited for: mostly there are none.
const LATE: i64 = 300_000;

/// A minute, milliseconds: the grain of the chart.
pub(crate) const MINUTE: i64 = 60_000;

/// Tells the highest number that is taken from one up to another (not included).
pub(crate) type Taken<'a> = &'a dyn Fn(i64, i64) -> Option<i64>;

/// What goes on.
#[derive(Debug, Default)]
pub(crate) struct Book {
    open: HashMap<u64, Open>,
    /// Connections that have ended without their bytes: their episodes, and when.
    uncounted: HashMap<u64, (i64, i64)>,
    episodes: HashMap<i64, Episode>,
    /// The episode that the next connection between the same two joins.
    current: HashMap<Arc<Key>, i64>,
    names: HashSet<Arc<Who>>,
    /// Every number given in this run, and every one in the file, is at most this.
    top: i64,
    /// The last number given.
    last: i64,
    /// What the file does not have.
    pub(crate) unwritten: Unwritten,
}

/// What is to be written.
#[derive(Debug, Default)]
pub(crate) struct Unwritten {
    /// Rows as they are to be, by number.
    pub(crate) rows: BTreeMap<i64, Row>,
    /// What is to be added to the chart, by minute since 1970: listeners, connections.
    pub(crate) minutes: BTreeMap<i64, (i64, i64)>,
}

impl Unwritten {
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.minutes.is_empty()
    }

    pub(crate) fn clear(&mut self) {
        self.rows.clear();
        self.minutes.clear();
    }

    fn count(&mut self, id: i64, listeners: i64, connections: i64) {
        let minute = self.minutes.entry(began(id) / MINUTE).or_default();
        minute.0 += listeners;
        minute.1 += connections;
    }
}

#[derive(Debug)]
enum Open {
    Listener(i64, Box<Row>),
    Connection(i64),
}

/// Between whom connections are told together.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Key {
    who: Option<Arc<Who>>,
    protocol: Protocol,
    incoming: bool,
    local: Place,
    remote: Place,
    /// The serving end's.
    port: u16,
}

#[derive(Debug)]
struct Episode {
    key: Arc<Key>,
    /// The first connection's.
    pid: i64,
    open: u32,
    times: i64,
    last_seen: i64,
    flags: i64,
    received: Option<i64>,
    sent: Option<i64>,
}

impl Episode {
    fn row(&self) -> Row {
        let Key { who, protocol, incoming, local, remote, port } = &*self.key;
        let wire = Wire::of(*protocol, Endpoint::new(local.0, 0));
        Row {
            what: if *incoming { What::Incoming(wire) } else { What::Outgoing(wire) },
            until: if self.open > 0 { OPEN } else { self.last_seen },
            who: who.clone(),
            pid: self.pid,
            port: i64::from(*port),
            local: Some(*local),
            remote: Some(*remote),
            times: self.times,
            flags: self.flags,
            received: self.received,
            sent: self.sent,
        }
    }

    fn add(&mut self, (received, sent): (u64, u64)) {
        let add = |sum: Option<i64>, more| Some(sum.unwrap_or_default().saturating_add(signed(more)));
        self.received = add(self.received, received);
        self.sent = add(self.sent, sent);
    }

    fn counts(&self) -> bool {
        self.flags & ALREADY_OPEN == 0
    }
}

fn pid(program: Option<&Arc<Program>>) -> i64 {
    program.map_or(NONE, |program| i64::from(program.pid))
}

impl Book {
    /// The file has numbers up to this one.
    pub(crate) fn on_top_of(&mut self, highest: i64) {
        self.top = self.top.max(highest);
    }

    /// Whether anything goes on.
    pub(crate) fn has_open(&self) -> bool {
        !self.open.is_empty()
    }

    /// Forgets everything, also what is open: its end will say nothing.
    pub(crate) fn forget(&mut self) {
        *self = Self { top: self.top, last: self.last, ..Self::default() };
    }

    /// The file is another one: it gets all that is open.
    pub(crate) fn write_open_again(&mut self) {
        for open in self.open.values() {
            if let Open::Listener(id, row) = open {
                self.unwritten.rows.insert(*id, Row::clone(row));
            }
        }
        let episodes = self.episodes.iter().filter(|(_, episode)| episode.open > 0);
        self.unwritten.rows.extend(episodes.map(|(&id, episode)| (id, episode.row())));
        self.unwritten.minutes.clear();
        let rows = std::mem::take(&mut self.unwritten.rows);
        for (&id, row) in rows.iter().filter(|(_, row)| row.flags & ALREADY_OPEN == 0) {
            match row.what {
                What::Listener(_) => self.unwritten.count(id, 1, 0),
                What::Incoming(_) | What::Outgoing(_) => self.unwritten.count(id, 0, row.times),
                What::Deed(_) => {}
            }
        }
        self.unwritten.rows = rows;
    }

    /// Lets go of what nothing can join any more.
    pub(crate) fn sweep(&mut self, now: UnixMillis) {
        let now = signed(now.0);
        self.episodes.retain(|id, episode| {
            let over = episode.open == 0 && (now - episode.last_seen).abs() > GAP;
            if over && self.current.get(&episode.key) == Some(id) {
                self.current.remove(&episode.key);
            }
            !over
        });
        let episodes = &self.episodes;
        self.uncounted.retain(|_, (id, at)| (now - *at).abs() <= LATE && episodes.contains_key(id));
        self.names.retain(|who| Arc::strong_count(who) > 1);
        if self.episodes.capacity() / 4 > self.episodes.len().max(1_024) {
            self.episodes.shrink_to_fit();
            self.current.shrink_to_fit();
            self.open.shrink_to_fit();
        }
    }

    /// Takes a note in.
    pub(crate) fn take(&mut self, note: Note, taken: Taken<'_>) {
        match note {
            Note::ListenerOpened { id, at, program, protocol, local, already_open } => {
                let row = Row {
                    what: What::Listener(Wire::of(protocol, local)),
                    until: OPEN,
                    pid: pid(program.as_ref()),
                    who: self.who(program.as_deref()),
                    port: i64::from(local.port),
                    local: Some((local.ip, local.scope)),
                    remote: None,
                    times: 1,
                    flags: if already_open { ALREADY_OPEN } else { 0 },
                    received: None,
                    sent: None,
                };
                let event = self.number(at, taken);
                if !already_open {
                    self.unwritten.count(event, 1, 0);
                }
                self.unwritten.rows.insert(event, row.clone());
                self.open.insert(id, Open::Listener(event, Box::new(row)));
            }
            Note::ConnectionOpened { id, at, program, protocol, local, remote, incoming, already_open } => {
                let key = Key {
                    who: self.who(program.as_deref()),
                    protocol,
                    incoming,
                    local: (local.ip, local.scope),
                    remote: (remote.ip, remote.scope),
                    port: if incoming { local.port } else { remote.port },
                };
                let flags = if already_open { ALREADY_OPEN } else { 0 };
                let event = self.join(key, at, pid(program.as_ref()), flags, taken);
                self.open.insert(id, Open::Connection(event));
            }
            Note::ListenerClosed { id, at } | Note::ConnectionClosed { id, at, bytes: None } => {
                self.close(id, at, None)
            }
            Note::ConnectionClosed { id, at, bytes } => self.close(id, at, bytes),
            Note::BytesLearnt { id, bytes } => self.count(id, bytes),
            Note::Deed { at, deed, program, port } => {
                let row = Row {
                    what: What::Deed(deed),
                    until: signed(at.0),
                    pid: pid(program.as_ref()),
                    who: self.who(program.as_deref()),
                    port: port.map_or(NONE, i64::from),
                    local: None,
                    remote: None,
                    times: 1,
                    flags: 0,
                    received: None,
                    sent: None,
                };
                let event = self.number(at, taken);
                self.unwritten.rows.insert(event, row);
            }
        }
    }

    /// Adds a connection to the episode that it belongs to; that one's number.
    fn join(&mut self, key: Key, at: UnixMillis, pid: i64, flags: i64, taken: Taken<'_>) -> i64 {
        let now = signed(at.0);
        let joins = |id: i64, episode: &Episode| {
            let near = episode.open > 0 || (0..=GAP).contains(&(now - episode.last_seen));
            near && (0..=LONGEST_EPISODE).contains(&(now - began(id)))
        };
        let current = self.current.get(&key).copied();
        let id = match current.filter(|&id| self.episodes.get(&id).is_some_and(|episode| joins(id, episode))) {
            Some(id) => id,
            None => {
                if let Some(old) = current.filter(|old| self.episodes.get(old).is_some_and(|old| old.open == 0)) {
                    self.episodes.remove(&old);
                }
                let (id, key) = (self.number(at, taken), Arc::new(key));
                let episode = Episode {
                    key: Arc::clone(&key),
                    pid,
                    open: 0,
                    times: 0,
                    last_seen: now,
                    flags,
                    received: None,
                    sent: None,
                };
                self.episodes.insert(id, episode);
                self.current.insert(key, id);
                id
            }
        };
        if let Some(episode) = self.episodes.get_mut(&id) {
            episode.open += 1;
            episode.times += 1;
            episode.last_seen = episode.last_seen.max(now);
            if episode.counts() {
                self.unwritten.count(id, 0, 1);
            }
            self.unwritten.rows.insert(id, episode.row());
        }
        id
    }

    fn close(&mut self, socket: u64, at: UnixMillis, bytes: Option<(u64, u64)>) {
        match self.open.remove(&socket) {
            Some(Open::Listener(id, mut row)) => {
                row.until = signed(at.0).max(began(id));
                self.unwritten.rows.insert(id, *row);
            }
            Some(Open::Connection(id)) => {
                let Some(episode) = self.episodes.get_mut(&id) else { return };
                episode.open = episode.open.saturating_sub(1);
                episode.last_seen = signed(at.0).max(episode.last_seen);
                match bytes {
                    Some(bytes) => episode.add(bytes),
                    None => drop(self.uncounted.insert(socket, (id, signed(at.0)))),
                }
                self.unwritten.rows.insert(id, episode.row());
                if episode.open == 0 && self.current.get(&episode.key) != Some(&id) {
                    self.episodes.remove(&id);
                }
            }
            None => {}
        }
    }

    fn count(&mut self, socket: u64, bytes: (u64, u64)) {
        let Some((id, _)) = self.uncounted.remove(&socket) else { return };
        if let Some(episode) = self.episodes.get_mut(&id) {
            episode.add(bytes);
            self.unwritten.rows.insert(id, episode.row());
        }
    }

    /// The one copy of what is kept of a program.
    fn who(&mut self, program: Option<&Program>) -> Option<Arc<Who>> {
        let program = program?;
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let who = Who { name: program.name.clone(), path: text(&program.path), user: text(&program.user) };
        if let Some(known) = self.names.get(&who) {
            return Some(Arc::clone(known));
        }
        let who = Arc::new(who);
        self.names.insert(Arc::clone(&who));
        Some(who)
    }

    /// A number for what begins now. Only where the clock was set back, or notes came out of order, is the file asked.
    fn number(&mut self, at: UnixMillis, taken: Taken<'_>) -> i64 {
        let first = first_id(at.0);
        let after = first.saturating_add(1 << SHIFT);
        let id = if began(self.last) == began(first) && self.last >= first {
            self.last + 1
        } else if first > self.top {
            first
        } else {
            let waiting = self.unwritten.rows.range(first..after).next_back().map(|(&id, _)| id);
            let alive = self.episodes.contains_key(&first).then_some(first);
            [taken(first, after), waiting, alive].into_iter().flatten().max().map_or(first, |taken| taken + 1)
        };
        self.last = id;
        self.top = self.top.max(id);
        id
    }
}
