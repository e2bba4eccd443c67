//! A netlink socket that asks for one listing and hands out its messages. Knows how a listing ends, breaks off or is
//! refused (`Documentation/userspace-api/netlink/intro.rst`); must not know what is in a message.

use std::time::Duration;

use rustix::fd::OwnedFd;
use rustix::io::{Errno, retry_on_intr};
use rustix::net::netlink::{SOCK_DIAG, SocketAddrNetlink};
use rustix::net::sockopt::{Timeout, set_socket_timeout};
use rustix::net::{AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, connect, recv, send, socket_with};

/// `struct nlmsghdr`: length, type, flags, sequence, port.
const HEADER: usize = 16;
const NLM_F_REQUEST: u16 = 0x1;
const NLM_F_DUMP: u16 = 0x300;
/// The table changed while it was listed in a way that the kernel noticed: rows may be missing.
const NLM_F_DUMP_INTR: u16 = 0x10;
const NLMSG_NOOP: u16 = 1;
const NLMSG_ERROR: u16 = 2;
const NLMSG_DONE: u16 = 3;
const NLMSG_OVERRUN: u16 = 4;

/// The kernel fills at most 32 KB at a time (`netlink_dump`, `NLMSG_GOODSIZE` and `max_recvmsg_len`).
const BUFFER: usize = 64 * 1024;

/// Room for any single row with its attributes.
pub(super) const PAGE: usize = 4 * 1024;

/// The kernel answers from within the call; this only keeps a broken one from holding up the engine's thread for good.
const PATIENCE: Duration = Duration::from_secs(2);

/// Why a listing is not whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DumpError {
    /// The kernel does not offer or allow it: asking again is useless.
    Refused(Errno),
    /// It broke off: what came is right, what did not come may be there all the same.
    Cut,
}

/// A connection to the kernel's socket tables.
pub(super) struct Netlink {
    socket: OwnedFd,
    sequence: u32,
    buffer: Vec<u8>,
}

impl Netlink {
    /// Opens it. Needs no privilege.
    pub(super) fn open() -> Result<Self, DumpError> {
        let socket = socket_with(AddressFamily::NETLINK, SocketType::RAW, SocketFlags::CLOEXEC, Some(SOCK_DIAG))
            .map_err(classify)?;
        // Connected to the kernel (port 0), so that no other program can send us rows.
        connect(&socket, &SocketAddrNetlink::new(0, 0)).map_err(classify)?;
        set_socket_timeout(&socket, Timeout::Recv, Some(PATIENCE)).map_err(classify)?;
        Ok(Self { socket, sequence: 0, buffer: vec![0; BUFFER] })
    }

    /// Asks for one listing and gives the payload of each message to `row`. After an error this connection may still hold
    /// the rest of the listing: open a new one.
    pub(super) fn dump(&mut self, kind: u16, request: &[u8], mut row: impl FnMut(&[u8])) -> Result<(), DumpError> {
        self.ask(kind, NLM_F_REQUEST | NLM_F_DUMP, request)?;
        let mut interrupted = false;
        loop {
            let kept = self.receive()?;
            for message in Messages(&self.buffer[..kept]) {
                let message = message.ok_or(DumpError::Cut)?;
                if message.sequence != self.sequence {
                    continue;
                }
                interrupted |= message.flags & NLM_F_DUMP_INTR != 0;
                match message.kind {
                    NLMSG_NOOP => {}
                    NLMSG_OVERRUN => return Err(DumpError::Cut),
                    NLMSG_ERROR | NLMSG_DONE => {
                        let end = verdict(message);
                        return if interrupted { end.and(Err(DumpError::Cut)) } else { end };
                    }
                    _ => row(message.payload),
                }
            }
        }
    }

    /// Asks for one thing: what `read` makes of its payload, or the kernel's error.
    pub(super) fn get<T>(
        &mut self,
        kind: u16,
        request: &[u8],
        read: impl Fn(&[u8]) -> T,
    ) -> Result<Result<T, Errno>, DumpError> {
        self.ask(kind, NLM_F_REQUEST, request)?;
        loop {
            let kept = self.receive()?;
            for message in Messages(&self.buffer[..kept]) {
                let message = message.ok_or(DumpError::Cut)?;
                match message.kind {
                    _ if message.sequence != self.sequence => {}
                    NLMSG_ERROR => return Ok(Err(Errno::from_raw_os_error(error(message).saturating_neg()))),
                    _ => return Ok(Ok(read(message.payload))),
                }
            }
        }
    }

