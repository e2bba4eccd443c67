//! What a person asks of the table: filter, sort, group, window. Pure; window and terminal use the same.

mod filter;
mod group;
mod hold;
mod parse;
mod sort;
mod value;
mod view;

use std::collections::BTreeSet;

pub use filter::Filter;
pub use group::Group;
use group::Kinds;
pub use parse::{FilterError, FilterProblem};
pub use sort::Column;
use sort::{Keyed, Order};

use crate::socket::{OwnerGap, TcpState};
use crate::table::{Glance, Keeper, SocketId, Table};
use view::Verdicts;

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
    /// A heading. Boxed, for an answer has many rows and few headings.
    Group(Box<Group>),
    /// A row.
    Socket(SocketId),
}

/// How the rows that match are to be ordered.
#[derive(Clone, Copy)]
struct Question {
    column: Column,
    descending: bool,
    group: bool,
    /// The filter is nothing but this number: rows that have it as a port come first.
    lone_port: Option<u16>,
}

impl Query {
    /// Runs over the table.
    #[must_use]
    pub fn run(&self, table: &Table) -> Selection {
        let verdicts = Verdicts::of(&self.filter, table);
        let order = Order::new(table, self.question());
        let (mut counts, mut matched) = (Counts::default(), 0);
        let mut kinds = self.group.then(|| Kinds::of(table));
        let mut rows: Vec<Keyed> = Vec::with_capacity(table.glances().len());
        for (place, glance) in (0..).zip(table.glances()) {
            let in_scope = self.scope == Scope::All || glance.is_listener();
            counts.add(&glance, in_scope);
            if in_scope && self.filter.holds(&verdicts.on(&glance)) {
                matched += usize::from(!glance.closed);
                let kind = kinds.as_mut().map_or(0, |kinds| kinds.add(&glance));
                rows.push(order.key(place, kind, &glance));
            }
        }
        order.sort(&mut rows);
        let lines = match kinds {
            Some(kinds) => group::group(&rows, &kinds, table, &self.folded),
            None => rows.iter().map(|row| Line::Socket(table.id(row.place as usize))).collect(),
        };
        Selection { lines, matched, states: counts.states(), hidden: counts.hidden }
    }

    fn question(&self) -> Question {
        let Self { column, descending, group, .. } = *self;
        Question { column, descending, group, lone_port: self.filter.lone_port() }
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
    fn add(&mut self, glance: &Glance, in_scope: bool) {
        if glance.closed {
            return;
        }
        if in_scope {
            match glance.state {
                Some(state) => self.tcp[state as usize] += 1,
                None => self.udp += 1,
            }
        }
        if let Keeper::Unknown(gap) = glance.keeper {
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
