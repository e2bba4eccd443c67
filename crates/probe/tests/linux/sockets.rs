//! Every kind of socket is shown as what it is, and every difference is told once.

use std::net::{Ipv4Addr, Ipv6Addr, TcpListener, TcpStream, UdpSocket};

use quaymaster_core::{Change, Family, Owner, Protocol, TcpState};
use quaymaster_probe::linux::Sockets;
use rustix::net::{AddressFamily, SocketAddrV6, SocketType, bind, getsockname, listen, socket, sockopt};

use crate::looker::{Looker, me, pids, port, told};

#[test]
fn a_listener_and_both_ends_of_a_connection() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (server, _) = listener.accept().unwrap();
    let (server_port, client_port) = (port(listener.local_addr()), port(client.local_addr()));
    let looker = Looker::new();

    let row = looker.tcp(server_port, TcpState::Listen);
    assert_eq!((row.family, row.dual_stack, row.remote), (Family::V4, false, None));
    assert!(row.is_listener());
    let served = looker.tcp(server_port, TcpState::Established);
    assert_eq!(served.remote.map(|end| end.port), Some(client_port));
    let dialled = looker.tcp(client_port, TcpState::Established);
    assert_eq!(dialled.remote, Some(served.local));
    for row in [row, served, dialled] {
        assert_eq!(row.owner, Owner::Processes(vec![me()]));
        assert_eq!(row.uid, Some(rustix::process::geteuid().as_raw()));
    }
    drop(server);
}

#[test]
fn a_connection_that_waits_to_be_accepted_belongs_to_the_kernel() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let _client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let port = port(listener.local_addr());
    let mut looker = Looker::new();
    let waiting = looker.tcp(port, TcpState::Established);
    assert_eq!((&waiting.owner, waiting.uid), (&Owner::Kernel(Vec::new()), None));
    assert_eq!(looker.tcp(port, TcpState::Listen).queues.map(|queues| queues.receive), Some(1));

    let key = waiting.key;
    let _accepted = listener.accept().unwrap();
    looker.look();
    let accepted = looker.tcp(port, TcpState::Established);
    assert_eq!((accepted.key, &accepted.owner), (key, &Owner::Processes(vec![me()])));
}

#[test]
fn udp_with_and_without_a_peer() {
    let open = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let connected = UdpSocket::bind((Ipv6Addr::LOCALHOST, 0)).unwrap();
    connected.connect((Ipv6Addr::LOCALHOST, 9)).unwrap();
    let looker = Looker::new();
    let rows = looker.on(Protocol::Udp, port(open.local_addr()));
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].state, rows[0].remote, rows[0].is_listener()), (None, None, true));
    assert_eq!(rows[0].owner, Owner::Processes(vec![me()]));
    let rows = looker.on(Protocol::Udp, port(connected.local_addr()));
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].family, rows[0].remote.map(|end| end.port)), (Family::V6, Some(9)));
    assert!(!rows[0].is_listener());
}

/// A listener of IPv6 on every address, with or without `IPV6_V6ONLY`.
fn listen_v6(only: bool) -> (std::os::fd::OwnedFd, u16) {
    let listener = socket(AddressFamily::INET6, SocketType::STREAM, None).unwrap();
    sockopt::set_ipv6_v6only(&listener, only).unwrap();
    bind(&listener, &SocketAddrV6::new(Ipv6Addr::UNSPECIFIED, 0, 0, 0)).unwrap();
    listen(&listener, 7).unwrap();
    let address = SocketAddrV6::try_from(getsockname(&listener).unwrap()).unwrap();
    (listener, address.port())
}

#[test]
fn ipv6_that_serves_ipv4_says_so() {
    let (_both, both_port) = listen_v6(false);
    let (_only, only_port) = listen_v6(true);
    let client = TcpStream::connect((Ipv4Addr::LOCALHOST, both_port)).unwrap();
    let client_port = port(client.local_addr());
    let udp = UdpSocket::bind((Ipv6Addr::UNSPECIFIED, 0)).unwrap();
    let looker = Looker::new();

    let row = looker.tcp(both_port, TcpState::Listen);
    assert_eq!((row.family, row.dual_stack, row.queues.map(|queues| queues.send)), (Family::V6, true, Some(7)));
    assert!(!looker.tcp(only_port, TcpState::Listen).dual_stack);
    let mapped = looker.tcp(both_port, TcpState::Established);
    assert_eq!((mapped.family, mapped.dual_stack), (Family::V6, true));
    assert_eq!((mapped.local.ip, mapped.remote.map(|end| end.port)), (Ipv4Addr::LOCALHOST.into(), Some(client_port)));
    assert_eq!(looker.tcp(client_port, TcpState::Established).family, Family::V4);
    assert!(looker.on(Protocol::Udp, port(udp.local_addr()))[0].dual_stack);
}

