//! What a person asks of the table: filter, sort, group, window. Pure; window and terminal use the same.

mod filter;
mod group;
mod hold;
mod parse;
mod sort;

use std::collections::BTreeSet;

pub use filter::Filter;
pub use group::Group;
pub use parse::{FilterError, FilterProblem};
pub use sort::Column;

use crate::socket::{Owner, OwnerGap, TcpState};
use crate::table::{Mark, Row, SocketId, Table};

/// Which rows the view is about, before the filter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// Everything.
    #[default]
    All,
    /// Listeners only.
    Listening,
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
    /// Open sockets in scope by state (`None`: UDP), filter not applied; only states that occur, in [`TcpState::ALL`]'s
    /// order, UDP last.
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

impl Query {
    /// Runs over the table.
    #[must_use]
    pub fn run(&self, table: &Table) -> Selection {
        let mut counts = Counts::default();
        let mut rows: Vec<&Row> = Vec::new();
        for row in table.rows() {
            let in_scope = self.scope == Scope::All || row.socket.is_listener();
            counts.add(row, in_scope);
            if in_scope && self.filter.matches(row) {
                rows.push(row);
            }
        }
        let matched = rows.iter().filter(|row| row.mark != Mark::Closed).count();
        sort::sort(&mut rows, self.column, self.descending, self.filter.lone_port());
        let lines = if self.group {
            group::group(&rows, &self.folded)
        } else {
            rows.iter().map(|row| Line::Socket(row.id)).collect()
        };
        Selection { lines, matched, states: counts.states(), hidden: counts.hidden }
    }
}

/// What is counted beside the rows.
#[derive(Default)]
struct Counts {
    tcp: [usize; TcpState::ALL.len()],
    udp: usize,
    hidden: Vec<(OwnerGap, usize)>,
}

impl Counts {
    fn add(&mut self, row: &Row, in_scope: bool) {
        if row.mark == Mark::Closed {
            return;
        }
        if in_scope {
            match row.socket.state {
                Some(state) => self.tcp[state as usize] += 1,
                None => self.udp += 1,
            }
        }
        if let Owner::Unknown(gap) = row.socket.owner {
            match self.hidden.iter_mut().find(|(known, _)| *known == gap) {
                Some((_, count)) => *count += 1,
                None => self.hidden.push((gap, 1)),
            }
        }
    }

    fn states(&mut self) -> Vec<(Option<TcpState>, usize)> {
        self.hidden.sort_unstable();
        let tcp = TcpState::ALL.iter().map(|&state| (Some(state), self.tcp[state as usize]));
        tcp.chain([(None, self.udp)]).filter(|&(_, count)| count > 0).collect()
    }
}
