//! What became of a port, by looking.

use quaymaster_core::port::{self, Standing};
use quaymaster_core::{Process, Table};

use crate::convert;
use crate::wire::{PortAfter, PortFate};

/// The fate of `port` after the end of `ended`, from a fresh look. A port that only serves as a client's own end counts as
/// released: a program may listen there unless it insists on having it alone.
#[must_use]
pub fn port_after(table: &Table, port: u16, ended: &Process) -> PortAfter {
    let answer = port::answer(table, port);
    let fate = match answer.standing {
        Standing::Held => PortFate::Held,
        Standing::Lingering => PortFate::TimeWait,
        Standing::ClientPort if answer.lingering > 0 => PortFate::TimeWait,
        Standing::ClientPort | Standing::Free => PortFate::Released,
    };
    let holders: Vec<&Process> = answer
        .holders
        .iter()
        .filter_map(|holder| table.process(holder.process.ok()?).map(std::convert::AsRef::as_ref))
        .collect();
    PortAfter {
        port,
        fate,
        respawned: holders.iter().any(|holder| is_again(holder, ended)),
        owners: holders.into_iter().map(convert::owner).collect(),
        until: answer.lingering_until.filter(|_| fate == PortFate::TimeWait).map(Into::into),
    }
}

/// Whether `holder` is another run of the program that `ended` was. Known program files decide; a name alone would be a guess.
fn is_again(holder: &Process, ended: &Process) -> bool {
    holder.key != ended.key
        && holder.key.start >= ended.key.start
        && matches!((&holder.path, &ended.path), (Ok(now), Ok(then)) if now == then)
}
