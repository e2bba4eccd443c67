//! What this computer's own settings say of port numbers: the range that the system hands out from, and what is set aside.

use std::ops::RangeInclusive;

use crate::endpoint::{Family, Protocol};
use crate::process::{Gap, Known};

/// The settings of one protocol over one family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortSettings {
    /// TCP or UDP.
    pub protocol: Protocol,
    /// IPv4 or IPv6.
    pub family: Family,
    /// The ports that the system gives to programs that ask for any (RFC 6056 "ephemeral", Windows "dynamic").
    pub dynamic: Known<RangeInclusive<u16>>,
    /// The ports that are set aside, in order (Windows: excluded port ranges; Linux: `ip_local_reserved_ports`, which are
    /// only kept out of the dynamic range).
    pub excluded: Known<Vec<Excluded>>,
}

/// A range that is set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excluded {
    /// From the first to the last port.
    pub ports: RangeInclusive<u16>,
    /// Nobody may listen there (Windows). False: the system only does not hand them out (Linux).
    pub forbidden: bool,
    /// An administrator set it (`netsh … add excludedportrange`, marked `*` in its list), not a program such as Hyper-V.
    pub administered: bool,
}

/// What the settings say of one port.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PortSetting {
    /// The dynamic range that it lies in.
    pub dynamic: Option<RangeInclusive<u16>>,
    /// The range that it is set aside with, if listening there is forbidden.
    pub excluded: Option<Excluded>,
}

impl PortSetting {
    /// What the settings, as far as they are known, say of `port`: a range of any protocol and family counts, TCP before UDP.
    #[must_use]
    pub fn of(settings: &[PortSettings], port: u16) -> Self {
        let mut settings: Vec<&PortSettings> = settings.iter().collect();
        settings.sort_by_key(|setting| (setting.protocol, setting.family));
        let dynamic = settings.iter().filter_map(|setting| setting.dynamic.as_ref().ok());
        let excluded = settings.iter().filter_map(|setting| setting.excluded.as_ref().ok()).flatten();
        Self {
            dynamic: dynamic.into_iter().find(|range| range.contains(&port)).cloned(),
            excluded: excluded.into_iter().find(|range| range.forbidden && range.ports.contains(&port)).cloned(),
        }
    }
}

impl PortSettings {
    /// Nothing known of this protocol and family, and why.
    #[must_use]
    pub fn unread(protocol: Protocol, family: Family, why: Gap) -> Self {
        Self { protocol, family, dynamic: Err(why), excluded: Err(why) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(
        protocol: Protocol,
        dynamic: RangeInclusive<u16>,
        excluded: &[(RangeInclusive<u16>, bool)],
    ) -> PortSettings {
        let excluded = excluded.iter().map(|(ports, forbidden)| Excluded {
            ports: ports.clone(),
            forbidden: *forbidden,
            administered: false,
        });
        PortSettings { protocol, family: Family::V4, dynamic: Ok(dynamic), excluded: Ok(excluded.collect()) }
    }

    #[test]
    fn what_the_settings_say_of_a_port() {
        let all = [
            settings(Protocol::Udp, 50_000..=60_000, &[(80..=80, true)]),
            settings(Protocol::Tcp, 49_152..=65_535, &[(50_000..=50_059, true), (5_000..=5_001, false)]),
            PortSettings::unread(Protocol::Tcp, Family::V6, Gap::Denied),
        ];
        let said = |port| {
            let PortSetting { dynamic, excluded } = PortSetting::of(&all, port);
            (dynamic, excluded.map(|range| range.ports))
        };
        assert_eq!(said(50_059), (Some(49_152..=65_535), Some(50_000..=50_059)));
        assert_eq!(said(50_060), (Some(49_152..=65_535), None));
        assert_eq!(said(80), (None, Some(80..=80)));
        // Linux only keeps these out of the dynamic range: anybody may listen there.
        assert_eq!(said(5_000), (None, None));
    }
}
