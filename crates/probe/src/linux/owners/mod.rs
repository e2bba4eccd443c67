//! Which processes have a descriptor of a socket: the inode of the socket → its holders.
//!
//! Found incrementally, and right before fast:
//! - A look in which no process came or went and no socket is sought reads nothing of `/proc` but the one line that says
//!   so ([`Pulse`]).
//! - A socket that appeared is sought in the likely processes first ([`candidates`]); what an earlier reading said about a
//!   process is a hint where to look, never an answer for a socket that was not there then.
//! - New processes are read when they show up and twice more soon after, since most of them are about to `exec` and close
//!   what they inherited.
//! - Everything is read again within a minute or so, a little each look: descriptors that were passed over a Unix socket
//!   or closed in one of two holders leave no other sign.
//! - A process that may not be read is left alone for a minute and longer.
//!
//! **Invariant:** must not know what a socket is beyond its inode, its user and who may hold it.

mod candidates;
mod gap;
mod ledger;
mod rota;
mod watch;

#[cfg(test)]
mod tests;

use quaymaster_core::{Owner, OwnerGap, ProcessKey, StartMark};
use rustix::io::Errno;

use super::hash::NumberMap;
use super::procfs::{Beat, ProcFs, Pulse};
use ledger::Ledger;
use rota::Rota;
use watch::Watch;

/// What finding owners has cost so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OwnerStats {
    /// Files, links and folders of `/proc` that were read, without the pulse.
    pub proc_reads: u64,
    /// Processes whose descriptors were listed.
    pub scans: u64,
    /// Looks in which processes had come or gone, or in which there was no telling.
    pub stirred: u64,
}

/// A socket whose holders are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sought {
    pub(super) inode: u32,
    pub(super) uid: u32,
}

/// What one look needs to know.
pub(super) struct Errand<'a> {
    /// The time, Unix milliseconds.
    pub(super) now: u64,
    /// Sockets that the last look did not show, or not with this inode.
    pub(super) appeared: &'a [Sought],
    /// Processes that are likely to hold them, the likeliest first.
    pub(super) hints: &'a [u32],
    /// The user of an open socket by its inode; `None` for inodes that are no open Internet socket.
    pub(super) open: &'a dyn Fn(u32) -> Option<u32>,
    /// Whether somebody still has a descriptor of this socket, asked anew.
    pub(super) still_open: &'a mut dyn FnMut(u32) -> bool,
}

/// The index.
pub(super) struct OwnerIndex {
    proc: ProcFs,
    pulse: Option<Pulse>,
    beat: Option<Beat>,
    own_uid: u32,
    ledger: Ledger,
    rota: Rota,
    watch: Watch,
    /// Open sockets without a holder.
    missing: NumberMap<u32, Missing>,
    /// Sockets whose last holder went: most of them are closed by the next look.
    orphaned: Vec<u32>,
    /// `/proc` shows this user only the user's own processes.
    hidden: bool,
    trouble: Option<Errno>,
    look: u32,
    stats: OwnerStats,
}

#[derive(Clone, Copy)]
struct Missing {
    uid: u32,
    attempts: u8,
    retry_at: u64,
}

impl OwnerIndex {
    pub(super) fn new(proc: ProcFs, own_uid: u32) -> Self {
        Self {
            pulse: proc.pulse(),
            proc,
            beat: None,
            own_uid,
            ledger: Ledger::default(),
            rota: Rota::default(),
            watch: Watch::default(),
            missing: NumberMap::default(),
            orphaned: Vec::new(),
            hidden: false,
            trouble: None,
            look: 0,
            stats: OwnerStats::default(),
        }
    }

    pub(super) fn stats(&self) -> OwnerStats {
        OwnerStats { proc_reads: self.proc.reads(), ..self.stats }
    }

    /// Whether `/proc` hides other users' processes (`hidepid`, `man 5 proc`).
    pub(super) fn hidden(&self) -> bool {
        self.hidden
    }

    /// Why the processes could not be listed in the last look, if so; what was known of them stands.
    pub(super) fn trouble(&self) -> Option<Errno> {
        self.trouble
    }

    /// Brings the index up to date and returns the inodes about which [`OwnerIndex::owner`] may answer otherwise now.
    pub(super) fn update(&mut self, errand: &mut Errand<'_>) -> Vec<u32> {
        self.look = self.look.wrapping_add(1);
        self.rota.begin(errand.now);
        let mut sought = self.sought(errand);
        if self.stir() {
            self.trouble = self.list(&mut sought, errand.now).err();
        }
        for pid in self.watch.ended() {
            self.scan(pid, &mut sought, errand.now);
        }
        self.seek(&mut sought, errand);
        self.reread(&mut sought, errand.now);
        self.settle(&sought, errand.now);
        let touched = self.ledger.take_touched();
        self.watch_shared(&touched, errand);
        touched
    }

