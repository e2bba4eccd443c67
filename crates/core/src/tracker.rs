//! Identity over time: which row of this look is which row of the last.
//!
//! **Invariant:** a row's id lives as long as its socket in a person's eyes: through every change of state, through the
//! hand-over from process to kernel (Linux gives TIME_WAIT and FIN_WAIT2 a new cookie: same four-tuple, no holder) and
//! through changes of owner. A used-again four-tuple with a new key that is *not* such a remainder is a new socket.

use std::collections::{HashMap, HashSet};

use crate::change::{Change, Sample};
use crate::counters::Bytes;
use crate::process::ProcessKey;
use crate::socket::{Owner, OwnerGap, Socket, SocketKey, TcpState};
use crate::table::{Mark, SocketId, Table, Turnover};
use crate::time::UnixMillis;

/// Hands out ids and marks.
#[derive(Debug, Default)]
pub struct Tracker {
    /// Rows whose mark fades at the next whole look.
    marked: Vec<SocketId>,
    /// Rows that were marked or closed since the last whole look: they stay as they are at the next.
    recent: HashSet<SocketId>,
    looked: bool,
}

/// What applying one look did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Anything a person could see differs (marks included).
    pub visible: bool,
    /// Rows of sockets that were not there before.
    pub opened: Vec<SocketId>,
    /// Rows whose state or owner is another than before, and rows that were taken over by what was left of a closed socket.
    pub changed: Vec<SocketId>,
    /// Rows of sockets that are gone.
    pub closed: Vec<SocketId>,
    /// Rows of connections that have ended, and what went through each: those that closed, those of which something is left,
    /// and those of which something was left before.
    pub counted: Vec<(SocketId, Bytes)>,
    /// Owners that were never seen before: to be read.
    pub new_owners: Vec<ProcessKey>,
    /// User numbers never seen before: to be named.
    pub new_users: Vec<u32>,
    /// Processes that own nothing any more; their facts have been dropped.
    pub departed: Vec<ProcessKey>,
}

impl Tracker {
    /// A tracker that has seen nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Applies one whole look to the table. Marks of the look before fade first; closed rows go unless `keep_closed` (the
    /// order is being held under the person's pointer). Costs in proportion to what changed at this look and the last.
    pub fn apply(&mut self, table: &mut Table, sample: &Sample, keep_closed: bool) -> Applied {
        let recent = std::mem::take(&mut self.recent);
        let mut faded = false;
        for id in std::mem::take(&mut self.marked) {
            faded |= !recent.contains(&id) && table.fade(id);
        }
        // They go at the end: remainders of what closed at the last look may come only now.
        let is_old = |id: &SocketId| !keep_closed && !recent.contains(id);
        let old_ghosts: Vec<SocketId> = table.ghosts().filter(is_old).collect();
        self.marked.extend(&recent);
        let Look { turnover, visible, marked, happened, .. } = self.take_in(table, sample, recent);
        self.marked.extend(marked);
        self.looked = true;
        let dropped = drop_ghosts(table, &old_ghosts);
        Applied { visible: faded || visible || dropped, ..happened.applied(table, turnover) }
    }

    /// Applies a sample that was taken between two whole looks. Nothing fades and no closed row goes; what opens, changes or
    /// closes in it is marked until the second whole look from now, so that it is seen for one interval at least.
    pub fn between(&mut self, table: &mut Table, sample: &Sample) -> Applied {
        let recent = std::mem::take(&mut self.recent);
        let Look { turnover, visible, marked, lately, happened, .. } = self.take_in(table, sample, recent);
        self.recent = lately;
        self.recent.extend(marked);
        Applied { visible, ..happened.applied(table, turnover) }
    }

