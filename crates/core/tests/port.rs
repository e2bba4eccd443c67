//! Who holds a port, and who only looks as if.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod common;

use common::{Watch, connected, end, held, key, listen, named, tcp, udp};
use quaymaster_core::port::{Client, Reach, Standing, answer, reach};
use quaymaster_core::{Holders, Owner, OwnerGap, Protocol, Socket, TcpState, UnixMillis};

fn programs(clients: &[Client]) -> Vec<(Option<&str>, String, usize)> {
    fn name(client: &Client) -> Option<&str> {
        client.program.as_ref().and_then(|known| known.as_deref().ok())
    }
    clients.iter().map(|client| (name(client), client.address.to_string(), client.connections)).collect()
}

#[test]
fn a_proxy_its_local_clients_and_its_own_connections() {
    let mut watch = Watch::on([
        listen(1, "127.0.0.1:7897", 10),
        udp(2, "0.0.0.0:7897", None, held(10)),
        connected(3, "127.0.0.1:7897", "127.0.0.1:50000", 10),
        connected(4, "127.0.0.1:50000", "127.0.0.1:7897", 20),
        connected(5, "127.0.0.1:7897", "127.0.0.1:50001", 10),
        connected(6, "127.0.0.1:50001", "127.0.0.1:7897", 20),
        connected(7, "192.168.0.5:40000", "223.5.5.5:443", 10),
        tcp(8, TcpState::TimeWait, "127.0.0.1:7897", Some("127.0.0.1:50002"), Owner::Kernel(Holders::NOBODY)),
    ]);
    watch.table.learn(named(10, "verge-mihomo", None));
    watch.table.learn(named(20, "msedge", None));
    let answer = answer(&watch.table, 7897);
    assert_eq!(answer.standing, Standing::Held);
    assert_eq!(answer.holders.len(), 1);
    assert_eq!((answer.holders[0].process, answer.holders[0].sockets.len()), (Ok(key(10)), 2));
    assert_eq!((answer.holders[0].reach, answer.holders[0].already_open), (Reach::Everywhere, true));
    assert_eq!(programs(&answer.clients), [(Some("msedge"), "127.0.0.1".into(), 2)]);
    assert_eq!(answer.clients[0].processes, [key(20)]);
    assert_eq!((answer.connections, answer.lingering, answer.users.len(), answer.outgoing), (2, 1, 0, 0));
}

/// A server that is busy or stopped accepts nobody; its clients are connected all the same, and nothing of theirs is closed.
#[test]
fn who_waits_to_be_accepted_is_a_client() {
    let waiting =
        |number, state, remote| tcp(number, state, "127.0.0.1:80", Some(remote), Owner::Kernel(Holders::NOBODY));
    let mut watch = Watch::on([
        listen(1, "127.0.0.1:80", 10),
        waiting(2, TcpState::Established, "127.0.0.1:50000"),
        connected(3, "127.0.0.1:50000", "127.0.0.1:80", 20),
        waiting(4, TcpState::CloseWait, "127.0.0.1:50001"),
        waiting(5, TcpState::FinWait2, "127.0.0.1:50002"),
    ]);
    watch.table.learn(named(20, "curl", None));
    let answer = answer(&watch.table, 80);
    assert_eq!((answer.connections, answer.lingering), (2, 1));
    assert!(programs(&answer.clients).contains(&(Some("curl"), "127.0.0.1".into(), 1)));
}

/// The classic mistake of port killers: to take the one who calls for the one who is called.
#[test]
fn a_client_is_never_a_holder() {
    let watch = Watch::on([
        connected(1, "192.168.0.5:7897", "223.5.5.5:443", 10),
        connected(2, "192.168.0.5:5", "9.9.9.9:7897", 11),
    ]);
    let answer = answer(&watch.table, 7897);
    assert_eq!((answer.standing, answer.holders.len()), (Standing::ClientPort, 0));
    assert_eq!((answer.users[0].process, answer.outgoing), (Ok(key(10)), 1));
}

