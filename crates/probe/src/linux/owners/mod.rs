//! Which processes have a descriptor of a socket: the inode of the socket → its holders.
//!
//! Found incrementally, and right before fast:
//! - A look in which no process came or went and no socket is sought reads nothing of `/proc` but the one line that says
//!   so ([`Pulse`]).
//! - A socket that appeared is sought where it must be, since the kernel gives out the lowest free descriptor number: at the numbers
//!   that are free as far as we know ([`numbers`]), of the likely processes first. One call tells whether a process has opened anything.
//!   What an earlier reading said about a process is a hint where to look, never an answer for a socket that was not there then.
//! - Where that finds nothing (an ordinary file's number was closed and used again), processes are read as a whole, all of them if need be.
//! - The end of a holder is told by the kernel ([`watch`]).
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
mod numbers;
mod reading;
mod room;
mod rota;
mod wanted;
mod watch;

#[cfg(test)]
mod tests;

use std::time::{Duration, Instant};

use quaymaster_core::{Owner, OwnerGap};
use rustix::io::Errno;

use super::hash::NumberMap;
use super::procfs::{At, Beat, ProcFs, Pulse};
use ledger::{Ledger, Seat};
use reading::{Reading, Refusal, read, read_all};
use room::Room;
use rota::Rota;
use wanted::Wanted;
use watch::Watch;

/// Processes read at a time at most: each has a descriptor open meanwhile.
const AT_A_TIME: usize = 128;

/// What finding owners has cost so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OwnerStats {
    /// Files, links and folders of `/proc` that were read, without the pulse.
    pub proc_reads: u64,
    /// Processes whose descriptors were listed.
    pub scans: u64,
    /// Processes that were asked at their free numbers alone.
    pub probes: u64,
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
    /// Processes whose turn has come are read again too: at looks, not between two.
    pub(super) rounds: bool,
    /// Sockets that the last look did not show, or not with this inode.
    pub(super) appeared: &'a [Sought],
    /// Processes that are likely to hold them, the likeliest first.
    pub(super) hints: &'a [u32],
    /// Inodes that are those of no open socket any more.
    pub(super) lost: &'a [u32],
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
    room: Room,
    /// Open sockets without a holder.
    missing: NumberMap<u32, Missing>,
    /// Sockets whose last holder went: most of them are closed by the next look.
    orphaned: Vec<u32>,
    /// `/proc` shows this user only the user's own processes.
    hidden: bool,
    trouble: Option<Errno>,
    look: u32,
    stats: OwnerStats,
    took: Duration,
}

#[derive(Clone, Copy)]
struct Missing {
    uid: u32,
    attempts: u8,
    retry_at: u64,
}

impl OwnerIndex {
    pub(super) fn new(proc: ProcFs, own_uid: u32) -> Self {
        Self::with_room(proc, own_uid, Room::make())
    }

    fn with_room(proc: ProcFs, own_uid: u32, room: Room) -> Self {
        Self {
            pulse: proc.pulse(),
            proc,
            beat: None,
            own_uid,
            ledger: Ledger::default(),
            rota: Rota::default(),
            watch: Watch::default(),
            room,
            missing: NumberMap::default(),
            orphaned: Vec::new(),
            hidden: false,
            trouble: None,
            look: 0,
            stats: OwnerStats::default(),
            took: Duration::ZERO,
        }
    }

    pub(super) fn stats(&self) -> OwnerStats {
        OwnerStats { proc_reads: self.proc.reads(), ..self.stats }
    }

    /// Time on the wall that finding owners has taken so far.
    pub(super) fn took(&self) -> Duration {
        self.took
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
        let began = Instant::now();
        let moved = self.find(errand);
        self.took += began.elapsed();
        moved
    }

    fn find(&mut self, errand: &mut Errand<'_>) -> Vec<u32> {
        self.look = self.look.wrapping_add(1);
        self.rota.begin(errand.now);
        let losers: Vec<u32> = errand.lost.iter().flat_map(|inode| self.ledger.vacate(*inode)).collect();
        let mut wanted = self.wanted(errand);
        if self.stir() {
            self.trouble = self.list(&mut wanted, errand.now).err();
        }
        for pid in self.watch.ended(&mut self.room) {
            self.scan(pid, &mut wanted, errand.now);
        }
        self.seek_orphaned(&mut wanted, errand);
        self.seek(&mut wanted, &losers, errand);
        self.reread(&mut wanted, errand);
        self.settle(wanted, errand.now);
        self.ledger.take_touched()
    }

