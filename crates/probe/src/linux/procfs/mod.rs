//! `/proc`, read through descriptors. Counts what it reads, so that a test can see a quiet look read nothing.

mod descriptors;
mod folder;
mod pulse;
mod stat;

use std::mem::MaybeUninit;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use rustix::fd::OwnedFd;
use rustix::fs::{Mode, OFlags, RawDir, open, openat};
use rustix::io::Errno;

pub(super) use descriptors::{At, Descriptors};
pub(super) use folder::Folder;
pub(super) use pulse::{Beat, Pulse};
pub(super) use stat::Stat;

/// The mounted process file system. Another folder of the same shape does for tests.
pub(super) struct ProcFs {
    root: OwnedFd,
    /// Shared by the threads of a first reading.
    reads: AtomicU64,
}

impl ProcFs {
    pub(super) fn open() -> Result<Self, Errno> {
        Self::at(Path::new("/proc"))
    }

    pub(super) fn at(root: &Path) -> Result<Self, Errno> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Ok(Self { root: open(root, flags, Mode::empty())?, reads: AtomicU64::new(0) })
    }

    /// How many files, links and folders have been opened or read.
    pub(super) fn reads(&self) -> u64 {
        self.reads.load(Ordering::Relaxed)
    }

    pub(super) fn count(&self) {
        self.reads.fetch_add(1, Ordering::Relaxed);
    }

    /// The numbers of all processes that this user may know of.
    pub(super) fn pids(&self) -> Result<Vec<u32>, Errno> {
        self.count();
        // A descriptor of its own: the shared one would continue where the last listing ended.
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let folder = openat(&self.root, c".", flags, Mode::empty())?;
        let mut buffer = [MaybeUninit::uninit(); 16 * 1024];
        let mut entries = RawDir::new(folder, &mut buffer);
        let mut pids = Vec::new();
        while let Some(entry) = entries.next() {
            pids.extend(number(entry?.file_name().to_bytes()));
        }
        Ok(pids)
    }

    /// The folder of one process. `ENOENT` if there is none, or none that this user may know of.
    pub(super) fn process(&self, pid: u32) -> Result<Folder<'_>, Errno> {
        self.count();
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let folder = openat(&self.root, pid.to_string(), flags, Mode::empty())?;
        Ok(Folder::new(self, pid, folder))
    }

    /// The cheap sign of processes coming and going, if this system has it.
    pub(super) fn pulse(&self) -> Option<Pulse> {
        let file = openat(&self.root, c"loadavg", OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty());
        file.ok().map(Pulse::new)
    }
}

/// Decimal digits and nothing else.
fn number(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u32, |value, digit| match digit {
        b'0'..=b'9' => value.checked_mul(10)?.checked_add(u32::from(digit - b'0')),
        _ => None,
    })
}
