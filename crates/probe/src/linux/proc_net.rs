//! The slower fallback: `/proc/net/{tcp,tcp6,udp,udp6}` (`Documentation/networking/proc_net_tcp.rst`), for where the
//! kernel's socket interface is not allowed. Its rows come out in the same shape; what the text lacks (cookie,
//! `IPV6_V6ONLY`, interface, a listener's backlog limit) stays unknown.

use std::hash::{DefaultHasher, Hash, Hasher};

use quaymaster_core::{Protocol, SocketKey};
use rustix::io::Errno;

use super::diag::{AF_INET, AF_INET6};
use super::header::{Header, Parts, Raw};

/// Reads one table. A missing IPv6 table means that there is no IPv6, not that something went wrong.
pub(super) fn read(protocol: Protocol, family: u8, mut row: impl FnMut(&Raw)) -> Result<(), Errno> {
    let path = match (protocol, family) {
        (Protocol::Tcp, AF_INET) => "/proc/net/tcp",
        (Protocol::Tcp, _) => "/proc/net/tcp6",
        (Protocol::Udp, AF_INET) => "/proc/net/udp",
        (Protocol::Udp, _) => "/proc/net/udp6",
    };
    match std::fs::read_to_string(path) {
        Ok(text) => {
            for raw in text.lines().skip(1).filter_map(|line| parse(family, line)) {
                row(&Header::numbered(raw, number(protocol, &Header::of(&raw))));
            }
        }
        Err(error) if family == AF_INET6 && error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(Errno::from_io_error(&error).unwrap_or(Errno::IO)),
    }
    Ok(())
}

/// A number for a row without cookie: equal for two looks exactly if ends and inode are equal.
fn number(protocol: Protocol, header: &Header) -> u64 {
    let mut hasher = DefaultHasher::new();
    (protocol, header.ends(), header.inode()).hash(&mut hasher);
    hasher.finish()
}

/// The key of such a row: its ends, and the inode for a stamp.
pub(super) fn key(protocol: Protocol, header: &Header) -> SocketKey {
    let (local, remote) = header.ends();
    SocketKey::Tuple { protocol, family: header.family(), local, remote, pid: 0, stamp: u64::from(header.inode()) }
}

/// `sl local:port remote:port state tx:rx timer:when retransmits uid timeout inode …`
fn parse(family: u8, line: &str) -> Option<Raw> {
    let mut fields = line.split_ascii_whitespace().skip(1);
    let local = end(fields.next()?)?;
    let remote = end(fields.next()?)?;
    let state = u8::from_str_radix(fields.next()?, 16).ok()?;
    let (send, receive) = fields.next()?.split_once(':')?;
    let (_, when) = fields.next()?.split_once(':')?;
    let uid = fields.nth(1)?.parse().ok()?;
    let inode = fields.nth(1)?.parse().ok()?;
    // `when` counts clock ticks, of which user space always sees 100 a second (USER_HZ).
    let expires = u32::from_str_radix(when, 16).ok()?.saturating_mul(10);
    let [send, receive] = [send, receive].map(|queue| u32::from_str_radix(queue, 16));
    Some(Header::build(&Parts {
        family,
        state,
        local,
        remote,
        expires,
        receive: receive.ok()?,
        send: send.ok()?,
        uid,
        inode,
    }))
}

/// `0100007F:1F90`: the address as words of four bytes in this machine's order, the port as a plain number.
fn end(text: &str) -> Option<([u8; 16], u16)> {
    let (address, port) = text.split_once(':')?;
    let mut bytes = [0; 16];
    for (at, word) in address.as_bytes().chunks(8).enumerate() {
        let word = u32::from_str_radix(std::str::from_utf8(word).ok()?, 16).ok()?;
        bytes.get_mut(at * 4..at * 4 + 4)?.copy_from_slice(&word.to_ne_bytes());
    }
    Some((bytes, u16::from_str_radix(port, 16).ok()?))
}

#[cfg(test)]
#[cfg(target_endian = "little")]
mod tests {
    use super::super::header::expires;
    use super::*;

    #[test]
    fn a_line_reads_as_the_kernel_wrote_it() {
        let line =
            "   1: 0100007F:1F90 0200007F:C350 06 00000001:00000002 03:00000064 00000000  1000        0 4242 3 0";
        let Some(raw) = parse(AF_INET, line) else { panic!("not read") };
        let header = Header::of(&raw);
        let (local, remote) = header.ends();
        assert_eq!((local.ip.to_string(), local.port), ("127.0.0.1".to_owned(), 8080));
        assert_eq!(remote.map(|end| (end.ip.to_string(), end.port)), Some(("127.0.0.2".to_owned(), 50000)));
        assert!(header.in_time_wait());
        assert_eq!((expires(&raw), header.uid(), header.inode()), (1000, 1000, 4242));
    }

    #[test]
    fn ipv6_words_are_in_machine_order() {
        let text = "B80D0120000000000000000001000000:0050";
        let Some((bytes, port)) = end(text) else { panic!("not read") };
        assert_eq!((std::net::Ipv6Addr::from(bytes).to_string(), port), ("2001:db8::1".to_owned(), 80));
    }

    #[test]
    fn nonsense_is_left_out() {
        for line in ["", "0:", "0: zz:1 0:0 01 0:0 0:0 0 0 0 0", "1: 0100007F 0100007F 01"] {
            assert_eq!(parse(AF_INET, line), None, "{line:?}");
        }
    }
}
