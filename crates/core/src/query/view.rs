//! Where the answers to a filter's tests are taken from.

use std::sync::Arc;

use super::filter::{Filter, Test};
use crate::endpoint::{Family, Protocol};
use crate::network::{NetworkText, Whose};
use crate::process::Process;
use crate::socket::TcpState;
use crate::table::{Crew, Glance, Known, Row, Table, User, address_text};

/// A row as the tests of a filter see it; `number` is a test's place in [`Filter::tests`].
pub(super) trait View {
    fn protocol(&self) -> Protocol;
    fn family(&self) -> Family;
    fn state(&self) -> Option<TcpState>;
    fn local_port(&self) -> u16;
    fn remote_port(&self) -> Option<u16>;
    /// Whether the local address fits.
    fn local(&self, number: usize, test: &Test) -> bool;
    /// Whether the remote address fits.
    fn remote(&self, number: usize, test: &Test) -> bool;
    /// Whether the remote address's network fits.
    fn network(&self, number: usize, test: &Test) -> bool;
    /// Whether anybody who holds it (or held it last) fits.
    fn crew(&self, number: usize, test: &Test) -> bool;
    /// Whether anybody who holds the other end, on this computer, fits.
    fn peer(&self, number: usize, test: &Test) -> bool;
    /// Whether the socket's user fits.
    fn user(&self, number: usize, test: &Test) -> bool;
    /// Whether protocol or state fit.
    fn kind(&self, number: usize, test: &Test) -> bool;
}

/// A row by itself: every answer is worked out anew.
pub(super) struct RowView<'row> {
    row: &'row Row,
    crew: Crew,
    peer: Crew,
    user: Option<User>,
}

impl<'row> RowView<'row> {
    pub(super) fn new(row: &'row Row) -> Self {
        let crew = |facts: &[Arc<Process>]| facts.iter().map(|facts| Known::new(facts.clone()).into()).collect();
        Self {
            row,
            crew: crew(&row.owners),
            peer: crew(row.peer.as_deref().unwrap_or_default()),
            user: row.socket.uid.map(|uid| User::new(uid, row.user.clone())),
        }
    }
}

impl View for RowView<'_> {
    fn protocol(&self) -> Protocol {
        self.row.socket.protocol
    }

    fn family(&self) -> Family {
        self.row.socket.family
    }

    fn state(&self) -> Option<TcpState> {
        self.row.socket.state
    }

    fn local_port(&self) -> u16 {
        self.row.socket.local.port
    }

    fn remote_port(&self) -> Option<u16> {
        self.row.socket.remote.map(|end| end.port)
    }

    fn local(&self, _: usize, test: &Test) -> bool {
        let end = self.row.socket.local;
        test.fits_address(end.ip, &address_text(end.ip, end.scope))
    }

    fn remote(&self, _: usize, test: &Test) -> bool {
        self.row.socket.remote.is_some_and(|end| test.fits_address(end.ip, &address_text(end.ip, end.scope)))
    }

    fn network(&self, _: usize, test: &Test) -> bool {
        match &self.row.remote {
            Some(Whose::Network(network)) => test.fits_network(&NetworkText::new(network)),
            _ => false,
        }
    }

    fn crew(&self, _: usize, test: &Test) -> bool {
        test.fits_crew(&self.crew)
    }

    fn peer(&self, _: usize, test: &Test) -> bool {
        test.fits_crew(&self.peer)
    }

    fn user(&self, _: usize, test: &Test) -> bool {
        self.user.as_ref().is_some_and(|user| test.fits_user(user))
    }

    fn kind(&self, _: usize, test: &Test) -> bool {
        test.fits_kind(self.protocol(), self.family(), self.state())
    }
}

/// What every test of a filter says of every address, crew and user of a table: asked once, for there are far fewer of
/// them than rows.
pub(super) struct Verdicts<'table> {
    verdicts: Vec<Verdict>,
    table: &'table Table,
}

#[derive(Default)]
struct Verdict {
    addresses: Vec<bool>,
    crews: Vec<bool>,
    users: Vec<bool>,
    /// By the number of the address.
    networks: Vec<bool>,
    /// By [`kind`].
    kinds: Vec<bool>,
}

