//! The rows of the last look, and what became of them in this one.

use quaymaster_core::{Change, Holders, Owner, OwnerGap, Socket, SocketKey, UnixMillis};

use super::super::diag::{self, Fate};
use super::super::hash::NumberMap;
use super::super::header::{self, Beside, Header, Raw};
use super::super::listing::{Listing, Tables};
use super::super::obituaries::{Life, Obituaries};
use super::super::owners::{OwnerIndex, Sought};
use super::course::Course;
use super::crews::{Crews, PENDING};

/// All rows, each in a slot of its own for as long as it is there.
#[derive(Default)]
pub(super) struct Book {
    rows: Vec<Row>,
    /// Slots without a row.
    free: Vec<u32>,
    /// The slot of each row by the kernel's number.
    slots: NumberMap<u64, u32>,
    /// The slot of the row that has a descriptor's inode.
    by_inode: NumberMap<u32, u32>,
    /// A listener of each port, by inode: whoever holds it is likely to hold what connects to the port.
    listeners: NumberMap<u16, u32>,
    courses: [Course; 3],
    crews: Crews,
    /// When each TIME_WAIT ends, by slot.
    ends: NumberMap<u32, UnixMillis>,
    /// Slots of rows that appeared or differ, in the order of the listing.
    moved: Vec<u32>,
    /// Inodes that are new since owners were sought last.
    appeared: Vec<u32>,
    /// Inodes that are gone since then.
    lost: Vec<u32>,
    /// Connections that the last look found gone and that nobody has counted, as they were seen last, by number.
    gone: NumberMap<u64, (SocketKey, Header)>,
}

/// 88 bytes: there may be 200 000, and a quiet look reads them all.
struct Row {
    header: Header,
    /// Where it stands in the course of its listing.
    place: u32,
    /// The owner as it was told last, in [`Book::crews`].
    owner: u32,
    listing: Listing,
    v6_only: Option<bool>,
    /// The last look lacked it, and nobody could say whether it was there.
    missed: bool,
    /// Told to somebody already.
    told: bool,
    /// Why it is among the moved, if it is.
    note: Note,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Note {
    #[default]
    None,
    /// Its owner may be another.
    Owner,
    /// It is new or its header differs.
    Header,
}

/// Who is asked for the holders of what is told.
#[derive(Clone, Copy)]
pub(super) enum Owners<'a> {
    Index(&'a OwnerIndex),
    /// Nobody yet: the sockets come first.
    Later,
    /// Nobody: there is no `/proc`.
    Nowhere,
}

impl Owners<'_> {
    /// `None` if the last answer stands.
    fn of(self, header: &Header) -> Option<Owner> {
        match (header.inode(), self) {
            (0, _) => Some(Owner::Kernel(Holders::NOBODY)),
            (inode, Self::Index(index)) => index.owner(inode, header.uid()),
            (_, Self::Later) => None,
            (_, Self::Nowhere) => Some(Owner::Unknown(OwnerGap::NotReported)),
        }
    }
}

impl Book {
    /// A listing begins.
    pub(super) fn begin(&mut self, listing: Listing) {
        self.courses[listing as usize].begin();
    }

    /// A whole listing names a row.
    pub(super) fn sight(&mut self, listing: Listing, raw: &Raw, attributes: &[u8], now: UnixMillis) {
        let number = header::cookie(raw);
        let course = &mut self.courses[listing as usize];
        let guess = course.guess().filter(|slot| self.rows[*slot as usize].header.number() == number);
        let Some(slot) = guess.or_else(|| self.slots.get(&number).copied()) else {
            let slot = self.open(listing, raw, attributes, now);
            self.rows[slot as usize].place = self.courses[listing as usize].join(slot);
            return;
        };
        let row = &mut self.rows[slot as usize];
        if row.listing == listing {
            if let Some(place) = course.pass(slot, row.place) {
                row.place = place;
                row.missed = false;
            }
        } else {
            // An IPv6 socket may become one of IPv4 (IPV6_ADDRFORM).
            let (before, place) = (std::mem::replace(&mut row.listing, listing), row.place);
            row.place = course.join(slot);
            row.missed = false;
            self.courses[before as usize].vacate(place);
        }
        if self.rows[slot as usize].header.differs(raw) {
            self.change(slot, raw, attributes, now);
        }
    }

