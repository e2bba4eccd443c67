//! The settings file: read once, written whole, never lost. A file that cannot be understood is kept aside; one that cannot
//! be read is never written over.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::clock;
use crate::wire::{ColumnSetting, Failure, Settings, SettingsTrouble};

const FILE: &str = "settings.json";

/// The settings of one person on this computer.
#[derive(Debug)]
pub struct SettingsFile {
    folder: PathBuf,
    /// The file is there but could not be read: writing would destroy what may be good.
    untouchable: bool,
}

impl SettingsFile {
    /// Reads the settings in `folder`; the defaults where there are none yet, or where they are broken, with the reason.
    #[must_use]
    pub fn open(folder: PathBuf) -> (Self, Settings, Option<SettingsTrouble>) {
        let path = folder.join(FILE);
        let mut file = Self { folder, untouchable: false };
        match fs::read(&path) {
            Ok(bytes) => match serde_json::from_slice::<Settings>(&bytes) {
                Ok(settings) => (file, sane(settings), None),
                Err(_) => {
                    let trouble = file.put_aside(&path);
                    (file, Settings::default(), Some(trouble))
                }
            },
            Err(error) if error.kind() == ErrorKind::NotFound => (file, Settings::default(), None),
            Err(error) => {
                file.untouchable = true;
                (file, Settings::default(), Some(SettingsTrouble::Unreadable { detail: error.to_string() }))
            }
        }
    }

    /// Writes the settings: to a new file that then takes the old one's place, so that a crash or a full disk leaves the
    /// old one whole.
    pub fn save(&self, settings: &Settings) -> Result<(), Failure> {
        if self.untouchable {
            return Err(Failure::write_failed(&"the old settings could not be read and are left as they are"));
        }
        self.write(settings).map_err(|error| Failure::write_failed(&error))
    }

    fn write(&self, settings: &Settings) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        serde_json::to_writer_pretty(&mut file, &sane(settings.clone()))?;
        file.write_all(b"\n")?;
        file.as_file().sync_all()?;
        file.persist(self.folder.join(FILE)).map_err(|error| error.error)?;
        Ok(())
    }

    fn put_aside(&mut self, path: &Path) -> SettingsTrouble {
        let aside = self.folder.join(format!("settings.broken-{}.json", clock::now().0));
        match fs::rename(path, &aside) {
            Ok(()) => SettingsTrouble::Corrupt { kept_as: aside.display().to_string() },
            Err(error) => {
                self.untouchable = true;
                SettingsTrouble::Unreadable { detail: error.to_string() }
            }
        }
    }
}

/// Brings values from outside into their bounds, and has every column exactly once.
fn sane(mut settings: Settings) -> Settings {
    let defaults = Settings::default();
    settings.interval_ms = settings.interval_ms.clamp(500, 10_000);
    settings.panel_width = settings.panel_width.clamp(200, 1_200);
    let mut columns: Vec<ColumnSetting> = Vec::with_capacity(defaults.columns.len());
    for column in settings.columns.iter().chain(&defaults.columns) {
        if !columns.iter().any(|known| known.column == column.column) {
            columns.push(ColumnSetting { width: column.width.clamp(40, 1_200), ..*column });
        }
    }
    if !columns.iter().any(|column| column.shown) {
        columns = defaults.columns;
    }
    settings.columns = columns;
    settings
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;
    use crate::wire::{Column, Language};

    #[test]
    fn what_was_saved_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let (file, defaults, trouble) = SettingsFile::open(folder.path().join("not/there/yet"));
        assert_eq!((defaults.clone(), trouble), (Settings::default(), None));
        let chosen = Settings { language: Language::Chinese, interval_ms: 2_000, ..defaults };
        file.save(&chosen).unwrap();
        let (_, read, trouble) = SettingsFile::open(folder.path().join("not/there/yet"));
        assert_eq!((read, trouble), (chosen, None));
    }

    #[test]
    fn a_broken_file_is_kept_aside_and_said() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), "{ \"interval_ms\": \"so").unwrap();
        let (file, settings, trouble) = SettingsFile::open(folder.path().to_owned());
        assert_eq!(settings, Settings::default());
        let Some(SettingsTrouble::Corrupt { kept_as }) = trouble else { panic!("{trouble:?}") };
        assert_eq!(fs::read_to_string(kept_as).unwrap(), "{ \"interval_ms\": \"so");
        file.save(&settings).unwrap();
    }

    #[test]
    fn an_unreadable_file_is_never_written_over() {
        let folder = tempfile::tempdir().unwrap();
        // A folder in the file's place cannot be read as a file by anyone, not even by root.
        fs::create_dir(folder.path().join(FILE)).unwrap();
        let (file, settings, trouble) = SettingsFile::open(folder.path().to_owned());
        assert!(matches!(trouble, Some(SettingsTrouble::Unreadable { .. })), "{trouble:?}");
        assert_eq!(file.save(&settings).unwrap_err().code, "write_failed");
    }

    #[test]
    fn values_out_of_bounds_are_brought_in() {
        let wild = Settings {
            interval_ms: 1,
            panel_width: 9,
            columns: vec![ColumnSetting { column: Column::Pid, width: 9_999, shown: true }; 3],
            ..Settings::default()
        };
        let tame = sane(wild);
        assert_eq!((tame.interval_ms, tame.panel_width), (500, 200));
        assert_eq!(tame.columns.len(), Settings::default().columns.len());
        assert_eq!(tame.columns[0], ColumnSetting { column: Column::Pid, width: 1_200, shown: true });
    }

    #[test]
    fn a_file_of_an_older_version_keeps_what_it_says() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), r#"{ "interval_ms": 5000, "long_gone": true }"#).unwrap();
        let (_, settings, trouble) = SettingsFile::open(folder.path().to_owned());
        assert_eq!((settings, trouble), (Settings { interval_ms: 5_000, ..Settings::default() }, None));
    }
}
