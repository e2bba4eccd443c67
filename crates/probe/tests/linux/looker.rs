//! Looks at the machine one after the other and keeps what they told; and children that hold a socket.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::process::{Child, Command, Stdio};

use quaymaster_core::{Change, Owner, ProcessKey, Protocol, Sample, Socket, SocketKey, TcpState, UnixMillis};
use quaymaster_probe::SocketSource as _;
use quaymaster_probe::linux::Sockets;

pub(crate) struct Looker {
    pub(crate) source: Sockets,
    pub(crate) sockets: HashMap<SocketKey, Socket>,
    now: u64,
}

impl Looker {
    pub(crate) fn new() -> Self {
        Self::with(Sockets::new())
    }

    pub(crate) fn with(source: Sockets) -> Self {
        let mut looker = Self { source, sockets: HashMap::new(), now: 1_700_000_000_000 };
        looker.look();
        looker
    }

    /// The next look, a second after the last by its own clock.
    pub(crate) fn look(&mut self) -> Sample {
        self.now += 1_000;
        let sample = self.source.look(UnixMillis(self.now));
        for change in &sample.changes {
            match change {
                Change::Opened(socket) => {
                    assert!(self.sockets.insert(socket.key, socket.clone()).is_none(), "opened twice: {socket:?}");
                }
                Change::Changed(socket) => {
                    assert!(self.sockets.insert(socket.key, socket.clone()).is_some(), "never opened: {socket:?}");
                }
                Change::Closed(key) => {
                    assert!(self.sockets.remove(key).is_some(), "closed, never opened: {key:?}");
                }
            }
        }
        sample
    }

    /// Every socket on this local port.
    pub(crate) fn on(&self, protocol: Protocol, port: u16) -> Vec<&Socket> {
        self.sockets.values().filter(|socket| socket.protocol == protocol && socket.local.port == port).collect()
    }

    /// The only socket on this local port in this state.
    pub(crate) fn tcp(&self, port: u16, state: TcpState) -> &Socket {
        let all = self.on(Protocol::Tcp, port);
        let found: Vec<_> = all.iter().filter(|socket| socket.state == Some(state)).collect();
        assert_eq!(found.len(), 1, "{state:?} on {port}: {all:#?}");
        found[0]
    }

    /// Looks until `wanted` is true of what is known, a hundred times at most.
    pub(crate) fn until(&mut self, what: &str, wanted: impl Fn(&Self) -> bool) {
        for _ in 0..100 {
            if wanted(self) {
                return;
            }
            self.look();
        }
        panic!("never came: {what}");
    }
}

pub(crate) fn me() -> ProcessKey {
    quaymaster_probe::myself().own
}

pub(crate) fn pids(owner: &Owner) -> Vec<u32> {
    owner.holders().iter().map(|key| key.pid).collect()
}

/// What happened to sockets with this local port.
pub(crate) fn told(sample: &Sample, port: u16) -> Vec<&Change> {
    let about = |change: &&Change| match change {
        Change::Opened(socket) | Change::Changed(socket) => socket.local.port == port,
        Change::Closed(_) => false,
    };
    sample.changes.iter().filter(about).collect()
}

/// A child that lives until it is dropped and has `socket` for its standard error, so that no other child inherits it.
pub(crate) struct Holder(pub(crate) Child);

impl Holder {
    pub(crate) fn of(socket: impl Into<OwnedFd>) -> Self {
        let stderr = Stdio::from(socket.into());
        Self(Command::new("cat").stdin(Stdio::piped()).stdout(Stdio::null()).stderr(stderr).spawn().unwrap())
    }

    pub(crate) fn pid(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub(crate) fn port(address: std::io::Result<SocketAddr>) -> u16 {
    address.unwrap().port()
}
