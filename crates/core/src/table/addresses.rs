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
            let mut order: Vec<(Place, u32)> = self.pool.iter().map(|(number, &place, _)| (place, number)).collect();
            order.sort_unstable();
            let last = order.iter().map(|&(_, number)| number as usize + 1).max().unwrap_or_default();
            let mut ranks = vec![0; last];
            for (rank, (_, number)) in (1..).zip(order) {
                ranks[number as usize] = rank;
            }
            ranks
        })
    }
}

/// How an address is written, with its zone's number.
pub(crate) fn text(ip: IpAddr, scope: u32) -> String {
    if scope == 0 { ip.to_string() } else { format!("{ip}%{scope}") }
}
