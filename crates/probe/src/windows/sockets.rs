//! The socket source of Windows: four tables, compared with those of the last look.
//!
//! The tables are those with the owner's module, since only they tell when a socket was created; that time is part of what
//! tells a socket from another that later has its port. A table whose bytes are those of the last look is not read.

mod owners;
mod rows;

use std::collections::HashMap;
use std::net::IpAddr;

use quaymaster_core::{
    Family, Holders, Owner, OwnerGap, ProcessKey, Protocol, Sample, Socket, SocketKey, TcpState, Trouble, UnixMillis,
};
use windows_sys::Win32::Foundation::{ERROR_INSUFFICIENT_BUFFER, ERROR_INVALID_DATA, ERROR_NO_DATA, NO_ERROR};
use windows_sys::Win32::NetworkManagement::IpHelper::{
    GetExtendedTcpTable, GetExtendedUdpTable, TCP_TABLE_OWNER_MODULE_ALL, UDP_TABLE_OWNER_MODULE,
};
use windows_sys::Win32::Networking::WinSock::{AF_INET, AF_INET6};

use self::owners::{Owners, Who, Windows};
use self::rows::{Row, rows, whole};
use super::memory::{Answer, Memory};
use crate::SocketSource;
use crate::tables::{Table, Tables};

/// Sockets by `GetExtendedTcpTable` and `GetExtendedUdpTable`.
#[derive(Default)]
pub struct Sockets {
    listings: [Listing; 4],
    owners: Owners,
    tables: Tables,
}

/// One table as it came.
#[derive(Default)]
struct Listing {
    memory: Memory,
    /// Its count and rows. Of the last look that could read it.
    bytes: Vec<u8>,
    /// They are others than those of the look before.
    new: bool,
}

impl Sockets {
    /// A source that has seen nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl SocketSource for Sockets {
    fn look(&mut self, now: UnixMillis) -> Sample {
        let (mut troubles, mut changes) = (Vec::new(), Vec::new());
        for (table, listing) in Table::ALL.into_iter().zip(&mut self.listings) {
            if let Err(os_error) = listing.read(table) {
                troubles.push(Trouble::Unreadable { what: table.name(), os_error });
            }
        }
        let moved = self.owners.update(&self.named(), &Windows);
        for (table, listing) in Table::ALL.into_iter().zip(&self.listings) {
            if listing.new || moved {
                let sockets = rows(table, &listing.bytes).map(|row| socket(table, row, &self.owners));
                self.tables.compare(table, sockets, &mut changes);
            }
        }
        Sample { taken_at: now, changes, troubles }
    }
}

impl Sockets {
    /// The PIDs of all tables, each with the time when its newest socket was created.
    fn named(&self) -> HashMap<u32, u64> {
        let mut named = HashMap::new();
        for (table, listing) in Table::ALL.into_iter().zip(&self.listings) {
            for row in rows(table, &listing.bytes).filter(|row| row.pid != 0) {
                let newest: &mut u64 = named.entry(row.pid).or_default();
                *newest = row.created.max(*newest);
            }
        }
        named
    }
}

/// A table that says that it has none.
const NO_ROWS: [u8; 4] = [0; 4];

impl Listing {
    /// Asks for the table anew. One that can't be read, or not to its end, is left as it was.
    fn read(&mut self, table: Table) -> Result<(), i32> {
        self.new = false;
        let bytes = match self.memory.filled(|at, size| ask(table, at, size)) {
            Ok(bytes) => whole(table, bytes).ok_or(ERROR_INVALID_DATA.cast_signed())?,
            // There is no such family on this computer.
            Err(error) if error == ERROR_NO_DATA.cast_signed() => &NO_ROWS,
            Err(error) => return Err(error),
        };
        self.new = bytes != self.bytes;
        if self.new {
            self.bytes.clear();
            self.bytes.extend_from_slice(bytes);
        }
        Ok(())
    }
}

fn ask(table: Table, at: *mut std::ffi::c_void, size: &mut u32) -> Answer {
    let family = u32::from(if table.family() == Family::V4 { AF_INET } else { AF_INET6 });
    // SAFETY: `at` is writable for `size` bytes and aligned for every structure of Windows.
    let error = unsafe {
        match table.protocol() {
            Protocol::Tcp => GetExtendedTcpTable(at, size, 0, family, TCP_TABLE_OWNER_MODULE_ALL, 0),
            Protocol::Udp => GetExtendedUdpTable(at, size, 0, family, UDP_TABLE_OWNER_MODULE, 0),
        }
    };
    match error {
        NO_ERROR => Answer::Filled,
        ERROR_INSUFFICIENT_BUFFER => Answer::TooSmall,
        other => Answer::Failed(other.cast_signed()),
    }
}

fn socket(table: Table, row: Row, owners: &Owners) -> Socket {
    let Row { local, remote, state, pid, created } = row;
    let (protocol, family) = (table.protocol(), table.family());
    let talks_v4 = [Some(local), remote].into_iter().flatten().any(|end| matches!(end.ip, IpAddr::V4(_)));
    Socket {
        key: SocketKey::Tuple { protocol, family, local, remote, pid, stamp: created },
        protocol,
        family,
        // A socket on `::` that serves IPv4 too stands in both tables, once in each family; neither says so.
        dual_stack: family == Family::V6 && talks_v4,
        local,
        remote,
        state,
        owner: owner(pid, owners.who(pid), state),
        uid: None,
        queues: None,
        interface: 0,
        time_wait_until: None,
    }
}

/// `pid` is what the table names, and `who` what is known of it.
fn owner(pid: u32, who: Who, state: Option<TcpState>) -> Owner {
    let kept_by_kernel = matches!(
        state,
        Some(
            TcpState::SynRecv
                | TcpState::FinWait1
                | TcpState::FinWait2
                | TcpState::Closing
                | TcpState::LastAck
                | TcpState::TimeWait
        )
    );
    match who {
        Who::Process(start) => Owner::Processes(ProcessKey { pid, start }.into()),
        Who::Nobody | Who::Ended if kept_by_kernel => Owner::Kernel(Holders::NOBODY),
        Who::Nobody => Owner::Unknown(OwnerGap::NotReported),
        Who::Ended => Owner::Unknown(OwnerGap::NoHolder),
        // It may be opened by nobody like us, and the listing of all could not be read either.
        Who::Hidden => Owner::Unknown(OwnerGap::OtherUser),
    }
}

#[cfg(test)]
mod tests {
    use quaymaster_core::StartMark;

    use super::*;

    #[test]
    fn whose_a_socket_is() {
        let start = StartMark(9);
        let kernel = || Owner::Kernel(Holders::NOBODY);
        for (pid, who, state, expected) in [
            // System is a process like any other.
            (4, Who::Process(start), TcpState::Listen, Owner::Processes(ProcessKey { pid: 4, start }.into())),
            (0, Who::Nobody, TcpState::TimeWait, kernel()),
            (0, Who::Nobody, TcpState::SynRecv, kernel()),
            (0, Who::Nobody, TcpState::Established, Owner::Unknown(OwnerGap::NotReported)),
            (8, Who::Ended, TcpState::LastAck, kernel()),
            (8, Who::Ended, TcpState::Listen, Owner::Unknown(OwnerGap::NoHolder)),
            (8, Who::Hidden, TcpState::TimeWait, Owner::Unknown(OwnerGap::OtherUser)),
        ] {
            assert_eq!(owner(pid, who, Some(state)), expected, "{who:?} {state:?}");
        }
        assert_eq!(owner(0, Who::Nobody, None), Owner::Unknown(OwnerGap::NotReported), "UDP is kept by nobody");
    }
}
