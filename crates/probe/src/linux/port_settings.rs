//! The kernel's settings of port numbers (`Documentation/networking/ip-sysctl.rst`). They stand under `ipv4` and hold for
//! TCP and UDP over both families.

use std::ops::RangeInclusive;

use quaymaster_core::port::{Excluded, PortSettings};
use quaymaster_core::{Family, Gap, Known, Protocol};

const DYNAMIC: &str = "/proc/sys/net/ipv4/ip_local_port_range";
const RESERVED: &str = "/proc/sys/net/ipv4/ip_local_reserved_ports";

pub(crate) fn port_settings() -> Vec<PortSettings> {
    let dynamic = read(DYNAMIC).and_then(|text| dynamic(&text).ok_or(Gap::Unsupported));
    let excluded = read(RESERVED).and_then(|text| reserved(&text).ok_or(Gap::Unsupported));
    let of =
        |(protocol, family)| PortSettings { protocol, family, dynamic: dynamic.clone(), excluded: excluded.clone() };
    [Protocol::Tcp, Protocol::Udp].into_iter().flat_map(|one| [(one, Family::V4), (one, Family::V6)]).map(of).collect()
}

fn read(path: &str) -> Known<String> {
    std::fs::read_to_string(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::PermissionDenied => Gap::Denied,
        _ => Gap::Unsupported,
    })
}

/// Two numbers with blanks between them.
fn dynamic(text: &str) -> Option<RangeInclusive<u16>> {
    let mut numbers = text.split_whitespace().map(str::parse);
    let (first, last) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
    Some(first..=last)
}

/// Numbers and ranges with commas between them; none at all is an empty line.
fn reserved(text: &str) -> Option<Vec<Excluded>> {
    let text = text.trim();
    if text.is_empty() {
        return Some(Vec::new());
    }
    let range = |word: &str| {
        let (first, last) = word.split_once('-').unwrap_or((word, word));
        let ports = first.parse().ok()?..=last.parse().ok()?;
        Some(Excluded { ports, forbidden: false, administered: true })
    };
    text.split(',').map(range).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_spelling_is_read() {
        assert_eq!(dynamic("32768\t60999\n"), Some(32_768..=60_999));
        assert_eq!(dynamic("32768"), None);
        let ports = |text| reserved(text).map(|all| all.into_iter().map(|one| one.ports).collect::<Vec<_>>());
        assert_eq!(ports("\n"), Some(vec![]));
        assert_eq!(ports("8080,9148-9150\n"), Some(vec![8080..=8080, 9148..=9150]));
        assert_eq!(ports("8080;9"), None);
    }

    #[test]
    fn this_machines_settings_are_there_for_each_protocol_and_family() {
        let settings = port_settings();
        assert_eq!(settings.len(), 4);
        assert!(
            settings.iter().all(|setting| setting.dynamic.as_ref().is_ok_and(|range| !range.is_empty())),
            "{settings:?}"
        );
    }
}
