//! What the last readings of each process said, and the same by socket.

use quaymaster_core::ProcessKey;
use rustix::io::Errno;

use super::super::hash::NumberMap;
use super::super::procfs::{At, Descriptors, ProcFs};
use super::numbers::Numbers;
use super::room::Room;

/// Both directions, always in step.
#[derive(Default)]
pub(super) struct Ledger {
    processes: NumberMap<u32, Entry>,
    /// One holder of every kind of socket by inode, so that a socket that is bound later is found at once …
    holders: NumberMap<u32, Seat>,
    /// … and the other descriptors of those that have several.
    more: NumberMap<u32, Vec<Seat>>,
    touched: Vec<u32>,
    denied: usize,
    listing: u32,
}

/// A descriptor of a socket: whose, and at which number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seat {
    pub(super) pid: u32,
    pub(super) number: u32,
}

#[derive(Default)]
struct Entry {
    /// `None` until it has been read.
    key: Option<ProcessKey>,
    uid: Option<u32>,
    denied: bool,
    numbers: Numbers,
    /// A thread of the kernel, which has no descriptors and is never asked for any.
    bare: bool,
    /// Kept open where there is room.
    folder: Option<Descriptors>,
    /// The look in which all of it was read last.
    look: u32,
    /// The listing of all processes that named it last.
    listing: u32,
}

/// A process, read as a whole.
pub(super) struct Whole {
    pub(super) key: ProcessKey,
    pub(super) uid: u32,
    pub(super) numbers: Numbers,
    /// `None` for a thread of the kernel.
    pub(super) folder: Option<Descriptors>,
}

impl Ledger {
    pub(super) fn is_empty(&self) -> bool {
        self.processes.is_empty()
    }

