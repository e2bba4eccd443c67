//! Ending a process through a pidfd (`man 2 pidfd_open`), which never comes to mean another process.

use std::time::{Duration, Instant};

use quaymaster_core::ProcessKey;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::OwnedFd;
use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

use super::procfs::ProcFs;
use crate::{EndError, Target};

/// Opens the pidfd first and compares the start afterwards: whoever has the PID at the second step had it at the first.
/// Kernels before 5.3 have no pidfd and are refused with `ENOSYS`: a signal by number could hit another process.
pub(crate) fn hold(key: ProcessKey) -> Result<Box<dyn Target>, EndError> {
    let pid = i32::try_from(key.pid).ok().and_then(Pid::from_raw).ok_or(EndError::Gone)?;
    let held = Held(pidfd_open(pid, PidfdFlags::empty()).map_err(end_error)?);
    let stat = ProcFs::open().and_then(|proc| proc.process(key.pid)?.stat());
    match stat {
        // A zombie has a folder still; it has ended all the same.
        _ if held.ended_within(Duration::ZERO) => Err(EndError::Gone),
        Ok(stat) if stat.start == key.start => Ok(Box::new(held)),
        Ok(_) => Err(EndError::Replaced),
        Err(error) => Err(end_error(error)),
    }
}

/// SIGTERM needs no console.
pub(crate) fn interrupt(_: ProcessKey) -> Result<(), EndError> {
    Err(EndError::NoWayToAsk)
}

struct Held(OwnedFd);

impl Held {
    fn send(&self, signal: Signal) -> Result<(), EndError> {
        pidfd_send_signal(&self.0, signal).map_err(end_error)
    }

    /// A pidfd is readable once its process has ended, reaped or not.
    fn ended_within(&self, limit: Duration) -> bool {
        let deadline = Instant::now() + limit;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let timeout = Timespec::try_from(left).unwrap_or(Timespec { tv_sec: i64::MAX, tv_nsec: 0 });
            match poll(&mut [PollFd::new(&self.0, PollFlags::IN)], Some(&timeout)) {
                Ok(ready) => return ready > 0,
                Err(Errno::INTR) => {}
                Err(_) => return false,
            }
        }
    }
}

impl Target for Held {
    fn ask(&self) -> Result<(), EndError> {
        self.send(Signal::TERM)
    }

    fn force(&self) -> Result<(), EndError> {
        self.send(Signal::KILL)
    }

    fn wait(&self, limit: Duration) -> bool {
        self.ended_within(limit)
    }
}

fn end_error(error: Errno) -> EndError {
    match error {
        Errno::SRCH | Errno::NOENT => EndError::Gone,
        Errno::PERM | Errno::ACCESS => EndError::NotAllowed,
        other => EndError::System(other.raw_os_error()),
    }
}
