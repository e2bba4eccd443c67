//! What `ss -tunapHOe` prints of a socket.

use std::collections::BTreeSet;
use std::net::IpAddr;

use quaymaster_core::{Endpoint, Protocol, Socket, TcpState};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) cookie: u64,
    protocol: Protocol,
    state: Option<TcpState>,
    local: End,
    remote: End,
    uid: u32,
    inode: u32,
    pids: BTreeSet<u32>,
}

/// Address and port as printed; `*` is any address of both families, and no port.
#[derive(Clone, Debug, PartialEq, Eq)]
struct End {
    ip: Option<IpAddr>,
    port: u16,
}

/// Nothing for half a line: ss breaks one where the name of a program has a line feed, as some of our tests' programs do.
pub(crate) fn parse(line: &str) -> Option<Line> {
    let fields: Vec<&str> = line.split_whitespace().collect();
    let value = |name: &str| fields.iter().rev().find_map(|field| field.strip_prefix(name));
    let protocol = match *fields.first()? {
        "tcp" => Protocol::Tcp,
        "udp" => Protocol::Udp,
        _ => return None,
    };
    Some(Line {
        cookie: u64::from_str_radix(value("sk:")?, 16).unwrap(),
        protocol,
        state: state(fields.get(1)?).filter(|_| protocol == Protocol::Tcp),
        local: end(fields.get(4)?)?,
        remote: end(fields.get(5)?)?,
        uid: value("uid:").map_or(0, |uid| uid.parse().unwrap()),
        inode: value("ino:").map_or(0, |inode| inode.parse().unwrap()),
        pids: line.split(",pid=").skip(1).filter_map(|rest| rest.split(',').next()?.parse().ok()).collect(),
    })
}

impl Line {
    /// Whether ss says of this socket what we say.
    pub(crate) fn agrees(&self, row: &Socket) -> bool {
        let pids: BTreeSet<u32> = row.owner.holders().iter().map(|key| key.pid).collect();
        let nowhere = End { ip: None, port: 0 };
        self.protocol == row.protocol
            && self.state == row.state
            && self.local.is(row.local, row.dual_stack)
            && row.remote.map_or_else(
                || {
                    self.remote.port == 0
                        && (self.remote == nowhere || self.remote.ip.is_some_and(|ip| ip.is_unspecified()))
                },
                |remote| self.remote.is(remote, false),
            )
            && row.uid.is_none_or(|uid| uid == self.uid)
            && row.uid.is_none() == (self.inode == 0)
            && self.pids == pids
    }
}

impl End {
    fn is(&self, end: Endpoint, dual: bool) -> bool {
        self.port == end.port
            && match self.ip {
                Some(ip) => ip == end.ip && !(dual && ip.is_unspecified() && ip.is_ipv6()),
                None => end.is_any() && dual,
            }
    }
}

fn end(text: &str) -> Option<End> {
    let (address, port) = text.rsplit_once(':')?;
    let address = address.split('%').next()?.trim_matches(['[', ']']);
    let ip = if address == "*" { None } else { Some(address.parse::<IpAddr>().ok()?.to_canonical()) };
    Some(End { ip, port: port.parse().unwrap_or(0) })
}

fn state(name: &str) -> Option<TcpState> {
    Some(match name {
        "LISTEN" => TcpState::Listen,
        "SYN-SENT" => TcpState::SynSent,
        "SYN-RECV" => TcpState::SynRecv,
        "ESTAB" => TcpState::Established,
        "FIN-WAIT-1" => TcpState::FinWait1,
        "FIN-WAIT-2" => TcpState::FinWait2,
        "CLOSE-WAIT" => TcpState::CloseWait,
        "CLOSING" => TcpState::Closing,
        "LAST-ACK" => TcpState::LastAck,
        "TIME-WAIT" => TcpState::TimeWait,
        "UNCONN" => TcpState::Closed,
        other => panic!("ss knows a state {other}"),
    })
}
