//! What it means that nobody was found, and how long to wait before looking again.

use quaymaster_core::OwnerGap;

/// Milliseconds until the next search, after so many in vain. The first retry comes with the next look: a descriptor may
/// have been on its way from one process to another.
pub(super) fn wait(attempts: u8) -> u64 {
    match attempts {
        0 | 1 => 0,
        2 => 2_000,
        3 => 10_000,
        _ => 60_000,
    }
}

/// Why a socket of a user whose processes were all asked has no holder; `None` while that is too early to say.
pub(super) fn settled(attempts: u8, some_denied: bool) -> Option<OwnerGap> {
    match (attempts, some_denied) {
        (0 | 1, _) => None,
        (_, true) => Some(OwnerGap::Protected),
        (_, false) => Some(OwnerGap::NoHolder),
    }
}
