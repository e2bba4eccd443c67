//! The addresses that rows have, each once, with its text and its place in the order of addresses.

use std::net::IpAddr;
use std::sync::OnceLock;

use super::pool::Pool;
use crate::endpoint::Endpoint;

/// An address in its zone.
type Place = (IpAddr, u32);

/// All addresses of a table.
#[derive(Debug, Default)]
pub(crate) struct Addresses {
    /// With the text that is searched, in lower case.
    pool: Pool<Place, Box<str>>,
    /// Made at the first question after a new address came.
    ranks: OnceLock<Vec<u32>>,
}

impl Addresses {
    pub(super) fn find(&self, end: Endpoint) -> Option<u32> {
        self.pool.find(&(end.ip, end.scope))
    }

    pub(super) fn hold(&mut self, end: Endpoint) -> u32 {
        let place = (end.ip, end.scope);
        let (number, new) = self.pool.hold(&place, || (place, text(end.ip, end.scope).into()));
        if new {
            self.ranks.take();
        }
        number
    }

    /// The end at a port of an address.
    pub(crate) fn end(&self, number: u32, port: u16) -> Option<Endpoint> {
        self.pool.key(number).map(|&(ip, scope)| Endpoint { ip, port, scope })
    }

    pub(crate) fn ip(&self, number: u32) -> Option<IpAddr> {
        self.pool.key(number).map(|&(ip, _)| ip)
    }

    /// An address that is gone leaves the order of the others as it is.
    pub(super) fn release(&mut self, number: u32) {
        self.pool.release(number);
    }

    /// What `test` says of every address, by number.
    pub(crate) fn map(&self, test: impl Fn(IpAddr, &str) -> bool) -> Vec<bool> {
        self.pool.map(|&(ip, _), text| test(ip, text))
    }

    /// Where every address stands in the order of addresses, by number, counted from 1: IPv4 before IPv6.
    pub(crate) fn ranks(&self) -> &[u32] {
        self.ranks.get_or_init(|| {
            let (mut v4, mut v6) = (Vec::new(), Vec::new());
            for (number, &(ip, scope), _) in self.pool.iter() {
                match ip {
                    // One integer each: there may be a hundred thousand, and every look brings some.
                    IpAddr::V4(ip) => v4.push(u64::from(ip.to_bits()) << 32 | u64::from(number)),
                    IpAddr::V6(ip) => v6.push((ip.to_bits(), scope, number)),
                }
            }
            v4.sort_unstable();
            v6.sort_unstable();
            let numbers = v4.into_iter().map(low).chain(v6.into_iter().map(|entry| entry.2));
            let mut ranks = vec![0; self.pool.numbers()];
            for (rank, number) in (1..).zip(numbers) {
                ranks[number as usize] = rank;
            }
            ranks
        })
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the low half is what is wanted")]
fn low(entry: u64) -> u32 {
    entry as u32
}

/// How an address is written, with its zone's number.
pub(crate) fn text(ip: IpAddr, scope: u32) -> String {
    if scope == 0 { ip.to_string() } else { format!("{ip}%{scope}") }
}
