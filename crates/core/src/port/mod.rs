//! The answer to "who holds port N?", and what is often at a port.

use crate::endpoint::Protocol;
use crate::process::ProcessKey;
use crate::socket::OwnerGap;
use crate::table::{SocketId, Table};
use crate::time::UnixMillis;
use std::net::IpAddr;

/// From where a bound address can be reached, judged by the address alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Loopback.
    ThisComputer,
    /// One private, link-local, unique-local or multicast address.
    LocalNetwork,
    /// Every address (`0.0.0.0`, `::`), or a public one.
    Everywhere,
}

/// Reach of an address that a socket is bound to.
#[must_use]
pub fn reach(ip: IpAddr) -> Reach {
    let _ = ip;
    unimplemented!()
}

/// What is going on at a port, most telling first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// A listener or a bound UDP socket (or a bound, idle TCP socket).
    Held,
    /// Only a program's own end of connections to elsewhere.
    ClientPort,
    /// Only ownerless remainders.
    Lingering,
    /// Nothing.
    Free,
}

/// Everything known about a port of this computer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortAnswer {
    /// The port.
    pub port: u16,
    /// What is going on.
    pub standing: Standing,
    /// Who listens or is bound: one a process (or a gap), TCP before UDP, then by PID.
    pub holders: Vec<Holder>,
    /// Processes that use the port as their own end of connections to elsewhere, and are not serving a holder's clients.
    pub users: Vec<Holder>,
    /// Who is connected to the holders, most connections first.
    pub clients: Vec<Client>,
    /// Connections from clients in all.
    pub connections: usize,
    /// Ownerless remainders at the port.
    pub lingering: usize,
    /// When the last of them goes, if known.
    pub lingering_until: Option<UnixMillis>,
    /// Local sockets whose remote port this is, on another computer.
    pub outgoing: usize,
}

/// A process (or a gap) at a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The process, or why it is not known.
    pub process: Result<ProcessKey, OwnerGap>,
    /// Its rows at this port.
    pub sockets: Vec<SocketId>,
    /// The widest reach among them.
    pub reach: Reach,
    /// Earliest first seen.
    pub since: UnixMillis,
    /// It already held it at the first look.
    pub already_open: bool,
}

/// Connections of one program or from one address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// The program of an end on this computer, or why it is not known; `None` for another computer.
    pub program: Option<Result<String, OwnerGap>>,
    /// Its processes.
    pub processes: Vec<ProcessKey>,
    /// Where from; loopback or an own address for a local end.
    pub address: IpAddr,
    /// How many.
    pub connections: usize,
    /// Over what.
    pub protocol: Protocol,
}

/// The answer for `port`.
#[must_use]
pub fn answer(table: &Table, port: u16) -> PortAnswer {
    let _ = (table, port);
    unimplemented!()
}

/// What is often at a port: a custom, never a fact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hint {
    /// Programs that use it by default, from our own table.
    pub programs: &'static [&'static str],
    /// IANA's service name.
    pub registered: Option<&'static str>,
    /// IANA's description.
    pub description: Option<&'static str>,
}

/// What is often at `port`; `None` if nothing is known.
#[must_use]
pub fn hint(port: u16, protocol: Protocol) -> Option<Hint> {
    let _ = (port, protocol);
    unimplemented!()
}

/// The program that is usual for a socket's serving end.
#[must_use]
pub fn usual_program(socket: &crate::Socket) -> Option<&'static str> {
    let _ = socket;
    unimplemented!()
}
