//! What a table keeps beside its rows (indexes, shared values, small copies) against the rows themselves, and the answers of
//! queries against the plainest code, while sockets come, change, close and are kept.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod common;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::net::IpAddr;
use std::sync::Arc;

use common::{Watch, cookie, held, key, named, tcp, udp};
use proptest::prelude::*;
use quaymaster_core::Change::{self, Changed, Closed, Opened};
use quaymaster_core::network::{Atlas, Country, Network, Special, Whose};
use quaymaster_core::port::usual_program;
use quaymaster_core::query::{Column, Filter, Line, Query, Scope, Selection};
use quaymaster_core::{
    Holders, Mark, Owner, OwnerGap, ProcessKey, Queues, Row, Socket, SocketId, Table, TcpState, UnixMillis,
};

const ENDS: [&str; 11] = [
    "127.0.0.1:80",
    "127.0.0.1:7897",
    "10.0.0.1:80",
    "10.0.0.1:2",
    "[::1]:80",
    "[fe80::1]:3",
    "[::ffff:10.0.0.1]:2",
    "8.8.8.8:80",
    "9.9.9.9:2",
    "[2400:3200::1]:80",
    "[2400:3200::2]:80",
];

const FILTERS: [&str; 31] = [
    "",
    "80",
    "2",
    "7897 | 80",
    ":2",
    "beta",
    "B",
    "/bin",
    "10.0",
    "::",
    "udp",
    "listen",
    "10.0.0.0/8",
    "10.0.0.1:2",
    "remote:::1",
    "!local:localhost",
    "pid:1|3",
    "proc:alpha|bob !udp",
    "path:bin",
    "user:me",
    "user:1000",
    "state:estab|time-wait",
    "proto:tcp6",
    "!port:80",
    "org:goog",
    "org:as37963|quad",
    "!country:cn",
    "country:US",
    "google",
    "peer:beta",
    "!peer:alpha|bob",
];

const COLUMNS: [Column; 17] = [
    Column::Program,
    Column::Pid,
    Column::Protocol,
    Column::LocalAddress,
    Column::LocalPort,
    Column::RemoteAddress,
    Column::RemotePort,
    Column::State,
    Column::User,
    Column::FirstSeen,
    Column::ReceiveQueue,
    Column::SendQueue,
    Column::Path,
    Column::UsualProgram,
    Column::Organisation,
    Column::Country,
    Column::Peer,
];

/// Knows three networks: one whole, one without a country, one that is asked for by its number.
#[derive(Debug)]
struct Few;

impl Atlas for Few {
    fn find(&self, ip: IpAddr) -> Option<u32> {
        match ip.to_string().as_str() {
            "8.8.8.8" => Some(70),
            "9.9.9.9" => Some(1),
            "2400:3200::1" => Some(0),
            // A number that means nothing, as in a damaged file.
            "2400:3200::2" => Some(99),
            // What is special has no network, whatever anybody says.
            "127.0.0.1" | "10.0.0.1" | "fe80::1" => Some(70),
            _ => None,
        }
    }

    fn network(&self, number: u32) -> Option<Network> {
        let (asn, organisation, country) = match number {
            70 => (15_169, "Google LLC", Country::read("US")),
            1 => (19_281, "quad9", None),
            99 => return None,
            _ => (37_963, "Hangzhou Alibaba", Country::read("CN")),
        };
        Some(Network { asn: Some(asn), organisation: Some(organisation.into()), country })
    }
}

