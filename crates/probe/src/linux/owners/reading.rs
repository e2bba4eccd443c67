//! One process read as a whole, or many at once.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use quaymaster_core::{ProcessKey, StartMark};
use rustix::io::Errno;

use super::super::procfs::ProcFs;
use super::ledger::Whole;
use super::numbers::Numbers;

/// From so many processes on several threads read them.
const MANY: usize = 32;
/// Threads at most: the system's own locks on its files let two do nearly twice the work of one, and more hardly any more.
const THREADS: usize = 4;

/// One process, read.
pub(super) struct Reading {
    pub(super) whole: Whole,
    pub(super) parent: u32,
}

/// Why a process could not be read.
pub(super) enum Refusal {
    /// It is there and may not be read; its user, if that is told.
    Denied(ProcessKey, Option<u32>),
    Gone,
    /// Our own shortage (descriptors, memory): what was known of it stands.
    Failed,
}

pub(super) fn read(proc: &ProcFs, pid: u32) -> Result<Reading, Refusal> {
    let folder = proc.process(pid).map_err(|error| refusal(error, pid))?;
    let stat = folder.stat().map_err(|error| refusal(error, pid))?;
    let key = ProcessKey { pid, start: stat.start };
    if stat.kernel_thread {
        // It has no descriptors; there are a hundred of them on a desktop.
        let whole = Whole { key, uid: 0, numbers: Numbers::default(), folder: None };
        return Ok(Reading { whole, parent: stat.parent });
    }
    let listed = folder.descriptors().and_then(|folder| Ok((folder.all(proc)?, folder)));
    match listed {
        Ok((numbers, descriptors)) => {
            let uid = folder.owner().map_err(|error| refusal(error, pid))?;
            let whole = Whole { key, uid, numbers: Numbers::new(&numbers), folder: Some(descriptors) };
            Ok(Reading { whole, parent: stat.parent })
        }
        Err(Errno::ACCESS | Errno::PERM) => Err(Refusal::Denied(key, folder.uid().ok())),
        Err(error) => Err(refusal(error, pid)),
    }
}

/// Reads these processes, one answer each.
pub(super) fn read_all(proc: &ProcFs, pids: &[u32]) -> Vec<(u32, Result<Reading, Refusal>)> {
    let threads = thread::available_parallelism().map_or(1, usize::from).min(THREADS);
    if pids.len() < MANY || threads == 1 {
        return pids.iter().map(|pid| (*pid, read(proc, *pid))).collect();
    }
    // Each takes the next that nobody has taken: one process may have as many descriptors as all others together.
    let next = AtomicUsize::new(0);
    let work = || {
        let mut read_here = Vec::new();
        while let Some(pid) = pids.get(next.fetch_add(1, Ordering::Relaxed)) {
            read_here.push((*pid, read(proc, *pid)));
        }
        read_here
    };
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mine = work();
        mine.into_iter().chain(others.into_iter().flat_map(|other| other.join().unwrap_or_default())).collect()
    })
}

pub(super) fn refusal(error: Errno, pid: u32) -> Refusal {
    match error {
        // `hidepid=1` denies even this; without a start the key names nothing that could be mistaken for a process.
        Errno::ACCESS | Errno::PERM => Refusal::Denied(ProcessKey { pid, start: StartMark(0) }, None),
        Errno::NOENT | Errno::SRCH => Refusal::Gone,
        _ => Refusal::Failed,
    }
}