#[test]
fn a_connection_closed_half_way_and_then_whole() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (server, _) = listener.accept().unwrap();
    let (server_port, client_port) = (port(listener.local_addr()), port(client.local_addr()));
    let mut looker = Looker::new();

    client.shutdown(std::net::Shutdown::Write).unwrap();
    looker.until("CLOSE_WAIT", |looker| has(looker, server_port, TcpState::CloseWait));
    looker.until("FIN_WAIT2", |looker| has(looker, client_port, TcpState::FinWait2));
    assert_eq!(looker.tcp(client_port, TcpState::FinWait2).owner, Owner::Processes(vec![me()]));
    assert_eq!(looker.tcp(server_port, TcpState::CloseWait).owner, Owner::Processes(vec![me()]));

    drop(server);
    drop(client);
    looker.until("TIME_WAIT", |looker| has(looker, client_port, TcpState::TimeWait));
    let left = looker.tcp(client_port, TcpState::TimeWait);
    assert_eq!((&left.owner, left.uid), (&Owner::Kernel(Vec::new()), None));
    let first = left.time_wait_until.unwrap();
    looker.look();
    assert_eq!(looker.tcp(client_port, TcpState::TimeWait).time_wait_until, Some(first), "told once, does not run");
    assert_eq!(looker.on(Protocol::Tcp, client_port).len(), 1);
    assert!(looker.on(Protocol::Tcp, server_port).iter().all(|socket| socket.is_listener()));
}

fn has(looker: &Looker, port: u16, state: TcpState) -> bool {
    looker.on(Protocol::Tcp, port).iter().any(|socket| socket.state == Some(state))
}

#[test]
fn each_difference_is_told_once() {
    let mut looker = Looker::new();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = port(listener.local_addr());
    let sample = looker.look();
    let opened = told(&sample, port);
    assert!(matches!(opened[..], [Change::Opened(socket)] if pids(&socket.owner) == [me().pid]), "{opened:?}");
    assert!(told(&looker.look(), port).is_empty(), "nothing changed");
    let key = looker.tcp(port, TcpState::Listen).key;
    drop(listener);
    let sample = looker.look();
    assert!(sample.changes.contains(&Change::Closed(key)));
    assert!(sample.troubles.is_empty(), "{:?}", sample.troubles);
    assert!(!looker.look().changes.contains(&Change::Closed(key)));
}

#[test]
fn bytes_that_wait_are_counted() {
    let udp = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let mut looker = Looker::new();
    udp.send_to(&[0; 100], udp.local_addr().unwrap()).unwrap();
    looker.look();
    let rows = looker.on(Protocol::Udp, port(udp.local_addr()));
    assert!(rows[0].queues.is_some_and(|queues| queues.receive >= 100), "{rows:?}");
}

#[test]
fn the_text_tables_show_the_same_sockets() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let _server = listener.accept().unwrap();
    let udp = UdpSocket::bind((Ipv6Addr::LOCALHOST, 0)).unwrap();
    let mut text = Looker::with(Sockets::from_text());
    let sample = text.look();
    assert!(sample.troubles.contains(&quaymaster_core::Trouble::NetlinkRefused));
    let native = Looker::new();
    for (protocol, port) in [
        (Protocol::Tcp, port(listener.local_addr())),
        (Protocol::Tcp, port(client.local_addr())),
        (Protocol::Udp, port(udp.local_addr())),
    ] {
        let essence = |looker: &Looker| {
            let mut rows: Vec<_> = looker.on(protocol, port).into_iter().cloned().collect();
            rows.sort_by_key(|row| (row.state, row.remote));
            rows.into_iter()
                .map(|row| (row.family, row.local, row.remote, row.state, row.owner, row.uid))
                .collect::<Vec<_>>()
        };
        assert_eq!(essence(&text), essence(&native));
        assert!(!essence(&text).is_empty());
    }
}
