//! What the programs say, in the person's language: the Fluent catalogues of `/locales`, compiled in.
//!
//! Knows keys and languages, and nothing of what is said. The page reads its own catalogues; those that only it needs are
//! not here.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};

/// What a message may carry: a text, or a number that chooses between "one" and "many". Ports and PIDs go as text.
pub use fluent_bundle::FluentValue as Value;

/// The catalogues that Rust code speaks from: the one list of them.
macro_rules! catalogues {
    ($language:literal) => {
        [
            include_str!(concat!("../../../locales/", $language, "/common.ftl")),
            include_str!(concat!("../../../locales/", $language, "/shell.ftl")),
            include_str!(concat!("../../../locales/", $language, "/terminal.ftl")),
        ]
    };
}

const ENGLISH: &str = "en";
const CHINESE: &str = "zh-CN";

/// Names the language, before the system is asked: for scripts, and for Windows, which knows no language of one program.
pub const LANGUAGE_VARIABLE: &str = "QUAYMASTER_LANGUAGE";

/// The language that "the system's" stands for: `zh-CN` for every Chinese, else `en`. What `QUAYMASTER_LANGUAGE` names comes
/// first, if we speak it; then the system's list (the display languages of Windows; `LANGUAGE`, `LC_ALL`, … on Linux).
#[must_use]
pub fn system_language() -> &'static str {
    spoken(std::env::var(LANGUAGE_VARIABLE).into_iter().chain(sys_locale::get_locales()))
}

/// The first of these locales (BCP 47) that we speak. `C` and `POSIX` are English by definition.
fn spoken(locales: impl Iterator<Item = String>) -> &'static str {
    let mut languages = locales.filter_map(|locale| {
        let language = locale.split(['-', '_', '.']).next().unwrap_or_default().to_ascii_lowercase();
        match &*language {
            "zh" => Some(CHINESE),
            "en" | "c" | "posix" => Some(ENGLISH),
            _ => None,
        }
    });
    languages.next().unwrap_or(ENGLISH)
}

/// The words of one language.
pub struct Words {
    bundle: FluentBundle<FluentResource>,
}

impl Words {
    /// The words of `en` or `zh-CN`; of anything else, English.
    #[must_use]
    pub fn of(language: &str) -> Self {
        let (language, catalogues) =
            if language == CHINESE { (CHINESE, catalogues!("zh-CN")) } else { (ENGLISH, catalogues!("en")) };
        // Only the rules of plurals are taken from the tag; the default has English ones.
        let mut bundle = FluentBundle::new_concurrent(vec![language.parse().unwrap_or_default()]);
        // The marks would end up in terminals and files as invisible characters. Both languages run left to right.
        bundle.set_use_isolating(false);
        for text in catalogues {
            let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(readable, errors)| {
                tracing::warn!(language, ?errors, "a catalogue is not whole");
                readable
            });
            if let Err(errors) = bundle.add_resource(resource) {
                tracing::warn!(language, ?errors, "a key stands in two catalogues");
            }
        }
        Self { bundle }
    }

    /// The message of this key; the key itself in brackets if there is none.
    #[must_use]
    pub fn say(&self, key: &str, values: &[(&str, Value<'_>)]) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|message| message.value()) else {
            tracing::warn!(key, "nothing is said for this key");
            return format!("[{key}]");
        };
        let values: FluentArgs<'_> = values.iter().map(|(name, value)| (*name, value.clone())).collect();
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(&values), &mut errors).into_owned();
        if !errors.is_empty() {
            tracing::warn!(key, ?errors, "a message lacks something");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn keys(catalogues: [&str; 3]) -> BTreeSet<String> {
        let whole = catalogues.map(|text| FluentResource::try_new(text.to_owned()).expect("a catalogue is not whole"));
        let entries = whole.iter().flat_map(FluentResource::entries);
        let keys = entries.filter_map(|entry| match entry {
            fluent_syntax::ast::Entry::Message(message) => Some(message.id.name.to_owned()),
            _ => None,
        });
        keys.collect()
    }

    #[test]
    fn both_languages_say_the_same_things() {
        let (english, chinese) = (keys(catalogues!("en")), keys(catalogues!("zh-CN")));
        assert_eq!(english, chinese);
        assert!(english.len() > 100, "only {} keys", english.len());
    }

    #[test]
    fn a_message_is_said_plainly() {
        let gone =
            |language| Words::of(language).say("owner-kernel-last", &[("program", "x".into()), ("pid", "7897".into())]);
        assert_eq!(gone("en"), "Last held by x (PID 7897)");
        assert_eq!(gone("zh-CN"), "之前由 x（PID 7897）占用");
        assert_eq!(gone("fr"), gone("en"));
    }

    #[test]
    fn one_is_not_many() {
        let connections = |count: u32| Words::of("en").say("quay-connections", &[("count", count.into())]);
        assert_ne!(connections(1).replace('1', "n"), connections(2).replace('2', "n"));
        // No separators in thousands: the same figure must be found again by a search.
        assert!(connections(12345).contains("12345"), "{}", connections(12345));
    }

    #[test]
    fn what_nobody_wrote_shows_its_key() {
        let unwritten = "no-such-key";
        assert_eq!(Words::of("en").say(unwritten, &[]), "[no-such-key]");
        // A missing value shows its name and does not take the sentence with it.
        assert!(Words::of("en").say("owner-kernel-last", &[]).contains("{$program}"));
    }

    #[test]
    fn the_system_speaks_chinese_or_english() {
        for (locales, language) in [
            (&["zh-CN"][..], "zh-CN"),
            (&["zh-Hans-CN"], "zh-CN"),
            (&["zh-TW"], "zh-CN"),
            (&["zh-HK", "en"], "zh-CN"),
            (&["en-GB", "zh-CN"], "en"),
            (&["fr-FR", "zh-CN"], "zh-CN"),
            (&["C", "zh-CN"], "en"),
            (&["de-DE"], "en"),
            (&["zhuang"], "en"),
            (&[], "en"),
        ] {
            assert_eq!(spoken(locales.iter().map(|&locale| locale.to_owned())), language, "{locales:?}");
        }
    }
}