    /// A listing of listeners alone names one.
    pub(super) fn sight_listener(&mut self, listing: Listing, raw: &Raw, attributes: &[u8], now: UnixMillis) {
        match self.slots.get(&header::cookie(raw)) {
            Some(&slot) if self.rows[slot as usize].header.differs(raw) => self.change(slot, raw, attributes, now),
            Some(_) => {}
            None => {
                let slot = self.open(listing, raw, attributes, now);
                self.rows[slot as usize].place = self.courses[listing as usize].append(slot);
            }
        }
    }

    /// A listing is done. If it came to its end, the rows that it lacked and that are not there either when asked for are
    /// forgotten, and their keys named; else they all stay.
    pub(super) fn sweep(
        &mut self,
        listing: Listing,
        whole: bool,
        tables: &mut Tables,
        dead: Option<&Obituaries>,
        changes: &mut Vec<Change>,
    ) {
        if !self.courses[listing as usize].is_complete() {
            for slot in self.lacking(listing) {
                let row = &mut self.rows[slot as usize];
                let announced = row.listens() && dead.is_some_and(|dead| dead.has(row.header.number()));
                let fate = match (whole, announced) {
                    (false, _) => None,
                    (true, true) => Some(Fate::Gone),
                    (true, false) => Some(tables.fate(listing.protocol(), &row.header)),
                };
                if fate.is_some_and(|fate| row.is_gone(fate)) {
                    let header = row.header;
                    let key = self.forget(slot, tables);
                    changes.extend(key.map(Change::Closed));
                    // What is left of a connection is not announced when it goes.
                    let counts = listing == Listing::Tcp && header.ends().1.is_some() && !header.is_left_over();
                    if dead.is_some() && counts {
                        self.gone.extend(key.map(|key| (header.number(), (key, header))));
                    }
                } else {
                    row.place = self.courses[listing as usize].stay(slot);
                }
            }
        }
        self.courses[listing as usize].end();
    }

    /// Forgets listeners that the kernel has announced the end of. What a connection leaves behind is shown only by the
    /// next whole listing; told before, its end would look like a gap.
    pub(super) fn bury(&mut self, dead: &Obituaries, tables: &Tables, changes: &mut Vec<Change>) {
        let slots = dead.all().filter_map(|number| self.slots.get(&number).copied());
        for slot in slots.filter(|slot| self.rows[*slot as usize].listens()).collect::<Vec<_>>() {
            let row = &self.rows[slot as usize];
            self.courses[row.listing as usize].vacate(row.place);
            changes.extend(self.forget(slot, tables).map(Change::Closed));
        }
    }

    /// Whether the end of this number's socket is news to anybody.
    pub(super) fn knows(&self, number: u64) -> bool {
        self.slots.contains_key(&number) || self.gone.contains_key(&number)
    }

    /// Whether anybody is gone and not counted.
    pub(super) fn any_gone(&self) -> bool {
        !self.gone.is_empty()
    }

    /// Whoever is gone and not counted never will be.
    pub(super) fn give_up(&mut self) {
        self.gone = NumberMap::default();
    }

    /// What went through the connections that the last look found gone, as far as that has been announced.
    pub(super) fn count_gone(&mut self, dead: &mut Obituaries, changes: &mut Vec<Change>) {
        let listeners = &self.listeners;
        self.gone.retain(|number, (key, header)| {
            let opened = !listeners.contains_key(&header.local_port());
            let bytes = dead.take(*number).map(|life| life.of_gone(header.was_left(), opened));
            changes.extend(bytes.map(|bytes| Change::Counted(*key, bytes)));
            bytes.is_none()
        });
    }

    /// What went through the connections of which something is left, as far as that has been announced. Of a row that nobody was
    /// told of, it is forgotten.
    pub(super) fn count_left_over(&self, dead: &mut Obituaries, tables: &Tables, changes: &mut Vec<Change>) {
        let row = |number: &u64| self.rows.get(*self.slots.get(number)? as usize);
        let left: Vec<u64> =
            dead.all().filter(|number| row(number).is_some_and(|row| row.header.is_left_over())).collect();
        for number in left {
            let bytes = dead.take(number).map(Life::of_left_over);
            let told = row(&number).filter(|row| row.told);
            let key = told.map(|row| tables.key(row.listing.protocol(), &row.header));
            changes.extend(key.zip(bytes).map(|(key, bytes)| Change::Counted(key, bytes)));
        }
    }

    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    /// How many the last whole listing named.
    pub(super) fn rows_of(&self, listing: Listing) -> usize {
        self.courses[listing as usize].len()
    }

