//! How this call speaks: language, colours, room, and where its output goes.

use std::io::{self, IsTerminal, Write};

use quaymaster_engine::words::Words;
use serde::Serialize;

use crate::arguments::Color;
use crate::style::{self, Paint};

/// The other side of the conversation.
pub(crate) struct Terminal {
    /// The person's language.
    pub(crate) words: Words,
    /// The colours of standard output.
    pub(crate) paint: Paint,
    /// JSON was asked for.
    pub(crate) json: bool,
    /// Standard output is read by a person, not by a program.
    pub(crate) seen: bool,
    /// The terminal, if there is one, obeys escape sequences.
    understands: bool,
}

/// Columns and lines.
pub(crate) struct Room {
    /// Characters in a line.
    pub(crate) columns: usize,
    /// Lines.
    pub(crate) lines: usize,
}

impl Terminal {
    /// Looks at where the output goes.
    pub(crate) fn open(words: Words, json: bool, color: Color) -> Self {
        let understands = style::escapes_understood();
        let paint = Paint::new(color, understands);
        Self { words, paint, json, seen: io::stdout().is_terminal(), understands }
    }

    /// The room in which something can be shown over and over in its place.
    pub(crate) fn place(&self) -> Option<Room> {
        self.room().filter(|_| self.understands && !self.json)
    }

    /// How much fits; `None` when nobody looks (then nothing is cut).
    pub(crate) fn room(&self) -> Option<Room> {
        // Asked each time: the person may have changed the window since.
        let (columns, lines) = terminal_size::terminal_size_of(io::stdout()).filter(|_| self.seen)?;
        Some(Room { columns: columns.0.into(), lines: lines.0.into() })
    }

    /// Writes to standard output, at once and whole.
    pub(crate) fn print(&self, text: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes())?;
        out.flush()
    }

    /// Writes one JSON value: spread over lines to be read once, on one line in a series.
    pub(crate) fn print_json(&self, value: &impl Serialize, one_line: bool) -> anyhow::Result<()> {
        let mut text = if one_line { serde_json::to_string(value) } else { serde_json::to_string_pretty(value) }?;
        text.push('\n');
        Ok(self.print(&text)?)
    }

    /// Writes beside the output: to the person, even where a program reads the output.
    pub(crate) fn complain(&self, text: &str) {
        // Nobody is left to tell if this fails.
        let _ = writeln!(io::stderr(), "{text}");
    }

    /// What belongs to a table but is no row: below it on a terminal, beside it where a program reads the rows.
    pub(crate) fn remark(&self, text: &str) -> io::Result<()> {
        if self.seen && !self.json {
            return self.print(&format!("{text}\n"));
        }
        self.complain(text);
        Ok(())
    }
}
