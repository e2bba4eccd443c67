//! Linux: sockets from NETLINK_SOCK_DIAG, owners from `/proc/PID/fd`, processes from `/proc`, the end by pidfd.
//!
//! **Invariant:** whatever is read about a process is read through one descriptor of its `/proc/PID` folder. The kernel
//! binds that descriptor to the process, not to the number: once the process is gone every read fails (`ESRCH`), also when
//! another has its PID by then.

mod bare;
mod diag;
mod elevation;
mod end;
mod hash;
mod header;
mod listing;
mod message;
mod netlink;
mod obituaries;
mod owners;
mod port_settings;
mod proc_net;
mod process;
mod procfs;
mod sockets;

pub(crate) use elevation::{as_administrator, elevation};
pub(crate) use end::{hold, interrupt};
pub(crate) use message::{ask, tell};
pub(crate) use port_settings::port_settings;
pub(crate) use process::myself;

#[doc(hidden)]
pub use bare::BareDump;
pub use owners::OwnerStats;
pub use process::Processes;
pub use sockets::Sockets;
