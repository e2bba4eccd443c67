//! The true file of networks, which `cargo xtask` lays beside the programs: what it says of well-known addresses.

use quaymaster_core::network::{Atlas, Network, Special};
use quaymaster_engine::networks::found;

fn whose(address: &str) -> Network {
    let networks = found().networks.as_ref().expect("a file of networks: `cargo xtask setup` makes it");
    let ip = address.parse().expect("an address");
    assert_eq!(Special::of(ip), None, "{address}");
    networks.find(ip).and_then(|number| networks.network(number)).unwrap_or_default()
}

/// Every public address of `netstat -ano` on a Chinese Windows, and three resolvers.
#[test]
fn well_known_addresses_are_with_who_has_them() {
    for (address, asn, organisation, country) in [
        ("223.109.175.205", 56_046, "China Mobile", "CN"),
        ("120.221.204.185", 9_808, "China Mobile", "CN"),
        ("223.5.5.5", 45_102, "Alibaba", "CN"),
        ("120.253.253.98", 24_400, "China Mobile", "CN"),
        ("123.249.98.69", 55_990, "Huawei Cloud", "CN"),
        ("112.34.111.235", 9_808, "China Mobile", "CN"),
        ("8.8.8.8", 15_169, "Google", "US"),
        // Registered by APNIC's research in Australia, announced by Cloudflare from everywhere.
        ("1.1.1.1", 13_335, "Cloudflare", "AU"),
        ("2400:3200::1", 37_963, "Alibaba", "CN"),
    ] {
        let Network { asn: system, organisation: name, country: place } = whose(address);
        assert_eq!(system, Some(asn), "{address}");
        assert!(name.as_deref().is_some_and(|name| name.contains(organisation)), "{address}: {name:?}");
        assert_eq!(place.as_ref().map(|place| place.code()), Some(country), "{address}");
    }
}

/// The fixture has no public address that is not asked for above.
#[test]
fn the_listing_is_asked_for_whole() {
    let listing = include_str!("networks/netstat-ano-windows-zh.txt");
    let ends = listing.split_whitespace().filter_map(|word| word.parse::<std::net::SocketAddr>().ok());
    let public: std::collections::BTreeSet<_> =
        ends.map(|end| end.ip()).filter(|&ip| Special::of(ip).is_none()).collect();
    assert_eq!(public.len(), 6, "{public:?}");
    for ip in public {
        assert!(whose(&ip.to_string()).organisation.is_some(), "{ip}");
    }
}

#[test]
fn the_file_is_small_and_says_whose_its_data_are() {
    let found = found();
    let size = found.path.as_ref().and_then(|path| std::fs::metadata(path).ok()).map_or(0, |file| file.len());
    assert!((1 << 20..12 << 20).contains(&size), "{size} bytes");
    let networks = found.networks.as_ref().expect("a file of networks");
    assert!(networks.stretches() > 400_000 && networks.date().as_str() >= "2026-06-17", "{}", networks.date());
    for source in ["routeviews.org", "db-ip.com", "nro.net"] {
        assert!(networks.credits().contains(source), "{}", networks.credits());
    }
}
