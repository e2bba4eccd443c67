//! What a person asks of the table: filter, sort, group, window. Pure; window and terminal use the same.

mod filter;
mod group;
mod hold;
mod parse;
pub mod past;
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

/// Room to answer in, which the next answer uses again: the system takes as long to hand out fresh memory for 200 000 lines
/// as it takes to sort them.
#[derive(Debug, Default)]
pub struct Desk {
    rows: Vec<Keyed>,
    lines: Vec<Line>,
}

impl Desk {
    /// Takes back an answer that is not needed any more.
    pub fn clear(&mut self, selection: Selection) {
        self.lines = selection.lines;
        self.lines.clear();
    }
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
        self.run_on(&mut Desk::default(), table)
    }

    /// Runs over the table, with room that is used again.
    #[must_use]
    pub fn run_on(&self, desk: &mut Desk, table: &Table) -> Selection {
        let verdicts = Verdicts::of(&self.filter, table);
        let order = Order::new(table, self.question());
        let (mut counts, mut matched) = (Counts::default(), 0);
        let mut kinds = self.group.then(|| Kinds::of(table));
        let Desk { rows, lines } = desk;
        rows.clear();
        fit(rows, table.glances().len());
        for (place, glance) in (0..).zip(table.glances()) {
            let in_scope = self.scope == Scope::All || glance.is_listener();
            counts.add(&glance, in_scope);
            if in_scope && self.filter.holds(&verdicts.on(&glance)) {
                matched += usize::from(!glance.closed);
                let kind = kinds.as_mut().map_or(0, |kinds| kinds.add(&glance));
                rows.push(order.key(place, kind, &glance));
            }
        }
        order.sort(rows);
        let mut lines = std::mem::take(lines);
        fit(&mut lines, rows.len());
        match kinds {
            Some(kinds) => group::group(rows, &kinds, table, &self.folded, &mut lines),
            None => lines.extend(rows.iter().map(|row| Line::Socket(table.id(row.place as usize)))),
        }
        Selection { lines, matched, states: counts.states(), hidden: counts.hidden }
    }

    fn question(&self) -> Question {
        let Self { column, descending, group, .. } = *self;
        Question { column, descending, group, lone_port: self.filter.lone_port() }
    }
}

/// Makes room for so many in an empty vector, and gives back what is far more.
fn fit<T>(room: &mut Vec<T>, wanted: usize) {
    room.reserve_exact(wanted);
    if room.capacity() / 4 > wanted.max(1_024) {
        room.shrink_to(wanted);
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
