//! A busy computer of any size: 200 programs, a proxy on loopback, servers with clients from everywhere, IPv4 and IPv6.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use quaymaster_core::query::Line;
use quaymaster_core::tracker::{Applied, Tracker};
use quaymaster_core::{
    Change, Endpoint, Family, Gap, Holders, Owner, Process, ProcessKey, Protocol, Sample, Socket, SocketId, SocketKey,
    StartMark, Table, TcpState, UnixMillis,
};

const PROGRAMS: u64 = 200;

/// A table of `size` sockets whose owners are known, and its tracker.
pub(crate) fn table(size: u64) -> (Tracker, Table) {
    let (mut tracker, mut table) = (Tracker::new(), Table::new());
    let sample = Sample { taken_at: UnixMillis(1), changes: opened(0..size), troubles: Vec::new() };
    let applied = tracker.apply(&mut table, &sample, false);
    learn(&mut table, &applied);
    (tracker, table)
}

/// Tells the table of every owner and user that a look found.
pub(crate) fn learn(table: &mut Table, applied: &Applied) {
    for &key in &applied.new_owners {
        table.learn(process(key));
    }
    table.learn_user(1000, Some("somebody"));
}

/// The row that a line is.
pub(crate) fn id(line: &Line) -> Option<SocketId> {
    if let Line::Socket(id) = line { Some(*id) } else { None }
}

pub(crate) fn key(number: u64) -> SocketKey {
    SocketKey::Cookie(number)
}

pub(crate) fn opened(numbers: Range<u64>) -> Vec<Change> {
    numbers.map(socket).map(Change::Opened).collect()
}

fn process(key: ProcessKey) -> Process {
    Process {
        name: format!("program-{}", key.pid),
        path: Ok(format!("/opt/vendor/lib/program-{}/bin/program", key.pid)),
        user: Ok("somebody".into()),
        ..Process::unread(key, Gap::Denied)
    }
}

/// Spreads consecutive numbers, so that neither ports nor addresses come in order (the finalizer of SplitMix64).
fn scatter(number: u64) -> u64 {
    let mixed = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[expect(clippy::cast_possible_truncation, reason = "any bits will do")]
fn socket(number: u64) -> Socket {
    let random = scatter(number + 1);
    // No two connections have the same ends, in whatever order they come.
    let (high, block) = (0x8000 + (number * 7_919 % 30_000) as u16, (number / 30_000) as u8);
    let low = (random >> 16) as u16 % 10_000 + 1;
    let v4 = |bits: u32| IpAddr::V4(Ipv4Addr::from(bits));
    let v6 = |bits: u64| IpAddr::V6(Ipv6Addr::from(0x2001_0db8_u128 << 96 | u128::from(bits)));
    let home = IpAddr::V4(Ipv4Addr::new(127, 0, block, 1));
    let (local, remote) = match number % 20 {
        0 => ((IpAddr::V4(Ipv4Addr::UNSPECIFIED), low), None),
        1..6 => ((home, high), Some((home, 7897))),
        6..11 => ((home, 7897), Some((home, high))),
        11..16 => ((v4(0x0a00_0005), high), Some((v4((random >> 32) as u32), 443))),
        16..18 => ((v4(0x0a00_0005), 443), Some((v4(0x0a00_0000 | (random >> 40) as u32), high))),
        _ => ((v6(5), high), Some((v6(random >> 24), 443))),
    };
    let end = |(ip, port)| Endpoint::new(ip, port);
    let is_udp = number.is_multiple_of(40);
    let state = match (remote, number % 10) {
        _ if is_udp => None,
        (None, _) => Some(TcpState::Listen),
        (_, 3) => Some(TcpState::TimeWait),
        (_, 7) => Some(TcpState::CloseWait),
        _ => Some(TcpState::Established),
    };
    let kept = state == Some(TcpState::TimeWait);
    let pid = (random >> 8) % PROGRAMS + 100;
    let owner = ProcessKey { pid: pid as u32, start: StartMark(pid) };
    Socket {
        key: key(number),
        protocol: if is_udp { Protocol::Udp } else { Protocol::Tcp },
        family: if local.0.is_ipv4() { Family::V4 } else { Family::V6 },
        dual_stack: false,
        local: end(local),
        remote: remote.map(end),
        state,
        owner: if kept { Owner::Kernel(Holders::NOBODY) } else { Owner::Processes(owner.into()) },
        uid: (!kept).then_some(1000),
        queues: None,
        interface: 0,
        time_wait_until: None,
    }
}
