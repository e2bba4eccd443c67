//! What the system says when it is asked anew, with nothing remembered: `/proc/net` for the sockets, every `/proc/PID/fd` for who has
//! them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use quaymaster_core::{Endpoint, ProcessKey, Protocol, StartMark};

/// Protocol, both ends, and the kernel's number of the state; of all rows that are equal so the sockets' inodes, in order.
pub(crate) type Rows = BTreeMap<(Protocol, Endpoint, Option<Endpoint>, u8), Vec<u64>>;

/// One answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Oracle {
    pub(crate) rows: Rows,
    pub(crate) holders: BTreeMap<u64, BTreeSet<ProcessKey>>,
    /// Every process, and whether it has ended and is a zombie.
    pub(crate) processes: BTreeMap<ProcessKey, bool>,
}

impl Oracle {
    pub(crate) fn ask() -> Self {
        let mut oracle = Self { rows: rows(), ..Self::default() };
        let inodes: BTreeSet<u64> = oracle.rows.values().flatten().copied().filter(|inode| *inode != 0).collect();
        for entry in fs::read_dir("/proc").unwrap().flatten() {
            let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
            let Some((start, ended)) = stat(pid) else { continue };
            let key = ProcessKey { pid, start };
            oracle.processes.insert(key, ended);
            for descriptor in fs::read_dir(entry.path().join("fd")).into_iter().flatten().flatten() {
                let target = fs::read_link(descriptor.path()).ok();
                if let Some(inode) =
                    target.as_deref().and_then(|target| inode(target.to_str()?)).filter(|inode| inodes.contains(inode))
                {
                    oracle.holders.entry(inode).or_default().insert(key);
                }
            }
        }
        oracle
    }

    /// Sockets that processes hold.
    pub(crate) fn open(&self) -> usize {
        self.holders.len()
    }
}

/// All sockets of this thread's network.
fn rows() -> Rows {
    let mut rows = Rows::new();
    for (protocol, table) in
        [(Protocol::Tcp, "tcp"), (Protocol::Tcp, "tcp6"), (Protocol::Udp, "udp"), (Protocol::Udp, "udp6")]
    {
        for line in fs::read_to_string(format!("/proc/thread-self/net/{table}")).unwrap_or_default().lines().skip(1) {
            let words: Vec<&str> = line.split_whitespace().collect();
            let (local, remote) = (end(words[1]), end(words[2]));
            let remote = Some(remote).filter(|remote| remote.port != 0 || !remote.is_any());
            let state = u8::from_str_radix(words[3], 16).unwrap();
            rows.entry((protocol, local, remote, state)).or_default().push(words[9].parse().unwrap());
        }
    }
    rows.values_mut().for_each(|inodes| inodes.sort_unstable());
    rows
}

/// `0100007F:1F90`, the address in words of four bytes as this machine stores them.
fn end(text: &str) -> Endpoint {
    let (address, port) = text.split_once(':').unwrap();
    let words =
        address.as_bytes().chunks(8).map(|word| u32::from_str_radix(std::str::from_utf8(word).unwrap(), 16).unwrap());
    let bytes: Vec<u8> = words.flat_map(u32::to_ne_bytes).collect();
    let ip = match <[u8; 4]>::try_from(&bytes[..]) {
        Ok(v4) => IpAddr::V4(Ipv4Addr::from(v4)),
        Err(_) => IpAddr::V6(Ipv6Addr::from(<[u8; 16]>::try_from(&bytes[..]).unwrap())),
    };
    Endpoint::new(ip, u16::from_str_radix(port, 16).unwrap())
}

/// Fields 22 and 3 of `stat`, counted from the end of the name.
fn stat(pid: u32) -> Option<(StartMark, bool)> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    Some((StartMark(fields.get(19)?.parse().ok()?), matches!(*fields.first()?, "Z" | "X")))
}

fn inode(target: &str) -> Option<u64> {
    target.strip_prefix("socket:[")?.strip_suffix(']')?.parse().ok()
}
