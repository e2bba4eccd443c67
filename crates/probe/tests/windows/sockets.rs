//! The socket tables, on sockets that the test opens: against what is known of them, and against netstat2.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::time::Duration;

use quaymaster_core::{
    Change, Endpoint, Family, Holders, Owner, OwnerGap, ProcessKey, Protocol, Sample, Socket, SocketKey, StartMark,
    TcpState, UnixMillis,
};
use quaymaster_probe::{SocketSource, portable, windows};
use windows_sys::Win32::Foundation::{FILETIME, HANDLE};
use windows_sys::Win32::System::Threading::{GetCurrentProcess, GetProcessTimes};

use crate::stage::Child;
use crate::wine::lacks;

/// A source and everything that it has told so far.
struct Looker<Source> {
    source: Source,
    sockets: HashMap<SocketKey, Socket>,
}

impl<Source: SocketSource> Looker<Source> {
    fn new(source: Source) -> Self {
        let mut looker = Self { source, sockets: HashMap::new() };
        looker.look();
        looker
    }

    fn look(&mut self) -> Sample {
        let sample = self.source.look(UnixMillis(1));
        assert_eq!(sample.troubles, []);
        for change in &sample.changes {
            let fits = match change {
                Change::Opened(socket) => self.sockets.insert(socket.key, socket.clone()).is_none(),
                Change::Changed(socket) => {
                    self.sockets.insert(socket.key, socket.clone()).is_some_and(|before| before != *socket)
                }
                Change::Closed(key) => self.sockets.remove(key).is_some(),
                Change::Counted(..) => false,
            };
            assert!(fits, "{change:?} contradicts what was told before");
        }
        sample
    }

    fn find(&self, protocol: Protocol, local: SocketAddr, remote: Option<SocketAddr>) -> Option<&Socket> {
        let ends = (end(local), remote.map(end));
        self.sockets.values().find(|socket| socket.protocol == protocol && (socket.local, socket.remote) == ends)
    }

    /// Looks until the connection is in this state. Waits for as long as the system needs for what it is doing.
    fn until(&mut self, local: SocketAddr, remote: SocketAddr, state: Option<TcpState>) -> Option<&Socket> {
        let now = |looker: &Self| looker.find(Protocol::Tcp, local, Some(remote)).and_then(|socket| socket.state);
        for _ in 0..500 {
            if now(self) == state {
                return self.find(Protocol::Tcp, local, Some(remote));
            }
            std::thread::sleep(Duration::from_millis(20));
            self.look();
        }
        panic!("{local} to {remote} is {:?}, not {state:?}", now(self));
    }
}

fn end(address: SocketAddr) -> Endpoint {
    Endpoint::new(address.ip(), address.port())
}

fn native() -> Looker<windows::Sockets> {
    Looker::new(windows::Sockets::new())
}

/// What the system itself says of a process.
fn created(process: HANDLE) -> StartMark {
    let mut times = [FILETIME { dwLowDateTime: 0, dwHighDateTime: 0 }; 4];
    let [created, exited, kernel, user] = &mut times;
    // SAFETY: the handle is open as long as its owner, and the four pointers are to four distinct FILETIMEs.
    assert_ne!(unsafe { GetProcessTimes(process, created, exited, kernel, user) }, 0);
    StartMark(u64::from(created.dwHighDateTime) << 32 | u64::from(created.dwLowDateTime))
}

fn me() -> Owner {
    // SAFETY: it has no preconditions.
    let own = unsafe { GetCurrentProcess() };
    Owner::Processes(ProcessKey { pid: std::process::id(), start: created(own) }.into())
}

/// Wine names the owner of a socket only once its process has asked something of it.
macro_rules! touched {
    ($socket:expr) => {{
        let socket = $socket.unwrap();
        let _ = socket.ttl();
        socket
    }};
}

/// One of each kind that only waits.
struct Waiting {
    tcp: Vec<TcpListener>,
    udp: Vec<UdpSocket>,
}

impl Waiting {
    fn open() -> Self {
        let four: [IpAddr; 2] = [Ipv4Addr::LOCALHOST.into(), Ipv4Addr::UNSPECIFIED.into()];
        let six: [IpAddr; 2] = [Ipv6Addr::LOCALHOST.into(), Ipv6Addr::UNSPECIFIED.into()];
        let all = || four.into_iter().chain(six);
        Self {
            tcp: all().map(|ip| touched!(TcpListener::bind((ip, 0)))).collect(),
            udp: all().map(|ip| touched!(UdpSocket::bind((ip, 0)))).collect(),
        }
    }

    fn ends(&self) -> impl Iterator<Item = (Protocol, SocketAddr)> {
        let tcp = self.tcp.iter().map(|socket| (Protocol::Tcp, socket.local_addr().unwrap()));
        tcp.chain(self.udp.iter().map(|socket| (Protocol::Udp, socket.local_addr().unwrap())))
    }
}

/// Both ends of a connection, the listener's first.
fn connected() -> (TcpListener, TcpStream, TcpStream) {
    let listener = touched!(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)));
    let client = touched!(TcpStream::connect(listener.local_addr().unwrap()));
    let (server, _) = listener.accept().unwrap();
    (listener, server, client)
}

#[test]
fn whatever_waits_is_shown_with_its_owner() {
    let waiting = Waiting::open();
    let looker = native();
    for (protocol, address) in waiting.ends() {
        let socket = looker.find(protocol, address, None).unwrap();
        let family = if address.is_ipv4() { Family::V4 } else { Family::V6 };
        let state = (protocol == Protocol::Tcp).then_some(TcpState::Listen);
        assert_eq!((socket.family, socket.state, socket.is_listener()), (family, state, true), "{socket:?}");
        assert_eq!((socket.uid, socket.queues, socket.dual_stack), (None, None, false), "{socket:?}");
        if protocol == Protocol::Tcp && family == Family::V6 && lacks("tcp6-owners") {
            assert_eq!(socket.owner, Owner::Unknown(OwnerGap::NotReported));
        } else {
            assert_eq!(socket.owner, me(), "{address}");
        }
    }
}

