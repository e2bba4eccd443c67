//! Whether a row matches.
//!
//! What a term asks of an address, a crew of owners or a user is said once, here; where the answer is taken from (worked out
//! for one row, or once for a whole table) is a [`View`]'s business.

use std::net::IpAddr;
use std::ops::RangeInclusive;

use ipnet::IpNet;

use super::parse::{FilterError, Place, parse};
use super::past::When;
use super::view::{RowView, View};
use crate::endpoint::{Family, Protocol};
use crate::network::{Country, NetworkText};
use crate::socket::TcpState;
use crate::table::{Crew, Known, Row, User};

/// A parsed filter: every term must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub(super) terms: Vec<Term>,
}

/// One word of a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Term {
    /// `!` stood before it.
    pub(super) denied: bool,
    /// Any of these must hold.
    pub(super) tests: Vec<Test>,
}

/// What a row is asked. Text is in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Test {
    /// A bare number: a port at either end, or a PID.
    Number(u32),
    /// Bare text: in program, path, addresses, state, protocol or user. With the state that it is a spelling of.
    Text(String, Option<TcpState>),
    Port(Side, RangeInclusive<u16>),
    /// In one of these networks, and at this port if one is given.
    Address(Side, Vec<IpNet>, Option<u16>),
    Pid(u32),
    Program(String),
    Path(String),
    /// The program at the other end of a connection within this computer.
    Peer(String),
    User(String),
    /// `None`: UDP, which has no states.
    State(Option<TcpState>),
    Protocol(Protocol, Option<Family>),
    /// The other end's network is run by somebody whose name has this in it.
    Organisation(String),
    /// The other end's network is the autonomous system of this number.
    System(u32),
    /// The other end's address is registered in this country.
    Country(Country),
    /// At some time in it. Only [`PastFilter`](super::past::PastFilter) has these.
    When(When),
}

/// Which end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// This computer's.
    Local,
    /// The other one.
    Remote,
    /// One of the two.
    Either,
}

impl Filter {
    /// Parses a filter; an empty one matches everything. `docs/filter.md` is the language for people.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        parse(text, Place::Present)
    }

    /// Whether a row matches. Works the answer out from the row alone; [`Query::run`](super::Query::run) asks a whole table
    /// far cheaper.
    #[must_use]
    pub fn matches(&self, row: &Row) -> bool {
        self.holds(&RowView::new(row))
    }

    /// Whether what `view` shows matches.
    pub(super) fn holds(&self, view: &impl View) -> bool {
        let mut number = 0;
        self.terms.iter().all(|term| {
            let first = number;
            number += term.tests.len();
            (first..).zip(&term.tests).any(|(number, test)| test.holds(number, view)) != term.denied
        })
    }

    /// Every test in the order in which [`View`]s number them.
    pub(super) fn tests(&self) -> impl Iterator<Item = &Test> {
        self.terms.iter().flat_map(|term| &term.tests)
    }

    /// The port, if the filter is nothing but one number: its port matches come before its PID matches.
    pub(super) fn lone_port(&self) -> Option<u16> {
        match &self.terms[..] {
            [Term { denied: false, tests }] => match tests[..] {
                [Test::Number(number)] => u16::try_from(number).ok(),
                _ => None,
            },
            _ => None,
        }
    }
}

impl Test {
    /// Whether a row matches, when `view` knows this test as `number`.
    fn holds(&self, number: usize, view: &impl View) -> bool {
        let port = |side: Side, fits: &dyn Fn(u16) -> bool| {
            side.any(|| fits(view.local_port()), || view.remote_port().is_some_and(fits))
        };
        match self {
            Self::Number(wanted) => {
                u16::try_from(*wanted).is_ok_and(|wanted| port(Side::Either, &|has| has == wanted))
                    || view.crew(number, self)
            }
            Self::Text(..) => {
                view.crew(number, self)
                    || view.user(number, self)
                    || view.local(number, self)
                    || view.remote(number, self)
                    || view.network(number, self)
                    || view.kind(number, self)
            }
            Self::Port(side, range) => port(*side, &|has| range.contains(&has)),
            Self::Address(side, _, None) => side.any(|| view.local(number, self), || view.remote(number, self)),
            Self::Address(side, _, at) => side.any(
                || Some(view.local_port()) == *at && view.local(number, self),
                || view.remote_port() == *at && view.remote(number, self),
            ),
            Self::Pid(_) | Self::Program(_) | Self::Path(_) => view.crew(number, self),
            Self::Organisation(_) | Self::System(_) | Self::Country(_) => view.network(number, self),
            Self::Peer(_) => view.peer(number, self),
            Self::User(_) => view.user(number, self) || view.crew(number, self),
            Self::State(_) | Self::Protocol(..) => view.kind(number, self),
            // The present has no such word: its parser takes none.
            Self::When(_) => false,
        }
    }