    /// Takes in what a sample tells; `lately` are the rows that were marked or closed since the last whole look.
    fn take_in<'a>(&self, table: &'a mut Table, sample: &Sample, lately: HashSet<SocketId>) -> Look<'a> {
        table.expect(sample.changes.iter().filter(|change| matches!(change, Change::Opened(_))).count());
        let mut look = Look {
            table,
            turnover: Turnover::default(),
            happened: Happened::default(),
            marked: Vec::new(),
            lately,
            now: sample.taken_at,
            looked: self.looked,
            visible: false,
        };
        // Closings first: what a socket left behind may stand before its closing in the list.
        look.close_all(&sample.changes);
        for change in &sample.changes {
            match change {
                Change::Opened(socket) | Change::Changed(socket) => look.see(socket),
                Change::Closed(_) | Change::Counted(..) => {}
            }
        }
        look
    }
}

/// What one sample did to rows.
#[derive(Default)]
struct Happened {
    opened: Vec<SocketId>,
    changed: Vec<SocketId>,
    closed: Vec<SocketId>,
    counted: Vec<(SocketId, Bytes)>,
}

impl Happened {
    fn applied(self, table: &mut Table, turnover: Turnover) -> Applied {
        let Turnover { new_owners, new_users, left } = turnover;
        let departed = table.forget(&left);
        let Self { opened, changed, closed, counted } = self;
        Applied { visible: false, opened, changed, closed, counted, new_owners, new_users, departed }
    }
}

/// Removes those of `ghosts` that are still closed; whether there were any.
fn drop_ghosts(table: &mut Table, ghosts: &[SocketId]) -> bool {
    let before = table.closed();
    for &id in ghosts {
        table.remove(id);
    }
    table.closed() < before
}

/// One sample on its way into the table.
struct Look<'a> {
    table: &'a mut Table,
    turnover: Turnover,
    happened: Happened,
    /// Rows that were given a mark.
    marked: Vec<SocketId>,
    /// Rows that were marked or closed since the last whole look, or closed just now.
    lately: HashSet<SocketId>,
    now: UnixMillis,
    /// There was a whole look before.
    looked: bool,
    visible: bool,
}

impl Look<'_> {
    fn close_all(&mut self, changes: &[Change]) {
        // By key; asked only where bytes come late.
        let mut ghosts: Option<HashMap<SocketKey, SocketId>> = None;
        for change in changes {
            match change {
                Change::Closed(key) => self.close(key),
                Change::Counted(key, bytes) => {
                    let open = self.table.with_key(key).map(|place| self.table.id(place));
                    let table = &*self.table;
                    let mut ghost = || ghosts.get_or_insert_with(|| table.ghost_keys().collect()).get(key).copied();
                    self.happened.counted.extend(open.or_else(&mut ghost).map(|id| (id, *bytes)));
                }
                Change::Opened(_) | Change::Changed(_) => {}
            }
        }
    }

    fn close(&mut self, key: &SocketKey) {
        if let Some(place) = self.table.with_key(key) {
            self.table.close(place, &mut self.turnover);
            let id = self.table.id(place);
            self.lately.insert(id);
            self.happened.closed.push(id);
            self.visible = true;
        }
    }

    fn see(&mut self, socket: &Socket) {
        if let Some(place) = self.table.with_key(&socket.key) {
            self.change(place, socket);
        } else if let Some(place) = self.predecessor(socket) {
            self.replace(place, socket, Mark::Changed);
        } else {
            self.open(socket);
        }
    }

    fn open(&mut self, socket: &Socket) {
        let already_open = !self.looked;
        let mark = if already_open { Mark::Steady } else { Mark::New };
        let id = self.table.insert(socket, (self.now, already_open), mark, &mut self.turnover);
        if mark == Mark::New {
            self.marked.push(id);
        }
        self.happened.opened.push(id);
        self.visible = true;
    }

    /// The row that this socket carries on under another key: the same ends, closed, or about to be (a listing is not made
    /// in one instant, so both may stand in it).
    fn predecessor(&self, socket: &Socket) -> Option<usize> {
        let goes_on = |place: &usize| {
            let old = self.table.socket_at(*place);
            is_remainder(socket, &old) || self.lately.contains(&self.table.id(*place)) && is_answer(socket, &old)
        };
        if let Some(place) = self.table.ghost_with_ends_of(socket).filter(goes_on) {
            return Some(place);
        }
        let is_old = |place: &usize| is_remainder(socket, &self.table.socket_at(*place));
        is_left_over(socket).then(|| self.table.with_ends_of(socket).filter(is_old)).flatten()
    }

    fn change(&mut self, place: usize, socket: &Socket) {
        let (old, before) = (self.table.socket_at(place), self.table.mark(place));
        if same_to_a_person(&old, socket) {
            self.visible |= self.table.refresh(place, socket);
            return;
        }
        // An owner that was found a look late is no news to a person: the socket did not change.
        if old.owner == Owner::Unknown(OwnerGap::Pending) && old.state == socket.state {
            self.update(place, socket, before);
        } else {
            self.replace(place, socket, if before == Mark::New { before } else { Mark::Changed });
        }
    }

    fn replace(&mut self, place: usize, socket: &Socket, mark: Mark) {
        self.update(place, socket, mark);
        self.marked.push(self.table.id(place));
    }

    fn update(&mut self, place: usize, socket: &Socket, mark: Mark) {
        let heir = self.heir(place, socket);
        self.table.update(place, heir.as_ref().unwrap_or(socket), mark, &mut self.turnover);
        self.happened.changed.push(self.table.id(place));
        self.visible = true;
    }

    /// The socket with the last holders that its row knows, where the kernel keeps it and tells of none.
    fn heir(&self, place: usize, socket: &Socket) -> Option<Socket> {
        match (&socket.owner, self.table.socket_at(place).owner) {
            (Owner::Kernel(last), Owner::Processes(keys) | Owner::Kernel(keys)) if last.is_empty() => {
                Some(Socket { owner: Owner::Kernel(keys), ..socket.clone() })
            }
            _ => None,
        }
    }
}

