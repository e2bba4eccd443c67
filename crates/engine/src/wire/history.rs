//! What happened while nobody looked, as the page and `quay history` read it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::export::ExportFormat;
use super::frame::FilterProblem;
use super::network::Whose;
use super::time::Millis;

/// A question for events, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct HistoryRequest {
    /// The filter as typed; `docs/filter.md`, with its words of time.
    pub filter: String,
    /// Only what is older than this: `next` of an answer; null: the newest.
    pub before: Option<String>,
    /// How many events at most, 1 to 1 000.
    pub limit: u32,
}

/// A part of the list, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct HistoryPage {
    /// The events.
    pub events: Vec<HistoryEvent>,
    /// Where to go on; null: there is nothing older. An answer takes a bounded time, so there may be fewer events than wanted,
    /// even none, and still more to come from here.
    pub next: Option<String>,
    /// What is wrong with the filter; nothing is answered then.
    pub filter_problem: Option<FilterProblem>,
}

/// Something that happened. Text is as the programs gave it, made harmless.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct HistoryEvent {
    /// Its number: larger for what began later.
    pub id: String,
    /// When it began, or was first seen.
    pub at: Millis,
    /// When it ended or was last seen; null: it goes on.
    pub until: Option<Millis>,
    /// Its end was not seen, for Quaymaster itself had ended: it was there at `until`, and perhaps longer.
    pub cut: bool,
    /// It was there when Quaymaster began to look: it is older than `at`.
    pub already_open: bool,
    /// Whose it was; null where that was not known.
    pub program: Option<HistoryProgram>,
    /// The process's number; of connections told together, the first one's.
    pub pid: Option<u32>,
    /// What it was.
    pub what: HistoryWhat,
}

/// A program as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct HistoryProgram {
    /// Its name.
    pub name: String,
    /// The program file, if known.
    pub path: Option<String>,
    /// Its user, if known.
    pub user: Option<String>,
}

/// What an event was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum HistoryWhat {
    /// Something listened.
    Listener {
        /// `tcp` or `udp`.
        #[ts(type = "\"tcp\" | \"udp\"")]
        protocol: &'static str,
        /// At this address.
        address: String,
        /// At this port.
        port: u16,
    },
    /// Connections between the same two, close enough in time to be told together.
    Connection {
        /// `tcp` or `udp`.
        #[ts(type = "\"tcp\" | \"udp\"")]
        protocol: &'static str,
        /// The other end called.
        incoming: bool,
        /// This computer's address.
        local: String,
        /// The other end's.
        remote: String,
        /// Whose that is, as of today: of the time when it happened nobody knows.
        remote_whose: Whose,
        /// The port that served: the local one of an incoming connection, the remote one of an outgoing one.
        port: u16,
        /// How many connections, 1 at least.
        #[ts(type = "number")]
        times: u64,
        /// Bytes received by those that have ended and of which it is known.
        #[ts(type = "number | null")]
        received: Option<u64>,
        /// Bytes sent, likewise.
        #[ts(type = "number | null")]
        sent: Option<u64>,
    },
    /// The person did something.
    Deed {
        /// What.
        deed: HistoryDeed,
        /// At which port, if it was about one.
        port: Option<u16>,
    },
}

/// What a person did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum HistoryDeed {
    /// Asked a program to end.
    Ended,
    /// Forced it to.
    Forced,
    /// Said that a listener is expected.
    Expected,
}

/// A question for the course of time, and for how much there is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct HistoryChartRequest {
    /// The filter as typed.
    pub filter: String,
    /// From here, Unix milliseconds.
    #[ts(type = "number")]
    pub since: u64,
    /// To here.
    #[ts(type = "number")]
    pub until: u64,
    /// In so many stretches of the same length, 1 to 1 000.
    pub buckets: u32,
}

/// Listeners and connections over time, and how many events fit in all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct HistoryChart {
    /// The stretches, the oldest first.
    pub buckets: Vec<HistoryBucket>,
    /// From here on everything was counted; later than was asked for only where that takes too long. What is before it says
    /// nothing.
    pub counted_from: Millis,
    /// So many events fit the filter, at any time.
    pub events: u32,
    /// There are more, or may be.
    pub more: bool,
    /// What is wrong with the filter; nothing is answered then.
    pub filter_problem: Option<FilterProblem>,
}

/// A stretch of the chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct HistoryBucket {
    /// When it begins.
    pub at: Millis,
    /// Listeners that were opened in it.
    #[ts(type = "number")]
    pub listeners: u64,
    /// Connections that began in it.
    #[ts(type = "number")]
    pub connections: u64,
}

/// A program that had to do with a port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct HistoryPortUser {
    /// Who; null: all that could not be told.
    pub program: Option<HistoryProgram>,
    /// When it was first seen there.
    pub first: Millis,
    /// When it was last seen there; null: it is there now.
    pub last: Option<Millis>,
    /// How often it listened at the port.
    #[ts(type = "number")]
    pub listened: u64,
    /// Connections that came in at the port.
    #[ts(type = "number")]
    pub incoming: u64,
    /// Connections that went out to that port of another computer.
    #[ts(type = "number")]
    pub outgoing: u64,
}

/// How the keeping of history is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct HistoryState {
    /// The person wants it kept.
    pub keep: bool,
    /// What is wrong, or is news that nobody has heard.
    pub trouble: Option<HistoryTrouble>,
    /// So many events were not kept, because too much waited to be written.
    #[ts(type = "number")]
    pub lost: u64,
}

/// Why the history is less than whole. None of it stops the program; worded by `history-trouble-<code>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "code", rename_all = "snake_case")]
#[ts(export)]
pub enum HistoryTrouble {
    /// The disk is full; nothing is written for now.
    DiskFull,
    /// The folder or the file in it cannot be made or written.
    Unwritable {
        /// The system's words.
        detail: String,
    },
    /// Another Quaymaster of this person is writing this history.
    InUse,
    /// Writing failed for a reason of its own.
    Failed {
        /// The database's words.
        detail: String,
    },
    /// The file was damaged, or no history of ours. It was kept aside and a new one begun.
    Broken {
        /// Where the old file is now.
        kept_as: String,
    },
    /// A newer version wrote the file. It was kept aside and a new one begun.
    Newer {
        /// Where the old file is now.
        kept_as: String,
    },
    /// Somebody removed the file while the program ran. A new one was begun.
    Removed,
}

/// An order to write events to a file that the person chooses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct HistoryExportRequest {
    /// The filter as typed.
    pub filter: String,
    /// The format.
    pub format: ExportFormat,
}
