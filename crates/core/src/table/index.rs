//! Where a row is found by its id, its source's key or its ends. Keys and ends are those of **open** rows only: closed rows
//! answer no question about the machine.
//!
//! A place is four bytes and one of the hash in a table; what it is compared by stands in the columns already.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::SocketId;
use super::columns::Columns;
use crate::socket::SocketKey;

/// Places by hash.
#[derive(Debug, Default)]
pub(super) struct Index {
    hashing: DefaultHashBuilder,
    ids: HashTable<u32>,
    keys: HashTable<u32>,
    ends: HashTable<u32>,
}

impl Index {
    /// Gives back what is far more than so many rows need.
    pub(super) fn fit(&mut self, rows: usize, columns: &Columns) {
        let roomy = rows.max(1_024) * 2;
        let hashing = &self.hashing;
        let shrink = |table: &mut HashTable<u32>, hash: &dyn Fn(usize) -> u64| {
            if table.capacity() / 4 > roomy {
                table.shrink_to(roomy, |&place| hash(place as usize));
            }
        };
        shrink(&mut self.ids, &|place| hashing.hash_one(columns.id(place)));
        shrink(&mut self.keys, &|place| hashing.hash_one(columns.key(place)));
        shrink(&mut self.ends, &|place| hashing.hash_one(columns.glance(place).ends()));
    }

    /// A new row is found by its id.
    pub(super) fn add(&mut self, place: usize, columns: &Columns) {
        let hashing = &self.hashing;
        let hash = |&place: &u32| hashing.hash_one(columns.id(place as usize));
        let place = number(place);
        self.ids.insert_unique(hash(&place), place, hash);
    }

    /// An open row is found by its key and its ends.
    pub(super) fn enter(&mut self, place: usize, columns: &Columns) {
        let Self { hashing, keys, ends, .. } = self;
        let key_hash = |&place: &u32| hashing.hash_one(columns.key(place as usize));
        let place = number(place);
        keys.insert_unique(key_hash(&place), place, key_hash);
        let ends_hash = |&place: &u32| hashing.hash_one(columns.glance(place as usize).ends());
        if columns.glance(place as usize).connected() {
            ends.insert_unique(ends_hash(&place), place, ends_hash);
        }
    }

    /// A row that was open is so no more, or will be entered anew.
    pub(super) fn leave(&mut self, place: usize, columns: &Columns) {
        let key = self.hashing.hash_one(columns.key(place));
        take(&mut self.keys, key, place);
        let glance = columns.glance(place);
        if glance.connected() {
            let ends = self.hashing.hash_one(glance.ends());
            take(&mut self.ends, ends, place);
        }
    }

    /// Takes a row that was left out, and tells of the last row that it will stand in its place.
    pub(super) fn swap_remove(&mut self, place: usize, columns: &Columns) {
        let hash = |place| self.hashing.hash_one(columns.id(place));
        let last = columns.len() - 1;
        let (gone, moved) = (hash(place), hash(last));
        take(&mut self.ids, gone, place);
        if last == place {
            return;
        }
        rename(&mut self.ids, moved, last, place);
        let glance = columns.glance(last);
        if !glance.closed {
            let (key, ends) = (self.hashing.hash_one(columns.key(last)), self.hashing.hash_one(glance.ends()));
            rename(&mut self.keys, key, last, place);
            rename(&mut self.ends, ends, last, place);
        }
    }

    pub(super) fn of_id(&self, id: SocketId, columns: &Columns) -> Option<usize> {
        let found = self.ids.find(self.hashing.hash_one(id), |&place| columns.id(place as usize) == id);
        found.map(|&place| place as usize)
    }

    pub(super) fn of_key(&self, key: &SocketKey, columns: &Columns) -> Option<usize> {
        let found = self.keys.find(self.hashing.hash_one(key), |&place| columns.has_key(place as usize, key));
        found.map(|&place| place as usize)
    }

    /// The youngest row with these ends.
    pub(super) fn of_ends(&self, ends: u128, columns: &Columns) -> Option<usize> {
        let found = self.ends.iter_hash(self.hashing.hash_one(Some(ends))).map(|&place| place as usize);
        let same = found.filter(|&place| columns.glance(place).ends() == Some(ends));
        same.max_by_key(|&place| columns.id(place))
    }
}

fn take(table: &mut HashTable<u32>, hash: u64, place: usize) {
    if let Ok(entry) = table.find_entry(hash, |&other| other as usize == place) {
        entry.remove();
    }
}

fn rename(table: &mut HashTable<u32>, hash: u64, old: usize, new: usize) {
    if let Some(place) = table.find_mut(hash, |&other| other as usize == old) {
        *place = number(new);
    }
}

/// No listing comes near so many rows.
pub(super) fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
