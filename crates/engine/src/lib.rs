//! The engine: one named thread that owns probe, tracker and table, and answers what the window and the terminal ask.
//!
//! `wire` holds what crosses to the page and to `--json`; `convert` is the only way there. Slow reads run beside the
//! thread (`reader`), never in it.

mod blocking;
pub mod clock;
pub mod convert;
mod detail;
pub mod end;
mod engine;
pub mod export;
mod failure;
mod icon;
pub mod listeners;
pub mod networks;
pub mod notice;
pub mod once;
pub mod past;
pub mod place;
mod reader;
pub mod settings;
mod state;
mod traffic;
mod view;
pub mod watch;
pub mod wire;
pub mod words;

pub use engine::{Engine, INTERVALS, Machine};
