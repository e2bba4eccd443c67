//! Sockets and rows.

use std::net::IpAddr;
use std::sync::Arc;

use quaymaster_core::{self as core, Endpoint, Owner as Held, OwnerGap as CoreGap, Process, port};

use super::network::whose;
use super::{LABEL, NAME, PATH, process_ref, visible};
use crate::wire::{Mark, Owner, OwnerGap, Row, Socket};

/// A socket with its owners.
#[must_use]
pub fn socket(row: &core::Row) -> Socket {
    let socket = &row.socket;
    let owners: Vec<Owner> = row.owners.iter().map(|process| owner(process)).collect();
    let (owners, last_owners, unknown, kernel) = match &socket.owner {
        Held::Processes(_) => (owners, Vec::new(), None, false),
        Held::Kernel(_) => (Vec::new(), owners, None, true),
        Held::Unknown(why) => (Vec::new(), Vec::new(), Some(gap(*why)), false),
    };
    Socket {
        protocol: socket.protocol.name(),
        family: socket.family.number(),
        dual_stack: socket.dual_stack,
        local_address: address(socket.local),
        local_port: socket.local.port,
        remote_address: socket.remote.map(address),
        remote_whose: row.remote.as_ref().map(whose),
        peer: row.peer.as_deref().map(peer),
        remote_port: socket.remote.map(|remote| remote.port),
        state: socket.state.map(core::TcpState::name),
        owners,
        owner_unknown_because: unknown,
        kept_by_kernel: kernel,
        last_owners,
        uid: socket.uid,
        user: row.user.as_deref().map(|user| visible(user, NAME)),
        receive_queue: socket.queues.map(|queues| queues.receive),
        send_queue: socket.queues.map(|queues| queues.send),
        time_wait_until: socket.time_wait_until.map(Into::into),
        first_seen: row.first_seen.into(),
        already_open: row.already_open,
    }
}

/// A grid row.
#[must_use]
pub fn row(row: &core::Row) -> Row {
    Row {
        id: row.id.0,
        mark: mark(row.mark),
        traffic: None,
        usual_program: port::usual_program(&row.socket).map(str::to_owned),
        socket: socket(row),
    }
}

/// The programs at the other end, each once.
fn peer(processes: &[Arc<Process>]) -> String {
    let mut labels: Vec<String> = processes.iter().map(|process| visible(&process.label(), LABEL)).collect();
    labels.dedup();
    labels.retain(|label| !label.is_empty());
    labels.join(", ")
}

/// A process as an owner.
#[must_use]
pub fn owner(process: &Process) -> Owner {
    let key = process_ref(process.key);
    Owner {
        pid: key.pid,
        start: key.start,
        name: visible(&process.name, NAME),
        label: visible(&process.label(), LABEL),
        path: process.path.as_ref().ok().map(|path| visible(path, PATH)),
        user: process.user.as_ref().ok().map(|user| visible(user, NAME)),
        started_at: process.started_at.ok().map(Into::into),
    }
}

/// An address as people write it, with its zone.
pub(super) fn address(endpoint: Endpoint) -> String {
    match (endpoint.ip, endpoint.scope) {
        (IpAddr::V6(ip), scope) if scope != 0 => format!("{ip}%{scope}"),
        (ip, _) => ip.to_string(),
    }
}

/// Why an owner is not known.
#[must_use]
pub fn gap(gap: CoreGap) -> OwnerGap {
    match gap {
        CoreGap::OtherUser => OwnerGap::OtherUser,
        CoreGap::Protected => OwnerGap::Protected,
        CoreGap::NoHolder => OwnerGap::NoHolder,
        CoreGap::Pending => OwnerGap::Pending,
        CoreGap::NotReported => OwnerGap::NotReported,
    }
}

fn mark(mark: core::Mark) -> Mark {
    match mark {
        core::Mark::Steady => Mark::Steady,
        core::Mark::New => Mark::New,
        core::Mark::Changed => Mark::Changed,
        core::Mark::Closed => Mark::Closed,
    }
}
