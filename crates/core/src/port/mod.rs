//! The answer to "who holds port N?", and what is often at a port.

mod answer;
mod hint;
mod loved;
mod setting;

pub use answer::{Client, Holder, PortAnswer, Standing, answer};
pub(crate) use hint::usual_rank;
pub use hint::{Hint, hint, usual_program};
pub use setting::{Excluded, PortSetting, PortSettings};

use std::net::IpAddr;

/// From where a bound address can be reached, judged by the address alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// Loopback.
    ThisComputer,
    /// One private, link-local, unique-local or multicast address.
    LocalNetwork,
    /// Every address (`0.0.0.0`, `::`), or a public one.
    Everywhere,
}

/// Reach of an address that a socket is bound to (RFC 1918, 3927, 4193, 4291, 6598).
#[must_use]
pub fn reach(ip: IpAddr) -> Reach {
    let local_network = match ip {
        IpAddr::V4(ip) => {
            let shared = ip.octets()[0] == 100 && ip.octets()[1] & 0xc0 == 64;
            ip.is_private() || ip.is_link_local() || ip.is_multicast() || ip.is_broadcast() || shared
        }
        IpAddr::V6(ip) => ip.is_unique_local() || ip.is_unicast_link_local() || ip.is_multicast(),
    };
    match ip.to_canonical() {
        ip if ip.is_loopback() => Reach::ThisComputer,
        _ if local_network => Reach::LocalNetwork,
        _ => Reach::Everywhere,
    }
}
