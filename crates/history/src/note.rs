//! What is told to the history while it happens.

use std::sync::Arc;

use quaymaster_core::{Endpoint, Protocol, UnixMillis};

/// Something that happened. `id` is the socket's number in this run of the program; nothing of it is kept in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// A listener was seen for the first time.
    ListenerOpened {
        /// The socket's number.
        id: u64,
        /// When it was seen.
        at: UnixMillis,
        /// Whose it is, if that is known.
        program: Option<Arc<Program>>,
        /// TCP or UDP.
        protocol: Protocol,
        /// Where it listens.
        local: Endpoint,
        /// It was there at the first look: it is older than `at`.
        already_open: bool,
    },
    /// A listener is gone.
    ListenerClosed {
        /// The socket's number.
        id: u64,
        /// When that was seen.
        at: UnixMillis,
    },
    /// A connection was seen for the first time.
    ConnectionOpened {
        /// The socket's number.
        id: u64,
        /// When it was seen.
        at: UnixMillis,
        /// Whose it is, if that is known.
        program: Option<Arc<Program>>,
        /// TCP or UDP.
        protocol: Protocol,
        /// This computer's end.
        local: Endpoint,
        /// The other end.
        remote: Endpoint,
        /// The other end called.
        incoming: bool,
        /// It was there at the first look: it is older than `at`.
        already_open: bool,
    },
    /// A connection is gone.
    ConnectionClosed {
        /// The socket's number.
        id: u64,
        /// When that was seen.
        at: UnixMillis,
        /// Bytes received and sent in its life, where the system told.
        bytes: Option<(u64, u64)>,
    },
    /// What went through a connection whose end was told without it. Does nothing where that is too long ago: five minutes, or
    /// a minute after the last connection that is told with it.
    BytesLearnt {
        /// The socket's number.
        id: u64,
        /// Bytes received and sent in its life.
        bytes: (u64, u64),
    },
    /// The person did something.
    Deed {
        /// When.
        at: UnixMillis,
        /// What.
        deed: Deed,
        /// To whom, if that is known.
        program: Option<Arc<Program>>,
        /// At which port, if it was about one.
        port: Option<u16>,
    },
}

/// A program as it is remembered. All text is the program's own and hostile until made visible.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Program {
    /// The process's number.
    pub pid: u32,
    /// Its name.
    pub name: String,
    /// The program file, if known. An empty path is none.
    pub path: Option<String>,
    /// Its user, if known. An empty name is none.
    pub user: Option<String>,
}

/// What a person did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Deed {
    /// Asked a program to end.
    Ended,
    /// Forced it to.
    Forced,
    /// Said that a listener is expected.
    Expected,
}

impl Note {
    /// Whether something begins with it that was not remembered before.
    pub(crate) fn begins(&self) -> bool {
        matches!(self, Self::ListenerOpened { .. } | Self::ConnectionOpened { .. } | Self::Deed { .. })
    }

    /// When it happened.
    pub(crate) fn at(&self) -> Option<UnixMillis> {
        match self {
            Self::ListenerOpened { at, .. }
            | Self::ListenerClosed { at, .. }
            | Self::ConnectionOpened { at, .. }
            | Self::ConnectionClosed { at, .. }
            | Self::Deed { at, .. } => Some(*at),
            Self::BytesLearnt { .. } => None,
        }
    }
}