    /// The row of this number.
    pub(super) fn header(&self, number: u64) -> Option<(Listing, &Header)> {
        let row = self.rows.get(*self.slots.get(&number)? as usize)?;
        Some((row.listing, &row.header))
    }

    /// Sockets whose holders are to be found.
    pub(super) fn appeared(&self) -> Vec<Sought> {
        self.appeared.iter().filter_map(|inode| Some(Sought { inode: *inode, uid: self.uid(*inode)? })).collect()
    }

    /// PIDs that are likely to hold what appeared: who holds the listener of the same port.
    pub(super) fn hints(&self, owners: &OwnerIndex) -> Vec<u32> {
        let rows = self.appeared.iter().filter_map(|inode| self.rows.get(*self.by_inode.get(inode)? as usize));
        let listeners = rows.filter_map(|row| self.listeners.get(&row.header.local_port()));
        let mut inodes: Vec<u32> = listeners.copied().collect();
        inodes.sort_unstable();
        inodes.dedup();
        inodes.iter().flat_map(|inode| owners.pids(*inode)).collect()
    }

    /// Inodes that no open socket has any more, since owners were sought last.
    pub(super) fn lost(&self) -> Vec<u32> {
        self.lost.iter().copied().filter(|inode| !self.by_inode.contains_key(inode)).collect()
    }

    /// Owners have been sought: what appeared and went before is settled.
    pub(super) fn sought(&mut self) {
        self.appeared.clear();
        self.lost.clear();
    }

    /// The user of the open socket with this inode.
    pub(super) fn uid(&self, inode: u32) -> Option<u32> {
        Some(self.rows.get(*self.by_inode.get(&inode)? as usize)?.header.uid())
    }

    /// Whether the socket that the look showed with this inode has it still.
    pub(super) fn still_open(&self, inode: u32, tables: &mut Tables) -> bool {
        let row = self.by_inode.get(&inode).and_then(|slot| self.rows.get(*slot as usize));
        row.is_some_and(|row| match tables.fate(row.listing.protocol(), &row.header) {
            Fate::There(now) => now == inode,
            Fate::Gone => false,
            Fate::Unsure => true,
        })
    }

    /// The answer about this socket's holders may be another now.
    pub(super) fn owner_moved(&mut self, inode: u32) {
        let Some(&slot) = self.by_inode.get(&inode) else { return };
        let row = &mut self.rows[slot as usize];
        if row.note == Note::None {
            row.note = Note::Owner;
            self.moved.push(slot);
        }
    }

    /// Whether any socket has come whose holders have not been sought.
    pub(super) fn any_appeared(&self) -> bool {
        !self.appeared.is_empty()
    }

    /// Tells what appeared or differs.
    pub(super) fn tell(&mut self, owners: Owners<'_>, tables: &Tables, changes: &mut Vec<Change>) {
        let moved = std::mem::take(&mut self.moved);
        changes.reserve_exact(moved.len());
        for slot in moved {
            let row = &mut self.rows[slot as usize];
            let note = std::mem::take(&mut row.note);
            let other = owners.of(&row.header).is_some_and(|owner| self.crews.exchange(&mut row.owner, owner));
            if note == Note::None || note == Note::Owner && !other {
                continue;
            }
            let first = !std::mem::replace(&mut row.told, true);
            let socket = self.socket(slot, tables);
            changes.push(if first { Change::Opened(socket) } else { Change::Changed(socket) });
        }
    }

    /// Rows that the last whole listing had, or that came since, and that this one lacks.
    fn lacking(&self, listing: Listing) -> Vec<u32> {
        let course = &self.courses[listing as usize];
        let lacks = |slot: &u32| {
            let row = &self.rows[*slot as usize];
            row.listing == listing && !course.has(*slot, row.place)
        };
        course.last().filter(lacks).collect()
    }

