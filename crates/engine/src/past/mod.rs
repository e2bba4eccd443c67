//! What happened while nobody looked: kept as the person wants it, and read back.
//!
//! `scribe` makes notes of what the engine sees, `read` answers questions, `export` writes answers to a file. The keeping
//! itself is `quaymaster-history`'s: a thread of its own writes, and nothing here waits for the disk on the engine's thread.

mod export;
mod read;
mod scribe;

pub use read::Archive;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use quaymaster_core::Process;
use quaymaster_history::{Deed, History, Keeping, Recorder};

use crate::watch::Happening;
use crate::wire::{Failure, HistorySettings, HistoryState};
use crate::{clock, convert};
use scribe::Scribe;

/// What is remembered of what happened. Clones share it.
#[derive(Clone, Debug)]
pub struct Past {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    folder: PathBuf,
    archive: Mutex<Archive>,
    kept: Mutex<Kept>,
    /// Who takes notes; `None`: nothing is kept. Apart from `kept`, which is held while the disk is waited for.
    scribe: Mutex<Option<Scribe>>,
}

#[derive(Debug)]
struct Kept {
    settings: HistorySettings,
    history: Option<History>,
}

impl Past {
    /// Opens what is remembered in a folder, and goes on remembering if the person wants it. Reads and writes a little, so it
    /// may block. What is wrong is told by [`Past::state`]; it stops nothing.
    #[must_use]
    pub fn open(folder: &Path, settings: HistorySettings) -> Self {
        let history = settings.keep.then(|| open(folder, settings));
        let scribe = Mutex::new(history.as_ref().map(|history| Scribe::new(history.recorder())));
        let archive = Mutex::new(history.as_ref().map_or_else(|| Archive::of(folder), Archive::kept_by));
        let kept = Mutex::new(Kept { settings, history });
        let shared = Shared { folder: folder.to_owned(), archive, kept, scribe };
        Self { shared: Arc::new(shared) }
    }

    /// What answers questions; it may be asked whether anything is kept at the moment or not.
    #[must_use]
    pub fn archive(&self) -> Archive {
        locked(&self.shared.archive).clone()
    }

    /// How it is.
    #[must_use]
    pub fn state(&self) -> HistoryState {
        let kept = locked(&self.shared.kept);
        let trouble = kept.history.as_ref().and_then(History::trouble);
        HistoryState {
            keep: kept.settings.keep,
            trouble: trouble.as_ref().map(convert::history_trouble),
            lost: kept.history.as_ref().map_or(0, History::lost),
        }
    }

    /// The person has read what was wrong.
    pub fn heard(&self) {
        if let Some(history) = &locked(&self.shared.kept).history {
            history.heard();
        }
    }

    /// Forgets everything. Waits for the disk.
    pub fn delete(&self) -> Result<(), Failure> {
        let kept = locked(&self.shared.kept);
        let deleted = match &kept.history {
            Some(history) => history.delete_everything(),
            None => {
                // Windows deletes no file that somebody has open.
                locked(&self.shared.archive).let_go();
                History::delete(&self.shared.folder)
            }
        };
        deleted.map_err(|trouble| Failure::write_failed(&trouble))
    }

    /// Keeps as the person wants from now on. Waits for the disk. Begun anew, it knows of nothing that is open already:
    /// whether it was is answered, and [`Past::begin`] is to be told.
    pub(crate) fn keep(&self, settings: HistorySettings) -> Option<Begun> {
        let mut kept = locked(&self.shared.kept);
        let before = std::mem::replace(&mut kept.settings, settings);
        match (&kept.history, settings.keep) {
            (Some(history), true) if before != settings => history.set_keeping(keeping(settings)),
            (Some(_), false) => {
                locked(&self.shared.scribe).take();
                if let Some(history) = kept.history.take() {
                    history.stop();
                }
                *locked(&self.shared.archive) = Archive::of(&self.shared.folder);
            }
            (None, true) => {
                let history = open(&self.shared.folder, settings);
                let recorder = history.recorder();
                *locked(&self.shared.archive) = Archive::kept_by(&history);
                kept.history = Some(history);
                return Some(Begun(recorder));
            }
            (Some(_), true) | (None, false) => {}
        }
        None
    }

    /// Remembers from now on; these are open already.
    pub(crate) fn begin(&self, Begun(recorder): Begun, there: &[Happening]) {
        let mut scribe = Scribe::new(recorder);
        scribe.take_in(there, true);
        *locked(&self.shared.scribe) = Some(scribe);
    }

    /// This happened.
    pub(crate) fn take_in(&self, happened: &[Happening]) {
        if let Some(scribe) = &mut *locked(&self.shared.scribe) {
            scribe.take_in(happened, false);
        }
    }

    /// The person did this.
    pub(crate) fn note_deed(&self, deed: Deed, process: Option<&Process>, port: Option<u16>) {
        if let Some(scribe) = &*locked(&self.shared.scribe) {
            scribe.note_deed(clock::now(), deed, process, port);
        }
    }
}

/// A history that has been opened and is told nothing yet.
#[derive(Debug)]
pub(crate) struct Begun(Recorder);

fn open(folder: &Path, settings: HistorySettings) -> History {
    let opened = History::open(folder, keeping(settings), clock::now());
    if let Some(trouble) = &opened.trouble {
        tracing::warn!(%trouble, "the history is less than whole");
    }
    opened.history
}

fn keeping(settings: HistorySettings) -> Keeping {
    Keeping { days: settings.days, megabytes: settings.megabytes }
}

/// A lock that no panic of another thread makes useless: what it guards is whole after every step.
fn locked<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
