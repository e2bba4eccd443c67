//! The order of rows: numbers as numbers, addresses as addresses, names as people read them.
//!
//! Whatever a row is sorted by becomes one number of 64 bits before anything is compared: texts and addresses stand in it as
//! their rank among those that the table has, each in as many bits as it needs.

use std::collections::HashMap;

use super::Question;
use crate::port;
use crate::table::{Crew, Glance, Keeper, Known, Table};

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

/// A row on its way into order: the most telling 64 bits of what it is sorted by, and its place in the table.
pub(super) type Keyed = (u64, u32);

/// How rows are ordered: by a column; ties by protocol, ends and age, so that the order is the same at every look. What is not
/// known comes last, whatever the direction.
pub(super) struct Order<'a> {
    table: &'a Table,
    ranks: &'a [u32],
    value: Value<'a>,
    /// Bits that values, and ranks of addresses, take.
    value_bits: u32,
    rank_bits: u32,
    descending: bool,
    /// Rows that have this port come first.
    lone_port: Option<u16>,
}

impl<'a> Order<'a> {
    pub(super) fn new(table: &'a Table, question: Question) -> Self {
        let ranks = table.addresses().ranks();
        let (value, highest) = Value::of(table, ranks, question);
        let Question { descending, lone_port, .. } = question;
        // Two bits are kept for what comes before the value: time itself would not need more than 62.
        let value_bits = bits(highest).min(62);
        Self { table, ranks, value, value_bits, rank_bits: bits(ranks.len() as u64), descending, lone_port }
    }

    /// The key of a row, from the most telling on: not at the one port that was asked for (1 bit), not known (1), the
    /// column's value, and as much as there is room for of what decides ties.
    #[inline]
    pub(super) fn key(&self, place: u32, glance: &Glance) -> Keyed {
        let value = self.value.at(place as usize, glance);
        let most = (1 << self.value_bits) - 1;
        let directed = value.map_or(0, |value| if self.descending { most - value.min(most) } else { value.min(most) });
        let elsewhere = self.lone_port.is_some_and(|port| !glance.has_port(port));
        let head = u64::from(elsewhere) << 1 | u64::from(value.is_none());
        let head = head << self.value_bits | directed;
        let (room, tie_bits) = (62 - self.value_bits, self.tie_bits());
        let tie = self.tie(glance);
        let tie = if tie_bits > room { tie >> (tie_bits - room) } else { tie << (room - tie_bits) };
        // No room at all would be a shift by 64.
        let head = head.checked_shl(room).unwrap_or_default();
        (head | tie as u64, place)
    }

    /// Puts rows in order.
    pub(super) fn sort(&self, rows: &mut [Keyed]) {
        rows.sort_unstable_by_key(|row| row.0);
        for run in rows.chunk_by_mut(|a, b| a.0 == b.0).filter(|run| run.len() > 1) {
            run.sort_by_cached_key(|&(_, place)| {
                let glance = self.table.glance(place as usize);
                (self.tie(&glance), glance.id)
            });
        }
    }

    /// Protocol (1 bit), local address and port (16), remote address (0 for none) and port (16).
    #[inline]
    fn tie(&self, glance: &Glance) -> u128 {
        let rank = |address: u32| u128::from(self.ranks.get(address as usize).copied().unwrap_or_default());
        let local = (glance.protocol as u128) << self.rank_bits | rank(glance.local);
        let local = local << 16 | u128::from(glance.local_port);
        (local << self.rank_bits | rank(glance.remote)) << 16 | u128::from(glance.remote_port)
    }

    fn tie_bits(&self) -> u32 {
        1 + 16 + 16 + 2 * self.rank_bits
    }
}

/// How many bits a number has.
fn bits(number: u64) -> u32 {
    u64::BITS - number.leading_zeros()
}

