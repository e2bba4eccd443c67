//! The JSON objects that only the terminal program prints. Those of lists are the engine's.

use quaymaster_engine::wire::{EndOutcome, EndPlan, Failure, Millis, PortAnswer, Whose};
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

/// `quay lookup ADDRESS… --json`.
#[derive(Serialize)]
pub(crate) struct Lookup<'a> {
    pub(crate) schema: u32,
    /// The day of the file of networks; null without one.
    pub(crate) as_of: Option<&'a str>,
    pub(crate) addresses: &'a [Address],
}

/// One address of it.
#[derive(Serialize)]
pub(crate) struct Address {
    pub(crate) address: String,
    pub(crate) whose: Whose,
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
