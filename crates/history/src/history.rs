//! The history as the rest of the program holds it: it is told what happens, and hands out readers.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Instant;

use quaymaster_core::UnixMillis;

use crate::folder;
use crate::note::Note;
use crate::reader::{Reader, Slots};
use crate::trouble::HistoryTrouble;
use crate::writer::Writer;

/// Notes that may wait to be written. A first look at 200 000 sockets is within it.
const MOST_WAITING: usize = 400_000;

/// A day, milliseconds.
const DAY: u64 = 86_400_000;

/// How much is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keeping {
    /// For how many days, 1 at least.
    pub days: u16,
    /// In how many megabytes (of 1 048 576 bytes) of disk, 10 at least; the oldest go first.
    pub megabytes: u32,
}

impl Default for Keeping {
    fn default() -> Self {
        Self { days: 30, megabytes: 200 }
    }
}

impl Keeping {
    pub(crate) fn millis(self) -> u64 {
        u64::from(self.days.max(1)) * DAY
    }

    pub(crate) fn bytes(self) -> u64 {
        u64::from(self.megabytes.max(10)) << 20
    }
}

/// What came of opening.
#[derive(Debug)]
pub struct Opened {
    /// The history; with a trouble that stands, it writes nothing yet and tries again by itself.
    pub history: History,
    /// What was wrong.
    pub trouble: Option<HistoryTrouble>,
}

/// The history of one folder, for as long as it is held. Dropped, it writes what it was told and closes the file.
#[derive(Debug)]
pub struct History {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

/// Tells the history what happens. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Recorder(Arc<Shared>);

/// What the writing thread and everybody else have in common.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) folder: PathBuf,
    pub(crate) inbox: Mutex<Inbox>,
    pub(crate) knock: Condvar,
    pub(crate) lost: AtomicU64,
    pub(crate) trouble: Mutex<Option<HistoryTrouble>>,
    pub(crate) readers: Slots,
}

/// What waits for the writing thread.
#[derive(Debug, Default)]
pub(crate) struct Inbox {
    pub(crate) notes: Vec<Note>,
    pub(crate) orders: Vec<Order>,
}

/// What the writing thread is told to do besides writing.
#[derive(Debug)]
pub(crate) enum Order {
    /// Write now, and say so.
    Flush(Sender<()>),
    /// Keep so much from now on.
    Keep(Keeping),
    /// Try again at once what failed.
    Retry(Sender<()>),
    /// Forget everything.
    Delete(Sender<Result<(), HistoryTrouble>>),
    /// Write what there is and end.
    Stop,
}

