//! The filter language, the orders, the headings: by tables, and against the plainest implementation that could be right.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod common;

use std::collections::BTreeSet;

use common::{Watch, connected, cookie, held, key, listen, named, tcp, udp};
use proptest::prelude::*;
use quaymaster_core::Change::{Changed, Closed, Opened};
use quaymaster_core::query::past::PastFilter;
use quaymaster_core::query::{Column, Filter, FilterProblem, Line, Query, Scope, Selection};
use quaymaster_core::{Holders, Mark, Owner, OwnerGap, Protocol, Row, Socket, SocketId, TcpState};

fn query(filter: &str, column: Column, descending: bool) -> Query {
    let filter = Filter::parse(filter).unwrap();
    Query { scope: Scope::All, filter, column, descending, group: false, folded: BTreeSet::new() }
}

fn ids(selection: &Selection) -> Vec<u64> {
    let id = |line: &Line| if let Line::Socket(id) = line { Some(id.0) } else { None };
    selection.lines.iter().filter_map(id).collect()
}

/// 1 nginx, 2 its connection, 3 Chrome over IPv6, 4 a resolver, 5 another user's, 6 what the kernel keeps.
fn machine() -> Watch {
    let mut watch = Watch::on([
        listen(1, "0.0.0.0:80", 7897),
        connected(2, "10.1.2.3:80", "203.0.113.9:7897", 7897),
        Socket { dual_stack: true, ..connected(3, "[fe80::1]:50000", "[2001:db8::5]:443", 30) },
        udp(4, "127.0.0.1:53", None, held(40)),
        Socket {
            uid: Some(0),
            ..tcp(5, TcpState::CloseWait, "10.1.2.3:22", Some("10.9.9.9:6000"), Owner::Unknown(OwnerGap::OtherUser))
        },
        tcp(6, TcpState::TimeWait, "127.0.0.1:9000", Some("127.0.0.1:9001"), Owner::Kernel(Holders::NOBODY)),
    ]);
    watch.table.learn(named(7897, "nginx", Some("/usr/sbin/nginx")));
    watch.table.learn(named(30, "Google Chrome", Some("/opt/Google/chrome")));
    watch.table.learn(named(40, "ÜBER-resolver", None));
    watch.table.learn_user(1000, Some("alice"));
    watch.table.learn_user(0, Some("root"));
    watch
}

#[test]
fn what_a_filter_finds() {
    let watch = machine();
    for (filter, expected) in [
        ("", &[1, 2, 3, 4, 5, 6][..]),
        ("   ", &[1, 2, 3, 4, 5, 6]),
        ("80", &[1, 2]),
        ("30", &[3]),
        ("7897", &[1, 2]),
        (":443", &[3]),
        ("70000", &[]),
        ("chrome", &[3]),
        ("CHROME", &[3]),
        ("über", &[4]),
        ("sbin", &[1, 2]),
        ("alice", &[1, 2, 3, 4]),
        ("time_wait", &[6]),
        ("udp", &[4]),
        ("10.1.2", &[2, 5]),
        ("10.1.2.3", &[2, 5]),
        ("10.0.0.0/8", &[2, 5]),
        ("10.1.2.3:22", &[5]),
        ("2001:db8::/32", &[3]),
        ("fe80::1", &[3]),
        ("[fe80::1]:50000", &[3]),
        ("::ffff:10.1.2.3", &[2, 5]),
        ("port:22-80", &[1, 2, 4, 5]),
        ("port:443|9001", &[3, 6]),
        ("PORT:443", &[3]),
        ("lport:7897", &[]),
        ("rport:7897", &[2]),
        ("local:10.0.0.0/8 remote:203.0.113.9", &[2]),
        ("remote:10.0.0.0/8", &[5]),
        ("local:127.0.0.1:53", &[4]),
        ("pid:7897|40", &[1, 2, 4]),
        ("proc:nginx !state:listen", &[2]),
        ("proc:\"google chrome\"", &[3]),
        ("\"google chrome\"", &[3]),
        ("proc:chrome|nginx", &[1, 2, 3]),
        ("user:root", &[5]),
        ("user:0", &[5]),
        ("user:ali", &[]),
        ("path:/opt", &[3]),
        ("state:LISTENING", &[1]),
        ("state:close-wait|timewait", &[5, 6]),
        ("state:estab", &[2, 3]),
        ("state:udp", &[4]),
        ("!udp !state:listen", &[2, 3, 5, 6]),
        ("proto:tcp6", &[3]),
        ("proto:udp|tcp6", &[3, 4]),
        ("nginx|resolver", &[1, 2, 4]),
        ("C:\\Windows", &[]),
        // In quotes it is text, and ports are no text.
        ("\"7897\"", &[]),
        ("\"10.1\"", &[2, 5]),
        ("*:443", &[3]),
        ("localhost", &[4, 6]),
        ("localhost:53", &[4]),
        ("local:localhost remote:localhost:9001", &[6]),
        ("127.0.0.1:", &[4, 6]),
        ("fe80::", &[3]),
        ("fe80:", &[3]),
        ("[fe80", &[3]),
        ("2001:db8:", &[3]),
        ("fe80::1%eth0", &[3]),
        ("::ffff:10.0.0.0/104", &[2, 5]),
        ("remote:[2001:db8::5]:443", &[3]),
        ("remote:[2001:db8::5]:444", &[]),
        ("LISTENING", &[1]),
        ("close-wait", &[5]),
        ("tcp6", &[3]),
        ("!tcp !udp", &[]),
        ("+80", &[]),
        ("ÜBER", &[4]),
        ("!proc:nginx|chrome", &[4, 5, 6]),
        ("\"!nginx\"", &[]),
        ("99999999999", &[]),
    ] {
        let selection = query(filter, Column::FirstSeen, false).run(&watch.table);
        let mut found = ids(&selection);
        found.sort_unstable();
        assert_eq!(found, expected, "{filter}");
        assert_eq!(selection.matched, expected.len(), "{filter}");
    }
}

