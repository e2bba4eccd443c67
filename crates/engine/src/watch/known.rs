//! The baseline's file: `known-listeners.json`, written whole by a thread of its own, for a disk may be slow and the engine
//! may not wait. A file that cannot be understood is kept aside; one that cannot be read is never written over.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use quaymaster_core::text::visible;
use quaymaster_core::watch::{Baseline, Identity, Program, Spot};
use quaymaster_core::{Protocol, UnixMillis};
use serde::{Deserialize, Serialize};

use crate::settings::shown;
use crate::wire::{Reach, WatchTrouble};
use crate::{clock, convert};

const FILE: &str = "known-listeners.json";
/// Of what is written; a file of a later one is another program's.
const VERSION: u32 = 1;

/// After a failure, what could not be written is tried again so much later.
const RETRY: Duration = Duration::from_secs(30);

/// What is wrong with the file, which the writing thread knows and the person is told.
#[derive(Debug, Default)]
struct Troubles {
    /// What is wrong.
    now: Option<WatchTrouble>,
    /// The person knows.
    heard: bool,
}

#[derive(Serialize, Deserialize)]
struct Content {
    version: u32,
    known: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    #[serde(flatten)]
    whose: Whose,
    protocol: Wire,
    /// `null`: one that the system chose.
    port: Option<u16>,
    reach: Reach,
    last_seen: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Whose {
    Path(String),
    Name(String),
    Uid(Option<u32>),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Wire {
    Tcp,
    Udp,
}

/// The file, open for writing.
#[derive(Debug)]
pub(crate) struct Known {
    /// `None`: nothing is written.
    orders: Option<Sender<Content>>,
    writer: Option<JoinHandle<()>>,
    troubles: Arc<Mutex<Troubles>>,
}

impl Known {
    /// Reads what is known from `folder`; `None` where nothing has been learnt yet.
    pub(crate) fn open(folder: &Path) -> (Self, Option<Baseline>) {
        let path = folder.join(FILE);
        let unreadable = |error: io::Error| WatchTrouble::Unreadable { path: shown(&path), detail: words(&error) };
        match fs::read(&path) {
            Ok(bytes) => match understand(&bytes) {
                Some(baseline) => (Self::start(folder, None), Some(baseline)),
                None => {
                    let aside = folder.join(format!("known-listeners.broken-{}.json", clock::now().0));
                    match fs::rename(&path, &aside) {
                        Ok(()) => (Self::start(folder, Some(WatchTrouble::Aside { kept_as: shown(&aside) })), None),
                        Err(error) => (Self::closed(unreadable(error)), None),
                    }
                }
            },
            Err(error) if error.kind() == ErrorKind::NotFound => (Self::start(folder, None), None),
            Err(error) => (Self::closed(unreadable(error)), None),
        }
    }

    /// Writes it, soon.
    pub(crate) fn save(&self, baseline: &Baseline) {
        if let Some(orders) = &self.orders {
            // Nobody there: the thread broke down, which has been said.
            let _ = orders.send(Content::of(baseline));
        }
    }

    /// What is wrong, unless the person has heard it.
    pub(crate) fn trouble(&self) -> Option<WatchTrouble> {
        let troubles = locked(&self.troubles);
        troubles.now.clone().filter(|_| !troubles.heard)
    }

    /// The person has read it.
    pub(crate) fn hear_trouble(&self) {
        locked(&self.troubles).heard = true;
    }

    fn start(folder: &Path, trouble: Option<WatchTrouble>) -> Self {
        let (orders, queue) = channel();
        let troubles = Arc::new(Mutex::new(Troubles { now: trouble, heard: false }));
        let (home, told) = (folder.to_owned(), Arc::clone(&troubles));
        let writer = std::thread::Builder::new().name("baseline".into());
        match writer.spawn(move || write_all(&home, &queue, &told)) {
            Ok(writer) => Self { orders: Some(orders), writer: Some(writer), troubles },
            Err(error) => Self::closed(unwritten(folder, &error)),
        }
    }

    fn closed(trouble: WatchTrouble) -> Self {
        tracing::warn!(?trouble, "what is known to listen is not written down");
        let troubles = Troubles { now: Some(trouble), heard: false };
        Self { orders: None, writer: None, troubles: Arc::new(Mutex::new(troubles)) }
    }
}

impl Drop for Known {
    fn drop(&mut self) {
        self.orders = None;
        if let Some(writer) = self.writer.take() {
            // What is on its way gets there; a panic has been told by the hook.
            let _ = writer.join();
        }
    }
}

impl Troubles {
    /// Writing failed; a person who knows that is not told anew each time.
    fn fail(&mut self, folder: &Path, error: &io::Error) {
        tracing::warn!(%error, "what is known to listen could not be written down");
        self.heard &= matches!(self.now, Some(WatchTrouble::Unwritten { .. }));
        self.now = Some(unwritten(folder, error));
    }

    /// Writing went well.
    fn succeed(&mut self) {
        if matches!(self.now, Some(WatchTrouble::Unwritten { .. })) {
            *self = Self::default();
        }
    }
}

fn write_all(folder: &Path, queue: &Receiver<Content>, troubles: &Mutex<Troubles>) {
    let mut unwritten: Option<Content> = None;
    loop {
        let received = match &unwritten {
            Some(_) => queue.recv_timeout(RETRY),
            None => queue.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        let content = match (received, unwritten.take()) {
            (Ok(content), _) => queue.try_iter().last().unwrap_or(content),
            (Err(RecvTimeoutError::Timeout), Some(content)) => content,
            (Err(_), Some(content)) => {
                // The last chance.
                let _ = write(folder, &content);
                return;
            }
            (Err(_), None) => return,
        };
        match write(folder, &content) {
            Ok(()) => locked(troubles).succeed(),
            Err(error) => {
                locked(troubles).fail(folder, &error);
                unwritten = Some(content);
            }
        }
    }
}

fn unwritten(folder: &Path, error: &io::Error) -> WatchTrouble {
    WatchTrouble::Unwritten { path: shown(&folder.join(FILE)), detail: words(error) }
}

/// The system's words, made harmless.
fn words(error: &io::Error) -> String {
    visible(&error.to_string(), 1_024).into_owned()
}

/// A lock that no panic of another thread makes useless: what it guards is whole after every step.
fn locked(troubles: &Mutex<Troubles>) -> MutexGuard<'_, Troubles> {
    troubles.lock().unwrap_or_else(PoisonError::into_inner)
}

fn write(folder: &Path, content: &Content) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    serde_json::to_writer(&mut file, content)?;
    file.write_all(b"\n")?;
    file.as_file().sync_all()?;
    file.persist(folder.join(FILE)).map_err(|error| error.error)?;
    Ok(())
}

fn understand(bytes: &[u8]) -> Option<Baseline> {
    let content: Content = serde_json::from_slice(bytes).ok()?;
    (content.version == VERSION).then(|| content.known.into_iter().map(Entry::known).collect())
}

impl Content {
    fn of(baseline: &Baseline) -> Self {
        Self { version: VERSION, known: baseline.iter().map(|(identity, last)| Entry::of(identity, last)).collect() }
    }
}

impl Entry {
    fn of(identity: &Identity, last_seen: UnixMillis) -> Self {
        Self {
            whose: match &identity.program {
                Program::File(path) => Whose::Path(path.clone()),
                Program::Name(name) => Whose::Name(name.clone()),
                Program::Unknown(uid) => Whose::Uid(*uid),
            },
            protocol: match identity.protocol {
                Protocol::Tcp => Wire::Tcp,
                Protocol::Udp => Wire::Udp,
            },
            port: match identity.spot {
                Spot::Port(port) => Some(port),
                Spot::Ephemeral => None,
            },
            reach: convert::reach(identity.reach),
            last_seen: last_seen.0,
        }
    }

