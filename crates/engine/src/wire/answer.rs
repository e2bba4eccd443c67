//! The answer to "who holds port N?".

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::time::Millis;

use super::network::Remotes;
use super::process::{OwnerGap, ProcessRef, Service};
use super::socket::Row;

/// From where a bound address can be reached, judged by the address alone: the firewall is not asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Reach {
    /// Loopback: only programs on this computer.
    ThisComputer,
    /// One private or link-local address: the network behind it.
    LocalNetwork,
    /// Every address of this computer, or a public one: whoever can send a packet here.
    Everywhere,
}

/// What is going on at a port, most telling first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum PortStanding {
    /// A program listens (TCP) or is bound (UDP) there.
    Held,
    /// Nobody listens; a program uses it as its own end of a connection.
    ClientPort,
    /// Nobody listens; only closed connections linger in the kernel.
    Lingering,
    /// No socket of this computer has it as its local port.
    Free,
}

/// Everything known about port N of this computer.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct PortAnswer {
    /// The port.
    pub port: u16,
    /// What is going on.
    pub standing: PortStanding,
    /// Who listens or is bound there: one entry a program process (or a gap), TCP and UDP, IPv4 and IPv6 together.
    pub holders: Vec<Holder>,
    /// Programs that use it as the local end of their own connection to somewhere else (not clients of a holder).
    pub users: Vec<Holder>,
    /// Who is connected to the holders, most connections first.
    pub clients: Vec<Client>,
    /// Connections in all from `clients`.
    pub connections: u32,
    /// Sockets at this port that linger in the kernel without an owner (TIME_WAIT and such).
    pub lingering: u32,
    /// When the last of them is let go, Unix milliseconds, if known.
    pub lingering_until: Option<Millis>,
    /// Local sockets whose *remote* port is N on another computer: programs of ours that talk to port N elsewhere.
    pub outgoing: u32,
    /// What is often at this port.
    pub hint: Option<PortHint>,
    /// The range that this computer hands out from, if the port lies in it; null also when the settings are not known.
    pub dynamic: Option<PortSpan>,
    /// The range that is set aside on this computer, if the port lies in one: nobody may listen there (Windows).
    pub excluded: Option<ExcludedSpan>,
}

/// Ports from the first to the last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct PortSpan {
    /// The first.
    pub first: u16,
    /// The last.
    pub last: u16,
}

/// Ports that are set aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ExcludedSpan {
    /// Which.
    pub ports: PortSpan,
    /// An administrator set them aside, not a program such as Hyper-V.
    pub administered: bool,
}

/// One process (or nobody known) at a port.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct Holder {
    /// The process; null when it is not known.
    pub process: Option<ProcessRef>,
    /// Its program's name.
    pub name: Option<String>,
    /// What a person tells it from others by; see [`Owner::label`](super::Owner::label).
    pub label: Option<String>,
    /// What the program file calls itself (Windows). A claim.
    pub description: Option<String>,
    /// The services that run in it (Windows).
    pub services: Vec<Service>,
    /// It is the kernel of Windows itself, not a program.
    pub windows_kernel: bool,
    /// The program file.
    pub path: Option<String>,
    /// With whom its process talks on the Internet, by its own connections, most of them first.
    pub remotes: Vec<Remotes>,
    /// The user's name.
    pub user: Option<String>,
    /// When the program started, Unix milliseconds.
    pub started_at: Option<Millis>,
    /// Why the process is not known.
    pub because: Option<OwnerGap>,
    /// Its sockets at this port.
    pub sockets: Vec<Row>,
    /// The widest reach among them.
    pub reach: Reach,
    /// Earliest `first_seen` among them.
    pub since: Millis,
    /// It already held the port at the first look: it is older than `since`.
    pub already_open: bool,
    /// Why Quaymaster will not end it: the `code` of an [`EndPlan`](super::EndPlan)'s refusal; null: it may be asked.
    pub protected: Option<super::end::Refusal>,
}

/// Programs or addresses that are connected to a holder.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct Client {
    /// The program, for an end on this computer.
    pub name: Option<String>,
    /// Its processes.
    pub processes: Vec<ProcessRef>,
    /// Why the program of an end on this computer is not known.
    pub because: Option<OwnerGap>,
    /// The remote address; loopback for an end on this computer.
    pub address: String,
    /// The end is on this computer.
    pub local: bool,
    /// How many connections.
    pub connections: u32,
    /// The protocol.
    #[ts(type = "\"tcp\" | \"udp\"")]
    pub protocol: &'static str,
}

/// What is often at a port: a custom, never a fact about this computer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct PortHint {
    /// Programs that are known to use it by default, from the project's own table.
    pub programs: Vec<String>,
    /// The service name registered with IANA.
    pub registered: Option<String>,
    /// IANA's description of it.
    pub description: Option<String>,
}
