//! What SQL finds is what the grid's own filter finds on the same rows: over many filters, and against the plainest way.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod common;

use std::net::IpAddr;
use std::sync::{Arc, OnceLock};

use common::{DAY, HOUR, MINUTE, Stage, all, at, closed, end, hung_up, program};
use proptest::prelude::*;
use quaymaster_core::network::{Atlas, Country, Network, Special, Whose};
use quaymaster_core::query::Filter;
use quaymaster_core::{
    Endpoint, Family, Gap, Mark, Owner, OwnerGap, Process, ProcessKey, Protocol, Row, Socket, SocketId, SocketKey,
    StartMark, TcpState, UnixMillis,
};
use quaymaster_history::{Deed, Event, EventKind, HistoryFilter, Note, Program};

/// Everything that can be told apart, in several combinations, over forty days.
fn stage() -> &'static (Stage, Vec<Event>) {
    static STAGE: OnceLock<(Stage, Vec<Event>)> = OnceLock::new();
    STAGE.get_or_init(|| {
        let stage = Stage::new();
        let bare = Program { pid: 443, name: "ÜBER-dns".into(), path: None, user: None };
        let root =
            Program { pid: 80, name: "nginx".into(), path: Some("/usr/sbin/nginx".into()), user: Some("root".into()) };
        let mut people =
            vec![None, program(7, "chrome"), Some(Arc::new(bare)), Some(Arc::new(root)), program(8, "curl")];
        // So many that a set of them is no longer written out.
        people.extend((0..30).map(|number| program(900 + number, &format!("worker{number}"))));
        let locals = ["0.0.0.0:80", "[::]:443", "127.0.0.1:8080", "10.1.2.3:7", "[fe80::1]:443"];
        let mut notes = Vec::new();
        let mut id = 0;
        for (number, who) in (0u64..).zip(&people) {
            for (place, local) in (0u64..).zip(locals) {
                id += 1;
                let began = (number * 37 + place * 11) % 40 * DAY + number * HOUR;
                let protocol = if (number + place) % 3 == 0 { Protocol::Udp } else { Protocol::Tcp };
                let local = end(local);
                let local = if local.ip.is_ipv6() { local.in_scope(2) } else { local };
                let remotes = ["9.9.9.9:443", "10.1.9.9:80", "127.0.0.1:9001", "[2400:3200::5]:443", "[fe80::9]:22"];
                let remote = end(remotes[usize::try_from((number + place * 2) % 5).unwrap()]);
                let (at, program, already_open) = (at(began), who.clone(), place == 1);
                if (number + place) % 2 == 0 {
                    notes.push(Note::ListenerOpened { id, at, program, protocol, local, already_open });
                    let lasted = [MINUTE, 2 * HOUR, 5 * DAY][usize::try_from(place % 3).unwrap()];
                    if number % 7 > 0 {
                        notes.push(closed(id, began + lasted));
                    }
                } else {
                    let incoming = number % 3 == 0;
                    notes.push(Note::ConnectionOpened {
                        id,
                        at,
                        program,
                        protocol,
                        local,
                        remote,
                        incoming,
                        already_open,
                    });
                    if number % 5 > 0 {
                        notes.push(hung_up(id, began + number * 40 * MINUTE, Some((number, place))));
                    }
                }
            }
            let deed = [Deed::Ended, Deed::Forced, Deed::Expected][usize::try_from(number % 3).unwrap()];
            let port = [None, Some(80), Some(443)][usize::try_from(number % 3).unwrap()];
            notes.push(Note::Deed { at: at(number * DAY), deed, program: who.clone(), port });
        }
        notes.sort_by_key(|note| match note {
            Note::ListenerOpened { at, .. } | Note::ConnectionOpened { at, .. } | Note::Deed { at, .. } => at.0,
            Note::ListenerClosed { at, .. } | Note::ConnectionClosed { at, .. } => at.0,
            Note::BytesLearnt { .. } => 0,
        });
        stage.history.set_keeping(quaymaster_history::Keeping { days: 3_650, megabytes: 200 });
        stage.tell(notes);
        let events = stage.all();
        assert!(events.len() > 200, "{}", events.len());
        (stage, events)
    })
}

/// Knows two networks.
#[derive(Debug)]
struct Few;

impl Atlas for Few {
    fn find(&self, ip: IpAddr) -> Option<u32> {
        [("9.9.9.9", 4), ("2400:3200::5", 6)]
            .into_iter()
            .find(|(known, _)| ip.to_string() == *known)
            .map(|found| found.1)
    }

