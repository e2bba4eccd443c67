//! The order in which the kernel names the rows of a listing. It walks its hash tables, so that order is all but the same at
//! every look: the row that came next last time comes next this time, and the book need not search for it.

/// Slots of rows, in the order of the last whole listing and, while one is being read, of this one.
#[derive(Default)]
pub(super) struct Course {
    last: Vec<u32>,
    now: Vec<u32>,
    next: usize,
    /// Rows in `now` that are not in `last`.
    fresh: usize,
}

impl Course {
    /// A listing begins.
    pub(super) fn begin(&mut self) {
        self.now.clear();
        self.next = 0;
        self.fresh = 0;
    }

    /// The slot that is likely to be named next.
    pub(super) fn guess(&self) -> Option<u32> {
        self.last.get(self.next).copied().filter(|slot| *slot != EMPTY)
    }

    /// A row of the last listing is named, which then stood at `place`. Answers where it stands now; `None` if it has been named
    /// in this listing already.
    pub(super) fn pass(&mut self, slot: u32, place: u32) -> Option<u32> {
        if self.has(slot, place) {
            return None;
        }
        self.next = place as usize + 1;
        Some(push(&mut self.now, slot))
    }

    /// A row is named that the last listing did not have.
    pub(super) fn join(&mut self, slot: u32) -> u32 {
        self.fresh += 1;
        push(&mut self.now, slot)
    }

    /// A row came between two listings.
    pub(super) fn append(&mut self, slot: u32) -> u32 {
        push(&mut self.last, slot)
    }

    /// A row went between two listings. Its place stays empty until the next.
    pub(super) fn vacate(&mut self, place: u32) {
        if let Some(slot) = self.last.get_mut(place as usize) {
            *slot = EMPTY;
        }
    }

    /// Whether the row has been named in this listing.
    pub(super) fn has(&self, slot: u32, place: u32) -> bool {
        self.now.get(place as usize) == Some(&slot)
    }

    /// Whether every row of the last listing has been named in this one.
    pub(super) fn is_complete(&self) -> bool {
        self.now.len() - self.fresh == self.last.len()
    }

    /// How many places the last listing and what came since have taken.
    pub(super) fn len(&self) -> usize {
        self.last.len()
    }

    /// What the last listing named, and what came in between.
    pub(super) fn last(&self) -> impl Iterator<Item = u32> + '_ {
        self.last.iter().copied().filter(|slot| *slot != EMPTY)
    }

    /// A row that was not named stays all the same.
    pub(super) fn stay(&mut self, slot: u32) -> u32 {
        push(&mut self.now, slot)
    }

    /// The listing is done with: it is the last from now on.
    pub(super) fn end(&mut self) {
        std::mem::swap(&mut self.last, &mut self.now);
        self.now.clear();
    }
}

/// No slot.
const EMPTY: u32 = u32::MAX;

fn push(slots: &mut Vec<u32>, slot: u32) -> u32 {
    slots.push(slot);
    u32::try_from(slots.len() - 1).unwrap_or(EMPTY)
}
