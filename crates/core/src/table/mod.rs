//! The rows that a query runs over: sockets with their stable ids, their owners' facts and what became of them lately.
//!
//! Whatever many rows have in common (an address, a crew of owners, a user) is kept once and has a number, so that a query
//! asks each of these once and then walks over [`Columns`] of numbers. A [`Row`] is put together for whoever asks for one.
//! What is asked about the machine is answered from **open** rows only, not from what is closed and still shown.

mod addresses;
mod columns;
mod glance;
mod index;
mod people;
mod pool;

use std::collections::BTreeSet;
use std::sync::Arc;

pub(crate) use addresses::{Addresses, text as address_text};
pub(crate) use glance::{Glance, Keeper, NOTHING};
pub(crate) use people::{Crew, Known, People, Turnover, User, Users};

use crate::endpoint::{Endpoint, Protocol};
use crate::network::{Atlas, Whose};
use crate::process::{Process, ProcessKey};
use crate::socket::{Holders, Owner, OwnerGap, Queues, Socket, SocketKey};
use crate::time::UnixMillis;
use columns::{Columns, Life, Numbers, Rarity, Rest};
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

/// One row of the grid, as it is at the moment of asking.
#[derive(Clone, Debug)]
pub struct Row {
    /// Stable id.
    pub id: SocketId,
    /// The socket as last seen.
    pub socket: Socket,
    /// Facts of the holders (or, for [`Owner::Kernel`], of the last holders), in the order of the keys in
    /// `socket.owner`. A process that has not been read yet is there as [`Process::unread`].
    pub owners: Vec<Arc<Process>>,
    /// Whose the remote address is, as far as the table's atlas knows; `None` without a remote end.
    pub remote: Option<Whose>,
    /// Facts of the holders (or last holders) of the other end, where that is an open socket of this computer too; `None` where it is
    /// not, empty where nobody is known.
    pub peer: Option<Vec<Arc<Process>>>,
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
///
/// Inside, a row is known by its place, which changes when a row is removed; to everybody else by its id.
#[derive(Debug, Default)]
pub struct Table {
    columns: Columns,
    index: Index,
    addresses: Addresses,
    people: People,
    users: Users,
    ghosts: BTreeSet<SocketId>,
    /// The ends of closed rows that were connections.
    ghost_ends: BTreeSet<(u128, SocketId)>,
    given: u64,
}

impl Table {
    /// An empty table.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Looks networks up in this atlas from now on, for the rows that are there too; in none, where there is none.
    pub fn consult(&mut self, atlas: Option<Arc<dyn Atlas>>) {
        self.addresses.consult(atlas);
    }

    /// Sockets that are open (rows marked [`Mark::Closed`] not counted).
    #[must_use]
    pub fn open(&self) -> usize {
        self.columns.len() - self.ghosts.len()
    }

    /// Rows marked [`Mark::Closed`] that are still shown.
    #[must_use]
    pub fn closed(&self) -> usize {
        self.ghosts.len()
    }

    /// Every row, closed ones too, in no promised order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = Row> {
        (0..self.columns.len()).map(|place| self.row_at(place))
    }

    /// The row of this id.
    #[must_use]
    pub fn row(&self, id: SocketId) -> Option<Row> {
        self.place(id).map(|place| self.row_at(place))
    }

    /// Ids and keys of the open rows that have another end, in no promised order.
    pub fn connections(&self) -> impl Iterator<Item = (SocketId, SocketKey)> {
        let rows = self.glances().enumerate().filter(|(_, glance)| glance.connected() && !glance.closed);
        rows.map(|(place, glance)| (glance.id, self.columns.key(place)))
    }

    /// Whether there is a row of this id.
    #[must_use]
    pub fn has(&self, id: SocketId) -> bool {
        self.place(id).is_some()
    }

    /// Open rows whose local port is `port`, oldest first.
    pub fn at_local_port(&self, port: u16) -> impl Iterator<Item = Row> {
        self.rows_at(self.columns.at_local_port(port))
    }

    /// Open rows whose remote port is `port`, oldest first.
    pub fn at_remote_port(&self, port: u16) -> impl Iterator<Item = Row> {
        self.rows_at(self.columns.at_remote_port(port))
    }

    /// Open rows held by this process now, oldest first.
    pub fn held_by(&self, key: ProcessKey) -> impl Iterator<Item = Row> {
        self.rows_at(self.columns.held_by(self.people.crews_of(key)))
    }

    /// The other end of this row's connection, if that end is an open socket of this computer too; the youngest, where
    /// several have the same ends.
    #[must_use]
    pub fn opposite(&self, row: &Row) -> Option<Row> {
        let glance = self.columns.glance(self.place(row.id)?);
        self.opposite_place(&glance).map(|place| self.row_at(place))
    }

