//! Who holds a port, who is connected to it, and who only uses the same number for an end of its own: the classic mistake of
//! port killers is to take a client for the listener.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::net::IpAddr;

use super::{Reach, reach};
use crate::endpoint::Protocol;
use crate::process::ProcessKey;
use crate::socket::{Owner, OwnerGap, Socket, TcpState};
use crate::table::{Row, SocketId, Table};
use crate::time::UnixMillis;

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
    let parts = Parts::of(table, port);
    let (clients, connections) = clients(table, &parts);
    let outgoing = table.at_remote_port(port).filter(|row| leaves_this_computer(table, row)).count();
    PortAnswer {
        port,
        standing: parts.standing(),
        holders: by_process(&parts.holding),
        users: by_process(&parts.using),
        clients,
        connections,
        lingering: parts.lingering.len(),
        // Known only if it is known of every one of them.
        lingering_until: parts
            .lingering
            .iter()
            .map(|row| row.socket.time_wait_until)
            .max()
            .flatten()
            .filter(|_| parts.lingering.iter().all(|row| row.socket.time_wait_until.is_some())),
        outgoing,
    }
}

/// The open sockets at a port, by the part they play there.
#[derive(Default)]
struct Parts<'table> {
    holding: Vec<&'table Row>,
    /// Connections that a holder's socket accepted, or is about to.
    served: Vec<&'table Row>,
    using: Vec<&'table Row>,
    lingering: Vec<&'table Row>,
    /// Connected UDP sockets of this computer whose other end is a holder here.
    datagram_clients: Vec<&'table Row>,
}

impl<'table> Parts<'table> {
    fn of(table: &'table Table, port: u16) -> Self {
        let mut parts = Self::default();
        let (holding, rest): (Vec<_>, Vec<_>) = table.at_local_port(port).partition(|row| holds(&row.socket));
        for row in rest {
            let served = holding.iter().any(|holder| serves(&holder.socket, &row.socket));
            match (&row.socket.owner, row.socket.state) {
                (Owner::Kernel(_), Some(state)) if served && waits(state) => parts.served.push(row),
                (Owner::Kernel(_), _) => parts.lingering.push(row),
                _ if served => parts.served.push(row),
                _ => parts.using.push(row),
            }
        }
        let to_holder = |row: &&Row| {
            row.socket.protocol == Protocol::Udp
                && row.socket.remote.is_some_and(|remote| {
                    let here = ends_here(&row.socket) || table.opposite(row).is_some();
                    holding.iter().any(|holder| {
                        let bound = holder.socket.local;
                        holder.socket.protocol == Protocol::Udp && (bound.ip == remote.ip || bound.is_any() && here)
                    })
                })
        };
        parts.datagram_clients = table.at_remote_port(port).filter(to_holder).collect();
        parts.holding = holding;
        parts
    }

    fn standing(&self) -> Standing {
        if !self.holding.is_empty() {
            Standing::Held
        } else if !self.using.is_empty() {
            Standing::ClientPort
        } else if !self.lingering.is_empty() {
            Standing::Lingering
        } else {
            Standing::Free
        }
    }
}

/// Whether a connection that no process holds is one that the listener has not accepted yet: a process that lets go of
/// one of these sends it into another state.
fn waits(state: TcpState) -> bool {
    matches!(state, TcpState::SynRecv | TcpState::Established | TcpState::CloseWait)
}

/// A socket that has no other end keeps others from the port, whatever it is called: bound and idle sockets are BOUND to
/// Windows and CLOSED to Linux.
fn holds(socket: &Socket) -> bool {
    socket.is_listener() || socket.remote.is_none() && matches!(socket.state, Some(TcpState::Bound | TcpState::Closed))
}

/// Whether `connection` (at the same port) can have come in through `holder`: same protocol, covered address.
fn serves(holder: &Socket, connection: &Socket) -> bool {
    holder.is_listener()
        && holder.protocol == connection.protocol
        && (holder.local.ip == connection.local.ip
            || holder.local.is_any() && (holder.family == connection.family || holder.dual_stack))
}

