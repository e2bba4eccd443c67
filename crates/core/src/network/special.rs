//! Addresses that mean the same everywhere: the special-purpose registries of IANA (RFC 6890, as of 2026), in the words of a person.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What a special address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Special {
    /// This computer: `127.0.0.0/8`, `::1`.
    ThisComputer,
    /// A private network: RFC 1918, RFC 4193.
    YourNetwork,
    /// Reaches the next router and no further: RFC 3927, RFC 4291.
    LinkLocal,
    /// A provider's network behind whose address translation many customers are, and often that of a VPN: RFC 6598.
    CarrierNat,
    /// Everybody who has joined a group.
    Multicast,
    /// Everybody in this network.
    Broadcast,
    /// Meant for measuring, and much used by proxies as an address that stands for a name: RFC 2544, RFC 5180.
    ProxyFake,
    /// For examples in texts: RFC 5737, RFC 3849, RFC 9637.
    Documentation,
    /// Carries IPv4 and IPv6 through one another: Teredo, 6to4, NAT64.
    Translation,
    /// Whatever address: `0.0.0.0`, `::`.
    Unspecified,
    /// Given to nobody.
    Reserved,
}

/// First match counts. A range that is reserved but has parts in use everywhere stands behind these.
const V4: &[(Ipv4Addr, u32, Option<Special>)] = &[
    (Ipv4Addr::UNSPECIFIED, 32, Some(Special::Unspecified)),
    (Ipv4Addr::new(0, 0, 0, 0), 8, Some(Special::Reserved)),
    (Ipv4Addr::new(10, 0, 0, 0), 8, Some(Special::YourNetwork)),
    (Ipv4Addr::new(100, 64, 0, 0), 10, Some(Special::CarrierNat)),
    (Ipv4Addr::new(127, 0, 0, 0), 8, Some(Special::ThisComputer)),
    (Ipv4Addr::new(169, 254, 0, 0), 16, Some(Special::LinkLocal)),
    (Ipv4Addr::new(172, 16, 0, 0), 12, Some(Special::YourNetwork)),
    // Anycast addresses of the port control and the TURN protocol, reachable from everywhere (RFC 7723, RFC 8155).
    (Ipv4Addr::new(192, 0, 0, 9), 32, None),
    (Ipv4Addr::new(192, 0, 0, 10), 32, None),
    (Ipv4Addr::new(192, 0, 0, 0), 24, Some(Special::Reserved)),
    (Ipv4Addr::new(192, 0, 2, 0), 24, Some(Special::Documentation)),
    (Ipv4Addr::new(192, 88, 99, 0), 24, Some(Special::Translation)),
    (Ipv4Addr::new(192, 168, 0, 0), 16, Some(Special::YourNetwork)),
    (Ipv4Addr::new(198, 18, 0, 0), 15, Some(Special::ProxyFake)),
    (Ipv4Addr::new(198, 51, 100, 0), 24, Some(Special::Documentation)),
    (Ipv4Addr::new(203, 0, 113, 0), 24, Some(Special::Documentation)),
    (Ipv4Addr::new(224, 0, 0, 0), 4, Some(Special::Multicast)),
    (Ipv4Addr::BROADCAST, 32, Some(Special::Broadcast)),
    (Ipv4Addr::new(240, 0, 0, 0), 4, Some(Special::Reserved)),
];

/// The same for IPv6; what is outside 2000::/3 and not named is reserved.
const V6: &[(Ipv6Addr, u32, Option<Special>)] = &[
    (Ipv6Addr::UNSPECIFIED, 128, Some(Special::Unspecified)),
    (Ipv6Addr::LOCALHOST, 128, Some(Special::ThisComputer)),
    (Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96, Some(Special::Translation)),
    (Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, 0, 0), 48, Some(Special::Translation)),
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 32, Some(Special::Translation)),
    // Anycast (port control, TURN, DNS-SD), AMT and AS112, reachable from everywhere.
    (Ipv6Addr::new(0x2001, 1, 0, 0, 0, 0, 0, 1), 128, None),
    (Ipv6Addr::new(0x2001, 1, 0, 0, 0, 0, 0, 2), 128, None),
    (Ipv6Addr::new(0x2001, 1, 0, 0, 0, 0, 0, 3), 128, None),
    (Ipv6Addr::new(0x2001, 3, 0, 0, 0, 0, 0, 0), 32, None),
    (Ipv6Addr::new(0x2001, 4, 0x112, 0, 0, 0, 0, 0), 48, None),
    (Ipv6Addr::new(0x2001, 2, 0, 0, 0, 0, 0, 0), 48, Some(Special::ProxyFake)),
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23, Some(Special::Reserved)),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32, Some(Special::Documentation)),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16, Some(Special::Translation)),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20, Some(Special::Documentation)),
    (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3, None),
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7, Some(Special::YourNetwork)),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10, Some(Special::LinkLocal)),
    // Site-local addresses are deprecated (RFC 3879), and still private.
    (Ipv6Addr::new(0xfec0, 0, 0, 0, 0, 0, 0, 0), 10, Some(Special::YourNetwork)),
    (Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0), 8, Some(Special::Multicast)),
];

impl Special {
    /// Every kind, in the order in which they are declared.
    pub const ALL: [Self; 11] = [
        Self::ThisComputer,
        Self::YourNetwork,
        Self::LinkLocal,
        Self::CarrierNat,
        Self::Multicast,
        Self::Broadcast,
        Self::ProxyFake,
        Self::Documentation,
        Self::Translation,
        Self::Unspecified,
        Self::Reserved,
    ];

