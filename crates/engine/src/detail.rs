//! The side panel's content.

use quaymaster_core::{Mark, Row, SocketId, Table};

use crate::convert::{self, count};
use crate::wire::Detail;

/// The most other sockets of a program that the panel lists.
const MOST_SIBLINGS: usize = 50;

/// Everything about one row; `None` when it is gone.
pub(crate) fn detail(table: &Table, id: u64) -> Option<Detail> {
    let row = table.row(SocketId(id))?;
    let siblings = siblings(table, &row);
    let serving =
        if row.socket.is_listener() { row.socket.local } else { row.socket.remote.unwrap_or(row.socket.local) };
    Some(Detail {
        row: convert::row(&row),
        processes: row.owners.iter().map(|process| convert::process(process)).collect(),
        peer: table.opposite(&row).map(|peer| convert::row(&peer)),
        sibling_count: count(siblings.len()),
        siblings: siblings.iter().take(MOST_SIBLINGS).map(convert::row).collect(),
        hint: convert::hint(row.socket.local.port, row.socket.protocol)
            .or_else(|| convert::hint(serving.port, row.socket.protocol)),
    })
}

/// The other open sockets of the same processes, listeners first, then by port and age.
fn siblings(table: &Table, row: &Row) -> Vec<Row> {
    let holders = row.socket.owner.holders();
    let mut others: Vec<Row> = holders
        .iter()
        .flat_map(|&holder| table.held_by(holder))
        .filter(|other| other.id != row.id && other.mark != Mark::Closed)
        .collect();
    others.sort_by_key(|other| (!other.socket.is_listener(), other.socket.local.port, other.id));
    others.dedup_by_key(|other| other.id);
    others
}
