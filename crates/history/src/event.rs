//! What a reader answers with.

use std::net::IpAddr;

use quaymaster_core::{Protocol, UnixMillis};

use crate::note::Deed;

/// Where an event stands in the history: later ones are larger. Stable for as long as the event is kept. As text it is a decimal
/// number that may be above 2^53.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cursor(pub(crate) i64);

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::str::FromStr for Cursor {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// Which part of the list is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// What is older than this; `None`: the newest.
    pub before: Option<Cursor>,
    /// How many events at most; 1 000 are the most.
    pub limit: usize,
}

/// A part of the list, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// The events.
    pub events: Vec<Event>,
    /// Where to go on; `None`: there is nothing older. An answer takes a bounded time, so there may be fewer events than wanted,
    /// even none, and still more to come from here.
    pub next: Option<Cursor>,
}

/// A line of the list. All text is as the programs gave it and hostile until made visible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Where it stands.
    pub cursor: Cursor,
    /// When it began, or was first seen.
    pub at: UnixMillis,
    /// When it ended or was last seen; `None`: it goes on.
    pub until: Option<UnixMillis>,
    /// Its end was not seen, for this program itself was ended: it was there at `until`, and perhaps longer.
    pub cut: bool,
    /// It was there at the first look: it is older than `at`.
    pub already_open: bool,
    /// Whose it was, if that was known.
    pub program: Option<Remembered>,
    /// The process's number; of connections told together, the first one's.
    pub pid: Option<u32>,
    /// What it was.
    pub kind: EventKind,
}

/// A program as it was.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Remembered {
    /// Its name.
    pub name: String,
    /// The program file, if known.
    pub path: Option<String>,
    /// Its user, if known.
    pub user: Option<String>,
}

/// What an event was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// Something listened.
    Listener {
        /// TCP or UDP.
        protocol: Protocol,
        /// At this address.
        local: IpAddr,
        /// In the zone of this interface, or 0.
        scope: u32,
        /// At this port.
        port: u16,
    },
    /// Connections between the same two, close enough in time to be told together.
    Connection {
        /// TCP or UDP.
        protocol: Protocol,
        /// The other end called.
        incoming: bool,
        /// This computer's address.
        local: IpAddr,
        /// Its zone, or 0.
        local_scope: u32,
        /// The other end's address.
        remote: IpAddr,
        /// Its zone, or 0.
        remote_scope: u32,
        /// The port that served: the local one of an incoming connection, the remote one of an outgoing one.
        port: u16,
        /// How many connections.
        times: u64,
        /// Bytes received by those that have ended and of which it is known.
        received: Option<u64>,
        /// Bytes sent, likewise.
        sent: Option<u64>,
    },
    /// The person did something.
    Deed {
        /// What.
        deed: Deed,
        /// At which port, if it was about one.
        port: Option<u16>,
    },
}

/// How many events there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// So many were counted.
    pub events: u64,
    /// There are more, or may be.
    pub more: bool,
}

/// Listeners and connections over time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chart {
    /// Stretches of the same length, the oldest first.
    pub buckets: Vec<Bucket>,
    /// From here on everything was counted. Later than was asked for only where a filter that fits very much was not done in
    /// time: buckets before it say nothing.
    pub counted_from: UnixMillis,
}

/// A stretch of the chart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bucket {
    /// When it begins.
    pub at: UnixMillis,
    /// Listeners that were opened in it; those that were there at a first look are not counted.
    pub listeners: u64,
    /// Connections in episodes that began in it, likewise.
    pub connections: u64,
}

/// A program that had to do with a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortUser {
    /// Who; `None`: all that could not be told.
    pub program: Option<Remembered>,
    /// When it was first seen there; never before what was asked for began, unless it was there already.
    pub first: UnixMillis,
    /// When it was last seen there; `None`: it is there now.
    pub last: Option<UnixMillis>,
    /// How often it listened at the port.
    pub listened: u64,
    /// Connections that came in at the port.
    pub incoming: u64,
    /// Connections that went out to that port of another computer.
    pub outgoing: u64,
}
