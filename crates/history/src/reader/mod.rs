//! Answers from the file, on a connection of its own that only reads.

mod chart;
mod compile;
mod find;
mod pools;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use quaymaster_core::UnixMillis;
use quaymaster_core::network::Atlas;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use crate::event::{Chart, Counted, Listing, Page, PortUser};
use crate::filter::HistoryFilter;
use crate::folder::{self, FILE};
use crate::history::locked;
use crate::store::connect;
use compile::Compiled;
use pools::Pools;

/// How long an answer may look for more before it says how far it came.
const BUDGET: Duration = Duration::from_millis(60);

/// The most events in an answer.
const LARGEST_PAGE: usize = 1_000;

/// What there is more of than this is not counted.
const COUNTED: u64 = 10_000;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// There is no file: nothing has been remembered yet.
    #[error("there is no history yet")]
    Absent,
    /// It cannot be read.
    #[error("the history cannot be read: {detail}")]
    Unavailable {
        /// The database's words.
        detail: String,
    },
}

impl From<rusqlite::Error> for ReadError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Unavailable { detail: error.to_string() }
    }
}

/// Answers questions; may be used from any thread that may block.
#[derive(Debug)]
pub struct Reader {
    path: PathBuf,
    slot: Arc<Slot>,
    atlas: Option<Arc<dyn Atlas>>,
}

/// A reader's connection, which the history closes when it needs the file for itself.
type Slot = Mutex<Option<Held>>;

/// The slots of every reader there is.
#[derive(Debug, Default)]
pub(crate) struct Slots(Mutex<Vec<Weak<Slot>>>);

#[derive(Debug)]
struct Held {
    connection: Connection,
    pools: Pools,
}

impl Slots {
    /// Closes every reader's connection; each opens another at its next question.
    pub(crate) fn close(&self) {
        for slot in locked(&self.0).iter().filter_map(Weak::upgrade) {
            locked(&slot).take();
        }
    }
}

impl Reader {
    /// Reads the history in this folder, whoever writes it. If that is nobody, and whoever did was ended in the middle, what was
    /// open then is ended first, where that can be written. Nothing is made; it may block.
    #[must_use]
    pub fn of(folder: &Path) -> Self {
        folder::tidy(folder);
        Self { path: folder.join(FILE), slot: Arc::default(), atlas: None }
    }

    pub(crate) fn new(folder: &Path, slots: &Slots) -> Self {
        let slot = Arc::new(Mutex::new(None));
        let mut slots = locked(&slots.0);
        slots.retain(|slot| slot.strong_count() > 0);
        slots.push(Arc::downgrade(&slot));
        Self { path: folder.join(FILE), slot, atlas: None }
    }

    /// Looks in this atlas for the networks that a filter asks for; without one, no network fits anything.
    #[must_use]
    pub fn with(self, atlas: Option<Arc<dyn Atlas>>) -> Self {
        self.let_go();
        Self { atlas, ..self }
    }

    /// Closes the file, which the next question opens again. Waits for a question that is being answered.
    pub fn let_go(&self) {
        locked(&self.slot).take();
    }

    /// The events that fit, newest first by their beginning.
    pub fn query(&self, filter: &HistoryFilter, page: Page) -> Result<Listing, ReadError> {
        self.ask(|connection, pools| {
            let question = Compiled::new(filter, connection, pools)?;
            find::page(connection, pools, &question, page)
        })
    }

    /// How many events fit, up to 10 000.
    pub fn count(&self, filter: &HistoryFilter) -> Result<Counted, ReadError> {
        self.ask(|connection, pools| {
            let question = Compiled::new(filter, connection, pools)?;
            find::count(connection, &question, COUNTED)
        })
    }

    /// Listeners and connections that fit and began from `since` to `until`, in `buckets` stretches (1 at least, 1 000 at most).
    /// Without a filter, a minute that lies in two stretches counts for the first.
    pub fn buckets(
        &self,
        filter: &HistoryFilter,
        since: UnixMillis,
        until: UnixMillis,
        buckets: usize,
    ) -> Result<Chart, ReadError> {
        self.ask(|connection, pools| chart::chart(connection, pools, filter, (since, until), buckets.clamp(1, 1_000)))
    }

    /// Which programs had to do with a port at any time since then; the one last seen first.
    pub fn programs_at_port(&self, port: u16, since: UnixMillis) -> Result<Vec<PortUser>, ReadError> {
        self.ask(|connection, pools| chart::programs_at_port(connection, pools, port, since))
    }

    /// Puts a question to one consistent state of the file.
    fn ask<T>(&self, question: impl FnOnce(&Connection, &mut Pools) -> rusqlite::Result<T>) -> Result<T, ReadError> {
        let mut slot = locked(&self.slot);
        let held = match &mut *slot {
            Some(held) => held,
            empty => {
                let connection = connect(&self.path, OpenFlags::SQLITE_OPEN_READ_ONLY)
                    .map_err(|error| if self.path.exists() { error.into() } else { ReadError::Absent })?;
                empty.insert(Held { connection, pools: Pools::default() })
            }
        };
        let Held { connection, pools } = held;
        let answer = connection.transaction_with_behavior(TransactionBehavior::Deferred).and_then(|state| {
            pools.catch_up(&state, self.atlas.as_deref())?;
            let answer = question(&state, pools)?;
            state.commit()?;
            Ok(answer)
        });
        if answer.is_err() {
            // The file may be another one now, and what is remembered of it wrong.
            slot.take();
        }
        Ok(answer?)
    }
}
