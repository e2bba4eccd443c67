//! From what looks did to rows to what happened: a listener opened, a connection closed, each with its program.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use quaymaster_core::tracker::Applied;
use quaymaster_core::{Bytes, Gap, Owner, OwnerGap, Protocol, Row, SocketId, Table, TcpState, UnixMillis};

/// How long something waits for the name of its program. Mostly that comes within milliseconds; a stuck process tells none.
const PATIENCE: Duration = Duration::from_secs(3);

/// So many connections without bytes may be remembered for nothing.
const FEW: usize = 1_000;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A listener, or a UDP socket that anybody may send to, is there.
    ListenerOpened,
    /// It is gone.
    ListenerClosed,
    /// A connection is there, or somebody tries to make one.
    ConnectionOpened,
    /// Its program has let it go, or it is gone.
    ConnectionClosed,
    /// What went through a connection whose end was told without it, with `bytes`: its program had let it go while the system still
    /// had something to send, which may take minutes, or the system was a moment late to tell. Once at most; for many never.
    BytesLearnt,
}

/// Something that happened.
#[derive(Clone, Debug)]
pub struct Happening {
    /// When it was seen.
    pub at: UnixMillis,
    /// What.
    pub what: What,
    /// The row, as it was then, with the facts of its owners as far as they could be read.
    pub row: Row,
    /// What went through a connection that has ended. `None` of everything else, and where it is not known: not yet, or never (UDP,
    /// Windows, the text tables of Linux, an announcement of the kernel's that was lost, a program that still holds what is closed).
    pub bytes: Option<Bytes>,
}

/// The part that a socket plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Listener,
    Connection,
}

impl Part {
    /// `None` for what plays none: bound and idle, half open, or left over in the kernel.
    fn of(row: &Row) -> Option<Self> {
        let socket = &row.socket;
        if socket.is_listener() {
            return Some(Self::Listener);
        }
        let is_over = matches!(socket.owner, Owner::Kernel(_)) && socket.state != Some(TcpState::Established);
        let is_there = socket.remote.is_some() && socket.state != Some(TcpState::Closed) && !is_over;
        is_there.then_some(Self::Connection)
    }

    fn opened(self) -> What {
        match self {
            Self::Listener => What::ListenerOpened,
            Self::Connection => What::ConnectionOpened,
        }
    }

    fn closed(self) -> What {
        match self {
            Self::Listener => What::ListenerClosed,
            Self::Connection => What::ConnectionClosed,
        }
    }
}

/// Who is known to be there, and who waits for a name.
#[derive(Debug, Default)]
pub(crate) struct Chronicle {
    told: HashMap<SocketId, Part>,
    /// Since when it was seen, and until when it waits.
    waiting: HashMap<SocketId, (UnixMillis, Instant)>,
    /// Connections whose end was told without their bytes, some of which have no row any more.
    uncounted: HashSet<SocketId>,
    /// So many are `uncounted` when those without a row are forgotten: rarely, for it costs.
    crowd: usize,
}

impl Chronicle {
    /// What a look, or facts that have come, make known; `now` is the time of the look.
    pub(crate) fn take(&mut self, table: &Table, applied: &Applied, now: UnixMillis) -> Vec<Happening> {
        let mut happened = Vec::new();
        let until = Instant::now() + PATIENCE;
        let mut counted: HashMap<SocketId, Bytes> = applied.counted.iter().copied().collect();
        // Who closes in the look in which it changed is closed.
        for &id in &applied.closed {
            if let Some(row) = table.row(id) {
                self.close(row, now, &mut counted, &mut happened);
            }
        }
        for &id in applied.opened.iter().chain(&applied.changed) {
            let Some(row) = table.row(id) else { continue };
            let part = Part::of(&row);
            if self.told.get(&id).is_some_and(|told| Some(*told) != part) {
                self.close(row, now, &mut counted, &mut happened);
            }
            if part.is_some() && !self.told.contains_key(&id) {
                self.waiting.entry(id).or_insert((now, until));
            }
        }
        for &(id, _) in &applied.counted {
            let late = counted.remove(&id).filter(|_| self.uncounted.remove(&id));
            let learnt = |(bytes, row)| Happening { at: now, what: What::BytesLearnt, row, bytes: Some(bytes) };
            happened.extend(late.zip(table.row(id)).map(learnt));
        }
        self.thin_out(table);
        happened.extend(self.settle(table));
        happened
    }

    fn thin_out(&mut self, table: &Table) {
        if self.uncounted.len() > self.crowd {
            self.uncounted.retain(|id| table.has(*id));
            self.crowd = FEW.max(self.uncounted.len() * 2);
            self.uncounted.shrink_to(self.crowd);
        }
    }

    /// Tells of those that have a name now, or have waited long enough.
    pub(crate) fn settle(&mut self, table: &Table) -> Vec<Happening> {
        let mut happened = Vec::new();
        let at = Instant::now();
        let told = &mut self.told;
        self.waiting.retain(|id, (since, until)| {
            let Some(row) = table.row(*id) else { return false };
            let Some(part) = Part::of(&row) else { return false };
            let waits = is_nameless(&row) && at < *until;
            if !waits {
                told.insert(*id, part);
                happened.push(Happening { at: *since, what: part.opened(), row, bytes: None });
            }
            waits
        });
        // A map has no order; what happened has.
        happened.sort_by_key(|happening| (happening.at, happening.row.id));
        happened
    }

    /// When somebody will have waited long enough.
    pub(crate) fn due(&self) -> Option<Instant> {
        self.waiting.values().map(|(_, until)| *until).min()
    }

    fn close(
        &mut self,
        row: Row,
        now: UnixMillis,
        counted: &mut HashMap<SocketId, Bytes>,
        happened: &mut Vec<Happening>,
    ) {
        // Come and gone before its name was known: both are told, with what is known.
        if let Some((since, _)) = self.waiting.remove(&row.id)
            && let Some(part) = Part::of(&row)
        {
            happened.push(Happening { at: since, what: part.opened(), row: row.clone(), bytes: None });
            self.told.insert(row.id, part);
        }
        if let Some(part) = self.told.remove(&row.id) {
            let bytes = counted.remove(&row.id);
            if part == Part::Connection && row.socket.protocol == Protocol::Tcp && bytes.is_none() {
                self.uncounted.insert(row.id);
            }
            happened.push(Happening { at: now, what: part.closed(), row, bytes });
        }
    }
}

/// Whether its program is still being found or read.
fn is_nameless(row: &Row) -> bool {
    match &row.socket.owner {
        Owner::Unknown(why) => *why == OwnerGap::Pending,
        Owner::Kernel(_) => false,
        Owner::Processes(_) => row.owners.iter().any(|owner| owner.name.is_empty() && owner.path == Err(Gap::Pending)),
    }
}
