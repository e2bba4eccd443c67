//! Windows: sockets and processes by the IP Helper and process APIs; a process is held and ended by its handle.
//!
//! **Invariant:** a PID is believed only together with its creation time, read through a handle that is open meanwhile.

mod closing;
mod command_line;
mod console;
mod elevation;
mod end;
mod error;
mod handle;
mod listing;
mod memory;
mod message;
mod port_settings;
mod process;
mod sockets;
mod wide;

pub(crate) use console::interrupt;
pub(crate) use elevation::{as_administrator, elevation};
pub(crate) use end::hold;
pub(crate) use handle::start_mark;
pub(crate) use message::{ask, tell};
pub(crate) use port_settings::port_settings;
pub(crate) use process::myself;

pub use process::Processes;
pub use sockets::Sockets;
