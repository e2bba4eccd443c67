//! What the tests have in common: calling `quay`, and another process with sockets of its own. Where Linux and Windows
//! differ in what a test has to do, it stands in [`system`].

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener, TcpStream, ToSocketAddrs, UdpSocket};
use std::path::Path;
use std::process::{Child as Process, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

#[cfg_attr(windows, path = "stage/windows.rs")]
#[cfg_attr(not(windows), path = "stage/linux.rs")]
mod system;

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

/// Calls `quay` in English, its output read by no person, nobody at its input.
pub(crate) fn quay<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Said {
    said(command().args(arguments))
}

/// Runs this call of `quay` to its end, nobody at its input.
pub(crate) fn said(command: &mut Command) -> Said {
    let output = system::output(command.stdin(Stdio::null()));
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
    command.env("QUAYMASTER_LANGUAGE", "en").env("TERM", "xterm").env_remove("NO_COLOR");
    command
}

/// A listener whose owner the system's tables name.
pub(crate) fn listen(address: impl ToSocketAddrs) -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind(address).unwrap();
    // Wine names the owner of a socket only once its process has asked something of it.
    let _ = listener.ttl();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

/// A UDP socket on any port of this address, whose owner the system's tables name.
pub(crate) fn datagrams(address: &str) -> (UdpSocket, u16) {
    let socket = UdpSocket::bind((address, 0)).unwrap();
    let _ = socket.ttl();
    let port = socket.local_addr().unwrap().port();
    (socket, port)
}

/// Another process that listens on a port of 127.0.0.1, and connects to one where asked.
pub(crate) struct Child {
    process: Process,
    pub(crate) port: u16,
}

/// How a program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// As one that was asked to: by SIGTERM; by Ctrl-Break.
    Asked,
    /// Without having a say: by SIGKILL; by TerminateProcess.
    Forced,
    /// In another way.
    Other(std::process::ExitStatus),
}

const ROLE: &str = "QUAY_TEST_HOLD";
const CONNECT: &str = "QUAY_TEST_CONNECT";

impl Child {
    /// Listens on any port.
    pub(crate) fn start() -> Self {
        Self::run(&mut system::program(), 0, None)
    }

    /// Listens on this port.
    pub(crate) fn start_at(port: u16) -> Self {
        Self::run(&mut system::program(), port, None)
    }

    /// Is connected to this port.
    pub(crate) fn connected_to(port: u16) -> Self {
        Self::run(&mut system::program(), 0, Some(port))
    }

    /// Runs from a program file of this name.
    pub(crate) fn named(folder: &Path, name: &OsStr) -> Self {
        let program = folder.join(name);
        std::fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
        Self::run(&mut system::called_child(&program), 0, None)
    }

    /// Does not end when it is asked to.
    pub(crate) fn deaf() -> Self {
        Self::run(&mut system::deaf(), 0, None)
    }

    fn run(command: &mut Command, listen: u16, connect: Option<u16>) -> Self {
        command.args(["--exact", "held_open_for_another_test", "--nocapture", "--test-threads=1"]);
        command.env(ROLE, listen.to_string()).stdout(Stdio::piped()).stderr(Stdio::null());
        if let Some(port) = connect {
            command.env(CONNECT, port.to_string());
        }
        let mut process = command.spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
        let port = lines.find_map(|line| Some(line.split_once("listening on ")?.1.trim().parse().unwrap())).unwrap();
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

    /// How it ended; waits for that.
    pub(crate) fn ending(&mut self) -> Ending {
        let status = self.process.wait().unwrap();
        system::ending(status).unwrap_or(Ending::Other(status))
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
    let (listener, address) = listen(("127.0.0.1", port.parse().unwrap()));
    let connection = std::env::var(CONNECT).ok().map(|port| {
        let stream = TcpStream::connect(("127.0.0.1", port.parse().unwrap())).unwrap();
        let _ = stream.ttl();
        stream
    });
    println!("\nlistening on {}", address.port());
    std::thread::sleep(Duration::from_secs(600));
    drop((connection, listener));
}
