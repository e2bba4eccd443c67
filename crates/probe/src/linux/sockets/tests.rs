//! The book on rows that are made up: what is told, and when.

use quaymaster_core::{Change, TcpState, UnixMillis};

use super::super::diag::AF_INET;
use super::super::header::{Header, Parts};
use super::super::listing::{Listing, Tables};
use super::book::Book;

fn row(state: u8, expires: u32, receive: u32) -> Header {
    let local = ([127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 80);
    Header::build(&Parts { family: AF_INET, state, local, remote: local, expires, receive, send: 0, uid: 7, inode: 0 })
}

/// One look that shows these rows of TCP and comes to the end of these listings.
fn look(book: &mut Book, rows: &[(u64, Header)], whole: &[Listing]) -> Vec<Change> {
    let mut tables = Tables::Text;
    book.begin();
    for (number, header) in rows {
        book.sight(*number, header, None, Listing::Tcp, UnixMillis(1_000));
    }
    let mut changes = book.sweep(whole, &mut tables).into_iter().map(Change::Closed).collect();
    book.tell(None, &tables, &mut changes);
    changes
}

const ESTABLISHED: u8 = 1;
const TIME_WAIT: u8 = 6;

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
