//! The file of networks: who announces an address, and where it is registered, for every address there is.
//!
//! It is mapped into memory and never read whole: a lookup touches a few of its pages, which the system keeps for everybody and
//! takes back when it likes. Nothing in it is trusted: a damaged file gives wrong answers or none, never a crash.

mod build;
mod layout;

use std::fs::File;
use std::io;
use std::net::IpAddr;
use std::path::Path;

use memmap2::Mmap;
use quaymaster_core::network::{Atlas, Country, Network};

pub use build::{Builder, Span};
use layout::{Layout, NOWHERE};

/// The name of the file, wherever it lies.
pub const FILE: &str = "networks.bin";

/// Why a file of networks is of no use.
#[derive(Debug, thiserror::Error)]
pub enum NetworksError {
    /// The system does not give it.
    #[error("it cannot be read: {0}")]
    Unreadable(#[from] io::Error),
    /// It is something else, or damaged.
    #[error("it is not a file of networks, or damaged")]
    Damaged,
    /// It is of another version of Quaymaster.
    #[error("it is of format {found}, and {wanted} is wanted")]
    OtherFormat {
        /// The number in it.
        found: u32,
        /// The number that this program reads.
        wanted: u32,
    },
}

/// An open file of networks.
#[derive(Debug)]
pub struct Networks {
    bytes: Bytes,
    layout: Layout,
}

#[derive(Debug)]
enum Bytes {
    Mapped(Mmap),
    Held(Vec<u8>),
}

impl std::ops::Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Mapped(map) => map,
            Self::Held(bytes) => bytes,
        }
    }
}

impl Networks {
    /// Opens a file. Reads its header alone.
    pub fn open(path: &Path) -> Result<Self, NetworksError> {
        let file = File::open(path)?;
        if !file.metadata()?.is_file() {
            return Err(NetworksError::Damaged);
        }
        // SAFETY: the bytes are only ever read, by copying small numbers and texts out of them, and every place is checked against
        // the length of the map, so whatever they are or become is no more than a wrong answer. Who cuts the file short while it is
        // mapped ends this program; whoever replaces it (as installers and `rename` do) does not.
        let map = unsafe { Mmap::map(&file)? };
        Self::over(Bytes::Mapped(map))
    }

    /// What [`Builder::build`] made, without a file.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, NetworksError> {
        Self::over(Bytes::Held(bytes))
    }

    fn over(bytes: Bytes) -> Result<Self, NetworksError> {
        let layout = Layout::read(&bytes)?;
        Ok(Self { bytes, layout })
    }

    /// The day of its data, as `2026-06-17`.
    #[must_use]
    pub fn date(&self) -> String {
        let date = self.layout.date;
        format!("{:04}-{:02}-{:02}", date / 10_000, date / 100 % 100, date % 100)
    }

    /// Whose data it is, a line each, as their licences want it said.
    #[must_use]
    pub fn credits(&self) -> String {
        String::from_utf8_lossy(self.layout.credits.of(&self.bytes)).into_owned()
    }

    /// How many stretches of addresses it tells apart.
    #[must_use]
    pub fn stretches(&self) -> usize {
        self.layout.places_4.count(4) + self.layout.places_6.count(4)
    }

    /// The number of the place of an IPv4 address.
    ///
    /// The index says between which stretches its upper half lies; those are told apart by the lower halves of their beginnings.
    fn find_4(&self, ip: u32) -> Option<u32> {
        let Layout { index, starts_4, places_4, .. } = &self.layout;
        let (upper, lower) = ((ip >> 16) as usize, ip & 0xffff);
        let (mut low, end) = (index.u32(&self.bytes, upper)? as usize, index.u32(&self.bytes, upper + 1)? as usize);
        let mut high = end;
        while low < high {
            let middle = low + (high - low) / 2;
            if u32::from(starts_4.u16(&self.bytes, middle)?) <= lower { low = middle + 1 } else { high = middle }
        }
        // The first stretch may have begun below the upper half.
        places_4.u32(&self.bytes, low.checked_sub(1)?)
    }

    /// The number of the place of an IPv6 address, by its upper half.
    fn find_6(&self, ip: u64) -> Option<u32> {
        let Layout { starts_6, places_6, .. } = &self.layout;
        let (mut low, mut high) = (0, starts_6.count(8));
        while low < high {
            let middle = low + (high - low) / 2;
            if starts_6.u64(&self.bytes, middle)? <= ip { low = middle + 1 } else { high = middle }
        }
        places_6.u32(&self.bytes, low.checked_sub(1)?)
    }
}

impl Atlas for Networks {
    fn find(&self, ip: IpAddr) -> Option<u32> {
        let place = match ip.to_canonical() {
            IpAddr::V4(ip) => self.find_4(ip.to_bits()),
            IpAddr::V6(ip) => self.find_6(upper(ip.to_bits())),
        };
        place.filter(|&place| place != NOWHERE)
    }

    fn network(&self, number: u32) -> Option<Network> {
        let bytes = &*self.bytes;
        let Layout { places, names, texts, .. } = &self.layout;
        let place = (number as usize).checked_mul(3)?;
        let (name, asn, country) =
            (places.u32(bytes, place)?, places.u32(bytes, place + 1)?, places.u32(bytes, place + 2)?);
        let organisation = (name != NOWHERE).then(|| {
            let (from, to) = (names.u32(bytes, name as usize)?, names.u32(bytes, name as usize + 1)?);
            let text = texts.of(bytes).get(from as usize..to as usize)?;
            Some(String::from_utf8_lossy(text).into_owned())
        });
        let [first, second, ..] = country.to_le_bytes();
        Some(Network {
            asn: (asn != 0).then_some(asn),
            organisation: organisation.flatten(),
            country: std::str::from_utf8(&[first, second]).ok().and_then(Country::read),
        })
    }
}

/// The half of an IPv6 address that a network is told by: nobody announces less than a /64.
fn upper(ip: u128) -> u64 {
    u64::try_from(ip >> 64).unwrap_or_default()
}
