//! The system's settings of port numbers, from `netsh`.
//!
//! There is no documented function for them: the dynamic range stands in WMI once for every template of TCP settings, of which
//! one is in force, and the excluded ranges, which change while programs such as Hyper-V take theirs, stand nowhere else. What
//! `netsh` prints is in the person's language and code page, so it is read by the shape of its lines and by its numbers.

mod netsh;
mod text;

use std::time::{Duration, Instant};

use quaymaster_core::port::PortSettings;
use quaymaster_core::{Family, Gap, Known, Protocol};

use self::netsh::Question;

/// A `netsh` takes a tenth of a second; one that takes as long as this is not waited for.
const PATIENCE: Duration = Duration::from_secs(5);

pub(crate) fn port_settings() -> Vec<PortSettings> {
    let kinds = [Protocol::Tcp, Protocol::Udp].into_iter().flat_map(|one| [(one, Family::V4), (one, Family::V6)]);
    // All are asked before the first is listened to.
    let asked: Vec<_> = kinds.map(|kind| (kind, ask("dynamicport", kind), ask("excludedportrange", kind))).collect();
    let until = Instant::now() + PATIENCE;
    let settings = asked.into_iter().map(|((protocol, family), dynamic, excluded)| PortSettings {
        protocol,
        family,
        dynamic: read(dynamic, until, text::dynamic),
        excluded: read(excluded, until, text::excluded),
    });
    settings.collect()
}

/// Asks for what is in force now, not for what will be after a restart.
fn ask(what: &str, (protocol, family): (Protocol, Family)) -> Known<Question> {
    let family = format!("ipv{}", family.number());
    let protocol = format!("protocol={}", protocol.name());
    Question::ask(&netsh::program()?, &["interface", &family, "show", what, &protocol, "store=active"])
}

fn read<T>(question: Known<Question>, until: Instant, parse: impl Fn(&[u8]) -> Option<T>) -> Known<T> {
    parse(&question?.answer(until)?).ok_or(Gap::Unsupported)
}
