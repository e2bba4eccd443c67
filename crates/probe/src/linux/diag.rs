//! The questions and answers of `linux/inet_diag.h`: which listings there are, and where a row's header and the attributes
//! that we need lie in a message.

use quaymaster_core::{Counters, Protocol};
use rustix::io::Errno;

use super::header::{self, Header, LENGTH, Raw};
use super::netlink::{DumpError, Netlink};

/// The old request type lists TCP of both families in one pass (`inet_diag_dump_compat` asks for `AF_UNSPEC`).
const TCPDIAG_GETSOCK: u16 = 18;
const SOCK_DIAG_BY_FAMILY: u16 = 20;

pub(super) const AF_INET: u8 = 2;
pub(super) const AF_INET6: u8 = 10;
const IPPROTO_TCP: u8 = 6;
const IPPROTO_UDP: u8 = 17;

/// Every state but `TCP_BOUND_INACTIVE` (bit 13), which makes the kernel walk a third table for 5–7 ms.
const STATES: u32 = (1 << 13) - 1;

/// `u8` attribute of listeners and unconnected UDP sockets of IPv6: whether `IPV6_V6ONLY` is set.
const INET_DIAG_SKV6ONLY: u16 = 11;

/// `struct tcp_info` (`linux/tcp.h`): what the kernel has counted of a connection.
const INET_DIAG_INFO: u16 = 2;
const BYTES_ACKED: usize = 120;

/// What a listing is to name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    /// Every socket.
    All,
    /// Every socket, with its counters.
    Counted,
    /// TCP in LISTEN, unconnected UDP: the kernel then leaves its great table of connections alone.
    Listeners,
}

impl Which {
    fn states(self, protocol: u8) -> u32 {
        match (self, protocol) {
            (Self::All | Self::Counted, _) => STATES,
            (Self::Listeners, IPPROTO_TCP) => 1 << 10,
            (Self::Listeners, _) => 1 << 7,
        }
    }

    /// `idiag_ext`: a bit an attribute, beginning with attribute 1.
    fn extensions(self) -> u8 {
        if self == Self::Counted { 1 << (INET_DIAG_INFO - 1) } else { 0 }
    }
}

/// TCP of both families: the header and the attributes of each row. `legacy` is cleared where the kernel does not take the old
/// request; then two passes do it.
pub(super) fn tcp(
    netlink: &mut Netlink,
    legacy: &mut bool,
    which: Which,
    mut row: impl FnMut(&Raw, &[u8]),
) -> Result<(), DumpError> {
    if *legacy {
        let done = netlink.dump(TCPDIAG_GETSOCK, &legacy_request(which), |payload| read_row(payload, &mut row));
        if !matches!(done, Err(DumpError::Refused(_))) {
            return done;
        }
        *legacy = false;
        *netlink = Netlink::open()?;
    }
    by_family(netlink, AF_INET, IPPROTO_TCP, which, &mut row)?;
    by_family(netlink, AF_INET6, IPPROTO_TCP, which, &mut row)
}

/// UDP of one family.
pub(super) fn udp(
    netlink: &mut Netlink,
    family: u8,
    which: Which,
    mut row: impl FnMut(&Raw, &[u8]),
) -> Result<(), DumpError> {
    by_family(netlink, family, IPPROTO_UDP, which, &mut row)
}

fn by_family(
    netlink: &mut Netlink,
    family: u8,
    protocol: u8,
    which: Which,
    row: &mut impl FnMut(&Raw, &[u8]),
) -> Result<(), DumpError> {
    netlink.dump(SOCK_DIAG_BY_FAMILY, &request(family, protocol, which), |payload| read_row(payload, row))
}

/// What became of a socket since it was listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is there, and this is the inode of its descriptors now (0 once they are all closed).
    There(u32),
    /// It is gone.
    Gone,
    /// That can't be told.
    Unsure,
}

/// Asks for exactly this socket.
pub(super) fn fate(netlink: &mut Netlink, protocol: Protocol, header: &Header) -> Result<Fate, DumpError> {
    let question = exactly(protocol, header, Which::All);
    let inode = |payload: &[u8]| payload.first_chunk().map_or(0, |raw| Header::of(raw).inode());
    Ok(match netlink.get(SOCK_DIAG_BY_FAMILY, &question, inode)? {
        Ok(inode) => Fate::There(inode),
        Err(Errno::NOENT) => Fate::Gone,
        // Found by these ends: another socket. A connection has its ends for itself; of listeners that share an address
        // the kernel picks any.
        Err(Errno::STALE) if header.ends().1.is_some() => Fate::Gone,
        Err(_) => Fate::Unsure,
    })
}

/// What the kernel has counted of exactly this connection; `None` inside if it is gone or counts nothing.
pub(super) fn counters_of(netlink: &mut Netlink, header: &Header) -> Result<Option<Counters>, DumpError> {
    let question = exactly(Protocol::Tcp, header, Which::Counted);
    let answer = netlink.get(SOCK_DIAG_BY_FAMILY, &question, |payload| counters(payload.get(LENGTH..)?))?;
    Ok(answer.ok().flatten())
}

fn exactly(protocol: Protocol, header: &Header, which: Which) -> [u8; 56] {
    let bytes = header.bytes();
    let mut question = request(bytes[0], if protocol == Protocol::Tcp { IPPROTO_TCP } else { IPPROTO_UDP }, which);
    question[8..].copy_from_slice(&bytes[4..52]);
    if protocol == Protocol::Udp {
        // The kernel takes the ends the other way round here, "for historical reasons" (`udp_dump_one`).
        question[8..10].copy_from_slice(&bytes[6..8]);
        question[10..12].copy_from_slice(&bytes[4..6]);
        question[12..28].copy_from_slice(&bytes[24..40]);
        question[28..44].copy_from_slice(&bytes[8..24]);
    }
    question
}

