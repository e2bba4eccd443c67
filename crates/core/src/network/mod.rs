//! Whose an address is, as far as that can be told without asking anybody: a special address says it by itself, of any other
//! an [`Atlas`] may know the network that announces it.

mod special;

use std::fmt::Debug;
use std::net::IpAddr;
use std::sync::Arc;

pub use special::Special;

use crate::text::lower_case;

/// Knows which network an address belongs to. An estimate, as of the day when its data was made.
pub trait Atlas: Debug + Send + Sync {
    /// The number of the network that an address is in. Numbers mean the same for as long as the atlas lives.
    fn find(&self, ip: IpAddr) -> Option<u32>;

    /// The network of a number that [`Atlas::find`] gave.
    fn network(&self, number: u32) -> Option<Network>;
}

/// What is known of a network; something of it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Network {
    /// The number of the autonomous system (RFC 4271) that announces it.
    pub asn: Option<u32>,
    /// Who runs that system, as the registries and DB-IP write it.
    pub organisation: Option<String>,
    /// Where the addresses are registered, which need not be where the computer stands.
    pub country: Option<Country>,
}

/// Two capital letters of ISO 3166-1, or `EU` where a registry says no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

impl Country {
    /// Reads two letters in either case.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let letters: [u8; 2] = text.as_bytes().try_into().ok()?;
        letters.iter().all(u8::is_ascii_alphabetic).then(|| Self(letters.map(|letter| letter.to_ascii_uppercase())))
    }

    /// The two letters.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// A number in the order of the letters.
    pub(crate) fn rank(self) -> u32 {
        u16::from_be_bytes(self.0).into()
    }
}

/// Whose an address is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// An address that means the same everywhere, and that no country has.
    Special(Special),
    /// One of this network's.
    Network(Arc<Network>),
    /// A public one that the atlas does not know, or there is no atlas.
    Unknown,
}

impl Whose {
    /// Whose an address is, by what an atlas says of it.
    #[must_use]
    pub fn of(ip: IpAddr, atlas: Option<&dyn Atlas>) -> Self {
        if let Some(special) = Special::of(ip) {
            return Self::Special(special);
        }
        let network = find(ip, atlas).and_then(|(atlas, number)| atlas.network(number));
        network.map_or(Self::Unknown, |network| Self::Network(Arc::new(network)))
    }
}

/// The number of an address's network, with the atlas whose number it is. A special address has none, whatever an atlas says.
#[must_use]
pub fn find(ip: IpAddr, atlas: Option<&dyn Atlas>) -> Option<(&dyn Atlas, u32)> {
    let atlas = atlas.filter(|_| Special::of(ip).is_none())?;
    Some((atlas, atlas.find(ip)?))
}

/// What of a network is searched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkText {
    pub(crate) asn: Option<u32>,
    pub(crate) organisation: String,
    pub(crate) country: Option<Country>,
}

impl NetworkText {
    /// Makes a network ready to be asked often.
    #[must_use]
    pub fn new(network: &Network) -> Self {
        let organisation = network.organisation.as_deref().map(lower_case).unwrap_or_default();
        Self { asn: network.asn, organisation, country: network.country }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_two_letters() {
        assert_eq!(Country::read("cn").map(|country| country.code().to_owned()), Some("CN".to_owned()));
        for wrong in ["", "c", "chn", "c1", "中", "c "] {
            assert_eq!(Country::read(wrong), None, "{wrong}");
        }
    }
}
