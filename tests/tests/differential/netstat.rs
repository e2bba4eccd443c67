//! Compared with `netstat -ano`, whose words are in the language of the system: it is read by position alone.

use std::collections::{BTreeSet, HashMap};
use std::net::{IpAddr, SocketAddr};
use std::process::Command;

use quaymaster_core::{Endpoint, Protocol, Socket};

use crate::LEAST;
use crate::ground::{Rows, now};
use crate::wine::lacks;

/// What is told of a socket: states are words.
type Told = (Protocol, Endpoint, Option<Endpoint>);
/// How many there are of each, and who holds them.
type Sums = HashMap<Told, (usize, BTreeSet<u32>)>;

/// What differs.
pub(crate) fn compare() -> Vec<String> {
    let mut source = quaymaster_probe::socket_source();
    let mut rows = Rows::default();
    rows.apply(source.look(now()));
    let before = rows.0.clone();
    let output = Command::new("netstat").args(["-a", "-n", "-o"]).output().expect("Windows brings netstat");
    let theirs: Vec<(Told, u32)> = String::from_utf8_lossy(&output.stdout).lines().filter_map(parse).collect();
    rows.apply(source.look(now()));
    if lacks("netstat-pids") {
        assert_eq!(theirs, [], "it has them by now");
        return Vec::new();
    }
    assert!(theirs.len() > LEAST, "netstat names only {}", theirs.len());
    let stayed = before.iter().filter(|(key, socket)| rows.0.get(key) == Some(socket)).map(|(_, socket)| socket);
    let least = sums(stayed.map(told));
    let most = sums(before.values().chain(rows.0.values()).map(told));
    let theirs = sums(theirs.into_iter().map(|(told, pid)| (told, BTreeSet::from([pid]))));
    let missing = least.iter().filter(|(told, (count, holders))| {
        theirs.get(*told).is_none_or(|(theirs, pids)| theirs < count || !pids.is_superset(holders))
    });
    let unseen = theirs.iter().filter(|(told, (_, pids))| {
        // PID 0 is how Windows says that nobody holds it any more.
        most.get(*told).is_none_or(|(_, holders)| pids.iter().any(|pid| *pid != 0 && !holders.contains(pid)))
    });
    missing
        .map(|(told, ours)| format!("{told:?}: we say {ours:?}, netstat {:?}", theirs.get(told)))
        .chain(unseen.map(|(told, said)| format!("{told:?}: netstat says {said:?}, we {:?}", most.get(told))))
        .collect()
}

fn sums(rows: impl Iterator<Item = (Told, BTreeSet<u32>)>) -> Sums {
    let mut sums = Sums::new();
    for (told, holders) in rows {
        let sum = sums.entry(told).or_default();
        sum.0 += 1;
        sum.1.extend(holders);
    }
    sums
}

fn told(socket: &Socket) -> (Told, BTreeSet<u32>) {
    let remote = socket.remote.filter(|_| socket.protocol == Protocol::Tcp).map(|end| end.in_scope(0));
    let holders = socket.owner.holders().iter().map(|key| key.pid).collect();
    ((socket.protocol, socket.local.in_scope(0), remote), holders)
}

/// `TCP local remote STATE pid` or `UDP local *:* pid`; nothing for a heading.
fn parse(line: &str) -> Option<(Told, u32)> {
    let fields: Vec<&str> = line.split_whitespace().collect();
    let (protocol, remote) = match fields[..] {
        ["TCP", _, remote, .., _] if fields.len() >= 5 => (Protocol::Tcp, end(remote).filter(|end| end.port != 0)),
        ["UDP", _, "*:*", _] => (Protocol::Udp, None),
        _ => return None,
    };
    Some(((protocol, end(fields[1])?, remote), fields.last()?.parse().ok()?))
}

/// `127.0.0.1:80`, `[::1]:80`, `[fe80::1%5]:80`.
fn end(text: &str) -> Option<Endpoint> {
    let (address, port) = text.rsplit_once(':')?;
    let address = address.trim_start_matches('[').trim_end_matches(']').split('%').next()?;
    let address = SocketAddr::new(address.parse::<IpAddr>().ok()?, port.parse().ok()?);
    Some(Endpoint::new(address.ip(), address.port()))
}

#[test]
fn lines_are_read_by_position() {
    let local = |text| end(text).unwrap();
    for (line, expected) in [
        (
            "  TCP    0.0.0.0:135   0.0.0.0:0   LISTENING   1012",
            Some(((Protocol::Tcp, local("0.0.0.0:135"), None), 1012)),
        ),
        ("  TCP    [::]:135      [::]:0      ABHÖREN     1012", Some(((Protocol::Tcp, local("[::]:135"), None), 1012))),
        (
            "  TCP    [fe80::1%5]:1 [fe80::2%5]:2  IN ZWEI WORTEN  0",
            Some(((Protocol::Tcp, local("[fe80::1]:1"), Some(local("[fe80::2]:2"))), 0)),
        ),
        ("  UDP    127.0.0.1:53  *:*         4", Some(((Protocol::Udp, local("127.0.0.1:53"), None), 4))),
        ("  UDP    127.0.0.1:53  *:*", None),
        ("  Proto  Lokale Adresse  Remoteadresse  Status  PID", None),
        ("", None),
    ] {
        assert_eq!(parse(line), expected, "{line}");
    }
}
