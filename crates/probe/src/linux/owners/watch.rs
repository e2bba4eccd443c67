//! Ends of holders, told at once: a holder that nobody has reaped yet leaves no other trace.

use std::mem::MaybeUninit;

use rustix::event::{Timespec, epoll};
use rustix::fd::OwnedFd;
use rustix::process::{Pid, PidfdFlags, pidfd_open};

use super::super::hash::NumberMap;
use super::room::Room;

/// Descriptors of processes in one epoll, readable once their process has ended (`man 2 pidfd_open`).
pub(super) struct Watch {
    epoll: Option<OwnedFd>,
    held: NumberMap<u32, OwnedFd>,
}

impl Default for Watch {
    fn default() -> Self {
        Self { epoll: epoll::create(epoll::CreateFlags::CLOEXEC).ok(), held: NumberMap::default() }
    }
}

impl Watch {
    /// Watches a process, if there is room. Which one has this PID does not matter: an end only makes it be read again.
    pub(super) fn add(&mut self, pid: u32, room: &mut Room) {
        let Some(epoll) = self.epoll.as_ref().filter(|_| !self.held.contains_key(&pid)) else { return };
        let Some(number) = i32::try_from(pid).ok().and_then(Pid::from_raw) else { return };
        if !room.take() {
            return;
        }
        let opened = pidfd_open(number, PidfdFlags::empty());
        let data = epoll::EventData::new_u64(u64::from(pid));
        match opened.and_then(|held| epoll::add(epoll, &held, data, epoll::EventFlags::IN).map(|()| held)) {
            Ok(held) => drop(self.held.insert(pid, held)),
            Err(_) => room.give_back(1),
        }
    }

    pub(super) fn forget(&mut self, pid: u32, room: &mut Room) {
        // Closed, it leaves the epoll by itself.
        room.give_back(usize::from(self.held.remove(&pid).is_some()));
    }

    /// Those that have ended since the last look: one call, however many are watched.
    pub(super) fn ended(&mut self, room: &mut Room) -> Vec<u32> {
        let mut ended = Vec::new();
        let Some(epoll) = self.epoll.as_ref().filter(|_| !self.held.is_empty()) else { return ended };
        let mut events = [MaybeUninit::uninit(); 64];
        let at_once = Timespec { tv_sec: 0, tv_nsec: 0 };
        while let Ok((events, _)) = epoll::wait(epoll, &mut events, Some(&at_once)) {
            for event in &*events {
                let pid = u32::try_from(event.data.u64()).unwrap_or(0);
                room.give_back(usize::from(self.held.remove(&pid).is_some()));
                ended.push(pid);
            }
            if events.is_empty() {
                break;
            }
        }
        ended
    }
}
