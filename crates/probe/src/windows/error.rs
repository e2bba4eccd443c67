//! Why a call of Windows failed: the number, and what it means for a fact that is missing.

use quaymaster_core::Gap;
use windows_sys::Win32::Foundation::{ERROR_ACCESS_DENIED, GetLastError};

/// The number that the last call of this thread left.
pub(super) fn last() -> u32 {
    // SAFETY: GetLastError has no preconditions.
    unsafe { GetLastError() }
}

/// What it means for a fact.
pub(super) fn gap(error: u32) -> Gap {
    if error == ERROR_ACCESS_DENIED { Gap::Denied } else { Gap::Unsupported }
}
