//! One end of a socket: address and port.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The transport protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    /// Transmission Control Protocol, RFC 9293.
    Tcp,
    /// User Datagram Protocol, RFC 768.
    Udp,
}

impl Protocol {
    /// `tcp` or `udp`, as `ss` prints it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
        }
    }
}

/// The address family **of the socket**, which an IPv4-mapped address does not tell: an IPv6 socket may talk IPv4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// `AF_INET`.
    V4,
    /// `AF_INET6`.
    V6,
}

impl Family {
    /// 4 or 6.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::V4 => 4,
            Self::V6 => 6,
        }
    }
}

/// Address, port and, for IPv6 link-local addresses, the interface they belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Endpoint {
    /// The address, never IPv4-mapped: [`Endpoint::new`] unwraps `::ffff:a.b.c.d` to `a.b.c.d`.
    pub ip: IpAddr,
    /// The port in host byte order; 0 means none.
    pub port: u16,
    /// The interface's index for a link-local IPv6 address (RFC 4007 zone), else 0.
    pub scope: u32,
}

impl Endpoint {
    /// Port 0 of `0.0.0.0`.
    pub(crate) const NOWHERE: Self = Self { ip: IpAddr::V4(Ipv4Addr::UNSPECIFIED), port: 0, scope: 0 };

    /// An endpoint without zone. An IPv4-mapped address (RFC 4291 § 2.5.5.2) becomes the IPv4 address that it stands for.
    #[must_use]
    pub fn new(ip: IpAddr, port: u16) -> Self {
        Self { ip: ip.to_canonical(), port, scope: 0 }
    }

    /// The same endpoint in the zone of interface `scope`; kept only where a zone means something (link-local IPv6).
    #[must_use]
    pub fn in_scope(mut self, scope: u32) -> Self {
        self.scope = if matches!(self.ip, IpAddr::V6(v6) if v6.is_unicast_link_local()) { scope } else { 0 };
        self
    }

    /// Whether the address is `0.0.0.0` or `::`: bound to every address of the computer.
    #[must_use]
    pub fn is_any(self) -> bool {
        self.ip == IpAddr::V4(Ipv4Addr::UNSPECIFIED) || self.ip == IpAddr::V6(Ipv6Addr::UNSPECIFIED)
    }
}
