//! The engine: one named thread that owns probe, tracker and table, and answers what the window and the terminal ask.

pub mod wire;
