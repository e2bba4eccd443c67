//! The JSON objects that only the terminal program prints. Those of lists are the engine's.

use quaymaster_engine::wire::{EndOutcome, EndPlan, Failure, Millis, PortAnswer};
use serde::Serialize;

/// Grows when a field changes its meaning or goes away, not when one is added.
pub(crate) const SCHEMA: u32 = 1;

/// `quay PORT --json`.
#[derive(Serialize)]
pub(crate) struct Answer<'a> {
    pub(crate) schema: u32,
    pub(crate) taken_at: Millis,
    pub(crate) answer: &'a PortAnswer,
}

/// `quay end … --json`.
#[derive(Serialize)]
pub(crate) struct End<'a> {
    pub(crate) schema: u32,
    pub(crate) taken_at: Millis,
    pub(crate) plan: &'a EndPlan,
    /// Null when it was refused or failed.
    pub(crate) outcome: Option<&'a EndOutcome>,
    /// Why there is no outcome.
    pub(crate) failure: Option<&'a Failure>,
}
