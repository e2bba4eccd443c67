//! What a piece of a filter means: numbers, addresses, states and protocols in people's own spelling.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::RangeInclusive;

use ipnet::{IpNet, Ipv4Net};

use super::filter::{Side, Test};
use super::parse::{Choice, FilterError, FilterProblem};
use super::past::{Moment, When};
use crate::endpoint::{Family, Protocol};
use crate::network::Country;
use crate::socket::TcpState;
use crate::text::lower_case;

/// What stands before the colon.
#[derive(Clone, Copy)]
pub(super) enum Key {
    None,
    Port(Side),
    Address(Side),
    Pid,
    Program,
    User,
    Path,
    Organisation,
    Country,
    Peer,
    State,
    Protocol,
    Since,
    Until,
    On,
}

impl Key {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "port" => Self::Port(Side::Either),
            "lport" => Self::Port(Side::Local),
            "rport" => Self::Port(Side::Remote),
            "local" => Self::Address(Side::Local),
            "remote" => Self::Address(Side::Remote),
            "pid" => Self::Pid,
            "proc" => Self::Program,
            "user" => Self::User,
            "path" => Self::Path,
            "org" => Self::Organisation,
            "country" => Self::Country,
            "peer" => Self::Peer,
            "state" => Self::State,
            "proto" => Self::Protocol,
            "since" => Self::Since,
            "until" => Self::Until,
            "on" => Self::On,
            _ => return None,
        })
    }

    /// Whether it asks what only a socket that is open can answer.
    pub(super) fn is_of_now(self) -> bool {
        matches!(self, Self::Peer)
    }

    pub(super) fn is_of_time(self) -> bool {
        matches!(self, Self::Since | Self::Until | Self::On)
    }

    pub(super) fn test(self, choice: &Choice) -> Result<Test, FilterError> {
        let text = &*choice.text;
        let lower = || lower_case(text);
        let bad = |problem| FilterError { span: choice.span.clone(), problem };
        match self {
            Self::None if choice.quoted => Ok(Test::Text(lower(), None)),
            Self::None => Ok(bare(text)),
            Self::Port(side) => ports(text).map(|range| Test::Port(side, range)).map_err(bad),
            Self::Address(side) => place(side, text).ok_or_else(|| bad(FilterProblem::BadAddress)),
            Self::Pid => number(text).map(Test::Pid).ok_or_else(|| bad(FilterProblem::BadPid)),
            Self::Program => Ok(Test::Program(lower())),
            Self::User => Ok(Test::User(lower())),
            Self::Path => Ok(Test::Path(lower())),
            Self::Organisation => Ok(system(text).map_or_else(|| Test::Organisation(lower()), Test::System)),
            Self::Peer => Ok(Test::Peer(lower())),
            Self::Country => Country::read(text).map(Test::Country).ok_or_else(|| bad(FilterProblem::BadCountry)),
            Self::State => state(text).map(Test::State).ok_or_else(|| bad(FilterProblem::BadState)),
            Self::Protocol => protocol(text).ok_or_else(|| bad(FilterProblem::BadProtocol)),
            Self::Since | Self::Until => {
                let moment = Moment::read(&lower()).ok_or_else(|| bad(FilterProblem::BadMoment))?;
                let since = matches!(self, Self::Since);
                Ok(Test::When(When { from: since.then_some(moment), to: (!since).then_some(moment) }))
            }
            Self::On => {
                let day = Moment::read(&lower()).filter(|moment| moment.is_day());
                let day = day.ok_or_else(|| bad(FilterProblem::BadDay))?;
                Ok(Test::When(When { from: Some(day), to: Some(day) }))
            }
        }
    }
}

/// Whether a word is an address or looks like the beginning of one, whatever colons it has.
pub(super) fn is_address(word: &str) -> bool {
    is_hexadecimal(word) || place(Side::Either, word).is_some()
}

/// A word without key: a number, an address, or text.
fn bare(text: &str) -> Test {
    if let Some(number) = number(text) {
        return Test::Number(number);
    }
    // `:7897` and `*:7897` are how many write a port.
    if let Some(port) = text.strip_prefix('*').unwrap_or(text).strip_prefix(':').and_then(number) {
        return Test::Port(Side::Either, port..=port);
    }
    // `fe80::` is an address, but whoever types it has not finished or wants all that begin so.
    let unfinished = text.len() > 2 && text.ends_with("::");
    match place(Side::Either, text) {
        Some(test) if !unfinished => test,
        _ => {
            let typed = text.strip_prefix('[').filter(|rest| is_hexadecimal(rest)).unwrap_or(text);
            Test::Text(lower_case(typed), state(typed).flatten())
        }
    }
}