    fn receive(&mut self) -> Result<usize, DumpError> {
        let received = retry_on_intr(|| recv(&self.socket, &mut self.buffer[..], RecvFlags::TRUNC));
        // ENOBUFS: the kernel had no room; EAGAIN: our patience; a longer message than our buffer was cut.
        let (kept, full) = received.map_err(|_| DumpError::Cut)?;
        if full > kept || kept == 0 { Err(DumpError::Cut) } else { Ok(kept) }
    }

    fn ask(&mut self, kind: u16, flags: u16, request: &[u8]) -> Result<(), DumpError> {
        self.sequence = self.sequence.wrapping_add(1);
        let length = HEADER + request.len();
        let mut message = Vec::with_capacity(length);
        message.extend_from_slice(&u32::try_from(length).unwrap_or(u32::MAX).to_ne_bytes());
        message.extend_from_slice(&kind.to_ne_bytes());
        message.extend_from_slice(&flags.to_ne_bytes());
        message.extend_from_slice(&self.sequence.to_ne_bytes());
        message.extend_from_slice(&0_u32.to_ne_bytes());
        message.extend_from_slice(request);
        retry_on_intr(|| send(&self.socket, &message, SendFlags::empty())).map_err(classify)?;
        Ok(())
    }
}

/// One message of a datagram.
#[derive(Clone, Copy)]
pub(super) struct Message<'a> {
    kind: u16,
    flags: u16,
    sequence: u32,
    pub(super) payload: &'a [u8],
}

/// The messages of a datagram; `None` for one that is longer than the datagram.
pub(super) struct Messages<'a>(&'a [u8]);

impl<'a> Messages<'a> {
    pub(super) fn of(datagram: &'a [u8]) -> Self {
        Self(datagram)
    }
}

impl<'a> Iterator for Messages<'a> {
    type Item = Option<Message<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let message = first_message(self.0);
        // Messages start at multiples of four (NLMSG_ALIGN).
        let taken = message.map_or(self.0.len(), |message| (HEADER + message.payload.len()).next_multiple_of(4));
        self.0 = self.0.get(taken..).unwrap_or_default();
        Some(message)
    }
}

fn first_message(bytes: &[u8]) -> Option<Message<'_>> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let (kind, rest) = rest.split_first_chunk::<2>()?;
    let (flags, rest) = rest.split_first_chunk::<2>()?;
    let sequence = rest.first_chunk::<4>()?;
    let length = usize::try_from(u32::from_ne_bytes(*length)).ok()?;
    Some(Message {
        kind: u16::from_ne_bytes(*kind),
        flags: u16::from_ne_bytes(*flags),
        sequence: u32::from_ne_bytes(*sequence),
        payload: bytes.get(HEADER..length)?,
    })
}

/// What the last message says: both kinds begin with a negative error number or 0.
fn verdict(message: Message<'_>) -> Result<(), DumpError> {
    match (error(message), message.kind) {
        (0, NLMSG_DONE) => Ok(()),
        // An acknowledgement, which we did not ask for, is no end of a listing.
        (0, _) => Err(DumpError::Cut),
        (error, _) => Err(classify(Errno::from_raw_os_error(error.saturating_neg()))),
    }
}

fn error(message: Message<'_>) -> i32 {
    message.payload.first_chunk::<4>().map_or(0, |bytes| i32::from_ne_bytes(*bytes))
}

