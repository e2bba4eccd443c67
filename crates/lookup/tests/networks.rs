//! What a file of networks answers, beside a list that is asked range by range; and what damaged files do.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use proptest::collection::vec;
use proptest::prelude::*;
use quaymaster_core::network::{Atlas, Country, Network};
use quaymaster_lookup::networks::{Builder, Networks, NetworksError, Span};

fn ip(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

fn span(first: &str, last: &str) -> Span {
    Span { first: ip(first), last: ip(last) }
}

fn country(code: &str) -> Country {
    Country::read(code).expect("a country")
}

fn network(asn: u32, organisation: &str, code: &str) -> Option<Network> {
    Some(Network {
        asn: (asn > 0).then_some(asn),
        organisation: Some(organisation.to_owned()).filter(|name| !name.is_empty()),
        country: Country::read(code),
    })
}

fn whose(networks: &Networks, address: &str) -> Option<Network> {
    networks.network(networks.find(ip(address))?)
}

fn sample() -> Vec<u8> {
    let mut builder = Builder::new();
    builder.system(span("8.8.8.0", "8.8.8.255"), 15_169, "Google LLC");
    builder.system(span("223.0.0.0", "223.255.255.255"), 1, "Somebody wide");
    builder.system(span("223.5.5.0", "223.5.5.255"), 45_102, "Alibaba");
    builder.system(span("255.255.255.255", "255.255.255.255"), 9, "");
    builder.system(span("2400:3200::", "2400:3200:ffff:ffff:ffff:ffff:ffff:ffff"), 37_963, "Hangzhou Alibaba");
    builder.system(span("2400:3200::1", "2400:3200::1"), 2, "less than a /64");
    builder.country(span("8.0.0.0", "8.255.255.255"), country("us"));
    builder.country(span("223.5.0.0", "223.5.255.255"), country("CN"));
    builder.country(span("2400:3200::", "2400:3200:ffff:ffff:ffff:ffff:ffff:ffff"), country("CN"));
    builder.build(20_260_617, "from a test")
}

#[test]
fn the_narrowest_range_counts_and_everything_else_is_nobodys() {
    let networks = Networks::from_bytes(sample()).expect("sound");
    for (address, expected) in [
        ("0.0.0.0", None),
        ("7.255.255.255", None),
        ("8.0.0.0", network(0, "", "US")),
        ("8.8.7.255", network(0, "", "US")),
        ("8.8.8.0", network(15_169, "Google LLC", "US")),
        ("8.8.8.255", network(15_169, "Google LLC", "US")),
        ("8.8.9.0", network(0, "", "US")),
        ("::ffff:8.8.8.8", network(15_169, "Google LLC", "US")),
        ("9.0.0.0", None),
        ("223.4.255.255", network(1, "Somebody wide", "")),
        ("223.5.5.5", network(45_102, "Alibaba", "CN")),
        ("223.5.6.0", network(1, "Somebody wide", "CN")),
        ("224.0.0.0", None),
        ("255.255.255.254", None),
        ("255.255.255.255", network(9, "", "")),
        ("2400:31ff:ffff::", None),
        ("2400:3200::1", network(37_963, "Hangzhou Alibaba", "CN")),
        ("2400:3200:ffff:ffff:ffff:ffff:ffff:ffff", network(37_963, "Hangzhou Alibaba", "CN")),
        ("2400:3201::", None),
        ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", None),
    ] {
        assert_eq!(whose(&networks, address), expected, "{address}");
    }
    assert_eq!((networks.date(), networks.credits()), ("2026-06-17".to_owned(), "from a test".to_owned()));
}

#[test]
fn what_is_no_file_of_networks_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("networks.bin");
    let open = |bytes: &[u8]| {
        std::fs::write(&path, bytes).expect("written");
        Networks::open(&path)
    };
    assert!(open(&sample()).is_ok());
    assert!(matches!(open(b"<html>not found</html>, and more than a header"), Err(NetworksError::Damaged)));
    for cut in [0, 8, 39, 40, 1_000, sample().len() - 1] {
        assert!(open(&sample()[..cut]).is_err(), "cut to {cut}");
    }
    assert!(matches!(open(&[sample(), vec![0]].concat()), Err(NetworksError::Damaged)), "one byte more");
    let mut newer = sample();
    newer[8] = 2;
    assert!(matches!(open(&newer), Err(NetworksError::OtherFormat { found: 2, wanted: 1 })));
    assert!(matches!(Networks::open(folder.path()), Err(NetworksError::Damaged | NetworksError::Unreadable(_))));
    assert!(matches!(Networks::open(&folder.path().join("absent")), Err(NetworksError::Unreadable(_))));
}

