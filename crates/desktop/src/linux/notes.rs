//! Which notice of ours the desktop knows under which number.

use std::collections::VecDeque;

/// As many notices are remembered: some desktops keep old ones in a list for days, others never say that one has gone.
const MOST: usize = 256;

/// A notice that was shown.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Note {
    /// The unique bus name of the daemon that gave the number. Numbers start anew with every daemon, and signals about
    /// everybody's notices come here.
    daemon: String,
    id: u32,
    tag: u64,
}

/// The notices that can still be answered, oldest first.
#[derive(Debug, Default)]
pub(super) struct Notes {
    notes: VecDeque<Note>,
}

impl Notes {
    pub(super) fn remember(&mut self, daemon: &str, id: u32, tag: u64) {
        self.forget(daemon, id);
        if self.notes.len() == MOST {
            self.notes.pop_front();
        }
        self.notes.push_back(Note { daemon: daemon.to_owned(), id, tag });
    }

    /// Our tag for the daemon's number.
    pub(super) fn tag(&self, daemon: &str, id: u32) -> Option<u64> {
        self.notes.iter().find(|note| note.id == id && note.daemon == daemon).map(|note| note.tag)
    }

    /// The number for our tag, with the daemon that knows it.
    pub(super) fn id(&self, tag: u64) -> Option<(&str, u32)> {
        self.notes.iter().rfind(|note| note.tag == tag).map(|note| (note.daemon.as_str(), note.id))
    }

    pub(super) fn forget(&mut self, daemon: &str, id: u32) -> Option<u64> {
        let place = self.notes.iter().position(|note| note.id == id && note.daemon == daemon)?;
        self.notes.remove(place).map(|note| note.tag)
    }

    /// The tags of all notices, which nobody can answer any more.
    pub(super) fn forget_all(&mut self) -> Vec<u64> {
        self.notes.drain(..).map(|note| note.tag).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_means_a_notice_of_its_own_daemon_alone() {
        let mut notes = Notes::default();
        notes.remember(":1.5", 1, 70);
        assert_eq!(notes.tag(":1.5", 1), Some(70));
        assert_eq!(notes.tag(":1.6", 1), None);
        assert_eq!(notes.id(70), Some((":1.5", 1)));
        assert_eq!(notes.forget(":1.6", 1), None);
        assert_eq!(notes.forget(":1.5", 1), Some(70));
        assert_eq!(notes.tag(":1.5", 1), None);
    }

    #[test]
    fn a_number_that_was_given_again_means_the_newer_notice() {
        let mut notes = Notes::default();
        notes.remember(":1.5", 1, 70);
        notes.remember(":1.5", 1, 71);
        assert_eq!(notes.tag(":1.5", 1), Some(71));
        assert_eq!(notes.forget_all(), [71]);
    }

    #[test]
    fn the_oldest_are_forgotten_when_there_are_too_many() {
        let mut notes = Notes::default();
        (0..300).for_each(|number| notes.remember(":1.5", number, number.into()));
        assert_eq!(notes.tag(":1.5", 0), None);
        assert_eq!(notes.tag(":1.5", 299), Some(299));
        assert_eq!(notes.forget_all().len(), MOST);
    }
}
