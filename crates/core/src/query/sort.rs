//! The order of rows: numbers as numbers, addresses as addresses, names as people read them.
//!
//! Whatever a row is sorted by becomes one number of 64 bits before anything is compared: texts and addresses stand in it as
//! their rank among those that the table has, each in as many bits as it needs.

use std::collections::HashMap;

use super::Question;
use crate::network::{Country, Special};
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
    Organisation,
    Country,
    Peer,
}

/// A row on its way into order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Keyed {
    /// The most telling 64 bits of what it is sorted by.
    key: u64,
    /// In the table.
    pub(super) place: u32,
    /// Under which headings it belongs, where that is asked.
    pub(super) kind: u32,
}

/// How rows are ordered: by a column; ties by protocol, ends and age, so that the order is the same at every look. What is not
/// known comes last, whatever the direction.
pub(super) struct Order<'a> {
    table: &'a Table,
    ranks: &'a [u32],
    value: Value<'a>,
    /// The highest number that so many bits can be as the value's.
    most: u64,
    value_bits: u32,
    /// Bits that ranks of addresses take.
    rank_bits: u32,
    local: Shift,
    remote: Shift,
    descending: bool,
    /// Rows that have this port come first.
    lone_port: Option<u16>,
}

impl<'a> Order<'a> {
    pub(super) fn new(table: &'a Table, question: Question) -> Self {
        let ranks = table.addresses().ranks();
        let (value, highest) = Value::of(table, ranks, question);
        let Question { descending, lone_port, .. } = question;
        // Two bits are kept for what comes before the value; the time since anything needs no more than these.
        let value_bits = bits(highest).min(60);
        let rank_bits = bits(ranks.len() as u64);
        let room = 62 - value_bits;
        let local = Shift::into(room, 1 + rank_bits + 16);
        let remote = Shift::into(room.saturating_sub(1 + rank_bits + 16), rank_bits + 16);
        let most = (1 << value_bits) - 1;
        Self { table, ranks, value, most, value_bits, rank_bits, local, remote, descending, lone_port }
    }

    /// The key of a row, from the most telling on: not at the one port that was asked for (1 bit), not known (1), the
    /// column's value, and as much as there is room for of what decides ties.
    #[inline]
    pub(super) fn key(&self, place: u32, kind: u32, glance: &Glance) -> Keyed {
        let value = self.value.at(place as usize, glance);
        let directed = value.map_or(0, |value| {
            let value = value.min(self.most);
            if self.descending { self.most - value } else { value }
        });
        let elsewhere = self.lone_port.is_some_and(|port| !glance.has_port(port));
        let head = u64::from(elsewhere) << 1 | u64::from(value.is_none());
        let head = (head << self.value_bits | directed) << (62 - self.value_bits);
        let (local, remote) = self.ends(glance);
        Keyed { key: head | self.local.of(local) | self.remote.of(remote), place, kind }
    }

    /// Puts rows in order.
    pub(super) fn sort(&self, rows: &mut [Keyed]) {
        radsort::sort_by_key(rows, |row| row.key);
        let cut = [(Tie::Local, self.local.right > 0), (Tie::Remote, self.remote.right > 0), (Tie::Age, true)];
        let ties: Vec<Tie> = cut.into_iter().filter(|(_, open)| *open).map(|(tie, _)| tie).collect();
        self.settle(rows, &ties);
    }

    /// Puts those in order that have the same key, by what of the ties had no room in it.
    fn settle(&self, rows: &mut [Keyed], ties: &[Tie]) {
        let Some((tie, rest)) = ties.split_first() else { return };
        for run in rows.chunk_by_mut(|a, b| a.key == b.key).filter(|run| run.len() > 1) {
            for row in &mut *run {
                let glance = self.table.glance(row.place as usize);
                row.key = match tie {
                    Tie::Local => self.ends(&glance).0,
                    Tie::Remote => self.ends(&glance).1,
                    Tie::Age => glance.id.0,
                };
            }
            run.sort_unstable_by_key(|row| row.key);
            self.settle(run, rest);
        }
    }

    /// What decides ties: protocol (1 bit), local address and port (16); remote address (0 for none) and port (16).
    #[inline]
    fn ends(&self, glance: &Glance) -> (u64, u64) {
        let rank = |address: u32| u64::from(self.ranks.get(address as usize).copied().unwrap_or_default());
        let local = (glance.protocol as u64) << self.rank_bits | rank(glance.local);
        (local << 16 | u64::from(glance.local_port), rank(glance.remote) << 16 | u64::from(glance.remote_port))
    }
}

/// What may still differ between rows of the same key.
#[derive(Clone, Copy)]
enum Tie {
    Local,
    Remote,
    Age,
}

/// How a number gets to its place in another that may have less room for it than it has bits.
struct Shift {
    left: u32,
    right: u32,
}

impl Shift {
    /// To the top of `room` bits, from a number of `bits` bits (63 at most); what has no room is cut off below.
    fn into(room: u32, bits: u32) -> Self {
        Self { left: room.saturating_sub(bits), right: bits.saturating_sub(room) }
    }

    #[inline]
    fn of(&self, number: u64) -> u64 {
        number >> self.right << self.left
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
    /// By the number of the remote address.
    Remote(Vec<Option<u32>>),
    /// By the number of the other end's crew.
    Peer(&'a Table, Vec<Option<u32>>),
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
            Column::Peer => {
                let (crews, highest) = of_crews(by_crew(table, |known| Some(&known.label)));
                (Self::Peer(table, crews), highest)
            }
            Column::Organisation => {
                let (values, highest) = of_crews(by_organisation(table));
                (Self::Remote(values), highest)
            }
            Column::Country => {
                let networks = table.addresses().networks().map(|_, named| named.text.country);
                let of = |_, network: u32| networks.get(network as usize).copied().flatten().map(Country::rank);
                (Self::Remote(table.addresses().each(of)), port)
            }
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
            Self::Peer(table, crews) => {
                table.opposite_place(glance).and_then(|place| at(crews, table.glance(place).crew))
            }
            Self::Remote(values) => at(values, glance.remote),
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

/// By the organisation that runs the network, then what special addresses are; by the number of the address.
fn by_organisation(table: &Table) -> Vec<Option<u32>> {
    let networks = table.addresses().networks();
    let ranks = ranks(networks.iter().filter_map(|(_, _, named)| named.network.organisation.as_deref()));
    let organisations = networks.map(|_, named| ranks.get(named.network.organisation.as_deref()?).copied());
    let after = u32::try_from(ranks.len()).unwrap_or(u32::MAX);
    table.addresses().each(|ip, network| match Special::of(ip) {
        Some(special) => Some(after.saturating_add(special as u32)),
        None => organisations.get(network as usize).copied().flatten(),
    })
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
