//! The descriptor numbers of one process as they were when they were last read: a memory of where to look, never an answer.
//!
//! The kernel gives out the lowest free number (POSIX; `alloc_fd`). So whatever a process has opened stands at the lowest number
//! that is free here, or at one that was freed since it was last looked at, or at one that is taken for something else here.

use std::collections::BTreeMap;

use super::super::procfs::At;

/// Numbers below this one have a place of their own; hardly any program goes further.
const DENSE: u32 = 1 << 16;

/// Which numbers are in use, and which are sockets.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    /// By number: an inode, [`OTHER`] or [`FREE`].
    near: Vec<u32>,
    far: BTreeMap<u32, u32>,
    /// Every number below it is in use.
    lowest: u32,
    /// Numbers that have come free and have not been looked at since.
    freed: Vec<u32>,
    sockets: usize,
}

/// No socket has these inodes: the first belong to the file system's own root.
const FREE: u32 = 0;
const OTHER: u32 = 1;

impl Numbers {
    pub(super) fn new(all: &[(u32, At)]) -> Self {
        let mut numbers = Self::default();
        let highest = all.iter().map(|(number, _)| number + 1).filter(|number| *number <= DENSE).max();
        numbers.near.reserve_exact(highest.unwrap_or(0) as usize);
        for (number, at) in all {
            numbers.set(*number, *at);
        }
        numbers
    }

    pub(super) fn get(&self, number: u32) -> At {
        match self.raw(number) {
            FREE => At::Free,
            OTHER => At::Other,
            inode => At::Socket(inode),
        }
    }

    /// Answers what stood there before.
    pub(super) fn set(&mut self, number: u32, at: At) -> At {
        let before = self.get(number);
        let raw = match at {
            At::Free => FREE,
            At::Other => OTHER,
            At::Socket(inode) => inode,
        };
        if number >= DENSE {
            if raw == FREE {
                self.far.remove(&number)
            } else {
                self.far.insert(number, raw)
            };
        } else {
            let place = number as usize;
            if place >= self.near.len() && raw != FREE {
                self.near.resize(place + 1, FREE);
            }
            if let Some(entry) = self.near.get_mut(place) {
                *entry = raw;
            }
        }
        self.sockets += usize::from(matches!(at, At::Socket(_)));
        self.sockets -= usize::from(matches!(before, At::Socket(_)));
        if at == At::Free {
            self.lowest = self.lowest.min(number);
        } else if number == self.lowest {
            while self.raw(self.lowest) != FREE {
                self.lowest += 1;
            }
        }
        before
    }

    /// The socket at this number is gone: it is free now, or something else has it.
    pub(super) fn free(&mut self, number: u32) {
        if self.set(number, At::Free) != At::Free {
            self.freed.push(number);
        }
    }

    /// This number is to be looked at again.
    pub(super) fn doubt(&mut self, number: u32) {
        self.freed.push(number);
    }

    /// The lowest number that is not known to be in use.
    pub(super) fn lowest(&self) -> u32 {
        self.lowest
    }

    pub(super) fn take_freed(&mut self) -> Vec<u32> {
        std::mem::take(&mut self.freed)
    }

    pub(super) fn holds_sockets(&self) -> bool {
        self.sockets > 0
    }

    /// Numbers and inodes of all sockets.
    pub(super) fn sockets(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        let near = (0..).zip(self.near.iter().copied());
        let far = self.far.iter().map(|(number, raw)| (*number, *raw));
        near.chain(far).filter(|(_, raw)| *raw > OTHER)
    }

    fn raw(&self, number: u32) -> u32 {
        if number >= DENSE {
            return self.far.get(&number).copied().unwrap_or(FREE);
        }
        self.near.get(number as usize).copied().unwrap_or(FREE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_free_number_is_kept_through_everything() {
        let all = [(0, At::Other), (1, At::Other), (2, At::Socket(20)), (3, At::Socket(30)), (5, At::Socket(50))];
        let mut numbers = Numbers::new(&all);
        assert_eq!(numbers.lowest(), 4);
        numbers.set(4, At::Other);
        assert_eq!(numbers.lowest(), 6);
        numbers.free(3);
        numbers.free(2);
        assert_eq!((numbers.lowest(), numbers.take_freed()), (2, vec![3, 2]));
        assert_eq!(numbers.set(2, At::Socket(21)), At::Free);
        assert_eq!(numbers.lowest(), 3);
        assert_eq!(numbers.sockets().collect::<Vec<_>>(), [(2, 21), (5, 50)]);
        numbers.free(9);
        assert_eq!(numbers.take_freed(), [], "it was free");
    }

    #[test]
    fn high_numbers_take_no_room_for_what_is_below() {
        let mut numbers = Numbers::new(&[(0, At::Other), (4_000_000_000, At::Socket(7))]);
        assert_eq!((numbers.lowest(), numbers.near.len()), (1, 1));
        assert_eq!(numbers.get(4_000_000_000), At::Socket(7));
        assert!(numbers.holds_sockets());
        numbers.free(4_000_000_000);
        assert_eq!((numbers.lowest(), numbers.holds_sockets(), numbers.far.len()), (1, false, 0));
    }
}
