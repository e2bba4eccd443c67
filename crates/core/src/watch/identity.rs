//! What makes a listener the same to a person.

use crate::endpoint::Protocol;
use crate::port::{Reach, reach};
use crate::process::{Gap, Process};
use crate::socket::Owner;
use crate::table::Row;

/// Whose it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Program {
    /// A program file, with the services that run in it where it hosts many.
    File(String),
    /// A program whose file cannot be read, by its name.
    Name(String),
    /// A program of this user's that cannot be read; `None` where not even the user is known.
    Unknown(Option<u32>),
}

impl Program {
    /// Of a row: its first holder.
    #[must_use]
    pub fn of(row: &Row) -> Self {
        let holder = row.owners.first().filter(|_| matches!(row.socket.owner, Owner::Processes(_)));
        match holder.map(|process| (process, &process.path)) {
            Some((process, Ok(path))) => Self::File(hosted(process, path)),
            Some((process, Err(Gap::Denied | Gap::None | Gap::Unsupported | Gap::Gone | Gap::Pending)))
                if !process.name.is_empty() =>
            {
                Self::Name(process.label().into_owned())
            }
            _ => Self::Unknown(row.socket.uid),
        }
    }
}

/// The path, and what runs in it if the label tells more than the name: one `svchost.exe` is not the other.
fn hosted(process: &Process, path: &str) -> String {
    let label = process.label();
    if label == process.name { path.to_owned() } else { format!("{path} {label}") }
}

/// Where it listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Spot {
    /// At this port.
    Port(u16),
    /// At one that the system chose: the next time it is another.
    Ephemeral,
}

/// What a listener is known by. Both families and all addresses of one [`Reach`] are one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity {
    /// Whose it is.
    pub program: Program,
    /// TCP or UDP.
    pub protocol: Protocol,
    /// Where.
    pub spot: Spot,
    /// From where it can be reached.
    pub reach: Reach,
}

impl Identity {
    /// A row's; `ephemeral`: its port lies in the range out of which the system chooses.
    #[must_use]
    pub fn of(row: &Row, ephemeral: bool) -> Self {
        let socket = &row.socket;
        let spot = if ephemeral { Spot::Ephemeral } else { Spot::Port(socket.local.port) };
        Self { program: Program::of(row), protocol: socket.protocol, spot, reach: reach(socket.local.ip) }
    }
}
