//! The person's settings while the window is open, and their file.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use quaymaster_engine::networks;
use quaymaster_engine::settings::{self, SettingsFile};
use quaymaster_engine::wire::{Failure, Language, Settings, SettingsLoad, SettingsTrouble, Theme};

use crate::lingo;

/// What is in force, and where it is kept.
pub(crate) struct Preferences {
    kept: Mutex<Kept>,
}

struct Kept {
    file: SettingsFile,
    settings: Settings,
    /// Said to the page with every load: a reloaded page has forgotten it.
    trouble: Option<SettingsTrouble>,
}

impl Preferences {
    /// Reads the settings in this folder.
    pub(crate) fn open(folder: PathBuf) -> Self {
        let (file, settings, trouble) = SettingsFile::open(folder);
        Self { kept: Mutex::new(Kept { file, settings, trouble }) }
    }

    pub(crate) fn current(&self) -> Settings {
        self.kept().settings.clone()
    }

    pub(crate) fn load(&self) -> SettingsLoad {
        let kept = self.kept();
        SettingsLoad {
            settings: kept.settings.clone(),
            system_language: lingo::system_language(),
            defaults: Settings::default(),
            trouble: kept.trouble.clone(),
            file: settings::shown(&kept.file.path()),
            networks: networks::told(),
        }
    }

    /// In force at once; also when the file could not be written, which is said.
    pub(crate) fn save(&self, settings: Settings) -> Result<(), Failure> {
        let mut kept = self.kept();
        kept.settings.clone_from(&settings);
        kept.file.save(&settings)
    }

    /// The system has the last word on whether it starts the program.
    pub(crate) fn note_start_with_system(&self, started: bool) {
        self.kept().settings.tray.start_with_system = started;
    }

    /// What the window's frame should look like; `None`: as the system does.
    pub(crate) fn window_theme(&self) -> Option<tauri::Theme> {
        match self.kept().settings.theme {
            Theme::System => None,
            Theme::Light => Some(tauri::Theme::Light),
            Theme::Dark => Some(tauri::Theme::Dark),
        }
    }

    /// The language in force: `en` or `zh-CN`.
    pub(crate) fn language(&self) -> &'static str {
        match self.kept().settings.language {
            Language::System => lingo::system_language(),
            Language::English => "en",
            Language::Chinese => "zh-CN",
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
