//! The settings file: a TOML file that a person may edit, read value by value, written atomically, never lost.
//!
//! **Invariant:** what is saved is the file as it is on the disk at that moment, with only those values changed that the window
//! has changed since it read them (`write`). So comments, order, keys that nobody here knows, and what a person has edited
//! meanwhile survive, and so does a wrong value, named by `read`, until that very setting is changed.
//! **Invariant:** a file that is no TOML is kept aside; one that cannot be read is never written over.

mod read;
#[cfg(test)]
mod tests;
mod write;

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use quaymaster_core::text::visible;
use toml_edit::Document;

use crate::clock;
use crate::wire::{ColumnSetting, Failure, PortSpan, Settings, SettingsTrouble};

const FILE: &str = "settings.toml";
/// What versions before the TOML file wrote.
const JSON: &str = "settings.json";
/// Under this name it stays once it has been taken over.
const JSON_TAKEN_OVER: &str = "settings.json.old";

/// The settings of one person on this computer.
#[derive(Debug)]
pub struct SettingsFile {
    folder: PathBuf,
    /// The file is there but could not be read: writing would destroy what may be good.
    untouchable: bool,
    /// The settings as they were last read from the file or written to it: what differs from these is written.
    known: Settings,
}

/// What a file turned out to hold.
type Opened = (Settings, Option<SettingsTrouble>);

impl SettingsFile {
    /// Reads the settings in `folder`; the defaults where there are none yet, and for every value that is wrong.
    #[must_use]
    pub fn open(folder: PathBuf) -> (Self, Settings, Option<SettingsTrouble>) {
        let mut file = Self { folder, untouchable: false, known: Settings::default() };
        let (settings, trouble) = match fs::read(file.path()) {
            Ok(bytes) => file.understand(&bytes),
            Err(error) if error.kind() == ErrorKind::NotFound => file.take_json_over(),
            Err(error) => file.leave_alone(&error),
        };
        file.known.clone_from(&settings);
        (file, settings, trouble)
    }

    /// Where the file is, or will be with the first change.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.folder.join(FILE)
    }

    /// Writes what has changed since the file was read: to a new file that then takes the old one's place, so that a crash
    /// or a full disk leaves the old one whole.
    pub fn save(&mut self, settings: &Settings) -> Result<(), Failure> {
        if self.untouchable {
            return Err(Failure::write_failed(&"the old settings could not be read and are left as they are"));
        }
        let settings = sane(settings.clone());
        let text = match fs::read(self.path()) {
            Ok(bytes) => {
                // Somebody is at work on it: neither is their half-finished text put aside, nor are lines of it guessed.
                let old = text_of(&bytes).map_err(Failure::settings_broken)?;
                write::changed(old, &settings, &self.known).map_err(Failure::settings_broken)?
            }
            Err(error) if error.kind() == ErrorKind::NotFound => write::new(&settings),
            Err(error) => return Err(Failure::write_failed(&error)),
        };
        self.replace(&text).map_err(|error| Failure::write_failed(&error))?;
        self.known = settings;
        Ok(())
    }

    fn replace(&self, text: &str) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        // Whoever keeps their settings elsewhere and links to them keeps the link.
        let path = match fs::read_link(self.path()) {
            Ok(_) => fs::canonicalize(self.path())?,
            Err(_) => self.path(),
        };
        let mut file = tempfile::NamedTempFile::new_in(path.parent().unwrap_or(&self.folder))?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    }

    fn understand(&mut self, bytes: &[u8]) -> Opened {
        let parsed = text_of(bytes).and_then(|text| {
            Document::parse(text).map_err(|error| error.span().map(|span| read::line(text, span.start)))
        });
        match parsed {
            Ok(document) => {
                let (settings, values) = read::settings(&document);
                (settings, (!values.is_empty()).then_some(SettingsTrouble::WrongValues { values }))
            }
            Err(line) => self.put_aside(&self.path(), "toml", line),
        }
    }

    /// The settings of an earlier version, once: written anew as TOML, and the old file left under another name.
    fn take_json_over(&mut self) -> Opened {
        let json = self.folder.join(JSON);
        let bytes = match fs::read(&json) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Opened::default(),
            Err(error) => return self.leave_alone(&error),
        };
        match serde_json::from_slice::<Settings>(&bytes) {
            Ok(settings) => {
                let settings = sane(settings);
                // Where it cannot be written now, it is taken over again at the next start, or with the first change.
                match self
                    .replace(&write::new(&settings))
                    .and_then(|()| fs::rename(&json, self.folder.join(JSON_TAKEN_OVER)))
                {
                    Ok(()) => {}
                    Err(error) => tracing::warn!("{JSON} could not be taken over: {error}"),
                }
                (settings, None)
            }
            Err(error) => self.put_aside(&json, "json", u32::try_from(error.line()).ok()),
        }
    }

    fn put_aside(&mut self, path: &Path, ending: &str, line: Option<u32>) -> Opened {
        let aside = self.folder.join(format!("settings.broken-{}.{ending}", clock::now().0));
        match fs::rename(path, &aside) {
            Ok(()) => (Settings::default(), Some(SettingsTrouble::Corrupt { kept_as: shown(&aside), line })),
            Err(error) => self.leave_alone(&error),
        }
    }

    fn leave_alone(&mut self, error: &io::Error) -> Opened {
        self.untouchable = true;
        (Settings::default(), Some(SettingsTrouble::Unreadable { detail: error.to_string() }))
    }
}

/// A path for a person to read.
#[must_use]
pub fn shown(path: &Path) -> String {
    visible(&path.to_string_lossy(), 4_096).into_owned()
}

/// The file's text, or the line where it stops being one.
fn text_of(bytes: &[u8]) -> Result<&str, Option<u32>> {
    std::str::from_utf8(bytes).map_err(|error| {
        let breaks = bytes[..error.valid_up_to()].iter().filter(|&&byte| byte == b'\n').count();
        u32::try_from(breaks + 1).ok()
    })
}

/// Brings values from outside into their bounds, and has every column exactly once.
fn sane(mut settings: Settings) -> Settings {
    settings.interval_ms = settings.interval_ms.clamp(500, 10_000);
    settings.panel_width = settings.panel_width.clamp(200, 1_200);
    settings.history.days = settings.history.days.clamp(1, 3_650);
    settings.history.megabytes = settings.history.megabytes.clamp(10, 10_000);
    settings.watch.quiet = settings.watch.quiet.filter(|quiet| quiet.from.max(quiet.until) < 1_440);
    for rule in &mut settings.watch.rules {
        rule.program = rule.program.take().filter(|program| !program.trim().is_empty());
        rule.ports = rule
            .ports
            .take()
            .map(|PortSpan { first, last }| PortSpan { first: first.min(last), last: first.max(last) });
    }
    settings.columns = every_column(&settings.columns);
    settings
}

/// These columns, and behind them those that are missing, as a new installation has them; each once.
fn every_column(chosen: &[ColumnSetting]) -> Vec<ColumnSetting> {
    let defaults = Settings::default().columns;
    let mut columns: Vec<ColumnSetting> = Vec::with_capacity(defaults.len());
    for column in chosen.iter().chain(&defaults) {
        if !columns.iter().any(|known| known.column == column.column) {
            columns.push(ColumnSetting { width: column.width.clamp(40, 1_200), ..*column });
        }
    }
    if columns.iter().any(|column| column.shown) { columns } else { defaults }
}
