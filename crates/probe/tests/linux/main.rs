//! The probe on real sockets and processes that the test opens.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that can't open its socket has nothing to say")]

mod between;
mod bytes;
mod end;
mod looker;
mod owners;
mod processes;
mod sockets;
