//! Administrator rights for one act: not offered on Linux yet.

use crate::{Elevation, ElevationError};

pub(crate) fn elevation() -> Elevation {
    if rustix::process::geteuid().is_root() { Elevation::AlreadyThere } else { Elevation::Unsupported }
}

pub(crate) fn as_administrator(_: &[String]) -> Result<u32, ElevationError> {
    Err(ElevationError::Unsupported)
}
