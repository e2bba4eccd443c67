//! Administrator rights for one act.

use crate::{Elevation, ElevationError};

pub(crate) fn elevation() -> Elevation {
    Elevation::Unsupported
}

pub(crate) fn as_administrator(_: &[String]) -> Result<u32, ElevationError> {
    Err(ElevationError::Unsupported)
}
