//! Sockets by netstat2: no cookie, no UDP peers, no queues; a whole look is compared with the last.

use std::collections::HashMap;
use std::net::IpAddr;

use netstat2::{AddressFamilyFlags, ProtocolFlags, ProtocolSocketInfo, SocketInfo};
use quaymaster_core::{
    Endpoint, Family, Holders, Owner, OwnerGap, ProcessKey, Protocol, Sample, Socket, SocketKey, StartMark, TcpState,
    Trouble, UnixMillis,
};

use crate::SocketSource;
use crate::tables::{Table, Tables};

/// The system's socket tables with the PIDs that they name.
pub struct Sockets {
    start: fn(u32) -> Option<StartMark>,
    tables: Tables,
}

impl Sockets {
    /// A source that has seen nothing. `start` tells when the process of a PID started.
    #[must_use]
    pub fn new(start: fn(u32) -> Option<StartMark>) -> Self {
        Self { start, tables: Tables::default() }
    }
}

impl SocketSource for Sockets {
    fn look(&mut self, now: UnixMillis) -> Sample {
        let (mut troubles, mut changes, mut starts) = (Vec::new(), Vec::new(), HashMap::new());
        let mut start = |pid| *starts.entry(pid).or_insert_with(|| (self.start)(pid));
        for table in Table::ALL {
            match netstat2::get_sockets_info(family(table), protocol(table)) {
                Ok(rows) => {
                    let listing = rows.iter().map(|row| read(row, table.family(), &mut start));
                    self.tables.compare(table, listing, &mut changes);
                }
                // The others may be readable.
                Err(_) => troubles.push(Trouble::Unreadable { what: table.name(), os_error: last_error() }),
            }
        }
        Sample { taken_at: now, changes, troubles }
    }
}

/// `start` is asked once a look for each PID.
fn read(row: &SocketInfo, family: Family, start: &mut impl FnMut(u32) -> Option<StartMark>) -> Socket {
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
        .filter_map(|pid| start(*pid).map(|start| ProcessKey { pid: *pid, start }))
        .collect();
    holders.sort_unstable();
    holders.dedup();
    let pid = holders.first().map_or(0, |key| key.pid);
    let kept_by_kernel = matches!(state, Some(TcpState::TimeWait | TcpState::SynRecv));
    let owner = match (holders.is_empty(), kept_by_kernel) {
        (false, _) => Owner::Processes(holders.into()),
        (true, true) => Owner::Kernel(Holders::NOBODY),
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

fn family(table: Table) -> AddressFamilyFlags {
    match table.family() {
        Family::V4 => AddressFamilyFlags::IPV4,
        Family::V6 => AddressFamilyFlags::IPV6,
    }
}

fn protocol(table: Table) -> ProtocolFlags {
    match table.protocol() {
        Protocol::Tcp => ProtocolFlags::TCP,
        Protocol::Udp => ProtocolFlags::UDP,
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
