//! What the engine's one thread owns: probe, tracker, table, and the page's view of it.

use std::time::{Duration, Instant};

use quaymaster_core::port::PortSettings;
use quaymaster_core::tracker::{Applied, Tracker};
use quaymaster_core::{Change, Owner, OwnerGap, Process, SocketId, SocketKey, Table, Trouble, UnixMillis};
use quaymaster_probe::{Myself, SocketSource};

use crate::clock;
use crate::convert::{self, count};
use crate::detail::detail;
use crate::traffic::{Meter, Speeds};
use crate::view::View;
use crate::watch::Observed;
use crate::wire::{Frame, FrameRequest, Line, Row, Sort};

/// How long after the last wish to hold the order it is still held, beyond one interval: the page asks at every look.
const HOLD_GRACE: Duration = Duration::from_secs(5);
/// With more closed rows than this the order is let go: a pointer left on a busy grid over night must not fill memory.
const MOST_GHOSTS: usize = 5_000;

/// Everything the thread owns.
pub(crate) struct State {
    source: Box<dyn SocketSource>,
    tracker: Tracker,
    pub(crate) table: Table,
    pub(crate) myself: Myself,
    /// What the system's settings say of ports, as far as they have been read.
    settings: Vec<PortSettings>,
    view: View,
    meter: Meter,
    /// Who is told what happens.
    pub(crate) observed: Observed,
    /// Looks that have been taken.
    looks: u64,
    /// Grows with every change that a frame could show.
    pub(crate) sequence: u64,
    pub(crate) taken_at: UnixMillis,
    pub(crate) look_took: Duration,
    troubles: Vec<Trouble>,
    hold_until: Option<Instant>,
    pub(crate) interval: Duration,
    pub(crate) paused: bool,
    /// The first look left owners to the next one, for there are very many sockets, or did not find them all.
    pub(crate) owners_put_off: bool,
}

impl State {
    pub(crate) fn new(source: Box<dyn SocketSource>, myself: Myself, interval: Duration) -> Self {
        Self {
            source,
            tracker: Tracker::new(),
            table: Table::new(),
            myself,
            settings: Vec::new(),
            view: View::default(),
            meter: Meter::default(),
            observed: Observed::default(),
            looks: 0,
            sequence: 0,
            taken_at: UnixMillis(0),
            look_took: Duration::ZERO,
            troubles: Vec::new(),
            hold_until: None,
            interval,
            paused: false,
            owners_put_off: false,
        }
    }

    /// Takes one look and brings the table up to date; what is new to be read comes back.
    pub(crate) fn look(&mut self) -> Applied {
        let began = Instant::now();
        self.looks += 1;
        self.meter.forget(began);
        let sample = self.source.look(clock::now());
        let held = self.hold_until.is_some_and(|until| began < until) && self.table.closed() < MOST_GHOSTS;
        let first = self.taken_at == UnixMillis(0);
        self.owners_put_off = first && sample.changes.iter().any(is_pending);
        let applied = self.tracker.apply(&mut self.table, &sample, held);
        self.observed.looked(&self.table, &applied, sample.taken_at);
        self.taken_at = sample.taken_at;
        self.troubles = sample.troubles;
        self.look_took = began.elapsed();
        // Even a look that found nothing new is news: ages are told against `taken_at`.
        self.sequence += 1;
        applied
    }

    /// Looks at listeners alone, between two looks; `None` where the source has no such way.
    pub(crate) fn look_at_listeners(&mut self) -> Option<Applied> {
        let sample = self.source.listeners(clock::now())?;
        let applied = self.tracker.between(&mut self.table, &sample);
        self.observed.looked(&self.table, &applied, sample.taken_at);
        if applied.visible {
            self.taken_at = sample.taken_at;
            self.sequence += 1;
        }
        Some(applied)
    }

    /// Facts about processes have arrived.
    pub(crate) fn learn(&mut self, processes: Vec<Process>) {
        let mut news = false;
        for process in processes {
            news |= self.table.learn(process);
        }
        self.sequence += u64::from(news);
    }

