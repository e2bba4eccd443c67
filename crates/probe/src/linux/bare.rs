//! The kernel's listings read and thrown away: the floor that a look is measured against (`cargo xtask bench`).

use super::diag::{self, AF_INET, AF_INET6, Which};
use super::netlink::{DumpError, Netlink};

/// Lists all sockets, one TCP pass and two of UDP, through one connection, and keeps nothing but their count.
pub struct BareDump {
    netlink: Netlink,
}

impl BareDump {
    /// Opens the connection; `None` where netlink is refused.
    #[must_use]
    pub fn open() -> Option<Self> {
        Netlink::open().ok().map(|netlink| Self { netlink })
    }

    /// How many rows the kernel named; `None` if a listing broke off.
    pub fn rows(&mut self) -> Option<usize> {
        self.count().ok()
    }

    fn count(&mut self) -> Result<usize, DumpError> {
        let mut rows = 0;
        diag::tcp(&mut self.netlink, &mut true, Which::All, |_, _| rows += 1)?;
        for family in [AF_INET, AF_INET6] {
            diag::udp(&mut self.netlink, family, Which::All, |_, _| rows += 1)?;
        }
        Ok(rows)
    }
}
