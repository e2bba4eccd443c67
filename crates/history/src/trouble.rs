//! What can be wrong with the history. None of it stops the program.

use std::path::PathBuf;

use rusqlite::ErrorCode;

/// Why the history is less than whole. The first four stand until what caused them is over, and are tried again by themselves;
/// the others are news, which stand until somebody says that they were heard.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HistoryTrouble {
    /// The disk is full; nothing is written for now, and the file is whole.
    #[error("the disk is full")]
    DiskFull,
    /// The folder or the file in it cannot be made or written.
    #[error("the folder cannot be written: {detail}")]
    Unwritable {
        /// The system's or the database's words.
        detail: String,
    },
    /// Another Quaymaster of this person is writing this history.
    #[error("another program writes this history")]
    InUse,
    /// Writing failed for a reason of its own.
    #[error("the history cannot be written: {detail}")]
    Failed {
        /// The database's words.
        detail: String,
    },
    /// The file was damaged, or no history of ours. It was kept aside and a new one begun.
    #[error("the history was damaged and is kept as {}", kept_as.display())]
    Broken {
        /// Where the old file is now.
        kept_as: PathBuf,
    },
    /// A newer version wrote the file. It was kept aside, untouched, and a new one begun: nothing old is lost, and nothing of
    /// what happens now.
    #[error("the history is of a newer version and is kept as {}", kept_as.display())]
    Newer {
        /// Where the old file is now.
        kept_as: PathBuf,
        /// The version of its schema.
        schema: u32,
    },
    /// Somebody removed the file while the program ran. A new one was begun with what is open.
    #[error("the history's file was removed")]
    Removed,
}

impl HistoryTrouble {
    /// Whether it ends when its cause does, and not when it was heard.
    pub(crate) fn stands(&self) -> bool {
        matches!(self, Self::DiskFull | Self::Unwritable { .. } | Self::InUse | Self::Failed { .. })
    }
}

/// Why a file cannot be worked with, before anybody has decided what to do about it.
#[derive(Debug)]
pub(crate) enum Fault {
    /// Of a newer version, by its schema.
    Newer(u32),
    /// Damaged, or not ours.
    Broken(String),
    /// Everything else.
    Trouble(HistoryTrouble),
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        let detail = error.to_string();
        let trouble = match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => return Self::Broken(detail),
            Some(ErrorCode::DiskFull) => HistoryTrouble::DiskFull,
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                HistoryTrouble::Unwritable { detail }
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => HistoryTrouble::InUse,
            _ => HistoryTrouble::Failed { detail },
        };
        Self::Trouble(trouble)
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        Self::Trouble(match error.kind() {
            std::io::ErrorKind::StorageFull => HistoryTrouble::DiskFull,
            _ => HistoryTrouble::Unwritable { detail: error.to_string() },
        })
    }
}
