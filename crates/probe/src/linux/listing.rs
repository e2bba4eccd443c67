//! Which listings make a whole look, and where each comes from: netlink, or `/proc/net` where netlink is refused.

use quaymaster_core::{Counters, Protocol, SocketKey};

use super::diag::{self, AF_INET, AF_INET6, Fate, Which};
use super::header::{Header, Raw};
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
    pub(super) fn key(&self, protocol: Protocol, header: &Header) -> SocketKey {
        match self {
            Self::Native { .. } => SocketKey::Cookie(header.number()),
            Self::Text => proc_net::key(protocol, header),
        }
    }

    /// What became of this socket since it was listed. Takes 2–3 µs.
    pub(super) fn fate(&mut self, protocol: Protocol, header: &Header) -> Fate {
        self.ask(|netlink| diag::fate(netlink, protocol, header)).unwrap_or(Fate::Unsure)
    }

    /// What the kernel has counted of one TCP connection. Takes 3 µs.
    pub(super) fn counters(&mut self, header: &Header) -> Option<Counters> {
        self.ask(|netlink| diag::counters_of(netlink, header)).flatten()
    }

    /// Names every row of one listing with its attributes. A row may be named twice.
    pub(super) fn list(&mut self, listing: Listing, which: Which, mut row: impl FnMut(&Raw, &[u8])) -> Outcome {
        let Self::Native { netlink, legacy, settled } = self else { return list_text(listing, row) };
        // A listing that breaks off is asked for once more: being interrupted is rarely a habit.
        let first = list_native(netlink, legacy, listing, which, &mut row);
        let done =
            if first == Err(DumpError::Cut) { list_native(netlink, legacy, listing, which, &mut row) } else { first };
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

    fn ask<T>(&mut self, question: impl FnOnce(&mut Netlink) -> Result<T, DumpError>) -> Option<T> {
        let Self::Native { netlink: slot, .. } = self else { return None };
        let mut netlink = slot.take().map_or_else(Netlink::open, Ok).ok()?;
        let answer = question(&mut netlink).ok()?;
        *slot = Some(netlink);
        Some(answer)
    }
}

fn list_native(
    slot: &mut Option<Netlink>,
    legacy: &mut bool,
    listing: Listing,
    which: Which,
    row: &mut impl FnMut(&Raw, &[u8]),
) -> Result<(), DumpError> {
    let mut netlink = match slot.take() {
        Some(open) => open,
        None => Netlink::open()?,
    };
    match listing {
        Listing::Tcp => diag::tcp(&mut netlink, legacy, which, row),
        Listing::Udp4 => diag::udp(&mut netlink, AF_INET, which, row),
        Listing::Udp6 => diag::udp(&mut netlink, AF_INET6, which, row),
    }?;
    *slot = Some(netlink);
    Ok(())
}

fn list_text(listing: Listing, mut row: impl FnMut(&Raw, &[u8])) -> Outcome {
    let protocol = listing.protocol();
    let families: &[u8] = match listing {
        Listing::Tcp => &[AF_INET, AF_INET6],
        Listing::Udp4 => &[AF_INET],
        Listing::Udp6 => &[AF_INET6],
    };
    for family in families {
        if let Err(error) = proc_net::read(protocol, *family, |raw| row(raw, &[])) {
            return Outcome::Unreadable(error.raw_os_error());
        }
    }
    Outcome::Whole
}