/// A number for what a socket is.
fn kind(protocol: Protocol, family: Family, state: Option<TcpState>) -> usize {
    let state = state.map_or(0, |state| state as usize + 1);
    (state << 1 | family as usize) << 1 | protocol as usize
}

/// Everything that a socket can be, in the order of [`kind`].
fn kinds() -> impl Iterator<Item = (Protocol, Family, Option<TcpState>)> {
    let states = std::iter::once(None).chain(TcpState::ALL.map(Some));
    states.flat_map(|state| {
        [Family::V4, Family::V6]
            .into_iter()
            .flat_map(move |family| [Protocol::Tcp, Protocol::Udp].map(|protocol| (protocol, family, state)))
    })
}

impl<'table> Verdicts<'table> {
    pub(super) fn of(filter: &Filter, table: &'table Table) -> Self {
        Self { verdicts: filter.tests().map(|test| Verdict::of(test, table)).collect(), table }
    }

    pub(super) fn on<'a>(&'a self, glance: &'a Glance) -> GlanceView<'a> {
        GlanceView { verdicts: &self.verdicts, table: self.table, glance }
    }
}

impl Verdict {
    fn of(test: &Test, table: &Table) -> Self {
        let asks = test.asks();
        let mut verdict = Self::default();
        if asks.addresses {
            verdict.addresses = table.addresses().map(|ip, text| test.fits_address(ip, text));
        }
        if asks.crews {
            verdict.crews = table.people().crews().map(|_, crew| test.fits_crew(crew));
        }
        if asks.networks && table.addresses().networks().numbers() > 0 {
            let fits = table.addresses().networks().map(|_, named| test.fits_network(&named.text));
            verdict.networks = table.addresses().each(|_, network| said(&fits, network));
        }
        if asks.kinds {
            verdict.kinds = kinds().map(|(protocol, family, state)| test.fits_kind(protocol, family, state)).collect();
        }
        if asks.users {
            verdict.users = table.users().all().iter().map(|user| test.fits_user(user)).collect();
        }
        verdict
    }
}

/// A row of a table: the verdicts are looked up.
pub(super) struct GlanceView<'a> {
    verdicts: &'a [Verdict],
    table: &'a Table,
    glance: &'a Glance,
}

/// What stands at a number; `NOTHING` is beyond every list.
fn said(verdicts: &[bool], number: u32) -> bool {
    verdicts.get(number as usize).copied().unwrap_or_default()
}

impl View for GlanceView<'_> {
    fn protocol(&self) -> Protocol {
        self.glance.protocol
    }

    fn family(&self) -> Family {
        self.glance.family
    }

    fn state(&self) -> Option<TcpState> {
        self.glance.state
    }

    fn local_port(&self) -> u16 {
        self.glance.local_port
    }

    fn remote_port(&self) -> Option<u16> {
        self.glance.connected().then_some(self.glance.remote_port)
    }

    fn local(&self, number: usize, _: &Test) -> bool {
        said(&self.verdicts[number].addresses, self.glance.local)
    }

    fn remote(&self, number: usize, _: &Test) -> bool {
        said(&self.verdicts[number].addresses, self.glance.remote)
    }

    fn network(&self, number: usize, _: &Test) -> bool {
        said(&self.verdicts[number].networks, self.glance.remote)
    }

    fn crew(&self, number: usize, _: &Test) -> bool {
        said(&self.verdicts[number].crews, self.glance.crew)
    }

    fn peer(&self, number: usize, _: &Test) -> bool {
        // Looked for only where it is asked for: a search for every row.
        let there = self.table.opposite_place(self.glance);
        there.is_some_and(|place| said(&self.verdicts[number].crews, self.table.glance(place).crew))
    }

    fn user(&self, number: usize, _: &Test) -> bool {
        said(&self.verdicts[number].users, self.glance.user)
    }

    fn kind(&self, number: usize, _: &Test) -> bool {
        let kind = kind(self.glance.protocol, self.glance.family, self.glance.state);
        self.verdicts[number].kinds.get(kind).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_number() {
        let numbers: Vec<usize> = kinds().map(|(protocol, family, state)| kind(protocol, family, state)).collect();
        assert_eq!(numbers, (0..52).collect::<Vec<_>>());
    }
}
