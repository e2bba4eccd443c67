//! One look against two others who look at the same kernel: netstat2, and what the system itself brings (`ss -tunap`,
//! `netstat -ano`). The same sockets with the same owners, allowing only for what opened or closed meanwhile: two looks of
//! ours stand around one of theirs, so what is in both of ours must be in theirs, and what is in theirs must be in one of
//! ours.
#![expect(clippy::unwrap_used, reason = "a test that can't start its actor has nothing to say")]

mod ground;
#[cfg_attr(target_os = "linux", path = "differential/ss.rs")]
#[cfg_attr(not(target_os = "linux"), path = "differential/netstat.rs")]
mod system;
#[path = "../wine/mod.rs"]
mod wine;

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::sleep;
use std::time::Duration;

use ground::{Actor, Rows, now};
use quaymaster_core::{Endpoint, Family, Protocol, Socket, StartMark, TcpState};
use quaymaster_probe::{SocketSource, portable};

/// Some of everything. Fewer than on Linux: Wine searches every process of its own for the owner of every row.
#[cfg(windows)]
const KINDS: [&str; 13] = [
    "listen4=2",
    "listen6=2",
    "v6only=2",
    "pair4=3",
    "pair6=3",
    "backlog",
    "half=2",
    "time-wait=2",
    "syn-sent",
    "udp4=2",
    "udp6=2",
    "udp4-peer=2",
    "udp6-peer=2",
];
/// A listing with fewer sockets than these actors open was not understood.
#[cfg(windows)]
const LEAST: usize = 35;
/// Some of everything.
#[cfg(not(windows))]
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
/// As above.
#[cfg(not(windows))]
const LEAST: usize = 100;
/// The pauses after which a comparison is taken again, because other programs of the machine were forking or ending just
/// then, or opening so much that a listing skipped live sockets. A mistake of ours does not go away by itself.
const PAUSES_MS: [u64; 9] = [0, 50, 100, 200, 400, 800, 1_600, 3_200, 6_400];

/// With `ss` on Linux, with `netstat` on Windows.
#[test]
fn the_same_as_the_system_s_own_program() {
    let _alone = alone();
    let _actors = crowd();
    agree(system::compare);
}

#[test]
fn the_same_as_netstat2() {
    let _alone = alone();
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

/// What the other test opens would disturb this one; nextest sees to it (.config), cargo test does not.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An actor with some of everything.
#[cfg(windows)]
fn crowd() -> Vec<Actor> {
    vec![Actor::new(&KINDS)]
}

/// Two actors with some of everything, and a third that shares a listener with a child.
#[cfg(not(windows))]
fn crowd() -> Vec<Actor> {
    let shared = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut sharing = ground::actor(std::path::Path::new(env!("CARGO_BIN_EXE_actor")), &["udp4"]);
    sharing.stderr(std::os::fd::OwnedFd::from(shared.try_clone().unwrap()));
    let actors = vec![Actor::new(&KINDS), Actor::new(&KINDS), Actor::start(&mut sharing)];
    // Held by this process to the end of the test.
    std::mem::forget(shared);
    actors
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
    let mut source = quaymaster_probe::socket_source();
    let mut rows = Rows::default();
    rows.apply(source.look(now()));
    let before = rows.0.clone();
    let mut theirs = Rows::default();
    theirs.apply(portable::Sockets::new(some_start).look(now()));
    rows.apply(source.look(now()));
    let stayed = before.iter().filter(|(key, socket)| rows.0.get(key) == Some(socket)).map(|(_, socket)| socket);
    let least = sums(stayed);
    let most = sums(before.values().chain(rows.0.values()));
    let theirs = sums(theirs.0.values());
    assert!(theirs.len() > LEAST, "netstat2 names only {}", theirs.len());

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

/// Every process that there is has a start; which one is not compared.
#[expect(clippy::unnecessary_wraps, reason = "a process that has ended has none")]
fn some_start(pid: u32) -> Option<StartMark> {
    Some(StartMark(pid.into()))
}