/// What rows show in a column, as numbers in the order of the column.
enum Value<'a> {
    /// By the number of the crew.
    Crew(Vec<Option<u32>>),
    /// The same, but what the kernel keeps stands under a heading without a name.
    Holder(Vec<Option<u32>>),
    /// By the number of the user, else by that of the crew.
    User(Vec<Option<u32>>, Vec<Option<u32>>),
    Protocol,
    LocalAddress(&'a [u32]),
    RemoteAddress(&'a [u32]),
    LocalPort,
    RemotePort,
    State,
    /// Since this moment.
    FirstSeen(u64),
    ReceiveQueue(&'a Table),
    SendQueue(&'a Table),
    UsualProgram,
}

impl<'a> Value<'a> {
    /// With the highest number that it may be.
    fn of(table: &'a Table, ranks: &'a [u32], question: Question) -> (Self, u64) {
        let of_crews = |crews: Vec<Option<u32>>| {
            let highest = crews.iter().flatten().copied().max().unwrap_or_default();
            (crews, u64::from(highest))
        };
        let (port, rank) = (u64::from(u16::MAX), ranks.len() as u64);
        match question.column {
            Column::Program => {
                let (crews, highest) = of_crews(by_crew(table, |known| Some(&known.label)));
                (if question.group { Self::Holder(crews) } else { Self::Crew(crews) }, highest)
            }
            Column::Path => {
                let (crews, highest) = of_crews(by_crew(table, |known| known.facts.path.as_deref().ok()));
                (Self::Crew(crews), highest)
            }
            Column::Pid => {
                let pid = |crew: &Crew| crew.first().map(|known| known.facts.key.pid);
                let (crews, highest) = of_crews(table.people().crews().map(|_, crew| pid(crew)));
                (Self::Crew(crews), highest)
            }
            Column::User => {
                let (users, crews, highest) = by_user(table);
                (Self::User(users, crews), highest)
            }
            Column::Protocol => (Self::Protocol, 0x1ff),
            Column::LocalAddress => (Self::LocalAddress(ranks), rank),
            Column::RemoteAddress => (Self::RemoteAddress(ranks), rank),
            Column::LocalPort => (Self::LocalPort, port),
            Column::RemotePort => (Self::RemotePort, port),
            Column::State => (Self::State, 0xf),
            Column::FirstSeen => {
                let moments = || table.glances().map(|glance| glance.first_seen.0);
                let (first, last) = (moments().min().unwrap_or_default(), moments().max().unwrap_or_default());
                (Self::FirstSeen(first), last - first)
            }
            Column::ReceiveQueue => (Self::ReceiveQueue(table), u32::MAX.into()),
            Column::SendQueue => (Self::SendQueue(table), u32::MAX.into()),
            Column::UsualProgram => (Self::UsualProgram, port),
        }
    }

    /// What the row at a place shows; `None` if that is nothing.
    #[inline]
    fn at(&self, place: usize, glance: &Glance) -> Option<u64> {
        let at = |values: &[Option<u32>], number: u32| values.get(number as usize).copied().flatten();
        let rank = |ranks: &[u32], number: u32| ranks.get(number as usize).copied();
        let number: Option<u32> = match self {
            Self::Crew(crews) => at(crews, glance.crew),
            Self::Holder(crews) => at(crews, glance.crew).filter(|_| glance.keeper != Keeper::Kernel),
            Self::User(users, crews) => at(users, glance.user).or_else(|| at(crews, glance.crew)),
            Self::Protocol => Some(u32::from(glance.protocol as u8) << 8 | u32::from(glance.family.number())),
            Self::LocalAddress(ranks) => rank(ranks, glance.local),
            Self::RemoteAddress(ranks) => rank(ranks, glance.remote),
            Self::LocalPort => Some(glance.local_port.into()),
            Self::RemotePort => glance.connected().then_some(glance.remote_port.into()),
            Self::State => glance.state.map(|state| state as u32),
            Self::FirstSeen(first) => return Some(glance.first_seen.0 - first),
            Self::ReceiveQueue(table) => table.queues(place).map(|queues| queues.receive),
            Self::SendQueue(table) => table.queues(place).map(|queues| queues.send),
            Self::UsualProgram => port::usual_rank(glance.serving_port(), glance.protocol).map(u32::from),
        };
        number.map(u64::from)
    }
}

/// By a text of the first holder: its rank, by the number of the crew.
fn by_crew(table: &Table, text: fn(&Known) -> Option<&str>) -> Vec<Option<u32>> {
    let crews = table.people().crews();
    let texts: Vec<(u32, &str)> = crews
        .iter()
        .filter_map(|(number, _, crew)| Some((number, text(crew.first()?).filter(|text| !text.is_empty())?)))
        .collect();
    let ranks = ranks(texts.iter().map(|&(_, text)| text));
    let mut by_number = vec![None; crews.numbers()];
    for (number, text) in texts {
        by_number[number as usize] = ranks.get(text).copied();
    }
    by_number
}

/// By the name of the socket's user, or where the system tells none, of the first holder's: ranks by the numbers of users and
/// of crews, and the highest of them.
fn by_user(table: &Table) -> (Vec<Option<u32>>, Vec<Option<u32>>, u64) {
    let names: Vec<Option<&str>> = table.users().all().iter().map(|user| user.name.as_deref()).collect();
    let of_crew = |crew: &Crew| crew.first().and_then(|known| known.facts.user.clone().ok());
    let crews: Vec<Option<String>> = table.people().crews().map(|_, crew| of_crew(crew));
    let ranks = ranks(names.iter().flatten().copied().chain(crews.iter().flatten().map(String::as_str)));
    let users: Vec<Option<u32>> = names.iter().map(|name| ranks.get((*name)?).copied()).collect();
    let crews: Vec<Option<u32>> = crews.iter().map(|name| ranks.get(name.as_deref()?).copied()).collect();
    (users, crews, ranks.len() as u64)
}

/// The place of every text that occurs, as people read it: without regard to case, then with it.
fn ranks<'text>(texts: impl Iterator<Item = &'text str>) -> HashMap<&'text str, u32> {
    let mut ranks: HashMap<&str, u32> = texts.map(|text| (text, 0)).collect();
    let mut order: Vec<(String, &str)> = ranks.keys().map(|text| (text.to_lowercase(), *text)).collect();
    order.sort_unstable();
    for (rank, (_, text)) in (0..).zip(order) {
        ranks.insert(text, rank);
    }
    ranks
}
