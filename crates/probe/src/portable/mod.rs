//! What reads alike on every system through libraries: netstat2 for sockets, sysinfo for processes and user names.
//!
//! The second opinion that tests compare the native sources with.

mod processes;
mod sockets;
mod users;

pub use processes::Processes;
pub use sockets::Sockets;
pub use users::Users;
