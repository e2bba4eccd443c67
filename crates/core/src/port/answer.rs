//! Who holds a port, who is connected to it, and who only uses the same number for an end of its own: the classic mistake of
//! port killers is to take a client for the listener.

use std::collections::BTreeMap;
use std::net::IpAddr;

use hashbrown::{HashMap, HashSet};

use super::{Reach, reach};
use crate::endpoint::{Family, Protocol};
use crate::process::ProcessKey;
use crate::socket::{OwnerGap, TcpState};
use crate::table::{Glance, Keeper, SocketId, Table};
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
    PortAnswer {
        port,
        standing: parts.standing(),
        holders: by_process(table, &parts.holding),
        users: by_process(table, &parts.using),
        clients,
        connections,
        lingering: parts.lingering.len(),
        // Known only if it is known of every one of them.
        lingering_until: parts
            .lingering
            .iter()
            .map(|seat| table.time_wait_until(seat.place))
            .collect::<Option<Vec<_>>>()
            .and_then(|until| until.into_iter().max()),
        outgoing: parts.outgoing,
    }
}

/// A row as this answer needs it: at a busy port there are a hundred thousand of them.
struct Seat {
    place: usize,
    glance: Glance,
    local: IpAddr,
    remote: Option<IpAddr>,
}

impl Seat {
    fn at(table: &Table, place: u32) -> Option<Self> {
        let place = place as usize;
        let glance = table.glance(place);
        let ip = |number| table.addresses().ip(number);
        Some(Self { place, glance, local: ip(glance.local)?, remote: ip(glance.remote) })
    }

    /// Whether the other end is on this computer too, as far as the addresses tell: loopback, or the same address at both
    /// ends, which is how a connection to one's own address is made.
    fn ends_here(&self) -> bool {
        self.remote.is_some_and(|remote| remote.is_loopback() || remote == self.local)
    }

    /// A socket that has no other end keeps others from the port, whatever it is called: bound and idle sockets are BOUND to
    /// Windows and CLOSED to Linux.
    fn holds(&self) -> bool {
        let idle = matches!(self.glance.state, Some(TcpState::Bound | TcpState::Closed));
        self.glance.is_listener() || self.remote.is_none() && idle
    }
}

/// The open sockets at a port, by the part they play there.
#[derive(Default)]
struct Parts {
    holding: Vec<Seat>,
    /// Connections that a holder's socket accepted, or is about to.
    served: Vec<Seat>,
    using: Vec<Seat>,
    lingering: Vec<Seat>,
    /// Connected UDP sockets of this computer whose other end is a holder here.
    datagram_clients: Vec<Seat>,
    /// Ends of connections to the port on another computer.
    outgoing: usize,
}

impl Parts {
    fn of(table: &Table, port: u16) -> Self {
        let seats = |places: Vec<u32>| places.into_iter().filter_map(|place| Seat::at(table, place));
        let (holding, rest): (Vec<_>, Vec<_>) = seats(table.places_at_local_port(port)).partition(Seat::holds);
        let mut parts = Self { holding, ..Self::default() };
        let doors = Doors::of(table, &parts.holding);
        for seat in rest {
            let served = doors.serve(&seat);
            match (seat.glance.keeper, seat.glance.state) {
                (Keeper::Kernel, Some(state)) if served && waits(state) => parts.served.push(seat),
                (Keeper::Kernel, _) => parts.lingering.push(seat),
                _ if served => parts.served.push(seat),
                _ => parts.using.push(seat),
            }
        }
        for seat in seats(table.places_at_remote_port(port)) {
            parts.outgoing += usize::from(leaves_this_computer(table, &seat));
            if parts.reaches_a_holder(table, &seat) {
                parts.datagram_clients.push(seat);
            }
        }
        parts
    }

