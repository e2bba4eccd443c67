//! Reads facts about processes beside the engine's thread: a read of `/proc` may hang on a stuck process (one whose memory is
//! being waited for, `man 5 proc_pid_cmdline`), and a look never waits for it. What is learnt comes back as an ordinary order.
//!
//! **Invariant:** a read that hangs takes with it one thread and the facts of its own process, nothing else: a successor goes on
//! with the rest, and what the thread had learnt before is told.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use quaymaster_core::port::PortSettings;
use quaymaster_core::{Process, ProcessKey};
use quaymaster_probe::ProcessSource;

/// Readers at work.
const READERS: usize = 2;
/// Readers at most, most of them stuck.
const MOST: usize = 16;
/// A reader that has been at one thing for so long gets a successor.
const STUCK: Duration = Duration::from_secs(1);
/// Processes read before the news is told: the first facts show early.
const BATCH: usize = 16;

/// What a reader has learnt.
pub(crate) enum News {
    /// Facts about processes.
    Processes(Vec<Process>),
    /// Names of user numbers; `None` for one without a name.
    Users(Vec<(u32, Option<String>)>),
    /// What the system's settings say of ports.
    PortSettings(Vec<PortSettings>),
}

/// The pool.
pub(crate) struct Reader {
    office: Arc<Office>,
}

/// What all readers share.
struct Office {
    desk: Mutex<Desk>,
    work: Condvar,
    source: Box<dyn Fn() -> Box<dyn ProcessSource> + Send + Sync>,
    port_settings: Box<dyn Fn() -> Vec<PortSettings> + Send + Sync>,
    /// When it answers false nobody listens any more.
    tell: Box<dyn Fn(News) -> bool + Send + Sync>,
}

#[derive(Default)]
struct Desk {
    processes: VecDeque<ProcessKey>,
    users: Vec<u32>,
    port_settings: bool,
    learnt: Vec<Process>,
    closed: bool,
    /// Since when each reader has been at what it is reading; `None` for one that waits for work.
    readers: Vec<(usize, Option<Instant>)>,
    /// Readers that there have been.
    hired: usize,
}

enum Task {
    Processes(Vec<ProcessKey>),
    Users(Vec<u32>),
    PortSettings,
}

impl Reader {
    /// Starts the threads; `port_settings` reads what the system has set. `tell` is called from them, and from [`Reader::attend`].
    pub(crate) fn start(
        source: impl Fn() -> Box<dyn ProcessSource> + Send + Sync + 'static,
        port_settings: impl Fn() -> Vec<PortSettings> + Send + Sync + 'static,
        tell: impl Fn(News) -> bool + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        let office = Arc::new(Office {
            desk: Mutex::default(),
            work: Condvar::new(),
            source: Box::new(source),
            port_settings: Box::new(port_settings),
            tell: Box::new(tell),
        });
        for _ in 0..READERS {
            hire(&office)?;
        }
        Ok(Self { office })
    }

    /// Asks for facts; they come as [`News`].
    pub(crate) fn ask(&self, processes: &[ProcessKey], users: &[u32]) {
        let mut desk = self.office.desk();
        desk.processes.extend(processes);
        desk.users.extend(users);
        self.office.work.notify_all();
    }

    /// Asks what the system's settings say of ports.
    pub(crate) fn ask_port_settings(&self) {
        self.office.desk().port_settings = true;
        self.office.work.notify_one();
    }

    /// Sees to it that no stuck reader holds up what others want or what it has learnt. To be called at every look.
    pub(crate) fn attend(&self) {
        let mut desk = self.office.desk();
        let learnt = std::mem::take(&mut desk.learnt);
        let all_stuck = desk.readers.iter().all(|(_, at)| is_stuck(*at));
        let wanting = desk.has_work() && all_stuck && desk.readers.len() < MOST;
        drop(desk);
        if !learnt.is_empty() {
            (self.office.tell)(News::Processes(learnt));
        }
        if wanting && let Err(error) = hire(&self.office) {
            tracing::warn!(%error, "every reader is stuck, and no other can be started");
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.office.desk().closed = true;
        self.office.work.notify_all();
    }
}

impl Office {
    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One reader's life.
    fn serve(&self, number: usize) {
        let mut source = (self.source)();
        while let Some(task) = self.next(number, source.at_a_time()) {
            let news = match task {
                Task::Processes(keys) => self.collect(source.read(&keys)).map(News::Processes),
                Task::Users(users) => Some(News::Users(names(&mut *source, users))),
                Task::PortSettings => Some(News::PortSettings((self.port_settings)())),
            };
            if news.is_some_and(|news| !(self.tell)(news)) {
                break;
            }
        }
        self.desk().readers.retain(|(reader, _)| *reader != number);
    }

    /// Waits for work; `None` when there will be none for this reader.
    fn next(&self, number: usize, most: usize) -> Option<Task> {
        let mut desk = self.desk();
        desk.note(number, None);
        loop {
            if desk.closed {
                return None;
            }
            if let Some(task) = desk.take(most) {
                desk.note(number, Some(Instant::now()));
                return Some(task);
            }
            if desk.readers.iter().filter(|(_, at)| !is_stuck(*at)).count() > READERS {
                // It was a successor, and whom it followed is back.
                return None;
            }
            desk = self.work.wait(desk).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Puts what was read to what others have read; hands all of it out when it is enough or the last.
    fn collect(&self, mut read: Vec<Process>) -> Option<Vec<Process>> {
        let mut desk = self.desk();
        desk.learnt.append(&mut read);
        let enough = desk.learnt.len() >= BATCH || desk.processes.is_empty();
        enough.then(|| std::mem::take(&mut desk.learnt))
    }
}

impl Desk {
    fn has_work(&self) -> bool {
        !self.processes.is_empty() || !self.users.is_empty() || self.port_settings
    }

    fn take(&mut self, most: usize) -> Option<Task> {
        if std::mem::take(&mut self.port_settings) {
            return Some(Task::PortSettings);
        }
        if !self.processes.is_empty() {
            let keys = self.processes.drain(..most.clamp(1, self.processes.len())).collect();
            return Some(Task::Processes(keys));
        }
        (!self.users.is_empty()).then(|| Task::Users(std::mem::take(&mut self.users)))
    }

    fn note(&mut self, number: usize, at: Option<Instant>) {
        if let Some(reader) = self.readers.iter_mut().find(|(reader, _)| *reader == number) {
            reader.1 = at;
        }
    }
}

fn is_stuck(at: Option<Instant>) -> bool {
    at.is_some_and(|since| since.elapsed() > STUCK)
}

/// Starts one more reader.
fn hire(office: &Arc<Office>) -> std::io::Result<()> {
    let mut desk = office.desk();
    let number = desk.hired;
    let reader = Arc::clone(office);
    thread::Builder::new().name(format!("process-reader-{number}")).spawn(move || reader.serve(number))?;
    desk.hired += 1;
    desk.readers.push((number, None));
    Ok(())
}

fn names(source: &mut dyn ProcessSource, users: Vec<u32>) -> Vec<(u32, Option<String>)> {
    users.into_iter().map(|uid| (uid, source.user_name(uid))).collect()
}
