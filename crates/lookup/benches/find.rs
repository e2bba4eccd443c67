//! How long one lookup takes in a file of the real one's size.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use quaymaster_core::network::{Atlas, Country};
use quaymaster_lookup::networks::{Builder, Networks, Span};

fn main() {
    divan::main();
}

/// Half a million stretches of IPv4 and 200 000 of IPv6, of which no two neighbours are alike.
fn networks() -> Networks {
    let mut builder = Builder::new();
    for number in 0..500_000u32 {
        let first = 0x0100_0000 + number * 7_000;
        let span = Span { first: Ipv4Addr::from_bits(first).into(), last: Ipv4Addr::from_bits(first + 6_999).into() };
        builder.system(span, number % 90_000 + 1, &format!("Organisation {}", number % 90_000));
    }
    for number in 0..200_000u128 {
        let first = (0x2000 << 112) + (number << 92);
        let span =
            Span { first: Ipv6Addr::from_bits(first).into(), last: Ipv6Addr::from_bits(first + (1 << 92) - 1).into() };
        builder.country(span, Country::read(if number % 2 == 0 { "CN" } else { "DE" }).expect("a country"));
    }
    Networks::from_bytes(builder.build(20_260_617, "")).expect("sound")
}

#[divan::bench(args = [4, 6])]
fn find(bencher: divan::Bencher<'_, '_>, family: u8) {
    let networks = networks();
    let mut state = 1u64;
    bencher
        .with_inputs(|| {
            // Any sequence that jumps about will do.
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            match family {
                4 => IpAddr::V4(Ipv4Addr::from_bits((state >> 32) as u32)),
                _ => IpAddr::V6(Ipv6Addr::from_bits(0x2000 << 112 | u128::from(state >> 8) << 64)),
            }
        })
        .bench_local_values(|ip| networks.find(ip));
}
