//! Facts about processes, each read through one handle that is opened first and compared by its creation time, so that all of
//! them are of one process; what may not be opened is known by the listing of all processes.
//!
//! Not by sysinfo, which reads by PID, wants more rights than these facts need and does not say why one is missing.

mod account;
mod census;
mod command_line;
mod facts;
mod icon;
mod path;
mod services;
mod version;

use quaymaster_core::{Gap, Known, Process, ProcessKey, StartMark};

use self::account::Accounts;
use self::census::Census;
use self::facts::Door;
use self::services::Services;
use self::version::Versions;
use super::start_mark;
use crate::{Icon, Myself, ProcessSource};

/// Processes by the system's own calls.
///
/// A program that was started from a network share is asked for its version and icon there, which may take as long as the
/// network does: call [`read`](ProcessSource::read) and [`icon`](ProcessSource::icon) beside the thread that must not wait.
#[derive(Default)]
pub struct Processes {
    accounts: Accounts,
    versions: Versions,
    services: Services,
}

impl Processes {
    /// A source that has read nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl ProcessSource for Processes {
    fn read(&mut self, keys: &[ProcessKey]) -> Vec<Process> {
        // The order matters: what is listed after the doors were opened was alive behind them, and services that were asked
        // for between two listings belong to the processes that are in both.
        let doors: Vec<Known<Door>> = keys.iter().map(|key| Door::open(*key)).collect();
        let there = keys.iter().zip(&doors).filter(|(_, door)| door.is_ok()).map(|(key, _)| *key);
        self.services.refresh(there);
        let census = Census::take();
        let each = keys.iter().zip(doors);
        each.map(|(key, door)| {
            let read = door.and_then(|door| self.facts(*key, &door, census.as_ref()));
            read.unwrap_or_else(|why| Process::unread(*key, why))
        })
        .collect()
    }

    fn descendants(&mut self, key: ProcessKey) -> Vec<Process> {
        let below = Census::take().map(|census| census.below(key)).unwrap_or_default();
        self.read(&below).into_iter().filter(|process| process.started_at != Err(Gap::Gone)).collect()
    }

    /// Users have no numbers here.
    fn user_name(&mut self, _: u32) -> Option<String> {
        None
    }

    fn icon(&mut self, path: &str) -> Known<Icon> {
        icon::of(path)
    }
}

/// This process and what it runs inside.
pub(crate) fn myself() -> Myself {
    let pid = std::process::id();
    let own = ProcessKey { pid, start: start_mark(pid).unwrap_or(StartMark(0)) };
    let above = Census::take().map(|census| census.above(own)).unwrap_or_default();
    Myself { own, ancestors: above.into_iter().map(|ancestor| ancestor.key).collect() }
}