/// `AS13335`, in either case, is a number and not a name.
fn system(text: &str) -> Option<u32> {
    let (letters, digits) = text.split_at_checked(2)?;
    number(digits).filter(|_| letters.eq_ignore_ascii_case("as") && !digits.is_empty())
}

/// The standard library would take a sign too.
pub(super) fn number<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn is_hexadecimal(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':')
}

/// An address, a network, or an address with its port. A zone (`%eth0`) says which interface, not which address.
fn place(side: Side, text: &str) -> Option<Test> {
    if let Some(nets) = networks(text) {
        return Some(Test::Address(side, nets, None));
    }
    let (host, port) = text.rsplit_once(':')?;
    let is_v6 = host.starts_with('[');
    let nets = networks(host).filter(|_| is_v6 || !host.contains([':', '/']))?;
    // `10.0.0.1:` is on its way to a port.
    let port = if port.is_empty() { None } else { Some(number(port)?) };
    Some(Test::Address(side, nets, port))
}

/// The networks that a host's address, its name `localhost` or a network in CIDR notation stands for.
fn networks(text: &str) -> Option<Vec<IpNet>> {
    if text.eq_ignore_ascii_case("localhost") {
        let v4 = Ipv4Net::new_assert(Ipv4Addr::new(127, 0, 0, 0), 8);
        return Some(vec![v4.into(), IpNet::from(IpAddr::V6(Ipv6Addr::LOCALHOST))]);
    }
    let inner = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let bare = inner.split_once('%').filter(|(ip, _)| ip.contains(':')).map_or(inner, |(ip, _)| ip);
    if let Ok(ip) = bare.parse::<IpAddr>() {
        return Some(vec![ip.to_canonical().into()]);
    }
    text.parse().ok().map(|net| vec![canonical(net)])
}

/// A network of IPv4-mapped addresses (`::ffff:10.0.0.0/104`) as the IPv4 network, for endpoints are unwrapped too.
fn canonical(net: IpNet) -> IpNet {
    match (net.addr().to_canonical(), net.prefix_len().checked_sub(96)) {
        (ip @ IpAddr::V4(_), Some(length)) if net.addr().is_ipv6() => IpNet::new(ip, length).unwrap_or(net),
        _ => net,
    }
}

fn ports(text: &str) -> Result<RangeInclusive<u16>, FilterProblem> {
    let port = |text: &str| number::<u16>(text).ok_or(FilterProblem::BadPort);
    let Some((first, last)) = text.split_once('-') else { return port(text).map(|port| port..=port) };
    let range = port(first)?..=port(last)?;
    if range.is_empty() { Err(FilterProblem::BadRange) } else { Ok(range) }
}

/// A state in anybody's spelling: netstat's, ss's, the RFC's. `Some(None)` is UDP, which has none.
fn state(text: &str) -> Option<Option<TcpState>> {
    let bare: String = text.chars().filter(|c| !matches!(c, '_' | '-')).collect::<String>().to_ascii_lowercase();
    let alias = match &*bare {
        "listening" => "listen",
        "estab" | "est" | "connected" => "established",
        "synreceived" | "synrcvd" => "synrecv",
        "close" | "unconn" => "closed",
        "udp" => return Some(None),
        other => other,
    };
    TcpState::ALL.into_iter().find(|state| state.name().replace('_', "").eq_ignore_ascii_case(alias)).map(Some)
}

fn protocol(text: &str) -> Option<Test> {
    let (protocol, family) = match &*text.to_ascii_lowercase() {
        "tcp" => (Protocol::Tcp, None),
        "tcp4" => (Protocol::Tcp, Some(Family::V4)),
        "tcp6" => (Protocol::Tcp, Some(Family::V6)),
        "udp" => (Protocol::Udp, None),
        "udp4" => (Protocol::Udp, Some(Family::V4)),
        "udp6" => (Protocol::Udp, Some(Family::V6)),
        _ => return None,
    };
    Some(Test::Protocol(protocol, family))
}
