//! Values that many rows share, each kept once under a small number, so that a question is put to every value and not to
//! every row. Knows nothing of what the values are.

use std::borrow::Borrow;
use std::hash::{BuildHasher, Hash};

use hashbrown::{DefaultHashBuilder, HashTable};

/// Values by key, counted by use. A number means the same value for as long as anybody holds it.
#[derive(Debug)]
pub(crate) struct Pool<K, V> {
    hashing: DefaultHashBuilder,
    /// Numbers by the hash of their keys.
    numbers: HashTable<u32>,
    entries: Vec<Option<Entry<K, V>>>,
    free: Vec<u32>,
}

#[derive(Debug)]
struct Entry<K, V> {
    key: K,
    value: V,
    uses: u32,
}

impl<K, V> Default for Pool<K, V> {
    fn default() -> Self {
        let (hashing, numbers) = (DefaultHashBuilder::default(), HashTable::new());
        Self { hashing, numbers, entries: Vec::new(), free: Vec::new() }
    }
}

impl<K: Eq + Hash, V> Pool<K, V> {
    /// The number of a value that is there.
    pub(super) fn find<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<u32>
    where
        K: Borrow<Q>,
    {
        let same = |&number: &u32| self.entry(number).is_some_and(|entry| entry.key.borrow() == key);
        self.numbers.find(self.hashing.hash_one(key), same).copied()
    }

    /// Holds a value once more; it is made if nobody holds it yet. Whether it was made comes back too.
    pub(super) fn hold<Q>(&mut self, key: &Q, make: impl FnOnce() -> (K, V)) -> (u32, bool)
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        if let Some(number) = self.find(key) {
            if let Some(entry) = self.slot(number) {
                entry.uses += 1;
            }
            return (number, false);
        }
        let (made, value) = make();
        let number = self.vacant();
        self.entries[number as usize] = Some(Entry { key: made, value, uses: 1 });
        let Self { hashing, numbers, entries, .. } = self;
        numbers.insert_unique(hashing.hash_one(key), number, |&number| {
            entries[number as usize].as_ref().map_or(0, |entry| hashing.hash_one(entry.key.borrow()))
        });
        (number, true)
    }

    /// Lets a value go; nobody's value is dropped, and comes back with its key.
    pub(super) fn release(&mut self, number: u32) -> Option<(K, V)> {
        let entry = self.slot(number)?;
        entry.uses -= 1;
        if entry.uses > 0 {
            return None;
        }
        let Entry { key, value, .. } = self.entries[number as usize].take()?;
        if let Ok(found) = self.numbers.find_entry(self.hashing.hash_one(&key), |&other| other == number) {
            found.remove();
        }
        self.free.push(number);
        self.give_back();
        Some((key, value))
    }

    /// A number that means nothing.
    fn vacant(&mut self) -> u32 {
        // What is free may have been given back, and even be in use again.
        while let Some(number) = self.free.pop() {
            if matches!(self.entries.get(number as usize), Some(None)) {
                return number;
            }
        }
        self.entries.push(None);
        u32::try_from(self.entries.len() - 1).unwrap_or(u32::MAX)
    }

    /// Gives back memory at the end, where most of it lies waste.
    fn give_back(&mut self) {
        while let Some(None) = self.entries.last() {
            self.entries.pop();
        }
        let roomy = self.entries.len().max(1_024) * 2;
        if self.entries.capacity() / 4 > roomy {
            self.entries.shrink_to(roomy);
            self.free.retain(|&number| (number as usize) < self.entries.len());
            self.free.shrink_to_fit();
            let Self { hashing, numbers, entries, .. } = self;
            numbers.shrink_to(roomy, |&number| {
                entries[number as usize].as_ref().map_or(0, |entry| hashing.hash_one(&entry.key))
            });
        }
    }

    /// The key of a number.
    pub(crate) fn key(&self, number: u32) -> Option<&K> {
        self.entry(number).map(|entry| &entry.key)
    }

    /// The value of a number.
    pub(crate) fn get(&self, number: u32) -> Option<&V> {
        self.entry(number).map(|entry| &entry.value)
    }

    pub(super) fn get_mut(&mut self, number: u32) -> Option<&mut V> {
        self.slot(number).map(|entry| &mut entry.value)
    }

    /// Every number is below this one.
    pub(crate) fn numbers(&self) -> usize {
        self.entries.len()
    }

    /// Something of every value, by number; `T::default()` at numbers that are free.
    pub(crate) fn map<T: Default>(&self, mut of: impl FnMut(&K, &V) -> T) -> Vec<T> {
        let entry = |entry: &Option<Entry<K, V>>| match entry {
            Some(entry) => of(&entry.key, &entry.value),
            None => T::default(),
        };
        self.entries.iter().map(entry).collect()
    }

    /// Does something to every value that is held.
    pub(super) fn for_each_mut(&mut self, mut act: impl FnMut(&K, &mut V)) {
        self.entries.iter_mut().flatten().for_each(|entry| act(&entry.key, &mut entry.value));
    }

    /// Every value that is held, with its number and key.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &K, &V)> {
        (0..).zip(&self.entries).filter_map(|(number, entry)| {
            let entry = entry.as_ref()?;
            Some((number, &entry.key, &entry.value))
        })
    }

    fn entry(&self, number: u32) -> Option<&Entry<K, V>> {
        self.entries.get(number as usize)?.as_ref()
    }

    fn slot(&mut self, number: u32) -> Option<&mut Entry<K, V>> {
        self.entries.get_mut(number as usize)?.as_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_lives_as_long_as_it_is_held() {
        let mut pool: Pool<String, usize> = Pool::default();
        let hold = |pool: &mut Pool<String, usize>, key: &str| pool.hold(key, || (key.to_owned(), key.len()));
        assert_eq!(hold(&mut pool, "a"), (0, true));
        assert_eq!(hold(&mut pool, "bb"), (1, true));
        assert_eq!(hold(&mut pool, "a"), (0, false));
        assert_eq!(pool.release(0), None);
        assert_eq!((pool.find("a"), pool.get(0)), (Some(0), Some(&1)));
        assert_eq!(pool.release(0), Some(("a".to_owned(), 1)));
        assert_eq!((pool.find("a"), pool.get(0)), (None, None));
        assert_eq!(pool.map(|_, &value| value), [0, 2]);
        assert_eq!(hold(&mut pool, "ccc"), (0, true), "a free number is used again");
        assert_eq!(
            pool.iter().map(|(number, key, _)| (number, key.as_str())).collect::<Vec<_>>(),
            [(0, "ccc"), (1, "bb")]
        );
    }
}
