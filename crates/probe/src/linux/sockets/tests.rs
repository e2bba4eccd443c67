//! The book on rows that are made up: what is told, and when.

use quaymaster_core::{Change, Owner, OwnerGap, SocketKey, TcpState, UnixMillis};

use super::super::diag::AF_INET;
use super::super::header::{Header, Parts, Raw};
use super::super::listing::{Listing, Tables};
use super::Sockets;
use super::book::{Book, Owners};
use crate::SocketSource as _;

fn row(state: u8, expires: u32, receive: u32) -> Raw {
    Header::build(&parts(state, expires, receive))
}

fn parts(state: u8, expires: u32, receive: u32) -> Parts {
    let local = ([127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 80);
    Parts { family: AF_INET, state, local, remote: local, expires, receive, send: 0, uid: 7, inode: 0 }
}

/// One look that shows these rows of TCP and comes to the end of these listings.
fn look(book: &mut Book, rows: &[(u64, Raw)], whole: &[Listing]) -> Vec<Change> {
    let (mut tables, mut changes) = (Tables::Text, Vec::new());
    Listing::ALL.iter().for_each(|listing| book.begin(*listing));
    for (number, raw) in rows {
        book.sight(Listing::Tcp, &Header::numbered(*raw, *number), &[], UnixMillis(1_000));
    }
    for listing in Listing::ALL {
        book.sweep(listing, whole.contains(&listing), &mut tables, None, &mut changes);
    }
    book.tell(Owners::Nowhere, &tables, &mut changes);
    changes
}

const ESTABLISHED: u8 = 1;
const TIME_WAIT: u8 = 6;
const LISTEN: u8 = 10;

#[test]
fn timers_are_no_news_and_queues_are() {
    let mut book = Book::default();
    assert!(matches!(look(&mut book, &[(1, row(ESTABLISHED, 0, 0))], &[Listing::Tcp])[..], [Change::Opened(_)]));
    assert_eq!(look(&mut book, &[(1, row(ESTABLISHED, 500, 0))], &[Listing::Tcp]), []);
    assert!(matches!(look(&mut book, &[(1, row(ESTABLISHED, 400, 9))], &[Listing::Tcp])[..], [Change::Changed(_)]));
}

#[test]
fn a_row_that_is_named_twice_is_one() {
    let mut book = Book::default();
    let twice = [(1, row(ESTABLISHED, 0, 0)), (1, row(ESTABLISHED, 0, 0))];
    assert_eq!(look(&mut book, &twice, &[Listing::Tcp]).len(), 1);
    assert_eq!(look(&mut book, &twice, &[Listing::Tcp]), []);
}

#[test]
fn a_listing_that_broke_off_closes_nothing() {
    let mut book = Book::default();
    look(&mut book, &[(1, row(ESTABLISHED, 0, 0)), (2, row(ESTABLISHED, 0, 0))], &Listing::ALL);
    for _ in 0..3 {
        assert_eq!(look(&mut book, &[(1, row(ESTABLISHED, 0, 0))], &[Listing::Udp4, Listing::Udp6]), []);
    }
}

#[test]
fn in_doubt_a_row_is_gone_when_it_lacks_twice() {
    let mut book = Book::default();
    let both = [(1, row(ESTABLISHED, 0, 0)), (2, row(ESTABLISHED, 0, 0))];
    look(&mut book, &both, &Listing::ALL);
    assert_eq!(look(&mut book, &both[..1], &Listing::ALL), []);
    assert_eq!(look(&mut book, &both, &Listing::ALL), [], "it was there");
    assert_eq!(look(&mut book, &both[..1], &Listing::ALL), []);
    assert!(matches!(look(&mut book, &both[..1], &Listing::ALL)[..], [Change::Closed(_)]));
    assert_eq!(look(&mut book, &both[..1], &Listing::ALL), []);
}

#[test]
fn the_end_of_time_wait_is_told_from_when_it_began() {
    let mut book = Book::default();
    look(&mut book, &[(1, row(ESTABLISHED, 77, 0))], &Listing::ALL);
    let changes = look(&mut book, &[(1, row(TIME_WAIT, 60_000, 0))], &Listing::ALL);
    let [Change::Changed(socket)] = &changes[..] else { panic!("{changes:?}") };
    assert_eq!((socket.state, socket.time_wait_until), (Some(TcpState::TimeWait), Some(UnixMillis(61_000))));
    assert_eq!(look(&mut book, &[(1, row(TIME_WAIT, 59_000, 0))], &Listing::ALL), []);
}

/// Whatever the kernel's order: rows come, go and stand elsewhere, and each is told once.
#[test]
fn the_order_of_a_listing_is_a_guess_and_no_more() {
    let mut book = Book::default();
    let rows = |numbers: &[u64]| -> Vec<(u64, Raw)> {
        numbers.iter().map(|number| (*number, row(ESTABLISHED, 0, u32::try_from(*number).unwrap_or(0)))).collect()
    };
    let opened = |changes: Vec<Change>| {
        let of = |change: &Change| match change {
            Change::Opened(socket) => socket.queues.map_or(0, |queues| queues.receive),
            other => panic!("{other:?}"),
        };
        changes.iter().map(of).collect::<Vec<_>>()
    };
    assert_eq!(opened(look(&mut book, &rows(&[1, 2, 3, 4]), &Listing::ALL)), [1, 2, 3, 4]);
    assert!(look(&mut book, &rows(&[4, 3, 2, 1]), &Listing::ALL).is_empty());
    assert_eq!(opened(look(&mut book, &rows(&[2, 5, 1, 3, 2, 4, 1]), &Listing::ALL)), [5]);
    assert!(look(&mut book, &rows(&[1, 2]), &Listing::ALL).is_empty(), "in doubt they stay");
    assert_eq!(look(&mut book, &rows(&[2, 1]), &Listing::ALL).len(), 3, "3, 4 and 5 are gone");
    assert_eq!(opened(look(&mut book, &rows(&[6, 2, 7, 1, 8]), &Listing::ALL)), [6, 7, 8], "slots are used again");
    assert!(look(&mut book, &rows(&[6, 2, 7, 1, 8]), &Listing::ALL).is_empty());
}

#[test]
fn a_listener_between_two_looks_is_told_once() {
    let mut book = Book::default();
    look(&mut book, &[(1, row(ESTABLISHED, 0, 0))], &Listing::ALL);
    let listener = Header::numbered(row(LISTEN, 0, 0), 2);
    let between = |book: &mut Book| {
        let mut changes = Vec::new();
        book.sight_listener(Listing::Tcp, &listener, &[], UnixMillis(1_000));
        book.tell(Owners::Nowhere, &Tables::Text, &mut changes);
        changes
    };
    assert!(matches!(between(&mut book)[..], [Change::Opened(_)]));
    assert_eq!(between(&mut book), []);
    let both = [(1, row(ESTABLISHED, 0, 0)), (2, row(LISTEN, 0, 0))];
    assert_eq!(look(&mut book, &both, &Listing::ALL), []);
    look(&mut book, &both[..1], &Listing::ALL);
    assert!(matches!(look(&mut book, &both[..1], &Listing::ALL)[..], [Change::Closed(_)]));
}

#[test]
fn sockets_come_first_where_owners_take_long() {
    let mut book = Book::default();
    let held = Header::build(&Parts { inode: 9, ..parts(ESTABLISHED, 0, 0) });
    book.begin(Listing::Tcp);
    book.sight(Listing::Tcp, &Header::numbered(held, 1), &[], UnixMillis(1_000));
    let mut changes = Vec::new();
    book.sweep(Listing::Tcp, true, &mut Tables::Text, None, &mut changes);
    book.tell(Owners::Later, &Tables::Text, &mut changes);
    let [Change::Opened(socket)] = &changes[..] else { panic!("{changes:?}") };
    assert_eq!(socket.owner, Owner::Unknown(OwnerGap::Pending));
    assert!(book.any_appeared(), "its owner is still to be found");
    book.owner_moved(9);
    changes.clear();
    book.tell(Owners::Nowhere, &Tables::Text, &mut changes);
    assert!(matches!(&changes[..], [Change::Changed(socket)] if matches!(socket.key, SocketKey::Tuple { .. })));
}

/// Where the kernel lets nobody hear its announcements, ends are told as ever, and nothing of what went through.
#[test]
fn without_announcements_nothing_is_counted() -> std::io::Result<()> {
    let listener = std::net::TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0))?;
    let client = std::net::TcpStream::connect(listener.local_addr()?)?;
    let server = listener.accept()?.0;
    let mut source = Sockets::with(Tables::new(), None);
    let opened = source.look(UnixMillis(1_000)).changes;
    let port = client.local_addr()?.port();
    let key = |change: &Change| match change {
        Change::Opened(socket) => socket.remote.is_some_and(|remote| remote.port == port).then_some(socket.key),
        _ => None,
    };
    let key = opened.iter().find_map(key);
    assert!(key.is_some());
    drop((client, server));
    let closes = |change: &Change| match change {
        Change::Closed(closed) => Some(*closed) == key,
        Change::Counted(..) => panic!("{change:?}"),
        Change::Opened(_) | Change::Changed(_) => false,
    };
    // The end that is closed second leaves nothing.
    assert!((2..200).any(|second| {
        let looked = source.look(UnixMillis(second * 1_000)).changes;
        looked.iter().chain(&source.listeners(UnixMillis(second * 1_000)).unwrap_or_default().changes).any(closes)
    }));
    Ok(())
}