#[test]
fn netstat2_sees_the_same() {
    let waiting = Waiting::open();
    let (_listener, server, client) = connected();
    let (here, there) = (server.local_addr().unwrap(), client.local_addr().unwrap());
    let (_second, half_server, half_client) = connected();
    let half = (half_server.local_addr().unwrap(), half_client.local_addr().unwrap());
    half_client.shutdown(Shutdown::Write).unwrap();
    let (_third, gone_server, gone_client) = connected();
    let gone = (gone_server.local_addr().unwrap(), gone_client.local_addr().unwrap());
    // Who closes first waits.
    drop(gone_server);
    drop(gone_client);
    let mut looker = native();
    looker.until(half.0, half.1, Some(TcpState::CloseWait));
    looker.until(half.1, half.0, Some(TcpState::FinWait2));
    looker.until(gone.0, gone.1, Some(TcpState::TimeWait));
    let second = Looker::new(portable::Sockets::new(|pid| {
        me().holders().iter().find(|key| key.pid == pid).map(|key| key.start)
    }));
    let tcp = |ends: (SocketAddr, SocketAddr)| (Protocol::Tcp, ends.0, Some(ends.1));
    let pairs = [(here, there), (there, here), half, (half.1, half.0), gone].map(tcp);
    let all = waiting.ends().map(|(protocol, end)| (protocol, end, None)).chain(pairs);
    for (protocol, local, remote) in all {
        // netstat2 tells no time of creation, and so no key that could be compared.
        let essence = |socket: Option<&Socket>| {
            let socket = socket.unwrap().clone();
            (socket.family, socket.dual_stack, socket.state, socket.owner)
        };
        let (one, other) = (looker.find(protocol, local, remote), second.find(protocol, local, remote));
        assert_eq!(essence(one), essence(other), "{local} {remote:?}");
    }
}

#[test]
fn a_connection_through_its_states() {
    let (_listener, server, client) = connected();
    let (here, there) = (server.local_addr().unwrap(), client.local_addr().unwrap());
    let mut looker = native();
    let both = |looker: &Looker<_>| {
        [(here, there), (there, here)].map(|(one, other)| {
            let socket: &Socket = looker.find(Protocol::Tcp, one, Some(other)).unwrap();
            (socket.key, socket.state, socket.owner.clone())
        })
    };
    let [at_server, at_client] = both(&looker);
    assert_eq!((at_server.1, at_client.1), (Some(TcpState::Established), Some(TcpState::Established)));
    assert_eq!(at_client.2, me());
    let accepted = if lacks("accepted-owners") { Owner::Unknown(OwnerGap::NotReported) } else { me() };
    assert_eq!(at_server.2, accepted);

    client.shutdown(Shutdown::Write).unwrap();
    looker.until(here, there, Some(TcpState::CloseWait));
    looker.until(there, here, Some(TcpState::FinWait2));
    let keys = both(&looker).map(|(key, ..)| key);
    assert_eq!(keys, [at_server.0, at_client.0], "the same sockets in other states");

    drop(client);
    drop(server);
    let left = looker.until(there, here, Some(TcpState::TimeWait)).unwrap();
    assert_eq!(left.owner, Owner::Kernel(Holders::NOBODY), "the tracker remembers who had it");
    looker.until(here, there, None);
}

#[test]
fn another_process_is_named_with_its_creation_time_until_it_ends() {
    use std::os::windows::io::AsRawHandle as _;
    let mut child = Child::start();
    let mut looker = native();
    let address = (Ipv4Addr::LOCALHOST, child.port).into();
    let socket = looker.find(Protocol::Tcp, address, None).unwrap().clone();
    let key = ProcessKey { pid: child.pid(), start: created(child.process.as_raw_handle()) };
    assert_eq!(socket.owner, Owner::Processes(key.into()));
    for _ in 0..3 {
        let told = looker.look().changes.iter().any(|change| match change {
            Change::Opened(other) | Change::Changed(other) => other.key == socket.key,
            Change::Closed(other) | Change::Counted(other, _) => *other == socket.key,
        });
        assert!(!told, "nothing about it has changed");
    }
    child.process.kill().unwrap();
    child.process.wait().unwrap();
    // The process is gone before its socket is, and for a moment nobody may be named as its owner.
    let mut closed = false;
    for _ in 0..500 {
        closed |= looker.look().changes.contains(&Change::Closed(socket.key));
        if closed && looker.find(Protocol::Tcp, address, None).is_none() {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("closed: {closed}, shown: {:?}", looker.find(Protocol::Tcp, address, None));
}

#[test]
fn a_port_that_is_opened_again_is_another_socket() {
    let mut looker = native();
    let first = touched!(UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)));
    let address = first.local_addr().unwrap();
    looker.look();
    let before = looker.find(Protocol::Udp, address, None).unwrap().key;
    drop(first);
    let _second = touched!(UdpSocket::bind(address));
    looker.look();
    let after = looker.find(Protocol::Udp, address, None).unwrap().key;
    let stamp = |key| match key {
        SocketKey::Tuple { stamp, .. } => stamp,
        SocketKey::Cookie(_) => unreachable!(),
    };
    if lacks("socket-stamps") {
        assert_eq!((stamp(before), stamp(after)), (0, 0));
    } else {
        assert!(stamp(before) < stamp(after), "{before:?} {after:?}");
    }
}
