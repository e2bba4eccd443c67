//! What the program is started with: `quaymaster [PORT] [--hidden]`.

/// A start, as far as it was understood. What was not is passed over: there is nobody to read a complaint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Arguments {
    /// The port to be answered for.
    pub(crate) port: Option<u16>,
    /// Without its window: how the system starts it.
    pub(crate) hidden: bool,
}

/// The argument of a start without a window.
pub(crate) const HIDDEN: &str = "--hidden";

impl Arguments {
    /// Reads a command line, the program's own name first.
    pub(crate) fn of(line: impl IntoIterator<Item = String>) -> Self {
        let mut arguments = Self::default();
        for word in line.into_iter().skip(1) {
            match word.parse() {
                Ok(port) => arguments.port = arguments.port.or(Some(port)),
                Err(_) => arguments.hidden |= word == HIDDEN,
            }
        }
        arguments
    }

    /// Those of this very start.
    pub(crate) fn own() -> Self {
        Self::of(std::env::args_os().map(|word| word.to_string_lossy().into_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Arguments {
        Arguments::of(line.split(' ').map(str::to_owned))
    }

    #[test]
    fn a_port_and_nothing_else_is_a_port() {
        assert_eq!(read("quaymaster 7897"), Arguments { port: Some(7897), hidden: false });
        assert_eq!(read("quaymaster --hidden 80 443"), Arguments { port: Some(80), hidden: true });
        for nothing in ["quaymaster", "7897", "quaymaster 70000", "quaymaster -1", "quaymaster --verbose http"] {
            assert_eq!(read(nothing), Arguments::default(), "{nothing}");
        }
    }
}
