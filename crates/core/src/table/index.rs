//! Which open rows are at a port, at an end, or name a process. Closed rows are in no index: they answer no question about
//! the machine.

use std::collections::BTreeSet;

use super::SocketId;
use super::glance::Glance;
use crate::process::ProcessKey;

/// Sorted pairs of what is asked and the row that has it: compact, and in order of age.
#[derive(Debug, Default)]
pub(super) struct Index {
    local_port: BTreeSet<(u16, SocketId)>,
    remote_port: BTreeSet<(u16, SocketId)>,
    owner: BTreeSet<(ProcessKey, SocketId)>,
    ends: BTreeSet<(u128, SocketId)>,
}

impl Index {
    pub(super) fn enter(&mut self, glance: &Glance, owners: &[ProcessKey]) {
        let id = glance.id;
        self.local_port.insert((glance.local_port, id));
        if let Some(ends) = glance.ends() {
            self.remote_port.insert((glance.remote_port, id));
            self.ends.insert((ends, id));
        }
        for &owner in owners {
            self.owner.insert((owner, id));
        }
    }

    pub(super) fn leave(&mut self, glance: &Glance, owners: &[ProcessKey]) {
        let id = glance.id;
        self.local_port.remove(&(glance.local_port, id));
        if let Some(ends) = glance.ends() {
            self.remote_port.remove(&(glance.remote_port, id));
            self.ends.remove(&(ends, id));
        }
        for &owner in owners {
            self.owner.remove(&(owner, id));
        }
    }

    pub(super) fn at_local_port(&self, port: u16) -> impl DoubleEndedIterator<Item = SocketId> {
        with(&self.local_port, port)
    }

    pub(super) fn at_remote_port(&self, port: u16) -> impl DoubleEndedIterator<Item = SocketId> {
        with(&self.remote_port, port)
    }

    pub(super) fn naming(&self, owner: ProcessKey) -> impl DoubleEndedIterator<Item = SocketId> {
        with(&self.owner, owner)
    }

    pub(super) fn with_ends(&self, ends: u128) -> impl DoubleEndedIterator<Item = SocketId> {
        with(&self.ends, ends)
    }
}

/// The rows of one key, oldest first.
pub(super) fn with<K: Copy + Ord>(set: &BTreeSet<(K, SocketId)>, key: K) -> impl DoubleEndedIterator<Item = SocketId> {
    set.range((key, SocketId(0))..=(key, SocketId(u64::MAX))).map(|entry| entry.1)
}
