//! Keeping an order under the person's pointer.

use std::collections::{HashMap, HashSet};

use super::{Group, Line, Selection};
use crate::table::{SocketId, Table};

impl Selection {
    /// Keeps the order of an earlier answer to the same question: its lines that still exist stand where they stood (also rows
    /// that no longer match, as long as the table has them), and what is new comes after them. A new row of a group that
    /// already stands is counted in its heading and listed when the order is free again: there is no place for it that
    /// moves nothing.
    #[must_use]
    pub fn held_to(self, earlier: &Self, table: &Table) -> Self {
        let headings: HashMap<&str, &Group> =
            self.lines.iter().filter_map(heading).map(|group| (&*group.key, group)).collect();
        let stood: HashSet<SocketId> = earlier.lines.iter().filter_map(socket).collect();
        let stood_groups: HashSet<&str> = earlier.lines.iter().filter_map(heading).map(|group| &*group.key).collect();
        let mut lines: Vec<Line> = Vec::with_capacity(earlier.lines.len() + 16);
        for line in &earlier.lines {
            match line {
                Line::Socket(id) if !table.has(*id) => {}
                Line::Socket(_) => lines.push(line.clone()),
                Line::Group(group) => lines.push(Line::Group(Box::new(match headings.get(&*group.key) {
                    Some(&now) => now.clone(),
                    None => Group { sockets: 0, listeners: 0, ..(**group).clone() },
                }))),
            }
        }
        let mut in_standing_group = false;
        for line in &self.lines {
            let new = match line {
                Line::Group(group) => {
                    in_standing_group = stood_groups.contains(&*group.key);
                    !in_standing_group
                }
                Line::Socket(id) => !in_standing_group && !stood.contains(id),
            };
            if new {
                lines.push(line.clone());
            }
        }
        Self { lines, ..self }
    }
}

fn heading(line: &Line) -> Option<&Group> {
    if let Line::Group(group) = line { Some(group) } else { None }
}

fn socket(line: &Line) -> Option<SocketId> {
    if let Line::Socket(id) = line { Some(*id) } else { None }
}
