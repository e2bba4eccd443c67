//! Sockets by netstat2: no cookie, no UDP peers, no queues; a whole look is compared with the last.

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;

use netstat2::{AddressFamilyFlags, ProtocolFlags, ProtocolSocketInfo, SocketInfo};
use quaymaster_core::{
    Change, Endpoint, Family, Owner, OwnerGap, ProcessKey, Protocol, Sample, Socket, SocketKey, StartMark, TcpState,
    Trouble, UnixMillis,
};

use crate::SocketSource;

/// The system's socket tables with the PIDs that they name.
pub struct Sockets {
    start: fn(u32) -> Option<StartMark>,
    last: HashMap<SocketKey, Socket>,
}

const FAMILIES: [(AddressFamilyFlags, Family); 2] =
    [(AddressFamilyFlags::IPV4, Family::V4), (AddressFamilyFlags::IPV6, Family::V6)];
const PROTOCOLS: [(ProtocolFlags, Protocol); 2] =
    [(ProtocolFlags::TCP, Protocol::Tcp), (ProtocolFlags::UDP, Protocol::Udp)];

impl Sockets {
    /// A source that has seen nothing. `start` tells when the process of a PID started.
    #[must_use]
    pub fn new(start: fn(u32) -> Option<StartMark>) -> Self {
        Self { start, last: HashMap::new() }
    }

    /// Every table once. A table that can't be read is told and leaves the others alone.
    fn list(&self, troubles: &mut Vec<Trouble>) -> (HashMap<SocketKey, Socket>, HashSet<(Protocol, Family)>) {
        let mut starts = HashMap::new();
        let mut rows = HashMap::new();
        let mut whole = HashSet::new();
        for (family_flag, family) in FAMILIES {
            for (protocol_flag, protocol) in PROTOCOLS {
                let Ok(table) = netstat2::get_sockets_info(family_flag, protocol_flag) else {
                    troubles.push(Trouble::Unreadable { what: table_name(protocol, family), os_error: last_error() });
                    continue;
                };
                whole.insert((protocol, family));
                for row in &table {
                    let mut socket = self.read(row, family, &mut starts);
                    make_unique(&mut socket.key, &rows);
                    rows.insert(socket.key, socket);
                }
            }
        }
        (rows, whole)
    }

    fn read(&self, row: &SocketInfo, family: Family, starts: &mut HashMap<u32, Option<StartMark>>) -> Socket {
        let (protocol, local, remote, state) = match &row.protocol_socket_info {
            ProtocolSocketInfo::Tcp(tcp) => {
                let state = state(tcp.state);
                let remote = Endpoint::new(tcp.remote_addr, tcp.remote_port);
                let remote = Some(remote).filter(|end| state != TcpState::Listen && (end.port != 0 || !end.is_any()));
                (Protocol::Tcp, Endpoint::new(tcp.local_addr, tcp.local_port), remote, Some(state))
            }
            ProtocolSocketInfo::Udp(udp) => (Protocol::Udp, Endpoint::new(udp.local_addr, udp.local_port), None, None),
        };
        let mut holders: Vec<ProcessKey> = row
            .associated_pids
            .iter()
            // PID 0 is the system's way to say that nobody has it any more.
            .filter(|pid| **pid != 0)
            .filter_map(|pid| {
                let start = *starts.entry(*pid).or_insert_with(|| (self.start)(*pid));
                start.map(|start| ProcessKey { pid: *pid, start })
            })
            .collect();
        holders.sort_unstable();
        holders.dedup();
        let pid = holders.first().map_or(0, |key| key.pid);
        let kept_by_kernel = matches!(state, Some(TcpState::TimeWait | TcpState::SynRecv));
        let owner = match (holders.is_empty(), kept_by_kernel) {
            (false, _) => Owner::Processes(holders),
            (true, true) => Owner::Kernel(Vec::new()),
            (true, false) => Owner::Unknown(OwnerGap::NotReported),
        };
        let talks_v4 = [Some(local), remote].into_iter().flatten().any(|end| matches!(end.ip, IpAddr::V4(_)));
        Socket {
            key: SocketKey::Tuple { protocol, family, local, remote, pid, stamp: 0 },
            protocol,
            family,
            // Whether a socket on `::` serves IPv4 too is not told by these tables.
            dual_stack: family == Family::V6 && talks_v4,
            local,
            remote,
            state,
            owner,
            uid: None,
            queues: None,
            interface: 0,
            time_wait_until: None,
        }
    }
}

impl SocketSource for Sockets {
    fn look(&mut self, now: UnixMillis) -> Sample {
        let mut troubles = Vec::new();
        let (mut rows, whole) = self.list(&mut troubles);
        let mut changes = Vec::new();
        for (key, socket) in &self.last {
            if rows.contains_key(key) {
                continue;
            }
            if whole.contains(&(socket.protocol, socket.family)) {
                changes.push(Change::Closed(*key));
            } else {
                rows.insert(*key, socket.clone());
            }
        }
        for (key, socket) in &rows {
            match self.last.get(key) {
                None => changes.push(Change::Opened(socket.clone())),
                Some(before) if before != socket => changes.push(Change::Changed(socket.clone())),
                Some(_) => {}
            }
        }
        self.last = rows;
        Sample { taken_at: now, changes, troubles }
    }
}

/// Equal rows of one listing (`SO_REUSEPORT`) are told apart by their place among each other.
fn make_unique(key: &mut SocketKey, rows: &HashMap<SocketKey, Socket>) {
    while rows.contains_key(key) {
        match key {
            SocketKey::Tuple { stamp, .. } => *stamp += 1,
            SocketKey::Cookie(_) => return,
        }
    }
}

fn table_name(protocol: Protocol, family: Family) -> &'static str {
    match (protocol, family) {
        (Protocol::Tcp, Family::V4) => "tcp4",
        (Protocol::Tcp, Family::V6) => "tcp6",
        (Protocol::Udp, Family::V4) => "udp4",
        (Protocol::Udp, Family::V6) => "udp6",
    }
}

fn last_error() -> i32 {
    std::io::Error::last_os_error().raw_os_error().unwrap_or(0)
}

fn state(state: netstat2::TcpState) -> TcpState {
    match state {
        netstat2::TcpState::Listen => TcpState::Listen,
        netstat2::TcpState::SynSent => TcpState::SynSent,
        netstat2::TcpState::SynReceived => TcpState::SynRecv,
        netstat2::TcpState::Established => TcpState::Established,
        netstat2::TcpState::FinWait1 => TcpState::FinWait1,
        netstat2::TcpState::FinWait2 => TcpState::FinWait2,
        netstat2::TcpState::CloseWait => TcpState::CloseWait,
        netstat2::TcpState::Closing => TcpState::Closing,
        netstat2::TcpState::LastAck => TcpState::LastAck,
        netstat2::TcpState::TimeWait => TcpState::TimeWait,
        netstat2::TcpState::Closed | netstat2::TcpState::DeleteTcb | netstat2::TcpState::Unknown => TcpState::Closed,
    }
}
