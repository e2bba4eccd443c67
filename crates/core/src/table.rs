//! The rows that a query runs over: sockets with their stable ids, their owners' facts and what became of them lately.
//!
//! Indexes cover **open** rows only: a row that is closed and still shown answers no question about the machine.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::endpoint::{Endpoint, Protocol};
use crate::process::{Gap, Process, ProcessKey};
use crate::socket::{Owner, Socket};
use crate::time::UnixMillis;

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
    /// What a bare word of a filter is looked for in, in lower case; made anew only when something in it changes.
    pub(crate) text: String,
}

/// Protocol and both ends.
pub(crate) type Tuple = (Protocol, Endpoint, Option<Endpoint>);

/// All rows. Filled by the [`Tracker`](crate::tracker::Tracker) alone; read by queries.
#[derive(Debug, Default)]
pub struct Table {
    rows: Vec<Row>,
    slots: HashMap<SocketId, usize>,
    processes: HashMap<ProcessKey, Known>,
    users: HashMap<u32, Option<Arc<str>>>,
    by_local_port: BTreeSet<(u16, SocketId)>,
    by_remote_port: BTreeSet<(u16, SocketId)>,
    by_owner: BTreeSet<(ProcessKey, SocketId)>,
    by_tuple: BTreeSet<(Tuple, SocketId)>,
    ghosts: BTreeSet<SocketId>,
    given: u64,
}

/// A process and how many open rows name it.
#[derive(Debug)]
struct Known {
    facts: Arc<Process>,
    rows: usize,
}

/// Everything but the id, which the table gives.
pub(crate) struct NewRow {
    pub(crate) socket: Socket,
    pub(crate) first_seen: UnixMillis,
    pub(crate) already_open: bool,
    pub(crate) mark: Mark,
}

