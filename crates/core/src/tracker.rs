//! Identity over time: which row of this look is which row of the last.
//!
//! **Invariant:** a row's id lives as long as its socket in a person's eyes: through every change of state, through the
//! hand-over from process to kernel (Linux gives TIME_WAIT and FIN_WAIT2 a new cookie: same four-tuple, no holder) and
//! through changes of owner. A used-again four-tuple with a new key that is *not* such a remainder is a new socket.

use crate::change::Sample;
use crate::process::ProcessKey;
use crate::table::Table;

/// Hands out ids and marks.
#[derive(Debug, Default)]
pub struct Tracker {}

/// What applying one look did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Anything a person could see differs (marks included).
    pub visible: bool,
    /// Owners that were never seen before: to be read.
    pub new_owners: Vec<ProcessKey>,
    /// User numbers never seen before: to be named.
    pub new_users: Vec<u32>,
    /// Processes that own nothing any more; their facts have been dropped.
    pub departed: Vec<ProcessKey>,
}

impl Tracker {
    /// A tracker that has seen nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Applies one look to the table. Marks of the look before fade first; closed rows go unless `keep_closed` (the order
    /// is being held under the person's pointer).
    pub fn apply(&mut self, table: &mut Table, sample: &Sample, keep_closed: bool) -> Applied {
        let _ = (table, sample, keep_closed);
        unimplemented!()
    }
}