#[test]
fn a_wrong_filter_says_where_and_what() {
    for (filter, piece, problem) in [
        ("prot:tcp", "prot", FilterProblem::UnknownKey),
        ("nginx port:8o", "8o", FilterProblem::BadPort),
        ("port:65536", "65536", FilterProblem::BadPort),
        ("port:90-80", "90-80", FilterProblem::BadRange),
        ("port:80|", "|", FilterProblem::EmptyChoice),
        ("proc:a||b", "||", FilterProblem::EmptyChoice),
        ("端口 remote:10.0.0", "10.0.0", FilterProblem::BadAddress),
        ("local:10.0.0.0/33", "10.0.0.0/33", FilterProblem::BadAddress),
        ("state:listn", "listn", FilterProblem::BadState),
        ("proto:icmp", "icmp", FilterProblem::BadProtocol),
        ("pid:me", "me", FilterProblem::BadPid),
        ("a port:", "port:", FilterProblem::MissingValue),
        ("a \"b c", "\"b c", FilterProblem::OpenQuote),
        ("! b", "!", FilterProblem::LoneNot),
        ("a !", "!", FilterProblem::LoneNot),
        ("!!udp", "!", FilterProblem::LoneNot),
        ("port:+80", "+80", FilterProblem::BadPort),
        ("pid:-1", "-1", FilterProblem::BadPid),
        ("remote:10.0.0.1:x", "10.0.0.1:x", FilterProblem::BadAddress),
        ("http://localhost:3000", "http", FilterProblem::UnknownKey),
        ("proc:\"\"", "proc:\"\"", FilterProblem::MissingValue),
        ("nginx since:2h", "since", FilterProblem::OnlyInHistory),
        ("until:x", "until", FilterProblem::OnlyInHistory),
        ("!ON:today", "ON", FilterProblem::OnlyInHistory),
    ] {
        let error = Filter::parse(filter).unwrap_err();
        assert_eq!((&filter[error.span], error.problem), (piece, problem), "{filter}");
    }
    for (filter, piece, problem) in [
        ("since:soon", "soon", FilterProblem::BadMoment),
        ("nginx until:2h|2026-02-30", "2026-02-30", FilterProblem::BadMoment),
        ("on:2h", "2h", FilterProblem::BadDay),
        ("on:2026-11", "2026-11", FilterProblem::BadDay),
        ("since:", "since:", FilterProblem::MissingValue),
        ("prot:tcp", "prot", FilterProblem::UnknownKey),
    ] {
        let error = PastFilter::parse(filter).unwrap_err();
        assert_eq!((&filter[error.span], error.problem), (piece, problem), "{filter}");
    }
    assert!(PastFilter::parse("nginx SINCE:2H on:2026-11-20|today !until:yesterday").is_ok());
    let too_long = Filter::parse(&"端".repeat(1_002)).unwrap_err();
    assert_eq!((too_long.span, too_long.problem), (3_000..3_006, FilterProblem::TooLong));
    assert!(Filter::parse(&"端".repeat(1_000)).is_ok());
}