    /// Who holds the socket; `None` if that is being found out again and the last answer stands until the next look.
    pub(super) fn owner(&self, inode: u32, uid: u32) -> Option<Owner> {
        let holders = self.ledger.keys(inode);
        if !holders.is_empty() {
            return Some(Owner::Processes(holders.into()));
        }
        (!self.orphaned.contains(&inode)).then(|| Owner::Unknown(self.gap(inode, uid)))
    }

    /// PIDs of the holders.
    pub(super) fn pids(&self, inode: u32) -> impl Iterator<Item = u32> + '_ {
        self.ledger.seats(inode).map(|seat| seat.pid)
    }

    /// What is sought in this look: what appeared, what lost its holder, and what was not found and is due again.
    fn wanted(&mut self, errand: &Errand<'_>) -> Wanted {
        self.missing.retain(|inode, _| (errand.open)(*inode).is_some());
        let orphaned = std::mem::take(&mut self.orphaned);
        let orphaned = orphaned.into_iter().filter_map(|inode| Some(Sought { inode, uid: (errand.open)(inode)? }));
        let orphaned: Vec<_> = orphaned.inspect(|sought| self.ledger.touch(sought.inode)).collect();
        let due = self.missing.iter().filter(|(_, missing)| missing.retry_at <= errand.now);
        let due = due.map(|(inode, missing)| Sought { inode: *inode, uid: missing.uid });
        Wanted::of(errand.appeared.iter().copied().chain(orphaned).chain(due))
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
    fn list(&mut self, wanted: &mut Wanted, now: u64) -> Result<(), Errno> {
        let first = self.ledger.is_empty();
        let pids = self.proc.pids()?;
        // PID 1 is always there; if this user can't see it, `/proc` hides others.
        self.hidden = !self.proc.process(1).is_ok_and(|init| init.stat().is_ok());
        let (new, gone) = self.ledger.compare(&pids);
        for pid in gone {
            self.forget(pid);
        }
        for pids in new.chunks(AT_A_TIME) {
            for (pid, reading) in read_all(&self.proc, pids) {
                if !first {
                    self.rota.welcome(pid);
                }
                if !self.ledger.begin_scan(pid, self.look) {
                    continue;
                }
                // What a new process holds of a socket that is new too, its parent has opened and may hold still.
                if let Some(parent) = self.take_in(pid, reading, wanted, now).filter(|_| !first) {
                    self.scan(parent, wanted, now);
                }
            }
        }
        Ok(())
    }

    /// Reads one process's descriptors, unless it was read in this look.
    fn scan(&mut self, pid: u32, wanted: &mut Wanted, now: u64) {
        if self.ledger.begin_scan(pid, self.look) {
            let reading = read(&self.proc, pid);
            self.take_in(pid, reading, wanted, now);
        }
    }

    /// Returns the parent of a process that holds what is sought.
    fn take_in(&mut self, pid: u32, reading: Result<Reading, Refusal>, wanted: &mut Wanted, now: u64) -> Option<u32> {
        self.stats.scans += 1;
        match reading {
            Ok(Reading { whole, parent }) => {
                let mut holds_wanted = false;
                for (_, inode) in whole.numbers.sockets() {
                    holds_wanted |= wanted.found(inode);
                    self.missing.remove(&inode);
                }
                let holds = whole.numbers.holds_sockets();
                self.ledger.record(whole, self.look, &mut self.room, &mut self.orphaned);
                if holds {
                    self.watch.add(pid, &mut self.room);
                }
                self.rota.read(pid, now);
                return holds_wanted.then_some(parent);
            }
            Err(Refusal::Denied(key, uid)) => {
                self.ledger.deny(key, uid, self.look, &mut self.room, &mut self.orphaned);
                self.rota.denied(pid, now);
            }
            Err(Refusal::Gone) => self.forget(pid),
            Err(Refusal::Failed) => {}
        }
        None
    }

    fn forget(&mut self, pid: u32) {
        self.ledger.forget(pid, &mut self.room, &mut self.orphaned);
        self.rota.forget(pid);
        self.watch.forget(pid, &mut self.room);
    }

    /// Asks one process after the other until everything is found.
    fn seek(&mut self, wanted: &mut Wanted, losers: &[u32], errand: &mut Errand<'_>) {
        wanted.set_aside(|uid| self.foreign(uid));
        if wanted.is_done() {
            return;
        }
        // Who had the descriptor long before the socket was bound or connected.
        let seats: Vec<Seat> = wanted.inodes().into_iter().flat_map(|inode| self.ledger.seats(inode)).collect();
        for seat in seats {
            self.look_at(seat, wanted);
        }
        let likely: Vec<u32> = errand.hints.iter().chain(losers).copied().collect();
        self.probe_each(&likely, wanted, errand.now);
        // Short-lived connections are gone by now, and nobody is to be asked for them.
        wanted.retain(|inode| (errand.still_open)(inode));
        if wanted.is_done() {
            return;
        }
        let others = candidates::others(&self.ledger, wanted);
        self.probe_each(&others, wanted, errand.now);
        for pid in likely.iter().chain(&others) {
            if wanted.is_done() {
                return;
            }
            self.scan(*pid, wanted, errand.now);
        }
    }

    /// A process has ended, and what it held is closed by now, or somebody else has it. Of what is closed the last answer stands.
    fn seek_orphaned(&mut self, wanted: &mut Wanted, errand: &mut Errand<'_>) {
        for inode in std::mem::take(&mut self.orphaned) {
            match (errand.open)(inode) {
                Some(uid) if (errand.still_open)(inode) => {
                    self.ledger.touch(inode);
                    wanted.add(Sought { inode, uid });
                }
                Some(_) => self.orphaned.push(inode),
                None => {}
            }
        }
    }

    fn look_at(&mut self, seat: Seat, wanted: &mut Wanted) {
        if let Ok(At::Socket(inode)) = self.ledger.probe_seat(seat, &self.proc, &mut self.orphaned) {
            wanted.found(inode);
            self.missing.remove(&inode);
        }
    }

    /// Looks at the free numbers of these processes.
    fn probe_each(&mut self, pids: &[u32], wanted: &mut Wanted, now: u64) {
        for pid in pids {
            if wanted.is_done() {
                return;
            }
            let missing = &mut self.missing;
            let mut held = false;
            let mut found = |inode| {
                held = true;
                wanted.found(inode);
                missing.remove(&inode);
                wanted.is_done()
            };
            let asked = self.ledger.probe(*pid, self.look, &self.proc, &mut self.orphaned, &mut found);
            self.stats.probes += u64::from(asked.is_some());
            if held {
                self.watch.add(*pid, &mut self.room);
            }
            if asked.is_some_and(|asked| asked.is_err()) {
                // It may be read no more, or is gone, or we are short of something: the whole reading tells which.
                self.scan(*pid, wanted, now);
            }
        }
    }

    /// Reads the processes whose turn has come.
    fn reread(&mut self, wanted: &mut Wanted, &Errand { now, rounds, .. }: &Errand<'_>) {
        for pid in if rounds { self.rota.due(now) } else { Vec::new() } {
            self.scan(pid, wanted, now);
        }
    }

    /// Takes note of what was not found, and when to look for it again.
    fn settle(&mut self, wanted: Wanted, now: u64) {
        let (mine, foreign) = wanted.rest();
        // Not to be found by looking for it; should one of our processes hold it, its own turn will tell.
        foreign.iter().for_each(|sought| self.ledger.touch(sought.inode));
        for Sought { inode, uid } in mine {
            self.ledger.touch(inode);
            let missing = self.missing.entry(inode).or_insert(Missing { uid, attempts: 0, retry_at: 0 });
            missing.attempts = missing.attempts.saturating_add(1);
            missing.retry_at = now + gap::wait(missing.attempts);
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
