//! What the tests have in common: calling `quay`, and another process with sockets of its own.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child as Process, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

/// What a call of `quay` came to.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    /// Standard output as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// Calls `quay` in English, its output in pipes, nobody at its input.
pub(crate) fn quay<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Said {
    let output = command().args(arguments).stdin(Stdio::null()).output().unwrap();
    let said = Said {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    };
    // How words show that a key or a value of theirs is missing.
    for hole in ["[quay-", "{$", "{ $"] {
        assert!(!said.out.contains(hole) && !said.err.contains(hole), "{said:?}");
    }
    said
}

/// `quay` with a language and colours that do not depend on who runs the tests.
pub(crate) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_quay"));
    command.env("LC_ALL", "C.UTF-8").env("TERM", "xterm").env_remove("LANGUAGE").env_remove("NO_COLOR");
    command
}

/// Another process that listens on a port of 127.0.0.1, and connects to one where asked.
pub(crate) struct Child {
    process: Process,
    pub(crate) port: u16,
}

const ROLE: &str = "QUAY_TEST_HOLD";
const CONNECT: &str = "QUAY_TEST_CONNECT";

impl Child {
    /// Listens on any port.
    pub(crate) fn start() -> Self {
        Self::run(&mut Command::new(std::env::current_exe().unwrap()), 0, None)
    }

    /// Listens on this port.
    pub(crate) fn start_at(port: u16) -> Self {
        Self::run(&mut Command::new(std::env::current_exe().unwrap()), port, None)
    }

    /// Is connected to this port.
    pub(crate) fn connected_to(port: u16) -> Self {
        Self::run(&mut Command::new(std::env::current_exe().unwrap()), 0, Some(port))
    }

    /// Runs from a program file of this name.
    pub(crate) fn named(folder: &Path, name: &OsStr) -> Self {
        let program = folder.join(name);
        std::fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
        // Rust's test programs read their arguments as text, so the name must not come as the first of them.
        Self::run(Command::new(program).arg0("child"), 0, None)
    }

    /// Ignores SIGTERM: a disposition that outlives exec, which the shell is only there to set.
    pub(crate) fn deaf() -> Self {
        let program = std::env::current_exe().unwrap();
        let mut shell = Command::new("sh");
        shell.args(["-c", "trap '' TERM; exec \"$0\" \"$@\""]).arg(program);
        Self::run(&mut shell, 0, None)
    }

    fn run(command: &mut Command, listen: u16, connect: Option<u16>) -> Self {
        command.args(["--exact", "held_open_for_another_test", "--nocapture", "--test-threads=1"]);
        command.env(ROLE, listen.to_string()).stdout(Stdio::piped()).stderr(Stdio::null());
        if let Some(port) = connect {
            command.env(CONNECT, port.to_string());
        }
        let mut process = command.spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
        let port = lines.find_map(|line| Some(line.split_once("listening on ")?.1.parse().unwrap())).unwrap();
        // The rest is read and dropped: a full pipe would stop the child.
        std::thread::spawn(move || lines.for_each(drop));
        Self { process, port }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.process.id()
    }

    pub(crate) fn runs(&mut self) -> bool {
        self.process.try_wait().unwrap().is_none()
    }

    /// The signal that ended it; waits for that.
    pub(crate) fn ended_by(&mut self) -> Option<i32> {
        self.process.wait().unwrap().signal()
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The child's part; nothing in a test run of its own.
pub(crate) fn hold_open() {
    let Ok(port) = std::env::var(ROLE) else { return };
    let listener = TcpListener::bind(("127.0.0.1", port.parse().unwrap())).unwrap();
    let connection =
        std::env::var(CONNECT).ok().map(|port| TcpStream::connect(("127.0.0.1", port.parse().unwrap())).unwrap());
    println!("\nlistening on {}", listener.local_addr().unwrap().port());
    std::thread::sleep(Duration::from_secs(600));
    drop(connection);
}
