//! Whether a row matches.

use std::net::IpAddr;
use std::ops::RangeInclusive;

use ipnet::IpNet;

use super::parse::{FilterError, parse};
use super::sort::has_port;
use crate::endpoint::{Endpoint, Family, Protocol};
use crate::socket::TcpState;
use crate::table::Row;

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
    /// Bare text: in program, path, addresses, state, protocol or user.
    Text(String),
    Port(Side, RangeInclusive<u16>),
    Address(Side, IpNet),
    End(Side, IpAddr, u16),
    Pid(u32),
    Program(String),
    Path(String),
    User(String),
    /// `None`: UDP, which has no states.
    State(Option<TcpState>),
    Protocol(Protocol, Option<Family>),
}

/// Which end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Local,
    Remote,
    Either,
}

impl Filter {
    /// Parses a filter; an empty one matches everything. `docs/filter.md` is the language for people.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        parse(text)
    }

    /// Whether a row matches.
    #[must_use]
    pub fn matches(&self, row: &Row) -> bool {
        self.terms.iter().all(|term| term.tests.iter().any(|test| test.holds(row)) != term.denied)
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
    fn holds(&self, row: &Row) -> bool {
        let socket = &row.socket;
        match self {
            Self::Number(number) => {
                u16::try_from(*number).is_ok_and(|port| has_port(row, port)) || has_pid(row, *number)
            }
            Self::Text(text) => row.text.contains(text),
            Self::Port(side, range) => side.any(row, |end| range.contains(&end.port)),
            Self::Address(side, net) => side.any(row, |end| net.contains(&end.ip)),
            Self::End(side, ip, port) => side.any(row, |end| (end.ip, end.port) == (*ip, *port)),
            Self::Pid(pid) => has_pid(row, *pid),
            Self::Program(name) => row.owners.iter().any(|process| contains(&process.name, name)),
            Self::Path(path) => {
                row.owners.iter().filter_map(|process| process.path.as_ref().ok()).any(|has| contains(has, path))
            }
            Self::User(user) => is_user(row, user),
            Self::State(state) => socket.state == *state,
            Self::Protocol(protocol, family) => {
                socket.protocol == *protocol && family.is_none_or(|family| socket.family == family)
            }
        }
    }
}

impl Side {
    fn any(self, row: &Row, test: impl Fn(Endpoint) -> bool) -> bool {
        let local = || test(row.socket.local);
        let remote = || row.socket.remote.is_some_and(&test);
        match self {
            Self::Local => local(),
            Self::Remote => remote(),
            Self::Either => local() || remote(),
        }
    }
}

fn has_pid(row: &Row, pid: u32) -> bool {
    row.owners.iter().any(|process| process.key.pid == pid)
}

fn contains(text: &str, lower_case: &str) -> bool {
    text.to_lowercase().contains(lower_case)
}

/// The user's whole name or number: `user:me` is not `user:james`.
fn is_user(row: &Row, user: &str) -> bool {
    let number = row.socket.uid.is_some_and(|uid| uid.to_string() == user);
    let owners = row.owners.iter().filter_map(|process| process.user.as_deref().ok());
    number || row.user.as_deref().into_iter().chain(owners).any(|name| name.to_lowercase() == user)
}
