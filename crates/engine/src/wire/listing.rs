//! The listing that `quay list --json` prints and that a JSON export holds.

use std::collections::BTreeMap;

use serde::Serialize;

use super::process::OwnerGap;
use super::socket::Socket;
use super::time::Millis;

/// A list of sockets at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Listing {
    /// 1; grows when a field changes its meaning or goes away, not when one is added.
    pub schema: u32,
    /// When the sockets were looked at, Unix milliseconds.
    pub taken_at: Millis,
    /// The sockets that were asked for, in order.
    pub sockets: Vec<Socket>,
    /// How many sockets of the whole computer have an owner that is not known, by reason.
    pub hidden: BTreeMap<OwnerGap, u32>,
}