#[test]
fn several_holders_do_not_collapse_to_one() {
    let both = Owner::Processes(vec![key(10), key(11)].into());
    let watch = Watch::on([
        tcp(1, TcpState::Listen, "0.0.0.0:80", None, both),
        listen(2, "[::1]:80", 12),
        udp(3, "10.0.0.1:80", None, held(13)),
        tcp(4, TcpState::Listen, "127.0.0.2:80", None, Owner::Unknown(OwnerGap::OtherUser)),
    ]);
    let answer = answer(&watch.table, 80);
    let holders: Vec<_> = answer.holders.iter().map(|holder| (holder.process, holder.reach)).collect();
    let expected = [
        (Ok(key(10)), Reach::Everywhere),
        (Ok(key(11)), Reach::Everywhere),
        (Ok(key(12)), Reach::ThisComputer),
        (Err(OwnerGap::OtherUser), Reach::ThisComputer),
        (Ok(key(13)), Reach::LocalNetwork),
    ];
    assert_eq!(holders, expected);
}

#[test]
fn clients_from_other_computers_go_by_address_and_by_an_ipv6_listener_too() {
    let dual = Socket { dual_stack: true, ..listen(1, "[::]:443", 10) };
    let watch = Watch::on([
        dual,
        connected(2, "10.0.0.1:443", "10.0.0.7:1000", 10),
        connected(3, "10.0.0.1:443", "10.0.0.7:1001", 11),
        connected(4, "[fd00::1]:443", "[fd00::2]:1", 10),
        tcp(5, TcpState::SynRecv, "10.0.0.1:443", Some("10.0.0.9:1"), Owner::Kernel(Holders::NOBODY)),
    ]);
    let answer = answer(&watch.table, 443);
    let expected = [(None, "10.0.0.7".into(), 2), (None, "10.0.0.9".into(), 1), (None, "fd00::2".into(), 1)];
    assert_eq!(programs(&answer.clients), expected);
    assert_eq!((answer.connections, answer.users.len(), answer.lingering), (4, 0, 0));
}

#[test]
fn a_datagram_client_here_is_named() {
    let mut watch = Watch::on([
        udp(1, "0.0.0.0:5353", None, held(10)),
        udp(2, "127.0.0.1:6000", Some("127.0.0.1:5353"), held(20)),
        udp(3, "10.0.0.1:6001", Some("8.8.8.8:5353"), held(21)),
    ]);
    watch.table.learn(named(20, "resolver", None));
    let answer = answer(&watch.table, 5353);
    assert_eq!(programs(&answer.clients), [(Some("resolver"), "127.0.0.1".into(), 1)]);
    assert_eq!((answer.clients[0].protocol, answer.outgoing), (Protocol::Udp, 1));
}

/// A server that answers every client from a socket of its own (QUIC, game servers) is still one holder, and no connection
/// is counted at both of its ends.
#[test]
fn a_datagram_connection_is_counted_once() {
    let mut watch = Watch::on([
        udp(1, "0.0.0.0:4433", None, held(10)),
        udp(2, "127.0.0.1:4433", Some("127.0.0.1:6000"), held(10)),
        udp(3, "127.0.0.1:6000", Some("127.0.0.1:4433"), held(20)),
        udp(4, "10.0.0.1:6001", Some("10.0.0.1:4433"), held(20)),
        udp(5, "10.0.0.1:4433", Some("10.0.0.7:9"), held(10)),
    ]);
    watch.table.learn(named(20, "player", None));
    let answer = answer(&watch.table, 4433);
    assert_eq!(answer.holders.len(), 1);
    let expected = [(Some("player"), "127.0.0.1".into(), 2), (None, "10.0.0.7".into(), 1)];
    assert_eq!(programs(&answer.clients), expected);
    assert_eq!((answer.connections, answer.users.len(), answer.outgoing), (3, 0, 0));
}