#[test]
fn a_bare_number_is_a_port_first() {
    let watch = machine();
    // By PID, row 1 would come before row 2: it is its port that puts row 2 first.
    for descending in [false, true] {
        assert_eq!(ids(&query("7897", Column::LocalAddress, descending).run(&watch.table)), [2, 1]);
    }
    assert_eq!(ids(&query("7897 nginx", Column::LocalAddress, false).run(&watch.table)), [1, 2]);
}

#[test]
fn orders() {
    let watch = machine();
    for (column, up, down) in [
        (Column::Program, [3, 1, 2, 4, 5, 6], [4, 1, 2, 3, 5, 6]),
        (Column::Pid, [3, 4, 1, 2, 5, 6], [1, 2, 4, 3, 5, 6]),
        (Column::LocalPort, [5, 4, 1, 2, 6, 3], [3, 6, 1, 2, 4, 5]),
        (Column::LocalAddress, [1, 5, 2, 6, 4, 3], [3, 6, 4, 5, 2, 1]),
        (Column::RemoteAddress, [5, 6, 2, 3, 1, 4], [3, 2, 6, 5, 1, 4]),
        (Column::State, [1, 2, 3, 5, 6, 4], [6, 5, 2, 3, 1, 4]),
        (Column::User, [1, 2, 3, 4, 5, 6], [5, 1, 2, 3, 4, 6]),
    ] {
        assert_eq!(ids(&query("", column, false).run(&watch.table)), up, "{column:?}");
        assert_eq!(ids(&query("", column, true).run(&watch.table)), down, "{column:?} descending");
    }
}

#[test]
fn counts_go_by_scope_and_closed_rows_are_not_counted() {
    let mut watch = machine();
    let all = query("nothing-like-it", Column::Pid, false).run(&watch.table);
    let states: Vec<_> =
        all.states.iter().map(|&(state, count)| (state.map_or("UDP", TcpState::name), count)).collect();
    assert_eq!(states, [("LISTEN", 1), ("ESTABLISHED", 2), ("CLOSE_WAIT", 1), ("TIME_WAIT", 1), ("UDP", 1)]);
    assert_eq!((all.matched, &all.hidden[..]), (0, &[(OwnerGap::OtherUser, 1)][..]));
    let listening = Query { scope: Scope::Listening, ..query("", Column::LocalPort, false) };
    assert_eq!(ids(&listening.run(&watch.table)), [4, 1]);
    watch.look(vec![Closed(cookie(1))]);
    let after = listening.run(&watch.table);
    assert_eq!((ids(&after), after.matched, after.states), (vec![4, 1], 1, vec![(None, 1)]));
}

#[test]
fn headings_stand_where_their_first_row_stands() {
    let mut watch = machine();
    let grouped = |folded: &[&str]| Query {
        group: true,
        folded: folded.iter().map(|&key| key.to_owned()).collect(),
        ..query("", Column::LocalPort, false)
    };
    let outline = |selection: &Selection| -> Vec<String> {
        let line = |line: &Line| match line {
            Line::Group(group) => format!("{} {:?} {}/{}", group.key, group.pids, group.listeners, group.sockets),
            Line::Socket(id) => id.0.to_string(),
        };
        selection.lines.iter().map(line).collect()
    };
    let open = grouped(&[]).run(&watch.table);
    let expected = [
        "gap:OtherUser [] 0/1",
        "5",
        "name:ÜBER-resolver [40] 1/1",
        "4",
        "path:/usr/sbin/nginx [7897] 1/2",
        "1",
        "2",
        "kernel [] 0/1",
        "6",
        "path:/opt/Google/chrome [30] 0/1",
        "3",
    ];
    assert_eq!(outline(&open), expected);
    let folded = grouped(&["path:/usr/sbin/nginx", "kernel"]).run(&watch.table);
    assert_eq!((folded.matched, folded.lines.len()), (6, 8));
    // Held: what is new of a standing program is counted, not listed, for every place would move something.
    watch.look(vec![Opened(listen(9, "0.0.0.0:1", 7897)), Opened(listen(10, "0.0.0.0:2", 50))]);
    watch.table.learn(named(50, "caddy", Some("/usr/bin/caddy")));
    let held = grouped(&[]).run(&watch.table).held_to(&open, &watch.table);
    let mut expected: Vec<String> = expected.iter().map(|&line| line.to_owned()).collect();
    expected[4] = "path:/usr/sbin/nginx [7897] 2/3".into();
    expected.extend(["path:/usr/bin/caddy [50] 1/1".into(), "8".into()]);
    assert_eq!(outline(&held), expected);
}

