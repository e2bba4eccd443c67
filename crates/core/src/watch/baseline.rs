//! What is known to listen on this computer.

use std::collections::HashMap;

use super::identity::Identity;
use crate::time::UnixMillis;

/// Known identities, each with when it was last seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    known: HashMap<Identity, UnixMillis>,
}

impl Baseline {
    /// Milliseconds after which what comes again is worth a word: 30 days.
    pub const FORGOTTEN: u64 = 30 * 24 * 3_600 * 1_000;
    /// As many are known at most; those that were seen longest ago go first.
    pub const MOST: usize = 10_000;

    /// Whether what was last seen at `last` has not been seen for long.
    pub(super) fn is_forgotten(last: UnixMillis, now: UnixMillis) -> bool {
        now.since(last) > Self::FORGOTTEN
    }

    /// Makes it known.
    pub fn learn(&mut self, identity: Identity, now: UnixMillis) {
        self.known.insert(identity, now);
        if self.known.len() > Self::MOST {
            self.drop_oldest();
        }
    }

    /// When it was last seen, if it is known; now it has been seen again.
    pub(super) fn see(&mut self, identity: &Identity, now: UnixMillis) -> Option<UnixMillis> {
        let last = self.known.get_mut(identity)?;
        // A clock that was set back makes nothing older.
        Some(std::mem::replace(last, now.max(*last)))
    }

    /// It is still there; true if that is worth writing down.
    pub fn touch(&mut self, identity: &Identity, now: UnixMillis) -> bool {
        self.see(identity, now).is_some()
    }

    /// All of them, in no promised order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Identity, UnixMillis)> {
        self.known.iter().map(|(identity, last)| (identity, *last))
    }

    /// Drops a tenth at once: not one by one when it is full.
    fn drop_oldest(&mut self) {
        let mut times: Vec<UnixMillis> = self.known.values().copied().collect();
        let room = Self::MOST / 10;
        let (_, limit, _) = times.select_nth_unstable(room);
        let limit = *limit;
        // Counted: at a first look all of them are of the same moment.
        let mut left = room + 1;
        self.known.retain(|_, last| {
            let goes = left > 0 && *last <= limit;
            left -= usize::from(goes);
            !goes
        });
    }
}

impl FromIterator<(Identity, UnixMillis)> for Baseline {
    fn from_iter<I: IntoIterator<Item = (Identity, UnixMillis)>>(known: I) -> Self {
        let mut baseline = Self::default();
        for (identity, last) in known {
            baseline.learn(identity, last);
        }
        baseline
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::Protocol;
    use crate::port::Reach;
    use crate::watch::{Program, Spot};

    fn identity(number: usize) -> Identity {
        let program = Program::File(number.to_string());
        Identity { program, protocol: Protocol::Tcp, spot: Spot::Port(80), reach: Reach::Everywhere }
    }

    #[test]
    fn of_many_of_the_same_moment_only_some_go() {
        let baseline: Baseline = (0..=Baseline::MOST).map(|number| (identity(number), UnixMillis(7))).collect();
        assert_eq!(baseline.iter().len(), Baseline::MOST * 9 / 10);
    }

    #[test]
    fn the_longest_unseen_make_room() {
        let all = (0..=Baseline::MOST).map(|number| (identity(number), UnixMillis(number as u64)));
        let mut baseline: Baseline = all.collect();
        assert_eq!(baseline.iter().len(), Baseline::MOST * 9 / 10);
        assert!(!baseline.touch(&identity(0), UnixMillis(1)));
        assert!(baseline.touch(&identity(Baseline::MOST), UnixMillis(1)));
    }
}
