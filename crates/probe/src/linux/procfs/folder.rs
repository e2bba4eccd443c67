//! `/proc/PID` of one process, bound to that process for good.

use std::ffi::CStr;
use std::fs::File;
use std::io::Read as _;

use rustix::fd::OwnedFd;
use rustix::fs::{Mode, OFlags, fstat, openat, readlinkat};
use rustix::io::Errno;

use super::{Descriptors, ProcFs, Stat};

/// `cmdline` may be megabytes long; nobody reads further than this many bytes.
const LIMIT: u64 = 1 << 20;

/// Reads fail with `ESRCH` or `ENOENT` once the process is gone.
pub(in crate::linux) struct Folder<'a> {
    proc: &'a ProcFs,
    pid: u32,
    folder: OwnedFd,
}

impl<'a> Folder<'a> {
    pub(super) fn new(proc: &'a ProcFs, pid: u32, folder: OwnedFd) -> Self {
        Self { proc, pid, folder }
    }

    pub(in crate::linux) fn pid(&self) -> u32 {
        self.pid
    }

    /// `stat`; readable by everybody unless `/proc` hides processes.
    pub(in crate::linux) fn stat(&self) -> Result<Stat, Errno> {
        Stat::parse(&self.file(c"stat")?).ok_or(Errno::SRCH)
    }

    /// The arguments, separated by NUL. Empty for kernel threads and for processes that have ended or wiped them.
    pub(in crate::linux) fn command_line(&self) -> Result<Vec<u8>, Errno> {
        self.file(c"cmdline")
    }

    /// The effective user, from `status`: the owner of the folder says root for every process that is not dumpable.
    pub(in crate::linux) fn uid(&self) -> Result<u32, Errno> {
        let status = self.file(c"status")?;
        let line = status.split(|byte| *byte == b'\n').find_map(|line| line.strip_prefix(b"Uid:\t"));
        let effective = line.and_then(|line| super::number(line.split(|byte| *byte == b'\t').nth(1)?));
        effective.ok_or(Errno::SRCH)
    }

    /// The owner of the folder: the effective user where the process is dumpable, else root. One cheap call.
    pub(in crate::linux) fn owner(&self) -> Result<u32, Errno> {
        self.proc.count();
        Ok(fstat(&self.folder)?.st_uid)
    }

    /// What a link such as `exe` or `cwd` points to.
    pub(in crate::linux) fn link(&self, name: &CStr) -> Result<Vec<u8>, Errno> {
        self.proc.count();
        Ok(readlinkat(&self.folder, name, Vec::new())?.into_bytes())
    }

    /// The folder of its descriptors.
    pub(in crate::linux) fn descriptors(&self) -> Result<Descriptors, Errno> {
        self.proc.count();
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        openat(&self.folder, c"fd", flags, Mode::empty()).map(Descriptors::new)
    }

    fn file(&self, name: &CStr) -> Result<Vec<u8>, Errno> {
        self.proc.count();
        let file = openat(&self.folder, name, OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty())?;
        // What most of these files fit into: the kernel is asked twice for each, not five times.
        let mut bytes = Vec::with_capacity(1_024);
        let read = File::from(file).take(LIMIT).read_to_end(&mut bytes);
        read.map_err(|error| Errno::from_io_error(&error).unwrap_or(Errno::IO))?;
        Ok(bytes)
    }
}
