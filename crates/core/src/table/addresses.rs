//! The addresses that rows have, each once, with its text, its network and its place in the order of addresses.

use std::net::IpAddr;
use std::sync::{Arc, OnceLock};

use super::glance::NOTHING;
use super::pool::Pool;
use crate::endpoint::Endpoint;
use crate::network::{self, Atlas, Network, NetworkText, Special, Whose};

/// An address in its zone.
type Place = (IpAddr, u32);

/// All addresses of a table.
#[derive(Debug, Default)]
pub(crate) struct Addresses {
    pool: Pool<Place, Address>,
    /// By the numbers that the atlas has for them.
    networks: Pool<u32, Named>,
    atlas: Option<Arc<dyn Atlas>>,
    /// Made at the first question after a new address came.
    ranks: OnceLock<Vec<u32>>,
}

#[derive(Debug)]
struct Address {
    /// What is searched, in lower case.
    text: Box<str>,
    /// Number in the pool of networks, or [`NOTHING`].
    network: u32,
}

/// A network with what of it is searched.
#[derive(Debug)]
pub(crate) struct Named {
    pub(crate) network: Arc<Network>,
    pub(crate) text: NetworkText,
}

impl Addresses {
    pub(super) fn find(&self, end: Endpoint) -> Option<u32> {
        self.pool.find(&(end.ip, end.scope))
    }

    pub(super) fn hold(&mut self, end: Endpoint) -> u32 {
        let place = (end.ip, end.scope);
        let Self { pool, networks, atlas, ranks } = self;
        let (number, new) = pool.hold(&place, || {
            let network = hold_network(end.ip, atlas.as_deref(), networks).unwrap_or(NOTHING);
            (place, Address { text: text(end.ip, end.scope).into(), network })
        });
        if new {
            ranks.take();
        }
        number
    }

    /// Asks another atlas about every address.
    pub(super) fn consult(&mut self, atlas: Option<Arc<dyn Atlas>>) {
        let Self { pool, networks, atlas: mine, .. } = self;
        *networks = Pool::default();
        pool.for_each_mut(|&(ip, _), address| {
            address.network = hold_network(ip, atlas.as_deref(), networks).unwrap_or(NOTHING);
        });
        *mine = atlas;
    }

    /// Whose an address is; `None` where there is no address.
    pub(crate) fn whose(&self, number: u32) -> Option<Whose> {
        let special = Special::of(self.ip(number)?).map(Whose::Special);
        let named = || Some(Whose::Network(Arc::clone(&self.networks.get(self.network(number))?.network)));
        special.or_else(named).or(Some(Whose::Unknown))
    }

    /// The number of an address's network, or [`NOTHING`].
    pub(crate) fn network(&self, number: u32) -> u32 {
        self.pool.get(number).map_or(NOTHING, |address| address.network)
    }

    pub(crate) fn networks(&self) -> &Pool<u32, Named> {
        &self.networks
    }

    /// Something of every address, by number, from its address and the number of its network.
    pub(crate) fn each<T: Default>(&self, of: impl Fn(IpAddr, u32) -> T) -> Vec<T> {
        self.pool.map(|&(ip, _), address| of(ip, address.network))
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
        if let Some((_, address)) = self.pool.release(number)
            && address.network != NOTHING
        {
            self.networks.release(address.network);
        }
    }

    /// What `test` says of every address, by number.
    pub(crate) fn map(&self, test: impl Fn(IpAddr, &str) -> bool) -> Vec<bool> {
        self.pool.map(|&(ip, _), address| test(ip, &address.text))
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

/// Holds the network that an atlas has for an address; one of which it says nothing is none.
fn hold_network(ip: IpAddr, atlas: Option<&dyn Atlas>, networks: &mut Pool<u32, Named>) -> Option<u32> {
    let (atlas, number) = network::find(ip, atlas)?;
    let new = match networks.find(&number) {
        Some(_) => None,
        None => Some(atlas.network(number)?),
    };
    let make = || {
        let network = new.unwrap_or_default();
        (number, Named { text: NetworkText::new(&network), network: Arc::new(network) })
    };
    Some(networks.hold(&number, make).0)
}

#[expect(clippy::cast_possible_truncation, reason = "the low half is what is wanted")]
fn low(entry: u64) -> u32 {
    entry as u32
}

/// How an address is written, with its zone's number.
pub(crate) fn text(ip: IpAddr, scope: u32) -> String {
    if scope == 0 { ip.to_string() } else { format!("{ip}%{scope}") }
}
