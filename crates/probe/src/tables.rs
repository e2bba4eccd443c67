//! The four tables that some systems keep of sockets, and how one look at them differs from the last: for sources that list
//! everything at every look and have no number that the system gives a socket.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use quaymaster_core::{Change, Family, Protocol, Socket, SocketKey};

/// One protocol over one family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Table {
    Tcp4,
    Tcp6,
    Udp4,
    Udp6,
}

impl Table {
    pub(crate) const ALL: [Self; 4] = [Self::Tcp4, Self::Tcp6, Self::Udp4, Self::Udp6];

    pub(crate) fn protocol(self) -> Protocol {
        match self {
            Self::Tcp4 | Self::Tcp6 => Protocol::Tcp,
            Self::Udp4 | Self::Udp6 => Protocol::Udp,
        }
    }

    pub(crate) fn family(self) -> Family {
        match self {
            Self::Tcp4 | Self::Udp4 => Family::V4,
            Self::Tcp6 | Self::Udp6 => Family::V6,
        }
    }

    /// As a trouble names it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Tcp4 => "tcp4",
            Self::Tcp6 => "tcp6",
            Self::Udp4 => "udp4",
            Self::Udp6 => "udp6",
        }
    }
}

/// What the last whole listing of each table showed. A table that could not be read is not compared: its sockets stay.
#[derive(Default)]
pub(crate) struct Tables([HashMap<SocketKey, Seen>; 4]);

struct Seen {
    socket: Socket,
    /// The listing that is being compared shows it.
    now: bool,
}

impl Tables {
    /// Tells how a whole listing of `table` differs from the last.
    pub(crate) fn compare(
        &mut self,
        table: Table,
        listing: impl IntoIterator<Item = Socket>,
        changes: &mut Vec<Change>,
    ) {
        let seen = &mut self.0[table as usize];
        for socket in listing {
            changes.extend(sight(seen, socket));
        }
        let gone = seen.extract_if(|_, row| !std::mem::take(&mut row.now));
        changes.extend(gone.map(|(key, _)| Change::Closed(key)));
    }
}

/// Equal rows of one listing (`SO_REUSEPORT`) are told apart by their place among each other.
fn sight(seen: &mut HashMap<SocketKey, Seen>, mut socket: Socket) -> Option<Change> {
    loop {
        match seen.entry(socket.key) {
            Entry::Vacant(place) => {
                place.insert(Seen { socket: socket.clone(), now: true });
                return Some(Change::Opened(socket));
            }
            Entry::Occupied(row) if row.get().now => next(&mut socket.key)?,
            Entry::Occupied(mut row) => {
                let row = row.get_mut();
                row.now = true;
                if row.socket == socket {
                    return None;
                }
                row.socket.clone_from(&socket);
                return Some(Change::Changed(socket));
            }
        }
    }
}

/// The key of the next that is equal but for its place; `None` for a socket that has a number and can't be there twice.
fn next(key: &mut SocketKey) -> Option<()> {
    match key {
        SocketKey::Tuple { stamp, .. } => *stamp = stamp.wrapping_add(1),
        SocketKey::Cookie(_) => return None,
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use quaymaster_core::{Endpoint, Owner, OwnerGap};

    use super::*;

    fn udp(port: u16, gap: OwnerGap) -> Socket {
        let local = Endpoint::new(Ipv4Addr::LOCALHOST.into(), port);
        let (protocol, family, remote) = (Protocol::Udp, Family::V4, None);
        Socket {
            key: SocketKey::Tuple { protocol, family, local, remote, pid: 0, stamp: 0 },
            protocol,
            family,
            dual_stack: false,
            local,
            remote,
            state: None,
            owner: Owner::Unknown(gap),
            uid: None,
            queues: None,
            interface: 0,
            time_wait_until: None,
        }
    }

    fn told(tables: &mut Tables, ports: &[u16], gap: OwnerGap) -> Vec<String> {
        let mut changes = Vec::new();
        tables.compare(Table::Udp4, ports.iter().map(|port| udp(*port, gap)), &mut changes);
        let said = |change| match change {
            Change::Opened(socket) => format!("+{}", socket.local.port),
            Change::Changed(socket) => format!("!{}", socket.local.port),
            Change::Closed(SocketKey::Tuple { local, stamp, .. }) => format!("-{}#{stamp}", local.port),
            Change::Closed(key) | Change::Counted(key, _) => format!("{key:?}"),
        };
        let mut said: Vec<String> = changes.into_iter().map(said).collect();
        said.sort_unstable();
        said
    }

    #[test]
    fn only_differences_are_told_and_each_once() {
        let mut tables = Tables::default();
        let gap = OwnerGap::NotReported;
        assert_eq!(told(&mut tables, &[1, 2], gap), ["+1", "+2"]);
        assert!(told(&mut tables, &[2, 1], gap).is_empty());
        assert_eq!(told(&mut tables, &[2, 3], gap), ["+3", "-1#0"]);
        assert_eq!(told(&mut tables, &[2, 3], OwnerGap::Pending), ["!2", "!3"]);
        assert!(told(&mut tables, &[2, 3], OwnerGap::Pending).is_empty());
        assert_eq!(told(&mut tables, &[], gap), ["-2#0", "-3#0"]);
    }

    #[test]
    fn equal_rows_are_told_apart() {
        let mut tables = Tables::default();
        let gap = OwnerGap::NotReported;
        assert_eq!(told(&mut tables, &[1, 1, 1], gap), ["+1", "+1", "+1"]);
        assert!(told(&mut tables, &[1, 1, 1], gap).is_empty());
        assert_eq!(told(&mut tables, &[1, 1], gap), ["-1#2"]);
    }

    #[test]
    fn tables_have_nothing_to_do_with_each_other() {
        let mut tables = Tables::default();
        assert_eq!(told(&mut tables, &[1], OwnerGap::NotReported), ["+1"]);
        let mut changes = Vec::new();
        tables.compare(Table::Tcp4, [], &mut changes);
        assert!(changes.is_empty(), "{changes:?}");
        let named = Table::ALL.map(|table| format!("{}{}", table.protocol().name(), table.family().number()));
        assert_eq!(named, Table::ALL.map(Table::name));
    }
}
