//! From what was typed to the one process that is meant: by its PID, or as the only holder of a port.
//!
//! **Invariant:** a program that is merely connected to a port is never found by that port.

use quaymaster_core::ProcessKey;
use quaymaster_engine::convert;
use quaymaster_engine::once::Look;
use quaymaster_engine::wire::PortStanding;

use crate::target::Target;
use crate::terminal::Terminal;
use crate::{Exit, answer};

/// The process that is meant, or what the call has come to because there is none; the person has been told then.
pub(super) fn holder(look: &Look, target: Target, terminal: &Terminal) -> Result<ProcessKey, Exit> {
    match target {
        Target::Pid(pid) => by_pid(look, pid, terminal),
        Target::Port(port) => by_port(look, port, terminal),
    }
}

/// Among the processes that hold sockets, and those that quay runs inside (which will be refused with the true reason).
fn by_pid(look: &Look, pid: u32, terminal: &Terminal) -> Result<ProcessKey, Exit> {
    let wanted = |keys: &[ProcessKey]| keys.iter().copied().find(|key| key.pid == pid);
    let held = look.table.rows().find_map(|row| wanted(row.socket.owner.holders()));
    if let Some(key) = held.or_else(|| wanted(&[look.myself.own])).or_else(|| wanted(&look.myself.ancestors)) {
        return Ok(key);
    }
    // Who typed a port without its colon is told how to write it.
    let key = if pid <= u16::MAX.into() { "quay-end-no-such-pid" } else { "quay-end-no-such-large-pid" };
    terminal.complain(&terminal.words.say(key, &[("pid", pid.to_string().into())]));
    Err(Exit::Nothing)
}

fn by_port(look: &Look, port: u16, terminal: &Terminal) -> Result<ProcessKey, Exit> {
    let found = convert::port_answer(&look.table, &look.myself, &[], port);
    let words = &terminal.words;
    let tell = |key: &str| terminal.complain(&words.say(key, &[("port", port.to_string().into())]));
    match (found.standing, &found.holders[..]) {
        (PortStanding::Free, _) => {
            tell("quay-end-port-free");
            Err(Exit::Nothing)
        }
        (PortStanding::ClientPort | PortStanding::Lingering, _) => {
            tell("quay-end-port-not-held");
            Err(Exit::Nothing)
        }
        (PortStanding::Held, [only]) => match only.process.as_ref().and_then(convert::process_key) {
            Some(key) => Ok(key),
            None => {
                tell("quay-end-port-unknown");
                if let Some(gap) = only.because {
                    let code = crate::phrase::code(gap);
                    terminal.complain(&words.say(&format!("owner-gap-{code}-why"), &[]));
                }
                Err(Exit::Failed)
            }
        },
        (PortStanding::Held, several) => {
            tell("quay-end-several");
            for holder in several {
                terminal.complain(&format!("  {}", answer::name(holder, words)));
            }
            Err(Exit::Failed)
        }
    }
}
