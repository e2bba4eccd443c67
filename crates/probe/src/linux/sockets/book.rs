//! The rows of the last look, and what became of them in this one.

use quaymaster_core::{Change, Holders, Owner, OwnerGap, Socket, SocketKey, UnixMillis};

use super::super::diag::Fate;
use super::super::hash::NumberMap;
use super::super::header::{Beside, Header};
use super::super::listing::{Listing, Tables};
use super::super::owners::{OwnerIndex, Sought};
use super::ByNumber;

/// All rows by their number.
#[derive(Default)]
pub(super) struct Book {
    rows: ByNumber<Row>,
    /// Which row has a descriptor's inode.
    by_inode: NumberMap<u32, u64>,
    /// A listener of each port: whoever holds it is likely to hold what connects to the port.
    listeners: NumberMap<u16, u32>,
    look: u32,
    /// Rows of each listing that this look has shown.
    sighted: [usize; 3],
    /// Rows of each listing that there are.
    counts: [usize; 3],
    /// Rows that appeared or differ, in the order of the listing.
    moved: Vec<u64>,
    /// Inodes that are new in this look.
    appeared: Vec<u32>,
    /// Inodes that are gone since the last look.
    lost: Vec<u32>,
}

struct Row {
    settled: Header,
    owner: Owner,
    time_wait_until: Option<UnixMillis>,
    v6_only: Option<bool>,
    listing: Listing,
    look: u32,
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

impl Book {
    pub(super) fn begin(&mut self) {
        self.look = self.look.wrapping_add(1);
        self.sighted = [0; 3];
        self.moved.clear();
        self.appeared.clear();
        self.lost.clear();
    }

    /// A listing shows a row.
    pub(super) fn sight(
        &mut self,
        number: u64,
        header: &Header,
        v6_only: Option<bool>,
        listing: Listing,
        now: UnixMillis,
    ) {
        let settled = header.settled();
        let Some(row) = self.rows.get_mut(&number) else {
            self.open(number, header, v6_only, listing, now);
            return;
        };
        if row.listing != listing {
            // An IPv6 socket may become one of IPv4 (IPV6_ADDRFORM).
            self.counts[row.listing as usize] -= 1;
            self.counts[listing as usize] += 1;
            row.listing = listing;
            row.look = self.look.wrapping_sub(1);
        }
        if row.look != self.look {
            row.look = self.look;
            row.missed = false;
            self.sighted[listing as usize] += 1;
        }
        if row.settled == settled {
            return;
        }
        let before = std::mem::replace(&mut row.settled, settled);
        row.time_wait_until = settled.in_time_wait().then(|| row.time_wait_until.unwrap_or_else(|| ends(header, now)));
        if v6_only.is_some() {
            row.v6_only = v6_only;
        }
        if std::mem::replace(&mut row.note, Note::Header) == Note::None {
            self.moved.push(number);
        }
        if before.inode() != settled.inode() {
            self.unlink(&before, number);
        }
        self.link(&settled, number, listing);
    }

    /// Forgets the rows that the whole listings did not show and that are not there either when asked for, and names their
    /// keys.
    pub(super) fn sweep(&mut self, whole: &[Listing], tables: &mut Tables) -> Vec<SocketKey> {
        let mut keys = Vec::new();
        for listing in whole.iter().copied() {
            if self.sighted[listing as usize] == self.counts[listing as usize] {
                continue;
            }
            let look = self.look;
            let protocol = listing.protocol();
            let mut gone = |row: &mut Row| {
                row.listing == listing && row.look != look && row.is_gone(tables.fate(protocol, &row.settled))
            };
            let gone: Vec<(u64, Row)> = self.rows.extract_if(|_, row| gone(row)).collect();
            self.counts[listing as usize] -= gone.len();
            for (number, row) in gone {
                self.unlink(&row.settled, number);
                keys.push(tables.key(protocol, number, &row.settled));
            }
        }
        keys
    }

    /// Sockets whose holders are to be found.
    pub(super) fn appeared(&self) -> Vec<Sought> {
        self.appeared.iter().filter_map(|inode| Some(Sought { inode: *inode, uid: self.uid(*inode)? })).collect()
    }

    /// PIDs that are likely to hold what appeared: who holds the listener of the same port, who lost a socket just now.
    pub(super) fn hints(&self, owners: &OwnerIndex) -> Vec<u32> {
        let rows = self.appeared.iter().filter_map(|inode| self.rows.get(self.by_inode.get(inode)?));
        let listeners = rows.filter_map(|row| self.listeners.get(&row.settled.local_port()));
        let mut inodes: Vec<u32> = listeners.copied().collect();
        inodes.sort_unstable();
        inodes.dedup();
        inodes.iter().chain(&self.lost).flat_map(|inode| owners.pids(*inode)).copied().collect()
    }

