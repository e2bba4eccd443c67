//! What will go.

use quaymaster_core::{Mark, Process, ProcessKey, Protocol, Table};
use quaymaster_probe::{Elevation, Myself, ProcessSource};

use super::{read, refusal};
use crate::convert::{self, count};
use crate::wire::{EndPlan, PlannedChild, PlannedPort};

/// What of the table is at stake: told by the engine's thread, which does not read `/proc`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stake {
    ports: Vec<PlannedPort>,
    connections: u32,
}

/// The sockets that this process holds.
#[must_use]
pub fn stake(table: &Table, key: ProcessKey) -> Stake {
    let open = || table.held_by(key).filter(|row| row.mark != Mark::Closed);
    let mut ports: Vec<PlannedPort> = open()
        .filter(|row| row.socket.is_listener())
        .map(|row| PlannedPort {
            protocol: row.socket.protocol.name(),
            port: row.socket.local.port,
            shared: row.socket.owner.holders().len() > 1,
        })
        .collect();
    ports.sort_by_key(|planned| (planned.port, planned.protocol, planned.shared));
    // One port bound to several addresses is said once; it is shared if any of its sockets is.
    ports.reverse();
    ports.dedup_by_key(|planned| (planned.port, planned.protocol));
    ports.reverse();
    let connections = open().filter(|row| row.socket.protocol == Protocol::Tcp && !row.socket.is_listener()).count();
    Stake { ports, connections: count(connections) }
}

/// The plan: the process read afresh, its stake and its children.
#[must_use]
pub fn plan(key: ProcessKey, stake: Stake, myself: &Myself, source: &mut dyn ProcessSource) -> EndPlan {
    let process = read(key, source);
    let children = source.descendants(key);
    EndPlan {
        refusal: refusal(&process, myself),
        elevation_possible: quaymaster_probe::elevation() == Elevation::Possible,
        process: convert::process(&process),
        ports: stake.ports,
        connections: stake.connections,
        children: children.iter().map(|child| planned_child(child, myself)).collect(),
    }
}

fn planned_child(child: &Process, myself: &Myself) -> PlannedChild {
    PlannedChild {
        process: convert::process_ref(child.key),
        name: convert::owner(child).name,
        refusal: refusal(child, myself),
    }
}
