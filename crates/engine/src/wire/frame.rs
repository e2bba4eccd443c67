//! The pulled frame: what the page asks for and what it gets.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::time::Millis;

use super::alert::WatchTrouble;
use super::answer::PortAnswer;
use super::process::Process;
use super::socket::Row;

/// Which rows the view is about, before the filter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Scope {
    /// Everything.
    #[default]
    All,
    /// TCP listeners and unconnected UDP sockets.
    Listening,
}

/// A column of the grid; also what can be sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
#[expect(missing_docs, reason = "the names are the columns' own")]
pub enum Column {
    Program,
    Pid,
    Protocol,
    LocalAddress,
    LocalPort,
    RemoteAddress,
    RemotePort,
    State,
    User,
    FirstSeen,
    ReceiveQueue,
    SendQueue,
    Path,
    UsualProgram,
    Organisation,
    Country,
    Peer,
    Receiving,
    Sending,
}

/// The order of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Sort {
    /// By what.
    pub column: Column,
    /// Largest first.
    pub descending: bool,
}

/// One question of the page. Safe to repeat; nothing of it is remembered but the order to be held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct FrameRequest {
    /// Answer when something newer than this sequence exists; null: at once.
    #[ts(type = "number | null")]
    pub after: Option<u64>,
    /// All or listening.
    pub scope: Scope,
    /// The filter as typed; see `docs/filter.md`.
    pub filter: String,
    /// The order.
    pub sort: Sort,
    /// Group by program.
    pub group: bool,
    /// Keys of the groups that are folded.
    pub folded: Vec<String>,
    /// First line wanted.
    pub first: u32,
    /// How many lines are wanted; at most 500 are answered.
    pub count: u32,
    /// Keep the order of the last answer (the pointer is over the grid): no line moves, new ones come last, closed
    /// ones stay.
    pub hold: bool,
    /// The port whose answer is wanted beside the rows.
    pub port: Option<u16>,
    /// The row whose details are wanted.
    #[ts(type = "number | null")]
    pub detail: Option<u64>,
    /// What goes through connections is wanted too, in the lines asked for.
    pub traffic: bool,
    /// Where the row of this id stands is wanted too (keyboard selection after a new sort).
    #[ts(type = "number | null")]
    pub locate: Option<u64>,
}

/// One answer: a whole, consistent picture of one look at the machine.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct Frame {
    /// Grows with every change of anything below; hand it back as `after`.
    #[ts(type = "number")]
    pub sequence: u64,
    /// When the sockets were looked at, Unix milliseconds. Ages are `taken_at - first_seen`.
    pub taken_at: Millis,
    /// How long that look took, milliseconds.
    pub look_ms: f64,
    /// Milliseconds between two looks.
    pub interval_ms: u32,
    /// Looking is paused.
    pub paused: bool,
    /// The order is being held, as asked.
    pub held: bool,
    /// New listeners that the person has not looked at.
    pub news: u32,
    /// What is wrong with what the watch remembers, until the person has heard it.
    pub watch_trouble: Option<WatchTrouble>,
    /// Sockets in the table (closed ones not counted).
    pub total: u32,
    /// Sockets in scope that match the filter.
    pub matched: u32,
    /// Lines there are (sockets and group headings).
    pub line_count: u32,
    /// Number of the first line in `lines`.
    pub first: u32,
    /// The lines asked for.
    pub lines: Vec<Line>,
    /// Line number of the row asked for in `locate`.
    pub located: Option<u32>,
    /// How many sockets in scope there are in each state, in the states' order; UDP as `UDP`.
    pub states: Vec<StateCount>,
    /// Rows whose owner is not known, by reason.
    pub hidden: Vec<Hidden>,
    /// Why this look is less than whole.
    pub troubles: Vec<Trouble>,
    /// The filter is wrong; `lines` are those of the last good filter.
    pub filter_problem: Option<FilterProblem>,
    /// The answer for the port asked for.
    pub port: Option<PortAnswer>,
    /// The details asked for; null also when that row is gone.
    pub detail: Option<Detail>,
}

/// A line of the grid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum Line {
    /// A heading of a program.
    Group(Group),
    /// A socket.
    Socket(Box<Row>),
}

/// The heading of a program's rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Group {
    /// Names the group in `folded`.
    pub key: String,
    /// The program's name; null where no program is known.
    pub program: Option<String>,
    /// Why no program is known: kept by the kernel (null) or a gap.
    pub because: Option<super::process::OwnerGap>,
    /// PIDs in the group.
    pub pids: Vec<u32>,
    /// Sockets in it.
    pub sockets: u32,
    /// Listeners among them.
    pub listeners: u32,
    /// Its rows are not shown.
    pub folded: bool,
}

/// Sockets in a state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct StateCount {
    /// `LISTEN`, …, or `UDP`.
    #[ts(type = "string")]
    pub state: &'static str,
    /// How many.
    pub sockets: u32,
}

/// Sockets whose owner is not known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Hidden {
    /// Why.
    pub because: super::process::OwnerGap,
    /// How many.
    pub sockets: u32,
}

/// Why a look is less than whole; worded by `trouble-<code>` in the catalogues.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "code", rename_all = "snake_case")]
#[ts(export)]
pub enum Trouble {
    /// The kernel's socket interface is refused; the slower fallback is in use.
    NetlinkRefused,
    /// A listing was cut; rows it lacks are kept.
    Truncated,
    /// A listing could not be read.
    Unreadable {
        /// Its technical name.
        #[ts(type = "string")]
        what: &'static str,
        /// The system's error number.
        os_error: i32,
    },
    /// Other users' processes are hidden.
    ProcessesHidden,
}

/// Where and why a filter is wrong; worded by `filter-<code>` in the catalogues.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct FilterProblem {
    /// First wrong character, counted in UTF-16 units as JavaScript counts.
    pub start: u32,
    /// After the last wrong character, likewise.
    pub end: u32,
    /// `unknown_key`, `bad_port`, `bad_range`, `bad_address`, `bad_state`, `bad_protocol`, `bad_pid`, `bad_country`,
    /// `bad_moment`, `bad_day`, `only_in_history`, `not_in_history`, `missing_value`, `open_quote`, `lone_not`, `empty_choice`, `too_long`.
    #[ts(type = "string")]
    pub code: &'static str,
    /// The wrong piece, as typed.
    pub piece: String,
}

/// The side panel's content for one row.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct Detail {
    /// The row itself, as it is now.
    pub row: Row,
    /// Its holders (or last holders), whole.
    pub processes: Vec<Process>,
    /// For a connection whose other end is on this computer: that end.
    pub peer: Option<Row>,
    /// The other sockets of the same processes: at most 50, listeners first.
    pub siblings: Vec<Row>,
    /// How many there are in all.
    pub sibling_count: u32,
    /// What is often at this port.
    pub hint: Option<super::answer::PortHint>,
}
