//! Windows: sockets and processes by the IP Helper and process APIs; a process is held and ended by its handle.
//!
//! **Invariant:** a PID is believed only together with its creation time, read through a handle that is open meanwhile.

mod closing;
mod command_line;
mod console;
mod elevation;
mod end;
mod handle;
mod listing;
mod memory;
mod port_settings;

use quaymaster_core::{ProcessKey, StartMark};

pub(crate) use console::interrupt;
pub(crate) use elevation::{as_administrator, elevation};
pub(crate) use end::hold;
pub(crate) use handle::start_mark;
pub(crate) use port_settings::port_settings;

use crate::{Myself, portable};

/// This process and what it runs inside.
pub(crate) fn myself() -> Myself {
    let pid = std::process::id();
    let own = ProcessKey { pid, start: start_mark(pid).unwrap_or(StartMark(0)) };
    let ancestors = portable::Processes::new(start_mark).ancestors(own);
    Myself { own, ancestors: ancestors.into_iter().map(|ancestor| ancestor.key).collect() }
}
