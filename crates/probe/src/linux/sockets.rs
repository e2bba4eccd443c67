//! The socket source of Linux: each look compares the kernel's rows with the last look's, byte by byte, and tells only
//! what differs.

mod book;

#[cfg(test)]
mod tests;

use quaymaster_core::{Change, Sample, Trouble, UnixMillis};
use rustix::process::geteuid;

use self::book::Book;
use super::hash::NumberMap;
use super::listing::{Listing, Outcome, Tables};
use super::owners::{Errand, OwnerIndex, OwnerStats};
use super::procfs::ProcFs;
use crate::SocketSource;

/// Sockets by NETLINK_SOCK_DIAG (`man 7 sock_diag`), owners by `/proc`.
pub struct Sockets {
    tables: Tables,
    book: Book,
    /// `None` where there is no `/proc`: then no socket has a known owner.
    owners: Option<OwnerIndex>,
}

impl Default for Sockets {
    fn default() -> Self {
        Self::new()
    }
}

impl Sockets {
    /// A source that has seen nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::with(Tables::new())
    }

    /// The fallback alone: tables from `/proc/net`.
    #[doc(hidden)]
    #[must_use]
    pub fn from_text() -> Self {
        Self::with(Tables::Text)
    }

    /// What finding owners has cost so far.
    #[must_use]
    pub fn owner_stats(&self) -> OwnerStats {
        self.owners.as_ref().map(OwnerIndex::stats).unwrap_or_default()
    }

    fn with(tables: Tables) -> Self {
        let owners = ProcFs::open().ok().map(|proc| OwnerIndex::new(proc, geteuid().as_raw()));
        Self { tables, book: Book::default(), owners }
    }

    /// Reads all listings into the book. Returns which of them came to their end.
    fn list(&mut self, now: UnixMillis, troubles: &mut Vec<Trouble>) -> Vec<Listing> {
        let mut whole = Vec::with_capacity(Listing::ALL.len());
        for listing in Listing::ALL {
            let book = &mut self.book;
            let outcome = self.tables.list(listing, |number, header, v6_only| {
                book.sight(number, &header, v6_only, listing, now);
            });
            match outcome {
                Outcome::Whole => whole.push(listing),
                Outcome::Cut => troubles.push(Trouble::Truncated),
                Outcome::Unreadable(os_error) => troubles.push(Trouble::Unreadable { what: listing.name(), os_error }),
                Outcome::Moved => {
                    self.book = Book::default();
                    return self.list(now, troubles);
                }
            }
        }
        whole
    }

    fn find_owners(&mut self, now: UnixMillis, troubles: &mut Vec<Trouble>) {
        let Some(owners) = &mut self.owners else {
            troubles
                .push(Trouble::Unreadable { what: "process list", os_error: rustix::io::Errno::NOENT.raw_os_error() });
            return;
        };
        let appeared = self.book.appeared();
        let hints = if appeared.is_empty() { Vec::new() } else { self.book.hints(owners) };
        let (book, tables) = (&self.book, &mut self.tables);
        let mut errand = Errand {
            now: now.0,
            appeared: &appeared,
            hints: &hints,
            open: &|inode| book.uid(inode),
            still_open: &mut |inode| book.still_open(inode, tables),
        };
        for inode in owners.update(&mut errand) {
            self.book.owner_moved(inode);
        }
        if owners.hidden() {
            troubles.push(Trouble::ProcessesHidden);
        }
        if let Some(error) = owners.trouble() {
            troubles.push(Trouble::Unreadable { what: "process list", os_error: error.raw_os_error() });
        }
    }
}

impl SocketSource for Sockets {
    fn look(&mut self, now: UnixMillis) -> Sample {
        let mut troubles = Vec::new();
        self.book.begin();
        let whole = self.list(now, &mut troubles);
        self.tables.settle();
        let closed = self.book.sweep(&whole, &mut self.tables);
        self.find_owners(now, &mut troubles);
        let mut changes: Vec<Change> = closed.into_iter().map(Change::Closed).collect();
        self.book.tell(self.owners.as_ref(), &self.tables, &mut changes);
        if self.tables.is_fallback() {
            troubles.push(Trouble::NetlinkRefused);
        }
        troubles.dedup();
        Sample { taken_at: now, changes, troubles }
    }
}

/// By a number of the kernel's.
type ByNumber<T> = NumberMap<u64, T>;