/// A lock that no panic of another thread makes useless: what it guards is whole after every step.
pub(crate) fn locked<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl History {
    /// Opens or makes the history in a folder and begins to keep it. Reads and writes a little, so it may block; `now` is the
    /// moment of opening.
    ///
    /// A file up to 8 MB is checked whole; of a larger one the header, the schema, the upper pages of every tree and the
    /// newest rows are. A damaged file is renamed to `history.broken-<millis>.sqlite`, one of a newer version to
    /// `history.newer-<millis>.sqlite`, and a new one is begun. What another run left open ends when that run last wrote.
    #[must_use]
    pub fn open(folder: &Path, keeping: Keeping, now: UnixMillis) -> Opened {
        let shared = Arc::new(Shared {
            folder: folder.to_owned(),
            inbox: Mutex::default(),
            knock: Condvar::new(),
            lost: AtomicU64::new(0),
            trouble: Mutex::new(None),
            readers: Slots::default(),
        });
        let mut writer = Writer::new(Arc::clone(&shared), keeping, now);
        writer.begin();
        let trouble = locked(&shared.trouble).clone();
        match std::thread::Builder::new().name("history".into()).spawn(move || writer.run()) {
            Ok(thread) => Opened { history: Self { shared, thread: Some(thread) }, trouble },
            Err(error) => {
                let failed = HistoryTrouble::Failed { detail: error.to_string() };
                *locked(&shared.trouble) = Some(failed.clone());
                Opened { history: Self { shared, thread: None }, trouble: Some(failed) }
            }
        }
    }

    /// Forgets everything in a folder whose history this program does not have open, what was put aside too, and begins nothing.
    /// On Windows no reader may have the file open.
    pub fn delete(folder: &Path) -> Result<(), HistoryTrouble> {
        let _hold = folder::hold(folder).map_err(folder::trouble)?;
        folder::remove_all(folder).map_err(|error| folder::trouble(error.into()))
    }

    /// Something to tell it with.
    #[must_use]
    pub fn recorder(&self) -> Recorder {
        Recorder(Arc::clone(&self.shared))
    }

    /// Something to ask it with. It outlives the history and then reads what was written.
    #[must_use]
    pub fn reader(&self) -> Reader {
        Reader::new(&self.shared.folder, &self.shared.readers)
    }

    /// Keeps so much from now on; what is beyond it goes soon.
    pub fn set_keeping(&self, keeping: Keeping) {
        self.order(Order::Keep(keeping));
    }

    /// Forgets everything, what was put aside too, and begins anew. Of what is open now nothing is remembered either: its end
    /// will say nothing. Waits until it is done.
    pub fn delete_everything(&self) -> Result<(), HistoryTrouble> {
        let (done, wait) = channel();
        self.order(Order::Delete(done));
        // Nobody is there to do it.
        wait.recv().unwrap_or_else(|_| Err(HistoryTrouble::Failed { detail: "not running".into() }))
    }

    /// Waits until everything that was told before is written, or has failed to be.
    pub fn flush(&self) {
        let (done, wait) = channel();
        self.order(Order::Flush(done));
        let _ = wait.recv();
    }

    /// Tries again at once what is tried every half minute, and waits for what comes of it.
    pub fn retry(&self) {
        let (done, wait) = channel();
        self.order(Order::Retry(done));
        let _ = wait.recv();
    }

    /// What is wrong at the moment, or is news that nobody has heard.
    #[must_use]
    pub fn trouble(&self) -> Option<HistoryTrouble> {
        locked(&self.shared.trouble).clone()
    }

    /// Somebody was told the news.
    pub fn heard(&self) {
        locked(&self.shared.trouble).take_if(|trouble| !trouble.stands());
    }

    /// How many events were not kept, because too much waited to be written.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.shared.lost.load(Ordering::Relaxed)
    }

    /// Writes what it was told and closes the file: the off switch.
    pub fn stop(self) {
        drop(self);
    }

    fn order(&self, order: Order) {
        if self.thread.as_ref().is_some_and(|thread| !thread.is_finished()) {
            locked(&self.shared.inbox).orders.push(order);
            self.shared.knock.notify_one();
        }
    }
}

impl Drop for History {
    fn drop(&mut self) {
        self.order(Order::Stop);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Recorder {
    /// Says that something happened. Never waits for the disk. Said after the history has stopped, it is forgotten.
    pub fn note(&self, note: Note) {
        self.notes([note]);
    }

    /// Says that all of this happened, in this order.
    pub fn notes(&self, notes: impl IntoIterator<Item = Note>) {
        let mut inbox = locked(&self.0.inbox);
        let was_empty = inbox.notes.is_empty();
        for note in notes {
            if inbox.notes.len() < MOST_WAITING {
                inbox.notes.push(note);
            } else if note.begins() {
                self.0.lost.fetch_add(1, Ordering::Relaxed);
            }
        }
        if was_empty {
            self.0.knock.notify_one();
        }
    }
}

/// The time, as far as notes have told it and the steady clock went on since.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    told: UnixMillis,
    at: Instant,
}

impl Clock {
    pub(crate) fn new(now: UnixMillis) -> Self {
        Self { told: now, at: Instant::now() }
    }

    pub(crate) fn now(self) -> UnixMillis {
        self.told.plus(u64::try_from(self.at.elapsed().as_millis()).unwrap_or_default())
    }
}