    /// What an address is; `None` for a public one. An IPv4-mapped address is what it stands for.
    #[must_use]
    pub fn of(ip: IpAddr) -> Option<Self> {
        match ip.to_canonical() {
            IpAddr::V4(ip) => {
                let within = |net: Ipv4Addr, length: u32| (ip.to_bits() ^ net.to_bits()) >> (32 - length) == 0;
                V4.iter().find(|(net, length, _)| within(*net, *length))?.2
            }
            IpAddr::V6(ip) => {
                let within = |net: Ipv6Addr, length: u32| (ip.to_bits() ^ net.to_bits()) >> (128 - length) == 0;
                V6.iter().find(|(net, length, _)| within(*net, *length)).map_or(Some(Self::Reserved), |range| range.2)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(text: &str) -> Option<Special> {
        Special::of(text.parse().expect("an address"))
    }

    #[test]
    fn the_first_and_the_last_of_every_range_and_their_neighbours() {
        use Special::*;
        for (address, special) in [
            ("0.0.0.0", Some(Unspecified)),
            ("0.0.0.1", Some(Reserved)),
            ("1.0.0.0", None),
            ("9.255.255.255", None),
            ("10.0.0.0", Some(YourNetwork)),
            ("10.255.255.255", Some(YourNetwork)),
            ("11.0.0.0", None),
            ("100.63.255.255", None),
            ("100.64.0.0", Some(CarrierNat)),
            ("100.127.255.255", Some(CarrierNat)),
            ("100.128.0.0", None),
            ("127.0.0.1", Some(ThisComputer)),
            ("127.255.255.255", Some(ThisComputer)),
            ("169.254.0.1", Some(LinkLocal)),
            ("172.15.255.255", None),
            ("172.16.0.0", Some(YourNetwork)),
            ("172.31.255.255", Some(YourNetwork)),
            ("172.32.0.0", None),
            ("192.0.0.8", Some(Reserved)),
            ("192.0.0.9", None),
            ("192.0.2.255", Some(Documentation)),
            ("192.88.99.1", Some(Translation)),
            ("192.168.255.255", Some(YourNetwork)),
            ("192.169.0.0", None),
            ("198.17.255.255", None),
            ("198.18.0.0", Some(ProxyFake)),
            ("198.19.255.255", Some(ProxyFake)),
            ("198.20.0.0", None),
            ("198.51.100.7", Some(Documentation)),
            ("203.0.113.7", Some(Documentation)),
            ("223.255.255.255", None),
            ("224.0.0.251", Some(Multicast)),
            ("239.255.255.250", Some(Multicast)),
            ("240.0.0.0", Some(Reserved)),
            ("255.255.255.254", Some(Reserved)),
            ("255.255.255.255", Some(Broadcast)),
            ("::", Some(Unspecified)),
            ("::1", Some(ThisComputer)),
            ("::2", Some(Reserved)),
            ("::ffff:10.0.0.1", Some(YourNetwork)),
            ("::ffff:8.8.8.8", None),
            ("64:ff9b::8.8.8.8", Some(Translation)),
            ("64:ff9b:1::1", Some(Translation)),
            ("100::1", Some(Reserved)),
            ("2000::", None),
            ("2001::1", Some(Translation)),
            ("2001:1::1", None),
            ("2001:1::4", Some(Reserved)),
            ("2001:2::1", Some(ProxyFake)),
            ("2001:1ff:ffff::", Some(Reserved)),
            ("2001:200::", None),
            ("2001:db8::1", Some(Documentation)),
            ("2001:db9::1", None),
            ("2002:c000:204::1", Some(Translation)),
            ("2400:3200::1", None),
            ("3fff:fff::", Some(Documentation)),
            ("3fff:1000::", None),
            ("4000::", Some(Reserved)),
            ("fbff::1", Some(Reserved)),
            ("fc00::1", Some(YourNetwork)),
            ("fdff::1", Some(YourNetwork)),
            ("fe00::1", Some(Reserved)),
            ("fe80::1", Some(LinkLocal)),
            ("febf::1", Some(LinkLocal)),
            ("fec0::1", Some(YourNetwork)),
            ("ff02::fb", Some(Multicast)),
        ] {
            assert_eq!(of(address), special, "{address}");
        }
    }

    #[test]
    fn all_are_counted() {
        for (place, special) in Special::ALL.into_iter().enumerate() {
            assert_eq!(special as usize, place);
        }
    }

    proptest! {
        /// What the standard library knows, it and we say alike.
        #[test]
        fn the_standard_library_agrees(bits in any::<u32>(), high in any::<u64>(), low in any::<u64>()) {
            let v4 = Ipv4Addr::from_bits(bits);
            let special = Special::of(v4.into());
            prop_assert_eq!(special == Some(Special::ThisComputer), v4.is_loopback());
            prop_assert_eq!(special == Some(Special::YourNetwork), v4.is_private());
            prop_assert_eq!(special == Some(Special::LinkLocal), v4.is_link_local());
            prop_assert_eq!(special == Some(Special::Multicast), v4.is_multicast());
            prop_assert_eq!(special == Some(Special::Documentation), v4.is_documentation());
            let v6 = Ipv6Addr::from_bits(u128::from(high) << 64 | u128::from(low));
            let special = Special::of(v6.into());
            prop_assert_eq!(special == Some(Special::LinkLocal), v6.is_unicast_link_local());
            prop_assert_eq!(special == Some(Special::Multicast), v6.is_multicast());
            prop_assert!(!v6.is_unique_local() || special == Some(Special::YourNetwork));
        }
    }
}
