//! What the last reading of each process said, and the same by socket.

use quaymaster_core::ProcessKey;

use super::super::hash::NumberMap;

/// Both directions, always in step.
#[derive(Default)]
pub(super) struct Ledger {
    processes: NumberMap<u32, Entry>,
    /// Holders by inode, of every kind of socket, so that a socket that is bound later is found at once.
    holders: NumberMap<u32, Vec<u32>>,
    touched: Vec<u32>,
    denied: usize,
}

struct Entry {
    /// `None` until it has been read.
    key: Option<ProcessKey>,
    uid: Option<u32>,
    denied: bool,
    sockets: Vec<u32>,
    look: u32,
}

impl Ledger {
    pub(super) fn is_empty(&self) -> bool {
        self.processes.is_empty()
    }

    pub(super) fn pids(&self, inode: u32) -> &[u32] {
        self.holders.get(&inode).map(Vec::as_slice).unwrap_or_default()
    }

    pub(super) fn holders(&self, inode: u32) -> impl Iterator<Item = ProcessKey> + '_ {
        self.pids(inode).iter().filter_map(|pid| self.processes.get(pid)?.key)
    }

    /// PID, user and whether it holds sockets, of every process that may be read.
    pub(super) fn readable(&self) -> impl Iterator<Item = (u32, u32, bool)> + '_ {
        let readable = self.processes.iter().filter(|(_, entry)| !entry.denied);
        readable.filter_map(|(pid, entry)| Some((*pid, entry.uid?, !entry.sockets.is_empty())))
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
    pub(super) fn compare(&self, pids: &[u32]) -> (Vec<u32>, Vec<u32>) {
        let new = pids.iter().copied().filter(|pid| self.processes.get(pid).is_none_or(|entry| entry.key.is_none()));
        let mut sorted = pids.to_vec();
        sorted.sort_unstable();
        let gone = self.processes.keys().copied().filter(|pid| sorted.binary_search(pid).is_err());
        (new.collect(), gone.collect())
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
        let unread = || Entry { key: None, uid: None, denied: false, sockets: Vec::new(), look: look.wrapping_sub(1) };
        let entry = self.processes.entry(pid).or_insert_with(unread);
        std::mem::replace(&mut entry.look, look) != look
    }

    /// What a process holds now. Sockets that nobody holds any more go to `orphaned`.
    pub(super) fn record(&mut self, key: ProcessKey, uid: u32, sockets: Vec<u32>, look: u32, orphaned: &mut Vec<u32>) {
        let before = self.take(key.pid);
        let same_process = before.as_ref().is_some_and(|entry| entry.key == Some(key));
        let before = before.map(|entry| entry.sockets).unwrap_or_default();
        for inode in before.iter().filter(|inode| sockets.binary_search(inode).is_err()) {
            self.release(*inode, key.pid, orphaned);
        }
        for inode in &sockets {
            let known = before.binary_search(inode).is_ok();
            if !known {
                self.holders.entry(*inode).or_default().push(key.pid);
            }
            if !known || !same_process {
                self.touched.push(*inode);
            }
        }
        self.processes.insert(key.pid, Entry { key: Some(key), uid: Some(uid), denied: false, sockets, look });
    }

    /// A process that may not be read.
    pub(super) fn deny(&mut self, key: ProcessKey, uid: Option<u32>, look: u32, orphaned: &mut Vec<u32>) {
        self.forget(key.pid, orphaned);
        self.denied += 1;
        self.processes.insert(key.pid, Entry { key: Some(key), uid, denied: true, sockets: Vec::new(), look });
    }

    pub(super) fn forget(&mut self, pid: u32, orphaned: &mut Vec<u32>) {
        if let Some(entry) = self.take(pid) {
            for inode in entry.sockets {
                self.release(inode, pid, orphaned);
            }
        }
    }

    fn take(&mut self, pid: u32) -> Option<Entry> {
        let entry = self.processes.remove(&pid)?;
        self.denied -= usize::from(entry.denied);
        Some(entry)
    }

    fn release(&mut self, inode: u32, pid: u32, orphaned: &mut Vec<u32>) {
        let Some(holders) = self.holders.get_mut(&inode) else { return };
        holders.retain(|holder| *holder != pid);
        if holders.is_empty() {
            self.holders.remove(&inode);
            orphaned.push(inode);
        } else {
            self.touched.push(inode);
        }
    }
}
