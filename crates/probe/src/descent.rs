//! Who descends from whom, out of a listing of all processes.

use std::collections::{HashMap, HashSet};

use quaymaster_core::ProcessKey;

/// Everything below `root`, parents before children. `children` are those whom each PID is named by as their parent; a "child" that
/// is older than its parent read that number before it was given to this one, and is nobody's.
pub(crate) fn below(root: ProcessKey, mut children: HashMap<u32, Vec<ProcessKey>>) -> Vec<ProcessKey> {
    let mut found = vec![root];
    let mut met = HashSet::from([root.pid]);
    let mut next = 0;
    while let Some(parent) = found.get(next).copied() {
        next += 1;
        let mut own = children.remove(&parent.pid).unwrap_or_default();
        own.retain(|child| child.start >= parent.start && met.insert(child.pid));
        own.sort_unstable();
        found.extend(own);
    }
    found.remove(0);
    found
}