#[test]
fn held_rows_stay_even_when_they_no_longer_match() {
    let mut watch = machine();
    watch.keep_closed = true;
    let question = query("state:established", Column::LocalPort, false);
    let before = question.run(&watch.table);
    assert_eq!(ids(&before), [2, 3]);
    watch.look(vec![
        Changed(tcp(2, TcpState::CloseWait, "10.1.2.3:80", Some("203.0.113.9:7897"), held(7897))),
        Closed(cookie(3)),
        Opened(connected(7, "10.1.2.3:1", "10.1.2.4:1", 7897)),
    ]);
    let held = question.run(&watch.table).held_to(&before, &watch.table);
    assert_eq!((ids(&held), held.matched), (vec![2, 3, 7], 1));
}

/// Net, host and port of the local end; host and port of the remote one; state, PID and whether it is UDP.
type Draw = (u8, u8, u16, Option<(u8, u16)>, usize, u32, bool);

fn sockets() -> impl Strategy<Value = Vec<Socket>> {
    let socket = (0u8..3, 0u8..4, 1u16..5, proptest::option::of((0u8..3, 1u16..4)), 0usize..12, 1u32..5, any::<bool>());
    proptest::collection::vec(socket, 0..40).prop_map(|all| {
        let one =
            |(number, (net, host, port, remote, state, pid, is_udp)): (u64, Draw)| {
                let local =
                    if net == 2 { format!("[fd00::{host}]:{port}") } else { format!("10.0.{net}.{host}:{port}") };
                let remote = remote.map(|(host, port)| {
                    if net == 2 { format!("[fd01::{host}]:{port}") } else { format!("10.1.0.{host}:{port}") }
                });
                let owner = match pid {
                    4 => Owner::Unknown(OwnerGap::OtherUser),
                    pid => held(pid),
                };
                if is_udp {
                    udp(number, &local, remote.as_deref(), owner)
                } else {
                    tcp(number, TcpState::ALL[state], &local, remote.as_deref(), owner)
                }
            };
        (1..).zip(all).map(one).collect()
    })
}

const WORDS: [&str; 14] = [
    "1",
    "2",
    "port:2-3",
    "lport:1|4",
    "rport:2",
    "local:10.0.0.0/24",
    "remote:10.1.0.1",
    "pid:1|3",
    "proc:b",
    "state:listen|bound",
    "proto:udp",
    "proto:tcp6",
    "user:me",
    "be",
];

/// One word, as its description in `docs/filter.md` reads.
fn plainly(word: usize, row: &Row) -> bool {
    let socket = &row.socket;
    let ports = || [Some(socket.local), socket.remote].into_iter().flatten().map(|end| end.port);
    let pid = |pid| socket.owner.holders().contains(&key(pid));
    let text = |end: quaymaster_core::Endpoint| end.ip.to_string();
    let names = || row.owners.iter().map(|process| process.name.as_str());
    match word {
        0 => ports().any(|port| port == 1) || pid(1),
        1 => ports().any(|port| port == 2) || pid(2),
        2 => ports().any(|port| port == 2 || port == 3),
        3 => socket.local.port == 1 || socket.local.port == 4,
        4 => socket.remote.is_some_and(|remote| remote.port == 2),
        5 => text(socket.local).starts_with("10.0.0."),
        6 => socket.remote.is_some_and(|remote| text(remote) == "10.1.0.1"),
        7 => pid(1) || pid(3),
        8 => names().any(|name| name.contains('b')),
        9 => matches!(socket.state, Some(TcpState::Listen | TcpState::Bound)),
        10 => socket.protocol == Protocol::Udp,
        11 => socket.protocol == Protocol::Tcp && socket.local.ip.is_ipv6(),
        12 => !row.owners.is_empty(),
        _ => names().any(|name| name.contains("be")),
    }
}

const COLUMNS: [Column; 9] = [
    Column::Program,
    Column::Pid,
    Column::Protocol,
    Column::LocalAddress,
    Column::LocalPort,
    Column::RemoteAddress,
    Column::RemotePort,
    Column::State,
    Column::Path,
];

