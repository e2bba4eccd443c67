//! The order of rows: numbers as numbers, addresses as addresses, names as people read them.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::net::IpAddr;

use crate::endpoint::Endpoint;
use crate::port;
use crate::table::Row;

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

/// What a row is sorted by, made once a row: comparing two of these touches no row.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    /// With a bare number as filter: rows that have it as a port come first, whatever the order.
    not_at_port: bool,
    /// Nothing known: last, whatever the order.
    unknown: bool,
    /// IPv4 before IPv6.
    family: u8,
    value: u128,
}

/// Sorts rows by `column`, ties by protocol, ends and age: the order is the same at every look.
pub(super) fn sort(rows: &mut Vec<&Row>, column: Column, descending: bool, lone_port: Option<u16>) {
    let ranks = text_of(column).map(|text| ranks(rows, text));
    let key = |row: &Row| {
        let value = match (&ranks, text_of(column)) {
            (Some(ranks), Some(text)) => text(row).map(|text| (0, ranks[text])),
            _ => value(row, column),
        };
        let (family, value) = value.unwrap_or_default();
        Key {
            not_at_port: lone_port.is_some_and(|port| !has_port(row, port)),
            unknown: is_unknown(row, column),
            family: if descending { !family } else { family },
            value: if descending { !value } else { value },
        }
    };
    let mut keyed: Vec<(Key, &Row)> = rows.iter().map(|&row| (key(row), row)).collect();
    keyed.sort_unstable_by(|(a, row), (b, other)| a.cmp(b).then_with(|| tie(row, other)));
    *rows = keyed.into_iter().map(|(_, row)| row).collect();
}

fn tie(row: &Row, other: &Row) -> Ordering {
    let ends = |row: &Row| (row.socket.protocol, row.socket.local, row.socket.remote);
    ends(row).cmp(&ends(other)).then(row.id.cmp(&other.id))
}

pub(super) fn has_port(row: &Row, port: u16) -> bool {
    row.socket.local.port == port || row.socket.remote.is_some_and(|remote| remote.port == port)
}

type Text = fn(&Row) -> Option<&str>;

/// How a column that is text is read.
fn text_of(column: Column) -> Option<Text> {
    match column {
        Column::Program => Some(|row| row.owners.first().map(|process| &*process.name).filter(|name| !name.is_empty())),
        Column::Path => Some(|row| row.owners.first().and_then(|process| process.path.as_deref().ok())),
        Column::User => Some(|row| row.user.as_deref()),
        Column::UsualProgram => Some(|row| port::usual_program(&row.socket)),
        _ => None,
    }
}

/// The place of every text that occurs, as people read it: without regard to case, then with it.
fn ranks<'row>(rows: &[&'row Row], text: Text) -> HashMap<&'row str, u128> {
    let mut ranks: HashMap<&str, u128> = rows.iter().filter_map(|row| text(row)).map(|text| (text, 0)).collect();
    let mut texts: Vec<(String, &str)> = ranks.keys().map(|text| (text.to_lowercase(), *text)).collect();
    texts.sort_unstable();
    for (rank, (_, text)) in (0..).zip(texts) {
        ranks.insert(text, rank);
    }
    ranks
}

fn is_unknown(row: &Row, column: Column) -> bool {
    match text_of(column) {
        Some(text) => text(row).is_none(),
        None => value(row, column).is_none(),
    }
}

/// The family and number of a column that is a number.
fn value(row: &Row, column: Column) -> Option<(u8, u128)> {
    let socket = &row.socket;
    let number = |number: u128| Some((0, number));
    match column {
        Column::Pid => row.owners.first().and_then(|process| number(process.key.pid.into())),
        Column::Protocol => number(u128::from(socket.protocol as u8) << 8 | u128::from(socket.family.number())),
        Column::LocalAddress => Some(address(socket.local)),
        Column::LocalPort => number(socket.local.port.into()),
        Column::RemoteAddress => socket.remote.map(address),
        Column::RemotePort => socket.remote.and_then(|remote| number(remote.port.into())),
        Column::State => socket.state.and_then(|state| number(state as u128)),
        Column::FirstSeen => number(row.first_seen.0.into()),
        Column::ReceiveQueue => socket.queues.and_then(|queues| number(queues.receive.into())),
        Column::SendQueue => socket.queues.and_then(|queues| number(queues.send.into())),
        Column::Program | Column::Path | Column::User | Column::UsualProgram => None,
    }
}

fn address(end: Endpoint) -> (u8, u128) {
    match end.ip {
        IpAddr::V4(ip) => (4, u32::from(ip).into()),
        IpAddr::V6(ip) => (6, ip.into()),
    }
}
