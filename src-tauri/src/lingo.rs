//! The few words that the shell itself says: titles of the system's own dialogs.

/// The language that "the system's" stands for.
pub(crate) fn system_language() -> &'static str {
    quaymaster_engine::words::system_language()
}

/// A text of the catalogues in `language`.
pub(crate) fn say(language: &'static str, key: &str) -> String {
    quaymaster_engine::words::Words::of(language).say(key, &[])
}
