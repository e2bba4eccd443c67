//! Who called whom: a connection at a port that was listened at when it began was called from the other end.

use std::collections::HashMap;
use std::time::Duration;

use quaymaster_core::{Protocol, UnixMillis};

/// A port counts as listened at for so long after its listener has gone: some servers close it when they have their one client,
/// and both are seen in the same look, or in two.
const GRACE: Duration = Duration::from_secs(15);

/// Which ports of this computer are listened at, or were a moment ago.
#[derive(Debug, Default)]
pub(super) struct Listened {
    open: HashMap<(Protocol, u16), u32>,
    gone: HashMap<(Protocol, u16), UnixMillis>,
}

impl Listened {
    /// A listener is there.
    pub(super) fn opened(&mut self, protocol: Protocol, port: u16) {
        *self.open.entry((protocol, port)).or_default() += 1;
        self.gone.remove(&(protocol, port));
    }

    /// One is gone.
    pub(super) fn closed(&mut self, protocol: Protocol, port: u16, now: UnixMillis) {
        let place = (protocol, port);
        if let Some(count) = self.open.get_mut(&place) {
            *count -= 1;
            if *count == 0 {
                self.open.remove(&place);
                self.gone.insert(place, now);
            }
        }
        self.gone.retain(|_, at| is_lately(*at, now));
    }

    /// Whether a connection that begins now at this port was called from the other end, as far as listeners tell.
    pub(super) fn is_called(&self, protocol: Protocol, port: u16, now: UnixMillis) -> bool {
        let place = (protocol, port);
        self.open.contains_key(&place) || self.gone.get(&place).is_some_and(|at| is_lately(*at, now))
    }
}

fn is_lately(at: UnixMillis, now: UnixMillis) -> bool {
    Duration::from_millis(now.since(at)) <= GRACE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_listened_at_until_the_last_listener_has_been_gone_for_a_while() {
        let mut listened = Listened::default();
        let is_called = |listened: &Listened, now| listened.is_called(Protocol::Tcp, 80, UnixMillis(now));
        assert!(!is_called(&listened, 0));
        listened.opened(Protocol::Tcp, 80);
        listened.opened(Protocol::Tcp, 80);
        listened.opened(Protocol::Udp, 81);
        assert!(is_called(&listened, 0));
        assert!(!listened.is_called(Protocol::Tcp, 81, UnixMillis(0)));
        listened.closed(Protocol::Tcp, 80, UnixMillis(1_000));
        assert!(is_called(&listened, 60_000), "the other one is there");
        listened.closed(Protocol::Tcp, 80, UnixMillis(100_000));
        assert!(is_called(&listened, 115_000));
        assert!(!is_called(&listened, 115_001));
        listened.closed(Protocol::Tcp, 80, UnixMillis(200_000));
        assert!(listened.gone.is_empty(), "what was never there leaves nothing");
    }
}
