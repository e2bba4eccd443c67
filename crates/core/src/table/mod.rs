//! The rows that a query runs over: sockets with their stable ids, their owners' facts and what became of them lately.
//!
//! Indexes cover **open** rows only: a row that is closed and still shown answers no question about the machine. Whatever
//! many rows have in common (an address, a crew of owners, a user) is kept once and has a number, so that a query asks each
//! of these once and then walks over small [`Glance`]s.

mod addresses;
mod glance;
mod index;
mod people;
mod pool;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

pub(crate) use addresses::{Addresses, text as address_text};
pub(crate) use glance::{Glance, Keeper, NOTHING};
pub(crate) use people::{Crew, Known, People, Turnover, User, Users};

use crate::endpoint::{Endpoint, Protocol};
use crate::process::{Process, ProcessKey};
use crate::socket::{Owner, Socket};
use crate::time::UnixMillis;
use glance::Numbers;
use index::Index;

/// A row's number for as long as Quaymaster runs. Never reused; below 2^53.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SocketId(pub u64);

/// What happened to a row since the look before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// Nothing.
    #[default]
    Steady,
    /// It appeared.
    New,
    /// Its state or owner changed.
    Changed,
    /// It is gone and shown for one look more.
    Closed,
}

/// One row of the grid.
#[derive(Clone, Debug)]
pub struct Row {
    /// Stable id.
    pub id: SocketId,
    /// The socket as last seen.
    pub socket: Socket,
    /// Facts of the holders (or, for [`Owner::Kernel`], of the last holders), in the order of the keys in
    /// `socket.owner`. A process that has not been read yet is there as [`Process::unread`].
    pub owners: Vec<Arc<Process>>,
    /// Name of the socket's user; `None` if the system tells no user or it has no name.
    pub user: Option<Arc<str>>,
    /// When it was first seen.
    pub first_seen: UnixMillis,
    /// It was there at the first look: it is older than `first_seen`, nobody can say how much.
    pub already_open: bool,
    /// What happened to it lately.
    pub mark: Mark,
}

/// All rows. Filled by the [`Tracker`](crate::tracker::Tracker) alone; read by queries.
#[derive(Debug, Default)]
pub struct Table {
    rows: Vec<Row>,
    /// The same rows in the same order.
    glances: Vec<Glance>,
    slots: HashMap<SocketId, usize>,
    addresses: Addresses,
    people: People,
    users: Users,
    index: Index,
    ghosts: BTreeSet<SocketId>,
    /// The ends of closed rows that were connections.
    ghost_ends: BTreeSet<(u128, SocketId)>,
    given: u64,
}

/// Everything but the id, which the table gives.
pub(crate) struct NewRow {
    pub(crate) socket: Socket,
    pub(crate) first_seen: UnixMillis,
    pub(crate) already_open: bool,
    pub(crate) mark: Mark,
}

impl Table {
    /// An empty table.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sockets that are open (rows marked [`Mark::Closed`] not counted).
    #[must_use]
    pub fn open(&self) -> usize {
        self.rows.len() - self.ghosts.len()
    }

    /// Rows marked [`Mark::Closed`] that are still shown.
    #[must_use]
    pub fn closed(&self) -> usize {
        self.ghosts.len()
    }

