//! Everything that is shown of a process, with the reason for what is missing.

use quaymaster_core::{Gap, Known, Process, ProcessKey, StartMark, UnixMillis};
use windows_sys::Win32::System::Threading::PROCESS_QUERY_LIMITED_INFORMATION;

use super::super::handle::Handle;
use super::{Census, Processes, command_line, path};
use crate::EndError;

/// The idle process and the kernel: no program, no arguments.
const IDLE: u32 = 0;
const KERNEL: u32 = 4;

/// The way to a process.
pub(super) enum Door {
    /// A handle on this very process.
    Open(Handle),
    /// It may not be opened, for this reason.
    Shut(Gap),
}

impl Door {
    /// Opens the process; [`Gap::Gone`] if its PID is nobody's or another's.
    pub(super) fn open(key: ProcessKey) -> Known<Self> {
        if key.pid == IDLE {
            return Ok(Self::Shut(Gap::None));
        }
        match Handle::open(key.pid, PROCESS_QUERY_LIMITED_INFORMATION) {
            Ok(handle) => {
                handle.created().filter(|start| *start == key.start).map(|_| Self::Open(handle)).ok_or(Gap::Gone)
            }
            Err(EndError::NotAllowed) => Ok(Self::Shut(Gap::Denied)),
            Err(EndError::Gone) => Err(Gap::Gone),
            Err(_) => Ok(Self::Shut(Gap::Unsupported)),
        }
    }

    /// Reads something through it.
    fn ask<T>(&self, fact: impl FnOnce(&Handle) -> Known<T>) -> Known<T> {
        match self {
            Self::Open(handle) => fact(handle),
            Self::Shut(why) => Err(*why),
        }
    }

    /// Whether the process behind it has ended by now: its handle can still be opened as long as anybody else holds one.
    fn ended(&self) -> bool {
        matches!(self, Self::Open(handle) if handle.has_ended())
    }
}

impl Processes {
    /// Reads a process, or says that this PID is not this process any more.
    pub(super) fn facts(&mut self, key: ProcessKey, door: &Door, census: Option<&Census>) -> Known<Process> {
        let listed = census.and_then(|census| census.get(key));
        if listed.is_none() && (census.is_some() || matches!(door, Door::Shut(_))) {
            return Err(Gap::Gone);
        }
        let file = if matches!(key.pid, IDLE | KERNEL) { Err(Gap::None) } else { door.ask(path::of) };
        let said = file.as_ref().map(|file| self.versions.of(file)).map_err(|why| *why);
        let process = Process {
            key,
            name: name(key.pid, file.as_deref().ok(), listed.map(|listed| listed.name.as_str())),
            path: file.as_ref().map(|file| String::from_utf16_lossy(file)).map_err(|why| *why),
            command_line: if key.pid == KERNEL { Err(Gap::None) } else { door.ask(command_line::of) },
            user: door.ask(|handle| self.accounts.of(handle)),
            uid: None,
            started_at: moment(key.start),
            // No documented call tells it: it lies in memory of the process itself, which may write there what it likes, and
            // reading another's memory is what programs that watch over a computer raise alarms for.
            working_directory: Err(Gap::Unsupported),
            description: said.as_ref().map_err(|why| *why).and_then(|said| said.description.clone()),
            company: said.as_ref().map_err(|why| *why).and_then(|said| said.company.clone()),
            services: self.services.of(key),
            ancestors: census.map(|census| census.above(key)).unwrap_or_default(),
        };
        // Had it ended meanwhile, some facts would read as missing that are only late.
        if door.ended() { Err(Gap::Gone) } else { Ok(process) }
    }
}

/// The file's name, or what the listing calls the process.
fn name(pid: u32, file: Option<&[u16]>, listed: Option<&str>) -> String {
    match (pid, file, listed) {
        // The listing has no name for it; this is what the system's own Task Manager calls it.
        (IDLE, ..) => "System Idle Process".to_owned(),
        (KERNEL, ..) => "System".to_owned(),
        (_, Some(file), _) => String::from_utf16_lossy(path::file_name(file)),
        (_, None, Some(listed)) => listed.to_owned(),
        (_, None, None) => String::new(),
    }
}

