//! Every kind of socket is shown as what it is, and every difference is told once.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};

use quaymaster_core::{Change, Family, Holders, Owner, Protocol, TcpState, Trouble};
use quaymaster_probe::linux::Sockets;
use rustix::net::{AddressFamily, SocketAddrV6, SocketType, bind, listen, socket, sockopt};

use crate::looker::{Looker, alone, me, pids, told};

/// A listener, its end, and a client with its own end.
fn dialled() -> (TcpListener, SocketAddr, TcpStream, SocketAddr) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let server = listener.local_addr().unwrap();
    let stream = TcpStream::connect(server).unwrap();
    let client = stream.local_addr().unwrap();
    (listener, server, stream, client)
}

#[test]
fn a_listener_and_both_ends_of_a_connection() {
    let _alone = alone();
    let (listener, server, _stream, client) = dialled();
    let _accepted = listener.accept().unwrap();
    let looker = Looker::new();

    let row = looker.listener(server);
    assert_eq!((row.family, row.dual_stack, row.remote), (Family::V4, false, None));
    assert!(row.is_listener());
    for row in [row, looker.tcp(server, client), looker.tcp(client, server)] {
        assert_eq!(row.owner, Owner::Processes(me().into()));
        assert_eq!(row.uid, Some(rustix::process::geteuid().as_raw()));
    }
    assert_eq!(looker.tcp(server, client).state, Some(TcpState::Established));
}

#[test]
fn a_connection_that_waits_to_be_accepted_belongs_to_the_kernel() {
    let _alone = alone();
    let (listener, server, _stream, client) = dialled();
    let mut looker = Looker::new();
    let waiting = looker.tcp(server, client);
    assert_eq!((&waiting.owner, waiting.uid), (&Owner::Kernel(Holders::NOBODY), None));
    assert_eq!(looker.listener(server).queues.map(|queues| queues.receive), Some(1));

    let key = waiting.key;
    let _accepted = listener.accept().unwrap();
    looker.look();
    let accepted = looker.tcp(server, client);
    assert_eq!((accepted.key, &accepted.owner), (key, &Owner::Processes(me().into())));
}

#[test]
fn udp_with_and_without_a_peer() {
    let _alone = alone();
    let open = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let connected = UdpSocket::bind((Ipv6Addr::LOCALHOST, 0)).unwrap();
    connected.connect((Ipv6Addr::LOCALHOST, 9)).unwrap();
    let looker = Looker::new();
    let row = looker.udp(open.local_addr().unwrap());
    assert_eq!((row.state, row.is_listener()), (None, true));
    assert_eq!(row.owner, Owner::Processes(me().into()));
    let peer = (Ipv6Addr::LOCALHOST, 9).into();
    let row = looker.find(Protocol::Udp, connected.local_addr().unwrap(), Some(peer)).unwrap();
    assert_eq!((row.family, row.is_listener()), (Family::V6, false));
}

/// A listener of IPv6 on every address, with or without `IPV6_V6ONLY`.
fn listen_v6(only: bool) -> TcpListener {
    let listener = socket(AddressFamily::INET6, SocketType::STREAM, None).unwrap();
    sockopt::set_ipv6_v6only(&listener, only).unwrap();
    bind(&listener, &SocketAddrV6::new(Ipv6Addr::UNSPECIFIED, 0, 0, 0)).unwrap();
    listen(&listener, 7).unwrap();
    listener.into()
}

#[test]
fn ipv6_that_serves_ipv4_says_so() {
    let _alone = alone();
    let (both, only) = (listen_v6(false), listen_v6(true));
    let server = (Ipv4Addr::LOCALHOST, both.local_addr().unwrap().port()).into();
    let stream = TcpStream::connect(server).unwrap();
    let client = stream.local_addr().unwrap();
    let udp = UdpSocket::bind((Ipv6Addr::UNSPECIFIED, 0)).unwrap();
    let looker = Looker::new();

    let row = looker.listener(both.local_addr().unwrap());
    assert_eq!((row.family, row.dual_stack, row.queues.map(|queues| queues.send)), (Family::V6, true, Some(7)));
    assert!(!looker.listener(only.local_addr().unwrap()).dual_stack);
    // Found by its IPv4 ends, though it is a socket of IPv6.
    let mapped = looker.tcp(server, client);
    assert_eq!((mapped.family, mapped.dual_stack), (Family::V6, true));
    assert_eq!((looker.tcp(client, server).family, looker.tcp(client, server).dual_stack), (Family::V4, false));
    assert!(looker.udp(udp.local_addr().unwrap()).dual_stack);
}

