//! From the core's types to those on the wire. Here, and only here, text from outside is made harmless
//! ([`visible`]): whatever leaves the engine may stand in a page, a terminal or a file.

mod frame;
mod history;
mod network;
mod port;
mod process;
mod socket;

use quaymaster_core::text;

pub use frame::{filter_problem, trouble};
pub(crate) use frame::{group, hidden, query_of, states};
pub(crate) use history::{history_bucket, history_counted, history_port_user};
pub use history::{history_event, history_trouble};
pub use network::whose;
pub(crate) use port::core_reach;
pub use port::{hint, port_answer, reach};
pub use process::{process, process_key, process_ref, refusal, service};
pub use socket::{gap, owner, row, socket};

/// The longest name that is shown, in characters. Longer ones are an attack or an accident.
const NAME: usize = 120;
/// The longest list of services that stands for a name.
const LABEL: usize = 400;
/// The longest path or user name that is shown.
const PATH: usize = 1_024;
/// The longest command line that is shown.
const COMMAND_LINE: usize = 4_096;

fn visible(text: &str, limit: usize) -> String {
    text::visible(text, limit).into_owned()
}

/// A number for the page; no listing comes near the limit.
pub(crate) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
