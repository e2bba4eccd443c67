//! The sockets whose holders are looked for in one look.

use super::super::hash::NumberMap;
use super::Sought;

/// Those that can be found by looking, and those of users whose processes may not be read.
#[derive(Default)]
pub(super) struct Wanted {
    mine: NumberMap<u32, u32>,
    foreign: NumberMap<u32, u32>,
}

impl Wanted {
    pub(super) fn of(sought: impl Iterator<Item = Sought>) -> Self {
        Self { mine: sought.map(|Sought { inode, uid }| (inode, uid)).collect(), foreign: NumberMap::default() }
    }

    /// For these there is nowhere to look. Reading all of this user's processes at each of another user's sockets would be the
    /// naive retry that makes unprivileged looks dear.
    pub(super) fn set_aside(&mut self, foreign: impl Fn(u32) -> bool) {
        self.foreign.extend(self.mine.extract_if(|_, uid| foreign(*uid)));
    }

    /// A holder was found. Whether anybody looked for one.
    pub(super) fn found(&mut self, inode: u32) -> bool {
        self.mine.remove(&inode).or_else(|| self.foreign.remove(&inode)).is_some()
    }

    /// Those for which `still` is false are not to be looked for.
    pub(super) fn retain(&mut self, mut still: impl FnMut(u32) -> bool) {
        self.mine.retain(|inode, _| still(*inode));
    }

    /// Nothing more is to be found by looking.
    pub(super) fn is_done(&self) -> bool {
        self.mine.is_empty()
    }

    pub(super) fn inodes(&self) -> Vec<u32> {
        self.mine.keys().copied().collect()
    }

    /// Whose sockets are looked for.
    pub(super) fn users(&self) -> Vec<u32> {
        let mut users: Vec<u32> = self.mine.values().copied().collect();
        users.sort_unstable();
        users.dedup();
        users
    }

    /// What was not found: by looking, and because there is nowhere to look.
    pub(super) fn rest(self) -> (Vec<Sought>, Vec<Sought>) {
        let list = |map: NumberMap<u32, u32>| map.into_iter().map(|(inode, uid)| Sought { inode, uid }).collect();
        (list(self.mine), list(self.foreign))
    }
}
