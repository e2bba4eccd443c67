//! The real computer: what went through a connection is told with its end or soon after, at both ends, whoever closed it.
//!
//! Linux only: Windows tells nothing of a connection's bytes when it ends.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::HashMap;
use std::io::{Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, Shutdown, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use quaymaster_core::Bytes;
use quaymaster_engine::watch::{Happening, Observers, What};
use quaymaster_engine::{Engine, INTERVALS, Machine};

/// Longer than anything here takes, on a slow machine too.
const LONG: Duration = Duration::from_secs(30);
const ASKED: u16 = 600;
const ANSWERED: u16 = 40_000;

/// An end of a connection by its ports: its own, and the other one's.
type End = (u16, u16);
type Told = Receiver<(What, End, Option<Bytes>)>;

/// Until what is waited for has been told of all these ends.
fn hear(told: &Told, ends: &[End], mut wanted: impl FnMut(What, End, Option<Bytes>) -> bool) {
    let mut open: Vec<End> = ends.to_vec();
    while !open.is_empty() {
        let (what, end, bytes) = told.recv_timeout(LONG).unwrap();
        if ends.contains(&end) && wanted(what, end, bytes) {
            open.retain(|other| *other != end);
        }
    }
}

fn say(mut from: &TcpStream, mut to: &TcpStream, bytes: u16) {
    std::thread::scope(|scope| {
        scope.spawn(move || from.write_all(&vec![7; bytes.into()]).unwrap());
        to.read_exact(&mut vec![0; bytes.into()]).unwrap();
    });
}

#[test]
fn an_exchange_is_told_with_its_bytes() {
    let (tell, told) = channel();
    let listener = Box::new(move |happened: &[Happening]| {
        for one in happened {
            let end = (one.row.socket.local.port, one.row.socket.remote.map_or(0, |remote| remote.port));
            let _ = tell.send((one.what, end, one.bytes));
        }
    });
    let observers = Observers { listeners: vec![listener], ..Observers::default() };
    let _engine = Engine::start_observed(Machine::this(), *INTERVALS.start(), observers).unwrap();

    for ip in [IpAddr::from(Ipv4Addr::LOCALHOST), Ipv6Addr::LOCALHOST.into()] {
        let listener = TcpListener::bind((ip, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        // Closed by the client, by the server, and by the client in two steps, with another conversation each.
        let pairs = [0, 1, 2].map(|_| {
            let client = TcpStream::connect((ip, port)).unwrap();
            (client, listener.accept().unwrap().0)
        });
        let mut expected = HashMap::new();
        for (number, (client, server)) in (0..).zip(&pairs) {
            say(client, server, ASKED + number);
            say(server, client, ANSWERED + number);
            let (asked, answered) = (u64::from(ASKED + number), u64::from(ANSWERED + number));
            let at = client.local_addr().unwrap().port();
            expected.insert((at, port), Bytes { received: answered, sent: asked });
            expected.insert((port, at), Bytes { received: asked, sent: answered });
        }
        let ends: Vec<End> = expected.keys().copied().collect();
        hear(&told, &ends, |what, _, _| what == What::ConnectionOpened);
        let [(client, server), (other_client, other_server), (third_client, mut third_server)] = pairs;
        drop(client);
        drop(server);
        drop(other_server);
        drop(other_client);
        third_client.shutdown(Shutdown::Write).unwrap();
        assert_eq!(third_server.read(&mut [0]).unwrap(), 0);
        drop(third_server);
        // It is left in TIME_WAIT having received a FIN, and nobody can tell it from one that was left before that.
        let undecided = (third_client.local_addr().unwrap().port(), port);
        assert_eq!((&third_client).read(&mut [0]).unwrap(), 0);
        drop(third_client);
        hear(&told, &ends, |what, end, bytes| {
            assert!(matches!((what, bytes), (What::ConnectionClosed, _) | (What::BytesLearnt, Some(_))), "{what:?}");
            if let Some(bytes) = bytes {
                let one_more = Bytes { received: expected[&end].received + 1, ..expected[&end] };
                assert!(bytes == expected[&end] || end == undecided && bytes == one_more, "{end:?}: {bytes:?}");
            }
            bytes.is_some()
        });
    }
}
