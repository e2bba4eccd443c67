//! The thread that writes.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use quaymaster_core::UnixMillis;

use crate::book::Book;
use crate::folder::{self, Hold};
use crate::history::{Clock, Inbox, Keeping, Order, Shared, locked};
use crate::note::Note;
use crate::prune::Pruning;
use crate::store::Store;
use crate::trouble::{Fault, HistoryTrouble};

/// The least time between two batches.
const BATCH: Duration = Duration::from_secs(1);

/// How soon it is tried again after a failure.
const RETRY: Duration = Duration::from_secs(30);

/// How often it is written that the program is alive, while something is open and nothing happens.
const HEARTBEAT: Duration = Duration::from_secs(60);

/// How often it is looked for what is too old.
const PRUNE: Duration = Duration::from_secs(300);

/// Between two steps of pruning.
const BREATH: Duration = Duration::from_millis(20);

/// Rows in one transaction.
const CHUNK: usize = 20_000;

/// Rows that are kept in memory while they cannot be written.
const MOST_UNWRITTEN: usize = 50_000;

#[derive(Debug)]
pub(crate) struct Writer {
    shared: Arc<Shared>,
    keeping: Keeping,
    clock: Clock,
    book: Book,
    hold: Option<Hold>,
    store: Option<Store>,
    /// After a failure: when it is tried again.
    retry_at: Option<Instant>,
    written_at: Instant,
    swept_at: Instant,
    prune_at: Instant,
    pruning: Pruning,
    /// There is more to prune.
    overfull: bool,
}

impl Writer {
    pub(crate) fn new(shared: Arc<Shared>, keeping: Keeping, now: UnixMillis) -> Self {
        let moment = Instant::now();
        Self {
            shared,
            keeping,
            clock: Clock::new(now),
            book: Book::default(),
            hold: None,
            store: None,
            retry_at: None,
            written_at: moment,
            swept_at: moment,
            prune_at: moment,
            pruning: Pruning::default(),
            overfull: false,
        }
    }

    /// Opens the file; what goes wrong is told.
    pub(crate) fn begin(&mut self) {
        match self.try_begin() {
            Ok(news) => {
                self.retry_at = None;
                self.tell(news);
            }
            Err(trouble) => self.fail(trouble),
        }
    }

    fn try_begin(&mut self) -> Result<Option<HistoryTrouble>, HistoryTrouble> {
        if self.hold.is_none() {
            self.hold = Some(folder::hold(&self.shared.folder).map_err(folder::trouble)?);
        }
        let (store, news) = folder::open(&self.shared.folder, self.clock.now())?;
        self.book.on_top_of(store.highest());
        self.store = Some(store);
        Ok(news)
    }

    fn fail(&mut self, trouble: HistoryTrouble) {
        tracing::warn!(%trouble, "the history is not written");
        self.store = None;
        self.retry_at = Some(Instant::now() + RETRY);
        *locked(&self.shared.trouble) = Some(trouble);
    }

    /// A trouble that stood is over, unless there is a new one; news that nobody has heard stay.
    fn tell(&self, news: Option<HistoryTrouble>) {
        let mut trouble = locked(&self.shared.trouble);
        if news.is_some() {
            *trouble = news;
        } else {
            trouble.take_if(|trouble| trouble.stands());
        }
    }

    pub(crate) fn run(mut self) {
        loop {
            let Inbox { notes, orders } = self.wait();
            let mut asked: Vec<Sender<()>> = Vec::new();
            let (mut stop, mut delete) = (false, Vec::new());
            for order in orders {
                match order {
                    Order::Flush(done) => asked.push(done),
                    Order::Keep(keeping) => {
                        self.keeping = keeping;
                        self.prune_at = Instant::now();
                    }
                    Order::Retry(done) => {
                        self.retry_at = self.retry_at.map(|_| Instant::now());
                        asked.push(done);
                    }
                    Order::Delete(done) => delete.push(done),
                    Order::Stop => stop = true,
                }
            }
            if delete.is_empty() {
                self.take(notes);
            } else {
                // What was told before the order goes with the rest.
                let done = self.delete_everything();
                delete.into_iter().for_each(|wait| {
                    let _ = wait.send(done.clone());
                });
            }
            self.write();
            asked.into_iter().for_each(|wait| {
                let _ = wait.send(());
            });
            if stop {
                return self.end();
            }
            self.prune();
        }
    }

