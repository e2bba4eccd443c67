//! Which listings make a whole look, and where each comes from: netlink, or `/proc/net` where netlink is refused.

use quaymaster_core::{Protocol, SocketKey};

use super::diag::{self, AF_INET, AF_INET6, Fate};
use super::header::Header;
use super::netlink::{DumpError, Netlink};
use super::proc_net;

/// One part of a look that comes whole or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Listing {
    /// TCP of both families: one pass over a table that they share.
    Tcp,
    /// UDP over IPv4.
    Udp4,
    /// UDP over IPv6.
    Udp6,
}

impl Listing {
    pub(super) const ALL: [Self; 3] = [Self::Tcp, Self::Udp4, Self::Udp6];

    pub(super) fn protocol(self) -> Protocol {
        if self == Self::Tcp { Protocol::Tcp } else { Protocol::Udp }
    }

    /// The technical name in [`Trouble::Unreadable`](quaymaster_core::Trouble::Unreadable).
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp4 => "udp4",
            Self::Udp6 => "udp6",
        }
    }
}

/// How a listing ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It came to its end. That every socket was named is likely and no more: it comes in parts, between which the kernel
    /// finds its place again by counting, and a row slips through when another before it goes just then. Among 400 UDP
    /// sockets of one port that was seen every few looks.
    Whole,
    /// It broke off.
    Cut,
    /// It could not be read at all, though it could before: the error number.
    Unreadable(i32),
    /// Netlink is refused from the start; the tables come from `/proc/net` from now on and every row has another number.
    Moved,
}

/// The kernel's socket tables.
pub(super) enum Tables {
    /// By NETLINK_SOCK_DIAG.
    Native {
        /// Closed after a listing that broke off, since its rest may still be on the way.
        netlink: Option<Netlink>,
        /// Whether TCP comes in one pass.
        legacy: bool,
        /// A look has been told by it: from now on a refusal does not make every row another.
        settled: bool,
    },
    /// By `/proc/net`.
    Text,
}

impl Tables {
    pub(super) fn new() -> Self {
        Self::Native { netlink: None, legacy: true, settled: false }
    }

    /// A look is done.
    pub(super) fn settle(&mut self) {
        if let Self::Native { settled, .. } = self {
            *settled = true;
        }
    }

    pub(super) fn is_fallback(&self) -> bool {
        matches!(self, Self::Text)
    }

    /// The key of a row from these tables.
    pub(super) fn key(&self, protocol: Protocol, number: u64, header: &Header) -> SocketKey {
        match self {
            Self::Native { .. } => SocketKey::Cookie(number),
            Self::Text => proc_net::key(protocol, header),
        }
    }

    /// What became of this socket since it was listed. Takes 2–3 µs.
    pub(super) fn fate(&mut self, protocol: Protocol, header: &Header) -> Fate {
        let Self::Native { netlink: slot, .. } = self else { return Fate::Unsure };
        let Ok(mut netlink) = slot.take().map_or_else(Netlink::open, Ok) else { return Fate::Unsure };
        let Ok(fate) = diag::fate(&mut netlink, protocol, header) else { return Fate::Unsure };
        *slot = Some(netlink);
        fate
    }

    /// Names every row of one listing: its number, the row, and whether it is for IPv6 only. A row may be named twice.
    pub(super) fn list(&mut self, listing: Listing, mut row: impl FnMut(u64, Header, Option<bool>)) -> Outcome {
        let Self::Native { netlink, legacy, settled } = self else { return list_text(listing, row) };
        // A listing that breaks off is asked for once more: being interrupted is rarely a habit.
        let first = list_native(netlink, legacy, listing, &mut row);
        let done = if first == Err(DumpError::Cut) { list_native(netlink, legacy, listing, &mut row) } else { first };
        match done {
            Ok(()) => Outcome::Whole,
            Err(DumpError::Cut) => Outcome::Cut,
            Err(DumpError::Refused(error)) if *settled => Outcome::Unreadable(error.raw_os_error()),
            Err(DumpError::Refused(error)) => {
                tracing::warn!(%error, listing = listing.name(), "netlink is refused; reading /proc/net instead");
                *self = Self::Text;
                Outcome::Moved
            }
        }
    }
}

fn list_native(
    slot: &mut Option<Netlink>,
    legacy: &mut bool,
    listing: Listing,
    row: &mut impl FnMut(u64, Header, Option<bool>),
) -> Result<(), DumpError> {
    let mut netlink = match slot.take() {
        Some(open) => open,
        None => Netlink::open()?,
    };
    let row = |header: Header, v6_only| row(header.cookie(), header, v6_only);
    match listing {
        Listing::Tcp => diag::tcp(&mut netlink, legacy, row),
        Listing::Udp4 => diag::udp(&mut netlink, AF_INET, row),
        Listing::Udp6 => diag::udp(&mut netlink, AF_INET6, row),
    }?;
    *slot = Some(netlink);
    Ok(())
}

fn list_text(listing: Listing, mut row: impl FnMut(u64, Header, Option<bool>)) -> Outcome {
    let protocol = listing.protocol();
    let families: &[u8] = match listing {
        Listing::Tcp => &[AF_INET, AF_INET6],
        Listing::Udp4 => &[AF_INET],
        Listing::Udp6 => &[AF_INET6],
    };
    for family in families {
        let read = proc_net::read(protocol, *family, |header| row(proc_net::number(protocol, &header), header, None));
        if let Err(error) = read {
            return Outcome::Unreadable(error.raw_os_error());
        }
    }
    Outcome::Whole
}
