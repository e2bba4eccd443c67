//! What a question asks of a row, read from the columns that it stands in. Texts, addresses and owners stand in it as the
//! numbers of their pools.

use super::SocketId;
use crate::endpoint::{Family, Protocol};
use crate::socket::{OwnerGap, TcpState};
use crate::time::UnixMillis;

/// Stands where there is no address, owner or user.
pub(crate) const NOTHING: u32 = u32::MAX;

/// A row, in numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Glance {
    pub(crate) id: SocketId,
    pub(crate) first_seen: UnixMillis,
    /// Number of the local address.
    pub(crate) local: u32,
    /// Number of the remote address, or [`NOTHING`].
    pub(crate) remote: u32,
    /// Number of the list of holders (or last holders), or [`NOTHING`].
    pub(crate) crew: u32,
    /// Number of the user, or [`NOTHING`].
    pub(crate) user: u32,
    pub(crate) local_port: u16,
    /// 0 where there is no remote end.
    pub(crate) remote_port: u16,
    pub(crate) protocol: Protocol,
    pub(crate) family: Family,
    pub(crate) state: Option<TcpState>,
    pub(crate) keeper: Keeper,
    pub(crate) closed: bool,
}

/// Who holds a socket, without their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keeper {
    Processes,
    Kernel,
    Unknown(OwnerGap),
}

impl Glance {
    /// As [`Socket::is_listener`](crate::socket::Socket::is_listener) says it.
    pub(crate) fn is_listener(&self) -> bool {
        match self.protocol {
            Protocol::Tcp => self.state == Some(TcpState::Listen),
            Protocol::Udp => !self.connected(),
        }
    }

    pub(crate) fn connected(&self) -> bool {
        self.remote != NOTHING
    }

    /// Whether either end has this port.
    pub(crate) fn has_port(&self, port: u16) -> bool {
        self.local_port == port || self.connected() && self.remote_port == port
    }

    /// The port that the program at the serving end has: of a connection the lower one, for systems give clients high ports.
    pub(crate) fn serving_port(&self) -> u16 {
        if self.connected() { self.local_port.min(self.remote_port) } else { self.local_port }
    }

    /// Protocol and both ends of a connection in one number.
    pub(super) fn ends(&self) -> Option<u128> {
        self.connected().then(|| ends(self.protocol, (self.local, self.local_port), (self.remote, self.remote_port)))
    }

    /// The same seen from the other side.
    pub(super) fn opposite_ends(&self) -> Option<u128> {
        self.connected().then(|| ends(self.protocol, (self.remote, self.remote_port), (self.local, self.local_port)))
    }
}

/// Protocol and both ends, each as address number and port.
pub(super) fn ends(protocol: Protocol, local: (u32, u16), remote: (u32, u16)) -> u128 {
    let end = |(address, port): (u32, u16)| u128::from(address) << 16 | u128::from(port);
    u128::from(protocol == Protocol::Udp) << 96 | end(local) << 48 | end(remote)
}