/// Refusals stay; everything else (no memory, interrupted, busy) may go well the next time.
fn classify(error: Errno) -> DumpError {
    match error {
        Errno::ACCESS
        | Errno::PERM
        | Errno::NOENT
        | Errno::INVAL
        | Errno::NOSYS
        | Errno::OPNOTSUPP
        | Errno::PROTONOSUPPORT
        | Errno::SOCKTNOSUPPORT
        | Errno::AFNOSUPPORT
        | Errno::CONNREFUSED => DumpError::Refused(error),
        _ => DumpError::Cut,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(kind: u16, payload: &[u8]) -> Vec<u8> {
        let mut bytes = u32::try_from(HEADER + payload.len()).unwrap_or(0).to_ne_bytes().to_vec();
        bytes.extend_from_slice(&kind.to_ne_bytes());
        bytes.extend_from_slice(&0_u16.to_ne_bytes());
        bytes.extend_from_slice(&7_u32.to_ne_bytes());
        bytes.extend_from_slice(&0_u32.to_ne_bytes());
        bytes.extend_from_slice(payload);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        bytes
    }

    /// A kernel of our own at the other end: sends these datagrams in answer to whatever is asked first.
    fn answered(datagrams: &[Vec<u8>]) -> (Result<(), DumpError>, Vec<u8>) {
        use rustix::net::{SocketFlags, socketpair};
        let Ok((ours, theirs)) = socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)
        else {
            panic!("no pair of sockets")
        };
        for datagram in datagrams {
            assert_eq!(send(&theirs, datagram, SendFlags::empty()), Ok(datagram.len()));
        }
        set_socket_timeout(&ours, Timeout::Recv, Some(Duration::from_millis(50))).ok();
        // `ask` counts up to 7, the sequence of `message`.
        let mut netlink = Netlink { socket: ours, sequence: 6, buffer: vec![0; BUFFER] };
        let mut rows = Vec::new();
        let outcome = netlink.dump(18, &[], |payload| rows.extend(payload.first()));
        (outcome, rows)
    }

    fn flagged(mut message: Vec<u8>, flags: u16) -> Vec<u8> {
        message[6..8].copy_from_slice(&flags.to_ne_bytes());
        message
    }

    /// Whatever breaks a listing off, what came is kept, and it never passes for whole.
    #[test]
    fn a_listing_is_whole_only_if_nothing_broke_it() {
        let done = || message(NLMSG_DONE, &0_i32.to_ne_bytes());
        let row = |number: u8| message(18, &[number; 72]);
        let check = |what: &str, datagrams: &[Vec<u8>], expected: (Result<(), DumpError>, Vec<u8>)| {
            assert_eq!(answered(datagrams), expected, "{what}");
        };
        let both = || [row(1), row(2)].concat();
        check("two parts", &[row(1), row(2), done()], (Ok(()), vec![1, 2]));
        check("one part", &[both(), done()], (Ok(()), vec![1, 2]));
        check("no end within our patience", &[both()], (Err(DumpError::Cut), vec![1, 2]));
        check("interrupted", &[flagged(row(1), NLM_F_DUMP_INTR), row(2), done()], (Err(DumpError::Cut), vec![1, 2]));
        check("interrupted at the end", &[row(1), flagged(done(), NLM_F_DUMP_INTR)], (Err(DumpError::Cut), vec![1]));
        check("overrun", &[row(1), message(NLMSG_OVERRUN, &[]), done()], (Err(DumpError::Cut), vec![1]));
        let no_room = message(NLMSG_ERROR, &(-Errno::NOBUFS.raw_os_error()).to_ne_bytes());
        check("no room", &[row(1), no_room], (Err(DumpError::Cut), vec![1]));
        check("a message cut short", &[row(1), row(2)[..40].to_vec()], (Err(DumpError::Cut), vec![1]));
        check("a datagram longer than our room", &[row(1), vec![0; BUFFER + 4]], (Err(DumpError::Cut), vec![1]));
        let stranger = |mut message: Vec<u8>| {
            message[8..12].copy_from_slice(&6_u32.to_ne_bytes());
            message
        };
        check("the rest of another listing", &[stranger(row(9)), stranger(done()), row(1), done()], (Ok(()), vec![1]));
        let refused = message(NLMSG_ERROR, &(-Errno::PERM.raw_os_error()).to_ne_bytes());
        check("refused", &[refused], (Err(DumpError::Refused(Errno::PERM)), vec![]));
    }

    #[test]
    fn messages_are_told_apart_at_multiples_of_four() {
        let mut datagram = message(18, &[1, 2, 3]);
        datagram.extend(message(18, &[4; 8]));
        let payloads: Vec<_> =
            Messages(&datagram).map(|message| message.map(|message| message.payload.to_vec())).collect();
        assert_eq!(payloads, [Some(vec![1, 2, 3]), Some(vec![4; 8])]);
    }

    #[test]
    fn a_message_longer_than_its_datagram_is_a_cut() {
        let datagram = message(18, &[4; 8]);
        let mut messages = Messages(&datagram[..20]);
        assert!(matches!(messages.next(), Some(None)));
        assert!(messages.next().is_none());
    }

    #[test]
    fn only_done_without_error_is_a_whole_listing() {
        let check = |kind, error: i32, expected| {
            let payload = error.to_ne_bytes();
            let message = Message { kind, flags: 0, sequence: 0, payload: &payload };
            assert_eq!(verdict(message), expected, "type {kind}, error {error}");
        };
        check(NLMSG_DONE, 0, Ok(()));
        check(NLMSG_DONE, -Errno::NOMEM.raw_os_error(), Err(DumpError::Cut));
        check(NLMSG_DONE, -Errno::INTR.raw_os_error(), Err(DumpError::Cut));
        check(NLMSG_ERROR, 0, Err(DumpError::Cut));
        check(NLMSG_ERROR, -Errno::NOBUFS.raw_os_error(), Err(DumpError::Cut));
        check(NLMSG_ERROR, -Errno::PERM.raw_os_error(), Err(DumpError::Refused(Errno::PERM)));
        check(NLMSG_ERROR, -Errno::NOENT.raw_os_error(), Err(DumpError::Refused(Errno::NOENT)));
    }
}
