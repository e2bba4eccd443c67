//! A session bus of a test's own.
//! Linux only: elsewhere there is no such bus.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// How long something is waited for that must come.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// A running bus; it ends when dropped.
pub(crate) struct Bus {
    process: Child,
    /// Where it is found.
    pub(crate) address: String,
}

impl Bus {
    /// Starts a bus that starts nothing of the machine's own session.
    pub(crate) fn start() -> Self {
        let config = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/e2e/harness/bus.conf");
        let mut command = Command::new("dbus-daemon");
        command.args([&format!("--config-file={config}"), "--nofork", "--nopidfile", "--print-address=1"]);
        let mut process =
            command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("dbus-daemon (package dbus) is needed");
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let address = lines.next().expect("an address").unwrap();
        Self { process, address }
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