    /// The user of the open socket with this inode.
    pub(super) fn uid(&self, inode: u32) -> Option<u32> {
        Some(self.rows.get(self.by_inode.get(&inode)?)?.settled.uid())
    }

    /// Whether the socket that the look showed with this inode has it still.
    pub(super) fn still_open(&self, inode: u32, tables: &mut Tables) -> bool {
        let row = self.by_inode.get(&inode).and_then(|number| self.rows.get(number));
        row.is_some_and(|row| match tables.fate(row.listing.protocol(), &row.settled) {
            Fate::There(now) => now == inode,
            Fate::Gone => false,
            Fate::Unsure => true,
        })
    }

    /// The answer about this socket's holders may be another now.
    pub(super) fn owner_moved(&mut self, inode: u32) {
        let Some(number) = self.by_inode.get(&inode) else { return };
        let Some(row) = self.rows.get_mut(number) else { return };
        if row.note == Note::None {
            row.note = Note::Owner;
            self.moved.push(*number);
        }
    }

    /// Tells what appeared or differs.
    pub(super) fn tell(&mut self, owners: Option<&OwnerIndex>, tables: &Tables, changes: &mut Vec<Change>) {
        for number in std::mem::take(&mut self.moved) {
            let Some(row) = self.rows.get_mut(&number) else { continue };
            let note = std::mem::take(&mut row.note);
            let owner = row.find_owner(owners);
            if note == Note::Owner && owner == row.owner {
                continue;
            }
            row.owner = owner;
            let first = !std::mem::replace(&mut row.told, true);
            let socket = row.socket(number, tables);
            changes.push(if first { Change::Opened(socket) } else { Change::Changed(socket) });
        }
    }

    fn open(&mut self, number: u64, header: &Header, v6_only: Option<bool>, listing: Listing, now: UnixMillis) {
        let settled = header.settled();
        let time_wait_until = settled.in_time_wait().then(|| ends(header, now));
        let owner = Owner::Unknown(OwnerGap::Pending);
        let look = self.look;
        self.rows.insert(
            number,
            Row {
                settled,
                owner,
                time_wait_until,
                v6_only,
                listing,
                look,
                missed: false,
                told: false,
                note: Note::Header,
            },
        );
        self.counts[listing as usize] += 1;
        self.sighted[listing as usize] += 1;
        self.moved.push(number);
        self.link(&settled, number, listing);
    }

    fn link(&mut self, header: &Header, number: u64, listing: Listing) {
        let inode = header.inode();
        if inode == 0 {
            return;
        }
        if header.is_listener(listing.protocol()) {
            self.listeners.insert(header.local_port(), inode);
        }
        if self.by_inode.insert(inode, number) != Some(number) {
            self.appeared.push(inode);
        }
    }

    fn unlink(&mut self, header: &Header, number: u64) {
        let inode = header.inode();
        if self.by_inode.get(&inode) == Some(&number) {
            self.by_inode.remove(&inode);
            self.lost.push(inode);
        }
        if self.listeners.get(&header.local_port()) == Some(&inode) {
            self.listeners.remove(&header.local_port());
        }
    }
}

impl Row {
    /// Judges a row that a listing lacks. In doubt it is gone when the next look lacks it too.
    fn is_gone(&mut self, fate: Fate) -> bool {
        let missed = std::mem::replace(&mut self.missed, fate == Fate::Unsure);
        fate == Fate::Gone || fate == Fate::Unsure && missed
    }

    fn find_owner(&self, owners: Option<&OwnerIndex>) -> Owner {
        match (self.settled.inode(), owners) {
            (0, _) => Owner::Kernel(Holders::NOBODY),
            (_, None) => Owner::Unknown(OwnerGap::NotReported),
            (inode, Some(owners)) => owners.owner(inode, self.settled.uid()).unwrap_or_else(|| self.owner.clone()),
        }
    }

    fn socket(&self, number: u64, tables: &Tables) -> Socket {
        let protocol = self.listing.protocol();
        self.settled.socket(Beside {
            key: tables.key(protocol, number, &self.settled),
            protocol,
            v6_only: self.v6_only,
            owner: self.owner.clone(),
            time_wait_until: self.time_wait_until,
        })
    }
}

/// When the kernel lets a socket in TIME_WAIT go.
fn ends(header: &Header, now: UnixMillis) -> UnixMillis {
    now.plus(header.expires())
}
