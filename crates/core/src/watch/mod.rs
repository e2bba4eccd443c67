//! Which listeners are news: what is known already, what the person wishes, and when it is said.
//!
//! A listener is known by its [`Identity`], not by its socket: a server that is started again is no news. What is said once
//! is not said again while the program runs; after that only the [`Baseline`] knows, and it learns what was there at the very
//! first look and what the person calls expected.

mod baseline;
mod herald;
mod identity;
mod rule;

use std::collections::HashSet;

pub use baseline::Baseline;
pub use herald::{Herald, QuietHours};
pub use identity::{Identity, Program, Spot};
pub use rule::{Rule, Subject};

use crate::endpoint::Protocol;
use crate::time::UnixMillis;

/// The person's wishes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    /// UDP is told of too.
    pub udp: bool,
    /// The first that fits decides.
    pub rules: Vec<Rule>,
}

/// What a listener is to the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing to say.
    Known,
    /// To be said.
    New,
    /// To be said: it was known, and has not been seen for [`Baseline::FORGOTTEN`].
    Back,
}

/// What is known, what is wished, and what has been said.
#[derive(Debug)]
pub struct Watch {
    /// What is known.
    pub baseline: Baseline,
    /// What is wished.
    pub wishes: Wishes,
    /// This is the first run: what was there at its first look is learnt and not told.
    learning: bool,
    told: HashSet<Identity>,
}

impl Watch {
    /// A watch that has told nothing yet. Without a baseline it begins by learning.
    #[must_use]
    pub fn new(baseline: Option<Baseline>, wishes: Wishes) -> Self {
        let learning = baseline.is_none();
        Self { baseline: baseline.unwrap_or_default(), wishes, learning, told: HashSet::new() }
    }

    /// A listener has been seen to open, or was open when the program started.
    pub fn see(&mut self, subject: &Subject<'_>, now: UnixMillis) -> Verdict {
        let identity = &subject.identity;
        let rule = self.wishes.rules.iter().find(|rule| rule.fits(subject));
        let is_told_of = rule.is_some() || self.wishes.udp || identity.protocol != Protocol::Udp;
        if self.learning && subject.already_open || !is_told_of {
            self.baseline.learn(identity.clone(), now);
            return Verdict::Known;
        }
        let known_since = self.baseline.see(identity, now);
        match rule.map(|rule| rule.tell) {
            Some(false) => Verdict::Known,
            Some(true) => Verdict::New,
            None => match known_since {
                Some(last) if !Baseline::is_forgotten(last, now) => Verdict::Known,
                known => {
                    let verdict = if known.is_some() { Verdict::Back } else { Verdict::New };
                    if self.told.insert(identity.clone()) { verdict } else { Verdict::Known }
                }
            },
        }
    }

