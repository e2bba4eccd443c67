//! Tables made of bytes: right ones, cut ones, lying ones.

use std::net::{Ipv4Addr, Ipv6Addr};

use quaymaster_core::Protocol;

use super::*;

/// A table of these rows as the system lays it out, and `slack` bytes behind them.
fn table<Row: Copy>(rows: &[Row], first: usize, slack: usize) -> Vec<u8> {
    let mut bytes = vec![0; first];
    bytes[..4].copy_from_slice(&u32::try_from(rows.len()).unwrap_or(u32::MAX).to_ne_bytes());
    for row in rows {
        let from: *const Row = row;
        // SAFETY: the structures were zeroed before their fields were set, so that all their bytes are initialised.
        bytes.extend(unsafe { std::slice::from_raw_parts(from.cast::<u8>(), size_of::<Row>()) });
    }
    bytes.resize(bytes.len() + slack, 0xa5);
    bytes
}

/// Network byte order in the lower half, rubbish in the upper.
fn port(port: u16) -> u32 {
    0xdead_0000 | u32::from(port.to_be())
}

fn tcp4(local: (Ipv4Addr, u16), remote: (Ipv4Addr, u16), state: u32, pid: u32) -> Tcp4 {
    Tcp4 {
        dwState: state,
        dwLocalAddr: u32::from_ne_bytes(local.0.octets()),
        dwLocalPort: port(local.1),
        dwRemoteAddr: u32::from_ne_bytes(remote.0.octets()),
        dwRemotePort: port(remote.1),
        dwOwningPid: pid,
        liCreateTimestamp: 133_000_000_000_000_001,
        ..Tcp4::default()
    }
}

fn tcp6(local: (Ipv6Addr, u32, u16), remote: (Ipv6Addr, u32, u16), state: u32) -> Tcp6 {
    Tcp6 {
        ucLocalAddr: local.0.octets(),
        dwLocalScopeId: local.1,
        dwLocalPort: port(local.2),
        ucRemoteAddr: remote.0.octets(),
        dwRemoteScopeId: remote.1,
        dwRemotePort: port(remote.2),
        dwState: state,
        dwOwningPid: 7,
        ..Tcp6::default()
    }
}

fn read(which: Table, bytes: &[u8]) -> Option<Vec<Row>> {
    whole(which, bytes).map(|bytes| rows(which, bytes).collect())
}

const HERE: Ipv4Addr = Ipv4Addr::new(192, 168, 1, 2);
const THERE: Ipv4Addr = Ipv4Addr::new(93, 184, 215, 14);

#[test]
fn tcp_over_ipv4() {
    let any = Ipv4Addr::UNSPECIFIED;
    let listener = tcp4((any, 445), (any, 9), 2, 4);
    let connection = tcp4((HERE, 50_000), (THERE, 443), 5, 812);
    let bytes = table(&[listener, connection], TCP4.first, 333);
    let end = |ip: Ipv4Addr, port| Endpoint::new(ip.into(), port);
    let created = 133_000_000_000_000_001;
    let expected = [
        Row { local: end(any, 445), remote: None, state: Some(TcpState::Listen), pid: 4, created },
        Row {
            local: end(HERE, 50_000),
            remote: Some(end(THERE, 443)),
            state: Some(TcpState::Established),
            pid: 812,
            created,
        },
    ];
    assert_eq!(read(Table::Tcp4, &bytes), Some(expected.to_vec()));
}

#[test]
fn tcp_over_ipv6_with_zones_where_they_mean_something() {
    let near = Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 1);
    let bytes = table(
        &[
            tcp6((near, 12, 445), (near, 12, 50_000), 8),
            tcp6((Ipv6Addr::LOCALHOST, 1, 80), (Ipv6Addr::UNSPECIFIED, 0, 0), 3),
            tcp6((HERE.to_ipv6_mapped(), 0, 80), (THERE.to_ipv6_mapped(), 0, 81), 11),
        ],
        TCP6.first,
        0,
    );
    let rows = read(Table::Tcp6, &bytes).unwrap_or_default();
    let said: Vec<_> = rows.iter().map(|row| (row.local, row.remote, row.state)).collect();
    let zoned = |port| Endpoint::new(near.into(), port).in_scope(12);
    assert_eq!(
        said,
        [
            (zoned(445), Some(zoned(50_000)), Some(TcpState::CloseWait)),
            (Endpoint::new(Ipv6Addr::LOCALHOST.into(), 80), None, Some(TcpState::SynSent)),
            (Endpoint::new(HERE.into(), 80), Some(Endpoint::new(THERE.into(), 81)), Some(TcpState::TimeWait)),
        ]
    );
    assert_eq!(zoned(445).scope, 12);
}

#[test]
fn udp_over_both() {
    let four = Udp4 {
        dwLocalAddr: u32::from_ne_bytes(HERE.octets()),
        dwLocalPort: port(53),
        dwOwningPid: 9,
        liCreateTimestamp: 5,
        ..Udp4::default()
    };
    let six = Udp6 {
        ucLocalAddr: Ipv6Addr::UNSPECIFIED.octets(),
        dwLocalPort: port(5353),
        dwOwningPid: 10,
        liCreateTimestamp: 6,
        ..Udp6::default()
    };
    let row = |local, pid, created| Row { local, remote: None, state: None, pid, created };
    assert_eq!(
        read(Table::Udp4, &table(&[four], UDP4.first, 1)),
        Some(vec![row(Endpoint::new(HERE.into(), 53), 9, 5)])
    );
    assert_eq!(
        read(Table::Udp6, &table(&[six], UDP6.first, 0)),
        Some(vec![row(Endpoint::new(Ipv6Addr::UNSPECIFIED.into(), 5353), 10, 6)])
    );
}

#[test]
fn every_state_has_its_name() {
    let names: Vec<&str> = (0..=13).chain([100, -1]).map(|number| state(number).name()).collect();
    assert_eq!(
        names.join(" "),
        "CLOSED CLOSED LISTEN SYN_SENT SYN_RECV ESTABLISHED FIN_WAIT1 FIN_WAIT2 CLOSE_WAIT CLOSING LAST_ACK TIME_WAIT \
         CLOSED CLOSED BOUND CLOSED"
    );
}

#[test]
fn a_count_that_the_bytes_do_not_hold_is_not_believed() {
    let row = tcp4((HERE, 1), (THERE, 2), 5, 3);
    let good = table(&[row, row], TCP4.first, 0);
    for length in 0..good.len() {
        assert_eq!(read(Table::Tcp4, &good[..length]), None, "cut to {length}");
    }
    for which in Table::ALL {
        for count in [3u32, 4, 0x0066_6666, u32::MAX] {
            let mut lie = good.clone();
            lie[..4].copy_from_slice(&count.to_ne_bytes());
            assert_eq!(read(which, &lie), None, "{which:?} of {count}");
        }
        assert_eq!(read(which, &[0; 4]), Some(vec![]), "an empty table is nothing but its count");
        assert_eq!(read(which, &[0; 3]), None);
        // Rows of rubbish are rows still: nothing in them leads anywhere.
        let mut rubbish = vec![0xff; layout(which).first + layout(which).size];
        rubbish[..4].copy_from_slice(&1u32.to_ne_bytes());
        let tcp = which.protocol() == Protocol::Tcp;
        let said = read(which, &rubbish).unwrap_or_default();
        assert_eq!((said.len(), said[0].local.port, said[0].remote.is_some()), (1, 0xffff, tcp));
    }
}