    /// Who holds the socket; `None` if that is being found out again and the last answer stands until the next look.
    pub(super) fn owner(&self, inode: u32, uid: u32) -> Option<Owner> {
        let mut holders: Vec<ProcessKey> = self.ledger.holders(inode).collect();
        if !holders.is_empty() {
            holders.sort_unstable();
            return Some(Owner::Processes(holders.into()));
        }
        (!self.orphaned.contains(&inode)).then(|| Owner::Unknown(self.gap(inode, uid)))
    }

    /// PIDs of the holders.
    pub(super) fn pids(&self, inode: u32) -> &[u32] {
        self.ledger.pids(inode)
    }

    /// What is sought in this look: what appeared, what lost its holder, and what was not found and is due again.
    fn sought(&mut self, errand: &Errand<'_>) -> NumberMap<u32, Sought> {
        self.missing.retain(|inode, _| (errand.open)(*inode).is_some());
        let orphaned = std::mem::take(&mut self.orphaned);
        let orphaned = orphaned.into_iter().filter_map(|inode| Some(Sought { inode, uid: (errand.open)(inode)? }));
        let orphaned: Vec<_> = orphaned.inspect(|sought| self.ledger.touch(sought.inode)).collect();
        let due = self.missing.iter().filter(|(_, missing)| missing.retry_at <= errand.now);
        let due = due.map(|(inode, missing)| Sought { inode: *inode, uid: missing.uid });
        let all = errand.appeared.iter().copied().chain(orphaned).chain(due);
        all.map(|sought| (sought.inode, sought)).collect()
    }

    /// Whether processes may have come or gone.
    fn stir(&mut self) -> bool {
        let beat = self.pulse.as_ref().and_then(Pulse::feel);
        let quiet = beat.is_some() && beat == self.beat && self.trouble.is_none();
        if quiet {
            return false;
        }
        self.stats.stirred += 1;
        self.ledger.reused(self.beat.zip(beat).map(|(before, after)| (before.last_pid, after.last_pid)));
        self.beat = beat;
        true
    }

    /// Takes note of the processes that are there now; reads the new ones and forgets those that are gone.
    fn list(&mut self, sought: &mut NumberMap<u32, Sought>, now: u64) -> Result<(), Errno> {
        let first = self.ledger.is_empty();
        let pids = self.proc.pids()?;
        // PID 1 is always there; if this user can't see it, `/proc` hides others.
        self.hidden = !self.proc.process(1).is_ok_and(|init| init.stat().is_ok());
        let (new, gone) = self.ledger.compare(&pids);
        for pid in gone {
            self.forget(pid);
        }
        for pid in new {
            if !first {
                self.rota.welcome(pid);
            }
            // What a new process holds of a socket that is new too, its parent has opened and may hold still.
            if let Some(parent) = self.scan(pid, sought, now) {
                self.scan(parent, sought, now);
            }
        }
        Ok(())
    }

    /// Reads one process's descriptors, unless it was read in this look. Returns its parent if it holds what is sought.
    fn scan(&mut self, pid: u32, sought: &mut NumberMap<u32, Sought>, now: u64) -> Option<u32> {
        if !self.ledger.begin_scan(pid, self.look) {
            return None;
        }
        self.stats.scans += 1;
        match self.read(pid) {
            Ok(Reading { key, parent, uid, sockets }) => {
                let holds = !sockets.is_empty();
                let before = sought.len();
                for inode in &sockets {
                    sought.remove(inode);
                    self.missing.remove(inode);
                }
                self.ledger.record(key, uid, sockets, self.look, &mut self.orphaned);
                self.rota.read(pid, holds, now);
                return (sought.len() < before).then_some(parent);
            }
            Err(Refusal::Denied(key, uid)) => {
                self.ledger.deny(key, uid, self.look, &mut self.orphaned);
                self.rota.denied(pid, now);
            }
            Err(Refusal::Gone) => self.forget(pid),
            Err(Refusal::Failed) => {}
        }
        None
    }

