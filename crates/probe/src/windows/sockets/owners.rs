//! Which process a PID of the socket tables means.

use std::collections::HashMap;

use quaymaster_core::StartMark;
use windows_sys::Win32::System::Threading::PROCESS_QUERY_LIMITED_INFORMATION;

use super::super::handle::Handle;
use super::super::listing;
use crate::EndError;

/// What was found out about a PID.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    /// The PID is 0: the table names none.
    Nobody,
    /// It runs, and was created then.
    Process(StartMark),
    /// Nobody has this PID any more. Its sockets may live on, in a process that inherited them or got a copy (those of WSL
    /// programs do so daily); whose they are now, no table tells.
    Ended,
    /// It could not be found out.
    Hidden,
}

/// The PIDs that the last look's tables named.
#[derive(Default)]
pub(super) struct Owners {
    known: HashMap<u32, Known>,
}

#[derive(Clone, Copy)]
struct Known {
    who: Who,
    /// When the newest socket of this PID was created.
    newest: u64,
}

/// What the system says when asked for one process and for all.
pub(super) trait System {
    /// Opens one.
    fn open(&self, pid: u32) -> Result<Who, EndError>;
    /// Lists all, with their PIDs.
    fn list(&self) -> HashMap<u32, StartMark>;
}

/// Windows itself.
pub(super) struct Windows;

impl Owners {
    /// Finds out who these PIDs are now. Each comes with the time when its newest socket was created. Returns whether a PID that
    /// the last look knew has come to mean something else.
    ///
    /// Every process is opened again at every look, which is cheap. One that may not be opened is looked up in the listing of
    /// all, which is not: so it is believed to be the same while no new socket names it. A process that has taken over its PID
    /// would have opened a socket of its own.
    pub(super) fn update(&mut self, named: &HashMap<u32, u64>, system: &impl System) -> bool {
        let mut listing = None;
        let mut moved = false;
        let mut find = |pid: u32, newest: u64| {
            let before = self.known.get(&pid);
            let who = match (system.open(pid), before) {
                (Ok(who), _) => who,
                (Err(EndError::Gone), _) => Who::Ended,
                (Err(EndError::NotAllowed), Some(Known { who: Who::Process(start), newest: last }))
                    if *last == newest =>
                {
                    Who::Process(*start)
                }
                (Err(_), _) => {
                    let all = listing.get_or_insert_with(|| system.list());
                    all.get(&pid).map_or(Who::Hidden, |start| Who::Process(*start))
                }
            };
            moved |= before.is_some_and(|known| known.who != who);
            (pid, Known { who, newest })
        };
        let known = named.iter().map(|(pid, newest)| find(*pid, *newest)).collect();
        self.known = known;
        moved
    }

    /// Who a PID of the last update is.
    pub(super) fn who(&self, pid: u32) -> Who {
        if pid == 0 {
            return Who::Nobody;
        }
        self.known.get(&pid).map_or(Who::Hidden, |known| known.who)
    }
}

impl System for Windows {
    fn open(&self, pid: u32) -> Result<Who, EndError> {
        let handle = Handle::open(pid, PROCESS_QUERY_LIMITED_INFORMATION)?;
        Ok(match handle.created() {
            _ if handle.has_ended() => Who::Ended,
            Some(start) => Who::Process(start),
            None => Who::Hidden,
        })
    }

    fn list(&self) -> HashMap<u32, StartMark> {
        let listed = listing::processes().unwrap_or_default();
        listed.into_iter().map(|process| (process.pid, process.created)).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    /// A system where nothing but 1 and 2 can be opened.
    struct Fake {
        listings: Cell<u32>,
        created: Vec<(u32, u64)>,
    }

    impl System for Fake {
        fn open(&self, pid: u32) -> Result<Who, EndError> {
            match pid {
                1 => Ok(Who::Process(StartMark(11))),
                2 => Ok(Who::Ended),
                3 => Err(EndError::Gone),
                _ => Err(EndError::NotAllowed),
            }
        }

        fn list(&self) -> HashMap<u32, StartMark> {
            self.listings.set(self.listings.get() + 1);
            self.created.iter().map(|(pid, start)| (*pid, StartMark(*start))).collect()
        }
    }

    fn named(pids: &[(u32, u64)]) -> HashMap<u32, u64> {
        pids.iter().copied().collect()
    }

    #[test]
    fn what_may_not_be_opened_is_found_in_the_listing() {
        let system = Fake { listings: Cell::new(0), created: vec![(1, 99), (4, 44), (5, 55)] };
        let mut owners = Owners::default();
        let all = named(&[(1, 0), (2, 0), (3, 0), (4, 100), (5, 100), (6, 100)]);
        assert!(!owners.update(&all, &system));
        let said = [0, 1, 2, 3, 4, 5, 6, 7].map(|pid| owners.who(pid));
        let process = |start| Who::Process(StartMark(start));
        assert_eq!(
            said,
            [Who::Nobody, process(11), Who::Ended, Who::Ended, process(44), process(55), Who::Hidden, Who::Hidden],
            "one that can be opened is not looked up"
        );
        assert_eq!(system.listings.get(), 1, "however many may not be opened");
    }

    #[test]
    fn the_listing_is_read_again_only_for_a_new_socket() {
        let mut system = Fake { listings: Cell::new(0), created: vec![(4, 44), (5, 55)] };
        let mut owners = Owners::default();
        owners.update(&named(&[(4, 100), (5, 100)]), &system);
        assert!(!owners.update(&named(&[(4, 100), (5, 100)]), &system));
        assert_eq!(system.listings.get(), 1);
        system.created = vec![(4, 44), (5, 66)];
        assert!(owners.update(&named(&[(4, 100), (5, 101)]), &system), "5 is another now");
        assert_eq!((system.listings.get(), owners.who(5)), (2, Who::Process(StartMark(66))));
        assert_eq!(owners.who(4), Who::Process(StartMark(44)));
        // Whoever has no socket any more is forgotten.
        owners.update(&named(&[(4, 100)]), &system);
        assert_eq!(owners.who(5), Who::Hidden);
    }

    #[test]
    fn windows_knows_this_process_and_not_one_that_has_ended() {
        let own = std::process::id();
        let me = Windows.open(own).ok();
        assert_eq!(me, Windows.list().get(&own).map(|start| Who::Process(*start)));
        let child = std::process::Command::new("hostname").stdout(std::process::Stdio::null()).spawn();
        let ended = child.and_then(|mut child| {
            child.wait()?;
            // The child's handle is open still, so the PID is nobody else's.
            Ok(Windows.open(child.id()).ok())
        });
        assert_eq!(ended.ok().flatten(), Some(Who::Ended));
    }
}
