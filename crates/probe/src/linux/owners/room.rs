//! How many descriptors of our own may be kept open for finding owners: the folder of a process's descriptors, and a descriptor
//! of the process itself.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// More than this many are never asked for, however generous the system.
const MOST: u64 = 65_536;

/// A count of what may still be opened.
#[derive(Debug)]
pub(super) struct Room {
    left: usize,
    /// So much is left to processes that hold sockets.
    reserved: usize,
}

impl Room {
    /// Raises this process's soft limit to what it may be raised to (`man 2 getrlimit`; programs that it starts inherit it),
    /// and takes half of it.
    pub(super) fn make() -> Self {
        let limit = getrlimit(Resource::Nofile);
        let possible = limit.maximum.unwrap_or(MOST).min(MOST);
        let soft = limit.current.unwrap_or(MOST);
        if soft < possible && setrlimit(Resource::Nofile, Rlimit { current: Some(possible), ..limit }).is_ok() {
            return Self::of(possible / 2);
        }
        Self::of(soft.min(MOST) / 2)
    }

    pub(super) fn of(descriptors: u64) -> Self {
        let left = usize::try_from(descriptors).unwrap_or(usize::MAX);
        Self { left, reserved: left / 2 }
    }

    /// The same for a process that holds no sockets: it may open some, and is asked then.
    pub(super) fn take_spare(&mut self) -> bool {
        self.left > self.reserved && self.take()
    }

    /// Whether one more may be kept; then it is counted.
    pub(super) fn take(&mut self) -> bool {
        let room = self.left > 0;
        self.left -= usize::from(room);
        room
    }

    pub(super) fn give_back(&mut self, descriptors: usize) {
        self.left += descriptors;
    }
}