#[test]
fn a_connection_closed_half_way_and_then_whole() {
    let _alone = alone();
    let (listener, server, stream, client) = dialled();
    let (accepted, _) = listener.accept().unwrap();
    let mut looker = Looker::new();

    stream.shutdown(std::net::Shutdown::Write).unwrap();
    looker.until_state(server, client, TcpState::CloseWait);
    looker.until_state(client, server, TcpState::FinWait2);
    assert_eq!(looker.tcp(client, server).owner, Owner::Processes(me().into()));
    assert_eq!(looker.tcp(server, client).owner, Owner::Processes(me().into()));

    drop(accepted);
    drop(stream);
    looker.until_state(client, server, TcpState::TimeWait);
    let left = looker.tcp(client, server);
    assert_eq!((&left.owner, left.uid), (&Owner::Kernel(Holders::NOBODY), None));
    let first = left.time_wait_until.unwrap();
    looker.look();
    assert_eq!(looker.tcp(client, server).time_wait_until, Some(first), "told once, does not run");
    looker.until("the other end is gone", |looker| looker.find(Protocol::Tcp, server, Some(client)).is_none());
}

#[test]
fn each_difference_is_told_once() {
    let _alone = alone();
    let mut looker = Looker::new();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let local = listener.local_addr().unwrap();
    let sample = looker.look();
    let opened = told(&sample, local);
    assert!(matches!(opened[..], [Change::Opened(socket)] if pids(&socket.owner) == [me().pid]), "{opened:?}");
    let key = looker.listener(local).key;
    drop(listener);
    let sample = looker.look();
    assert!(sample.changes.contains(&Change::Closed(key)));
    assert!(sample.troubles.is_empty(), "{:?}", sample.troubles);
    assert!(!looker.look().changes.contains(&Change::Closed(key)));
}

#[test]
fn what_did_not_change_is_not_told() {
    let _alone = alone();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let local = listener.local_addr().unwrap();
    let mut looker = Looker::new();
    for _ in 0..5 {
        let sample = looker.look();
        assert!(told(&sample, local).is_empty(), "{sample:?}");
    }
    assert_eq!(looker.listener(local).state, Some(TcpState::Listen));
}

/// The kernel lists a chain of sockets in parts and finds its place again by counting: a socket that stays is skipped when
/// one before it in its chain goes between two parts.
#[test]
fn a_socket_that_stays_never_looks_closed() {
    let _alone = alone();
    let mut port = 0;
    let mut open = |net: u8, last: u8| {
        let socket = UdpSocket::bind((Ipv4Addr::new(127, net, 0, last), port)).unwrap();
        port = socket.local_addr().unwrap().port();
        socket
    };
    // All of one port, so that all are in one chain, and enough for several parts.
    let stay: Vec<UdpSocket> = (0..200).map(|last| open(1, last)).collect();
    let last: IpAddr = Ipv4Addr::new(127, 1, 255, 255).into();
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                let _pass: Vec<_> =
                    (0..150).map(|last| UdpSocket::bind((Ipv4Addr::new(127, 2, 0, last), port))).collect();
            }
        });
        let mut looker = Looker::new();
        let mut least = stay.len();
        for _ in 0..60 {
            looker.look();
            let shown = looker.sockets.values().filter(|row| row.local.port == port && row.local.ip <= last);
            least = least.min(shown.count());
        }
        stop.store(true, Ordering::Relaxed);
        assert_eq!(least, stay.len());
    });
}

#[test]
fn bytes_that_wait_are_counted() {
    let _alone = alone();
    let udp = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let mut looker = Looker::new();
    udp.send_to(&[0; 100], udp.local_addr().unwrap()).unwrap();
    looker.look();
    let row = looker.udp(udp.local_addr().unwrap());
    assert!(row.queues.is_some_and(|queues| queues.receive >= 100), "{row:?}");
}

#[test]
fn the_text_tables_show_the_same_sockets() {
    let _alone = alone();
    let (listener, server, _stream, client) = dialled();
    let _accepted = listener.accept().unwrap();
    let udp = UdpSocket::bind((Ipv6Addr::LOCALHOST, 0)).unwrap();
    let mut text = Looker::with(Sockets::from_text());
    let sample = text.look();
    assert!(sample.troubles.contains(&Trouble::NetlinkRefused));
    let native = Looker::new();
    for (protocol, local, remote) in [
        (Protocol::Tcp, server, None),
        (Protocol::Tcp, server, Some(client)),
        (Protocol::Tcp, client, Some(server)),
        (Protocol::Udp, udp.local_addr().unwrap(), None),
    ] {
        let essence = |looker: &Looker| {
            let row = looker.find(protocol, local, remote).unwrap().clone();
            (row.family, row.state, row.owner.holders().contains(&me()), row.uid)
        };
        assert_eq!(essence(&text), essence(&native));
        assert!(essence(&native).2);
    }
}