    fn read(&self, pid: u32) -> Result<Reading, Refusal> {
        let folder = self.proc.process(pid).map_err(|error| refusal(error, pid))?;
        let stat = folder.stat().map_err(|error| refusal(error, pid))?;
        let key = ProcessKey { pid, start: stat.start };
        match folder.sockets() {
            Ok(sockets) => {
                let uid = folder.owner().map_err(|error| refusal(error, pid))?;
                Ok(Reading { key, parent: stat.parent, uid, sockets })
            }
            Err(Errno::ACCESS | Errno::PERM) => Err(Refusal::Denied(key, folder.uid().ok())),
            Err(error) => Err(refusal(error, pid)),
        }
    }

    fn forget(&mut self, pid: u32) {
        self.ledger.forget(pid, &mut self.orphaned);
        self.rota.forget(pid);
        self.watch.forget(pid);
    }

    /// Reads one process after the other until everything is found.
    fn seek(&mut self, sought: &mut NumberMap<u32, Sought>, errand: &mut Errand<'_>) {
        // Other users' processes can't be read, so for other users' sockets there is nowhere to look: reading all of this
        // user's processes at each of their sockets would be the naive retry that makes unprivileged looks dear.
        let mine: Vec<Sought> = sought.values().copied().filter(|sought| !self.foreign(sought.uid)).collect();
        if mine.is_empty() {
            return;
        }
        self.ask(&candidates::likely(&self.ledger, &mine, errand.hints), &mine, sought, errand.now);
        // Short-lived connections are gone by now, and nobody is to be asked for them.
        sought.retain(|inode, wanted| self.foreign(wanted.uid) || (errand.still_open)(*inode));
        self.ask(&candidates::others(&self.ledger, &mine), &mine, sought, errand.now);
    }

    fn ask(&mut self, pids: &[u32], mine: &[Sought], sought: &mut NumberMap<u32, Sought>, now: u64) {
        for pid in pids {
            if mine.iter().all(|wanted| !sought.contains_key(&wanted.inode)) {
                return;
            }
            self.scan(*pid, sought, now);
        }
    }

    /// Reads the processes whose turn has come.
    fn reread(&mut self, sought: &mut NumberMap<u32, Sought>, now: u64) {
        for pid in self.rota.due(now) {
            self.scan(pid, sought, now);
        }
    }

    /// Takes note of what was not found, and when to look for it again.
    fn settle(&mut self, sought: &NumberMap<u32, Sought>, now: u64) {
        for Sought { inode, uid } in sought.values().copied() {
            self.ledger.touch(inode);
            if self.foreign(uid) {
                // Not to be found by looking for it; should one of our processes hold it, its own turn will tell.
                continue;
            }
            let missing = self.missing.entry(inode).or_insert(Missing { uid, attempts: 0, retry_at: 0 });
            missing.attempts = missing.attempts.saturating_add(1);
            missing.retry_at = now + gap::wait(missing.attempts);
        }
    }

    /// Holders of shared sockets are watched: when one ends, nothing else changes if its parent does not reap it.
    fn watch_shared(&mut self, touched: &[u32], errand: &Errand<'_>) {
        for inode in touched.iter().filter(|inode| (errand.open)(**inode).is_some()) {
            let pids = self.ledger.pids(*inode);
            if pids.len() > 1 {
                pids.iter().for_each(|pid| self.watch.add(*pid));
            }
        }
    }

    /// Whether the socket belongs to a user whose processes can't be read.
    fn foreign(&self, uid: u32) -> bool {
        uid != self.own_uid && (self.hidden || self.ledger.any_denied())
    }

    fn gap(&self, inode: u32, uid: u32) -> OwnerGap {
        if self.foreign(uid) {
            return OwnerGap::OtherUser;
        }
        let attempts = self.missing.get(&inode).map_or(0, |missing| missing.attempts);
        gap::settled(attempts, self.ledger.denied_of(uid)).unwrap_or(OwnerGap::Pending)
    }
}

/// One process, read.
struct Reading {
    key: ProcessKey,
    parent: u32,
    uid: u32,
    sockets: Vec<u32>,
}

enum Refusal {
    /// It is there and may not be read; its user, if that is told.
    Denied(ProcessKey, Option<u32>),
    Gone,
    /// Our own shortage (descriptors, memory): what was known of it stands.
    Failed,
}

fn refusal(error: Errno, pid: u32) -> Refusal {
    match error {
        // `hidepid=1` denies even this; without a start the key names nothing that could be mistaken for a process.
        Errno::ACCESS | Errno::PERM => Refusal::Denied(ProcessKey { pid, start: StartMark(0) }, None),
        Errno::NOENT | Errno::SRCH => Refusal::Gone,
        _ => Refusal::Failed,
    }
}
