//! The questions and answers of `linux/inet_diag.h`: which listings there are, and where a row's header and the one
//! attribute that we need lie in a message.

use quaymaster_core::Protocol;
use rustix::io::Errno;

use super::header::{Header, LENGTH};
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

/// TCP of both families. `legacy` is cleared where the kernel does not take the old request; then two passes do it.
pub(super) fn tcp(
    netlink: &mut Netlink,
    legacy: &mut bool,
    mut row: impl FnMut(Header, Option<bool>),
) -> Result<(), DumpError> {
    tcp_messages(netlink, legacy, |payload| read_row(payload, &mut row))
}

/// The same, unread.
pub(super) fn tcp_messages(
    netlink: &mut Netlink,
    legacy: &mut bool,
    mut message: impl FnMut(&[u8]),
) -> Result<(), DumpError> {
    if *legacy {
        let done = netlink.dump(TCPDIAG_GETSOCK, &legacy_request(), &mut message);
        if !matches!(done, Err(DumpError::Refused(_))) {
            return done;
        }
        *legacy = false;
        *netlink = Netlink::open()?;
    }
    for family in [AF_INET, AF_INET6] {
        netlink.dump(SOCK_DIAG_BY_FAMILY, &request(family, IPPROTO_TCP), &mut message)?;
    }
    Ok(())
}

/// UDP of one family.
pub(super) fn udp(
    netlink: &mut Netlink,
    family: u8,
    mut row: impl FnMut(Header, Option<bool>),
) -> Result<(), DumpError> {
    udp_messages(netlink, family, |payload| read_row(payload, &mut row))
}

/// The same, unread.
pub(super) fn udp_messages(netlink: &mut Netlink, family: u8, message: impl FnMut(&[u8])) -> Result<(), DumpError> {
    netlink.dump(SOCK_DIAG_BY_FAMILY, &request(family, IPPROTO_UDP), message)
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
    let bytes = header.bytes();
    let mut question = request(bytes[0], if protocol == Protocol::Tcp { IPPROTO_TCP } else { IPPROTO_UDP });
    question[8..].copy_from_slice(&bytes[4..52]);
    if protocol == Protocol::Udp {
        // The kernel takes the ends the other way round here, "for historical reasons" (`udp_dump_one`).
        question[8..10].copy_from_slice(&bytes[6..8]);
        question[10..12].copy_from_slice(&bytes[4..6]);
        question[12..28].copy_from_slice(&bytes[24..40]);
        question[28..44].copy_from_slice(&bytes[8..24]);
    }
    let inode = |payload: &[u8]| payload.first_chunk().map_or(0, |bytes| Header::from_bytes(*bytes).inode());
    Ok(match netlink.get(SOCK_DIAG_BY_FAMILY, &question, inode)? {
        Ok(inode) => Fate::There(inode),
        Err(Errno::NOENT) => Fate::Gone,
        // Found by these ends: another socket. A connection has its ends for itself; of listeners that share an address
        // the kernel picks any.
        Err(Errno::STALE) if header.ends().1.is_some() => Fate::Gone,
        Err(_) => Fate::Unsure,
    })
}

/// `struct inet_diag_req`: family, two lengths, extensions; the socket id (48 bytes); states; a reserved word.
fn legacy_request() -> [u8; 60] {
    let mut bytes = [0; 60];
    bytes[0] = AF_INET;
    bytes[52..56].copy_from_slice(&STATES.to_ne_bytes());
    bytes
}

/// `struct inet_diag_req_v2`: family, protocol, extensions, a gap; states; the socket id (48 bytes).
fn request(family: u8, protocol: u8) -> [u8; 56] {
    let mut bytes = [0; 56];
    bytes[0] = family;
    bytes[1] = protocol;
    bytes[4..8].copy_from_slice(&STATES.to_ne_bytes());
    bytes
}

fn read_row(payload: &[u8], row: &mut impl FnMut(Header, Option<bool>)) {
    if let Some((header, attributes)) = payload.split_first_chunk::<LENGTH>() {
        row(Header::from_bytes(*header), v6_only(header[0], attributes));
    }
}

/// Looks for `INET_DIAG_SKV6ONLY`. Attributes: `u16` length with its head, `u16` type, value, filled up to four.
fn v6_only(family: u8, mut attributes: &[u8]) -> Option<bool> {
    if family != AF_INET6 {
        return None;
    }
    while let [l0, l1, t0, t1, value @ ..] = attributes {
        if u16::from_ne_bytes([*t0, *t1]) == INET_DIAG_SKV6ONLY {
            return value.first().map(|only| *only != 0);
        }
        let length = usize::from(u16::from_ne_bytes([*l0, *l1])).max(4);
        attributes = attributes.get(length.next_multiple_of(4)..).unwrap_or_default();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_attribute_is_found_behind_others() {
        let mut attributes = vec![5, 0, 8, 0, 3, 0, 0, 0];
        attributes.extend_from_slice(&[5, 0, 11, 0, 1, 0, 0, 0]);
        assert_eq!(v6_only(AF_INET6, &attributes), Some(true));
        assert_eq!(v6_only(AF_INET6, &attributes[..8]), None);
        assert_eq!(v6_only(AF_INET, &attributes), None);
    }

    #[test]
    fn a_zero_length_does_not_hang() {
        assert_eq!(v6_only(AF_INET6, &[0; 32]), None);
    }
}