/// What a column shows, in a form that compares as people expect; unknown is `None`.
fn shown(row: &Row, column: Column) -> Option<(u32, u128, String)> {
    let socket = &row.socket;
    let number = |number: u128| Some((0, number, String::new()));
    let ip = |end: quaymaster_core::Endpoint| match end.ip {
        std::net::IpAddr::V4(ip) => (4, u128::from(u32::from(ip)), String::new()),
        std::net::IpAddr::V6(ip) => (6, ip.into(), String::new()),
    };
    let owner = row.owners.first();
    match column {
        Column::Program => owner.map(|process| (0, 0, process.name.clone())),
        Column::Pid => owner.and_then(|process| number(process.key.pid.into())),
        Column::Protocol => {
            number(u128::from(socket.protocol == Protocol::Udp) * 10 + u128::from(socket.local.ip.is_ipv6()))
        }
        Column::LocalAddress => Some(ip(socket.local)),
        Column::LocalPort => number(socket.local.port.into()),
        Column::RemoteAddress => socket.remote.map(ip),
        Column::RemotePort => socket.remote.and_then(|remote| number(remote.port.into())),
        Column::State => {
            socket.state.and_then(|state| number(TcpState::ALL.iter().position(|&each| each == state).unwrap() as u128))
        }
        _ => owner.and_then(|process| process.path.clone().ok()).map(|path| (0, 0, path)),
    }
}

fn watch_on(sockets: Vec<Socket>) -> Watch {
    let mut watch = Watch::on(sockets);
    for (pid, name, path) in [(1, "alpha", Some("/b")), (2, "beta", Some("/a")), (3, "bob", None)] {
        watch.table.learn(named(pid, name, path));
    }
    watch
}

proptest! {
    #[test]
    fn filters_find_what_the_plainest_code_finds(
        sockets in sockets(),
        words in proptest::collection::vec((0..WORDS.len(), any::<bool>()), 0..4),
    ) {
        let watch = watch_on(sockets);
        let text: Vec<_> = words.iter().map(|&(word, denied)| format!("{}{}", if denied { "!" } else { "" }, WORDS[word])).collect();
        let selection = query(&text.join(" "), Column::FirstSeen, false).run(&watch.table);
        let mut expected: Vec<u64> = watch.table.rows()
            .filter(|row| words.iter().all(|&(word, denied)| plainly(word, row) != denied))
            .map(|row| row.id.0)
            .collect();
        let mut found = ids(&selection);
        found.sort_unstable();
        expected.sort_unstable();
        prop_assert_eq!(&found, &expected);
        prop_assert_eq!(selection.matched, expected.len());
        let open = watch.table.rows().filter(|row| row.mark != Mark::Closed).count();
        prop_assert_eq!(selection.states.iter().map(|state| state.1).sum::<usize>(), open);
    }

    #[test]
    fn orders_are_what_people_expect(sockets in sockets(), column in 0..COLUMNS.len(), descending in any::<bool>()) {
        let watch = watch_on(sockets);
        let column = COLUMNS[column];
        let found = ids(&query("", column, descending).run(&watch.table));
        let rows: Vec<Row> = found.iter().map(|&id| watch.table.row(SocketId(id)).unwrap()).collect();
        prop_assert_eq!(rows.len(), watch.table.rows().len());
        for pair in rows.windows(2) {
            let tie = |row: &Row| (row.socket.protocol, row.socket.local, row.socket.remote, row.id);
            match (shown(&pair[0], column), shown(&pair[1], column)) {
                (None, Some(_)) => prop_assert!(false, "unknown comes last"),
                (Some(a), Some(b)) if a != b => prop_assert_eq!(a > b, descending, "{:?} {:?}", a, b),
                (a, b) if a == b => prop_assert!(tie(&pair[0]) < tie(&pair[1]), "ties by ends and age"),
                _ => {}
            }
        }
    }

    #[test]
    fn headings_hold_every_row_once(sockets in sockets(), folded in any::<bool>()) {
        let watch = watch_on(sockets);
        let mut question = Query { group: true, ..query("", Column::LocalPort, false) };
        if folded {
            question.folded.insert("path:/b".into());
        }
        let selection = question.run(&watch.table);
        let mut listed = ids(&selection);
        let unique: BTreeSet<_> = listed.iter().copied().collect();
        prop_assert_eq!(unique.len(), listed.len());
        let groups = || selection.lines.iter().filter_map(|line| if let Line::Group(group) = line { Some(group) } else { None });
        prop_assert_eq!(groups().map(|group| group.sockets).sum::<usize>(), watch.table.open());
        let keys: BTreeSet<_> = groups().map(|group| &group.key).collect();
        prop_assert_eq!(keys.len(), groups().count());
        listed.retain(|&id| watch.table.row(SocketId(id)).unwrap().socket.owner.holders() == [key(1)]);
        prop_assert!(!folded || listed.is_empty());
    }

    #[test]
    fn any_text_is_a_filter_or_an_error_with_a_place(text in "\\PC*|[a-z:|!\"0-9 .端/-]*") {
        if let Err(error) = Filter::parse(&text) {
            prop_assert!(text.get(error.span.clone()).is_some_and(|piece| !piece.is_empty()), "{:?}", error);
        }
    }
}
