//! Looks at the machine one after the other and keeps what they told; and children that hold a socket.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

use quaymaster_core::{
    Bytes, Change, Endpoint, Owner, OwnerGap, ProcessKey, Protocol, Sample, Socket, SocketKey, TcpState, UnixMillis,
};
use quaymaster_probe::SocketSource as _;
use quaymaster_probe::linux::Sockets;

/// Lets one test run at a time: a child that another starts has all of this process's sockets for a moment.
pub(crate) fn alone() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) struct Looker {
    pub(crate) source: Sockets,
    pub(crate) sockets: HashMap<SocketKey, Socket>,
    /// What went through connections that have ended.
    pub(crate) counted: HashMap<SocketKey, Bytes>,
    now: u64,
}

impl Looker {
    pub(crate) fn new() -> Self {
        Self::with(Sockets::new())
    }

    pub(crate) fn with(source: Sockets) -> Self {
        let mut looker = Self { source, sockets: HashMap::new(), counted: HashMap::new(), now: 1_700_000_000_000 };
        looker.look();
        // On a machine with very many sockets the first look tells those alone.
        if looker.sockets.values().any(|socket| socket.owner == Owner::Unknown(OwnerGap::Pending)) {
            looker.look();
        }
        looker
    }

    /// The next look, a second after the last by its own clock.
    pub(crate) fn look(&mut self) -> Sample {
        self.now += 1_000;
        let sample = self.source.look(UnixMillis(self.now));
        self.hear(&sample);
        sample
    }

    /// A look at listeners alone.
    pub(crate) fn glance(&mut self) {
        let sample = self.source.listeners(UnixMillis(self.now)).unwrap();
        self.hear(&sample);
    }

    fn hear(&mut self, sample: &Sample) {
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
                Change::Counted(key, bytes) => {
                    assert_eq!(self.counted.insert(*key, *bytes), None, "counted twice");
                }
            }
        }
    }

    /// The socket with exactly these ends. A port alone would not do: what other tests left in TIME_WAIT may have it too.
    pub(crate) fn find(&self, protocol: Protocol, local: SocketAddr, remote: Option<SocketAddr>) -> Option<&Socket> {
        let end = |address: SocketAddr| Endpoint::new(address.ip(), address.port());
        let (local, remote) = (end(local), remote.map(end));
        let ends = |socket: &&Socket| socket.protocol == protocol && (socket.local, socket.remote) == (local, remote);
        let found: Vec<_> = self.sockets.values().filter(ends).collect();
        assert!(found.len() < 2, "{found:#?}");
        found.first().copied()
    }

    pub(crate) fn listener(&self, local: SocketAddr) -> &Socket {
        let row = self.find(Protocol::Tcp, local, None).unwrap();
        assert_eq!(row.state, Some(TcpState::Listen));
        row
    }

    pub(crate) fn tcp(&self, local: SocketAddr, remote: SocketAddr) -> &Socket {
        self.find(Protocol::Tcp, local, Some(remote)).unwrap()
    }

    pub(crate) fn udp(&self, local: SocketAddr) -> &Socket {
        self.find(Protocol::Udp, local, None).unwrap()
    }

    /// Looks until this connection is in this state.
    pub(crate) fn until_state(&mut self, local: SocketAddr, remote: SocketAddr, state: TcpState) {
        self.until(&format!("{state:?}"), |looker| {
            looker.find(Protocol::Tcp, local, Some(remote)).is_some_and(|socket| socket.state == Some(state))
        });
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

/// What a look says about the listener with this end.
pub(crate) fn told(sample: &Sample, local: SocketAddr) -> Vec<&Change> {
    let local = Endpoint::new(local.ip(), local.port());
    let about = |change: &&Change| match change {
        Change::Opened(socket) | Change::Changed(socket) => socket.is_listener() && socket.local == local,
        Change::Closed(_) | Change::Counted(..) => false,
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
