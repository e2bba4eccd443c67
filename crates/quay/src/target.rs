//! Ports and PIDs as people type them.

/// What a program is named by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// `4711`
    Pid(u32),
    /// `:7897`
    Port(u16),
}

/// `7897` or `:7897`.
pub(crate) fn port(typed: &str) -> Option<u16> {
    digits(typed.strip_prefix(':').unwrap_or(typed))
}

/// A bare number is a PID: the port must be meant to be ended by.
pub(crate) fn target(typed: &str) -> Option<Target> {
    match typed.strip_prefix(':') {
        Some(port) => digits(port).map(Target::Port),
        None => digits(typed).map(Target::Pid),
    }
}

/// Digits alone: no sign, no spaces.
fn digits<N: std::str::FromStr>(typed: &str) -> Option<N> {
    if typed.bytes().all(|byte| byte.is_ascii_digit()) { typed.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_may_have_a_colon() {
        for (typed, meant) in [
            ("7897", Some(7897)),
            (":7897", Some(7897)),
            ("0", Some(0)),
            ("65535", Some(65535)),
            ("65536", None),
            ("+80", None),
            ("", None),
            (":", None),
            ("::80", None),
            ("80 ", None),
            ("http", None),
        ] {
            assert_eq!(port(typed), meant, "{typed:?}");
        }
    }

    #[test]
    fn a_pid_is_no_port() {
        assert_eq!(target("7897"), Some(Target::Pid(7897)));
        assert_eq!(target(":7897"), Some(Target::Port(7897)));
        assert_eq!(target("4194304"), Some(Target::Pid(4_194_304)));
        assert_eq!(target(":4194304"), None);
        assert_eq!(target("-1"), None);
    }
}