    /// Names of user numbers have arrived.
    pub(crate) fn learn_users(&mut self, users: &[(u32, Option<String>)]) {
        let mut news = false;
        for (uid, name) in users {
            news |= self.table.learn_user(*uid, name.as_deref());
        }
        self.sequence += u64::from(news);
    }

    /// The system's settings of ports have been read.
    pub(crate) fn learn_settings(&mut self, settings: Vec<PortSettings>) {
        self.sequence += u64::from(self.settings != settings);
        self.observed.learn_settings(&settings);
        self.settings = settings;
    }

    /// Builds the answer to one request of the page.
    pub(crate) fn frame(&mut self, request: &FrameRequest) -> Frame {
        if request.hold {
            self.hold_until = Some(Instant::now() + self.interval + HOLD_GRACE);
        } else {
            self.hold_until = None;
        }
        let speeds = self.speeds(request.sort);
        let shown = self.view.show(request, &self.table, speeds.as_ref(), self.sequence);
        let mut lines = shown.lines(&self.table, request.first, request.count);
        let mut detail = request.detail.and_then(|id| detail(&self.table, id));
        let counted = lines.iter_mut().filter_map(|line| match line {
            Line::Socket(row) if request.traffic => Some(&mut **row),
            Line::Socket(_) | Line::Group(_) => None,
        });
        let counted: Vec<&mut Row> = counted.chain(detail.as_mut().map(|detail| &mut detail.row)).collect();
        let key = |row: &Row| self.table.row(SocketId(row.id)).map(|row| row.socket.key);
        let counted: Vec<(SocketKey, &mut Row)> =
            counted.into_iter().filter_map(|row| Some((key(row)?, row))).collect();
        self.meter.read(&mut *self.source, counted.iter().map(|(key, _)| *key), self.looks);
        for (key, row) in counted {
            row.traffic = self.meter.of(key).map(Box::new);
        }
        Frame {
            sequence: self.sequence,
            taken_at: self.taken_at.into(),
            look_ms: self.look_took.as_secs_f64() * 1_000.0,
            interval_ms: u32::try_from(self.interval.as_millis()).unwrap_or(u32::MAX),
            paused: self.paused,
            held: shown.held,
            total: count(self.table.open()),
            news: count(self.observed.unread()),
            watch_trouble: self.observed.watch_trouble(),
            matched: count(shown.selection.matched),
            line_count: count(shown.selection.lines.len()),
            first: request.first,
            lines,
            located: request.locate.and_then(|id| shown.locate(id)),
            states: convert::states(&shown.selection.states),
            hidden: convert::hidden(&shown.selection.hidden),
            troubles: self.troubles.iter().map(convert::trouble).collect(),
            port: request.port.map(|port| convert::port_answer(&self.table, &self.myself, &self.settings, port)),
            detail,
            filter_problem: shown.filter_problem,
        }
    }

    /// The ids of the rows among the lines `first..=last` of the answer to `request`.
    pub(crate) fn ids(&mut self, request: &FrameRequest, first: u32, last: u32) -> Vec<u64> {
        let speeds = self.speeds(request.sort);
        self.view.show(request, &self.table, speeds.as_ref(), self.sequence).ids(first, last)
    }

    /// How fast bytes go through every connection, if rows are to be ordered by that: then all counters are read, else only
    /// those of the rows that are shown.
    fn speeds(&mut self, sort: Sort) -> Option<Speeds> {
        if !Speeds::wanted(sort) {
            return None;
        }
        let connections: Vec<(SocketId, SocketKey)> = self.table.connections().collect();
        self.meter.read(&mut *self.source, connections.iter().map(|(_, key)| *key), self.looks);
        let counted = connections.into_iter().filter_map(|(id, key)| Some((id, self.meter.of(key)?)));
        Some(Speeds::new(sort, counted))
    }
}

fn is_pending(change: &Change) -> bool {
    matches!(change, Change::Opened(socket) if socket.owner == Owner::Unknown(OwnerGap::Pending))
}
