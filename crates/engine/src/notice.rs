//! What must reach a person while there is no window to say it in, in the language of the system: the person's own choice is
//! in settings that may be the very thing that failed.

use std::fmt::Display;

use quaymaster_core::text::visible;

use crate::words::{Value, Words, system_language};

/// The longest reason that is told, in characters: a box grows with its text, beyond the screen in the end.
const REASON: usize = 1_000;

/// Says the message `key`, with what may come from outside as its `reason`. Returns when it has been read.
pub fn tell(key: &str, reason: &dyn Display) {
    let words = Words::of(system_language());
    quaymaster_probe::tell(&title(&words), &text(&words, key, reason));
}

/// Asks `key`, a question of which `address` is part. `true` is a yes.
#[must_use]
pub fn ask(key: &str, address: &str) -> bool {
    let words = Words::of(system_language());
    quaymaster_probe::ask(&title(&words), &words.say(key, &[("address", address.into())]))
}

fn title(words: &Words) -> String {
    words.say("app-name", &[])
}

fn text(words: &Words, key: &str, reason: &dyn Display) -> String {
    words.say(key, &[("reason", Value::from(visible(&reason.to_string(), REASON).into_owned()))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_cannot_write_lines_of_its_own() {
        for language in ["en", "zh-CN"] {
            let told = text(&Words::of(language), "shell-not-started", &"no such file\nAll is well \u{202e}");
            assert!(told.contains("no such file") && !told.contains("\nAll is well"), "{told}");
            assert!(!told.contains('\u{202e}'), "{told}");
        }
    }
}
