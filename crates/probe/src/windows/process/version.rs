//! What a program file says of itself: its version resource.
//!
//! Anybody can write anything there: a claim, never a proof.

mod block;
mod translation;

use std::collections::HashMap;
use std::fs::Metadata;
use std::path::PathBuf;
use std::time::SystemTime;

use quaymaster_core::{Gap, Known};
use windows_sys::Win32::Globalization::GetUserDefaultUILanguage;

use self::block::Block;
use super::path::openable;

/// The words of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said {
    /// `FileDescription`.
    pub(super) description: Known<String>,
    /// `CompanyName`.
    pub(super) company: Known<String>,
}

/// What files said, as long as they have not changed: svchost.exe alone runs sixty times.
#[derive(Default)]
pub(super) struct Versions {
    said: HashMap<Vec<u16>, (Mark, Said)>,
}

/// Files that are remembered; more programs than run at a time.
const MOST: usize = 1024;

/// A file that has been written anew has another one.
type Mark = (u64, Option<SystemTime>);

impl Versions {
    /// What the file at this path says. Opens it: on a share that takes as long as the network does.
    pub(super) fn of(&mut self, path: &[u16]) -> Said {
        match mark(path) {
            Ok(mark) => self.remembered(path, mark),
            Err(why) => Said { description: Err(why), company: Err(why) },
        }
    }

    fn remembered(&mut self, path: &[u16], mark: Mark) -> Said {
        if let Some((_, said)) = self.said.get(path).filter(|(known, _)| *known == mark) {
            return said.clone();
        }
        if self.said.len() >= MOST {
            self.said.clear();
        }
        let said = read(path);
        self.said.insert(path.to_vec(), (mark, said.clone()));
        said
    }
}

fn mark(path: &[u16]) -> Known<Mark> {
    let path = openable(path).ok_or(Gap::Unsupported)?;
    let path = PathBuf::from(String::from_utf16_lossy(path.strip_suffix(&[0]).unwrap_or(&path)));
    let of = |file: Metadata| (file.len(), file.modified().ok());
    path.metadata().map(of).map_err(|error| match error.kind() {
        std::io::ErrorKind::PermissionDenied => Gap::Denied,
        // Renamed or removed since it was started.
        std::io::ErrorKind::NotFound => Gap::None,
        _ => Gap::Unsupported,
    })
}

fn read(path: &[u16]) -> Said {
    let block = openable(path).ok_or(Gap::Unsupported).and_then(|path| Block::read(&path));
    let block = match block {
        Ok(block) => block,
        Err(why) => return Said { description: Err(why), company: Err(why) },
    };
    let translations = translation::best_first(&block.translations(), ui_language());
    // A file may name a translation and have no words in it: the next best is better than none.
    let word = |name: &str| translations.iter().find_map(|one| block.word(*one, name)).ok_or(Gap::None);
    Said { description: word("FileDescription"), company: word("CompanyName") }
}

fn ui_language() -> u16 {
    // SAFETY: it has no preconditions.
    unsafe { GetUserDefaultUILanguage() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_once_until_it_changes() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("端口.exe");
        let units: Vec<u16> = file.to_string_lossy().encode_utf16().collect();
        let system = std::env::var("SystemRoot").unwrap_or_default();
        std::fs::copy(format!("{system}\\system32\\winver.exe"), &file)?;
        let mut versions = Versions::default();
        let said = versions.of(&units);
        assert_eq!(said.company.as_deref(), Ok("Microsoft Corporation"));
        // As if it had said something else then.
        for (_, said) in versions.said.values_mut() {
            said.company = Ok("remembered".to_owned());
        }
        assert_eq!(versions.of(&units).company.as_deref(), Ok("remembered"));
        std::fs::write(&file, "MZ, but no program")?;
        assert_eq!(versions.of(&units), Said { description: Err(Gap::None), company: Err(Gap::None) });
        std::fs::remove_file(&file)?;
        assert_eq!(versions.of(&units), Said { description: Err(Gap::None), company: Err(Gap::None) });
        Ok(())
    }

    #[test]
    fn what_is_remembered_does_not_grow_for_ever() {
        let mut versions = Versions::default();
        for number in 0..=MOST as u16 {
            versions.remembered(&[number + 1], (0, None));
        }
        assert_eq!(versions.said.len(), 1);
    }
}
