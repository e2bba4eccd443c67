//! The socket source of Linux: each look compares the kernel's rows with the last look's, byte by byte, and tells only
//! what differs.

mod book;
mod course;
mod crews;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::time::Duration;

use quaymaster_core::{Change, Counters, Gap, Known, Protocol, Sample, SocketKey, Trouble, UnixMillis};
use rustix::process::geteuid;

use self::book::{Book, Owners};
use super::diag::{self, Which};
use super::header::{Header, cookie};
use super::listing::{Listing, Outcome, Tables};
use super::obituaries::Obituaries;
use super::owners::{Errand, OwnerIndex, OwnerStats};
use super::procfs::ProcFs;
use crate::SocketSource;

/// From so many rows on the first look tells sockets alone, and the next their owners: a person sees the table sooner.
const AT_ONCE: usize = 5_000;
/// Unconnected UDP sockets stand among all others in the kernel's tables, so that where there are thousands, each listing of them is dear
/// (20 000: 15 ms). Between two looks they are then listed the more rarely, with every so many of them.
const UDP_AT_EVERY_GLANCE: usize = 1_000;
/// Counters of more connections than this are read by listing all: asking for one costs about five times a row of a listing.
const ONE_BY_ONE: usize = 500;

/// Sockets by NETLINK_SOCK_DIAG (`man 7 sock_diag`), owners by `/proc`.
pub struct Sockets {
    tables: Tables,
    book: Book,
    /// Announcements of ends, where the kernel makes them.
    dead: Option<Obituaries>,
    /// `None` where there is no `/proc`: then no socket has a known owner.
    owners: Option<OwnerIndex>,
    looked: bool,
    /// Looks at listeners alone, so far.
    glances: usize,
    /// The first look has told its sockets, and nothing has been told of their owners yet.
    owners_put_off: bool,
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
        Self::with(Tables::new(), Obituaries::open())
    }

    /// The fallback alone: tables from `/proc/net`.
    #[doc(hidden)]
    #[must_use]
    pub fn from_text() -> Self {
        Self::with(Tables::Text, None)
    }

    /// What finding owners has cost so far.
    #[must_use]
    pub fn owner_stats(&self) -> OwnerStats {
        self.owners.as_ref().map(OwnerIndex::stats).unwrap_or_default()
    }

    /// Time on the wall that finding owners has taken so far.
    #[must_use]
    pub fn time_on_owners(&self) -> Duration {
        self.owners.as_ref().map(OwnerIndex::took).unwrap_or_default()
    }

    fn with(tables: Tables, dead: Option<Obituaries>) -> Self {
        let owners = ProcFs::open().ok().map(|proc| OwnerIndex::new(proc, geteuid().as_raw()));
        Self { tables, book: Book::default(), dead, owners, looked: false, glances: 0, owners_put_off: false }
    }

    /// Reads all listings into the book and takes out of it what is gone.
    fn list(&mut self, now: UnixMillis, changes: &mut Vec<Change>, troubles: &mut Vec<Trouble>) {
        let mut whole = [true; Listing::ALL.len()];
        for listing in Listing::ALL {
            self.book.begin(listing);
            let book = &mut self.book;
            let outcome = self.tables.list(listing, Which::All, |raw, attributes| {
                book.sight(listing, raw, attributes, now);
            });
            whole[listing as usize] = outcome == Outcome::Whole;
            match outcome {
                Outcome::Whole => {}
                Outcome::Cut => troubles.push(Trouble::Truncated),
                Outcome::Unreadable(os_error) => troubles.push(Trouble::Unreadable { what: listing.name(), os_error }),
                Outcome::Moved => {
                    self.book = Book::default();
                    self.dead = None;
                    return self.list(now, changes, troubles);
                }
            }
        }
        self.tables.settle();
        if let Some(dead) = &mut self.dead {
            dead.read(|number| self.book.knows(number));
            self.book.count_gone(dead, changes);
            self.book.give_up();
        }
        for listing in Listing::ALL {
            self.book.sweep(listing, whole[listing as usize], &mut self.tables, self.dead.as_ref(), changes);
        }
    }

    /// Puts before the closings what went through the connections that have ended. Comes as late in a look as it may, for the kernel
    /// announces an end a moment after it.
    fn count(&mut self, changes: &mut Vec<Change>) {
        let Some(dead) = &mut self.dead else { return };
        if dead.is_empty() && !self.book.any_gone() {
            return;
        }
        dead.read(|number| self.book.knows(number));
        let mut counted = Vec::new();
        self.book.count_gone(dead, &mut counted);
        self.book.count_left_over(dead, &self.tables, &mut counted);
        if !counted.is_empty() {
            counted.append(changes);
            *changes = counted;
        }
        self.forget_the_dead();
    }

    /// What is still in the book was named before it died, and is missing from the next listing, or shown as what is left of it.
    fn forget_the_dead(&mut self) {
        if let Some(dead) = &mut self.dead {
            dead.keep(|number| self.book.knows(number));
        }
    }

    /// `rounds`: processes whose turn has come are read again too.
    fn find_owners(&mut self, now: UnixMillis, rounds: bool, troubles: &mut Vec<Trouble>) {
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
            rounds,
            appeared: &appeared,
            hints: &hints,
            lost: &self.book.lost(),
            open: &|inode| book.uid(inode),
            still_open: &mut |inode| book.still_open(inode, tables),
        };
        let moved = owners.update(&mut errand);
        self.book.sought();
        for inode in moved {
            self.book.owner_moved(inode);
        }
        if owners.hidden() {
            troubles.push(Trouble::ProcessesHidden);
        }
        if let Some(error) = owners.trouble() {
            troubles.push(Trouble::Unreadable { what: "process list", os_error: error.raw_os_error() });
        }
    }

    fn tell(&mut self, changes: &mut Vec<Change>) {
        let owners = self.owners.as_ref().map_or(Owners::Nowhere, Owners::Index);
        self.book.tell(owners, &self.tables, changes);
    }

    /// Whether this look at listeners leaves a listing out.
    fn is_spared(&self, listing: Listing) -> bool {
        let one_in = 1 + self.book.rows_of(listing) / UDP_AT_EVERY_GLANCE;
        listing != Listing::Tcp && !self.glances.is_multiple_of(one_in)
    }

    /// The counters of all connections, by cookie.
    fn all_counters(&mut self) -> HashMap<u64, Counters> {
        let mut all = HashMap::new();
        self.tables.list(Listing::Tcp, Which::Counted, |raw, attributes| {
            all.extend(diag::counters(attributes).map(|counters| (cookie(raw), counters)));
        });
        all
    }

    fn counters_of(&mut self, key: &SocketKey) -> Known<Counters> {
        let header = self.countable(key)?;
        self.tables.counters(&header).ok_or(Gap::Gone)
    }

    /// The row of a key whose connection the kernel counts.
    fn countable(&self, key: &SocketKey) -> Known<Header> {
        let SocketKey::Cookie(cookie) = key else { return Err(Gap::Unsupported) };
        let (listing, header) = self.book.header(*cookie).ok_or(Gap::Gone)?;
        let counts = listing.protocol() == Protocol::Tcp && header.inode() != 0 && header.ends().1.is_some();
        if counts { Ok(*header) } else { Err(Gap::Unsupported) }
    }
}

