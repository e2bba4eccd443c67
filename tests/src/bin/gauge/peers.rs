//! Everybody else who looks at sockets.

use std::process::{Command, Stdio};

use netstat2::{AddressFamilyFlags, ProtocolFlags};

use super::clock::{Cost, children, own};

/// Somebody to be measured with.
pub(crate) struct Peer {
    pub(crate) name: &'static str,
    measure: fn() -> Cost,
    /// With more sockets than this it takes minutes.
    most: usize,
    /// With more sockets than this it is measured once.
    often: usize,
}

pub(crate) const PEERS: [Peer; 6] = [
    Peer { name: "ss -tunap", measure: || run("ss", &["-tunap"]), most: usize::MAX, often: 60_000 },
    Peer { name: "ss -tuna", measure: || run("ss", &["-tuna"]), most: usize::MAX, often: usize::MAX },
    Peer { name: "netstat -tunap", measure: || run("netstat", &["-tunap"]), most: 60_000, often: 60_000 },
    Peer { name: "lsof -nP -i", measure: || run("lsof", &["-nP", "-i"]), most: 60_000, often: 60_000 },
    Peer { name: "netstat2", measure: || own(with_pids), most: usize::MAX, often: usize::MAX },
    Peer { name: "netstat2 without PIDs", measure: || own(without_pids), most: usize::MAX, often: usize::MAX },
];

impl Peer {
    /// `None` where it would take too long, or is not there.
    pub(crate) fn measure(&self, sockets: usize, round: usize) -> Option<Cost> {
        let wanted = sockets <= self.most && (round == 0 || sockets <= self.often);
        wanted.then(self.measure).filter(|cost| cost.cpu > 0.0)
    }
}

fn run(program: &str, arguments: &[&str]) -> Cost {
    children(|| {
        let _ = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
    })
}

const FAMILIES: AddressFamilyFlags = AddressFamilyFlags::all();
const PROTOCOLS: ProtocolFlags = ProtocolFlags::all();

/// One listing with the holders of each socket, as the crate gives it.
fn with_pids() {
    drop(netstat2::get_sockets_info(FAMILIES, PROTOCOLS));
}

fn without_pids() {
    drop(netstat2::iterate_sockets_info_without_pids(FAMILIES, PROTOCOLS).map(Iterator::count));
}
