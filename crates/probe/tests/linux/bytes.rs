//! What went through a connection is told when it is over, whoever closed it.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, Shutdown, TcpListener, TcpStream};
use std::time::Duration;

use quaymaster_core::{Bytes, Holders, Owner, SocketKey, TcpState};
use quaymaster_probe::linux::Sockets;
use rustix::net::sockopt::{set_socket_linger, set_socket_send_buffer_size};

use crate::looker::{Looker, alone};

const ASKED: usize = 5_000;
const ANSWERED: usize = 70_001;
/// What the client has to say of it, and what the server.
const BYTES: [Bytes; 2] =
    [Bytes { received: ANSWERED as u64, sent: ASKED as u64 }, Bytes { received: ASKED as u64, sent: ANSWERED as u64 }];

const LOCALHOST: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// A question and its answer, that a look has seen.
struct Exchange {
    looker: Looker,
    client: TcpStream,
    server: TcpStream,
    /// The client's row, and the server's.
    keys: [SocketKey; 2],
    listener: TcpListener,
}

fn exchange(source: Sockets, ip: IpAddr) -> Exchange {
    let listener = TcpListener::bind((ip, 0)).unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let server = listener.accept().unwrap().0;
    say(&client, &server, ASKED);
    say(&server, &client, ANSWERED);
    let looker = Looker::with(source);
    let ends = [client.local_addr().unwrap(), server.local_addr().unwrap()];
    let keys = [looker.tcp(ends[0], ends[1]).key, looker.tcp(ends[1], ends[0]).key];
    Exchange { looker, client, server, keys, listener }
}

fn say(mut from: &TcpStream, mut to: &TcpStream, bytes: usize) {
    std::thread::scope(|scope| {
        scope.spawn(move || from.write_all(&vec![7; bytes]).unwrap());
        to.read_exact(&mut vec![0; bytes]).unwrap();
    });
}

/// Reads until the other end has closed.
fn hear_the_end(mut of: &TcpStream) {
    assert_eq!(of.read(&mut [0]).unwrap(), 0);
}

impl Looker {
    /// Looks until these are counted: what they are.
    fn count(&mut self, keys: [SocketKey; 2]) -> [Bytes; 2] {
        // The kernel waits up to 40 ms with an acknowledgement.
        self.until_soon("bytes", |looker| keys.iter().all(|key| looker.counted.contains_key(key)));
        keys.map(|key| self.counted[&key])
    }

    fn until_soon(&mut self, what: &str, wanted: impl Fn(&Self) -> bool) {
        for _ in 0..1_000 {
            if wanted(self) {
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
            self.glance();
            self.look();
        }
        panic!("never came: {what}");
    }
}

/// `client_first`: who closes first. `watched`: looks are taken in between.
fn closed(ip: IpAddr, client_first: bool, watched: bool) -> [Bytes; 2] {
    let Exchange { mut looker, client, server, keys, listener: _listener } = exchange(Sockets::new(), ip);
    let (first, second) = if client_first { (client, server) } else { (server, client) };
    drop(first);
    hear_the_end(&second);
    if watched {
        // One shows what the kernel alone holds, or what is left of it, perhaps before it is announced.
        looker.look();
        looker.glance();
        looker.look();
    }
    drop(second);
    looker.look();
    looker.count(keys)
}

#[test]
fn whoever_closes_first() {
    let _alone = alone();
    for ip in [LOCALHOST, Ipv6Addr::LOCALHOST.into()] {
        for client_first in [true, false] {
            for watched in [true, false] {
                let what = format!("{ip}, client first: {client_first}, watched: {watched}");
                assert_eq!(closed(ip, client_first, watched), BYTES, "{what}");
            }
        }
    }
}

/// Neither end reads that the other has closed.
#[test]
fn both_close_at_once() {
    let _alone = alone();
    let Exchange { mut looker, client, server, keys, listener: _listener } = exchange(Sockets::new(), LOCALHOST);
    drop((server, client));
    assert_eq!(looker.count(keys), BYTES);
}

/// The kernel goes on sending what a program left to it: that is counted too, once the connection has really ended.
#[test]
fn what_is_still_on_its_way_when_a_program_closes() {
    const MORE: usize = 1 << 20;
    let _alone = alone();
    let Exchange { mut looker, client, mut server, keys, listener: _listener } = exchange(Sockets::new(), LOCALHOST);
    set_socket_send_buffer_size(&server, 2 * MORE).unwrap();
    server.set_nonblocking(true).unwrap();
    // More than the other end takes without reading.
    let mut sent = 0;
    while let Ok(more) = server.write(&[7; MORE]) {
        sent += more;
    }
    drop(server);
    looker.look();
    let row = &looker.sockets[&keys[1]];
    assert_eq!((row.state, &row.owner), (Some(TcpState::FinWait1), &Owner::Kernel(Holders::NOBODY)));
    assert!(looker.counted.is_empty());
    assert_eq!((&client).read_to_end(&mut Vec::new()).unwrap(), sent);
    drop(client);
    let more = u64::try_from(sent).unwrap();
    let [of_client, of_server] = BYTES;
    let of_client = Bytes { received: of_client.received + more, ..of_client };
    assert_eq!(looker.count(keys), [of_client, Bytes { sent: of_server.sent + more, ..of_server }]);
}

/// A reset has no FIN that would have to be taken off. Whoever resets by `SO_LINGER` has forgotten all when it is announced.
#[test]
fn a_connection_that_was_reset() {
    let _alone = alone();
    let Exchange { mut looker, mut client, server, keys, listener: _listener } = exchange(Sockets::new(), LOCALHOST);
    set_socket_linger(&server, Some(Duration::ZERO)).unwrap();
    drop(server);
    assert_eq!(client.read(&mut [0]).unwrap_err().kind(), ErrorKind::ConnectionReset);
    drop(client);
    assert_eq!(looker.count([keys[0]; 2])[0], BYTES[0]);
    looker.until("both are gone", |looker| !keys.iter().any(|key| looker.sockets.contains_key(key)));
    assert_eq!(looker.counted.get(&keys[1]), None);
}

/// Whoever closes with something unread resets. A look has seen who closed first: a FIN that came is no byte, and none came back.
#[test]
fn a_connection_that_was_reset_after_its_other_end_had_closed() {
    let _alone = alone();
    let Exchange { mut looker, mut client, server, keys, listener: _listener } = exchange(Sockets::new(), LOCALHOST);
    client.write_all(&[7]).unwrap();
    client.shutdown(Shutdown::Write).unwrap();
    looker.until("half closed", |looker| looker.sockets[&keys[1]].state == Some(TcpState::CloseWait));
    drop((server, client));
    let [of_client, of_server] = BYTES;
    let more =
        [Bytes { sent: of_client.sent + 1, ..of_client }, Bytes { received: of_server.received + 1, ..of_server }];
    assert_eq!(looker.count(keys), more);
}

/// Where nobody announces anything, nothing is counted, and closings are told as ever.
#[test]
fn the_text_tables_count_nothing() {
    let _alone = alone();
    let Exchange { mut looker, client, server, keys, listener: _listener } = exchange(Sockets::from_text(), LOCALHOST);
    drop(client);
    hear_the_end(&server);
    drop(server);
    looker.until("both are gone", |looker| !keys.iter().any(|key| looker.sockets.contains_key(key)));
    assert!(looker.counted.is_empty());
}
