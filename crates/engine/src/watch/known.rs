//! The baseline's file: `known-listeners.json`, written whole by a thread of its own, for a disk may be slow and the engine
//! may not wait. A file that cannot be understood is kept aside; one that cannot be read is never written over.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use quaymaster_core::watch::{Baseline, Identity, Program, Spot};
use quaymaster_core::{Protocol, UnixMillis};
use serde::{Deserialize, Serialize};

use crate::wire::Reach;
use crate::{clock, convert};

const FILE: &str = "known-listeners.json";
/// Of what is written; a file of a later one is another program's.
const VERSION: u32 = 1;

/// What is wrong with the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KnownTrouble {
    /// It could not be understood, or is of a later version; it is kept under this name, and everything is learnt anew.
    Aside(PathBuf),
    /// It could not be read, and is left as it is: what is expected now is forgotten at the end.
    Unreadable(String),
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
}

impl Known {
    /// Reads what is known from `folder`; `None` where nothing has been learnt yet.
    pub(crate) fn open(folder: &Path) -> (Self, Option<Baseline>, Option<KnownTrouble>) {
        let path = folder.join(FILE);
        match fs::read(&path) {
            Ok(bytes) => match understand(&bytes) {
                Some(baseline) => (Self::start(folder), Some(baseline), None),
                None => {
                    let aside = folder.join(format!("known-listeners.broken-{}.json", clock::now().0));
                    match fs::rename(&path, &aside) {
                        Ok(()) => (Self::start(folder), None, Some(KnownTrouble::Aside(aside))),
                        Err(error) => (Self::closed(), None, Some(KnownTrouble::Unreadable(error.to_string()))),
                    }
                }
            },
            Err(error) if error.kind() == ErrorKind::NotFound => (Self::start(folder), None, None),
            Err(error) => (Self::closed(), None, Some(KnownTrouble::Unreadable(error.to_string()))),
        }
    }

    /// Writes it, soon.
    pub(crate) fn save(&self, baseline: &Baseline) {
        if let Some(orders) = &self.orders {
            // Nobody there: the thread could not be started, which has been said.
            let _ = orders.send(Content::of(baseline));
        }
    }

    fn start(folder: &Path) -> Self {
        let (orders, queue) = channel();
        let folder = folder.to_owned();
        let writer = std::thread::Builder::new().name("baseline".into()).spawn(move || write_all(&folder, &queue));
        match writer {
            Ok(writer) => Self { orders: Some(orders), writer: Some(writer) },
            Err(error) => {
                tracing::warn!(%error, "what is known to listen is not written down");
                Self::closed()
            }
        }
    }

    fn closed() -> Self {
        Self { orders: None, writer: None }
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

fn write_all(folder: &Path, queue: &Receiver<Content>) {
    while let Ok(mut content) = queue.recv() {
        while let Ok(newer) = queue.try_recv() {
            content = newer;
        }
        if let Err(error) = write(folder, &content) {
            tracing::warn!(%error, "what is known to listen could not be written down");
        }
    }
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
        let (known, before, trouble) = Known::open(&home);
        assert_eq!((before, trouble), (None, None));
        known.save(&baseline());
        drop(known);
        let (_, read, trouble) = Known::open(&home);
        assert_eq!((read, trouble), (Some(baseline()), None));
    }

    #[test]
    fn a_broken_file_is_kept_aside_and_learning_begins_anew() {
        for broken in ["", "{\"version\":1,\"known\":[{}]}", "{\"version\":2,\"known\":[]}"] {
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join(FILE), broken).unwrap();
            let (known, read, trouble) = Known::open(folder.path());
            let Some(KnownTrouble::Aside(aside)) = trouble else { panic!("{trouble:?}") };
            assert_eq!((read, fs::read_to_string(aside).unwrap().as_str()), (None, broken));
            known.save(&baseline());
            drop(known);
            assert_eq!(Known::open(folder.path()).1, Some(baseline()));
        }
    }

    #[test]
    fn an_unreadable_file_is_never_written_over() {
        let folder = tempfile::tempdir().unwrap();
        // A folder in the file's place cannot be read as a file by anyone, not even by root.
        fs::create_dir(folder.path().join(FILE)).unwrap();
        let (known, read, trouble) = Known::open(folder.path());
        assert!(read.is_none() && matches!(trouble, Some(KnownTrouble::Unreadable(_))), "{trouble:?}");
        known.save(&baseline());
        drop(known);
        assert!(folder.path().join(FILE).is_dir());
    }
}
