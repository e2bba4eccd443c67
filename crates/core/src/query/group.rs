//! Rows under headings of their programs.

use std::collections::{BTreeSet, HashMap};

use super::Line;
use super::sort::Keyed;
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

/// Kinds of [`OwnerGap`].
const GAPS: u32 = OwnerGap::NotReported as u32 + 1;

/// Rows by their kind of owner: each gap, the kernel, each crew. What is under one heading is of a few kinds, and each kind is
/// under one.
pub(super) struct Kinds(Vec<Tally>);

#[derive(Clone, Copy, Default)]
struct Tally {
    rows: usize,
    /// Open ones.
    sockets: usize,
    listeners: usize,
}

impl Kinds {
    pub(super) fn of(table: &Table) -> Self {
        Self(vec![Tally::default(); GAPS as usize + 1 + table.people().crews().numbers()])
    }

    /// Counts a row; its kind.
    pub(super) fn add(&mut self, glance: &Glance) -> u32 {
        let kind = match glance.keeper {
            Keeper::Unknown(gap) => gap as u32,
            Keeper::Kernel => GAPS,
            Keeper::Processes => GAPS + 1 + glance.crew,
        };
        if let Some(tally) = self.0.get_mut(kind as usize) {
            tally.rows += 1;
            tally.sockets += usize::from(!glance.closed);
            tally.listeners += usize::from(!glance.closed && glance.is_listener());
        }
        kind
    }
}

/// Lays sorted rows under headings: a group stands where its first row stands in the order.
pub(super) fn group(rows: &[Keyed], kinds: &Kinds, table: &Table, folded: &BTreeSet<String>, lines: &mut Vec<Line>) {
    let mut groups = Groups { table, folded, groups: Vec::new(), by_key: HashMap::new() };
    let mut standing: Vec<Option<usize>> = vec![None; kinds.0.len()];
    for row in rows {
        let kind = row.kind as usize;
        let known = standing.get(kind).copied().flatten();
        let group = known.unwrap_or_else(|| groups.place(row, kinds));
        if known.is_none()
            && let Some(standing) = standing.get_mut(kind)
        {
            *standing = Some(group);
        }
        let Members { heading, rows: members } = &mut groups.groups[group];
        if !heading.folded {
            members.push(table.id(row.place as usize));
        }
    }
    groups.lay_into(lines);
}

struct Groups<'a> {
    table: &'a Table,
    folded: &'a BTreeSet<String>,
    groups: Vec<Members>,
    by_key: HashMap<String, usize>,
}

struct Members {
    heading: Group,
    rows: Vec<SocketId>,
}

impl Groups<'_> {
    /// The group of a kind that was not met before, of which `row` is one; the whole kind is counted in its heading.
    fn place(&mut self, row: &Keyed, kinds: &Kinds) -> usize {
        let glance = self.table.glance(row.place as usize);
        let group = self.group_of(&glance);
        let Tally { rows, sockets, listeners } = kinds.0.get(row.kind as usize).copied().unwrap_or_default();
        let Members { heading, rows: members } = &mut self.groups[group];
        heading.sockets += sockets;
        heading.listeners += listeners;
        if sockets > 0 && glance.keeper == Keeper::Processes {
            heading.pids.extend(self.table.people().members(glance.crew).iter().map(|key| key.pid));
        }
        if !heading.folded {
            members.reserve(rows);
        }
        group
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

    fn lay_into(self, lines: &mut Vec<Line>) {
        for Members { mut heading, rows } in self.groups {
            heading.pids.sort_unstable();
            heading.pids.dedup();
            lines.push(Line::Group(Box::new(heading)));
            lines.extend(rows.into_iter().map(Line::Socket));
        }
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
