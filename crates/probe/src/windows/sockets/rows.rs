//! The rows of the system's four socket tables, out of bytes. Nothing is asked of the system here, and nothing that the bytes
//! say is believed beyond their own length.

use std::mem::offset_of;
use std::net::IpAddr;

use quaymaster_core::{Endpoint, Family, TcpState};
use windows_sys::Win32::NetworkManagement::IpHelper::{
    MIB_TCP_STATE, MIB_TCP_STATE_CLOSE_WAIT, MIB_TCP_STATE_CLOSING, MIB_TCP_STATE_ESTAB, MIB_TCP_STATE_FIN_WAIT1,
    MIB_TCP_STATE_FIN_WAIT2, MIB_TCP_STATE_LAST_ACK, MIB_TCP_STATE_LISTEN, MIB_TCP_STATE_RESERVED,
    MIB_TCP_STATE_SYN_RCVD, MIB_TCP_STATE_SYN_SENT, MIB_TCP_STATE_TIME_WAIT, MIB_TCP6ROW_OWNER_MODULE as Tcp6,
    MIB_TCP6TABLE_OWNER_MODULE as Tcp6Table, MIB_TCPROW_OWNER_MODULE as Tcp4, MIB_TCPTABLE_OWNER_MODULE as Tcp4Table,
    MIB_UDP6ROW_OWNER_MODULE as Udp6, MIB_UDP6TABLE_OWNER_MODULE as Udp6Table, MIB_UDPROW_OWNER_MODULE as Udp4,
    MIB_UDPTABLE_OWNER_MODULE as Udp4Table,
};

use crate::tables::Table;

/// What a row says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) local: Endpoint,
    /// `None` for UDP, whose peers these tables do not tell, and for listeners.
    pub(super) remote: Option<Endpoint>,
    /// `None` for UDP.
    pub(super) state: Option<TcpState>,
    /// The process that opened the socket, which may have ended and left the socket to another; 0: none is named.
    pub(super) pid: u32,
    /// When the socket was bound: 100 ns since 1601 by the system's clock of then, which may have been set since; 0: not told.
    pub(super) created: u64,
}

/// The part of `bytes` that means something: the count and as many rows as it says. `None` where they are not all there.
pub(super) fn whole(table: Table, bytes: &[u8]) -> Option<&[u8]> {
    let count = u32::from_ne_bytes(*bytes.first_chunk()?) as usize;
    let layout = layout(table);
    // A table without rows may end after its count.
    let rows = if count == 0 { size_of::<u32>() } else { layout.first.checked_add(count.checked_mul(layout.size)?)? };
    bytes.get(..rows)
}

/// The rows of a table that is [`whole`].
pub(super) fn rows(table: Table, whole: &[u8]) -> impl Iterator<Item = Row> {
    let layout = layout(table);
    let rows = whole.get(layout.first..).unwrap_or_default();
    rows.chunks_exact(layout.size).map(move |row| layout.read(table, row))
}

/// Where a structure keeps what. The offsets are the compiler's: they hold for every word size.
struct Layout {
    /// The first row in the table.
    first: usize,
    /// A row's size.
    size: usize,
    local: End,
    remote: Option<End>,
    state: Option<usize>,
    pid: usize,
    created: usize,
}

struct End {
    address: usize,
    scope: Option<usize>,
    port: usize,
}

fn layout(table: Table) -> &'static Layout {
    match table {
        Table::Tcp4 => &TCP4,
        Table::Tcp6 => &TCP6,
        Table::Udp4 => &UDP4,
        Table::Udp6 => &UDP6,
    }
}

static TCP4: Layout = Layout {
    first: offset_of!(Tcp4Table, table),
    size: size_of::<Tcp4>(),
    local: End { address: offset_of!(Tcp4, dwLocalAddr), scope: None, port: offset_of!(Tcp4, dwLocalPort) },
    remote: Some(End { address: offset_of!(Tcp4, dwRemoteAddr), scope: None, port: offset_of!(Tcp4, dwRemotePort) }),
    state: Some(offset_of!(Tcp4, dwState)),
    pid: offset_of!(Tcp4, dwOwningPid),
    created: offset_of!(Tcp4, liCreateTimestamp),
};

