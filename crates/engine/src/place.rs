//! Where this program keeps what it remembers. Window and terminal look in the same places.

use std::path::PathBuf;

/// The name of this program's folders; the window's configuration has the same one, which a test holds so.
pub const IDENTIFIER: &str = "app.quaymaster.desktop";

/// The folder of the settings: in the system's configuration folder, or in the working directory where there is none.
#[must_use]
pub fn settings() -> PathBuf {
    dirs::config_dir().unwrap_or_else(|| PathBuf::from(".")).join(IDENTIFIER)
}

/// The folder of what is remembered of this computer: known listeners, history.
#[must_use]
pub fn data() -> PathBuf {
    dirs::data_local_dir().unwrap_or_else(|| PathBuf::from(".")).join(IDENTIFIER)
}