    fn open(&mut self, listing: Listing, raw: &Raw, attributes: &[u8], now: UnixMillis) -> u32 {
        let header = Header::of(raw);
        let row = Row {
            header,
            place: 0,
            owner: PENDING,
            listing,
            v6_only: diag::v6_only(raw, attributes),
            missed: false,
            told: false,
            note: Note::Header,
        };
        let slot = match self.free.pop() {
            Some(slot) => {
                self.rows[slot as usize] = row;
                slot
            }
            None => {
                self.rows.push(row);
                u32::try_from(self.rows.len() - 1).unwrap_or(u32::MAX)
            }
        };
        if header.in_time_wait() {
            self.ends.insert(slot, ends(raw, now));
        }
        self.slots.insert(header.number(), slot);
        self.moved.push(slot);
        self.link(&header, slot, listing);
        slot
    }

    fn change(&mut self, slot: u32, raw: &Raw, attributes: &[u8], now: UnixMillis) {
        let settled = Header::of(raw);
        let row = &mut self.rows[slot as usize];
        let before = std::mem::replace(&mut row.header, settled);
        row.v6_only = diag::v6_only(raw, attributes).or(row.v6_only);
        if std::mem::replace(&mut row.note, Note::Header) == Note::None {
            self.moved.push(slot);
        }
        let listing = row.listing;
        if settled.in_time_wait() {
            self.ends.entry(slot).or_insert_with(|| ends(raw, now));
        } else if before.in_time_wait() {
            self.ends.remove(&slot);
        }
        if before.inode() != settled.inode() {
            self.unlink(&before, slot);
        }
        self.link(&settled, slot, listing);
    }

    /// Empties a slot. Answers the row's key, if anybody knows of it.
    fn forget(&mut self, slot: u32, tables: &Tables) -> Option<SocketKey> {
        let row = &mut self.rows[slot as usize];
        let (header, told) = (row.header, std::mem::take(&mut row.told));
        let key = tables.key(row.listing.protocol(), &header);
        row.note = Note::None;
        self.crews.release(std::mem::replace(&mut row.owner, PENDING));
        self.slots.remove(&header.number());
        self.ends.remove(&slot);
        self.unlink(&header, slot);
        self.free.push(slot);
        told.then_some(key)
    }

    fn link(&mut self, header: &Header, slot: u32, listing: Listing) {
        let inode = header.inode();
        if inode == 0 {
            return;
        }
        if header.is_listener(listing.protocol()) {
            self.listeners.insert(header.local_port(), inode);
        }
        if self.by_inode.insert(inode, slot) != Some(slot) {
            self.appeared.push(inode);
        }
    }

    fn unlink(&mut self, header: &Header, slot: u32) {
        let inode = header.inode();
        if self.by_inode.get(&inode) == Some(&slot) {
            self.by_inode.remove(&inode);
            self.lost.push(inode);
        }
        if self.listeners.get(&header.local_port()) == Some(&inode) {
            self.listeners.remove(&header.local_port());
        }
    }

    fn socket(&self, slot: u32, tables: &Tables) -> Socket {
        let row = &self.rows[slot as usize];
        let protocol = row.listing.protocol();
        row.header.socket(Beside {
            key: tables.key(protocol, &row.header),
            protocol,
            v6_only: row.v6_only,
            owner: self.crews.get(row.owner).clone(),
            time_wait_until: self.ends.get(&slot).copied(),
        })
    }
}

impl Row {
    /// Whether an announced end is the end of the row. A connection may live on as TIME_WAIT, which takes over its number.
    fn listens(&self) -> bool {
        self.header.is_listener(self.listing.protocol())
    }

    /// Judges a row that a listing lacks. In doubt it is gone when the next look lacks it too.
    fn is_gone(&mut self, fate: Fate) -> bool {
        let missed = std::mem::replace(&mut self.missed, fate == Fate::Unsure);
        fate == Fate::Gone || fate == Fate::Unsure && missed
    }
}

/// When the kernel lets a socket in TIME_WAIT go.
fn ends(raw: &Raw, now: UnixMillis) -> UnixMillis {
    now.plus(header::expires(raw))
}