    /// The descriptors of a socket, as they were read last.
    pub(super) fn seats(&self, inode: u32) -> impl Iterator<Item = Seat> + '_ {
        let more = self.more.get(&inode).into_iter().flatten();
        self.holders.get(&inode).into_iter().chain(more).copied()
    }

    /// The holders of a socket, each once, in order.
    pub(super) fn keys(&self, inode: u32) -> Vec<ProcessKey> {
        let mut keys: Vec<ProcessKey> =
            self.seats(inode).filter_map(|seat| self.processes.get(&seat.pid)?.key).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// PID, user and whether it holds sockets, of every process that may be read and could hold any.
    pub(super) fn readable(&self) -> impl Iterator<Item = (u32, u32, bool)> + '_ {
        let readable = self.processes.iter().filter(|(_, entry)| !entry.denied && !entry.bare);
        readable.filter_map(|(pid, entry)| Some((*pid, entry.uid?, entry.numbers.holds_sockets())))
    }

    pub(super) fn any_denied(&self) -> bool {
        self.denied > 0
    }

    pub(super) fn denied_of(&self, uid: u32) -> bool {
        self.denied > 0 && self.processes.values().any(|entry| entry.denied && entry.uid == Some(uid))
    }

    /// Notes that the answer for this socket may have changed.
    pub(super) fn touch(&mut self, inode: u32) {
        self.touched.push(inode);
    }

    pub(super) fn take_touched(&mut self) -> Vec<u32> {
        self.touched.sort_unstable();
        self.touched.dedup();
        std::mem::take(&mut self.touched)
    }

    /// PIDs that are new, and PIDs that are gone.
    pub(super) fn compare(&mut self, pids: &[u32]) -> (Vec<u32>, Vec<u32>) {
        self.listing = self.listing.wrapping_add(1);
        let mut known = 0;
        let mut new = Vec::new();
        for pid in pids {
            match self.processes.get_mut(pid) {
                Some(entry) => {
                    entry.listing = self.listing;
                    known += 1;
                    if entry.key.is_none() {
                        new.push(*pid);
                    }
                }
                None => new.push(*pid),
            }
        }
        let mut gone = Vec::new();
        if known < self.processes.len() {
            let unnamed = self.processes.iter().filter(|(_, entry)| entry.listing != self.listing);
            gone.extend(unnamed.map(|(pid, _)| *pid));
        }
        (new, gone)
    }

    /// PIDs that were given out since the last look (after `.0` up to `.1`, around the end of the numbers) may name
    /// other processes now. Without a pulse that may be any.
    pub(super) fn reused(&mut self, given: Option<(u32, u32)>) {
        let Some((after, upto)) = given else { return };
        let fresh = |pid: u32| if after <= upto { after < pid && pid <= upto } else { after < pid || pid <= upto };
        for (_, entry) in self.processes.iter_mut().filter(|(pid, _)| fresh(**pid)) {
            // Listed as new again; what it held is compared when it has been read.
            entry.key = None;
        }
    }

    /// Whether to read this process: not if it was read in this look.
    pub(super) fn begin_scan(&mut self, pid: u32, look: u32) -> bool {
        let listing = self.listing;
        let unread = || Entry { look: look.wrapping_sub(1), listing, ..Entry::default() };
        let entry = self.processes.entry(pid).or_insert_with(unread);
        std::mem::replace(&mut entry.look, look) != look
    }

    /// What a process holds now. Sockets that nobody holds any more go to `orphaned`.
    pub(super) fn record(&mut self, whole: Whole, look: u32, room: &mut Room, orphaned: &mut Vec<u32>) {
        let Whole { key, uid, numbers, folder } = whole;
        let before = self.take(key.pid, room).unwrap_or_default();
        let same_process = before.key == Some(key);
        // What is held now comes first: a socket that only moved to another number is orphaned at no moment.
        for (number, inode) in numbers.sockets() {
            if before.numbers.get(number) != At::Socket(inode) {
                self.hold(inode, Seat { pid: key.pid, number });
            } else if !same_process {
                self.touched.push(inode);
            }
        }
        for (number, inode) in before.numbers.sockets() {
            if numbers.get(number) != At::Socket(inode) {
                self.release(inode, Seat { pid: key.pid, number }, orphaned);
            }
        }
        let bare = folder.is_none();
        let kept = !bare && if numbers.holds_sockets() { room.take() } else { room.take_spare() };
        let entry = Entry {
            key: Some(key),
            uid: Some(uid),
            denied: false,
            numbers,
            bare,
            folder: folder.filter(|_| kept),
            look,
            listing: self.listing,
        };
        self.processes.insert(key.pid, entry);
    }

    /// A process that may not be read.
    pub(super) fn deny(
        &mut self,
        key: ProcessKey,
        uid: Option<u32>,
        look: u32,
        room: &mut Room,
        orphaned: &mut Vec<u32>,
    ) {
        self.forget(key.pid, room, orphaned);
        self.denied += 1;
        let entry = Entry { key: Some(key), uid, denied: true, look, listing: self.listing, ..Entry::default() };
        self.processes.insert(key.pid, entry);
    }

    pub(super) fn forget(&mut self, pid: u32, room: &mut Room, orphaned: &mut Vec<u32>) {
        if let Some(entry) = self.take(pid, room) {
            for (number, inode) in entry.numbers.sockets() {
                self.release(inode, Seat { pid, number }, orphaned);
            }
        }
    }

    /// A socket is gone, and its numbers are free. Answers whose they were.
    pub(super) fn vacate(&mut self, inode: u32) -> Vec<u32> {
        let seats: Vec<Seat> =
            self.holders.remove(&inode).into_iter().chain(self.more.remove(&inode).unwrap_or_default()).collect();
        for seat in &seats {
            if let Some(entry) = self.processes.get_mut(&seat.pid) {
                entry.numbers.free(seat.number);
            }
        }
        seats.into_iter().map(|seat| seat.pid).collect()
    }

    /// Looks at the numbers where a process must have put whatever it has opened since it was read, and tells `found` of each
    /// socket there; stops when that answers that it has enough. `None` if it was read in this look, or never, or not to be read.
    pub(super) fn probe(
        &mut self,
        pid: u32,
        look: u32,
        proc: &ProcFs,
        orphaned: &mut Vec<u32>,
        found: &mut dyn FnMut(u32) -> bool,
    ) -> Option<Result<(), Errno>> {
        let entry = self.processes.get_mut(&pid).filter(|entry| !entry.denied && !entry.bare && entry.look != look)?;
        entry.key?;
        let held = entry.folder.take();
        let keep = held.is_some();
        let folder = match held.map_or_else(|| proc.process(pid)?.descriptors(), Ok) {
            Ok(folder) => folder,
            Err(error) => return Some(Err(error)),
        };
        let outcome = self.probe_in(pid, &folder, proc, orphaned, found);
        if let Some(entry) = self.processes.get_mut(&pid).filter(|_| keep) {
            entry.folder = Some(folder);
        }
        Some(outcome)
    }

    /// Looks at one number of a process again.
    pub(super) fn probe_seat(&mut self, seat: Seat, proc: &ProcFs, orphaned: &mut Vec<u32>) -> Result<At, Errno> {
        let Some(entry) = self.processes.get(&seat.pid) else { return Ok(At::Free) };
        let at = match &entry.folder {
            Some(folder) => folder.at(seat.number, proc),
            None => proc.process(seat.pid).and_then(|folder| folder.descriptors()?.at(seat.number, proc)),
        }?;
        self.put(seat, at, orphaned);
        Ok(at)
    }

    fn probe_in(
        &mut self,
        pid: u32,
        folder: &Descriptors,
        proc: &ProcFs,
        orphaned: &mut Vec<u32>,
        found: &mut dyn FnMut(u32) -> bool,
    ) -> Result<(), Errno> {
        let mut freed = self.processes.get_mut(&pid).map(|entry| entry.numbers.take_freed()).unwrap_or_default();
        loop {
            let chained = freed.is_empty();
            let Some(number) = freed.pop().or_else(|| Some(self.processes.get(&pid)?.numbers.lowest())) else {
                return Ok(());
            };
            let at = folder.at(number, proc)?;
            self.put(Seat { pid, number }, at, orphaned);
            let enough = match at {
                At::Socket(inode) => found(inode),
                At::Other => false,
                // The lowest free number is free: nothing more was opened here.
                At::Free => chained,
            };
            if enough {
                freed.into_iter().for_each(|number| self.keep_freed(pid, number));
                return Ok(());
            }
        }
    }

    fn keep_freed(&mut self, pid: u32, number: u32) {
        if let Some(entry) = self.processes.get_mut(&pid) {
            entry.numbers.doubt(number);
        }
    }

    /// What stands at one number now.
    fn put(&mut self, seat: Seat, at: At, orphaned: &mut Vec<u32>) {
        let Some(entry) = self.processes.get_mut(&seat.pid) else { return };
        let before = entry.numbers.set(seat.number, at);
        if before == at {
            return;
        }
        if let At::Socket(inode) = at {
            self.hold(inode, seat);
        }
        if let At::Socket(inode) = before {
            self.release(inode, seat, orphaned);
        }
    }

    fn take(&mut self, pid: u32, room: &mut Room) -> Option<Entry> {
        let entry = self.processes.remove(&pid)?;
        self.denied -= usize::from(entry.denied);
        room.give_back(usize::from(entry.folder.is_some()));
        Some(entry)
    }

    fn hold(&mut self, inode: u32, seat: Seat) {
        match self.holders.get(&inode) {
            None => drop(self.holders.insert(inode, seat)),
            Some(first) if *first == seat => return,
            Some(_) => self.more.entry(inode).or_default().push(seat),
        }
        self.touched.push(inode);
    }

    fn release(&mut self, inode: u32, seat: Seat, orphaned: &mut Vec<u32>) {
        let Some(first) = self.holders.get_mut(&inode) else { return };
        let others = self.more.get_mut(&inode);
        match others {
            None if *first == seat => {
                self.holders.remove(&inode);
                orphaned.push(inode);
                return;
            }
            None => return,
            Some(others) if *first == seat => *first = others.swap_remove(0),
            Some(others) => others.retain(|other| *other != seat),
        }
        if self.more.get(&inode).is_some_and(Vec::is_empty) {
            self.more.remove(&inode);
        }
        self.touched.push(inode);
    }
}
