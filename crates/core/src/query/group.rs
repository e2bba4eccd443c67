//! Rows under headings of their programs.

use std::collections::{BTreeSet, HashMap};

use super::Line;
use crate::process::Gap;
use crate::socket::OwnerGap;
use crate::table::{Glance, Keeper, Known, SocketId, Table};

/// A program's heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Names the group; stable while the program has sockets: path (or name where the path is not known), or the kind of
    /// gap.
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

/// Lays sorted rows, given by their places in the table, under headings: a group stands where its first row stands in the
/// order.
pub(super) fn group(
    places: impl ExactSizeIterator<Item = usize>,
    table: &Table,
    folded: &BTreeSet<String>,
) -> Vec<Line> {
    let kinds = GAPS + 1 + table.people().crews().numbers();
    let standings = vec![None; kinds];
    let mut groups = Groups { table, folded, groups: Vec::new(), by_key: HashMap::new(), standings };
    let rows = places.len();
    for place in places {
        groups.add(&table.glance(place));
    }
    groups.into_lines(rows)
}

/// Kinds of [`OwnerGap`].
const GAPS: usize = OwnerGap::NotReported as usize + 1;

struct Groups<'a> {
    table: &'a Table,
    folded: &'a BTreeSet<String>,
    groups: Vec<Members>,
    by_key: HashMap<String, usize>,
    /// Where the rows of every kind of owner go: each gap, the kernel, each crew. Worked out once a kind, not once a row.
    standings: Vec<Option<Standing>>,
}

struct Members {
    heading: Group,
    rows: Vec<SocketId>,
}

#[derive(Clone, Copy)]
struct Standing {
    group: usize,
    /// The PIDs are in the heading.
    named: bool,
}

impl Groups<'_> {
    fn add(&mut self, glance: &Glance) {
        let kind = match glance.keeper {
            Keeper::Unknown(gap) => gap as usize,
            Keeper::Kernel => GAPS,
            Keeper::Processes => GAPS + 1 + glance.crew as usize,
        };
        let known = self.standings.get(kind).copied().flatten();
        let mut standing = known.unwrap_or_else(|| Standing { group: self.group_of(glance), named: false });
        let Members { heading, rows } = &mut self.groups[standing.group];
        if !glance.closed {
            heading.sockets += 1;
            heading.listeners += usize::from(glance.is_listener());
            if !standing.named && glance.keeper == Keeper::Processes {
                let crew = self.table.people().crews().get(glance.crew);
                heading.pids.extend(crew.into_iter().flatten().map(|known| known.facts.key.pid));
                standing.named = true;
            }
        }
        if !heading.folded {
            rows.push(glance.id);
        }
        if let Some(kept) = self.standings.get_mut(kind) {
            *kept = Some(standing);
        }
    }

    fn group_of(&mut self, glance: &Glance) -> usize {
        let (key, program, because) = self.identity(glance);
        *self.by_key.entry(key).or_insert_with_key(|key| {
            let (key, folded) = (key.clone(), self.folded.contains(key));
            let heading = Group { key, program, because, pids: Vec::new(), sockets: 0, listeners: 0, folded };
            self.groups.push(Members { heading, rows: Vec::new() });
            self.groups.len() - 1
        })
    }

    /// The program is the first holder's; what tells programs apart is the program file, or the name where that is hidden.
    fn identity(&self, glance: &Glance) -> (String, Option<String>, Option<OwnerGap>) {
        let first = || self.table.people().crews().get(glance.crew).and_then(|crew| crew.first());
        match glance.keeper {
            Keeper::Kernel => ("kernel".to_owned(), None, None),
            Keeper::Unknown(gap) => unknown(gap),
            Keeper::Processes => first().map_or_else(|| unknown(OwnerGap::Pending), |known| program(known)),
        }
    }

    fn into_lines(self, all: usize) -> Vec<Line> {
        let mut lines = Vec::with_capacity(all + self.groups.len());
        for Members { mut heading, rows } in self.groups {
            heading.pids.sort_unstable();
            heading.pids.dedup();
            lines.push(Line::Group(Box::new(heading)));
            lines.extend(rows.into_iter().map(Line::Socket));
        }
        lines
    }
}

fn program(known: &Known) -> (String, Option<String>, Option<OwnerGap>) {
    let name = &known.label;
    match &known.facts.path {
        // One file runs many programs' services: each is a program of its own to a person.
        _ if *name != known.facts.name => (format!("services:{name}"), Some(name.clone()), None),
        Ok(path) => (format!("path:{path}"), Some(name.clone()).filter(|name| !name.is_empty()), None),
        Err(Gap::Pending) if name.is_empty() => unknown(OwnerGap::Pending),
        Err(_) if name.is_empty() => unknown(OwnerGap::NotReported),
        Err(_) => (format!("name:{name}"), Some(name.clone()), None),
    }
}

fn unknown(gap: OwnerGap) -> (String, Option<String>, Option<OwnerGap>) {
    (format!("gap:{gap:?}"), None, Some(gap))
}