/// Whether `socket` is what the kernel keeps of `old`, whose ends it has: nobody holds it, and it is at a later stage of a
/// connection's end. Linux moves TIME_WAIT and FIN_WAIT2 to a smaller socket of its own (`inet_twsk_alloc`); where the inode
/// is part of the key, every orphan loses its own. A TIME_WAIT that follows a TIME_WAIT is another connection's.
fn is_remainder(socket: &Socket, old: &Socket) -> bool {
    is_left_over(socket) && old.state != Some(TcpState::TimeWait)
}

/// Whether `socket` may be a remainder at all.
fn is_left_over(socket: &Socket) -> bool {
    let late = matches!(
        socket.state,
        Some(TcpState::FinWait1 | TcpState::FinWait2 | TcpState::Closing | TcpState::LastAck | TcpState::TimeWait)
    );
    late && matches!(socket.owner, Owner::Kernel(_))
}

/// Whether `socket` is the connection that grew out of `old`, whose ends it has and which no process held yet. Linux hands
/// the cookie over (`inet_csk_clone_lock`), but a key made of tuple and owner changes when a process takes the socket.
fn is_answer(socket: &Socket, old: &Socket) -> bool {
    let half_open = old.state == Some(TcpState::SynRecv);
    let waiting = matches!((&old.key, &old.owner), (SocketKey::Tuple { .. }, Owner::Kernel(_)))
        && matches!(old.state, Some(TcpState::Established | TcpState::CloseWait));
    (half_open || waiting) && matches!(socket.state, Some(TcpState::Established | TcpState::CloseWait))
}

/// Whether two looks at a socket differ in nothing but what waits in it and for how long. A last owner that only the table
/// knows is no difference either.
fn same_to_a_person(old: &Socket, new: &Socket) -> bool {
    let owner_same = match (&old.owner, &new.owner) {
        (Owner::Kernel(_), Owner::Kernel(last)) if last.is_empty() => true,
        (before, after) => before == after,
    };
    owner_same
        && old.state == new.state
        && old.uid == new.uid
        && (old.local, old.remote) == (new.local, new.remote)
        && (old.family, old.dual_stack, old.interface) == (new.family, new.dual_stack, new.interface)
}
