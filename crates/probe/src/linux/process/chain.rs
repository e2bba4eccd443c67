//! The parents of a process.

use quaymaster_core::{Ancestor, ProcessKey};

use super::super::procfs::{Folder, ProcFs, Stat};
use super::name;

/// Longer chains are cut; the deepest seen in the wild are a tenth of this.
const MOST: usize = 128;

/// Parent, grandparent, … up to PID 1 or to the first that can't be seen. A parent that is younger than its child is
/// another process that has the number now, and ends the chain.
pub(super) fn above(proc: &ProcFs, stat: &Stat) -> Vec<Ancestor> {
    let mut chain = Vec::new();
    let mut child = stat.clone();
    while child.parent != 0 && chain.len() < MOST {
        let pid = child.parent;
        let Ok(folder) = proc.process(pid) else { break };
        let Ok(stat) = folder.stat() else { break };
        if stat.start > child.start {
            break;
        }
        chain.push(ancestor(&folder, &stat));
        child = stat;
    }
    chain
}

fn ancestor(folder: &Folder<'_>, stat: &Stat) -> Ancestor {
    Ancestor { key: ProcessKey { pid: folder.pid(), start: stat.start }, name: name::of(folder, stat) }
}
