//! What happened while nobody looked: listeners, connections and what the person did, kept in one SQLite file.
//!
//! [`History`] writes: whoever sees something says it with [`Recorder::note`], which never waits; one thread named `history`
//! writes what was said, a batch a second at most. [`Reader`] answers from a connection of its own, on any thread that may
//! block. Time is passed in with every note; between notes it goes on by the steady clock of the system.
//!
//! **Invariant:** nothing here stops the program. What cannot be written is told as [`HistoryTrouble`], and kept in memory
//! within a bound until it can be.

mod book;
mod event;
mod filter;
mod folder;
mod history;
mod note;
mod prune;
mod reader;
mod row;
mod store;
mod trouble;
mod writer;

pub use event::{Bucket, Chart, Counted, Cursor, Event, EventKind, Listing, Page, PortUser, Remembered};
pub use filter::HistoryFilter;
pub use history::{History, Keeping, Opened, Recorder};
pub use note::{Deed, Note, Program};
pub use reader::{ReadError, Reader};
pub use trouble::HistoryTrouble;
