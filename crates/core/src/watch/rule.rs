//! The person's wishes about some listeners.

use std::ops::RangeInclusive;

use super::identity::{Identity, Program};
use crate::endpoint::Protocol;
use crate::port::Reach;

/// A listener as rules see it.
#[derive(Clone, Debug)]
pub struct Subject<'a> {
    /// What it is known by.
    pub identity: Identity,
    /// Its program's name, empty where it is not known.
    pub name: &'a str,
    /// Its port.
    pub port: u16,
    /// It was there at the first look.
    pub already_open: bool,
}

/// About those listeners that fit everything that is given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rule {
    /// Always tell, even of what is known; or never.
    pub tell: bool,
    /// A program's path or name, letters in either case.
    pub program: Option<String>,
    /// Its port.
    pub ports: Option<RangeInclusive<u16>>,
    /// Reachable from so far away at least.
    pub reach: Option<Reach>,
    /// TCP or UDP alone.
    pub protocol: Option<Protocol>,
}

impl Rule {
    /// Whether it is about `subject`.
    #[must_use]
    pub fn fits(&self, subject: &Subject<'_>) -> bool {
        let Identity { program, protocol, reach, .. } = &subject.identity;
        let same = |has: &str, wanted: &str| has.to_lowercase() == wanted.to_lowercase();
        let is_program = |wanted: &str| {
            let of_file = matches!(program, Program::File(path) | Program::Name(path) if same(path, wanted));
            of_file || !subject.name.is_empty() && same(subject.name, wanted)
        };
        self.program.as_deref().is_none_or(is_program)
            && self.ports.as_ref().is_none_or(|ports| ports.contains(&subject.port))
            && self.reach.is_none_or(|least| *reach >= least)
            && self.protocol.is_none_or(|wanted| *protocol == wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::Spot;

    #[test]
    fn everything_that_is_given_must_fit() {
        let program = Program::File("C:\\Tools\\Server.exe".into());
        let spot = Spot::Port(8_080);
        let identity = Identity { program, protocol: Protocol::Tcp, spot, reach: Reach::LocalNetwork };
        let subject = Subject { identity, name: "Server.exe", port: 8_080, already_open: false };
        let rule = Rule::default();
        let cases = [
            (rule.clone(), true),
            (Rule { program: Some("server.EXE".into()), ..rule.clone() }, true),
            (Rule { program: Some("c:\\tools\\server.exe".into()), ..rule.clone() }, true),
            (Rule { program: Some("serve".into()), ..rule.clone() }, false),
            (Rule { ports: Some(8_080..=8_080), ..rule.clone() }, true),
            (Rule { ports: Some(1..=8_079), ..rule.clone() }, false),
            (Rule { reach: Some(Reach::ThisComputer), ..rule.clone() }, true),
            (Rule { reach: Some(Reach::Everywhere), ..rule.clone() }, false),
            (Rule { protocol: Some(Protocol::Udp), ..rule.clone() }, false),
            (Rule { protocol: Some(Protocol::Tcp), ports: Some(1..=2), ..rule }, false),
        ];
        for (rule, fits) in cases {
            assert_eq!(rule.fits(&subject), fits, "{rule:?}");
        }
    }
}
