//! Between two looks: listeners alone, and what the kernel has counted of a connection.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream, UdpSocket};

use quaymaster_core::{Change, Gap, Owner, Sample, SocketKey, TcpState, UnixMillis};
use quaymaster_probe::SocketSource as _;
use quaymaster_probe::linux::Sockets;

use crate::looker::{Looker, alone, me, told};

fn between(looker: &mut Looker) -> Sample {
    looker.source.listeners(UnixMillis(1_700_000_000_500)).unwrap()
}

#[test]
fn a_listener_is_told_with_its_owner_and_only_once() {
    let _alone = alone();
    let mut looker = Looker::new();
    let tcp = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let udp = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let sample = between(&mut looker);
    for at in [tcp.local_addr().unwrap(), udp.local_addr().unwrap()] {
        let [Change::Opened(socket)] = told(&sample, at)[..] else { panic!("{at}: {sample:?}") };
        assert_eq!(socket.owner, Owner::Processes(me().into()));
        assert!(told(&between(&mut looker), at).is_empty());
        assert!(told(&looker.source.look(UnixMillis(1_700_000_001_000)), at).is_empty());
    }
}

#[test]
fn the_end_of_a_listener_is_told_and_only_once() {
    let _alone = alone();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let mut looker = Looker::new();
    let key = looker.listener(listener.local_addr().unwrap()).key;
    drop(listener);
    let closes = |sample: &Sample| sample.changes.contains(&Change::Closed(key));
    // The kernel announces it a moment later (a work queue).
    assert!((0..1_000).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(5));
        closes(&between(&mut looker))
    }));
    assert!(!closes(&looker.source.look(UnixMillis(1_700_000_001_000))));
}

/// A connection's row goes over to what the kernel keeps of it, which only a whole look shows: until then it stays.
#[test]
fn a_connection_is_not_told_closed_between_two_looks() {
    let _alone = alone();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let accepted = listener.accept().unwrap().0;
    let (at, of) = (client.local_addr().unwrap(), listener.local_addr().unwrap());
    let mut looker = Looker::new();
    // Who closes second leaves nothing behind.
    let key = looker.tcp(of, at).key;
    drop((client, accepted));
    for _ in 0..20 {
        std::thread::sleep(std::time::Duration::from_millis(5));
        assert!(!between(&mut looker).changes.contains(&Change::Closed(key)));
    }
    let whole = looker.source.look(UnixMillis(1_700_000_001_000));
    assert!(whole.changes.contains(&Change::Closed(key)), "{whole:?}");
}

#[test]
fn before_the_first_look_and_without_netlink_there_is_no_such_way() {
    assert_eq!(Sockets::new().listeners(UnixMillis(1)), None);
    let mut text = Sockets::from_text();
    text.look(UnixMillis(1));
    assert_eq!(text.listeners(UnixMillis(2)), None);
}

#[test]
fn bytes_are_counted_at_both_ends() {
    let _alone = alone();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let mut client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let mut accepted = listener.accept().unwrap().0;
    client.write_all(&[7; 5_000]).unwrap();
    accepted.read_exact(&mut [0; 5_000]).unwrap();
    accepted.write_all(&[7; 300]).unwrap();
    client.read_exact(&mut [0; 300]).unwrap();
    let udp = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();

    let mut looker = Looker::new();
    let (at, of) = (client.local_addr().unwrap(), listener.local_addr().unwrap());
    let ends = [looker.tcp(at, of).key, looker.tcp(of, at).key];
    let others = [looker.listener(of).key, looker.udp(udp.local_addr().unwrap()).key, SocketKey::Cookie(u64::MAX)];
    let keys: Vec<SocketKey> = ends.into_iter().chain(others).collect();
    // Few are asked for one by one, many by listing all.
    for times in [1, 200] {
        let counted = looker.source.counters(&keys.repeat(times));
        assert_eq!(counted.len(), keys.len() * times);
        let [mine, theirs, rest @ ..] = &counted[counted.len() - keys.len()..] else { panic!("{counted:?}") };
        let (mine, theirs) = (mine.unwrap(), theirs.unwrap());
        assert_eq!((mine.sent, mine.received), (5_000, 300));
        assert_eq!((theirs.sent, theirs.received), (300, 5_000));
        assert!(mine.round_trip.is_some());
        assert_eq!(rest, [Err(Gap::Unsupported), Err(Gap::Unsupported), Err(Gap::Gone)]);
    }
}

/// A connection over which nothing has gone shows nothing: neither its SYN nor its FIN is a byte.
#[test]
fn what_opens_and_closes_a_connection_is_no_byte() {
    let _alone = alone();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (at, of) = (client.local_addr().unwrap(), listener.local_addr().unwrap());
    let _accepted = listener.accept().unwrap();
    client.shutdown(std::net::Shutdown::Write).unwrap();
    let mut looker = Looker::new();
    looker.until_state(of, at, TcpState::CloseWait);
    let keys = [looker.tcp(at, of).key, looker.tcp(of, at).key];
    for counted in looker.source.counters(&keys) {
        let counted = counted.unwrap();
        assert_eq!((counted.sent, counted.received), (0, 0));
    }
}
