//! Whose addresses are.

use quaymaster_core::network::{Special as CoreSpecial, Whose as CoreWhose};

use super::{LABEL, visible};
use crate::wire::{Special, Whose};

/// Whose an address is.
#[must_use]
pub fn whose(whose: &CoreWhose) -> Whose {
    match whose {
        CoreWhose::Special(special) => Whose::Special { what: of_special(*special) },
        CoreWhose::Network(network) => Whose::Network {
            asn: network.asn,
            organisation: network.organisation.as_deref().map(|name| visible(name, LABEL)),
            country: network.country.map(|country| country.code().to_owned()),
        },
        CoreWhose::Unknown => Whose::Unknown,
    }
}

fn of_special(special: CoreSpecial) -> Special {
    match special {
        CoreSpecial::ThisComputer => Special::ThisComputer,
        CoreSpecial::YourNetwork => Special::YourNetwork,
        CoreSpecial::LinkLocal => Special::LinkLocal,
        CoreSpecial::CarrierNat => Special::CarrierNat,
        CoreSpecial::Multicast => Special::Multicast,
        CoreSpecial::Broadcast => Special::Broadcast,
        CoreSpecial::ProxyFake => Special::ProxyFake,
        CoreSpecial::Documentation => Special::Documentation,
        CoreSpecial::Translation => Special::Translation,
        CoreSpecial::Unspecified => Special::Unspecified,
        CoreSpecial::Reserved => Special::Reserved,
    }
}
