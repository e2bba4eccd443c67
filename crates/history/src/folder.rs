//! The folder: whose it is at the moment, and what is put aside in it.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use quaymaster_core::UnixMillis;

use crate::store::Store;
use crate::trouble::{Fault, HistoryTrouble};

/// The name of the file.
pub(crate) const FILE: &str = "history.sqlite";

/// Who holds the lock on this one writes.
const LOCK: &str = "history.lock";

/// What SQLite keeps beside a file, by what is put after its name.
const COMPANIONS: [&str; 3] = ["", "-wal", "-shm"];

/// Marks the folder as in use, for as long as it is held. The system lets go of it however the program ends.
#[derive(Debug)]
pub(crate) struct Hold(#[expect(dead_code, reason = "its being open is the hold")] File);

/// Takes the folder for this program, and makes it if need be.
pub(crate) fn hold(folder: &Path) -> Result<Hold, Fault> {
    fs::create_dir_all(folder)?;
    let lock = File::options().create(true).truncate(false).write(true).open(folder.join(LOCK))?;
    // Somebody may just be tidying up, which takes milliseconds.
    let mut locked = lock.try_lock();
    for _ in 0..20 {
        if !matches!(locked, Err(TryLockError::WouldBlock)) {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
        locked = lock.try_lock();
    }
    match locked {
        Ok(()) => Ok(Hold(lock)),
        Err(TryLockError::WouldBlock) => Err(Fault::Trouble(HistoryTrouble::InUse)),
        // A file system without locks: better a history that two could write than none.
        Err(TryLockError::Error(_)) => Ok(Hold(lock)),
    }
}

/// Ends what a program left open that was ended in the middle, unless one is at work. A file that is damaged is left to the next one
/// who writes.
pub(crate) fn tidy(folder: &Path) {
    let path = folder.join(FILE);
    let Ok(lock) = File::options().write(true).open(folder.join(LOCK)) else { return };
    if path.exists() && lock.try_lock().is_ok() {
        // Opening it does all of it. Who cannot write it reads it as it is.
        let _ = Store::open(&path);
    }
}

/// Opens the file in the folder. One that is damaged or of a newer version is put aside first, and that is told.
pub(crate) fn open(folder: &Path, now: UnixMillis) -> Result<(Store, Option<HistoryTrouble>), HistoryTrouble> {
    let path = folder.join(FILE);
    make_private(&path);
    let fault = match Store::open(&path) {
        Ok(store) => return Ok((store, None)),
        Err(fault) => fault,
    };
    let news = put_aside(folder, now, fault)?;
    make_private(&path);
    match Store::open(&path) {
        Ok(store) => Ok((store, Some(news))),
        Err(Fault::Trouble(trouble)) => Err(trouble),
        Err(Fault::Broken(detail)) => Err(HistoryTrouble::Failed { detail }),
        Err(Fault::Newer(schema)) => Err(HistoryTrouble::Failed { detail: format!("schema {schema}") }),
    }
}

/// Makes an empty file that nobody else may read, as SQLite's own beside it then are: whom a person talked to is that person's.
/// What goes wrong here goes wrong again, and is told, when the file is opened.
fn make_private(path: &Path) {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let _ = options.open(path);
}

/// Puts the file aside for a fault that is its own; any other is handed back.
pub(crate) fn put_aside(folder: &Path, now: UnixMillis, fault: Fault) -> Result<HistoryTrouble, HistoryTrouble> {
    let aside = |why: &str| move_away(folder, why, now).map_err(|error| trouble(error.into()));
    match fault {
        Fault::Broken(detail) => {
            tracing::warn!(detail, "the history is damaged");
            aside("broken").map(|kept_as| HistoryTrouble::Broken { kept_as })
        }
        Fault::Newer(schema) => aside("newer").map(|kept_as| HistoryTrouble::Newer { kept_as, schema }),
        Fault::Trouble(trouble) => Err(trouble),
    }
}

/// A fault of which no file is the cause.
pub(crate) fn trouble(fault: Fault) -> HistoryTrouble {
    match fault {
        Fault::Trouble(trouble) => trouble,
        Fault::Broken(detail) => HistoryTrouble::Failed { detail },
        Fault::Newer(schema) => HistoryTrouble::Failed { detail: format!("schema {schema}") },
    }
}

/// Gives the file and what belongs to it another name, under which SQLite would find them together again.
fn move_away(folder: &Path, why: &str, now: UnixMillis) -> std::io::Result<PathBuf> {
    let name = |millis: u64| folder.join(format!("history.{why}-{millis}.sqlite"));
    let free = (now.0..).map(name).find(|path| !path.exists()).unwrap_or_else(|| name(now.0));
    let with = |path: &Path, companion: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(companion);
        PathBuf::from(name)
    };
    // The file last: where it cannot be moved, it must not have lost what it needs; so what was moved goes back.
    for (number, companion) in COMPANIONS.iter().enumerate().rev() {
        let from = with(&folder.join(FILE), companion);
        if let Err(error) = fs::rename(&from, with(&free, companion))
            && error.kind() != std::io::ErrorKind::NotFound
        {
            for moved in COMPANIONS.iter().skip(number + 1) {
                let _ = fs::rename(with(&free, moved), with(&folder.join(FILE), moved));
            }
            return Err(error);
        }
    }
    Ok(free)
}

/// Removes the history and everything that was ever put aside.
pub(crate) fn remove_all(folder: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let aside = ["history.broken-", "history.newer-"].iter().any(|start| name.starts_with(start));
        let ours = COMPANIONS.iter().any(|companion| name == format!("{FILE}{companion}"));
        if (ours || aside && name.contains(".sqlite"))
            && let Err(error) = fs::remove_file(entry.path())
            && error.kind() != std::io::ErrorKind::NotFound
        {
            return Err(error);
        }
    }
    Ok(())
}

/// Whether the file is there. A folder that cannot be asked has it.
pub(crate) fn has_file(folder: &Path) -> bool {
    folder.join(FILE).try_exists().unwrap_or(true)
}
