//! When each process is read again without a sign that it must be.

use std::hash::{BuildHasher as _, BuildHasherDefault};

use super::super::hash::{NumberHasher, NumberMap};

/// A process is read again after 30–60 s: somebody may have passed it a socket, or it may have closed one that others hold too.
const AGAIN: u64 = 30_000;
/// Processes that may not be read: 1–2 min the first time, twice that each time until 32–64 min.
const DENIED: u64 = 60_000;
const DENIED_DOUBLINGS: u8 = 5;
/// A new process is read again in the next look and 2 s later.
const YOUNG: [u64; 2] = [0, 2_000];

/// The turns.
#[derive(Default)]
pub(super) struct Rota {
    turns: NumberMap<u32, Turn>,
    last: u64,
    /// Nobody's turn comes before this moment: a quiet look costs one comparison.
    next: u64,
}

#[derive(Clone, Copy, Default)]
struct Turn {
    due: u64,
    young: u8,
    refusals: u8,
}

impl Rota {
    /// A look begins.
    pub(super) fn begin(&mut self, now: u64) {
        if now < self.last {
            // The clock was set back, and every turn with it.
            let back = self.last - now;
            self.turns.values_mut().for_each(|turn| turn.due = turn.due.saturating_sub(back));
            self.next = 0;
        }
        self.last = now;
    }

    /// A process has just started: it is read again soon.
    pub(super) fn welcome(&mut self, pid: u32) {
        let young = u8::try_from(YOUNG.len()).unwrap_or(0);
        self.turns.insert(pid, Turn { due: 0, young, refusals: 0 });
    }

    /// It was read.
    pub(super) fn read(&mut self, pid: u32, now: u64) {
        let turn = self.turns.entry(pid).or_default();
        turn.refusals = 0;
        let wait = match YOUNG.len().checked_sub(usize::from(turn.young)).and_then(|step| YOUNG.get(step)) {
            Some(wait) => *wait,
            None => spread(AGAIN, pid),
        };
        turn.young = turn.young.saturating_sub(1);
        turn.due = now + wait;
        self.next = self.next.min(turn.due);
    }

    /// It may not be read.
    pub(super) fn denied(&mut self, pid: u32, now: u64) {
        let turn = self.turns.entry(pid).or_default();
        turn.due = now + spread(DENIED << turn.refusals, pid);
        turn.refusals = (turn.refusals + 1).min(DENIED_DOUBLINGS);
        self.next = self.next.min(turn.due);
    }

    pub(super) fn forget(&mut self, pid: u32) {
        self.turns.remove(&pid);
    }

    /// Whose turn it is, the longest waiting first; not more than a thirtieth of all, so that no look bears it alone.
    pub(super) fn due(&mut self, now: u64) -> Vec<u32> {
        if now < self.next {
            return Vec::new();
        }
        let mut due: Vec<(u64, u32)> =
            self.turns.iter().filter(|(_, turn)| turn.due <= now).map(|(pid, turn)| (turn.due, *pid)).collect();
        due.sort_unstable();
        due.truncate(4 + self.turns.len() / 30);
        let coming = self.turns.iter().filter(|(_, turn)| turn.due > now).map(|(_, turn)| turn.due).min();
        // Those that did not fit are due at once; those that are read now set their next turn themselves.
        self.next = if due.is_empty() { coming.unwrap_or(u64::MAX) } else { 0 };
        due.into_iter().map(|(_, pid)| pid).collect()
    }
}

/// Between once and twice as long, always the same for a PID: turns spread out and stay so.
fn spread(wait: u64, pid: u32) -> u64 {
    let hash = BuildHasherDefault::<NumberHasher>::default().hash_one(pid);
    wait + hash % wait
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_process_has_two_early_turns() {
        let mut rota = Rota::default();
        rota.begin(1_000);
        rota.welcome(7);
        rota.read(7, 1_000);
        assert_eq!(rota.due(1_000), [7], "in the next look");
        rota.read(7, 1_000);
        assert_eq!(rota.due(1_500), []);
        assert_eq!(rota.due(3_000), [7], "two seconds later");
        rota.read(7, 3_000);
        assert_eq!(rota.due(32_000), []);
        assert_eq!(rota.due(63_000), [7], "within a minute");
    }

    #[test]
    fn turns_are_spread_and_none_is_forgotten() {
        let mut rota = Rota::default();
        (0..600).for_each(|pid| rota.read(pid, 0));
        let mut read = std::collections::BTreeSet::new();
        let mut most = 0;
        for second in 0..=70 {
            let due = rota.due(second * 1_000);
            most = most.max(due.len());
            for pid in due {
                read.insert(pid);
                rota.read(pid, second * 1_000);
            }
        }
        assert_eq!(read.len(), 600);
        assert!(most <= 4 + 600 / 30, "{most} in one look");
        assert!(rota.due(0).is_empty());
    }

    #[test]
    fn refusals_make_rare() {
        let mut rota = Rota::default();
        let mut now = 0;
        let mut waits = Vec::new();
        for _ in 0..7 {
            rota.denied(9, now);
            let before = now;
            while rota.due(now).is_empty() {
                now += 1_000;
            }
            waits.push(now - before);
        }
        assert!(waits.windows(2).all(|pair| pair[0] <= pair[1]), "{waits:?}");
        assert!(waits[0] >= 60_000 && waits[6] >= 32 * 60_000, "{waits:?}");
    }

    #[test]
    fn a_clock_set_back_delays_nobody() {
        let mut rota = Rota::default();
        rota.begin(10_000_000);
        rota.read(5, 10_000_000);
        rota.begin(1_000_000);
        rota.begin(1_060_000);
        assert_eq!(rota.due(1_060_000), [5]);
    }
}
