//! From what looks did to rows to what happened: a listener opened, a connection closed, each with its program.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use quaymaster_core::tracker::Applied;
use quaymaster_core::{Gap, Owner, OwnerGap, Row, SocketId, Table, TcpState, UnixMillis};

/// How long something waits for the name of its program. Mostly that comes within milliseconds; a stuck process tells none.
const PATIENCE: Duration = Duration::from_secs(3);

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
}

impl Chronicle {
    /// What a look, or facts that have come, make known; `now` is the time of the look.
    pub(crate) fn take(&mut self, table: &Table, applied: &Applied, now: UnixMillis) -> Vec<Happening> {
        let mut happened = Vec::new();
        let until = Instant::now() + PATIENCE;
        // Who closes in the look in which it changed is closed.
        for &id in &applied.closed {
            if let Some(row) = table.row(id) {
                self.close(row, now, &mut happened);
            }
        }
        for &id in applied.opened.iter().chain(&applied.changed) {
            let Some(row) = table.row(id) else { continue };
            let part = Part::of(&row);
            if self.told.get(&id).is_some_and(|told| Some(*told) != part) {
                self.close(row, now, &mut happened);
            }
            if part.is_some() && !self.told.contains_key(&id) {
                self.waiting.entry(id).or_insert((now, until));
            }
        }
        happened.extend(self.settle(table));
        happened
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
                happened.push(Happening { at: *since, what: part.opened(), row });
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

    fn close(&mut self, row: Row, now: UnixMillis, happened: &mut Vec<Happening>) {
        // Come and gone before its name was known: both are told, with what is known.
        if let Some((since, _)) = self.waiting.remove(&row.id)
            && let Some(part) = Part::of(&row)
        {
            happened.push(Happening { at: since, what: part.opened(), row: row.clone() });
            self.told.insert(row.id, part);
        }
        if let Some(part) = self.told.remove(&row.id) {
            happened.push(Happening { at: now, what: part.closed(), row });
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