    /// Waits for something to do. Notes are left lying until a batch is due, orders are not.
    fn wait(&self) -> Inbox {
        let mut inbox = locked(&self.shared.inbox);
        loop {
            let now = Instant::now();
            let due = self.written_at + BATCH;
            let mut wake = self.prune_at;
            if self.retry_at.is_some() || self.book.has_open() {
                wake = wake.min(self.retry_at.unwrap_or(self.written_at + HEARTBEAT));
            }
            if !inbox.notes.is_empty() {
                wake = wake.min(due);
            }
            if !inbox.orders.is_empty() || wake <= now {
                let notes =
                    if now < due && inbox.orders.is_empty() { Vec::new() } else { std::mem::take(&mut inbox.notes) };
                return Inbox { notes, orders: std::mem::take(&mut inbox.orders) };
            }
            let waited = self.shared.knock.wait_timeout(inbox, wake - now);
            inbox = waited.unwrap_or_else(std::sync::PoisonError::into_inner).0;
        }
    }

    fn take(&mut self, notes: Vec<Note>) {
        if let Some(at) = notes.iter().rev().find_map(Note::at) {
            self.clock = Clock::new(at);
        }
        for note in notes {
            let waiting = self.book.unwritten.rows.len();
            if waiting >= CHUNK && self.store.is_some() {
                self.write();
            } else if waiting >= MOST_UNWRITTEN && self.store.is_none() && note.begins() {
                self.shared.lost.fetch_add(1, Ordering::Relaxed);
                continue;
            }
            let store = self.store.as_ref();
            self.book.take(note, &|first, after| store.and_then(|store| store.taken(first, after)));
        }
        if self.swept_at.elapsed() > 10 * BATCH {
            self.swept_at = Instant::now();
            self.book.sweep(self.clock.now());
        }
    }

    /// Writes what is not written, or that the program is alive.
    fn write(&mut self) {
        if self.retry_at.is_some_and(|at| at <= Instant::now()) {
            self.begin();
        }
        let idle = self.book.unwritten.is_empty();
        if self.store.is_none() || idle && (!self.book.has_open() || self.written_at.elapsed() < HEARTBEAT) {
            return;
        }
        if !folder::has_file(&self.shared.folder) {
            self.shared.readers.close();
            self.start_over(Some(HistoryTrouble::Removed));
        }
        let Some(store) = &mut self.store else { return };
        match store.write(&self.book.unwritten, self.clock.now()) {
            Ok(()) => {
                self.written_at = Instant::now();
                self.book.unwritten.clear();
                self.tell(None);
            }
            Err(fault) => self.face(fault),
        }
    }

    /// Nobody looks from now on: what is open is said to have been there until now.
    fn end(mut self) {
        let now = self.clock.now();
        let Some(store) = &mut self.store else { return };
        if let Err(fault) = store.write(&self.book.unwritten, now).and_then(|()| store.end_what_was_cut()) {
            tracing::warn!(trouble = %folder::trouble(fault), "the last of the history is not written");
        }
    }

    /// Deals with what went wrong in the middle.
    fn face(&mut self, fault: Fault) {
        self.store = None;
        if matches!(fault, Fault::Trouble(_)) {
            return self.fail(folder::trouble(fault));
        }
        self.shared.readers.close();
        match folder::put_aside(&self.shared.folder, self.clock.now(), fault) {
            Ok(news) => self.start_over(Some(news)),
            Err(trouble) => self.fail(trouble),
        }
    }

    /// Begins another file with what is open.
    fn start_over(&mut self, news: Option<HistoryTrouble>) {
        self.store = None;
        self.begin();
        if self.store.is_some() {
            self.tell(news);
        }
        self.book.write_open_again();
    }

    fn delete_everything(&mut self) -> Result<(), HistoryTrouble> {
        self.store = None;
        self.book.forget();
        self.shared.readers.close();
        if self.hold.is_none() {
            self.hold = Some(folder::hold(&self.shared.folder).map_err(folder::trouble)?);
        }
        let removed = folder::remove_all(&self.shared.folder).map_err(|error| folder::trouble(error.into()));
        if removed.is_ok() {
            locked(&self.shared.trouble).take();
        }
        self.begin();
        removed
    }

    /// One step of what is due.
    fn prune(&mut self) {
        if self.overfull && self.prune_at > Instant::now() {
            return;
        }
        let Some(store) = &mut self.store else {
            self.overfull = false;
            self.prune_at = Instant::now() + PRUNE;
            return;
        };
        let pruned = if !self.overfull && self.prune_at > Instant::now() {
            // Not due by the clock; the file may have grown too large all the same.
            match Pruning::is_due(store, &self.shared.folder, self.keeping) {
                Ok(false) => return,
                Ok(true) => Ok(true),
                Err(fault) => Err(fault),
            }
        } else {
            self.pruning.step(store, &self.shared.folder, self.keeping, self.clock.now())
        };
        match pruned {
            Ok(true) => {
                self.overfull = true;
                self.prune_at = Instant::now() + BREATH;
            }
            Ok(false) => {
                self.prune_at = Instant::now() + PRUNE;
            }
            Err(fault) => self.face(fault),
        }
    }
}
