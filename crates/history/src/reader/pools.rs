//! The programs and addresses of the file, kept in memory and brought up to date before every question.

use std::collections::hash_map::Entry as Slot;
use std::collections::{HashMap, HashSet};
use std::net::IpAddr;

use quaymaster_core::network::{self, Atlas, NetworkText};
use quaymaster_core::query::past::{AddressTest, NetworkTest, ProgramTest, ProgramText, written};
use rusqlite::{Connection, params};

use crate::event::Remembered;
use crate::store::ip;

/// What the file's events name. Numbers are never given twice in a file, so what was removed there does no harm here.
#[derive(Debug, Default)]
pub(super) struct Pools {
    programs: Vec<Entry<Known>>,
    addresses: Vec<Entry<Address>>,
    /// The networks that the addresses were found in, by the atlas's numbers.
    networks: HashMap<u32, NetworkText>,
    /// Numbers of the addresses that this computer has or had, in order.
    homes: Vec<i64>,
}

#[derive(Debug)]
struct Entry<T> {
    id: i64,
    thing: T,
}

#[derive(Debug)]
struct Address {
    ip: IpAddr,
    scope: u32,
    text: Box<str>,
    /// The atlas's number for its network.
    network: Option<u32>,
}

#[derive(Debug)]
struct Known {
    program: Remembered,
    text: ProgramText,
}

fn find<T>(entries: &[Entry<T>], id: i64) -> Option<&T> {
    entries.binary_search_by_key(&id, |entry| entry.id).ok().map(|place| &entries[place].thing)
}

impl Pools {
    /// Reads what is new.
    pub(super) fn catch_up(&mut self, connection: &Connection, atlas: Option<&dyn Atlas>) -> rusqlite::Result<()> {
        let last = self.programs.last().map_or(0, |entry| entry.id);
        let mut new =
            connection.prepare_cached("SELECT id, name, path, user FROM programs WHERE id > ?1 ORDER BY id")?;
        let mut rows = new.query([last])?;
        while let Some(row) = rows.next()? {
            let (name, path, user): (String, String, String) = (row.get(1)?, row.get(2)?, row.get(3)?);
            let text = ProgramText::new(&name, &path, &user);
            let known = |text: String| Some(text).filter(|text| !text.is_empty());
            let program = Remembered { name, path: known(path), user: known(user) };
            self.programs.push(Entry { id: row.get(0)?, thing: Known { program, text } });
        }
        let last = self.addresses.last().map_or(0, |entry| entry.id);
        let mut new = connection.prepare_cached("SELECT id, ip, scope FROM addresses WHERE id > ?1 ORDER BY id")?;
        let mut rows = new.query(params![last])?;
        while let Some(row) = rows.next()? {
            let (id, scope) = (row.get(0)?, row.get(2)?);
            // One that cannot be read fits nothing and is shown as nothing.
            if let Some(ip) = row.get_ref(1)?.as_blob().ok().and_then(ip) {
                let network = self.network(ip, atlas);
                self.addresses
                    .push(Entry { id, thing: Address { ip, scope, text: written(ip, scope).into(), network } });
            }
        }
        let mut homes = connection.prepare_cached("SELECT id FROM homes ORDER BY id")?;
        self.homes = homes.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(())
    }

    pub(super) fn program(&self, id: i64) -> Option<&Remembered> {
        find(&self.programs, id).map(|known| &known.program)
    }

    pub(super) fn address(&self, id: i64) -> Option<(IpAddr, u32)> {
        find(&self.addresses, id).map(|&Address { ip, scope, .. }| (ip, scope))
    }

    /// The numbers of the programs that fit.
    pub(super) fn programs(&self, test: ProgramTest<'_>) -> Vec<i64> {
        self.programs.iter().filter(|entry| test.fits(&entry.thing.text)).map(|entry| entry.id).collect()
    }

    /// The numbers of the addresses that fit.
    pub(super) fn addresses(&self, test: AddressTest<'_>) -> Vec<i64> {
        let fits = |entry: &&Entry<Address>| test.fits(entry.thing.ip, &entry.thing.text);
        self.addresses.iter().filter(fits).map(|entry| entry.id).collect()
    }

    /// The numbers of the addresses whose networks fit.
    pub(super) fn networked(&self, test: NetworkTest<'_>) -> Vec<i64> {
        let fitting: HashSet<u32> =
            self.networks.iter().filter(|(_, text)| test.fits(text)).map(|(&number, _)| number).collect();
        let fits = |entry: &&Entry<Address>| entry.thing.network.is_some_and(|network| fitting.contains(&network));
        self.addresses.iter().filter(fits).map(|entry| entry.id).collect()
    }

    fn network(&mut self, ip: IpAddr, atlas: Option<&dyn Atlas>) -> Option<u32> {
        let (atlas, number) = network::find(ip, atlas)?;
        if let Slot::Vacant(vacant) = self.networks.entry(number) {
            vacant.insert(NetworkText::new(&atlas.network(number)?));
        }
        Some(number)
    }

    /// Those of `addresses` (in order) that this computer has or had.
    pub(super) fn homes_among(&self, addresses: &[i64]) -> Vec<i64> {
        self.homes.iter().copied().filter(|id| addresses.binary_search(id).is_ok()).collect()
    }
}