/// One entry a process; what nobody is known for, one entry a reason.
fn by_process(rows: &[&Row]) -> Vec<Holder> {
    let mut holders: BTreeMap<Result<ProcessKey, OwnerGap>, Vec<&Row>> = BTreeMap::new();
    for &row in rows {
        match &row.socket.owner {
            Owner::Processes(keys) => keys.iter().for_each(|&key| holders.entry(Ok(key)).or_default().push(row)),
            Owner::Unknown(gap) => holders.entry(Err(*gap)).or_default().push(row),
            Owner::Kernel(_) => holders.entry(Err(OwnerGap::NoHolder)).or_default().push(row),
        }
    }
    let holder = |(process, mut rows): (_, Vec<&Row>)| {
        rows.sort_by_key(|row| (row.socket.protocol, row.socket.local, row.id));
        Holder {
            process,
            reach: rows.iter().map(|row| reach(row.socket.local.ip)).max().unwrap_or(Reach::ThisComputer),
            since: rows.iter().map(|row| row.first_seen).min().unwrap_or_default(),
            already_open: rows.iter().any(|row| row.already_open),
            sockets: rows.iter().map(|row| row.id).collect(),
        }
    };
    let udp_only = |rows: &[&Row]| rows.iter().all(|row| row.socket.protocol == Protocol::Udp);
    let mut holders: Vec<_> = holders.into_iter().collect();
    holders.sort_by_key(|(process, rows)| (udp_only(rows), process.map_err(|gap| gap as u8)));
    holders.into_iter().map(holder).collect()
}

/// Connections to the holders, by program where the other end is here, by address where it is not.
fn clients(table: &Table, parts: &Parts) -> (Vec<Client>, usize) {
    let mut clients: HashMap<_, Client> = HashMap::new();
    let own_ends: HashSet<SocketId> = parts.holding.iter().chain(&parts.served).map(|row| row.id).collect();
    let accepted = parts.served.iter().map(|row| {
        let remote = row.socket.remote.unwrap_or(row.socket.local);
        (row, remote.ip, table.opposite(row))
    });
    // Where the holder has a connected socket too, that one has told of the connection already.
    let told = |row: &Row| table.opposite(row).is_some_and(|opposite| own_ends.contains(&opposite.id));
    let sending = parts.datagram_clients.iter().filter(|row| !own_ends.contains(&row.id) && !told(row));
    let all: Vec<_> = accepted.chain(sending.map(|row| (row, row.socket.local.ip, Some(*row)))).collect();
    for (row, address, peer) in &all {
        let program = match peer {
            Some(peer) => Some(program(peer)),
            // Its end is here, but not in the list: another network namespace, or gone between two listings.
            None if ends_here(&row.socket) => Some(Err(OwnerGap::NotReported)),
            None => None,
        };
        let protocol = row.socket.protocol;
        // Programs of this computer by name, other computers by address.
        let key = (protocol, program.clone(), program.is_none().then_some(*address));
        let fresh = Client { program, processes: Vec::new(), address: *address, connections: 0, protocol };
        let client = clients.entry(key).or_insert(fresh);
        client.connections += 1;
        client.processes.extend(peer.map(|peer| peer.socket.owner.holders()).unwrap_or_default());
    }
    let mut clients: Vec<Client> = clients.into_values().collect();
    for client in &mut clients {
        client.processes.sort_unstable();
        client.processes.dedup();
    }
    clients.sort_by(|a, b| {
        let name = |client: &Client| client.program.clone().and_then(Result::ok);
        (b.connections.cmp(&a.connections)).then_with(|| name(a).cmp(&name(b))).then(a.address.cmp(&b.address))
    });
    (clients, all.len())
}

/// The program at an end on this computer; one that the kernel keeps has let go of it.
fn program(row: &Row) -> Result<String, OwnerGap> {
    match &row.socket.owner {
        Owner::Processes(_) => {
            let name = row.owners.first().map(|process| process.label().into_owned());
            name.filter(|name| !name.is_empty()).ok_or(OwnerGap::Pending)
        }
        Owner::Kernel(_) => Err(OwnerGap::NoHolder),
        Owner::Unknown(gap) => Err(*gap),
    }
}

/// Whether a program here talks to another computer: what the kernel only keeps talks to nobody.
fn leaves_this_computer(table: &Table, row: &Row) -> bool {
    let held = !matches!(row.socket.owner, Owner::Kernel(_));
    held && row.socket.remote.is_some() && !ends_here(&row.socket) && table.opposite(row).is_none()
}

/// Whether the other end is on this computer too, as far as the addresses tell: loopback, or the same address at both ends,
/// which is how a connection to one's own address is made.
fn ends_here(socket: &Socket) -> bool {
    socket.remote.is_some_and(|remote| remote.ip.is_loopback() || remote.ip == socket.local.ip)
}
