//! How the file is laid out. All numbers are little-endian; a section begins where the one before it ends.
//!
//! | section | what |
//! |---|---|
//! | header | `QMNETS` and two zero bytes, then eight `u32`: format, date (20260617), IPv4 stretches, IPv6 stretches, places, names, bytes of the names, bytes of the credits |
//! | IPv4 index | 65 537 `u32`: by the upper half of an address, the first stretch that begins in it or later |
//! | IPv4 starts | `u16` each: the lower half of where a stretch begins; one `u16` of padding where they are odd |
//! | IPv4 places | `u32` each: the number of a stretch's place |
//! | IPv6 starts | `u64` each: the upper half of where a stretch begins |
//! | IPv6 places | `u32` each |
//! | places | three `u32` each: number of the name, autonomous system, country (two letters); all ones and 0 for none |
//! | names | `u32` each, and one more: where a name begins in the texts |
//! | texts | names in UTF-8, one after the other |
//! | credits | UTF-8 |
//!
//! A stretch reaches to the beginning of the next one.

use super::NetworksError;

/// The place of a stretch that nobody has, and the name of a place without one.
pub(super) const NOWHERE: u32 = u32::MAX;

/// Begins every file.
pub(super) const MAGIC: &[u8; 8] = b"QMNETS\0\0";

/// The number of this layout.
pub(super) const FORMAT: u32 = 1;

/// Length of the header, bytes.
pub(super) const HEADER: usize = 40;

/// Upper halves of IPv4 addresses, and one more.
pub(super) const INDEX: usize = 65_537;

/// Where everything is.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) date: u32,
    pub(super) index: Section,
    pub(super) starts_4: Section,
    pub(super) places_4: Section,
    pub(super) starts_6: Section,
    pub(super) places_6: Section,
    pub(super) places: Section,
    pub(super) names: Section,
    pub(super) texts: Section,
    pub(super) credits: Section,
}

/// A part of the file, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Section {
    at: usize,
    length: usize,
}

impl Section {
    /// How many numbers of so many bytes.
    pub(super) fn count(&self, size: usize) -> usize {
        self.length / size
    }

    /// Its bytes.
    pub(super) fn of<'a>(&self, file: &'a [u8]) -> &'a [u8] {
        file.get(self.at..self.at + self.length).unwrap_or_default()
    }

    pub(super) fn u16(&self, file: &[u8], number: usize) -> Option<u16> {
        self.nth(file, number).map(u16::from_le_bytes)
    }

    pub(super) fn u32(&self, file: &[u8], number: usize) -> Option<u32> {
        self.nth(file, number).map(u32::from_le_bytes)
    }

    pub(super) fn u64(&self, file: &[u8], number: usize) -> Option<u64> {
        self.nth(file, number).map(u64::from_le_bytes)
    }

    fn nth<const SIZE: usize>(&self, file: &[u8], number: usize) -> Option<[u8; SIZE]> {
        let from = number.checked_mul(SIZE).filter(|from| from + SIZE <= self.length)? + self.at;
        file.get(from..from + SIZE)?.try_into().ok()
    }
}

impl Layout {
    /// Reads the header, and whether the file is as long as it says.
    pub(super) fn read(file: &[u8]) -> Result<Self, NetworksError> {
        let header = Section { at: MAGIC.len(), length: HEADER - MAGIC.len() };
        if file.get(..MAGIC.len()) != Some(MAGIC) {
            return Err(NetworksError::Damaged);
        }
        let number = |place| header.u32(file, place).ok_or(NetworksError::Damaged);
        let found = number(0)?;
        if found != FORMAT {
            return Err(NetworksError::OtherFormat { found, wanted: FORMAT });
        }
        let count = |place| number(place).map(|count| count as usize);
        let (in_4, in_6, places, names) = (count(2)?, count(3)?, count(4)?, count(5)?);
        let mut at = HEADER;
        let mut section = |length: usize| {
            let section = Section { at, length };
            at += length;
            section
        };
        // None of these can overflow: every factor is below 2^32 + 2, and they are counted in 64 bits.
        const { assert!(usize::BITS >= 64, "a file of networks is laid out in 64 bits") };
        let layout = Self {
            date: number(1)?,
            index: section(INDEX * 4),
            starts_4: section((in_4 + in_4 % 2) * 2),
            places_4: section(in_4 * 4),
            starts_6: section(in_6 * 8),
            places_6: section(in_6 * 4),
            places: section(places * 12),
            names: section((names + 1) * 4),
            texts: section(count(6)?),
            credits: section(count(7)?),
        };
        if at == file.len() { Ok(layout) } else { Err(NetworksError::Damaged) }
    }
}
