//! The probe on real sockets and processes of Windows (under Wine as far as it goes) that the test opens.
#![cfg(windows)]
#![expect(clippy::unwrap_used, reason = "a test that can't open its socket has nothing to say")]

mod end;
mod icons;
mod processes;
mod services;
mod settings;
mod sockets;
mod stage;
#[path = "../../../../tests/wine/mod.rs"]
mod wine;