#[test]
fn an_end_here_that_is_not_listed_is_a_gap_not_another_computer() {
    let watch = Watch::on([
        listen(1, "0.0.0.0:80", 10),
        connected(2, "192.168.0.5:80", "192.168.0.5:50000", 10),
        connected(3, "192.168.0.5:50001", "192.168.0.5:80", 20),
    ]);
    let answer = answer(&watch.table, 80);
    assert_eq!(answer.clients[0].program, Some(Err(OwnerGap::NotReported)));
    assert_eq!(answer.outgoing, 0);
}

#[test]
fn a_program_on_the_same_number_at_another_address_is_no_client() {
    let watch = Watch::on([listen(1, "127.0.0.1:5000", 10), connected(2, "192.168.0.5:5000", "223.5.5.5:443", 20)]);
    let answer = answer(&watch.table, 5000);
    assert_eq!((answer.holders.len(), answer.connections), (1, 0));
    assert_eq!(answer.users[0].process, Ok(key(20)));
}

#[test]
fn a_socket_that_is_only_bound_holds_the_port_and_what_was_called_elsewhere_is_over() {
    let watch = Watch::on([
        tcp(1, TcpState::Closed, "0.0.0.0:5000", None, held(10)),
        tcp(2, TcpState::TimeWait, "10.0.0.1:9", Some("223.5.5.5:5000"), Owner::Kernel(Holders::NOBODY)),
    ]);
    let answer = answer(&watch.table, 5000);
    assert_eq!((answer.standing, answer.outgoing), (Standing::Held, 0));
}

#[test]
fn only_remainders_linger_and_nothing_is_free() {
    let rest = |number, remote, until| Socket {
        time_wait_until: until,
        ..tcp(number, TcpState::TimeWait, "127.0.0.1:80", Some(remote), Owner::Kernel(Holders::NOBODY))
    };
    let watch = Watch::on([
        rest(1, "127.0.0.1:5", Some(UnixMillis(70))),
        rest(2, "127.0.0.1:6", Some(UnixMillis(90))),
        rest(3, "127.0.0.1:7", Some(UnixMillis(80))),
    ]);
    let lingering = answer(&watch.table, 80);
    assert_eq!((lingering.standing, lingering.lingering), (Standing::Lingering, 3));
    assert_eq!(lingering.lingering_until, Some(UnixMillis(90)));
    let unknown = Watch::on([rest(1, "127.0.0.1:5", Some(UnixMillis(70))), rest(2, "127.0.0.1:6", None)]);
    assert_eq!(answer(&unknown.table, 80).lingering_until, None, "half a knowledge is none");
    assert_eq!(answer(&watch.table, 81).standing, Standing::Free);
}

#[test]
fn reach_goes_by_the_address() {
    for (address, expected) in [
        ("127.0.0.1:1", Reach::ThisComputer),
        ("127.8.8.8:1", Reach::ThisComputer),
        ("[::1]:1", Reach::ThisComputer),
        ("[::ffff:127.0.0.1]:1", Reach::ThisComputer),
        ("192.168.1.5:1", Reach::LocalNetwork),
        ("172.16.0.1:1", Reach::LocalNetwork),
        ("169.254.3.3:1", Reach::LocalNetwork),
        ("100.64.0.1:1", Reach::LocalNetwork),
        ("224.0.0.251:1", Reach::LocalNetwork),
        ("[fe80::1]:1", Reach::LocalNetwork),
        ("[fd12::1]:1", Reach::LocalNetwork),
        ("0.0.0.0:1", Reach::Everywhere),
        ("[::]:1", Reach::Everywhere),
        ("203.0.113.5:1", Reach::Everywhere),
        ("172.32.0.1:1", Reach::Everywhere),
    ] {
        assert_eq!(reach(end(address).ip), expected, "{address}");
    }
}
