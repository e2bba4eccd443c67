//! What this computer's settings say of ports.

use std::net::{Ipv4Addr, Ipv6Addr, TcpListener, UdpSocket};

use quaymaster_core::port::PortSettings;
use quaymaster_core::{Family, Gap, Protocol};
use quaymaster_probe::port_settings;

use crate::wine::lacks;

/// A port that the system chose itself.
fn handed_out(protocol: Protocol, family: Family) -> u16 {
    let any = match family {
        Family::V4 => (Ipv4Addr::LOCALHOST, 0).into(),
        Family::V6 => std::net::SocketAddr::from((Ipv6Addr::LOCALHOST, 0)),
    };
    let address = match protocol {
        Protocol::Tcp => TcpListener::bind(any).and_then(|socket| socket.local_addr()),
        Protocol::Udp => UdpSocket::bind(any).and_then(|socket| socket.local_addr()),
    };
    address.unwrap().port()
}

#[test]
fn the_system_hands_out_ports_of_the_range_that_it_tells() {
    let settings = port_settings();
    let kinds: Vec<_> = settings.iter().map(|setting| (setting.protocol, setting.family)).collect();
    let expected = [Protocol::Tcp, Protocol::Udp].map(|one| [(one, Family::V4), (one, Family::V6)]);
    assert_eq!(kinds, expected.concat());
    for setting in settings {
        let (protocol, family) = (setting.protocol, setting.family);
        if lacks("netsh") {
            assert_eq!(setting, PortSettings::unread(protocol, family, Gap::Unsupported));
            continue;
        }
        let port = handed_out(protocol, family);
        let (dynamic, excluded) = (setting.dynamic.unwrap(), setting.excluded.unwrap());
        assert!(dynamic.contains(&port), "{port} is not in {dynamic:?}");
        assert!(!excluded.iter().any(|range| range.ports.contains(&port)), "{port} is in {excluded:?}");
    }
}