    /// Every row, closed ones too, in no promised order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &Row> {
        self.rows.iter()
    }

    /// The row of this id.
    #[must_use]
    pub fn row(&self, id: SocketId) -> Option<&Row> {
        self.slots.get(&id).map(|&slot| &self.rows[slot])
    }

    /// Open rows whose local port is `port`, oldest first.
    pub fn at_local_port(&self, port: u16) -> impl Iterator<Item = &Row> {
        self.index.at_local_port(port).filter_map(|id| self.row(id))
    }

    /// Open rows whose remote port is `port`, oldest first.
    pub fn at_remote_port(&self, port: u16) -> impl Iterator<Item = &Row> {
        self.index.at_remote_port(port).filter_map(|id| self.row(id))
    }

    /// Open rows held by this process now, oldest first.
    pub fn held_by(&self, key: ProcessKey) -> impl Iterator<Item = &Row> {
        let rows = self.index.naming(key).filter_map(|id| self.row(id));
        rows.filter(move |row| row.socket.owner.holders().contains(&key))
    }

    /// The other end of this row's connection, if that end is an open socket of this computer too; the youngest, where
    /// several have the same ends.
    #[must_use]
    pub fn opposite(&self, row: &Row) -> Option<&Row> {
        let glance = self.glances.get(*self.slots.get(&row.id)?)?;
        self.row(self.index.with_ends(glance.opposite_ends()?).next_back()?)
    }

    /// Facts of a process that some open row names.
    #[must_use]
    pub fn process(&self, key: ProcessKey) -> Option<&Arc<Process>> {
        self.people.facts(key)
    }

    /// Facts about a process have arrived; every row that it owns shows them. Whether anything changed.
    pub fn learn(&mut self, process: Process) -> bool {
        let key = process.key;
        if !self.people.learn(process) {
            return false;
        }
        let ghosts = self.ghosts.iter().copied();
        let naming = |id: &SocketId| self.row(*id).is_some_and(|row| named(&row.socket.owner).contains(&key));
        for id in self.index.naming(key).chain(ghosts.filter(naming)).collect::<Vec<_>>() {
            self.describe(id);
        }
        true
    }

    /// The name of a user number has arrived. Whether anything changed.
    pub fn learn_user(&mut self, uid: u32, name: Option<&str>) -> bool {
        if !self.users.learn(uid, name) {
            return false;
        }
        let named = self.rows.iter().filter(|row| row.socket.uid == Some(uid)).map(|row| row.id);
        for id in named.collect::<Vec<_>>() {
            self.describe(id);
        }
        true
    }

    /// What a query asks of every row, closed ones too.
    pub(crate) fn glances(&self) -> &[Glance] {
        &self.glances
    }

    /// The row at a place in [`Self::glances`].
    pub(crate) fn row_at(&self, slot: usize) -> &Row {
        &self.rows[slot]
    }

    pub(crate) fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    pub(crate) fn people(&self) -> &People {
        &self.people
    }

    pub(crate) fn users(&self) -> &Users {
        &self.users
    }

    /// An open row with exactly these ends; the youngest, where there are several.
    pub(crate) fn with_ends_of(&self, socket: &Socket) -> Option<&Row> {
        self.row(self.index.with_ends(self.ends(socket)?).next_back()?)
    }

    /// A closed row with exactly these ends that is still shown; the youngest, where there are several.
    pub(crate) fn ghost_with_ends_of(&self, socket: &Socket) -> Option<&Row> {
        self.row(index::with(&self.ghost_ends, self.ends(socket)?).next_back()?)
    }

    /// Closed rows that are still shown, oldest first.
    pub(crate) fn ghosts(&self) -> impl Iterator<Item = SocketId> {
        self.ghosts.iter().copied()
    }

    /// Adds a row under the next id.
    pub(crate) fn insert(&mut self, new: NewRow, turnover: &mut Turnover) -> SocketId {
        self.given += 1;
        let id = SocketId(self.given);
        let NewRow { socket, first_seen, already_open, mark } = new;
        self.people.name(named(&socket.owner), turnover);
        let glance = Glance::new(id, first_seen, mark, &socket, self.hold(&socket, turnover));
        self.index.enter(&glance, named(&socket.owner));
        self.slots.insert(id, self.rows.len());
        self.glances.push(glance);
        self.rows.push(Row { id, socket, owners: Vec::new(), user: None, first_seen, already_open, mark });
        self.describe(id);
        id
    }

    /// Puts another state of the socket into a row; a closed one is open again.
    pub(crate) fn update(&mut self, id: SocketId, socket: Socket, mark: Mark, turnover: &mut Turnover) {
        let Some(&slot) = self.slots.get(&id) else { return };
        let before = self.glances[slot];
        self.people.name(named(&socket.owner), turnover);
        let glance = Glance::new(id, before.first_seen, mark, &socket, self.hold(&socket, turnover));
        if self.ghosts.remove(&id) {
            self.leave_ghosts(&before);
        } else {
            let owners = named(&self.rows[slot].socket.owner);
            self.index.leave(&before, owners);
            self.people.unname(owners, turnover);
        }
        self.release(&before);
        self.index.enter(&glance, named(&socket.owner));
        self.glances[slot] = glance;
        (self.rows[slot].socket, self.rows[slot].mark) = (socket, mark);
        self.describe(id);
    }

    /// Takes over what is no change worth a mark: what waits in a socket, and how long the kernel will keep it. Whether it
    /// differs.
    pub(crate) fn refresh(&mut self, id: SocketId, socket: &Socket) -> bool {
        let Some(&slot) = self.slots.get(&id) else { return false };
        let old = &mut self.rows[slot].socket;
        let differs = (old.queues, old.time_wait_until) != (socket.queues, socket.time_wait_until);
        (old.queues, old.time_wait_until) = (socket.queues, socket.time_wait_until);
        differs
    }

    /// Lets a mark fade.
    pub(crate) fn fade(&mut self, id: SocketId) {
        if let Some(&slot) = self.slots.get(&id)
            && self.rows[slot].mark != Mark::Closed
        {
            self.rows[slot].mark = Mark::Steady;
        }
    }

    /// Closes a row, which is shown until it is removed.
    pub(crate) fn close(&mut self, id: SocketId, turnover: &mut Turnover) {
        let Some(&slot) = self.slots.get(&id) else { return };
        if !self.ghosts.insert(id) {
            return;
        }
        let owners = named(&self.rows[slot].socket.owner);
        self.index.leave(&self.glances[slot], owners);
        self.people.unname(owners, turnover);
        self.ghost_ends.extend(self.glances[slot].ends().map(|ends| (ends, id)));
        self.glances[slot].closed = true;
        self.rows[slot].mark = Mark::Closed;
    }

    /// Removes a closed row.
    pub(crate) fn remove(&mut self, id: SocketId) {
        if self.ghosts.remove(&id)
            && let Some(slot) = self.slots.remove(&id)
        {
            self.rows.swap_remove(slot);
            let glance = self.glances.swap_remove(slot);
            self.leave_ghosts(&glance);
            self.release(&glance);
            if let Some(moved) = self.rows.get(slot) {
                self.slots.insert(moved.id, slot);
            }
        }
    }

    /// Forgets the processes that no open row names any more.
    pub(crate) fn forget(&mut self, left: &[ProcessKey]) -> Vec<ProcessKey> {
        self.people.forget(left)
    }

    fn ends(&self, socket: &Socket) -> Option<u128> {
        let number = |end: Endpoint| Some((self.addresses.find(end)?, end.port));
        let protocol: Protocol = socket.protocol;
        Some(glance::ends(protocol, number(socket.local)?, number(socket.remote?)?))
    }

    fn hold(&mut self, socket: &Socket, turnover: &mut Turnover) -> Numbers {
        Numbers {
            local: self.addresses.hold(socket.local),
            remote: socket.remote.map_or(NOTHING, |remote| self.addresses.hold(remote)),
            crew: self.people.hold(named(&socket.owner)),
            user: self.users.number(socket.uid, turnover),
        }
    }

    fn release(&mut self, glance: &Glance) {
        self.addresses.release(glance.local);
        if glance.connected() {
            self.addresses.release(glance.remote);
        }
        self.people.release(glance.crew);
    }

    fn leave_ghosts(&mut self, glance: &Glance) {
        if let Some(ends) = glance.ends() {
            self.ghost_ends.remove(&(ends, glance.id));
        }
    }

    /// Puts what is known of owners and user into a row.
    fn describe(&mut self, id: SocketId) {
        let Some(&slot) = self.slots.get(&id) else { return };
        let (row, glance) = (&mut self.rows[slot], &self.glances[slot]);
        row.owners = self.people.refreshed(glance.crew);
        row.user = self.users.name(glance.user);
    }
}

