//! Identity over time: which row of this look is which row of the last.
//!
//! **Invariant:** a row's id lives as long as its socket in a person's eyes: through every change of state, through the
//! hand-over from process to kernel (Linux gives TIME_WAIT and FIN_WAIT2 a new cookie: same four-tuple, no holder) and
//! through changes of owner. A used-again four-tuple with a new key that is *not* such a remainder is a new socket.

use std::collections::HashMap;

use crate::change::{Change, Sample};
use crate::process::ProcessKey;
use crate::socket::{Owner, OwnerGap, Socket, SocketKey, TcpState};
use crate::table::{Mark, NewRow, SocketId, Table, Tuple, Turnover, tuple};
use crate::time::UnixMillis;

/// Hands out ids and marks.
#[derive(Debug, Default)]
pub struct Tracker {
    ids: HashMap<SocketKey, SocketId>,
    /// Rows whose mark fades at the next look.
    marked: Vec<SocketId>,
    looked: bool,
}

/// What applying one look did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Anything a person could see differs (marks included).
    pub visible: bool,
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

    /// Applies one look to the table. Marks of the look before fade first; closed rows go unless `keep_closed` (the order
    /// is being held under the person's pointer).
    pub fn apply(&mut self, table: &mut Table, sample: &Sample, keep_closed: bool) -> Applied {
        let faded = std::mem::take(&mut self.marked);
        let old_ghosts: Vec<SocketId> = table.ghosts().collect();
        for &id in &faded {
            table.fade(id);
        }
        let mut look = Look {
            tracker: self,
            turnover: Turnover::default(),
            // Remainders of what closed at the last look may come only now.
            remains: old_ghosts.iter().filter_map(|&id| table.row(id).map(|row| (tuple(&row.socket), id))).collect(),
            now: sample.taken_at,
            table,
        };
        // Closings first: what a socket left behind may stand before its closing in the list.
        look.close_all(&sample.changes);
        for change in &sample.changes {
            match change {
                Change::Opened(socket) | Change::Changed(socket) => look.see(socket),
                Change::Closed(_) => {}
            }
        }
        let Turnover { new_owners, new_users, left } = look.turnover;
        let dropped = if keep_closed { 0 } else { drop_ghosts(table, &old_ghosts) };
        self.looked = true;
        Applied {
            visible: !sample.changes.is_empty() || !faded.is_empty() || dropped > 0,
            new_owners,
            new_users,
            departed: table.forget(&left),
        }
    }
}

/// Removes those of `ghosts` that are still closed; how many.
fn drop_ghosts(table: &mut Table, ghosts: &[SocketId]) -> usize {
    let closed = |table: &Table, id| table.row(id).is_some_and(|row| row.mark == Mark::Closed);
    let gone: Vec<_> = ghosts.iter().copied().filter(|&id| closed(table, id)).collect();
    for &id in &gone {
        table.remove(id);
    }
    gone.len()
}

/// One sample on its way into the table.
struct Look<'a> {
    tracker: &'a mut Tracker,
    table: &'a mut Table,
    turnover: Turnover,
    /// Rows that closed just now or at the last look, by their ends.
    remains: HashMap<Tuple, SocketId>,
    now: UnixMillis,
}

impl Look<'_> {
    fn close_all(&mut self, changes: &[Change]) {
        for change in changes {
            if let Change::Closed(key) = change
                && let Some(id) = self.tracker.ids.remove(key)
            {
                self.table.close(id, &mut self.turnover);
                if let Some(row) = self.table.row(id) {
                    self.remains.insert(tuple(&row.socket), id);
                }
            }
        }
    }

    fn see(&mut self, socket: &Socket) {
        if let Some(&id) = self.tracker.ids.get(&socket.key) {
            self.change(id, socket);
        } else if let Some(id) = self.predecessor(socket) {
            self.tracker.ids.insert(socket.key, id);
            self.replace(id, socket, Mark::Changed);
        } else {
            self.open(socket);
        }
    }

    fn open(&mut self, socket: &Socket) {
        let already_open = !self.tracker.looked;
        let mark = if already_open { Mark::Steady } else { Mark::New };
        let new = NewRow { socket: socket.clone(), first_seen: self.now, already_open, mark };
        let id = self.table.insert(new, &mut self.turnover);
        self.tracker.ids.insert(socket.key, id);
        if mark == Mark::New {
            self.tracker.marked.push(id);
        }
    }

    /// The row whose remainder this is: same ends, closed lately or about to be (a listing is not made in one instant, so
    /// both may stand in it).
    fn predecessor(&mut self, socket: &Socket) -> Option<SocketId> {
        let left_over = matches!(socket.state, Some(TcpState::TimeWait | TcpState::FinWait2));
        if !left_over || !matches!(socket.owner, Owner::Kernel(_)) {
            return None;
        }
        if let Some(id) = self.remains.remove(&tuple(socket)) {
            return Some(id);
        }
        let id = self.table.with_tuple(tuple(socket))?;
        let old = self.table.row(id)?.socket.key;
        self.tracker.ids.remove(&old);
        Some(id)
    }

    fn change(&mut self, id: SocketId, socket: &Socket) {
        let Some(row) = self.table.row(id) else { return };
        let old = &row.socket;
        if same_but_queues(old, socket) {
            return self.table.set_queues(id, socket);
        }
        // An owner that was found a look late is no news to a person: the socket did not change.
        let only_found = old.owner == Owner::Unknown(OwnerGap::Pending) && old.state == socket.state;
        let mark = if only_found { row.mark } else { Mark::Changed };
        self.replace(id, socket, mark);
    }

    fn replace(&mut self, id: SocketId, socket: &Socket, mark: Mark) {
        let mut socket = socket.clone();
        if let (Owner::Kernel(last), Some(row)) = (&mut socket.owner, self.table.row(id))
            && last.is_empty()
            && let Owner::Processes(keys) | Owner::Kernel(keys) = &row.socket.owner
        {
            last.clone_from(keys);
        }
        self.table.update(id, socket, mark, &mut self.turnover);
        if mark != Mark::Steady {
            self.tracker.marked.push(id);
        }
    }
}

/// Whether two looks at a socket differ in nothing but what waits in it. A last owner that only the table knows is no
/// difference either.
fn same_but_queues(old: &Socket, new: &Socket) -> bool {
    let owner_same = match (&old.owner, &new.owner) {
        (Owner::Kernel(_), Owner::Kernel(last)) if last.is_empty() => true,
        (before, after) => before == after,
    };
    owner_same
        && old.state == new.state
        && old.uid == new.uid
        && (old.local, old.remote) == (new.local, new.remote)
        && (old.family, old.dual_stack, old.interface) == (new.family, new.dual_stack, new.interface)
        && old.time_wait_until == new.time_wait_until
}