    fn known(self) -> (Identity, UnixMillis) {
        let identity = Identity {
            program: match self.whose {
                Whose::Path(path) => Program::File(path),
                Whose::Name(name) => Program::Name(name),
                Whose::Uid(uid) => Program::Unknown(uid),
            },
            protocol: match self.protocol {
                Wire::Tcp => Protocol::Tcp,
                Wire::Udp => Protocol::Udp,
            },
            spot: self.port.map_or(Spot::Ephemeral, Spot::Port),
            reach: convert::core_reach(self.reach),
        };
        (identity, UnixMillis(self.last_seen))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;
    use quaymaster_core::port::Reach;

    fn baseline() -> Baseline {
        let programs =
            [Program::File("/usr/sbin/sshd".into()), Program::Name("cupsd".into()), Program::Unknown(Some(0))];
        let more = [Program::Unknown(None)];
        let spots = [Spot::Port(22), Spot::Port(631), Spot::Ephemeral, Spot::Ephemeral];
        let all = programs.into_iter().chain(more).zip(spots).enumerate();
        all.map(|(number, (program, spot))| {
            let reach = [Reach::ThisComputer, Reach::LocalNetwork, Reach::Everywhere][number % 3];
            let protocol = [Protocol::Tcp, Protocol::Udp][number % 2];
            (Identity { program, protocol, spot, reach }, UnixMillis(number as u64))
        })
        .collect()
    }

    #[test]
    fn what_was_known_is_known_again() {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("not/there/yet");
        let (known, before) = Known::open(&home);
        assert_eq!((before, known.trouble()), (None, None));
        known.save(&baseline());
        drop(known);
        let (known, read) = Known::open(&home);
        assert_eq!((read, known.trouble()), (Some(baseline()), None));
    }

    #[test]
    fn a_broken_file_is_kept_aside_and_learning_begins_anew() {
        for broken in ["", "{\"version\":1,\"known\":[{}]}", "{\"version\":2,\"known\":[]}"] {
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join(FILE), broken).unwrap();
            let (known, read) = Known::open(folder.path());
            let Some(WatchTrouble::Aside { kept_as }) = known.trouble() else { panic!("{:?}", known.trouble()) };
            assert_eq!((read, fs::read_to_string(kept_as).unwrap().as_str()), (None, broken));
            known.save(&baseline());
            known.hear_trouble();
            assert_eq!(known.trouble(), None);
            drop(known);
            assert_eq!(Known::open(folder.path()).1, Some(baseline()));
        }
    }

