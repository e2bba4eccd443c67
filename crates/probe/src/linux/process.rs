//! Facts about processes, each read through the process's own folder (see the invariant of [`linux`](super)).
//!
//! Not by sysinfo, which reads by number, cuts ` (deleted)` off a program's path and does not say why a fact is missing.

mod chain;
mod facts;
mod name;

use std::collections::HashMap;

use quaymaster_core::{Gap, Process, ProcessKey};

use self::facts::Clock;
use super::procfs::{ProcFs, Stat};
use crate::portable::Users;
use crate::{Myself, ProcessSource, descent};

/// Processes by `/proc`.
#[derive(Default)]
pub struct Processes {
    users: Users,
}

impl Processes {
    /// A source that has read nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl ProcessSource for Processes {
    fn read(&mut self, keys: &[ProcessKey]) -> Vec<Process> {
        let Ok(proc) = ProcFs::open() else {
            return keys.iter().map(|key| Process::unread(*key, Gap::Unsupported)).collect();
        };
        let clock = Clock::read();
        keys.iter().map(|key| facts::read(&proc, *key, &clock, &mut self.users)).collect()
    }

    fn at_a_time(&self) -> usize {
        // The command line lies in the process's own memory, which may be long in coming.
        1
    }

    fn descendants(&mut self, key: ProcessKey) -> Vec<Process> {
        let Ok(proc) = ProcFs::open() else { return Vec::new() };
        let keys = below(&proc, key);
        self.read(&keys).into_iter().filter(|process| process.started_at != Err(Gap::Gone)).collect()
    }

    fn user_name(&mut self, uid: u32) -> Option<String> {
        self.users.name(uid)
    }
}

/// This process and what it runs inside.
pub(crate) fn myself() -> Myself {
    let pid = std::process::id();
    let seen = ProcFs::open().ok().and_then(|proc| {
        let folder = proc.process(pid).ok()?;
        let stat = folder.stat().ok()?;
        let ancestors = chain::above(&proc, &stat).into_iter().map(|ancestor| ancestor.key).collect();
        Some(Myself { own: ProcessKey { pid, start: stat.start }, ancestors })
    });
    // Without `/proc` there are no keys to compare with either.
    seen.unwrap_or(Myself { own: ProcessKey { pid, start: quaymaster_core::StartMark(0) }, ancestors: Vec::new() })
}

/// Everything below `root`, parents before children.
fn below(proc: &ProcFs, root: ProcessKey) -> Vec<ProcessKey> {
    let stat = |pid: u32| -> Option<Stat> { proc.process(pid).ok()?.stat().ok() };
    if stat(root.pid).is_none_or(|stat| stat.start != root.start) {
        return Vec::new();
    }
    let mut children: HashMap<u32, Vec<ProcessKey>> = HashMap::new();
    for pid in proc.pids().unwrap_or_default() {
        if let Some(stat) = stat(pid) {
            children.entry(stat.parent).or_default().push(ProcessKey { pid, start: stat.start });
        }
    }
    descent::below(root, children)
}
