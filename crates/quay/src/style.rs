//! Colours: which there are, what has which, and whether there are any.

use std::io::{self, IsTerminal};

use anstyle::{AnsiColor, Style};

use crate::arguments::Color;

/// Headings and names.
pub(crate) const STRONG: Style = Style::new().bold();
/// What is there but not of interest.
pub(crate) const FAINT: Style = Style::new().dimmed();
/// Listening, new, done.
pub(crate) const GREEN: Style = AnsiColor::Green.on_default();
/// On the way, changed, troubles.
pub(crate) const YELLOW: Style = AnsiColor::Yellow.on_default();
/// Gone, refused.
pub(crate) const RED: Style = AnsiColor::Red.on_default();
/// Connected.
pub(crate) const CYAN: Style = AnsiColor::Cyan.on_default();
/// Nothing special.
pub(crate) const PLAIN: Style = Style::new();

/// Whether a terminal at the output obeys escape sequences. Consoles of Windows show them as text until they are told to
/// obey, which those before Windows 10 refuse; a terminal of another make behind a pipe (Git Bash) names itself in `TERM`.
pub(crate) fn escapes_understood() -> bool {
    anstyle_query::windows::enable_ansi_colors().unwrap_or(false) || anstyle_query::term_supports_ansi_color()
}

/// Paints text, or leaves it as it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paint {
    on: bool,
}

impl Paint {
    /// Decides whether standard output is coloured: <https://no-color.org>, a terminal, and one that can (`understood`).
    pub(crate) fn new(color: Color, understood: bool) -> Self {
        let on = match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                let wanted = !anstyle_query::no_color() && anstyle_query::term_supports_color();
                wanted && understood && io::stdout().is_terminal()
            }
        };
        Self { on }
    }

    /// `text` in `style`.
    pub(crate) fn apply(self, style: Style, text: &str) -> String {
        if self.on && style != PLAIN && !text.is_empty() { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}

/// The colour of a state.
pub(crate) fn of_state(state: &str) -> Style {
    match state {
        "LISTEN" => GREEN,
        "ESTABLISHED" => CYAN,
        "TIME_WAIT" | "CLOSED" | "BOUND" => FAINT,
        _ => YELLOW,
    }
}