    #[test]
    fn an_unreadable_file_is_never_written_over() {
        let folder = tempfile::tempdir().unwrap();
        // A folder in the file's place cannot be read as a file by anyone, not even by root.
        fs::create_dir(folder.path().join(FILE)).unwrap();
        let (known, read) = Known::open(folder.path());
        let trouble = known.trouble();
        assert!(read.is_none() && matches!(trouble, Some(WatchTrouble::Unreadable { .. })), "{trouble:?}");
        known.save(&baseline());
        drop(known);
        assert!(folder.path().join(FILE).is_dir());
    }

    #[test]
    fn what_cannot_be_written_is_said_and_written_as_soon_as_it_can_be() {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("home");
        let (known, _) = Known::open(&home);
        // A file in the folder's place: nobody can make anything in it, not even root.
        fs::write(&home, "").unwrap();
        known.save(&baseline());
        let wait_for = |wanted: &dyn Fn(Option<WatchTrouble>) -> bool| {
            let began = std::time::Instant::now();
            while !wanted(known.trouble()) {
                assert!(began.elapsed() < 2 * RETRY, "{:?}", known.trouble());
                std::thread::sleep(Duration::from_millis(10));
            }
        };
        let is_unwritten = |trouble| matches!(trouble, Some(WatchTrouble::Unwritten { .. }));
        wait_for(&is_unwritten);
        known.hear_trouble();
        known.save(&baseline());
        fs::remove_file(&home).unwrap();
        known.save(&baseline());
        wait_for(&|trouble| trouble.is_none() && home.join(FILE).exists());
        // Another day is another trouble.
        fs::remove_dir_all(&home).unwrap();
        fs::write(&home, "").unwrap();
        known.save(&baseline());
        wait_for(&is_unwritten);
        // At the end it is tried once more.
        fs::remove_file(&home).unwrap();
        drop(known);
        assert_eq!(Known::open(&home).1, Some(baseline()));
    }
}