    fn reaches_a_holder(&self, table: &Table, seat: &Seat) -> bool {
        let Some(remote) = seat.remote.filter(|_| seat.glance.protocol == Protocol::Udp) else { return false };
        let here = seat.ends_here() || table.opposite_place(&seat.glance).is_some();
        let mut bound = self.holding.iter().filter(|holder| holder.glance.protocol == Protocol::Udp);
        bound.any(|holder| holder.local == remote || holder.local.is_unspecified() && here)
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

/// Where connections can have come in: what listens at the port.
struct Doors {
    /// Bound to one address.
    to_one: HashSet<(Protocol, IpAddr)>,
    /// Bound to every address of a family.
    to_all: HashSet<(Protocol, Family)>,
}

impl Doors {
    fn of(table: &Table, holding: &[Seat]) -> Self {
        let (mut to_one, mut to_all) = (HashSet::new(), HashSet::new());
        for Seat { place, glance, local, .. } in holding.iter().filter(|seat| seat.glance.is_listener()) {
            to_one.insert((glance.protocol, *local));
            if local.is_unspecified() {
                to_all.insert((glance.protocol, glance.family));
                if table.is_dual_stack(*place) {
                    to_all.extend([Family::V4, Family::V6].map(|family| (glance.protocol, family)));
                }
            }
        }
        Self { to_one, to_all }
    }

    /// Whether `seat` (at the same port) can have come in: same protocol, covered address.
    fn serve(&self, seat: &Seat) -> bool {
        let Glance { protocol, family, .. } = seat.glance;
        self.to_all.contains(&(protocol, family)) || self.to_one.contains(&(protocol, seat.local))
    }
}

/// One entry a process; what nobody is known for, one entry a reason.
fn by_process(table: &Table, seats: &[Seat]) -> Vec<Holder> {
    let mut holders: BTreeMap<Result<ProcessKey, OwnerGap>, Vec<&Seat>> = BTreeMap::new();
    for seat in seats {
        let mut add = |process| holders.entry(process).or_default().push(seat);
        match seat.glance.keeper {
            Keeper::Processes => table.people().members(seat.glance.crew).iter().for_each(|&key| add(Ok(key))),
            Keeper::Unknown(gap) => add(Err(gap)),
            Keeper::Kernel => add(Err(OwnerGap::NoHolder)),
        }
    }
    let holder = |(process, mut seats): (_, Vec<&Seat>)| {
        let local = |seat: &Seat| table.addresses().end(seat.glance.local, seat.glance.local_port);
        seats.sort_by_key(|seat| (seat.glance.protocol, local(seat), seat.glance.id));
        Holder {
            process,
            reach: seats.iter().map(|seat| reach(seat.local)).max().unwrap_or(Reach::ThisComputer),
            since: seats.iter().map(|seat| seat.glance.first_seen).min().unwrap_or_default(),
            already_open: seats.iter().any(|seat| table.was_already_open(seat.place)),
            sockets: seats.iter().map(|seat| seat.glance.id).collect(),
        }
    };
    let udp_only = |seats: &[&Seat]| seats.iter().all(|seat| seat.glance.protocol == Protocol::Udp);
    let mut holders: Vec<_> = holders.into_iter().collect();
    holders.sort_by_key(|(process, seats)| (udp_only(seats), process.map_err(|gap| gap as u8)));
    holders.into_iter().map(holder).collect()
}

/// What an end of a connection to a holder is known by, in numbers.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Who {
    /// This crew's.
    Crew(u32),
    /// On this computer, and nobody is known for it.
    Nobody(OwnerGap),
    /// At this address of another computer.
    Elsewhere(IpAddr),
}

/// Connections to the holders, by program where the other end is here, by address where it is not.
fn clients(table: &Table, parts: &Parts) -> (Vec<Client>, usize) {
    // Counted by numbers first: names are few, connections may be many.
    let mut numbers: HashMap<(Protocol, Who), usize> = HashMap::new();
    let mut counted: Vec<(Protocol, Who, IpAddr, usize)> = Vec::new();
    let mut add = |protocol, who, address| {
        let place = *numbers.entry((protocol, who)).or_insert(counted.len());
        match counted.get_mut(place) {
            Some((.., connections)) => *connections += 1,
            None => counted.push((protocol, who, address, 1)),
        }
    };
    for seat in &parts.served {
        let address = seat.remote.unwrap_or(seat.local);
        let who = match table.opposite_place(&seat.glance) {
            Some(peer) => who(&table.glance(peer)),
            // Its end is here, but not in the list: another network namespace, or gone between two listings.
            None if seat.ends_here() => Who::Nobody(OwnerGap::NotReported),
            None => Who::Elsewhere(address),
        };
        add(seat.glance.protocol, who, address);
    }
    let mut connections = parts.served.len();
    let datagrams = (!parts.datagram_clients.is_empty()).then(|| own_ends(parts));
    for seat in &parts.datagram_clients {
        // Where the holder has a connected socket too, that one has told of the connection already.
        let is_own = |id: SocketId| datagrams.as_ref().is_some_and(|own| own.contains(&id));
        let told = || table.opposite_place(&seat.glance).is_some_and(|place| is_own(table.id(place)));
        if !is_own(seat.glance.id) && !told() {
            add(seat.glance.protocol, who(&seat.glance), seat.local);
            connections += 1;
        }
    }
    (named(table, counted), connections)
}

fn own_ends(parts: &Parts) -> HashSet<SocketId> {
    parts.holding.iter().chain(&parts.served).map(|seat| seat.glance.id).collect()
}

fn who(end: &Glance) -> Who {
    match end.keeper {
        Keeper::Processes => Who::Crew(end.crew),
        // One that the kernel keeps has been let go of by its program.
        Keeper::Kernel => Who::Nobody(OwnerGap::NoHolder),
        Keeper::Unknown(gap) => Who::Nobody(gap),
    }
}

/// Programs of this computer by name, other computers by address.
fn named(table: &Table, counted: Vec<(Protocol, Who, IpAddr, usize)>) -> Vec<Client> {
    let mut clients: HashMap<_, Client> = HashMap::new();
    for (protocol, who, address, connections) in counted {
        let (program, elsewhere) = match who {
            Who::Crew(crew) => (Some(program(table, crew)), None),
            Who::Nobody(gap) => (Some(Err(gap)), None),
            Who::Elsewhere(address) => (None, Some(address)),
        };
        let key = (protocol, program.clone(), elsewhere);
        let fresh = Client { program, processes: Vec::new(), address, connections: 0, protocol };
        let client = clients.entry(key).or_insert(fresh);
        client.connections += connections;
        if let Who::Crew(crew) = who {
            client.processes.extend(&table.people().members(crew));
        }
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
    clients
}

/// What the program of a crew is called.
fn program(table: &Table, crew: u32) -> Result<String, OwnerGap> {
    let first = table.people().crews().get(crew).and_then(|crew| crew.first());
    first.map(|known| known.label.clone()).filter(|name| !name.is_empty()).ok_or(OwnerGap::Pending)
}

/// Whether a program here talks to another computer: what the kernel only keeps talks to nobody.
fn leaves_this_computer(table: &Table, seat: &Seat) -> bool {
    let held = seat.glance.keeper != Keeper::Kernel;
    held && seat.remote.is_some() && !seat.ends_here() && table.opposite_place(&seat.glance).is_none()
}