    fn network(&self, number: u32) -> Option<Network> {
        let (organisation, country) = if number == 4 { ("Quad9", "US") } else { ("Hangzhou Alibaba", "CN") };
        Some(Network { asn: Some(number), organisation: Some(organisation.into()), country: Country::read(country) })
    }
}

fn whose(ip: IpAddr) -> Whose {
    match (Special::of(ip), Few.find(ip).and_then(|number| Few.network(number))) {
        (Some(special), _) => Whose::Special(special),
        (None, Some(network)) => Whose::Network(Arc::new(network)),
        (None, None) => Whose::Unknown,
    }
}

/// An event as a row of the grid; for a deed, which is no socket, as one that says nothing but its port.
fn row(event: &Event) -> Row {
    let nowhere = Endpoint::new("0.0.0.0".parse().unwrap(), 0);
    let (protocol, local, remote, listens) = match &event.kind {
        EventKind::Listener { protocol, local, scope, port } => {
            (*protocol, Endpoint::new(*local, *port).in_scope(*scope), None, true)
        }
        EventKind::Connection { protocol, incoming, local, local_scope, remote, remote_scope, port, .. } => {
            // The end that does not serve has a port that no filter here names.
            let (here, there) = if *incoming { (*port, 61_000) } else { (61_000, *port) };
            let local = Endpoint::new(*local, here).in_scope(*local_scope);
            (*protocol, local, Some(Endpoint::new(*remote, there).in_scope(*remote_scope)), false)
        }
        EventKind::Deed { port, .. } => {
            (Protocol::Udp, Endpoint { port: port.unwrap_or(61_000), ..nowhere }, None, true)
        }
    };
    let state = (protocol == Protocol::Tcp).then_some(if listens { TcpState::Listen } else { TcpState::Established });
    let key = ProcessKey { pid: event.pid.unwrap_or_default(), start: StartMark(1) };
    let owners = event.program.iter().map(|program| {
        let known = |text: &Option<String>| text.clone().ok_or(Gap::Denied);
        let (path, user) = (known(&program.path), known(&program.user));
        Arc::new(Process { name: program.name.clone(), path, user, ..Process::unread(key, Gap::Denied) })
    });
    Row {
        id: SocketId(1),
        peer: None,
        remote: remote.map(|remote| whose(remote.ip)),
        owners: owners.collect(),
        user: None,
        first_seen: event.at,
        already_open: false,
        mark: Mark::Steady,
        socket: Socket {
            key: SocketKey::Cookie(1),
            protocol,
            family: if local.ip.is_ipv4() { Family::V4 } else { Family::V6 },
            dual_stack: false,
            local,
            remote,
            state,
            owner: event.program.as_ref().map_or(Owner::Unknown(OwnerGap::Pending), |_| Owner::Processes(key.into())),
            uid: None,
            queues: None,
            interface: 0,
            time_wait_until: None,
        },
    }
}

/// Words of a filter. Those before the first `None` say nothing of a socket's kind or address, so they can be asked of deeds
/// through [`row`] as well.
const WORDS: [Option<&str>; 44] = [
    Some("7"),
    Some("80"),
    Some("443"),
    Some("70000"),
    Some("port:80-443"),
    Some("lport:443"),
    Some("rport:443"),
    Some("rport:22|80"),
    Some("pid:7|443"),
    Some("pid:907"),
    Some("proc:chrome"),
    Some("proc:WORKER"),
    Some("proc:über"),
    Some("path:sbin"),
    Some("user:me"),
    Some("user:m"),
    Some("user:root"),
    Some("proc:nobody-like-it"),
    None,
    Some("chrome"),
    Some("worker"),
    Some("worker2|nginx"),
    Some("10.1."),
    Some("10.0.0.0/8"),
    Some("9.9.9.9"),
    Some("local:10.1.2.3"),
    Some("remote:10.0.0.0/8"),
    Some("remote:9.9.9.9:443"),
    Some("localhost:8080"),
    Some("[fe80::1]:443"),
    Some("fe80::"),
    Some("%2"),
    Some("tcp"),
    Some("udp4"),
    Some("listen"),
    Some("state:established|udp"),
    Some("proto:tcp6"),
    Some("0.0.0.0"),
    Some("\"443\""),
    Some("2400:3200::/32|127.0.0.1:9001"),
    Some("org:quad"),
    Some("org:as6|nobody"),
    Some("country:cn"),
    Some("alibaba"),
];

