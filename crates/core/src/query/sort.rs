//! The order of rows: numbers as numbers, addresses as addresses, names as people read them.
//!
//! Whatever a row is sorted by becomes one number of 127 bits before anything is compared: texts and addresses stand in it as
//! their rank among those that the table has.

use std::collections::HashMap;

use super::Question;
use crate::port;
use crate::table::{Glance, Keeper, Known, Table};

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

/// Sorts rows, given by their places in the table, by a column; ties by protocol, ends and age, so that the order is the
/// same at every look. What is not known comes last, whatever the direction.
pub(super) fn sort(places: &[u32], table: &Table, question: Question) -> Vec<u32> {
    let ranks = table.addresses().ranks();
    let value = values(table, question);
    let mut keyed: Vec<(Key, u32)> = places
        .iter()
        .map(|&place| {
            let glance = table.glance(place as usize);
            let value = value(place as usize, &glance);
            (Key::new(&glance, value, question, ranks), place)
        })
        .collect();
    let id = |place: u32| table.id(place as usize);
    keyed.sort_unstable_by(|(a, place), (b, other)| a.cmp(b).then_with(|| id(*place).cmp(&id(*other))));
    keyed.into_iter().map(|(_, place)| place).collect()
}

/// What a row is sorted by: the high and the low half of one number, for a number of 128 bits would be laid out wider.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key(u64, u64);

impl Key {
    /// From the most telling on: not at the one port that was asked for (1 bit), not known (1), the column's value (32),
    /// protocol (1), local address (30) and port (16), remote address (30; 0 for none) and port (16).
    fn new(glance: &Glance, value: Option<u32>, question: Question, ranks: &[u32]) -> Self {
        let rank = |address: u32| u128::from(ranks.get(address as usize).copied().unwrap_or_default());
        let directed = value.map_or(0, |value| if question.descending { !value } else { value });
        let elsewhere = question.lone_port.is_some_and(|port| !glance.has_port(port));
        let fields = [
            (1, u128::from(elsewhere)),
            (1, u128::from(value.is_none())),
            (32, directed.into()),
            (1, glance.protocol as u128),
            (30, rank(glance.local)),
            (16, glance.local_port.into()),
            (30, rank(glance.remote)),
            (16, glance.remote_port.into()),
        ];
        let key = fields.into_iter().fold(0_u128, |key, (bits, field)| key << bits | field);
        Self((key >> 64) as u64, key as u64)
    }
}

/// What a row shows in a column as a number in the order of the column; `None` where it shows nothing.
type Value<'a> = Box<dyn Fn(usize, &Glance) -> Option<u32> + 'a>;

fn values(table: &Table, question: Question) -> Value<'_> {
    let queue = |place: usize| table.queues(place);
    match question.column {
        Column::Program if question.group => {
            // What the kernel keeps stands under a heading without a name.
            let of = by_crew(table, |known| Some(&known.label));
            Box::new(move |place, glance| of(place, glance).filter(|_| glance.keeper != Keeper::Kernel))
        }
        Column::Program => by_crew(table, |known| Some(&known.label)),
        Column::Path => by_crew(table, |known| known.facts.path.as_deref().ok()),
        Column::User => by_user(table),
        Column::Pid => {
            let pids = table.people().crews().map(|_, crew| crew.first().map(|known| known.facts.key.pid));
            Box::new(move |_, glance| pids.get(glance.crew as usize).copied().flatten())
        }
        Column::Protocol => {
            Box::new(|_, glance| Some(u32::from(glance.protocol as u8) << 8 | u32::from(glance.family.number())))
        }
        Column::LocalAddress => Box::new(|_, glance| address(table, glance.local)),
        Column::RemoteAddress => Box::new(|_, glance| address(table, glance.remote)),
        Column::LocalPort => Box::new(|_, glance| Some(glance.local_port.into())),
        Column::RemotePort => Box::new(|_, glance| glance.connected().then_some(glance.remote_port.into())),
        Column::State => Box::new(|_, glance| glance.state.map(|state| state as u32)),
        Column::FirstSeen => {
            let mut moments: Vec<_> = table.glances().map(|glance| glance.first_seen).collect();
            moments.sort_unstable();
            moments.dedup();
            Box::new(move |_, glance| moments.binary_search(&glance.first_seen).ok().map(as_rank))
        }
        Column::ReceiveQueue => Box::new(move |place, _| queue(place).map(|queues| queues.receive)),
        Column::SendQueue => Box::new(move |place, _| queue(place).map(|queues| queues.send)),
        Column::UsualProgram => {
            Box::new(|_, glance| port::usual_rank(glance.serving_port(), glance.protocol).map(u32::from))
        }
    }
}

fn as_rank(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

fn address(table: &Table, number: u32) -> Option<u32> {
    table.addresses().ranks().get(number as usize).copied()
}

/// By a text of the first holder.
fn by_crew(table: &Table, text: fn(&Known) -> Option<&str>) -> Value<'_> {
    let first = move |crew: &crate::table::Crew| {
        crew.first().and_then(|known| text(known)).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let texts: Vec<Option<String>> = table.people().crews().map(|_, crew| first(crew));
    let ranks = ranks(texts.iter().flatten().map(String::as_str));
    let by_number: Vec<Option<u32>> = texts.iter().map(|text| ranks.get(text.as_deref()?).copied()).collect();
    Box::new(move |_, glance| by_number.get(glance.crew as usize).copied().flatten())
}

/// By the name of the socket's user, or where the system tells none, of the first holder's.
fn by_user(table: &Table) -> Value<'_> {
    let names: Vec<Option<&str>> = table.users().all().iter().map(|user| user.name.as_deref()).collect();
    let of_crew = |crew: &crate::table::Crew| crew.first().and_then(|known| known.facts.user.clone().ok());
    let crews: Vec<Option<String>> = table.people().crews().map(|_, crew| of_crew(crew));
    let ranks = ranks(names.iter().flatten().copied().chain(crews.iter().flatten().map(String::as_str)));
    let users: Vec<Option<u32>> = names.iter().map(|name| ranks.get((*name)?).copied()).collect();
    let crews: Vec<Option<u32>> = crews.iter().map(|name| ranks.get(name.as_deref()?).copied()).collect();
    let at = |ranks: &[Option<u32>], number: u32| ranks.get(number as usize).copied().flatten();
    Box::new(move |_, glance| at(&users, glance.user).or_else(|| at(&crews, glance.crew)))
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
