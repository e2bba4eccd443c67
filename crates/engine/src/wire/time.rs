//! Moments on the wire.

use quaymaster_core::UnixMillis;
use serde::Serialize;
use ts_rs::TS;

/// A moment: milliseconds since 1970-01-01T00:00:00Z. Stays below 2^53 until the year 287396.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(transparent)]
#[ts(export, type = "number")]
pub struct Millis(pub u64);

impl From<UnixMillis> for Millis {
    fn from(moment: UnixMillis) -> Self {
        Self(moment.0)
    }
}
