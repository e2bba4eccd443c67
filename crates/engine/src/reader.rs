//! Reads facts about processes beside the engine's thread: a read of `/proc` may hang on a stuck process, and a tick never
//! waits for it. A small, fixed number of threads; what they learn comes back as an ordinary order.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use quaymaster_core::port::PortSettings;
use quaymaster_core::{Process, ProcessKey};
use quaymaster_probe::ProcessSource;

/// Readers at work: one, and a second for the day that the first is stuck.
const READERS: usize = 2;
/// Processes read before the news is sent: the first facts show early, and each thread takes its fair share.
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

enum Wanted {
    Processes(Vec<ProcessKey>),
    Users(Vec<u32>),
    PortSettings,
}

/// The pool.
pub(crate) struct Reader {
    wanted: Sender<Wanted>,
}

impl Reader {
    /// Starts the threads; `port_settings` reads what the system has set. `tell` is called from them; when it answers false nobody listens any more and they end.
    pub(crate) fn start(
        source: impl Fn() -> Box<dyn ProcessSource> + Send + Sync + 'static,
        port_settings: impl Fn() -> Vec<PortSettings> + Send + Sync + 'static,
        tell: impl Fn(News) -> bool + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        let (wanted, queue) = channel();
        let queue = Arc::new(Mutex::new(queue));
        let (source, port_settings, tell) = (Arc::new(source), Arc::new(port_settings), Arc::new(tell));
        for number in 0..READERS {
            let (queue, source) = (Arc::clone(&queue), Arc::clone(&source));
            let (port_settings, tell) = (Arc::clone(&port_settings), Arc::clone(&tell));
            thread::Builder::new().name(format!("process-reader-{number}")).spawn(move || {
                let mut source = source();
                while let Some(wanted) = next(&queue) {
                    let news = match wanted {
                        Wanted::Processes(keys) => News::Processes(source.read(&keys)),
                        Wanted::Users(users) => News::Users(names(&mut *source, users)),
                        Wanted::PortSettings => News::PortSettings(port_settings()),
                    };
                    if !tell(news) {
                        return;
                    }
                }
            })?;
        }
        Ok(Self { wanted })
    }

    /// Asks for facts; they come as [`News`].
    pub(crate) fn ask(&self, processes: &[ProcessKey], users: &[u32]) {
        let users = (!users.is_empty()).then(|| Wanted::Users(users.to_vec()));
        let processes = processes.chunks(BATCH).map(|keys| Wanted::Processes(keys.to_vec()));
        for wanted in processes.chain(users) {
            // Fails only when every reader has ended, which they do only with the engine.
            let _ = self.wanted.send(wanted);
        }
    }

    /// Asks what the system's settings say of ports.
    pub(crate) fn ask_port_settings(&self) {
        let _ = self.wanted.send(Wanted::PortSettings);
    }
}

fn next(queue: &Mutex<Receiver<Wanted>>) -> Option<Wanted> {
    queue.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

fn names(source: &mut dyn ProcessSource, users: Vec<u32>) -> Vec<(u32, Option<String>)> {
    users.into_iter().map(|uid| (uid, source.user_name(uid))).collect()
}
