//! The system's settings of port numbers.

use quaymaster_core::port::PortSettings;
use quaymaster_core::{Family, Gap, Protocol};

pub(crate) fn port_settings() -> Vec<PortSettings> {
    let of = |(protocol, family)| PortSettings::unread(protocol, family, Gap::Unsupported);
    [Protocol::Tcp, Protocol::Udp].into_iter().flat_map(|one| [(one, Family::V4), (one, Family::V6)]).map(of).collect()
}