/// The processes that a row shows: those that hold it, or held it last.
fn named(owner: &Owner) -> &[ProcessKey] {
    match owner {
        Owner::Processes(keys) | Owner::Kernel(keys) => keys,
        Owner::Unknown(_) => &[],
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;
    use crate::change::{Change, Sample};
    use crate::endpoint::Family;
    use crate::process::StartMark;
    use crate::socket::{SocketKey, TcpState};
    use crate::tracker::Tracker;

    fn socket(number: u16, pid: u32) -> Socket {
        let end = |host| Endpoint::new(IpAddr::V4(Ipv4Addr::new(10, 0, 0, host)), number);
        Socket {
            key: SocketKey::Cookie(number.into()),
            protocol: Protocol::Tcp,
            family: Family::V4,
            dual_stack: false,
            local: end(1),
            remote: Some(end(2 + number as u8)),
            state: Some(TcpState::Established),
            owner: Owner::Processes(vec![ProcessKey { pid, start: StartMark(1) }]),
            uid: Some(1000),
            queues: None,
            interface: 0,
            time_wait_until: None,
        }
    }

    /// A program that runs for months must not remember every address it ever saw.
    #[test]
    fn what_no_row_has_is_forgotten() {
        let (mut tracker, mut table) = (Tracker::new(), Table::new());
        let mut look = |changes: Vec<Change>, keep_closed| {
            let sample = Sample { changes, ..Sample::default() };
            tracker.apply(&mut table, &sample, keep_closed);
            let addresses = table.addresses.map(|_, _| true).into_iter().filter(|&held| held).count();
            (addresses, table.people.crews().iter().count(), table.ghost_ends.len())
        };
        assert_eq!(look((1..=9).map(|number| Change::Opened(socket(number, 7))).collect(), false), (10, 1, 0));
        assert_eq!(look((1..=9).map(|number| Change::Changed(socket(number, 8))).collect(), true), (10, 1, 0));
        assert_eq!(look((1..=9).map(|number| Change::Closed(socket(number, 8).key)).collect(), true), (10, 1, 9));
        assert_eq!(look(vec![], true), (10, 1, 9), "closed rows that are shown have theirs");
        assert_eq!(look(vec![], false), (0, 0, 0));
    }
}