impl SocketSource for Sockets {
    fn look(&mut self, now: UnixMillis) -> Sample {
        let (mut changes, mut troubles) = (Vec::new(), Vec::new());
        // The rest of a look that was told in two parts reads no sockets again.
        if !std::mem::take(&mut self.owners_put_off) {
            self.list(now, &mut changes, &mut troubles);
        }
        let first = !std::mem::replace(&mut self.looked, true);
        if first && self.book.len() > AT_ONCE {
            self.owners_put_off = true;
            self.book.tell(Owners::Later, &self.tables, &mut changes);
        } else {
            self.find_owners(now, true, &mut troubles);
            self.count(&mut changes);
            self.tell(&mut changes);
        }
        if self.tables.is_fallback() {
            troubles.push(Trouble::NetlinkRefused);
        }
        troubles.dedup();
        Sample { taken_at: now, changes, troubles }
    }

    fn listeners(&mut self, now: UnixMillis) -> Option<Sample> {
        if !self.looked || self.tables.is_fallback() {
            return None;
        }
        self.glances = self.glances.wrapping_add(1);
        let (mut changes, mut troubles) = (Vec::new(), Vec::new());
        for listing in Listing::ALL {
            if self.is_spared(listing) {
                continue;
            }
            let book = &mut self.book;
            self.tables.list(listing, Which::Listeners, |raw, attributes| {
                book.sight_listener(listing, raw, attributes, now);
            });
        }
        if let Some(dead) = &mut self.dead {
            dead.read(|number| self.book.knows(number));
            self.book.count_gone(dead, &mut changes);
            self.book.bury(dead, &self.tables, &mut changes);
        }
        self.forget_the_dead();
        if self.book.any_appeared() {
            self.find_owners(now, false, &mut troubles);
        }
        self.tell(&mut changes);
        Some(Sample { taken_at: now, changes, troubles })
    }

    fn counters(&mut self, keys: &[SocketKey]) -> Vec<Known<Counters>> {
        if keys.len() <= ONE_BY_ONE {
            return keys.iter().map(|key| self.counters_of(key)).collect();
        }
        let all = self.all_counters();
        let of = |key: &SocketKey| {
            let header = self.countable(key)?;
            all.get(&header.number()).copied().ok_or(Gap::Gone)
        };
        keys.iter().map(of).collect()
    }
}