    /// Whether the owner of some open row has not been found yet.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        let pending = Keeper::Unknown(OwnerGap::Pending);
        self.glances().any(|glance| glance.keeper == pending && !glance.closed)
    }

    /// Facts of a process that some open row names.
    #[must_use]
    pub fn process(&self, key: ProcessKey) -> Option<&Arc<Process>> {
        self.people.facts(key)
    }

    /// Facts about a process have arrived; every row that it owns shows them. Whether anything changed.
    pub fn learn(&mut self, process: Process) -> bool {
        self.people.learn(process)
    }

    /// The name of a user number has arrived. Whether anything changed.
    pub fn learn_user(&mut self, uid: u32, name: Option<&str>) -> bool {
        self.users.learn(uid, name)
    }

    /// What a query asks of every row, closed ones too, in the order of places.
    #[inline]
    pub(crate) fn glances(&self) -> impl ExactSizeIterator<Item = Glance> {
        self.columns.glances()
    }

    /// What is asked of the row at a place.
    #[inline]
    pub(crate) fn glance(&self, place: usize) -> Glance {
        self.columns.glance(place)
    }

    pub(crate) fn queues(&self, place: usize) -> Option<Queues> {
        self.columns.queues(place)
    }

    pub(crate) fn time_wait_until(&self, place: usize) -> Option<UnixMillis> {
        self.columns.rest(place).rarity.time_wait_until
    }

    pub(crate) fn is_dual_stack(&self, place: usize) -> bool {
        self.columns.rest(place).dual_stack
    }

    pub(crate) fn was_already_open(&self, place: usize) -> bool {
        self.columns.rest(place).already_open
    }

    pub(crate) fn places_at_local_port(&self, port: u16) -> Vec<u32> {
        self.columns.at_local_port(port)
    }

    pub(crate) fn places_at_remote_port(&self, port: u16) -> Vec<u32> {
        self.columns.at_remote_port(port)
    }

    pub(crate) fn id(&self, place: usize) -> SocketId {
        self.columns.id(place)
    }

    pub(crate) fn mark(&self, place: usize) -> Mark {
        self.columns.mark(place)
    }

    pub(crate) fn place(&self, id: SocketId) -> Option<usize> {
        self.index.of_id(id, &self.columns)
    }

    pub(crate) fn opposite_place(&self, glance: &Glance) -> Option<usize> {
        self.index.of_ends(glance.opposite_ends()?, &self.columns)
    }

    /// The row at a place.
    pub(crate) fn row_at(&self, place: usize) -> Row {
        let glance = self.columns.glance(place);
        let Glance { id, first_seen, crew, user, remote, .. } = glance;
        let Rest { already_open, mark, .. } = self.columns.rest(place);
        let user = self.users.get(user).and_then(|user| user.name.clone());
        let owners = self.people.facts_of(crew);
        let remote = self.addresses.whose(remote);
        let peer = self.opposite_place(&glance).map(|place| self.people.facts_of(self.columns.glance(place).crew));
        Row { id, socket: self.socket_at(place), owners, remote, peer, user, first_seen, already_open, mark }
    }

    /// The socket of the row at a place.
    pub(crate) fn socket_at(&self, place: usize) -> Socket {
        let glance = self.columns.glance(place);
        let Rest { key, dual_stack, queues, rarity: Rarity { interface, time_wait_until }, .. } =
            self.columns.rest(place);
        let members = || self.people.members(glance.crew);
        Socket {
            key,
            protocol: glance.protocol,
            family: glance.family,
            dual_stack,
            local: self.addresses.end(glance.local, glance.local_port).unwrap_or(Endpoint::NOWHERE),
            remote: self.addresses.end(glance.remote, glance.remote_port),
            state: glance.state,
            owner: match glance.keeper {
                Keeper::Processes => Owner::Processes(members()),
                Keeper::Kernel => Owner::Kernel(members()),
                Keeper::Unknown(gap) => Owner::Unknown(gap),
            },
            uid: self.users.get(glance.user).map(|user| user.uid),
            queues,
            interface,
            time_wait_until,
        }
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

    /// The open row of this key.
    pub(crate) fn with_key(&self, key: &SocketKey) -> Option<usize> {
        self.index.of_key(key, &self.columns)
    }

    /// An open row with exactly these ends; the youngest, where there are several.
    pub(crate) fn with_ends_of(&self, socket: &Socket) -> Option<usize> {
        self.index.of_ends(self.ends(socket)?, &self.columns)
    }

    /// A closed row with exactly these ends that is still shown; the youngest, where there are several.
    pub(crate) fn ghost_with_ends_of(&self, socket: &Socket) -> Option<usize> {
        if self.ghost_ends.is_empty() {
            return None;
        }
        let ends = self.ends(socket)?;
        let same = self.ghost_ends.range((ends, SocketId(0))..=(ends, SocketId(u64::MAX)));
        self.place(same.last()?.1)
    }

    /// Closed rows that are still shown, oldest first.
    pub(crate) fn ghosts(&self) -> impl Iterator<Item = SocketId> {
        self.ghosts.iter().copied()
    }

    /// The keys of closed rows that are still shown.
    pub(crate) fn ghost_keys(&self) -> impl Iterator<Item = (SocketKey, SocketId)> {
        self.ghosts().filter_map(|id| Some((self.columns.key(self.place(id)?), id)))
    }

    /// So many rows will be added next.
    pub(crate) fn expect(&mut self, rows: usize) {
        let rows = self.columns.len() + rows;
        self.columns.fit(rows);
        self.index.fit(rows, &self.columns);
    }

    /// Adds a row under the next id.
    pub(crate) fn insert(
        &mut self,
        socket: &Socket,
        (first_seen, already_open): (UnixMillis, bool),
        mark: Mark,
        turnover: &mut Turnover,
    ) -> SocketId {
        self.given += 1;
        let id = SocketId(self.given);
        self.people.name(named(&socket.owner), turnover);
        let numbers = self.hold(socket, turnover);
        let place = self.columns.len();
        self.columns.push(Life { id, first_seen, already_open, mark }, socket, numbers);
        self.index.add(place, &self.columns);
        self.index.enter(place, &self.columns);
        id
    }

    /// Puts another state of the socket into a row; a closed one is open again.
    pub(crate) fn update(&mut self, place: usize, socket: &Socket, mark: Mark, turnover: &mut Turnover) {
        let before = self.columns.glance(place);
        self.people.name(named(&socket.owner), turnover);
        let numbers = self.hold(socket, turnover);
        if before.closed {
            self.ghosts.remove(&before.id);
            self.leave_ghosts(&before);
        } else {
            self.index.leave(place, &self.columns);
            self.people.unname(before.crew, turnover);
        }
        self.columns.put(place, mark, socket, numbers);
        self.release(&before);
        self.index.enter(place, &self.columns);
    }

    /// Takes over what is no change worth a mark: what waits in a socket, and how long the kernel will keep it. Whether it
    /// differs.
    pub(crate) fn refresh(&mut self, place: usize, socket: &Socket) -> bool {
        let Rest { queues, rarity, .. } = self.columns.rest(place);
        let waiting = Rarity { time_wait_until: socket.time_wait_until, ..rarity };
        if (queues, rarity) == (socket.queues, waiting) {
            return false;
        }
        self.columns.set_waiting(place, socket.queues, waiting);
        true
    }

    /// Lets a mark fade; whether there was one.
    pub(crate) fn fade(&mut self, id: SocketId) -> bool {
        let marked = |place: &usize| matches!(self.columns.mark(*place), Mark::New | Mark::Changed);
        let place = self.place(id).filter(marked);
        place.into_iter().for_each(|place| self.columns.set_mark(place, Mark::Steady));
        place.is_some()
    }

    /// Closes a row, which is shown until it is removed.
    pub(crate) fn close(&mut self, place: usize, turnover: &mut Turnover) {
        let glance = self.columns.glance(place);
        if !self.ghosts.insert(glance.id) {
            return;
        }
        self.index.leave(place, &self.columns);
        self.people.unname(glance.crew, turnover);
        self.ghost_ends.extend(glance.ends().map(|ends| (ends, glance.id)));
        self.columns.set_mark(place, Mark::Closed);
    }

    /// Removes a closed row.
    pub(crate) fn remove(&mut self, id: SocketId) {
        if self.ghosts.remove(&id)
            && let Some(place) = self.place(id)
        {
            let glance = self.columns.glance(place);
            self.index.swap_remove(place, &self.columns);
            self.columns.swap_remove(place);
            self.leave_ghosts(&glance);
            self.release(&glance);
        }
    }

    /// Forgets the processes that no open row names any more.
    pub(crate) fn forget(&mut self, left: &[ProcessKey]) -> Vec<ProcessKey> {
        self.people.forget(left)
    }

    fn rows_at(&self, places: Vec<u32>) -> impl Iterator<Item = Row> {
        places.into_iter().map(|place| self.row_at(place as usize))
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
}

/// Nobody.
static NOBODY: Holders = Holders::NOBODY;

/// The processes that a row shows: those that hold it, or held it last.
fn named(owner: &Owner) -> &Holders {
    match owner {
        Owner::Processes(keys) | Owner::Kernel(keys) => keys,
        Owner::Unknown(_) => &NOBODY,
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
            owner: Owner::Processes(ProcessKey { pid, start: StartMark(1) }.into()),
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
