//! Which processes are never ended, and why.

use crate::process::{Process, ProcessKey};

/// Why a process is not ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    /// It is Quaymaster.
    Itself,
    /// Quaymaster runs inside it.
    Ancestor,
    /// PID 0, 1, 2 (kthreadd and its kernel threads); 4 on Windows.
    System,
    /// On the list of programs that a session or desktop depends on.
    Essential,
}

/// Judges `process`, given Quaymaster's own key and its ancestors'.
#[must_use]
pub fn protection(process: &Process, own: ProcessKey, ancestors: &[ProcessKey]) -> Option<Protection> {
    let _ = (process, own, ancestors);
    unimplemented!()
}
