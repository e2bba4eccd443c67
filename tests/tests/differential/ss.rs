//! Compared with `ss -tunapHOe`, socket by socket: both know the kernel's cookie.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;
use std::process::Command;

use quaymaster_core::{Endpoint, Protocol, Socket, SocketKey, TcpState};
use quaymaster_probe::SocketSource;
use quaymaster_probe::linux::Sockets;

use crate::LEAST;
use crate::ground::{Rows, now};

/// What differs.
pub(crate) fn compare() -> Vec<String> {
    let mut source = Sockets::new();
    let mut rows = Rows::default();
    rows.apply(source.look(now()));
    let before = rows.0.clone();
    let text = Command::new("ss").arg("-tunapHOe").output().expect("iproute2 is installed").stdout;
    rows.apply(source.look(now()));
    let by_cookie = |rows: &HashMap<SocketKey, Socket>| -> BTreeMap<u64, Socket> {
        let cookie = |key: &SocketKey| if let SocketKey::Cookie(cookie) = key { *cookie } else { panic!("{key:?}") };
        rows.iter().map(|(key, socket)| (cookie(key), socket.clone())).collect()
    };
    let (before, after) = (by_cookie(&before), by_cookie(&rows.0));
    let text = String::from_utf8_lossy(&text);
    let mut differences = Vec::new();
    let mut theirs: BTreeMap<u64, Line> = BTreeMap::new();
    for line in text.lines() {
        match parse(line) {
            Some(read) => drop(theirs.insert(read.cookie, read)),
            None => differences.push(format!("ss wrote half a line: {line:?}")),
        }
    }
    assert!(theirs.len() > LEAST, "ss names only {}", theirs.len());

    let stayed = before.iter().filter(|(cookie, _)| after.contains_key(cookie));
    differences
        .extend(stayed.filter(|(cookie, _)| !theirs.contains_key(cookie)).map(|(_, row)| format!("only here {row:?}")));
    for (cookie, line) in &theirs {
        match (before.get(cookie), after.get(cookie)) {
            (None, None) => differences.push(format!("only ss: {line:?}")),
            // What did not change between our looks was like that when ss looked.
            (Some(before), Some(after)) if before == after && !line.agrees(before) => {
                differences.push(format!("ss: {line:?}\nhere: {before:?}"));
            }
            _ => {}
        }
    }
    differences
}

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
