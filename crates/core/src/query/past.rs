//! The same language over what has been: words of time, and a filter taken apart for a store that answers from its own columns.
//!
//! A store of the past keeps programs and addresses in pools, as the table does. It asks [`ProgramTest`] and [`AddressTest`]
//! of each pooled thing once, and looks the answers up for every event, in whatever language it is asked in.

use std::net::IpAddr;
use std::ops::RangeInclusive;

use super::filter::{Filter, Searched, Side as Which, Test};
use super::parse::{FilterError, Place, parse};
use super::value::number;
use crate::endpoint::{Family, Protocol};
use crate::network::NetworkText;
use crate::socket::TcpState;
use crate::table::address_text;
use crate::text::lower_case;

pub use super::filter::Side;

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// A filter over what has been: every clause must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PastFilter {
    filter: Filter,
}

/// One word of a filter: any of its atoms must hold or, where it is denied, none may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause<'filter> {
    /// `!` stood before it.
    pub denied: bool,
    /// The choices, each as one thing that a single column can say. Never empty.
    pub any: Vec<Atom<'filter>>,
}

/// What one column is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Atom<'filter> {
    /// The port at an end is one of these.
    Port(Side, RangeInclusive<u16>),
    /// The process has this number.
    Pid(u32),
    /// The program fits.
    Program(ProgramTest<'filter>),
    /// The address at an end fits, at this port if one is given.
    Address(Side, AddressTest<'filter>, Option<u16>),
    /// The network of the remote address fits.
    Network(NetworkTest<'filter>),
    /// Protocol, family or state fit.
    Kind(KindTest<'filter>),
    /// It was there at some time in this.
    When(When),
}

/// A question to a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProgramTest<'filter>(&'filter Test);

/// A question to an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddressTest<'filter>(&'filter Test);

/// A question to the network of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NetworkTest<'filter>(&'filter Test);

/// A question to what a socket is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KindTest<'filter>(&'filter Test);

/// What of a program is searched, made ready to be asked often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramText {
    name: String,
    path: String,
    user: String,
}

/// A stretch of time, as it was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When {
    /// From the beginning of this; `None`: always.
    pub from: Option<Moment>,
    /// To the end of this; `None`: up to now and later.
    pub to: Option<Moment>,
}

/// A point in time or a day, as a person says it: what it means depends on the clock and on where that person lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// So many milliseconds ago.
    Ago(u64),
    /// The whole day so many days before today.
    DaysBack(u16),
    /// A whole day of the calendar. It exists.
    Day {
        /// Year, 1970 to 9999.
        year: i16,
        /// Month, from 1.
        month: i8,
        /// Day of the month, from 1.
        day: i8,
    },
}

impl Moment {
    /// Reads `30m`, `2h`, `7d`, `2w`, `today`, `yesterday` or `2026-11-20`, in lower case.
    pub(super) fn read(text: &str) -> Option<Self> {
        match text {
            "today" => return Some(Self::DaysBack(0)),
            "yesterday" => return Some(Self::DaysBack(1)),
            _ => {}
        }
        if let Some(unit) = text.chars().last().filter(|unit| !unit.is_ascii_digit()) {
            let amount: u32 = number(text.strip_suffix(unit).filter(|amount| !amount.is_empty())?)?;
            let unit = match unit {
                's' => SECOND,
                'm' => MINUTE,
                'h' => HOUR,
                'd' => DAY,
                'w' => 7 * DAY,
                _ => return None,
            };
            return Some(Self::Ago(u64::from(amount) * unit));
        }
        let mut parts = text.split('-');
        let mut part = |length| parts.next().filter(|part: &&str| (1..=length).contains(&part.len()));
        let (year, month, day) = (number(part(4)?)?, number(part(2)?)?, number(part(2)?)?);
        let exists = parts.next().is_none()
            && (1970..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in(year, month)).contains(&day);
        exists.then_some(Self::Day { year, month, day })
    }

    /// Whether it is a whole day.
    #[must_use]
    pub fn is_day(self) -> bool {
        !matches!(self, Self::Ago(_))
    }
}

fn days_in(year: i16, month: i8) -> i8 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl PastFilter {
    /// Parses a filter; an empty one matches everything. `docs/filter.md` is the language for people.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        parse(text, Place::History).map(|filter| Self { filter })
    }

    /// Its words.
    pub fn clauses(&self) -> impl Iterator<Item = Clause<'_>> {
        self.filter
            .terms
            .iter()
            .map(|term| Clause { denied: term.denied, any: term.tests.iter().flat_map(Test::atoms).collect() })
    }
}

