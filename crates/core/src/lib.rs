//! The pure heart of Quaymaster: what a socket, an owner and a row are, how one look at the machine differs from the last,
//! and how a person's question is answered from it.
//!
//! **Invariant:** no I/O, no clock, no operating system, no serialization in this crate. Time is passed in; the same
//! input always gives the same answer, so everything here is tested by tables and properties.

pub mod change;
pub mod counters;
pub mod endpoint;
pub mod network;
pub mod port;
pub mod process;
pub mod protect;
pub mod query;
pub mod socket;
pub mod table;
pub mod text;
pub mod time;
pub mod tracker;
pub mod watch;

pub use change::{Change, Sample, Trouble};
pub use counters::{Bytes, Counters};
pub use endpoint::{Endpoint, Family, Protocol};
pub use process::{Ancestor, Gap, Known, Process, ProcessKey, Service, StartMark};
pub use socket::{Holders, Owner, OwnerGap, Queues, Socket, SocketKey, TcpState};
pub use table::{Mark, Row, SocketId, Table};
pub use time::UnixMillis;