/// One thing that happens between two looks.
#[derive(Clone, Debug)]
enum Step {
    /// This socket is there and looks like this.
    Show(u64, Looks),
    Close(u64),
    Learn(u32, usize),
    LearnUser(Option<&'static str>),
    Look(bool),
    Consult(bool),
}

#[derive(Clone, Debug)]
struct Looks {
    local: usize,
    remote: Option<usize>,
    state: usize,
    owner: u32,
    is_udp: bool,
    queue: Option<u32>,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let looks = (
        0..ENDS.len(),
        proptest::option::of(0..ENDS.len()),
        0..12usize,
        0..8u32,
        any::<bool>(),
        proptest::option::of(0..3u32),
    )
        .prop_map(|(local, remote, state, owner, is_udp, queue)| Looks {
            local,
            remote,
            state,
            owner,
            is_udp,
            queue,
        });
    let step = prop_oneof![
        6 => (1..20u64, looks).prop_map(|(number, looks)| Step::Show(number, looks)),
        2 => (1..20u64).prop_map(Step::Close),
        1 => (1..5u32, 0..4usize).prop_map(|(pid, name)| Step::Learn(pid, name)),
        1 => prop_oneof![Just(None), Just(Some("me")), Just(Some("You"))].prop_map(Step::LearnUser),
        3 => any::<bool>().prop_map(Step::Look),
        1 => any::<bool>().prop_map(Step::Consult),
    ];
    proptest::collection::vec(step, 0..100)
}

fn socket(number: u64, looks: &Looks) -> Socket {
    let owner = match looks.owner {
        0 => Owner::Kernel(Holders::NOBODY),
        1 => Owner::Unknown(OwnerGap::OtherUser),
        2 => Owner::Unknown(OwnerGap::Pending),
        3 => Owner::Processes(vec![key(1), key(2)].into()),
        pid => held(pid - 3),
    };
    let remote = looks.remote.map(|end| ENDS[end]);
    let queues = looks.queue.map(|receive| Queues { receive, send: 7 - receive });
    let socket = if looks.is_udp {
        udp(number, ENDS[looks.local], remote, owner)
    } else {
        tcp(number, TcpState::ALL[looks.state], ENDS[looks.local], remote, owner)
    };
    Socket { queues, ..socket }
}

/// Takes the steps, and hands the table to `check` after every look.
fn live(steps: Vec<Step>, mut check: impl FnMut(&Watch) -> Result<(), TestCaseError>) -> Result<(), TestCaseError> {
    let mut watch = Watch::default();
    let mut known: HashSet<u64> = HashSet::new();
    let mut changes: BTreeMap<u64, Change> = BTreeMap::new();
    let mut consulted = false;
    for step in steps.into_iter().chain([Step::Look(false)]) {
        match step {
            Step::Show(number, looks) => {
                let socket = socket(number, &looks);
                let change = if known.contains(&number) { Changed(socket) } else { Opened(socket) };
                changes.insert(number, change);
            }
            Step::Close(number) if known.contains(&number) => {
                changes.insert(number, Closed(cookie(number)));
            }
            Step::Close(number) => {
                changes.remove(&number);
            }
            Step::Learn(pid, name) => {
                let path = ["/bin/x", "/BIN/y", ""][name.min(2)];
                watch.table.learn(named(
                    pid,
                    ["alpha", "Beta", "", "bob"][name],
                    Some(path).filter(|path| !path.is_empty()),
                ));
            }
            Step::LearnUser(name) => {
                watch.table.learn_user(1000, name);
            }
            Step::Consult(some) => {
                watch.table.consult(some.then(|| Arc::new(Few) as Arc<dyn Atlas>));
                consulted = some;
            }
            Step::Look(keep_closed) => {
                for (number, change) in &changes {
                    if matches!(change, Closed(_)) {
                        known.remove(number)
                    } else {
                        known.insert(*number)
                    };
                }
                watch.keep_closed = keep_closed;
                watch.look(std::mem::take(&mut changes).into_values().collect());
                for row in watch.table.rows() {
                    prop_assert_eq!(row.remote.clone(), whose(&row, consulted));
                }
                check(&watch)?;
            }
        }
    }
    Ok(())
}

/// Whose the remote address of a row is.
fn whose(row: &Row, consulted: bool) -> Option<Whose> {
    let ip = row.socket.remote?.ip;
    if let Some(special) = Special::of(ip) {
        return Some(Whose::Special(special));
    }
    let network = Few.find(ip).filter(|_| consulted).and_then(|number| Few.network(number));
    Some(network.map_or(Whose::Unknown, |network| Whose::Network(Arc::new(network))))
}

fn open(table: &Table) -> impl Iterator<Item = Row> {
    table.rows().filter(|row| row.mark != Mark::Closed)
}

fn ids(rows: impl Iterator<Item = Row>) -> BTreeSet<SocketId> {
    rows.map(|row| row.id).collect()
}

fn named_by(row: &Row) -> &[ProcessKey] {
    match &row.socket.owner {
        Owner::Processes(keys) | Owner::Kernel(keys) => keys,
        Owner::Unknown(_) => &[],
    }
}

fn query(filter: &str, column: Column, descending: bool, group: bool) -> Query {
    let filter = Filter::parse(&filter.replace(" | ", "|")).unwrap();
    Query { scope: Scope::All, filter, column, descending, group, folded: BTreeSet::new() }
}

fn sockets(selection: &Selection) -> Vec<SocketId> {
    selection.lines.iter().filter_map(|line| if let Line::Socket(id) = line { Some(*id) } else { None }).collect()
}

fn has_port(row: &Row, port: u16) -> bool {
    row.socket.local.port == port || row.socket.remote.is_some_and(|remote| remote.port == port)
}

/// What a column shows, so that it compares as people expect; `None` where it shows nothing.
fn shown(row: &Row, column: Column) -> Option<(u128, String, String)> {
    let socket = &row.socket;
    let number = |number: u128| Some((number, String::new(), String::new()));
    let text = |text: &str| (!text.is_empty()).then(|| (0, text.to_lowercase(), text.to_owned()));
    let address = |end: quaymaster_core::Endpoint| match end.ip {
        std::net::IpAddr::V4(ip) => number(u32::from(ip).into()),
        std::net::IpAddr::V6(ip) => number(u128::from(ip) | 1 << 127),
    };
    let first = row.owners.first();
    match column {
        Column::Program => text(&first?.name),
        Column::Path => text(first?.path.as_ref().ok()?),
        Column::User => text(row.user.as_deref().or_else(|| first?.user.as_deref().ok())?),
        Column::UsualProgram => text(usual_program(socket)?),
        Column::Pid => number(first?.key.pid.into()),
        Column::Protocol => number(socket.protocol as u128 * 10 + u128::from(socket.family.number())),
        Column::LocalAddress => address(socket.local),
        Column::RemoteAddress => address(socket.remote?),
        Column::LocalPort => number(socket.local.port.into()),
        Column::RemotePort => number(socket.remote?.port.into()),
        Column::State => number(TcpState::ALL.iter().position(|state| Some(*state) == socket.state)? as u128),
        Column::FirstSeen => number(row.first_seen.0.into()),
        Column::ReceiveQueue => number(socket.queues?.receive.into()),
        Column::SendQueue => number(socket.queues?.send.into()),
        Column::Peer => text(&row.peer.as_ref()?.first()?.name),
        Column::Organisation => match row.remote.as_ref()? {
            // After every organisation.
            Whose::Special(special) => number(1 + *special as u128),
            Whose::Network(network) => text(network.organisation.as_deref()?),
            Whose::Unknown => None,
        },
        Column::Country => match row.remote.as_ref()? {
            Whose::Network(network) => text(network.country?.code()),
            Whose::Special(_) | Whose::Unknown => None,
        },
    }
}

proptest! {
    #[test]
    fn indexes_say_what_the_rows_say(steps in steps()) {
        live(steps, |watch| {
            let table = &watch.table;
            prop_assert_eq!(table.open() + table.closed(), table.rows().len());
            prop_assert_eq!(table.open(), open(table).count());
            for port in [2, 3, 80, 7897, 9] {
                let local = open(table).filter(|row| row.socket.local.port == port);
                prop_assert_eq!(ids(table.at_local_port(port)), ids(local));
                let remote = open(table).filter(|row| row.socket.remote.is_some_and(|end| end.port == port));
                prop_assert_eq!(ids(table.at_remote_port(port)), ids(remote));
            }
            for pid in 1..6 {
                let holders = open(table).filter(|row| row.socket.owner.holders().contains(&key(pid)));
                prop_assert_eq!(ids(table.held_by(key(pid))), ids(holders));
                let is_named = open(table).any(|row| named_by(&row).contains(&key(pid)));
                prop_assert_eq!(table.process(key(pid)).is_some(), is_named);
            }
            let connected = open(table).filter(|row| row.socket.remote.is_some()).map(|row| (row.id, row.socket.key));
            prop_assert_eq!(table.connections().collect::<BTreeMap<_, _>>(), connected.collect::<BTreeMap<_, _>>());
            prop_assert!(table.rows().all(|row| table.has(row.id)) && !table.has(SocketId(0)));
            for row in table.rows() {
                prop_assert_eq!(table.row(row.id).map(|same| same.id), Some(row.id));
                let keys: Vec<_> = row.owners.iter().map(|process| process.key).collect();
                prop_assert_eq!(&keys[..], named_by(&row));
                // A closed row keeps what it knew, even of a process that has to be read again for another.
                for process in row.owners.iter().filter(|_| row.mark != Mark::Closed) {
                    prop_assert!(table.process(process.key).is_none_or(|facts| facts == process), "stale facts");
                }
                let reversed = |other: &Row| {
                    other.socket.protocol == row.socket.protocol
                        && (Some(other.socket.local), other.socket.remote) == (row.socket.remote, Some(row.socket.local))
                };
                let peer = table.opposite(&row).map(|other| other.owners);
                prop_assert_eq!(&row.peer, &peer);
                prop_assert_eq!(table.opposite(&row).map(|other| other.id), ids(open(table).filter(reversed)).pop_last());
            }
            Ok(())
        })?;
    }

    #[test]
    fn ids_are_given_once_and_live_as_long_as_their_key(steps in steps()) {
        let (mut highest, mut before) = (0, BTreeMap::new());
        live(steps, |watch| {
            let now: BTreeMap<_, _> = open(&watch.table).map(|row| (row.id, (row.socket.key, row.first_seen))).collect();
            for (id, (key, first_seen)) in &now {
                match before.get(id) {
                    Some((_, seen)) => prop_assert_eq!(seen, first_seen),
                    None => prop_assert!(id.0 > highest || first_seen.0 < watch.looks * 1_000, "an id was used again"),
                }
                let other = now.iter().find(|(other, (its, _))| *other != id && its == key);
                prop_assert!(other.is_none(), "one socket, two rows");
            }
            highest = watch.table.rows().map(|row| row.id.0).max().unwrap_or_default().max(highest);
            before = now;
            Ok(())
        })?;
    }

    #[test]
    fn a_query_finds_the_rows_that_match_and_counts_them(steps in steps(), filter in 0..FILTERS.len(), listening in any::<bool>()) {
        let mut question = query(FILTERS[filter], Column::LocalPort, false, false);
        question.scope = if listening { Scope::Listening } else { Scope::All };
        live(steps, |watch| {
            let answer = question.run(&watch.table);
            let in_scope = |row: &Row| !listening || row.socket.is_listener();
            let matching = || watch.table.rows().filter(in_scope).filter(|row| question.filter.matches(row));
            let found = sockets(&answer);
            prop_assert_eq!(found.len(), matching().count());
            prop_assert_eq!(found.iter().copied().collect::<BTreeSet<_>>(), ids(matching()));
            prop_assert_eq!(answer.matched, matching().filter(|row| row.mark != Mark::Closed).count());
            let states = TcpState::ALL.into_iter().map(Some).chain([None]).map(|state| {
                (state, open(&watch.table).filter(in_scope).filter(|row| row.socket.state == state).count())
            });
            prop_assert_eq!(answer.states, states.filter(|state| state.1 > 0).collect::<Vec<_>>());
            let hidden = [OwnerGap::OtherUser, OwnerGap::Pending].into_iter().map(|gap| {
                (gap, open(&watch.table).filter(|row| row.socket.owner == Owner::Unknown(gap)).count())
            });
            prop_assert_eq!(answer.hidden, hidden.filter(|hidden| hidden.1 > 0).collect::<Vec<_>>());
            Ok(())
        })?;
    }

    #[test]
    fn every_order_is_the_one_that_people_expect(
        steps in steps(),
        column in 0..COLUMNS.len(),
        descending in any::<bool>(),
        filter in 0..3usize,
    ) {
        let (column, filter) = (COLUMNS[column], FILTERS[filter]);
        let question = query(filter, column, descending, false);
        live(steps, |watch| {
            let rows: Vec<Row> = sockets(&question.run(&watch.table)).iter().map(|&id| watch.table.row(id).unwrap()).collect();
            let elsewhere = |row: &Row| filter.parse().is_ok_and(|port| !has_port(row, port));
            let unknown = |row: &Row| shown(row, column).is_none();
            let tie = |row: &Row| (row.socket.protocol, row.socket.local, row.socket.remote, row.id);
            for pair in rows.windows(2) {
                let (a, b) = (&pair[0], &pair[1]);
                let (first, second) = ((elsewhere(a), unknown(a)), (elsewhere(b), unknown(b)));
                let values = shown(a, column).cmp(&shown(b, column));
                let values = if descending { values.reverse() } else { values };
                let order = first.cmp(&second).then(values).then_with(|| tie(a).cmp(&tie(b)));
                prop_assert!(order.is_lt(), "{:?} before {:?}", a, b);
            }
            Ok(())
        })?;
    }

    #[test]
    fn headings_are_over_their_own_rows(steps in steps(), column in 0..COLUMNS.len(), descending in any::<bool>()) {
        let mut question = query("", COLUMNS[column], descending, true);
        live(steps, |watch| {
            question.folded.clear();
            let answer = question.run(&watch.table);
            let mut headings: Vec<(&quaymaster_core::query::Group, Vec<Row>)> = Vec::new();
            for line in &answer.lines {
                match line {
                    Line::Group(group) => headings.push((group, Vec::new())),
                    Line::Socket(id) => headings.last_mut().unwrap().1.push(watch.table.row(*id).unwrap()),
                }
            }
            let keys: BTreeSet<_> = headings.iter().map(|(group, _)| &group.key).collect();
            prop_assert_eq!(keys.len(), headings.len());
            prop_assert_eq!(headings.iter().map(|(_, rows)| rows.len()).sum::<usize>(), watch.table.rows().len());
            for (group, rows) in &headings {
                let open = || rows.iter().filter(|row| row.mark != Mark::Closed);
                prop_assert_eq!((group.sockets, group.listeners), (open().count(), open().filter(|row| row.socket.is_listener()).count()));
                let pids: BTreeSet<u32> = open().flat_map(|row| row.socket.owner.holders()).map(|key| key.pid).collect();
                prop_assert_eq!(&group.pids, &pids.into_iter().collect::<Vec<_>>());
                for row in rows {
                    let name = row.owners.first().filter(|_| !row.socket.owner.holders().is_empty()).map(|process| process.name.clone());
                    prop_assert_eq!(&group.program, &name.filter(|name| !name.is_empty()));
                    if let Owner::Unknown(gap) = row.socket.owner {
                        prop_assert_eq!(group.because, Some(gap));
                    }
                    if let Owner::Kernel(_) = row.socket.owner {
                        prop_assert_eq!(group.because, None);
                    }
                }
            }
            // Folding takes the rows and nothing else away.
            if let Some(key) = keys.first() {
                question.folded.insert((*key).clone());
                let rows = headings.iter().find(|(group, _)| &&group.key == key).unwrap().1.len();
                let folded = question.run(&watch.table);
                prop_assert_eq!((folded.lines.len(), folded.matched), (answer.lines.len() - rows, answer.matched));
            }
            Ok(())
        })?;
    }

    #[test]
    fn no_line_moves_while_the_order_is_held(steps in steps(), filter in 0..FILTERS.len(), group in any::<bool>()) {
        let question = query(FILTERS[filter], Column::LocalAddress, false, group);
        let mut earlier: Option<Selection> = None;
        let name = |line: &Line| match line {
            Line::Group(group) => group.key.clone(),
            Line::Socket(id) => id.0.to_string(),
        };
        live(steps, |watch| {
            let fresh = question.run(&watch.table);
            let Some(before) = earlier.take() else {
                earlier = Some(fresh);
                return Ok(());
            };
            let held = fresh.clone().held_to(&before, &watch.table);
            let there = |line: &&Line| match line {
                Line::Group(_) => true,
                Line::Socket(id) => watch.table.row(*id).is_some(),
            };
            let stood: Vec<String> = before.lines.iter().filter(there).map(name).collect();
            let now: Vec<String> = held.lines.iter().map(name).collect();
            prop_assert_eq!(&now[..stood.len()], &stood[..]);
            prop_assert_eq!(now.iter().collect::<HashSet<_>>().len(), now.len(), "a line stands twice");
            prop_assert_eq!((held.matched, &held.states), (fresh.matched, &fresh.states));
            if !group {
                let all: HashSet<SocketId> = sockets(&held).into_iter().collect();
                prop_assert!(sockets(&fresh).iter().all(|id| all.contains(id)), "a row is missing");
            }
            for line in &held.lines {
                if let Line::Group(group) = line {
                    let counted = fresh.lines.iter().find_map(|line| match line {
                        Line::Group(fresh) if fresh.key == group.key => Some(fresh.sockets),
                        _ => None,
                    });
                    prop_assert_eq!(group.sockets, counted.unwrap_or_default());
                }
            }
            earlier = Some(held);
            Ok(())
        })?;
    }
}

/// Marks fade and closed rows go without a walk over the table; this says only that they do.
#[test]
fn a_look_at_nothing_leaves_nothing_marked() {
    let looks = |remote| Looks { local: 0, remote, state: 3, owner: 4, is_udp: false, queue: None };
    let mut watch = Watch::on([socket(1, &looks(Some(1))), socket(2, &looks(Some(2)))]);
    watch.look(vec![Closed(cookie(1)), Opened(socket(3, &looks(Some(3))))]);
    assert_eq!(watch.table.rows().filter(|row| row.mark != Mark::Steady).count(), 2);
    watch.look(vec![]);
    assert!(watch.table.rows().all(|row| row.mark == Mark::Steady && row.first_seen <= UnixMillis(2_000)));
    assert_eq!(watch.table.rows().len(), 2);
}
