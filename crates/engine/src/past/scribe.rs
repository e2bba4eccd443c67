//! From what the engine sees to what the history is told.

use std::collections::HashMap;
use std::sync::Arc;

use quaymaster_core::{Endpoint, Owner, Process, ProcessKey, Row, UnixMillis};
use quaymaster_history::{Deed, Note, Program, Recorder};

use crate::watch::{Happening, What};

/// So many programs are kept at hand; then they are made anew.
const MOST_PROGRAMS: usize = 4_096;

/// Tells the history what happens.
#[derive(Debug)]
pub(super) struct Scribe {
    recorder: Recorder,
    /// A server with a thousand clients is one program, not a thousand copies of its name. Each with the facts of which it was
    /// made.
    programs: HashMap<ProcessKey, (Arc<Process>, Arc<Program>)>,
}

impl Scribe {
    pub(super) fn new(recorder: Recorder) -> Self {
        Self { recorder, programs: HashMap::new() }
    }

    /// This happened; `there`: before anything was remembered.
    pub(super) fn take_in(&mut self, happened: &[Happening], there: bool) {
        let notes: Vec<Note> = happened.iter().map(|happening| self.note(happening, there)).collect();
        self.recorder.notes(notes);
    }

    /// The person did this.
    pub(super) fn note_deed(&self, at: UnixMillis, deed: Deed, process: Option<&Process>, port: Option<u16>) {
        let program = process.and_then(program).map(Arc::new);
        self.recorder.note(Note::Deed { at, deed, program, port });
    }

    fn note(&mut self, happening: &Happening, there: bool) -> Note {
        let Happening { at, what, row, incoming, bytes } = happening;
        let (id, at) = (row.id.0, *at);
        let already_open = there || row.already_open;
        let bytes = bytes.map(|bytes| (bytes.received, bytes.sent));
        let (protocol, local) = (row.socket.protocol, row.socket.local);
        match what {
            What::ListenerOpened => {
                Note::ListenerOpened { id, at, program: self.owner(row), protocol, local, already_open }
            }
            What::ListenerClosed => Note::ListenerClosed { id, at },
            What::ConnectionOpened => Note::ConnectionOpened {
                id,
                at,
                program: self.owner(row),
                protocol,
                local,
                remote: row.socket.remote.unwrap_or_else(|| Endpoint::new(local.ip, 0)),
                incoming: *incoming,
                already_open,
            },
            What::ConnectionClosed => Note::ConnectionClosed { id, at, bytes },
            What::BytesLearnt => Note::BytesLearnt { id, bytes: bytes.unwrap_or_default() },
        }
    }

    /// Of several that share a socket, the one with the smallest number: mostly it is the oldest, who opened it.
    fn owner(&mut self, row: &Row) -> Option<Arc<Program>> {
        let process = match &row.socket.owner {
            Owner::Processes(_) | Owner::Kernel(_) => row.owners.first()?,
            Owner::Unknown(_) => return None,
        };
        if let Some((of, known)) = self.programs.get(&process.key)
            && Arc::ptr_eq(of, process)
        {
            return Some(Arc::clone(known));
        }
        let made = Arc::new(program(process)?);
        if self.programs.len() >= MOST_PROGRAMS {
            self.programs.clear();
        }
        self.programs.insert(process.key, (Arc::clone(process), Arc::clone(&made)));
        Some(made)
    }
}

/// A program as it is remembered; `None` where not even its name is known.
fn program(process: &Process) -> Option<Program> {
    (!process.name.is_empty()).then(|| Program {
        pid: process.key.pid,
        name: process.name.clone(),
        path: process.path.clone().ok(),
        user: process.user.clone().ok(),
    })
}
