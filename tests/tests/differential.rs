//! One look against two others who look at the same kernel: `ss -tunap` and netstat2. The same sockets with the same
//! owners, allowing only for what opened or closed meanwhile: two looks of ours stand around one of theirs, so what is in
//! both of ours must be in theirs, and what is in theirs must be in one of ours.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that can't start its actor has nothing to say")]

mod ground;
#[path = "ground/ss.rs"]
mod ss;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

use ground::{Actor, Rows, actor, now};
use quaymaster_core::{Endpoint, Family, Protocol, Socket, SocketKey, StartMark, TcpState};
use quaymaster_probe::linux::Sockets;
use quaymaster_probe::{SocketSource, portable};

/// Some of everything.
const KINDS: [&str; 17] = [
    "listen4=4",
    "listen6=3",
    "dual=3",
    "v6only=3",
    "pair4=6",
    "pair6=5",
    "mapped=4",
    "backlog=2",
    "half=3",
    "time-wait=3",
    "syn-sent",
    "udp4=4",
    "udp6=4",
    "udp-dual=2",
    "udp4-peer=3",
    "udp6-peer=3",
    "reuse-port=2",
];
/// The pauses after which a comparison is taken again, because other programs of the machine were forking or ending just
/// then, or opening so much that a listing skipped live sockets. A mistake of ours does not go away by itself.
const PAUSES_MS: [u64; 9] = [0, 50, 100, 200, 400, 800, 1_600, 3_200, 6_400];

#[test]
fn the_same_as_ss() {
    let _actors = crowd();
    agree(compare_with_ss);
}

#[test]
fn the_same_as_netstat2() {
    let _actors = crowd();
    agree(compare_with_netstat2);
}

/// Compares until nothing differs; fails with what still differs after the last pause.
fn agree(compare: impl Fn() -> Vec<String>) {
    let mut last = Vec::new();
    for pause in PAUSES_MS {
        sleep(Duration::from_millis(pause));
        last = compare();
        if last.is_empty() {
            return;
        }
    }
    panic!("{} differences, the first: {:#?}", last.len(), &last[..last.len().min(5)]);
}

/// Two actors with some of everything, and a third that shares a listener with a child.
fn crowd() -> Vec<Actor> {
    let shared = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut sharing = actor(std::path::Path::new(env!("CARGO_BIN_EXE_actor")), &["udp4"]);
    sharing.stderr(std::os::fd::OwnedFd::from(shared.try_clone().unwrap()));
    let actors = vec![Actor::new(&KINDS), Actor::new(&KINDS), Actor::start(&mut sharing)];
    // Held by this process to the end of the test.
    std::mem::forget(shared);
    actors
}

fn compare_with_ss() -> Vec<String> {
    let mut source = Sockets::new();
    let mut rows = Rows::default();
    rows.apply(source.look(now()));
    let before = rows.0.clone();
    let text = Command::new("ss").arg("-tunapHOe").output().expect("iproute2 is installed").stdout;
    rows.apply(source.look(now()));
    let by_cookie = |rows: &HashMap<SocketKey, Socket>| -> BTreeMap<u64, Socket> {
        let cookie = |key: &SocketKey| if let SocketKey::Cookie(cookie) = key { *cookie } else { panic!("{key:?}") };
        rows.iter().map(|(key, socket)| (cookie(key), socket.clone())).collect()
    };
    let (before, after) = (by_cookie(&before), by_cookie(&rows.0));
    let text = String::from_utf8_lossy(&text);
    let mut differences = Vec::new();
    let mut theirs: BTreeMap<u64, ss::Line> = BTreeMap::new();
    for line in text.lines() {
        match ss::parse(line) {
            Some(read) => drop(theirs.insert(read.cookie, read)),
            None => differences.push(format!("ss wrote half a line: {line:?}")),
        }
    }
    assert!(theirs.len() > 100, "ss names only {}", theirs.len());

    let stayed = before.iter().filter(|(cookie, _)| after.contains_key(cookie));
    differences
        .extend(stayed.filter(|(cookie, _)| !theirs.contains_key(cookie)).map(|(_, row)| format!("only here {row:?}")));
    for (cookie, line) in &theirs {
        match (before.get(cookie), after.get(cookie)) {
            (None, None) => differences.push(format!("only ss: {line:?}")),
            // What did not change between our looks was like that when ss looked.
            (Some(before), Some(after)) if before == after && !line.agrees(before) => {
                differences.push(format!("ss: {line:?}\nhere: {before:?}"));
            }
            _ => {}
        }
    }
    differences
}

/// What netstat2 can tell: no cookie, no UDP peer.
type Essence = (Protocol, Family, Endpoint, Option<Endpoint>, Option<TcpState>);

fn essence(socket: &Socket) -> Essence {
    let remote = socket.remote.filter(|_| socket.protocol == Protocol::Tcp).map(|end| end.in_scope(0));
    (socket.protocol, socket.family, socket.local.in_scope(0), remote, socket.state)
}

/// How many rows there are of each essence, and who holds them.
fn sums<'a>(rows: impl Iterator<Item = &'a Socket>) -> HashMap<Essence, (usize, BTreeSet<u32>)> {
    let mut sums: HashMap<Essence, (usize, BTreeSet<u32>)> = HashMap::new();
    for socket in rows {
        let sum = sums.entry(essence(socket)).or_default();
        sum.0 += 1;
        sum.1.extend(socket.owner.holders().iter().map(|key| key.pid));
    }
    sums
}

fn compare_with_netstat2() -> Vec<String> {
    let mut source = Sockets::new();
    let mut rows = Rows::default();
    rows.apply(source.look(now()));
    let before = rows.0.clone();
    let mut theirs = Rows::default();
    theirs.apply(portable::Sockets::new(start_of).look(now()));
    rows.apply(source.look(now()));
    let stayed = before.iter().filter(|(key, socket)| rows.0.get(key) == Some(socket)).map(|(_, socket)| socket);
    let least = sums(stayed);
    let most = sums(before.values().chain(rows.0.values()));
    let theirs = sums(theirs.0.values());
    assert!(theirs.len() > 100, "netstat2 names only {}", theirs.len());

    let mut differences = Vec::new();
    for (essence, (count, holders)) in &least {
        match theirs.get(essence) {
            Some((theirs, _)) if theirs < count => differences.push(format!("{theirs} of {count}: {essence:?}")),
            Some((_, seen)) if !seen.is_superset(holders) => {
                differences.push(format!("{essence:?}: netstat2 says {seen:?}, we say {holders:?}"));
            }
            Some(_) => {}
            None => differences.push(format!("only here: {essence:?} {holders:?}")),
        }
    }
    for (essence, (_, holders)) in &theirs {
        match most.get(essence) {
            Some((_, ours)) if !ours.is_superset(holders) => {
                differences.push(format!("{essence:?}: netstat2 says {holders:?}, we say {ours:?}"));
            }
            Some(_) => {}
            None => differences.push(format!("only netstat2: {essence:?} {holders:?}")),
        }
    }
    differences
}

fn start_of(pid: u32) -> Option<StartMark> {
    let stat = std::fs::read(format!("/proc/{pid}/stat")).ok()?;
    let end = stat.iter().rposition(|byte| *byte == b')')?;
    String::from_utf8_lossy(&stat[end..]).split_whitespace().nth(20)?.parse().ok().map(StartMark)
}
