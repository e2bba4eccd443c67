//! The one clock of the house. Everything else is told the time.

use std::time::{SystemTime, UNIX_EPOCH};

use quaymaster_core::UnixMillis;

/// Now, by the system's clock; 0 for a clock that is set before 1970.
#[must_use]
pub fn now() -> UnixMillis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    UnixMillis(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}