/// `struct inet_diag_req`: family, two lengths, extensions; the socket id (48 bytes); states; a reserved word.
fn legacy_request(which: Which) -> [u8; 60] {
    let mut bytes = [0; 60];
    bytes[0] = AF_INET;
    bytes[3] = which.extensions();
    bytes[52..56].copy_from_slice(&which.states(IPPROTO_TCP).to_ne_bytes());
    bytes
}

/// `struct inet_diag_req_v2`: family, protocol, extensions, a gap; states; the socket id (48 bytes).
fn request(family: u8, protocol: u8, which: Which) -> [u8; 56] {
    let mut bytes = [0; 56];
    bytes[0] = family;
    bytes[1] = protocol;
    bytes[2] = which.extensions();
    bytes[4..8].copy_from_slice(&which.states(protocol).to_ne_bytes());
    bytes
}

fn read_row(payload: &[u8], row: &mut impl FnMut(&Raw, &[u8])) {
    if let Some((header, attributes)) = payload.split_first_chunk::<LENGTH>() {
        row(header, attributes);
    }
}

/// Whether an IPv6 row says that it serves IPv6 alone.
pub(super) fn v6_only(raw: &Raw, attributes: &[u8]) -> Option<bool> {
    if raw[0] != AF_INET6 {
        return None;
    }
    attribute(attributes, INET_DIAG_SKV6ONLY)?.first().map(|only| *only != 0)
}

/// The counters of a connection. Older kernels have a shorter `struct tcp_info`: what lies beyond its end is not known.
pub(super) fn counters(attributes: &[u8]) -> Option<Counters> {
    const RTT: usize = 68;
    const TOTAL_RETRANSMITS: usize = 100;
    const BYTES_RECEIVED: usize = 128;
    const BYTES_SENT: usize = 200;
    const BYTES_SENT_AGAIN: usize = 208;
    let info = attribute(attributes, INET_DIAG_INFO)?;
    let word = |at: usize| Some(u32::from_ne_bytes(*info.get(at..)?.first_chunk()?));
    let long = |at: usize| long(info, at);
    // Acknowledged bytes count the SYN of the end that opened the connection as one (`tcp_snd_una_update`), and the FIN; Linux 4.19
    // and newer count the payload by itself.
    let payload = long(BYTES_SENT).zip(long(BYTES_SENT_AGAIN)).map(|(sent, again)| sent.saturating_sub(again));
    // The other end's FIN counts as a byte (`tcp_rcv_nxt_update`).
    let finished = info.first().is_some_and(|state| header::is_finished(*state));
    Some(Counters {
        sent: payload.or_else(|| long(BYTES_ACKED))?,
        received: long(BYTES_RECEIVED)?.saturating_sub(finished.into()),
        round_trip: word(RTT).filter(|microseconds| *microseconds > 0),
        retransmitted: word(TOTAL_RETRANSMITS)?,
    })
}

/// Bytes of a connection that the other end has acknowledged, SYN and FIN among them.
pub(super) fn acknowledged(attributes: &[u8]) -> Option<u64> {
    long(attribute(attributes, INET_DIAG_INFO)?, BYTES_ACKED)
}

fn long(info: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_ne_bytes(*info.get(at..)?.first_chunk()?))
}

/// Looks for an attribute: `u16` length with its head, `u16` type, value, filled up to four.
fn attribute(mut attributes: &[u8], wanted: u16) -> Option<&[u8]> {
    while let [l0, l1, t0, t1, value @ ..] = attributes {
        let length = usize::from(u16::from_ne_bytes([*l0, *l1])).max(4);
        if u16::from_ne_bytes([*t0, *t1]) == wanted {
            return value.get(..length - 4);
        }
        attributes = attributes.get(length.next_multiple_of(4)..).unwrap_or_default();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn v6() -> Raw {
        let mut raw = [0; LENGTH];
        raw[0] = AF_INET6;
        raw
    }

    #[test]
    fn the_attribute_is_found_behind_others() {
        let mut attributes = vec![5, 0, 8, 0, 3, 0, 0, 0];
        attributes.extend_from_slice(&[5, 0, 11, 0, 1, 0, 0, 0]);
        assert_eq!(v6_only(&v6(), &attributes), Some(true));
        assert_eq!(v6_only(&v6(), &attributes[..8]), None);
        assert_eq!(v6_only(&[0; LENGTH], &attributes), None);
    }

    #[test]
    fn a_wrong_length_neither_hangs_nor_reads_beyond() {
        assert_eq!(v6_only(&v6(), &[0; 32]), None);
        assert_eq!(v6_only(&v6(), &[200, 0, 11, 0, 1, 0, 0, 0]), None);
    }

    #[test]
    fn a_short_tcp_info_is_no_counters() {
        let info = |length: u16| {
            let mut attribute = (length + 4).to_ne_bytes().to_vec();
            attribute.extend_from_slice(&INET_DIAG_INFO.to_ne_bytes());
            attribute.extend((0..length).map(|at| if at == 120 || at == 128 { 7 } else { 0 }));
            attribute
        };
        assert_eq!(counters(&info(104)), None, "Linux 4.0 and older count no bytes");
        assert_eq!(counters(&info(136)), Some(Counters { sent: 7, received: 7, ..Counters::default() }));
    }
}
