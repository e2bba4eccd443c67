//! The port answer.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use quaymaster_core::network::Whose;
use quaymaster_core::port::{self as core_port, PortSetting, PortSettings, Standing};
use quaymaster_core::protect::protection;
use quaymaster_core::{OwnerGap, ProcessKey, Protocol, Row, Table};
use quaymaster_probe::Myself;

use super::{LABEL, NAME, count, process_ref, refusal, row, service, socket::gap, visible};
use crate::wire::{Client, ExcludedSpan, Holder, PortAnswer, PortHint, PortSpan, PortStanding, Reach, Remotes};

/// Everything known about a port of this computer.
#[must_use]
pub fn port_answer(table: &Table, myself: &Myself, settings: &[PortSettings], port: u16) -> PortAnswer {
    let answer = core_port::answer(table, port);
    let setting = PortSetting::of(settings, port);
    PortAnswer {
        port,
        standing: match answer.standing {
            Standing::Held => PortStanding::Held,
            Standing::ClientPort => PortStanding::ClientPort,
            Standing::Lingering => PortStanding::Lingering,
            Standing::Free => PortStanding::Free,
        },
        holders: answer.holders.iter().map(|at| holder(table, myself, at)).collect(),
        users: answer.users.iter().map(|at| holder(table, myself, at)).collect(),
        clients: answer.clients.iter().map(client).collect(),
        connections: count(answer.connections),
        lingering: count(answer.lingering),
        lingering_until: answer.lingering_until.map(Into::into),
        outgoing: count(answer.outgoing),
        hint: hint(port, Protocol::Tcp).or_else(|| hint(port, Protocol::Udp)),
        dynamic: setting.dynamic.as_ref().map(span),
        excluded: setting
            .excluded
            .map(|excluded| ExcludedSpan { ports: span(&excluded.ports), administered: excluded.administered }),
    }
}

fn span(range: &RangeInclusive<u16>) -> PortSpan {
    PortSpan { first: *range.start(), last: *range.end() }
}

fn holder(table: &Table, myself: &Myself, at: &core_port::Holder) -> Holder {
    let rows: Vec<_> = at.sockets.iter().filter_map(|&id| table.row(id)).collect();
    let facts = at.process.ok().and_then(|key| table.process(key));
    Holder {
        process: at.process.ok().map(process_ref),
        name: facts.map(|process| visible(&process.name, NAME)).filter(|name| !name.is_empty()),
        label: facts.map(|process| visible(&process.label(), LABEL)).filter(|label| !label.is_empty()),
        description: facts.and_then(|process| process.description.as_ref().ok()).map(|said| visible(said, NAME)),
        services: facts.into_iter().flat_map(|process| process.services.iter().flatten()).map(service).collect(),
        windows_kernel: facts.is_some_and(|process| process.is_windows_kernel()),
        path: facts.and_then(|process| process.path.as_ref().ok()).map(|path| visible(path, super::PATH)),
        remotes: at.process.map(|key| remotes(table, key)).unwrap_or_default(),
        user: facts
            .and_then(|process| process.user.as_deref().ok())
            .or_else(|| rows.first().and_then(|row| row.user.as_deref()))
            .map(|user| visible(user, NAME)),
        started_at: facts.and_then(|process| process.started_at.ok()).map(Into::into),
        because: at.process.err().map(gap),
        reach: reach(at.reach),
        since: at.since.into(),
        already_open: at.already_open,
        protected: facts.and_then(|process| protection(process, myself.own, &myself.ancestors)).map(refusal),
        sockets: rows.iter().map(row).collect(),
    }
}

/// With whom a process talks on the Internet. Whoever calls one of its listeners is a client, and not told here.
fn remotes(table: &Table, key: ProcessKey) -> Vec<Remotes> {
    let rows: Vec<Row> = table.held_by(key).collect();
    let listens: BTreeSet<u16> =
        rows.iter().filter(|row| row.socket.is_listener()).map(|row| row.socket.local.port).collect();
    let mut counted: BTreeMap<Option<String>, u32> = BTreeMap::new();
    for row in rows.iter().filter(|row| !listens.contains(&row.socket.local.port)) {
        let organisation = match &row.remote {
            Some(Whose::Network(network)) => {
                let system = || network.asn.map(|asn| format!("AS{asn}"));
                network.organisation.as_deref().map(|name| visible(name, LABEL)).or_else(system)
            }
            Some(Whose::Unknown) => None,
            Some(Whose::Special(_)) | None => continue,
        };
        *counted.entry(organisation).or_default() += 1;
    }
    let mut remotes: Vec<Remotes> =
        counted.into_iter().map(|(organisation, connections)| Remotes { organisation, connections }).collect();
    remotes.sort_by_key(|remotes| std::cmp::Reverse(remotes.connections));
    remotes
}

/// From where a listener can be reached.
#[must_use]
pub fn reach(reach: core_port::Reach) -> Reach {
    match reach {
        core_port::Reach::ThisComputer => Reach::ThisComputer,
        core_port::Reach::LocalNetwork => Reach::LocalNetwork,
        core_port::Reach::Everywhere => Reach::Everywhere,
    }
}

/// The same on the way back, from what a person has chosen.
#[must_use]
pub(crate) fn core_reach(reach: Reach) -> core_port::Reach {
    match reach {
        Reach::ThisComputer => core_port::Reach::ThisComputer,
        Reach::LocalNetwork => core_port::Reach::LocalNetwork,
        Reach::Everywhere => core_port::Reach::Everywhere,
    }
}

fn client(client: &core_port::Client) -> Client {
    let program: Option<&Result<String, OwnerGap>> = client.program.as_ref();
    Client {
        name: program.and_then(|known| known.as_deref().ok()).map(|name| visible(name, LABEL)),
        processes: client.processes.iter().copied().map(process_ref).collect(),
        because: program.and_then(|known| known.as_ref().err()).copied().map(gap),
        address: client.address.to_string(),
        local: client.program.is_some(),
        connections: count(client.connections),
        protocol: client.protocol.name(),
    }
}

/// What is often at a port.
#[must_use]
pub fn hint(port: u16, protocol: Protocol) -> Option<PortHint> {
    core_port::hint(port, protocol).map(|hint| PortHint {
        programs: hint.programs.iter().map(|&name| name.to_owned()).collect(),
        registered: hint.registered.map(str::to_owned),
        description: hint.description.map(str::to_owned),
    })
}
