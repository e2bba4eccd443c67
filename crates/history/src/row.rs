//! An event as it stands in the file: narrow numbers, and how they are made and read.
//!
//! **The number of an event is its time**: its beginning in milliseconds, shifted by [`SHIFT`] bits, and a counter below that
//! for what began in the same millisecond. So the table is in the order of time by itself, and so is every index on it, for an
//! index ends in the row's number: (program, time), (port, time) without a column or an index of their own.

use std::net::IpAddr;
use std::sync::Arc;

use quaymaster_core::{Endpoint, Family, Protocol, TcpState};

use crate::note::Deed;

/// Bits below the millisecond in an event's number.
pub(crate) const SHIFT: u32 = 20;

/// The end of what has not ended.
pub(crate) const OPEN: i64 = i64::MAX;

/// Later moments (the year 2248) are taken as this one, so that a number stays positive.
const LATEST: u64 = (1 << (63 - SHIFT)) - 1;

/// In `flags`: it was there when the program looked for the first time.
pub(crate) const ALREADY_OPEN: i64 = 1;
/// In `flags`: its end was not seen; `until` is when it was last known to be there.
pub(crate) const CUT: i64 = 2;

/// Stands for a PID or port that there is not.
pub(crate) const NONE: i64 = -1;

/// An address in its zone.
pub(crate) type Place = (IpAddr, u32);

/// What of a program is kept once for all its events.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Who {
    pub(crate) name: String,
    /// Empty: not known.
    pub(crate) path: String,
    /// Empty: not known.
    pub(crate) user: String,
}

/// A row of `events`, with what its pool numbers stand for.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) what: What,
    pub(crate) until: i64,
    pub(crate) who: Option<Arc<Who>>,
    pub(crate) pid: i64,
    pub(crate) port: i64,
    pub(crate) local: Option<Place>,
    pub(crate) remote: Option<Place>,
    pub(crate) times: i64,
    pub(crate) flags: i64,
    pub(crate) received: Option<i64>,
    pub(crate) sent: Option<i64>,
}

/// What an event is, as one number: for sockets, four times the kind plus [`Wire`]; for deeds, 12 and more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum What {
    Listener(Wire),
    Incoming(Wire),
    Outgoing(Wire),
    Deed(Deed),
}

/// Protocol and family (of the local address) as a number below four.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Wire {
    pub(crate) protocol: Protocol,
    pub(crate) family: Family,
}

/// The numbers of `what` that are outgoing connections: their port is the remote one, everybody else's the local one.
pub(crate) const OUTGOING: std::ops::RangeInclusive<i64> = 8..=11;
/// From here on it is a deed.
pub(crate) const FIRST_DEED: i64 = 12;

impl Wire {
    pub(crate) fn of(protocol: Protocol, local: Endpoint) -> Self {
        Self { protocol, family: if local.ip.is_ipv4() { Family::V4 } else { Family::V6 } }
    }

    fn number(self) -> i64 {
        i64::from(self.protocol == Protocol::Udp) * 2 + i64::from(self.family == Family::V6)
    }

    fn from_number(number: i64) -> Self {
        Self {
            protocol: if number & 2 == 0 { Protocol::Tcp } else { Protocol::Udp },
            family: if number & 1 == 0 { Family::V4 } else { Family::V6 },
        }
    }
}

impl What {
    pub(crate) fn number(self) -> i64 {
        match self {
            Self::Listener(wire) => wire.number(),
            Self::Incoming(wire) => 4 + wire.number(),
            Self::Outgoing(wire) => 8 + wire.number(),
            Self::Deed(Deed::Ended) => FIRST_DEED,
            Self::Deed(Deed::Forced) => FIRST_DEED + 1,
            Self::Deed(Deed::Expected) => FIRST_DEED + 2,
        }
    }

    /// `None` for a number that this version does not know.
    pub(crate) fn from_number(number: i64) -> Option<Self> {
        Some(match number {
            0..4 => Self::Listener(Wire::from_number(number)),
            4..8 => Self::Incoming(Wire::from_number(number)),
            8..12 => Self::Outgoing(Wire::from_number(number)),
            12 => Self::Deed(Deed::Ended),
            13 => Self::Deed(Deed::Forced),
            14 => Self::Deed(Deed::Expected),
            _ => return None,
        })
    }

    /// The state that a socket is in for as long as it is remembered.
    pub(crate) fn state(self) -> Option<TcpState> {
        match self {
            Self::Listener(Wire { protocol: Protocol::Tcp, .. }) => Some(TcpState::Listen),
            Self::Incoming(Wire { protocol: Protocol::Tcp, .. })
            | Self::Outgoing(Wire { protocol: Protocol::Tcp, .. }) => Some(TcpState::Established),
            _ => None,
        }
    }

    pub(crate) fn wire(self) -> Option<Wire> {
        match self {
            Self::Listener(wire) | Self::Incoming(wire) | Self::Outgoing(wire) => Some(wire),
            Self::Deed(_) => None,
        }
    }
}

/// The lowest number of what begins in this millisecond.
pub(crate) fn first_id(millis: u64) -> i64 {
    i64::try_from(millis.min(LATEST) << SHIFT).unwrap_or(i64::MAX)
}

/// When an event with this number began, Unix milliseconds.
pub(crate) fn began(id: i64) -> i64 {
    id >> SHIFT
}

/// A moment or an amount as SQLite keeps it; what is beyond becomes the largest that is not [`OPEN`].
pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(OPEN - 1).min(OPEN - 1)
}

/// What was kept by [`signed`].
pub(crate) fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_number() {
        for number in 0..15 {
            let what = What::from_number(number).expect("known");
            assert_eq!(what.number(), number);
            assert_eq!(OUTGOING.contains(&number), matches!(what, What::Outgoing(_)));
            assert_eq!(number >= FIRST_DEED, matches!(what, What::Deed(_)));
        }
        assert_eq!(What::from_number(15), None);
        assert_eq!(What::from_number(-1), None);
    }

    #[test]
    fn a_number_is_a_time() {
        for millis in [0, 1, 1_790_000_000_000, LATEST] {
            assert_eq!(began(first_id(millis)), signed(millis));
        }
        assert_eq!(first_id(u64::MAX), first_id(LATEST));
    }
}