/// Whom a change of rows brought into view, and whom it left without any row.
#[derive(Debug, Default)]
pub(crate) struct Turnover {
    pub(crate) new_owners: Vec<ProcessKey>,
    pub(crate) new_users: Vec<u32>,
    pub(crate) left: Vec<ProcessKey>,
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
        self.by_local_port.range((port, SocketId(0))..=(port, SocketId(u64::MAX))).filter_map(|entry| self.row(entry.1))
    }

    /// Open rows whose remote port is `port`, oldest first.
    pub fn at_remote_port(&self, port: u16) -> impl Iterator<Item = &Row> {
        self.by_remote_port
            .range((port, SocketId(0))..=(port, SocketId(u64::MAX)))
            .filter_map(|entry| self.row(entry.1))
    }

    /// Open rows held by this process now, oldest first.
    pub fn held_by(&self, key: ProcessKey) -> impl Iterator<Item = &Row> {
        self.naming(key).filter_map(|id| self.row(id)).filter(move |row| row.socket.owner.holders().contains(&key))
    }

    /// The other end of this row's connection, if that end is an open socket of this computer too.
    #[must_use]
    pub fn opposite(&self, row: &Row) -> Option<&Row> {
        let remote = row.socket.remote?;
        let id = self.with_tuple((row.socket.protocol, remote, Some(row.socket.local)))?;
        self.row(id)
    }

    /// Facts of a process that some open row names.
    #[must_use]
    pub fn process(&self, key: ProcessKey) -> Option<&Arc<Process>> {
        self.processes.get(&key).map(|known| &known.facts)
    }

    /// Facts about a process have arrived; every row that it owns shows them. Whether anything changed.
    pub fn learn(&mut self, process: Process) -> bool {
        let key = process.key;
        let Some(known) = self.processes.get_mut(&key).filter(|known| *known.facts != process) else { return false };
        known.facts = Arc::new(process);
        for id in self.naming(key).collect::<Vec<_>>() {
            self.describe(id);
        }
        true
    }

    /// The name of a user number has arrived. Whether anything changed.
    pub fn learn_user(&mut self, uid: u32, name: Option<&str>) -> bool {
        let Some(known) = self.users.get_mut(&uid).filter(|known| known.as_deref() != name) else { return false };
        *known = name.map(Arc::from);
        let named = self.rows.iter().filter(|row| row.socket.uid == Some(uid)).map(|row| row.id);
        for id in named.collect::<Vec<_>>() {
            self.describe(id);
        }
        true
    }

    /// An open row with exactly these ends; the youngest, where there are several.
    pub(crate) fn with_tuple(&self, tuple: Tuple) -> Option<SocketId> {
        self.by_tuple.range((tuple, SocketId(0))..=(tuple, SocketId(u64::MAX))).next_back().map(|entry| entry.1)
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
        self.slots.insert(id, self.rows.len());
        let (owners, user, text) = (Vec::new(), None, String::new());
        self.rows.push(Row { id, socket, owners, user, first_seen, already_open, mark, text });
        self.enter(id, turnover);
        id
    }

    /// Puts another state of the socket into a row; a closed one is open again.
    pub(crate) fn update(&mut self, id: SocketId, socket: Socket, mark: Mark, turnover: &mut Turnover) {
        let Some(&slot) = self.slots.get(&id) else { return };
        if !self.ghosts.remove(&id) {
            self.leave(slot, turnover);
        }
        self.rows[slot].socket = socket;
        self.rows[slot].mark = mark;
        self.enter(id, turnover);
    }

    /// Sets what is waiting in a socket, which is no change worth a mark.
    pub(crate) fn set_queues(&mut self, id: SocketId, socket: &Socket) {
        if let Some(&slot) = self.slots.get(&id) {
            self.rows[slot].socket.queues = socket.queues;
        }
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
        if let Some(&slot) = self.slots.get(&id)
            && self.ghosts.insert(id)
        {
            self.leave(slot, turnover);
            self.rows[slot].mark = Mark::Closed;
        }
    }

    /// Removes a closed row.
    pub(crate) fn remove(&mut self, id: SocketId) {
        if self.ghosts.remove(&id)
            && let Some(slot) = self.slots.remove(&id)
        {
            self.rows.swap_remove(slot);
            if let Some(moved) = self.rows.get(slot) {
                self.slots.insert(moved.id, slot);
            }
        }
    }

    /// Forgets the processes that no open row names any more.
    pub(crate) fn forget(&mut self, left: &[ProcessKey]) -> Vec<ProcessKey> {
        let mut gone = Vec::new();
        for &key in left {
            if self.processes.get(&key).is_some_and(|known| known.rows == 0) {
                self.processes.remove(&key);
                gone.push(key);
            }
        }
        gone
    }

    fn naming(&self, key: ProcessKey) -> impl Iterator<Item = SocketId> {
        self.by_owner.range((key, SocketId(0))..=(key, SocketId(u64::MAX))).map(|entry| entry.1)
    }

    fn enter(&mut self, id: SocketId, turnover: &mut Turnover) {
        let Some(&slot) = self.slots.get(&id) else { return };
        let Row { socket, owners, .. } = &self.rows[slot];
        for &key in named(&socket.owner) {
            self.by_owner.insert((key, id));
            let known = self.processes.entry(key).or_insert_with(|| {
                // A closed row that is open again may be the last to remember a process that has ended since.
                let remembered = owners.iter().find(|process| process.key == key).cloned();
                let facts = remembered.unwrap_or_else(|| {
                    turnover.new_owners.push(key);
                    Arc::new(Process::unread(key, Gap::Pending))
                });
                Known { facts, rows: 0 }
            });
            known.rows += 1;
        }
        if let Some(uid) = socket.uid {
            self.users.entry(uid).or_insert_with(|| {
                turnover.new_users.push(uid);
                None
            });
        }
        self.by_tuple.insert((tuple(socket), id));
        self.by_local_port.insert((socket.local.port, id));
        if let Some(remote) = socket.remote {
            self.by_remote_port.insert((remote.port, id));
        }
        self.describe(id);
    }

    fn leave(&mut self, slot: usize, turnover: &mut Turnover) {
        let Row { id, socket, .. } = &self.rows[slot];
        for &key in named(&socket.owner) {
            self.by_owner.remove(&(key, *id));
            if let Some(known) = self.processes.get_mut(&key) {
                known.rows -= 1;
                if known.rows == 0 {
                    turnover.left.push(key);
                }
            }
        }
        self.by_tuple.remove(&(tuple(socket), *id));
        self.by_local_port.remove(&(socket.local.port, *id));
        if let Some(remote) = socket.remote {
            self.by_remote_port.remove(&(remote.port, *id));
        }
    }

    /// Puts what is known of owners and user into a row, and the text that is searched.
    fn describe(&mut self, id: SocketId) {
        let Some(&slot) = self.slots.get(&id) else { return };
        let socket = &self.rows[slot].socket;
        let facts = |key| self.processes.get(key).map(|known| Arc::clone(&known.facts));
        let owners: Vec<Arc<Process>> = named(&socket.owner).iter().filter_map(facts).collect();
        let user = socket.uid.and_then(|uid| self.users.get(&uid).cloned().flatten());
        let text = search_text(socket, &owners, user.as_deref());
        let row = &mut self.rows[slot];
        (row.owners, row.user, row.text) = (owners, user, text);
    }
}

/// The processes that a row shows: those that hold it, or held it last.
fn named(owner: &Owner) -> &[ProcessKey] {
    match owner {
        Owner::Processes(keys) | Owner::Kernel(keys) => keys,
        Owner::Unknown(_) => &[],
    }
}

pub(crate) fn tuple(socket: &Socket) -> Tuple {
    (socket.protocol, socket.local, socket.remote)
}

/// Program, path, addresses, state, protocol and user, a line each: a filter holds no line break, so nothing that it
/// finds runs over from one into the next.
fn search_text(socket: &Socket, owners: &[Arc<Process>], user: Option<&str>) -> String {
    use std::fmt::Write;
    let mut text = String::new();
    for process in owners {
        let path = process.path.as_deref().unwrap_or_default();
        let _ = write!(text, "{}\n{}\n", process.name.to_lowercase(), path.to_lowercase());
        if let Ok(user) = &process.user {
            let _ = writeln!(text, "{}", user.to_lowercase());
        }
    }
    for end in [Some(socket.local), socket.remote].into_iter().flatten() {
        let _ = match end.ip {
            std::net::IpAddr::V4(ip) => writeln!(text, "{ip}:{}", end.port),
            std::net::IpAddr::V6(ip) => write!(text, "{ip}\n[{ip}]:{}\n", end.port),
        };
    }
    let state = socket.state.map_or("", crate::socket::TcpState::name).to_lowercase();
    let _ = write!(text, "{state}\n{}\n{}", socket.protocol.name(), user.unwrap_or_default().to_lowercase());
    text
}
