//! What the system says when it is asked anew, by other means than the engine's: `/proc/net` for the sockets, every `/proc/PID/fd` for
//! who has them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::rows::{Rows, place};

/// The kernel's tables, and the protocols that they are of.
const TABLES: [(&str, &str); 4] = [("tcp", "tcp"), ("tcp6", "tcp"), ("udp", "udp"), ("udp6", "udp")];
/// The states of TCP by the kernel's numbers (`include/net/tcp_states.h`).
const STATES: [&str; 14] = [
    "",
    "ESTABLISHED",
    "SYN_SENT",
    "SYN_RECV",
    "FIN_WAIT1",
    "FIN_WAIT2",
    "TIME_WAIT",
    "CLOSED",
    "CLOSE_WAIT",
    "LAST_ACK",
    "LISTEN",
    "CLOSING",
    "SYN_RECV",
    "BOUND",
];

/// One answer.
pub(crate) struct Truth {
    pub(crate) rows: Rows,
    processes: Processes,
    /// Only what the crowd's processes hold is asked for.
    narrow: bool,
}

/// Processes by name, `PID@START`.
#[derive(Default)]
struct Processes {
    all: BTreeSet<String>,
    crowd: BTreeSet<String>,
    holders: BTreeMap<u64, BTreeSet<String>>,
}

impl Truth {
    /// Everything in this thread's network, or only what children of `chief` hold.
    pub(crate) fn ask(chief: Option<u32>) -> io::Result<Self> {
        let sockets = sockets()?;
        let processes = Processes::read(chief)?;
        let mut rows = Rows::new();
        for (place, inode) in sockets {
            let nobody = BTreeSet::new();
            let holders = processes.holders.get(&inode).unwrap_or(&nobody);
            if chief.is_none() || !holders.is_disjoint(&processes.crowd) {
                let holders = holders.iter().map(String::as_str).collect::<Vec<_>>().join(",");
                let holders = if inode == 0 { "kernel".to_owned() } else { holders };
                rows.entry(place).or_default().push(holders);
            }
        }
        rows.values_mut().for_each(|all| all.sort_unstable());
        Ok(Self { rows, processes, narrow: chief.is_some() })
    }

    /// Whether a row with these holders is one that is asked for: it has one of the crowd's, or one that has ended.
    pub(crate) fn concerns(&self, holders: &str) -> bool {
        let Processes { all, crowd, .. } = &self.processes;
        let mut names = holders.split(',').filter(|name| name.contains('@'));
        !self.narrow || names.any(|name| crowd.contains(name) || !all.contains(name))
    }
}

impl Processes {
    fn read(chief: Option<u32>) -> io::Result<Self> {
        let mut processes = Self::default();
        for entry in fs::read_dir("/proc")?.flatten() {
            let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
            let Some((parent, start)) = stat(pid) else { continue };
            let name = format!("{pid}@{start}");
            if Some(parent) == chief {
                processes.crowd.insert(name.clone());
            }
            for descriptor in fs::read_dir(entry.path().join("fd")).into_iter().flatten().flatten() {
                let target = fs::read_link(descriptor.path()).ok();
                if let Some(inode) = target.as_deref().and_then(|target| inode(target.to_str()?)) {
                    processes.holders.entry(inode).or_default().insert(name.clone());
                }
            }
            processes.all.insert(name);
        }
        Ok(processes)
    }
}

/// Each socket of this thread's network, and its inode; 0 where the kernel keeps it.
fn sockets() -> io::Result<Vec<(String, u64)>> {
    let mut sockets = Vec::new();
    for (table, protocol) in TABLES {
        let text = match fs::read_to_string(format!("/proc/thread-self/net/{table}")) {
            // A kernel without IPv6 has two tables less.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            text => text?,
        };
        for line in text.lines().skip(1) {
            let socket = socket(protocol, line).ok_or_else(|| io::Error::other(format!("{table} says {line:?}")))?;
            sockets.push(socket);
        }
    }
    Ok(sockets)
}

fn socket(protocol: &str, line: &str) -> Option<(String, u64)> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let (local, remote) = (end(words.get(1)?)?, end(words.get(2)?)?);
    let state = usize::from_str_radix(words.get(3)?, 16).ok()?;
    let state = if protocol == "tcp" { Some(*STATES.get(state)?) } else { None };
    let remote = Some(remote).filter(|(ip, port)| *port != 0 || !ip.is_unspecified());
    let text = |(ip, port): (IpAddr, u16)| (ip.to_string(), port);
    let (local, remote) = (text(local), remote.map(text));
    let remote = remote.as_ref().map(|(address, port)| (address.as_str(), *port));
    Some((place(protocol, (&local.0, local.1), remote, state), words.get(9)?.parse().ok()?))
}

/// `0100007F:1F90`, the address in words of four bytes as this machine stores them.
fn end(text: &str) -> Option<(IpAddr, u16)> {
    let (address, port) = text.split_once(':')?;
    let word = |word: &[u8]| u32::from_str_radix(std::str::from_utf8(word).ok()?, 16).ok();
    let words: Vec<u32> = address.as_bytes().chunks(8).map(word).collect::<Option<_>>()?;
    let bytes: Vec<u8> = words.into_iter().flat_map(u32::to_ne_bytes).collect();
    let ip = match <[u8; 4]>::try_from(&bytes[..]) {
        Ok(v4) => IpAddr::V4(Ipv4Addr::from(v4)),
        Err(_) => IpAddr::V6(Ipv6Addr::from(<[u8; 16]>::try_from(&bytes[..]).ok()?)),
    };
    Some((ip.to_canonical(), u16::from_str_radix(port, 16).ok()?))
}

/// Fields 4 and 22 of `stat`, counted from the end of the name: the parent, and the start.
fn stat(pid: u32) -> Option<(u32, u64)> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    Some((fields.get(1)?.parse().ok()?, fields.get(19)?.parse().ok()?))
}

fn inode(target: &str) -> Option<u64> {
    target.strip_prefix("socket:[")?.strip_suffix(']')?.parse().ok()
}
