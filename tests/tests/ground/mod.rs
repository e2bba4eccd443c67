//! What the tests of the probe stand on: actors that hold sockets, and the looks that are taken meanwhile.
#![allow(dead_code, reason = "every test binary has its own copy and uses a part of it")]

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use quaymaster_core::{Change, Sample, Socket, SocketKey, UnixMillis};

/// An actor that holds sockets until it is dropped.
pub(crate) struct Actor {
    pub(crate) child: Child,
    pub(crate) ports: Vec<u16>,
}

impl Actor {
    pub(crate) fn new(arguments: &[&str]) -> Self {
        Self::start(&mut actor(Path::new(env!("CARGO_BIN_EXE_actor")), arguments))
    }

    #[cfg(unix)]
    pub(crate) fn of_user(program: &Path, uid: u32, arguments: &[&str]) -> Self {
        use std::os::unix::process::CommandExt as _;
        Self::start(actor(program, arguments).uid(uid).gid(uid).current_dir("/"))
    }

    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ports = line.strip_prefix("ready").unwrap_or_else(|| panic!("the actor said {line:?}"));
        let ports = ports.split_whitespace().map(|port| port.parse().unwrap()).collect();
        Self { child, ports }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Actor {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn actor(program: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments);
    command
}

/// Copies a program by another: did this process write the copy itself, a child that another test starts meanwhile would
/// inherit the open file, and the copy could not be run (`ETXTBSY`).
#[cfg(unix)]
pub(crate) fn copy_program(from: &Path, to: &Path) {
    use std::os::unix::fs::PermissionsExt;
    assert!(Command::new("cp").arg(from).arg(to).status().unwrap().success());
    std::fs::set_permissions(to, PermissionsExt::from_mode(0o755)).unwrap();
}

/// Copies a program.
#[cfg(windows)]
pub(crate) fn copy_program(from: &Path, to: &Path) {
    std::fs::copy(from, to).unwrap();
}

/// The rows as the samples told them.
#[derive(Default)]
pub(crate) struct Rows(pub(crate) HashMap<SocketKey, Socket>);

impl Rows {
    pub(crate) fn apply(&mut self, sample: Sample) {
        for change in sample.changes {
            match change {
                Change::Opened(socket) | Change::Changed(socket) => drop(self.0.insert(socket.key, socket)),
                Change::Closed(key) => drop(self.0.remove(&key)),
                Change::Counted(..) => {}
            }
        }
    }
}

pub(crate) fn now() -> UnixMillis {
    let since_1970 = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    UnixMillis(u64::try_from(since_1970.as_millis()).unwrap())
}

#[cfg(unix)]
pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}