    /// Whether anybody of a crew fits.
    pub(super) fn fits_crew(&self, crew: &Crew) -> bool {
        crew.iter().any(|known| match self {
            Self::Number(pid) | Self::Pid(pid) => known.facts.key.pid == *pid,
            _ => self.fits_program(&**known),
        })
    }

    /// Whether what a program is called, where it lies or who runs it fits.
    pub(super) fn fits_program(&self, program: &impl Searched) -> bool {
        match self {
            Self::Text(text, _) => {
                [program.name(), program.path(), program.user()].into_iter().any(|has| has.contains(text))
            }
            Self::Program(name) | Self::Peer(name) => program.name().contains(name),
            Self::Path(path) => program.path().contains(path),
            Self::User(user) => !program.user().is_empty() && program.user() == user,
            _ => false,
        }
    }

    /// Whether a user fits: `user:` wants the whole name or number, for `user:me` is not `user:james`.
    pub(super) fn fits_user(&self, user: &User) -> bool {
        match self {
            Self::Text(text, _) => user.lower.contains(text),
            Self::User(wanted) => user.lower == *wanted || user.uid.to_string() == *wanted,
            _ => false,
        }
    }

    /// Whether an address, written as `text`, fits.
    pub(super) fn fits_address(&self, ip: IpAddr, text: &str) -> bool {
        match self {
            Self::Text(wanted, _) => text.contains(wanted),
            Self::Address(_, nets, _) => nets.iter().any(|net| net.contains(&ip)),
            _ => false,
        }
    }

    /// Whether the other end's network fits.
    pub(super) fn fits_network(&self, network: &NetworkText) -> bool {
        match self {
            Self::Text(text, _) | Self::Organisation(text) => network.organisation.contains(text),
            Self::System(number) => network.asn == Some(*number),
            Self::Country(country) => network.country == Some(*country),
            _ => false,
        }
    }

    /// Whether what a socket is fits.
    pub(super) fn fits_kind(&self, protocol: Protocol, family: Family, state: Option<TcpState>) -> bool {
        match self {
            Self::Text(text, spelt) => says(protocol, family, state, text, *spelt),
            Self::State(wanted) => state == *wanted,
            Self::Protocol(wanted, its) => protocol == *wanted && its.is_none_or(|its| family == its),
            _ => false,
        }
    }

    /// Whether any address, crew, user or network can fit at all: what need not be asked is not.
    pub(super) fn asks(&self) -> Asks {
        match self {
            Self::Text(text, _) => {
                let like_an_address = text.bytes().all(|byte| byte.is_ascii_hexdigit() || b".:%".contains(&byte));
                Asks { addresses: like_an_address, crews: true, users: true, networks: true, kinds: true }
            }
            Self::Address(..) => Asks { addresses: true, ..Asks::default() },
            Self::User(_) => Asks { crews: true, users: true, ..Asks::default() },
            Self::Number(_) | Self::Pid(_) | Self::Program(_) | Self::Path(_) | Self::Peer(_) => {
                Asks { crews: true, ..Asks::default() }
            }
            Self::Organisation(_) | Self::System(_) | Self::Country(_) => Asks { networks: true, ..Asks::default() },
            Self::State(_) | Self::Protocol(..) => Asks { kinds: true, ..Asks::default() },
            Self::Port(..) | Self::When(_) => Asks::default(),
        }
    }
}

/// Of whom a test asks anything.
#[derive(Clone, Copy, Default)]
pub(super) struct Asks {
    pub(super) addresses: bool,
    pub(super) crews: bool,
    pub(super) users: bool,
    pub(super) networks: bool,
    pub(super) kinds: bool,
}

/// What of a program is searched, in lower case; empty where it is not known.
pub(super) trait Searched {
    fn name(&self) -> &str;
    fn path(&self) -> &str;
    fn user(&self) -> &str;
}

impl Searched for Known {
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

impl Side {
    fn any(self, local: impl Fn() -> bool, remote: impl Fn() -> bool) -> bool {
        match self {
            Self::Local => local(),
            Self::Remote => remote(),
            Self::Either => local() || remote(),
        }
    }
}

/// Whether the state's or protocol's name has `text` in it, or `text` is another spelling of the state.
fn says(protocol: Protocol, family: Family, state: Option<TcpState>, text: &str, spelt: Option<TcpState>) -> bool {
    let protocol = match (protocol, family) {
        (Protocol::Tcp, Family::V4) => "tcp4",
        (Protocol::Tcp, Family::V6) => "tcp6",
        (Protocol::Udp, Family::V4) => "udp4",
        (Protocol::Udp, Family::V6) => "udp6",
    };
    let named = |name: &str| {
        name.len() >= text.len()
            && name.as_bytes().windows(text.len().max(1)).any(|part| part.eq_ignore_ascii_case(text.as_bytes()))
    };
    protocol.contains(text) || state.is_some_and(|has| Some(has) == spelt || named(has.name()))
}
