//! What a person asks of the table: filter, sort, group, window. Pure; window and terminal use the same.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::socket::{OwnerGap, TcpState};
use crate::table::{Row, SocketId, Table};

/// A parsed filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {}

/// What is wrong with a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterError {
    /// Where, in bytes of the text.
    pub span: Range<usize>,
    /// What.
    pub problem: FilterProblem,
}

/// Kinds of wrong filters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "worded by filter-* in locales/*/common.ftl")]
pub enum FilterProblem {
    UnknownKey,
    BadPort,
    BadRange,
    BadAddress,
    BadState,
    BadProtocol,
    BadPid,
    MissingValue,
    OpenQuote,
    LoneNot,
    EmptyChoice,
    TooLong,
}

impl Filter {
    /// Parses a filter; an empty one matches everything.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        let _ = text;
        unimplemented!()
    }

    /// Whether a row matches.
    #[must_use]
    pub fn matches(&self, row: &Row) -> bool {
        let _ = row;
        unimplemented!()
    }
}

/// Which rows the view is about, before the filter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// Everything.
    #[default]
    All,
    /// Listeners only.
    Listening,
}

/// A column to sort by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
}

/// A question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// Which rows at all.
    pub scope: Scope,
    /// Which of them.
    pub filter: Filter,
    /// By what they are sorted.
    pub column: Column,
    /// Largest first.
    pub descending: bool,
    /// Under headings of programs.
    pub group: bool,
    /// Keys of groups whose rows are not listed.
    pub folded: BTreeSet<String>,
}

/// The answer: lines in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Headings and rows.
    pub lines: Vec<Line>,
    /// Open sockets in scope that match (closed rows are in `lines` but not counted here).
    pub matched: usize,
    /// Open sockets in scope by state (`None`: UDP), filter not applied; only states that occur, in [`TcpState::ALL`]'s order, UDP last.
    pub states: Vec<(Option<TcpState>, usize)>,
    /// Open sockets in the whole table whose owner is unknown, by reason.
    pub hidden: Vec<(OwnerGap, usize)>,
}

/// A line of the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// A heading.
    Group(Group),
    /// A row.
    Socket(SocketId),
}

/// A program's heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Names the group; stable while the program has sockets: path (or name where the path is not known), or the kind of gap.
    pub key: String,
    /// Program name; `None` where no program is known.
    pub program: Option<String>,
    /// Why none is known; `None` for rows that the kernel keeps.
    pub because: Option<OwnerGap>,
    /// PIDs, sorted.
    pub pids: Vec<u32>,
    /// Open sockets in it.
    pub sockets: usize,
    /// Listeners among them.
    pub listeners: usize,
    /// Rows not listed.
    pub folded: bool,
}

impl Query {
    /// Runs over the table.
    #[must_use]
    pub fn run(&self, table: &Table) -> Selection {
        let _ = table;
        unimplemented!()
    }
}

impl Selection {
    /// Keeps the order of an earlier answer to the same question: its lines that still exist stand where they stood (also rows
    /// that no longer match, as long as the table has them), everything new comes after them.
    #[must_use]
    pub fn held_to(self, earlier: &Selection, table: &Table) -> Selection {
        let _ = (earlier, table);
        unimplemented!()
    }
}
