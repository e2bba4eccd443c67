//! Which licences may be in our programs: `allowed.txt`, against what a library says of itself.

use anyhow::{Context, bail};
use spdx::{Expression, LicenseReq, Licensee, ParseMode};

/// Our list.
pub(super) struct Allowed(Vec<Licensee>);

impl Allowed {
    /// Reads the list: one licence a line.
    pub(super) fn read(list: &str) -> anyhow::Result<Self> {
        let licences = list.lines().map(|line| Licensee::parse(line).with_context(|| format!("in our list: {line}")));
        Ok(Self(licences.collect::<anyhow::Result<_>>()?))
    }

    /// The licences of an expression that are on the list; an error if they do not suffice for it.
    pub(super) fn judge(&self, expression: &str) -> anyhow::Result<Vec<String>> {
        // Lax: "MIT/Apache-2.0" is how it was written before there was a rule.
        let parsed = Expression::parse_mode(expression, ParseMode::LAX)
            .with_context(|| format!("its licence is not understood: {expression:?}"))?;
        if !parsed.evaluate(|licence| self.holds(licence)) {
            bail!("its licence is not on our list (crates/xtask/src/bundle/licences/allowed.txt): {expression}");
        }
        let mut usable: Vec<String> = Vec::new();
        for licence in parsed.requirements().filter(|licence| self.holds(&licence.req)) {
            let name = licence.req.license.id().map(|id| id.name.to_owned());
            usable.extend(name.filter(|name| !usable.contains(name)));
        }
        Ok(usable)
    }

    fn holds(&self, licence: &LicenseReq) -> bool {
        self.0.iter().any(|ours| ours.satisfies(licence))
    }
}

#[cfg(test)]
mod tests {
    use super::Allowed;

    fn judge(expression: &str) -> Option<Vec<String>> {
        let ours = Allowed::read("MIT\nApache-2.0 WITH LLVM-exception\nUnicode-3.0").expect("a list");
        ours.judge(expression).ok()
    }

    #[test]
    fn a_choice_needs_one_of_ours_and_a_sum_needs_all() {
        assert_eq!(judge("GPL-3.0-only OR MIT"), Some(vec!["MIT".into()]));
        assert_eq!(judge("MIT/GPL-2.0-only"), Some(vec!["MIT".into()]));
        assert_eq!(judge("(MIT OR GPL-3.0-only) AND Unicode-3.0"), Some(vec!["MIT".into(), "Unicode-3.0".into()]));
        assert_eq!(judge("MIT AND GPL-3.0-only"), None);
        assert_eq!(judge("AGPL-3.0-only"), None);
        assert_eq!(judge("Apache-2.0"), None, "the exception is not the licence without it");
        assert_eq!(judge(""), None);
        assert_eq!(judge("SEE LICENSE IN file"), None);
    }
}