impl Test {
    /// The atoms of which any must hold for the test to hold.
    fn atoms(&self) -> Vec<Atom<'_>> {
        match self {
            Self::Number(wanted) => {
                let port = u16::try_from(*wanted).ok().map(|port| Atom::Port(Which::Either, port..=port));
                port.into_iter().chain([Atom::Pid(*wanted)]).collect()
            }
            Self::Text(..) => vec![
                Atom::Program(ProgramTest(self)),
                Atom::Address(Which::Either, AddressTest(self), None),
                Atom::Network(NetworkTest(self)),
                Atom::Kind(KindTest(self)),
            ],
            Self::Port(side, range) => vec![Atom::Port(*side, range.clone())],
            Self::Address(side, _, port) => vec![Atom::Address(*side, AddressTest(self), *port)],
            Self::Pid(pid) => vec![Atom::Pid(*pid)],
            // The history has no such word: its parser takes none.
            Self::Peer(_) => Vec::new(),
            Self::Program(_) | Self::Path(_) | Self::User(_) => vec![Atom::Program(ProgramTest(self))],
            Self::Organisation(_) | Self::System(_) | Self::Country(_) => vec![Atom::Network(NetworkTest(self))],
            Self::State(_) | Self::Protocol(..) => vec![Atom::Kind(KindTest(self))],
            Self::When(when) => vec![Atom::When(*when)],
        }
    }
}

impl ProgramText {
    /// Of a program with this name, path and user; empty text where something is not known.
    #[must_use]
    pub fn new(name: &str, path: &str, user: &str) -> Self {
        Self { name: lower_case(name), path: lower_case(path), user: lower_case(user) }
    }
}

impl Searched for ProgramText {
    fn name(&self) -> &str {
        &self.name
    }

    fn path(&self) -> &str {
        &self.path
    }

    fn user(&self) -> &str {
        &self.user
    }
}

impl ProgramTest<'_> {
    /// Whether this program fits.
    #[must_use]
    pub fn fits(self, program: &ProgramText) -> bool {
        self.0.fits_program(program)
    }
}

impl AddressTest<'_> {
    /// Whether the address fits that `text` ([`written`]) stands for.
    #[must_use]
    pub fn fits(self, ip: IpAddr, text: &str) -> bool {
        self.0.fits_address(ip, text)
    }
}

impl NetworkTest<'_> {
    /// Whether this network fits.
    #[must_use]
    pub fn fits(self, network: &NetworkText) -> bool {
        self.0.fits_network(network)
    }
}

impl KindTest<'_> {
    /// Whether such a socket fits.
    #[must_use]
    pub fn fits(self, protocol: Protocol, family: Family, state: Option<TcpState>) -> bool {
        self.0.fits_kind(protocol, family, state)
    }
}

/// How an address in the zone of interface `scope` (0: none) is written where it is searched.
#[must_use]
pub fn written(ip: IpAddr, scope: u32) -> String {
    address_text(ip, scope)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_as_people_write_them() {
        let day = |year, month, day| Some(Moment::Day { year, month, day });
        for (text, moment) in [
            ("90s", Some(Moment::Ago(90_000))),
            ("30m", Some(Moment::Ago(1_800_000))),
            ("2h", Some(Moment::Ago(7_200_000))),
            ("7d", Some(Moment::Ago(604_800_000))),
            ("2w", Some(Moment::Ago(1_209_600_000))),
            ("4294967295w", Some(Moment::Ago(4_294_967_295 * 604_800_000))),
            ("4294967296w", None),
            ("today", Some(Moment::DaysBack(0))),
            ("yesterday", Some(Moment::DaysBack(1))),
            ("2026-11-20", day(2026, 11, 20)),
            ("2026-1-2", day(2026, 1, 2)),
            ("2024-02-29", day(2024, 2, 29)),
            ("2000-02-29", day(2000, 2, 29)),
            ("2026-02-29", None),
            ("2100-02-29", None),
            ("2026-04-31", None),
            ("2026-13-01", None),
            ("2026-00-01", None),
            ("2026-01-00", None),
            ("1969-12-31", None),
            ("2026-11", None),
            ("2026-11-20-1", None),
            ("2026-011-20", None),
            ("+2h", None),
            ("-2h", None),
            ("2", None),
            ("h", None),
            ("2 h", None),
            ("2年", None),
            ("", None),
        ] {
            assert_eq!(Moment::read(text), moment, "{text}");
        }
    }
}
