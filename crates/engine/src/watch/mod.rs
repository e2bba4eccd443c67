//! What happens to sockets, told to whoever wants to know it: the warden, who tells a person of new listeners, and listeners
//! of the terminal program and the history.
//!
//! `chronicle` makes happenings of what looks did to rows, `warden` makes alerts of happenings, `known` keeps the baseline.

mod chronicle;
mod direction;
mod known;
mod warden;

pub use chronicle::{Happening, What};
pub use warden::{Warden, WatchStart};

use std::sync::Arc;
use std::time::Instant;

use quaymaster_core::port::PortSettings;
use quaymaster_core::tracker::Applied;
use quaymaster_core::{SocketId, Table, UnixMillis};
use quaymaster_history::Deed;

use crate::clock;
use crate::past::{Begun, Past};
use crate::wire::WatchTrouble;
use chronicle::Chronicle;

/// Is told what happens, in the order in which it did, on the engine's thread: it must not block.
pub type Listener = Box<dyn FnMut(&[Happening]) + Send>;

/// Who wants to know what happens.
#[derive(Default)]
pub struct Observers {
    /// Tells of new listeners.
    pub warden: Option<Warden>,
    /// Remembers.
    pub past: Option<Past>,
    /// Everybody else.
    pub listeners: Vec<Listener>,
}

/// The observers at work. Without any, nothing is kept and nothing costs.
#[derive(Default)]
pub(crate) struct Observed {
    chronicle: Chronicle,
    observers: Observers,
}

impl Observed {
    pub(crate) fn new(observers: Observers) -> Self {
        Self { chronicle: Chronicle::default(), observers }
    }

    /// The warden, if there is one.
    pub(crate) fn warden(&mut self) -> Option<&mut Warden> {
        self.observers.warden.as_mut()
    }

    /// How much news nobody has looked at.
    pub(crate) fn unread(&self) -> usize {
        self.observers.warden.as_ref().map_or(0, Warden::unread)
    }

    /// What is wrong with what the warden remembers, unless the person has heard it.
    pub(crate) fn watch_trouble(&self) -> Option<WatchTrouble> {
        self.observers.warden.as_ref().and_then(Warden::trouble)
    }

    /// The person expects the listeners of these rows, and others like them.
    pub(crate) fn expect(&mut self, table: &Table, rows: &[u64]) {
        let Observers { warden, past, .. } = &mut self.observers;
        if let Some(warden) = warden {
            warden.expect(rows);
        }
        if let Some(past) = past {
            for row in rows.iter().filter_map(|&id| table.row(SocketId(id))) {
                let owner = row.owners.first().map(Arc::as_ref);
                past.note_deed(Deed::Expected, owner, Some(row.socket.local.port));
            }
        }
    }

    /// A look has been applied to the table.
    pub(crate) fn looked(&mut self, table: &Table, applied: &Applied, at: UnixMillis) {
        if self.is_wanted() {
            let happened = self.chronicle.take(table, applied, at);
            self.tell(&happened);
        }
    }

    /// Facts have come, or time has passed.
    pub(crate) fn attend(&mut self, table: &Table) {
        if self.is_wanted() {
            let happened = self.chronicle.settle(table);
            self.tell(&happened);
        }
        if let Some(warden) = self.warden() {
            warden.attend();
        }
    }

    /// What the system's settings say of ports has been read.
    pub(crate) fn learn_settings(&mut self, settings: &[PortSettings]) {
        if let Some(warden) = self.warden() {
            warden.learn_settings(settings);
        }
    }

    /// When something will be due.
    pub(crate) fn due(&self) -> Option<Instant> {
        let warden = self.observers.warden.as_ref().and_then(Warden::due);
        self.chronicle.due().into_iter().chain(warden).min()
    }

    /// What is remembered begins now.
    pub(crate) fn begin_past(&self, table: &Table, begun: Begun) {
        if let Some(past) = &self.observers.past {
            past.begin(begun, &self.chronicle.there(table, clock::now()));
        }
    }

    /// Somebody reads along.
    pub(crate) fn is_listened_to(&self) -> bool {
        !self.observers.listeners.is_empty()
    }

    fn is_wanted(&self) -> bool {
        let Observers { warden, past, listeners } = &self.observers;
        warden.is_some() || past.is_some() || !listeners.is_empty()
    }

    fn tell(&mut self, happened: &[Happening]) {
        if happened.is_empty() {
            return;
        }
        let Observers { warden, past, listeners } = &mut self.observers;
        if let Some(warden) = warden {
            warden.take_in(happened);
        }
        if let Some(past) = past {
            past.take_in(happened);
        }
        for listener in listeners {
            listener(happened);
        }
    }
}
