//! Whose an address is.

use serde::Serialize;
use ts_rs::TS;

/// Whose an address is, told without asking anybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum Whose {
    /// A special address, which is nobody's.
    Special {
        /// What it is.
        what: Special,
    },
    /// An address of this network, as of the day of the file of networks.
    Network {
        /// The number of the autonomous system that announces it.
        asn: Option<u32>,
        /// Who runs that system.
        organisation: Option<String>,
        /// Where the address is registered: two letters of ISO 3166-1.
        country: Option<String>,
    },
    /// A public address of which nothing is known.
    Unknown,
}

/// The file of networks that is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct NetworksFile {
    /// The day of its data, as `2026-06-17`; null where there is no file.
    pub as_of: Option<String>,
    /// Where it lies.
    pub path: Option<String>,
    /// Where a person may put a newer one.
    pub own: String,
    /// Whose data it is, as their licences want it said.
    pub credits: Vec<String>,
    /// A file that is of no use, and why, in English.
    pub useless: Option<String>,
}

/// How many connections go to whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Remotes {
    /// The organisation, or the number of the autonomous system where it has no name; null where nothing is known.
    pub organisation: Option<String>,
    /// Connections to addresses of theirs.
    pub connections: u32,
}

/// Kinds of special addresses; worded by `special-<code>` in the catalogues.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Special {
    /// This computer.
    ThisComputer,
    /// A private network.
    YourNetwork,
    /// As far as the next router.
    LinkLocal,
    /// Behind a provider's address translation.
    CarrierNat,
    /// Everybody in a group.
    Multicast,
    /// Everybody in the network.
    Broadcast,
    /// 198.18.0.0/15 and its like: often an address that a proxy has made up.
    ProxyFake,
    /// For examples.
    Documentation,
    /// Teredo, 6to4, NAT64.
    Translation,
    /// Whatever address.
    Unspecified,
    /// Given to nobody.
    Reserved,
}
