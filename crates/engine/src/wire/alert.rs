//! What the watch tells of new listeners. A single one crosses to the page; an alert goes to the notifier, in the shell.

use serde::Serialize;
use ts_rs::TS;

use super::answer::Reach;
use super::process::ProcessRef;
use super::time::Millis;

/// A listener that the baseline did not know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct NewListener {
    /// The id of its row.
    #[ts(type = "number")]
    pub row: u64,
    /// Its process, if known.
    pub process: Option<ProcessRef>,
    /// What a person calls the program; null where its owner cannot be read.
    pub program: Option<String>,
    /// The program file.
    pub path: Option<String>,
    /// `tcp` or `udp`.
    #[ts(type = "\"tcp\" | \"udp\"")]
    pub protocol: &'static str,
    /// The address that it is bound to.
    pub address: String,
    /// The port.
    pub port: u16,
    /// From where it can be reached.
    pub reach: Reach,
    /// What is often at this port: a hint, never a fact.
    pub usual_program: Option<String>,
    /// It was known and has not been seen for a month.
    pub back: bool,
    /// When it was first seen, Unix milliseconds.
    pub at: Millis,
}

/// Why what is known to listen will not outlast the program, or was learnt anew; worded by `watch-trouble-<code>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "code", rename_all = "snake_case")]
#[ts(export)]
pub enum WatchTrouble {
    /// The file was damaged, or of a later version. It was kept aside, and everything that listens was learnt anew.
    Aside {
        /// Where the old file is now.
        kept_as: String,
    },
    /// The file could not be read. It is left as it is, and nothing is written in this run.
    Unreadable {
        /// The file.
        path: String,
        /// The system's words.
        detail: String,
    },
    /// The file could not be written; it is tried again.
    Unwritten {
        /// The file.
        path: String,
        /// The system's words.
        detail: String,
    },
}

/// How many of the new listeners a program has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramCount {
    /// The program; null for those whose owner cannot be read.
    pub program: Option<String>,
    /// How many.
    pub count: u32,
}

/// One notification's worth of news.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// How many listeners it tells of: at least 1.
    pub count: u32,
    /// Who has them, most first; at most five.
    pub programs: Vec<ProgramCount>,
    /// The first of them, in the order in which they came; at most [`Alert::LISTED`].
    pub listeners: Vec<NewListener>,
    /// The rows of all of them.
    pub rows: Vec<u64>,
}

impl Alert {
    /// As many listeners as one alert lists.
    pub const LISTED: usize = 50;
}
