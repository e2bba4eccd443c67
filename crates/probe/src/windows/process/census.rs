//! All processes at one moment, and who of them descends from whom.

use std::collections::HashMap;

use quaymaster_core::{Ancestor, ProcessKey};

use super::super::listing::{Listed, processes};
use crate::descent::below;

/// Longer chains of parents are cut; the deepest seen in the wild are a tenth of this.
const MOST: usize = 128;

/// The processes that the system listed in one call.
pub(super) struct Census {
    by_pid: HashMap<u32, Listed>,
}

impl Census {
    /// Asks the system; `None` if it does not answer.
    pub(super) fn take() -> Option<Self> {
        processes().ok().map(Self::of)
    }

    fn of(all: Vec<Listed>) -> Self {
        Self { by_pid: all.into_iter().map(|process| (process.pid, process)).collect() }
    }

    /// What is listed of this very process; `None` if it was not there.
    pub(super) fn get(&self, key: ProcessKey) -> Option<&Listed> {
        self.by_pid.get(&key.pid).filter(|process| process.created == key.start)
    }

    /// Parent, grandparent, … up to the first that has ended. Windows keeps the number of a parent that has ended: a "parent"
    /// that is younger than its child is another process that has the number now, and ends the chain.
    pub(super) fn above(&self, key: ProcessKey) -> Vec<Ancestor> {
        let mut chain: Vec<Ancestor> = Vec::new();
        let mut child = self.get(key);
        while let Some(parent) = child.and_then(|child| self.parent(child)).filter(|_| chain.len() < MOST) {
            let key = key_of(parent);
            // Processes that were created at the same tick could name each other.
            if chain.iter().any(|known| known.key == key) {
                break;
            }
            chain.push(Ancestor { key, name: parent.name.clone() });
            child = Some(parent);
        }
        chain
    }

    fn parent(&self, child: &Listed) -> Option<&Listed> {
        // 0, the idle process, is named as the parent where there is none.
        let parent = self.by_pid.get(&child.parent).filter(|parent| parent.pid != 0 && parent.pid != child.pid);
        parent.filter(|parent| parent.created <= child.created)
    }

    /// Everything below `root`, parents before children.
    pub(super) fn below(&self, root: ProcessKey) -> Vec<ProcessKey> {
        if self.get(root).is_none() {
            return Vec::new();
        }
        let mut children: HashMap<u32, Vec<ProcessKey>> = HashMap::new();
        for process in self.by_pid.values() {
            if let Some(parent) = self.parent(process) {
                children.entry(parent.pid).or_default().push(key_of(process));
            }
        }
        below(root, children)
    }
}

#[cfg(test)]
impl Census {
    /// A made-up one: each is `(pid, parent, created, name)`.
    pub(super) fn made(all: &[(u32, u32, u64, &str)]) -> Self {
        let listed = |&(pid, parent, created, name): &(u32, u32, u64, &str)| Listed {
            pid,
            parent,
            created: quaymaster_core::StartMark(created),
            name: name.to_owned(),
        };
        Self::of(all.iter().map(listed).collect())
    }

    /// All of them.
    pub(super) fn keys(&self) -> Vec<ProcessKey> {
        self.by_pid.values().map(key_of).collect()
    }
}

fn key_of(process: &Listed) -> ProcessKey {
    ProcessKey { pid: process.pid, start: process.created }
}

#[cfg(test)]
mod tests {
    use quaymaster_core::StartMark;

    use super::*;

    fn key(pid: u32, start: u64) -> ProcessKey {
        ProcessKey { pid, start: StartMark(start) }
    }

    /// Each is `(pid, parent, created)`.
    fn census(all: &[(u32, u32, u64)]) -> Census {
        Census::made(&all.iter().map(|&(pid, parent, created)| (pid, parent, created, "")).collect::<Vec<_>>())
    }

    fn above(all: &[(u32, u32, u64)], of: ProcessKey) -> Vec<u32> {
        census(all).above(of).into_iter().map(|ancestor| ancestor.key.pid).collect()
    }

    fn below(all: &[(u32, u32, u64)], of: ProcessKey) -> Vec<u32> {
        census(all).below(of).into_iter().map(|key| key.pid).collect()
    }

    #[test]
    fn a_younger_parent_is_another_process_with_the_number() {
        let all = [(0, 0, 0), (4, 0, 1), (10, 4, 5), (20, 10, 7), (30, 20, 6), (40, 30, 9), (50, 99, 9)];
        assert_eq!(above(&all, key(20, 7)), [10, 4]);
        assert_eq!(above(&all, key(30, 6)), [], "20 is younger");
        assert_eq!(above(&all, key(40, 9)), [30]);
        assert_eq!(above(&all, key(50, 9)), [], "its parent has ended");
        assert_eq!(above(&all, key(20, 8)), [], "another process");
        assert_eq!(below(&all, key(4, 1)), [10, 20]);
        assert_eq!(below(&all, key(4, 2)), []);
        assert_eq!(below(&all, key(30, 6)), [40]);
    }

    #[test]
    fn circles_end() {
        let all = [(1, 2, 5), (2, 1, 5), (3, 3, 5)];
        assert_eq!(above(&all, key(1, 5)), [2, 1]);
        assert_eq!(below(&all, key(1, 5)), [2]);
        assert_eq!((above(&all, key(3, 5)), below(&all, key(3, 5))), (vec![], vec![]));
        let long: Vec<(u32, u32, u64)> = (1..1000).map(|pid| (pid, pid - 1, u64::from(pid))).collect();
        assert_eq!(above(&long, key(999, 999)).len(), MOST);
        assert_eq!(below(&long, key(1, 1)).len(), 998);
    }
}