    /// The person expects listeners like this one.
    pub fn expect(&mut self, identity: Identity, now: UnixMillis) {
        self.told.remove(&identity);
        self.baseline.learn(identity, now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::port::Reach;

    const DAY: u64 = 24 * 3_600 * 1_000;

    fn at(day: u64) -> UnixMillis {
        UnixMillis(1_700_000_000_000 + day * DAY)
    }

    fn identity(path: &str, port: u16) -> Identity {
        let spot = if port >= 32_768 { Spot::Ephemeral } else { Spot::Port(port) };
        Identity { program: Program::File(path.into()), protocol: Protocol::Tcp, spot, reach: Reach::Everywhere }
    }

    fn subject(identity: &Identity, port: u16, already_open: bool) -> Subject<'static> {
        Subject { identity: identity.clone(), name: "server", port, already_open }
    }

    fn see(watch: &mut Watch, identity: &Identity, port: u16, now: UnixMillis) -> Verdict {
        watch.see(&subject(identity, port, false), now)
    }

    #[test]
    fn the_first_run_learns_quietly_and_what_comes_later_is_told_once() {
        let mut watch = Watch::new(None, Wishes::default());
        let (old, new) = (identity("/usr/sbin/sshd", 22), identity("/usr/bin/python3", 8000));
        assert_eq!(watch.see(&subject(&old, 22, true), at(0)), Verdict::Known);
        assert_eq!(see(&mut watch, &old, 22, at(0)), Verdict::Known);
        assert_eq!(see(&mut watch, &new, 8000, at(0)), Verdict::New);
        assert_eq!(see(&mut watch, &new, 8000, at(0)), Verdict::Known, "said once");
        // The program is started again: only what is expected is known.
        let mut again = Watch::new(Some(watch.baseline.clone()), Wishes::default());
        assert_eq!(see(&mut again, &old, 22, at(1)), Verdict::Known);
        assert_eq!(see(&mut again, &new, 8000, at(1)), Verdict::New);
        again.expect(new.clone(), at(1));
        let mut third = Watch::new(Some(again.baseline), Wishes::default());
        assert_eq!(see(&mut third, &new, 8000, at(2)), Verdict::Known);
    }

    #[test]
    fn any_random_high_port_of_a_known_program_is_known() {
        let mut watch = Watch::new(Some(Baseline::default()), Wishes::default());
        assert_eq!(see(&mut watch, &identity("/opt/code", 40_001), 40_001, at(0)), Verdict::New);
        watch.expect(identity("/opt/code", 40_001), at(0));
        assert_eq!(see(&mut watch, &identity("/opt/code", 51_234), 51_234, at(0)), Verdict::Known);
        assert_eq!(see(&mut watch, &identity("/opt/code", 3_000), 3_000, at(0)), Verdict::New, "that port was chosen");
        assert_eq!(see(&mut watch, &identity("/tmp/code", 51_234), 51_234, at(0)), Verdict::New, "another program");
    }

    #[test]
    fn what_was_not_seen_for_a_month_is_told_as_back() {
        let mut watch = Watch::new(Some(Baseline::default()), Wishes::default());
        let printer = identity("/usr/sbin/cupsd", 631);
        watch.expect(printer.clone(), at(0));
        assert_eq!(see(&mut watch, &printer, 631, at(29)), Verdict::Known);
        assert_eq!(see(&mut watch, &printer, 631, at(58)), Verdict::Known, "seen on day 29");
        assert_eq!(see(&mut watch, &printer, 631, at(89)), Verdict::Back);
        assert_eq!(see(&mut watch, &printer, 631, at(89)), Verdict::Known);
    }

    #[test]
    fn udp_is_learnt_and_told_of_only_on_demand() {
        let udp = |port| Identity { protocol: Protocol::Udp, ..identity("/usr/bin/game", port) };
        let mut watch = Watch::new(Some(Baseline::default()), Wishes::default());
        assert_eq!(see(&mut watch, &udp(5_353), 5_353, at(0)), Verdict::Known);
        watch.wishes.udp = true;
        assert_eq!(see(&mut watch, &udp(5_353), 5_353, at(0)), Verdict::Known, "it was there before");
        assert_eq!(see(&mut watch, &udp(1_900), 1_900, at(0)), Verdict::New);
    }

    #[test]
    fn the_first_rule_that_fits_decides() {
        let never = Rule { tell: false, program: Some("server".into()), ports: Some(8_000..=8_999), ..Rule::default() };
        let always = Rule { tell: true, reach: Some(Reach::LocalNetwork), ..Rule::default() };
        let mut watch =
            Watch::new(Some(Baseline::default()), Wishes { udp: false, rules: vec![never, always.clone()] });
        let server = identity("/usr/bin/server", 8_080);
        assert_eq!(see(&mut watch, &server, 8_080, at(0)), Verdict::Known);
        watch.wishes.rules = vec![always];
        watch.expect(server.clone(), at(0));
        for _ in 0..2 {
            assert_eq!(see(&mut watch, &server, 8_080, at(0)), Verdict::New, "always, though it is known");
        }
    }
}