static TCP6: Layout = Layout {
    first: offset_of!(Tcp6Table, table),
    size: size_of::<Tcp6>(),
    local: End {
        address: offset_of!(Tcp6, ucLocalAddr),
        scope: Some(offset_of!(Tcp6, dwLocalScopeId)),
        port: offset_of!(Tcp6, dwLocalPort),
    },
    remote: Some(End {
        address: offset_of!(Tcp6, ucRemoteAddr),
        scope: Some(offset_of!(Tcp6, dwRemoteScopeId)),
        port: offset_of!(Tcp6, dwRemotePort),
    }),
    state: Some(offset_of!(Tcp6, dwState)),
    pid: offset_of!(Tcp6, dwOwningPid),
    created: offset_of!(Tcp6, liCreateTimestamp),
};

static UDP4: Layout = Layout {
    first: offset_of!(Udp4Table, table),
    size: size_of::<Udp4>(),
    local: End { address: offset_of!(Udp4, dwLocalAddr), scope: None, port: offset_of!(Udp4, dwLocalPort) },
    remote: None,
    state: None,
    pid: offset_of!(Udp4, dwOwningPid),
    created: offset_of!(Udp4, liCreateTimestamp),
};

static UDP6: Layout = Layout {
    first: offset_of!(Udp6Table, table),
    size: size_of::<Udp6>(),
    local: End {
        address: offset_of!(Udp6, ucLocalAddr),
        scope: Some(offset_of!(Udp6, dwLocalScopeId)),
        port: offset_of!(Udp6, dwLocalPort),
    },
    remote: None,
    state: None,
    pid: offset_of!(Udp6, dwOwningPid),
    created: offset_of!(Udp6, liCreateTimestamp),
};

impl Layout {
    fn read(&self, table: Table, row: &[u8]) -> Row {
        let state = self.state.map(|at| state(i32::from_ne_bytes(part(row, at))));
        // A listener's other end means nothing; where there is none yet it is nothing but zeros.
        let remote = self.remote.as_ref().map(|end| end.read(table.family(), row));
        let remote = remote.filter(|end| state != Some(TcpState::Listen) && (end.port != 0 || !end.is_any()));
        Row {
            local: self.local.read(table.family(), row),
            remote,
            state,
            pid: u32::from_ne_bytes(part(row, self.pid)),
            created: u64::from_ne_bytes(part(row, self.created)),
        }
    }
}

impl End {
    fn read(&self, family: Family, row: &[u8]) -> Endpoint {
        let ip = match family {
            Family::V4 => IpAddr::from(part::<4>(row, self.address)),
            Family::V6 => IpAddr::from(part::<16>(row, self.address)),
        };
        // The port is in network byte order in the first half of its number; the other half may hold anything.
        let port = u16::from_be_bytes(part(row, self.port));
        // The scope is the interface's index as it is (`sin6_scope_id`), though Microsoft's page says network byte order: .NET
        // (`IPGlobalProperties`) and System Informer turn nothing either.
        let scope = self.scope.map_or(0, |at| u32::from_ne_bytes(part(row, at)));
        Endpoint::new(ip, port).in_scope(scope)
    }
}

/// `N` bytes at an offset of the layout, which lies within the row.
fn part<const N: usize>(row: &[u8], at: usize) -> [u8; N] {
    let mut part = [0; N];
    part.copy_from_slice(&row[at..at + N]);
    part
}

fn state(state: MIB_TCP_STATE) -> TcpState {
    match state {
        MIB_TCP_STATE_LISTEN => TcpState::Listen,
        MIB_TCP_STATE_SYN_SENT => TcpState::SynSent,
        MIB_TCP_STATE_SYN_RCVD => TcpState::SynRecv,
        MIB_TCP_STATE_ESTAB => TcpState::Established,
        MIB_TCP_STATE_FIN_WAIT1 => TcpState::FinWait1,
        MIB_TCP_STATE_FIN_WAIT2 => TcpState::FinWait2,
        MIB_TCP_STATE_CLOSE_WAIT => TcpState::CloseWait,
        MIB_TCP_STATE_CLOSING => TcpState::Closing,
        MIB_TCP_STATE_LAST_ACK => TcpState::LastAck,
        MIB_TCP_STATE_TIME_WAIT => TcpState::TimeWait,
        // "Bound" to Get-NetTCPConnection.
        MIB_TCP_STATE_RESERVED => TcpState::Bound,
        // CLOSED, DELETE_TCB: on its way out of the table.
        _ => TcpState::Closed,
    }
}

#[cfg(test)]
mod tests;
