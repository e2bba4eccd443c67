//! Rows under headings of their programs.

use std::collections::{BTreeSet, HashMap};

use super::Line;
use crate::socket::{Owner, OwnerGap};
use crate::table::{Mark, Row};

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

/// Lays sorted rows under headings: a group stands where its first row stands in the order.
pub(super) fn group(rows: &[&Row], folded: &BTreeSet<String>) -> Vec<Line> {
    let mut groups: Vec<(Group, Vec<&Row>)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for &row in rows {
        let key = key(row);
        let place = *places.entry(key).or_insert_with_key(|key| {
            groups.push((heading(key, row, folded.contains(key)), Vec::new()));
            groups.len() - 1
        });
        let (group, members) = &mut groups[place];
        count(group, row);
        members.push(row);
    }
    let mut lines = Vec::with_capacity(rows.len() + groups.len());
    for (mut group, members) in groups {
        group.pids.sort_unstable();
        group.pids.dedup();
        let folded = group.folded;
        lines.push(Line::Group(group));
        if !folded {
            lines.extend(members.iter().map(|row| Line::Socket(row.id)));
        }
    }
    lines
}

/// The program is the first holder's; what tells programs apart is the program file, or the name where that is hidden.
fn key(row: &Row) -> String {
    match (&row.socket.owner, row.owners.first()) {
        (Owner::Processes(_), Some(process)) => match &process.path {
            Ok(path) => format!("path:{path}"),
            Err(_) => format!("name:{}", process.name),
        },
        (Owner::Processes(_) | Owner::Kernel(_), _) => "kernel".to_owned(),
        (Owner::Unknown(gap), _) => format!("gap:{gap:?}"),
    }
}

fn heading(key: &str, row: &Row, folded: bool) -> Group {
    let held = !row.socket.owner.holders().is_empty();
    Group {
        key: key.to_owned(),
        program: row.owners.first().filter(|_| held).map(|process| process.name.clone()),
        because: if let Owner::Unknown(gap) = row.socket.owner { Some(gap) } else { None },
        pids: Vec::new(),
        sockets: 0,
        listeners: 0,
        folded,
    }
}

fn count(group: &mut Group, row: &Row) {
    if row.mark != Mark::Closed {
        group.sockets += 1;
        group.listeners += usize::from(row.socket.is_listener());
        // A program with ten thousand sockets has few processes: most repeats are neighbours.
        for holder in row.socket.owner.holders() {
            if group.pids.last() != Some(&holder.pid) {
                group.pids.push(holder.pid);
            }
        }
    }
}
