//! Sockets in a line, and looks at them.
#![allow(dead_code, reason = "every test file uses its own part")]

use quaymaster_core::tracker::{Applied, Tracker};
use quaymaster_core::{
    Change, Endpoint, Family, Gap, Owner, Process, ProcessKey, Protocol, Sample, Socket, SocketKey, StartMark, Table,
    TcpState, UnixMillis,
};

pub(crate) fn key(pid: u32) -> ProcessKey {
    ProcessKey { pid, start: StartMark(1) }
}

pub(crate) fn cookie(number: u64) -> SocketKey {
    SocketKey::Cookie(number)
}

pub(crate) fn end(text: &str) -> Endpoint {
    let end: std::net::SocketAddr = text.parse().unwrap();
    Endpoint::new(end.ip(), end.port())
}

pub(crate) fn held(pid: u32) -> Owner {
    Owner::Processes(key(pid).into())
}

pub(crate) fn tcp(number: u64, state: TcpState, local: &str, remote: Option<&str>, owner: Owner) -> Socket {
    let local = end(local);
    Socket {
        key: cookie(number),
        protocol: Protocol::Tcp,
        family: if local.ip.is_ipv4() { Family::V4 } else { Family::V6 },
        dual_stack: false,
        local,
        remote: remote.map(end),
        state: Some(state),
        uid: if matches!(owner, Owner::Kernel(_)) { None } else { Some(1000) },
        owner,
        queues: None,
        interface: 0,
        time_wait_until: None,
    }
}

pub(crate) fn udp(number: u64, local: &str, remote: Option<&str>, owner: Owner) -> Socket {
    Socket { protocol: Protocol::Udp, state: None, ..tcp(number, TcpState::Listen, local, remote, owner) }
}

pub(crate) fn listen(number: u64, local: &str, pid: u32) -> Socket {
    tcp(number, TcpState::Listen, local, None, held(pid))
}

pub(crate) fn connected(number: u64, local: &str, remote: &str, pid: u32) -> Socket {
    tcp(number, TcpState::Established, local, Some(remote), held(pid))
}

pub(crate) fn named(pid: u32, name: &str, path: Option<&str>) -> Process {
    let path = path.map(str::to_owned).ok_or(Gap::Denied);
    Process { name: name.into(), path, user: Ok("me".into()), ..Process::unread(key(pid), Gap::Denied) }
}

/// A tracker with its table and a clock that ticks once a look.
#[derive(Default)]
pub(crate) struct Watch {
    pub(crate) tracker: Tracker,
    pub(crate) table: Table,
    pub(crate) looks: u64,
    pub(crate) keep_closed: bool,
}

impl Watch {
    pub(crate) fn on(sockets: impl IntoIterator<Item = Socket>) -> Self {
        let mut watch = Self::default();
        watch.look(sockets.into_iter().map(Change::Opened).collect());
        watch
    }

    /// A sample between two looks; the clock ticks for it too.
    pub(crate) fn between(&mut self, changes: Vec<Change>) -> Applied {
        self.looks += 1;
        let sample = Sample { taken_at: UnixMillis(self.looks * 1_000), changes, troubles: Vec::new() };
        self.tracker.between(&mut self.table, &sample)
    }

    pub(crate) fn look(&mut self, changes: Vec<Change>) -> Applied {
        self.looks += 1;
        let sample = Sample { taken_at: UnixMillis(self.looks * 1_000), changes, troubles: Vec::new() };
        self.tracker.apply(&mut self.table, &sample, self.keep_closed)
    }
}
