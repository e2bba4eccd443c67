//! What the page looks at: runs its question over the table, once for every question and every state of the table, and
//! keeps the order of the last answer so that it can be held under the person's pointer.

use quaymaster_core::query::{Desk, Filter, Line as CoreLine, Query, Selection};
use quaymaster_core::{SocketId, Table};

use crate::convert::{self, count};
use crate::traffic::Speeds;
use crate::wire::{FilterProblem, FrameRequest, Line, Sort};

/// The most lines that one frame carries; a screen shows about sixty.
const MOST_LINES: u32 = 500;

/// The last question and its answer.
#[derive(Debug, Default)]
pub(crate) struct View {
    /// The last filter that could be understood, and its text.
    filter: (String, Filter),
    answered: Option<Answered>,
    desk: Desk,
}

#[derive(Debug)]
struct Answered {
    query: Query,
    sort: Sort,
    /// The table's revision that `selection` was made from.
    revision: u64,
    held: bool,
    selection: Selection,
}

/// A question answered: the selection, and what was wrong with the filter.
pub(crate) struct Shown<'view> {
    pub(crate) selection: &'view Selection,
    pub(crate) held: bool,
    pub(crate) filter_problem: Option<FilterProblem>,
}

impl View {
    /// Answers `request` from `table`, whose contents `revision` numbers; in the order of `speeds`, where there are any.
    pub(crate) fn show(
        &mut self,
        request: &FrameRequest,
        table: &Table,
        speeds: Option<&Speeds>,
        revision: u64,
    ) -> Shown<'_> {
        let filter_problem = self.understand(&request.filter);
        let query = convert::query_of(request, self.filter.1.clone());
        let sort = request.sort;
        let run = |desk: &mut Desk| {
            let mut selection = query.run_on(desk, table);
            if let Some(speeds) = speeds {
                speeds.order(&mut selection);
            }
            selection
        };
        let is_same = |last: &Answered| last.query == query && last.sort == sort;
        let fresh = match self.answered.take() {
            Some(last) if is_same(&last) && last.revision == revision && last.held == request.hold => last,
            Some(last) if is_same(&last) && request.hold => {
                let selection = run(&mut self.desk).held_to(&last.selection, table);
                self.desk.clear(last.selection);
                Answered { query, sort, revision, held: true, selection }
            }
            last => {
                last.into_iter().for_each(|last| self.desk.clear(last.selection));
                Answered { selection: run(&mut self.desk), query, sort, revision, held: request.hold }
            }
        };
        let answered = self.answered.insert(fresh);
        Shown { selection: &answered.selection, held: answered.held, filter_problem }
    }

    /// Takes a new filter if it is good; else the last good one stays in force and the fault is told.
    fn understand(&mut self, text: &str) -> Option<FilterProblem> {
        if text == self.filter.0 {
            return None;
        }
        match Filter::parse(text) {
            Ok(filter) => {
                self.filter = (text.to_owned(), filter);
                None
            }
            Err(error) => Some(convert::filter_problem(text, &error)),
        }
    }
}

impl Shown<'_> {
    /// The lines `first..first + wanted`, as far as they exist.
    pub(crate) fn lines(&self, table: &Table, first: u32, wanted: u32) -> Vec<Line> {
        let first = usize::try_from(first).unwrap_or(usize::MAX);
        let wanted = usize::try_from(wanted.min(MOST_LINES)).unwrap_or_default();
        self.selection.lines.iter().skip(first).take(wanted).filter_map(|line| wire_line(line, table)).collect()
    }

    /// On which line the row of this id stands.
    pub(crate) fn locate(&self, id: u64) -> Option<u32> {
        let wanted = CoreLine::Socket(SocketId(id));
        self.selection.lines.iter().position(|line| *line == wanted).map(count)
    }

    /// The ids of the rows among the lines `first..=last`.
    pub(crate) fn ids(&self, first: u32, last: u32) -> Vec<u64> {
        let first = usize::try_from(first).unwrap_or(usize::MAX);
        let last = usize::try_from(last).unwrap_or(usize::MAX);
        let lines = self.selection.lines.iter().skip(first).take(last.saturating_sub(first).saturating_add(1));
        lines
            .filter_map(|line| match line {
                CoreLine::Socket(id) => Some(id.0),
                CoreLine::Group(_) => None,
            })
            .collect()
    }
}

fn wire_line(line: &CoreLine, table: &Table) -> Option<Line> {
    match line {
        CoreLine::Group(group) => Some(Line::Group(convert::group(group))),
        CoreLine::Socket(id) => table.row(*id).map(|row| Line::Socket(Box::new(convert::row(&row)))),
    }
}
