//! The rows that a query runs over: sockets with their stable ids, their owners' facts and what became of them lately.

use std::sync::Arc;

use crate::process::{Process, ProcessKey};
use crate::socket::Socket;
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
    /// Facts of the holders (or, for [`Owner::Kernel`](crate::Owner::Kernel), of the last holders), in the order of the
    /// keys in `socket.owner`. A process that has not been read yet is there as [`Process::unread`].
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
pub struct Table {}

impl Table {
    /// An empty table.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sockets that are open (rows marked [`Mark::Closed`] not counted).
    #[must_use]
    pub fn open(&self) -> usize {
        unimplemented!()
    }

    /// Every row, closed ones too, in no promised order.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        std::iter::empty()
    }

    /// The row of this id.
    #[must_use]
    pub fn row(&self, id: SocketId) -> Option<&Row> {
        let _ = id;
        unimplemented!()
    }

    /// Rows marked [`Mark::Closed`] that are still shown.
    #[must_use]
    pub fn closed(&self) -> usize {
        unimplemented!()
    }

    /// Facts of an owner.
    #[must_use]
    pub fn process(&self, key: ProcessKey) -> Option<&Arc<Process>> {
        let _ = key;
        unimplemented!()
    }

    /// Rows whose local port is `port`.
    pub fn at_local_port(&self, port: u16) -> impl Iterator<Item = &Row> {
        let _ = port;
        std::iter::empty()
    }

    /// Rows held by this process now.
    pub fn held_by(&self, key: ProcessKey) -> impl Iterator<Item = &Row> {
        let _ = key;
        std::iter::empty()
    }

    /// The other end of this row's connection, if that end is a socket of this computer too.
    #[must_use]
    pub fn opposite(&self, row: &Row) -> Option<&Row> {
        let _ = row;
        unimplemented!()
    }

    /// Facts about a process have arrived; every row that it owns shows them. Whether anything changed.
    pub fn learn(&mut self, process: Process) -> bool {
        let _ = process;
        unimplemented!()
    }

    /// The name of a user number has arrived. Whether anything changed.
    pub fn learn_user(&mut self, uid: u32, name: Option<&str>) -> bool {
        let _ = (uid, name);
        unimplemented!()
    }
}
