//! Failures as the page hears of them.

use quaymaster_probe::{Elevation, ElevationError, EndError, elevation};

use crate::wire::{Failure, Refusal};

impl Failure {
    fn plain(code: &'static str) -> Self {
        Self { code, refusal: None, detail: None }
    }

    /// The engine's thread has stopped.
    #[must_use]
    pub fn engine_gone() -> Self {
        Self::plain("engine_gone")
    }

    /// The page asked for something that it cannot have meant.
    #[must_use]
    pub fn bad_request() -> Self {
        Self::plain("bad_request")
    }

    /// An order was refused.
    #[must_use]
    pub fn refused(refusal: Refusal) -> Self {
        Self { refusal: Some(refusal), ..Self::plain("refused") }
    }

    /// A program was not ended; `detail` is the system's own words.
    #[must_use]
    pub fn not_ended(detail: &dyn std::fmt::Display) -> Self {
        Self { detail: Some(detail.to_string()), ..Self::plain("not_ended") }
    }

    /// A file could not be written; `detail` is the system's own words.
    #[must_use]
    pub fn write_failed(detail: &dyn std::fmt::Display) -> Self {
        Self { detail: Some(detail.to_string()), ..Self::plain("write_failed") }
    }

    /// The settings file on the disk is no longer TOML: nothing is written to it. `line` is where it stops being one.
    #[must_use]
    pub fn settings_broken(line: Option<u32>) -> Self {
        Self { detail: line.map(|line| format!("settings.toml:{line}")), ..Self::plain("settings_broken") }
    }

    /// Something could not be read.
    #[must_use]
    pub fn read_failed(detail: &dyn std::fmt::Display) -> Self {
        Self { detail: Some(detail.to_string()), ..Self::plain("read_failed") }
    }
}

impl From<EndError> for Failure {
    fn from(error: EndError) -> Self {
        match error {
            EndError::Gone => Self::refused(Refusal::Gone),
            EndError::Replaced => Self::refused(Refusal::Replaced),
            // "An administrator can" would be no help to one.
            EndError::NotAllowed if elevation() == Elevation::AlreadyThere => Self::refused(Refusal::NeverAllowed),
            EndError::NotAllowed => Self::refused(Refusal::NotAllowed),
            EndError::System(_) | EndError::NoWayToAsk => Self::not_ended(&error),
        }
    }
}

impl From<ElevationError> for Failure {
    fn from(error: ElevationError) -> Self {
        match error {
            ElevationError::Declined => Self::plain("not_elevated"),
            ElevationError::Unsupported => Self::refused(Refusal::NotAllowed),
            // It may have come this far with the rights: that nothing was ended is not known.
            ElevationError::System(_) => Self::not_ended(&error),
        }
    }
}