type Ranges = Vec<(u64, u64, u32)>;

/// The narrowest of those that hold an address, and of these the one with the highest number.
fn by_hand(ranges: &Ranges, at: u64) -> Option<u32> {
    let holding = ranges.iter().filter(|(first, last, _)| (*first..=*last).contains(&at));
    holding.map(|&(first, last, what)| (std::cmp::Reverse(last - first), last, what)).max().map(|(_, _, what)| what)
}

/// Ranges that like to touch, overlap and cross the boundaries of upper halves.
fn ranges(most: u64) -> impl Strategy<Value = Ranges> {
    let edge = prop_oneof![0..=most, (0..=most >> 16).prop_map(|half| half << 16), Just(most)];
    let pair = (edge.clone(), edge, 1..50u32);
    vec(pair.prop_map(|(a, b, what)| (a.min(b), a.max(b), what)), 0..30)
}

fn v4(at: u64) -> IpAddr {
    IpAddr::V4(Ipv4Addr::from_bits(u32::try_from(at).expect("32 bits")))
}

proptest! {
    #[test]
    fn every_address_is_where_the_ranges_say(ranges in ranges(u32::MAX.into()), more in vec(0..=u64::from(u32::MAX), 20)) {
        let mut builder = Builder::new();
        for &(first, last, asn) in &ranges {
            builder.system(Span { first: v4(first), last: v4(last) }, asn, "");
        }
        let networks = Networks::from_bytes(builder.build(0, "")).expect("sound");
        let edges = ranges.iter().flat_map(|&(first, last, _)| [first, first.saturating_sub(1), last, (last + 1).min(0xffff_ffff)]);
        for at in edges.chain(more) {
            let found = networks.find(v4(at)).and_then(|number| networks.network(number)).and_then(|network| network.asn);
            prop_assert_eq!(found, by_hand(&ranges, at), "{}", v4(at));
        }
    }

    #[test]
    fn and_so_of_ipv6(ranges in ranges(u64::MAX), more in vec(any::<u64>(), 20)) {
        let at = |upper: u64, lower: u64| IpAddr::V6(Ipv6Addr::from_bits(u128::from(upper) << 64 | u128::from(lower)));
        let mut builder = Builder::new();
        for &(first, last, asn) in &ranges {
            builder.system(Span { first: at(first, 0), last: at(last, u64::MAX) }, asn, "");
        }
        let networks = Networks::from_bytes(builder.build(0, "")).expect("sound");
        let edges = ranges.iter().flat_map(|&(first, last, _)| [first, first.saturating_sub(1), last, last.saturating_add(1)]);
        for upper in edges.chain(more).filter(|upper| upper >> 32 != 0) {
            let found = networks.find(at(upper, 7)).and_then(|number| networks.network(number)).and_then(|network| network.asn);
            prop_assert_eq!(found, by_hand(&ranges, upper), "{}", at(upper, 7));
        }
    }

    /// Whatever is in the file, there is an answer or none.
    #[test]
    fn no_damage_is_a_crash(place in 40..300_000usize, byte in any::<u8>(), address in any::<u32>()) {
        let mut bytes = sample();
        let place = place % bytes.len();
        bytes[place] = byte;
        if let Ok(networks) = Networks::from_bytes(bytes) {
            for ip in [IpAddr::V4(Ipv4Addr::from_bits(address)), ip("8.8.8.8"), ip("223.5.5.5"), ip("2400:3200::1")] {
                let _ = networks.find(ip).and_then(|number| networks.network(number));
            }
            let _ = (networks.date(), networks.credits());
        }
    }
}
