//! Everything that is shown of a process, with the reason for what is missing.

use std::ffi::CStr;

use quaymaster_core::{Gap, Known, Process, ProcessKey, UnixMillis};
use rustix::io::Errno;
use rustix::param::clock_ticks_per_second;
use rustix::time::{ClockId, clock_gettime};

use super::super::procfs::{Folder, ProcFs, Stat};
use super::{chain, name};
use crate::portable::Users;

/// Reads a process, or says that this PID is not this process any more.
pub(super) fn read(proc: &ProcFs, key: ProcessKey, clock: &Clock, users: &mut Users) -> Process {
    read_whole(proc, key, clock, users).unwrap_or_else(|error| Process::unread(key, gap(error)))
}

fn read_whole(proc: &ProcFs, key: ProcessKey, clock: &Clock, users: &mut Users) -> Result<Process, Errno> {
    let folder = proc.process(key.pid)?;
    let stat = folder.stat()?;
    if stat.start != key.start {
        return Err(Errno::SRCH);
    }
    let uid = folder.uid();
    let process = Process {
        key,
        name: name::of(&folder, &stat),
        path: link(&folder, c"exe", &stat),
        command_line: command_line(&folder),
        user: uid.map_err(gap).map(|uid| users.name(uid).unwrap_or_else(|| uid.to_string())),
        uid: uid.ok(),
        started_at: Ok(clock.moment(stat.start.0)),
        working_directory: link(&folder, c"cwd", &stat),
        // Programs carry no such words here, and what starts them is another question.
        description: Err(Gap::Unsupported),
        company: Err(Gap::Unsupported),
        services: Err(Gap::Unsupported),
        ancestors: chain::above(proc, &stat),
    };
    // Had it ended meanwhile, some facts would read as missing that are only late: this fails then.
    folder.stat().map(|_| process)
}

/// A link, as the kernel writes it: the path of a deleted program ends in ` (deleted)`.
fn link(folder: &Folder<'_>, which: &CStr, stat: &Stat) -> Known<String> {
    if stat.kernel_thread {
        return Err(Gap::None);
    }
    match folder.link(which) {
        Ok(path) => Ok(name::lossy(&path)),
        // A process that has ended and is not reaped yet has a folder, but no program in it.
        Err(Errno::NOENT) => Err(Gap::None),
        Err(error) => Err(gap(error)),
    }
}

fn command_line(folder: &Folder<'_>) -> Known<Vec<String>> {
    let bytes = folder.command_line().map_err(gap)?;
    let arguments = bytes.strip_suffix(&[0]).unwrap_or(&bytes);
    if arguments.is_empty() {
        return Err(Gap::None);
    }
    Ok(arguments.split(|byte| *byte == 0).map(name::lossy).collect())
}

fn gap(error: Errno) -> Gap {
    match error {
        Errno::ACCESS | Errno::PERM => Gap::Denied,
        _ => Gap::Gone,
    }
}

/// How ticks since boot become a moment.
pub(super) struct Clock {
    boot_nanos: i128,
    ticks_per_second: i128,
}

impl Clock {
    /// The start of a process counts the time that the computer slept (`CLOCK_BOOTTIME`). The moment of boot is taken from
    /// the two clocks: `btime` of `/proc/stat` is cut to seconds.
    pub(super) fn read() -> Self {
        let nanos = |id| {
            let time = clock_gettime(id);
            i128::from(time.tv_sec) * 1_000_000_000 + i128::from(time.tv_nsec)
        };
        Self {
            boot_nanos: nanos(ClockId::Realtime) - nanos(ClockId::Boottime),
            ticks_per_second: i128::from(clock_ticks_per_second().max(1)),
        }
    }

    /// The moment that lies so many ticks after boot, exact to a tick (10 ms).
    fn moment(&self, ticks: u64) -> UnixMillis {
        let nanos = self.boot_nanos + i128::from(ticks) * 1_000_000_000 / self.ticks_per_second;
        UnixMillis(u64::try_from(nanos / 1_000_000).unwrap_or(0))
    }
}