/// Words of time, with what they mean, as milliseconds after [`at`]`(0)`, which is noon; the day is [`DAY`] 20.
const TIMES: [(&str, i64, i64); 6] = [
    ("since:2h", 20 * DAY as i64 - 2 * HOUR as i64, i64::MAX),
    ("since:7d", 13 * DAY as i64, i64::MAX),
    ("until:7d", i64::MIN, 13 * DAY as i64 + 1),
    ("on:today", 20 * DAY as i64 - 12 * HOUR as i64, 20 * DAY as i64 + 12 * HOUR as i64),
    ("on:2026-12-01", 11 * DAY as i64 - 12 * HOUR as i64, 11 * DAY as i64 + 12 * HOUR as i64),
    ("since:2026-11-25", 5 * DAY as i64 - 12 * HOUR as i64, i64::MAX),
];

fn was_there(event: &Event, (_, from, to): (&str, i64, i64)) -> bool {
    let after_noon = |moment: UnixMillis| moment.0 as i64 - at(0).0 as i64;
    event.until.is_none_or(|until| after_noon(until) >= from) && after_noon(event.at) < to
}

/// Whether an event fits a word, found out the plain way.
fn plainly(event: &Event, word: &str, of_a_socket: bool) -> bool {
    let is_deed = matches!(event.kind, EventKind::Deed { .. });
    if is_deed && of_a_socket {
        // It has nothing that these could look at but its program's texts.
        let text = word.trim_matches('"');
        return word.split('|').any(|_| !text.contains([':', '.'])) && is_text_of_program(event, text);
    }
    Filter::parse(word).unwrap().matches(&row(event))
}

fn is_text_of_program(event: &Event, words: &str) -> bool {
    words.split('|').any(|word| {
        event.program.iter().any(|program| {
            [Some(&program.name), program.path.as_ref(), program.user.as_ref()]
                .into_iter()
                .flatten()
                .any(|has| has.to_lowercase().contains(word))
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn sql_finds_what_the_grid_would(
        words in proptest::collection::vec((0..WORDS.len(), any::<bool>()), 0..4),
        times in proptest::collection::vec((0..TIMES.len(), any::<bool>()), 0..2),
    ) {
        let (stage, events) = stage();
        let of_a_socket = WORDS.iter().position(Option::is_none).unwrap();
        let words: Vec<_> = words
            .into_iter()
            .filter_map(|(number, denied)| WORDS[number].map(|word| (word, denied, number > of_a_socket)))
            .collect();
        let sign = |denied| if denied { "!" } else { "" };
        let mut filter: Vec<String> = words.iter().map(|(word, denied, _)| format!("{}{word}", sign(*denied))).collect();
        filter.extend(times.iter().map(|&(number, denied)| format!("{}{}", sign(denied), TIMES[number].0)));
        let filter = filter.join(" ");
        let expected: Vec<&Event> = events
            .iter()
            .filter(|event| {
                words.iter().all(|&(word, denied, of_a_socket)| plainly(event, word, of_a_socket) != denied)
                    && times.iter().all(|&(number, denied)| was_there(event, TIMES[number]) != denied)
            })
            .collect();
        let reader = stage.history.reader().with(Some(Arc::new(Few)));
        let parsed = HistoryFilter::parse_in(&filter, at(20 * DAY), jiff::tz::TimeZone::UTC).unwrap();
        let mut found = Vec::new();
        let mut before = None;
        loop {
            let listing = reader.query(&parsed, quaymaster_history::Page { before, limit: 23 }).unwrap();
            found.extend(listing.events);
            before = listing.next;
            if before.is_none() {
                break;
            }
        }
        prop_assert_eq!(found.iter().collect::<Vec<_>>(), expected.clone(), "{}", &filter);
        let counted = reader.count(&parsed).unwrap();
        prop_assert_eq!((counted.events, counted.more), (expected.len() as u64, false), "{}", &filter);
        let chart = reader.buckets(&parsed, at(0), at(50 * DAY), 1).unwrap();
        let begun = expected.iter().filter(|event| !event.already_open && !matches!(event.kind, EventKind::Deed { .. }));
        let begun: u64 = begun.map(|event| if let EventKind::Connection { times, .. } = event.kind { times } else { 1 }).sum();
        let bucket = chart.buckets[0];
        prop_assert_eq!(bucket.listeners + bucket.connections, begun, "chart of {}", &filter);
    }
}

#[test]
fn every_word_finds_something_or_is_meant_not_to() {
    let (stage, events) = stage();
    let reader = stage.history.reader().with(Some(Arc::new(Few)));
    for word in WORDS.into_iter().flatten() {
        let found = all(&reader, word).len();
        let nothing = ["70000", "user:m", "proc:nobody-like-it", "\"443\"", "pid:907"].contains(&word) && found == 0;
        assert!((0 < found && found < events.len()) || nothing || word == "pid:907", "{word}: {found}");
    }
}