/// Steps of 100 ns from 1601-01-01T00:00:00Z, where FILETIME begins, to 1970.
const EPOCH: u64 = 116_444_736_000_000_000;

/// A creation time as a moment, cut to the millisecond. [`Gap::None`] for what was never created: the idle process.
fn moment(StartMark(filetime): StartMark) -> Known<UnixMillis> {
    filetime.checked_sub(EPOCH).map(|steps| UnixMillis(steps / 10_000)).ok_or(Gap::None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ProcessSource;

    #[test]
    fn creation_times_become_moments() {
        assert_eq!(moment(StartMark(EPOCH)), Ok(UnixMillis(0)));
        assert_eq!(moment(StartMark(EPOCH + 10_000)), Ok(UnixMillis(1)));
        assert_eq!(moment(StartMark(EPOCH + 19_999)), Ok(UnixMillis(1)));
        // 2026-11-22T21:23:39.123Z.
        assert_eq!(moment(StartMark(134_398_562_191_230_000)), Ok(UnixMillis(1_795_382_619_123)));
        assert_eq!(moment(StartMark(0)), Err(Gap::None));
        assert_eq!(moment(StartMark(u64::MAX)), Ok(UnixMillis((u64::MAX - EPOCH) / 10_000)));
    }

    #[test]
    fn names_come_from_the_file_and_else_from_the_listing() {
        let file: Vec<u16> = "C:\\端口\\quay.exe".encode_utf16().collect();
        assert_eq!(name(900, Some(&file), Some("cut.exe")), "quay.exe");
        assert_eq!(name(900, None, Some("lsass.exe")), "lsass.exe");
        assert_eq!(name(KERNEL, None, Some("")), "System");
        assert_eq!(name(900, None, None), "");
    }

    #[test]
    fn what_may_not_be_opened_is_known_by_the_listing() {
        let key = |pid, start| ProcessKey { pid, start: StartMark(start) };
        let census = Census::made(&[(4, 0, EPOCH + 1, "System"), (800, 4, EPOCH + 10_000, "smss.exe")]);
        let mut source = Processes::new();
        let mut shut = |key| source.facts(key, &Door::Shut(Gap::Denied), Some(&census));
        let smss = shut(key(800, EPOCH + 10_000)).unwrap_or_else(|why| Process::unread(key(0, 0), why));
        assert_eq!((smss.name.as_str(), smss.started_at), ("smss.exe", Ok(UnixMillis(1))));
        assert_eq!((smss.path, smss.command_line, smss.user), (Err(Gap::Denied), Err(Gap::Denied), Err(Gap::Denied)));
        assert_eq!((smss.description, smss.company), (Err(Gap::Denied), Err(Gap::Denied)));
        assert_eq!(smss.ancestors.first().map(|up| (up.key, up.name.as_str())), Some((key(4, EPOCH + 1), "System")));
        let kernel = shut(key(4, EPOCH + 1));
        assert!(kernel.as_ref().is_ok_and(Process::is_windows_kernel), "{kernel:?}");
        assert_eq!(kernel.map(|kernel| (kernel.path, kernel.description)), Ok((Err(Gap::None), Err(Gap::None))));
        assert_eq!(shut(key(800, EPOCH + 20_000)), Err(Gap::Gone), "another has the number");
        assert_eq!(shut(key(900, EPOCH)), Err(Gap::Gone));
    }

    #[test]
    fn every_process_of_the_computer_is_read() {
        let keys = Census::take().map(|census| census.keys()).unwrap_or_default();
        assert!(keys.iter().any(|key| key.pid == std::process::id()));
        let all = Processes::new().read(&keys);
        assert_eq!(all.iter().map(|process| process.key).collect::<Vec<_>>(), keys);
        for process in all.iter().filter(|process| process.started_at != Err(Gap::Gone)) {
            assert!(!process.name.is_empty(), "{process:?}");
            assert!(process.path.is_ok() || matches!(process.path, Err(Gap::Denied | Gap::None)), "{process:?}");
            assert!(process.services.is_ok(), "{process:?}");
        }
    }
}
