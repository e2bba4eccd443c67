//! What is often at a port: a custom, never a fact about this computer.

use std::collections::{BTreeSet, HashMap};
use std::sync::OnceLock;

use super::loved;
use crate::endpoint::Protocol;
use crate::socket::Socket;

/// What is often at a port: a custom, never a fact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hint {
    /// Programs that use it by default, from our own table.
    pub programs: &'static [&'static str],
    /// IANA's service name.
    pub registered: Option<&'static str>,
    /// IANA's description.
    pub description: Option<&'static str>,
}

/// What is often at `port`; `None` if nothing is known.
#[must_use]
pub fn hint(port: u16, protocol: Protocol) -> Option<Hint> {
    let programs = loved::programs(port, protocol);
    let registered = registered(port, protocol);
    if programs.is_empty() && registered.is_none() {
        return None;
    }
    let description = registered.map(|(_, description)| description).filter(|text| !text.is_empty());
    Some(Hint { programs, registered: registered.map(|(name, _)| name), description })
}

/// The one name that is usual for the serving end of a socket: the port of a listener; of a connection the lower one, for
/// systems give clients high ports.
#[must_use]
pub fn usual_program(socket: &Socket) -> Option<&'static str> {
    let port = socket.remote.map_or(socket.local.port, |remote| remote.port.min(socket.local.port));
    usual_name(port, socket.protocol)
}

fn usual_name(port: u16, protocol: Protocol) -> Option<&'static str> {
    let loved = loved::programs(port, protocol).first().copied();
    loved.or_else(|| registered(port, protocol).map(|(name, _)| name))
}

/// Where the usual name of a port stands among all of them, without regard to case; `None` where it has none. Worked out for
/// all ports at the first question (a quarter of a megabyte), for a sort asks 200 000 times.
pub(crate) fn usual_rank(port: u16, protocol: Protocol) -> Option<u16> {
    static RANKS: [OnceLock<Vec<u16>>; 2] = [OnceLock::new(), OnceLock::new()];
    let ranks = RANKS[protocol as usize].get_or_init(|| ranks(protocol));
    ranks[usize::from(port)].checked_sub(1)
}

/// By port, counted from 1; 0 for none.
fn ranks(protocol: Protocol) -> Vec<u16> {
    let names: Vec<Option<&str>> = (0..=u16::MAX).map(|port| usual_name(port, protocol)).collect();
    let all = [Protocol::Tcp, Protocol::Udp]
        .into_iter()
        .flat_map(|either| (0..=u16::MAX).filter_map(move |port| usual_name(port, either)));
    let order: BTreeSet<(String, &str)> = all.map(|name| (name.to_lowercase(), name)).collect();
    let ranks: HashMap<&str, u16> = order.into_iter().map(|(_, name)| name).zip(1..).collect();
    names.into_iter().map(|name| name.and_then(|name| ranks.get(name).copied()).unwrap_or_default()).collect()
}

/// Name and description in IANA's registry.
fn registered(port: u16, protocol: Protocol) -> Option<(&'static str, &'static str)> {
    let lines = lines();
    let first = lines.partition_point(|line| line.port < port);
    let letter = match protocol {
        Protocol::Tcp => 't',
        Protocol::Udp => 'u',
    };
    let mut at_port = lines[first..].iter().take_while(|line| line.port == port);
    let line = at_port.find(|line| line.text.starts_with([letter, 'b']))?;
    line.text.get(2..)?.split_once('\t')
}

struct Line {
    port: u16,
    text: &'static str,
}

/// The registry's lines, split once, at the first question.
fn lines() -> &'static [Line] {
    static LINES: OnceLock<Vec<Line>> = OnceLock::new();
    LINES.get_or_init(|| {
        let line = |line: &'static str| {
            let (port, text) = line.split_once('\t')?;
            Some(Line { port: port.parse().ok()?, text })
        };
        include_str!("../../data/iana-ports.tsv").lines().filter_map(line).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_ports_have_names() {
        for (port, protocol, program, registered) in [
            (22, Protocol::Tcp, None, Some("ssh")),
            (80, Protocol::Tcp, None, Some("http")),
            (53, Protocol::Udp, None, Some("domain")),
            (7897, Protocol::Tcp, Some("Clash Verge"), None),
            (5173, Protocol::Tcp, Some("Vite"), None),
            (5432, Protocol::Tcp, Some("PostgreSQL"), Some("postgresql")),
            (51820, Protocol::Udp, Some("WireGuard"), None),
        ] {
            let hint = hint(port, protocol).unwrap_or_default();
            assert_eq!(hint.registered, registered, "{port}");
            assert!(program.is_none_or(|program| hint.programs.contains(&program)), "{port}: {hint:?}");
        }
        assert_eq!(hint(65_000, Protocol::Tcp), None);
    }

    #[test]
    fn the_registry_is_sorted_and_whole() {
        let lines = lines();
        assert!(lines.is_sorted_by_key(|line| line.port));
        assert!(lines.len() > 5_000, "{}", lines.len());
        assert!(
            lines.iter().all(|line| line.text.starts_with(['t', 'u', 'b']) && line.text.matches('\t').count() == 2)
        );
        assert_eq!(lines.len(), include_str!("../../data/iana-ports.tsv").lines().count());
    }
}
