//! Text from outside made harmless: process names, command lines and DNS names are the other side's, not ours.

use std::borrow::Cow;
use std::fmt::Write;

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// Makes control and format characters visible (Unicode Cc, Cf, Zl, Zp, Co, Cn: line breaks, ESC, bidi overrides, zero-width
/// and unassigned characters) as `\n`, `\t`, `\e` or `\u{202e}`, and cuts after `limit` characters with `…`. The result can
/// stand in a page, a terminal line or a file without doing anything.
#[must_use]
pub fn visible(text: &str, limit: usize) -> Cow<'_, str> {
    if text.chars().count() <= limit && !text.chars().any(acts) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len().min(limit.saturating_mul(4)));
    for (at, character) in text.chars().enumerate() {
        if at == limit {
            shown.push('…');
            break;
        }
        match character {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            '\u{1b}' => shown.push_str("\\e"),
            other if acts(other) => {
                let _ = write!(shown, "\\u{{{:x}}}", u32::from(other));
            }
            other => shown.push(other),
        }
    }
    Cow::Owned(shown)
}

/// Whether a character does something other than being seen, or is a letter that cannot be seen.
fn acts(character: char) -> bool {
    if (' '..='~').contains(&character) {
        return false;
    }
    // Fillers and joiners that are letters or marks by category and shown as nothing (Default_Ignorable_Code_Point), and the
    // braille pattern without a dot: a name made of them would look like no name.
    if matches!(
        character,
        '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}'
    ) {
        return true;
    }
    matches!(
        character.general_category(),
        GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator
            | GeneralCategory::PrivateUse
            | GeneralCategory::Surrogate
            | GeneralCategory::Unassigned
    )
}

/// Text as it is searched and compared: every character in lower case by itself. (`str::to_lowercase` writes a Greek sigma
/// by its place in the word, so a part of a word would not be found in the whole.)
pub(crate) fn lower_case(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_lowercase() } else { text.chars().flat_map(char::to_lowercase).collect() }
}

/// Arguments joined for reading: separated by spaces, in double quotes where an argument is empty or has spaces or quotes.
#[must_use]
pub fn command_line(arguments: &[String]) -> String {
    let quoted = |argument: &String| {
        if !argument.is_empty() && !argument.contains([' ', '"', '\'']) {
            return argument.clone();
        }
        format!("\"{}\"", argument.replace('\\', "\\\\").replace('"', "\\\""))
    };
    arguments.iter().map(quoted).collect::<Vec<_>>().join(" ")
}

/// A cell that no spreadsheet takes for a formula: one that starts like one gets an apostrophe in front, which spreadsheets
/// do not show. Plain numbers stay numbers.
#[must_use]
pub fn spreadsheet_safe(text: &str) -> Cow<'_, str> {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    // The parser knows `-inf` and `+nan` too, which are no numbers to a spreadsheet.
    let number = text.bytes().all(|byte| b"+-.0123456789eE".contains(&byte)) && text.parse::<f64>().is_ok();
    if formula && !number { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nothing_acts_any_more() {
        for (raw, shown) in [
            ("nginx", "nginx"),
            ("a\nb\tc", "a\\nb\\tc"),
            ("\u{1b}[31mred", "\\e[31mred"),
            ("exe.\u{202e}gpj", "exe.\\u{202e}gpj"),
            ("<img onerror=x>", "<img onerror=x>"),
            (") S 1 (", ") S 1 ("),
            ("zero\u{200b}width\u{feff}", "zero\\u{200b}width\\u{feff}"),
            ("\u{2028}\u{2029}", "\\u{2028}\\u{2029}"),
            ("微信 ✓ é", "微信 ✓ é"),
            ("\u{3164}\u{2800}", "\\u{3164}\\u{2800}"),
            ("👩\u{200d}💻", "👩\\u{200d}💻"),
            ("\u{2066}a\u{2069}\u{e000}\u{10ffff}", "\\u{2066}a\\u{2069}\\u{e000}\\u{10ffff}"),
            ("\u{9b}31m\u{7f}\0", "\\u{9b}31m\\u{7f}\\u{0}"),
        ] {
            assert_eq!(visible(raw, 100), shown);
        }
        assert_eq!(visible("abcdef", 3), "abc…");
        assert_eq!(visible("abc", 3), "abc");
        assert_eq!(visible("端口端口", 2), "端口…");
    }

    #[test]
    fn arguments_can_be_told_apart() {
        let arguments = ["ls", "-l", "My Files", "", "a\"b"].map(str::to_owned);
        assert_eq!(command_line(&arguments), "ls -l \"My Files\" \"\" \"a\\\"b\"");
    }

    #[test]
    fn no_cell_is_a_formula() {
        for (raw, safe) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("+cmd", "'+cmd"),
            ("-5", "-5"),
            ("-x", "'-x"),
            ("-inf", "'-inf"),
            ("-1.5e3", "-1.5e3"),
            ("-5+cmd|' /C calc'!A0", "'-5+cmd|' /C calc'!A0"),
            ("\t=1", "'\t=1"),
            ("", ""),
            ("＝1", "'＝1"),
            ("nginx", "nginx"),
        ] {
            assert_eq!(spreadsheet_safe(raw), safe);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_harmless_and_short(text in any::<String>(), limit in 0usize..40) {
            let shown = visible(&text, limit);
            prop_assert!(!shown.chars().any(acts));
            prop_assert!(shown.chars().filter(|&c| c == '…').count() <= text.chars().filter(|&c| c == '…').count() + 1);
            prop_assert!(shown.chars().count() <= limit * 10 + 1);
        }

        #[test]
        fn no_text_is_a_formula(text in any::<String>()) {
            let safe = spreadsheet_safe(&text);
            prop_assert!(!safe.starts_with(['=', '+', '-', '@']) || safe.parse::<f64>().is_ok());
        }
    }
}
