//! Ends of processes that leave no other trace: a holder of a shared socket that nobody has reaped yet.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::OwnedFd;
use rustix::process::{Pid, PidfdFlags, pidfd_open};

/// As many descriptors at most; more holders than that are caught by being read again.
const MOST: usize = 128;

/// Descriptors of processes, readable once their process has ended (`man 2 pidfd_open`).
#[derive(Default)]
pub(super) struct Watch {
    held: Vec<(u32, OwnedFd)>,
}

impl Watch {
    /// Watches a process. Which one has this PID does not matter: an end only makes it be read again.
    pub(super) fn add(&mut self, pid: u32) {
        if self.held.len() >= MOST || self.held.iter().any(|(held, _)| *held == pid) {
            return;
        }
        let pid_of = i32::try_from(pid).ok().and_then(Pid::from_raw);
        if let Some(descriptor) = pid_of.and_then(|pid| pidfd_open(pid, PidfdFlags::empty()).ok()) {
            self.held.push((pid, descriptor));
        }
    }

    pub(super) fn forget(&mut self, pid: u32) {
        self.held.retain(|(held, _)| *held != pid);
    }

    /// Those that have ended since the last look.
    pub(super) fn ended(&mut self) -> Vec<u32> {
        if self.held.is_empty() {
            return Vec::new();
        }
        let mut polled: Vec<_> = self.held.iter().map(|(_, fd)| PollFd::new(fd, PollFlags::IN)).collect();
        if poll(&mut polled, Some(&Timespec { tv_sec: 0, tv_nsec: 0 })).is_err() {
            return Vec::new();
        }
        let ended: Vec<bool> = polled.iter().map(|fd| !fd.revents().is_empty()).collect();
        let pids = self.held.iter().zip(ended).filter(|(_, ended)| *ended).map(|((pid, _), _)| *pid);
        let pids: Vec<u32> = pids.collect();
        self.held.retain(|(pid, _)| !pids.contains(pid));
        pids
    }
}
