//! From what looks did to rows to what happened: a listener opened, a connection closed, each with its program.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use quaymaster_core::tracker::Applied;
use quaymaster_core::{Bytes, Gap, Owner, OwnerGap, Protocol, Row, SocketId, Table, TcpState, UnixMillis};

use super::direction::Listened;

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
    /// Of a connection: the other end called, as far as listeners tell.
    pub incoming: bool,
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
    told: HashMap<SocketId, Told>,
    waiting: HashMap<SocketId, Waiting>,
    listened: Listened,
    /// Connections whose end was told without their bytes, some of which have no row any more, and who called.
    uncounted: HashMap<SocketId, bool>,
    /// So many are `uncounted` when those without a row are forgotten: rarely, for it costs.
    crowd: usize,
}

/// What has been told of a socket.
#[derive(Clone, Copy, Debug)]
struct Told {
    part: Part,
    incoming: bool,
}

/// What is told as soon as it has a name.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    told: Told,
    since: UnixMillis,
    until: Instant,
}

impl Chronicle {
    /// What a look makes known; `now` is the time of the look.
    pub(crate) fn take(&mut self, table: &Table, applied: &Applied, now: UnixMillis) -> Vec<Happening> {
        let mut happened = Vec::new();
        let until = Instant::now() + PATIENCE;
        let mut counted: HashMap<SocketId, Bytes> = applied.counted.iter().copied().collect();
        // Who closes in the look in which it changed is closed.
        for row in applied.closed.iter().filter_map(|&id| table.row(id)) {
            self.close(row, now, &mut counted, &mut happened);
        }
        let mut begun = Vec::new();
        for row in applied.opened.iter().chain(&applied.changed).filter_map(|&id| table.row(id)) {
            let part = Part::of(&row);
            let before = self.part_of(row.id);
            if before == part {
                continue;
            }
            let Row { id, ref socket, .. } = row;
            let place = (socket.protocol, socket.local.port);
            if before.is_some() {
                self.close(row, now, &mut counted, &mut happened);
            }
            if let Some(part) = part {
                begun.push((id, part, place));
            }
        }
        // Listeners first: who called whom hangs on them.
        for (_, _, (protocol, port)) in begun.iter().filter(|(_, part, _)| *part == Part::Listener) {
            self.listened.opened(*protocol, *port);
        }
        for (id, part, (protocol, port)) in begun {
            let incoming = part == Part::Connection && self.listened.is_called(protocol, port, now);
            self.waiting.insert(id, Waiting { told: Told { part, incoming }, since: now, until });
        }
        for &(id, _) in &applied.counted {
            if let Some(bytes) = counted.remove(&id)
                && let Some(incoming) = self.uncounted.remove(&id)
                && let Some(row) = table.row(id)
            {
                happened.push(Happening { at: now, what: What::BytesLearnt, row, incoming, bytes: Some(bytes) });
            }
        }
        self.thin_out(table);
        happened.extend(self.settle(table));
        happened
    }

    fn thin_out(&mut self, table: &Table) {
        if self.uncounted.len() > self.crowd {
            self.uncounted.retain(|id, _| table.has(*id));
            self.crowd = FEW.max(self.uncounted.len() * 2);
            self.uncounted.shrink_to(self.crowd);
        }
    }

    /// Tells of those that have a name now, or have waited long enough.
    pub(crate) fn settle(&mut self, table: &Table) -> Vec<Happening> {
        let mut happened = Vec::new();
        let at = Instant::now();
        let told = &mut self.told;
        self.waiting.retain(|id, waiting| {
            let Some(row) = table.row(*id) else { return false };
            let waits = is_nameless(&row) && at < waiting.until;
            if !waits {
                told.insert(*id, waiting.told);
                happened.push(waiting.told.opened(row, waiting.since));
            }
            waits
        });
        // A map has no order; what happened has.
        happened.sort_by_key(|happening| (happening.at, happening.row.id));
        happened
    }

    /// Everything that has been told to be there and is, as if it had come now.
    pub(crate) fn there(&self, table: &Table, now: UnixMillis) -> Vec<Happening> {
        let rows = self.told.iter().filter_map(|(id, told)| Some(told.opened(table.row(*id)?, now)));
        let mut there: Vec<Happening> = rows.collect();
        there.sort_by_key(|happening| happening.row.id);
        there
    }

    /// When somebody will have waited long enough.
    pub(crate) fn due(&self) -> Option<Instant> {
        self.waiting.values().map(|waiting| waiting.until).min()
    }

    /// The part that a socket is known to play.
    fn part_of(&self, id: SocketId) -> Option<Part> {
        let waiting = self.waiting.get(&id).map(|waiting| waiting.told);
        self.told.get(&id).copied().or(waiting).map(|told| told.part)
    }

    fn close(
        &mut self,
        row: Row,
        now: UnixMillis,
        counted: &mut HashMap<SocketId, Bytes>,
        happened: &mut Vec<Happening>,
    ) {
        // Come and gone before its name was known: both are told, with what is known.
        let told = match self.waiting.remove(&row.id) {
            Some(waiting) => {
                happened.push(waiting.told.opened(row.clone(), waiting.since));
                waiting.told
            }
            None => match self.told.remove(&row.id) {
                Some(told) => told,
                None => return,
            },
        };
        if told.part == Part::Listener {
            self.listened.closed(row.socket.protocol, row.socket.local.port, now);
        }
        let bytes = counted.remove(&row.id);
        if told.part == Part::Connection && row.socket.protocol == Protocol::Tcp && bytes.is_none() {
            self.uncounted.insert(row.id, told.incoming);
        }
        happened.push(Happening { at: now, what: told.part.closed(), row, incoming: told.incoming, bytes });
    }
}

impl Told {
    fn opened(self, row: Row, at: UnixMillis) -> Happening {
        Happening { at, what: self.part.opened(), row, incoming: self.incoming, bytes: None }
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
