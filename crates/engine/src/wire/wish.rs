//! What is wished of the page from outside of it: from the tray, from a notification, from a second start of the program.

use serde::Serialize;
use ts_rs::TS;

use super::process::ProcessRef;

/// One wish.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "wish", rename_all = "snake_case")]
#[ts(export)]
pub enum Wish {
    /// Show who holds this port.
    Port {
        /// The port.
        port: u16,
    },
    /// Show who holds this port, and ask whether this process is to be ended: nothing is ended without that.
    End {
        /// The port.
        port: u16,
        /// The process.
        process: ProcessRef,
    },
    /// Let a port be typed.
    Search,
    /// Show all listening ports.
    Listening,
    /// The window is being closed for the first time: say what that does, and ask whether it shall.
    Closing {
        /// There is a tray to go on in. Without one the program would end, or its window be minimised.
        tray: bool,
    },
}
