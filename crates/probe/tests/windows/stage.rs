//! What the tests have in common: another process with a socket of its own.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child as Process, Command, Stdio};

/// Another process, this very test program, that listens on a port of 127.0.0.1.
pub(crate) struct Child {
    pub(crate) process: Process,
    pub(crate) port: u16,
}

const ROLE: &str = "PROBE_TEST_LISTEN";
/// What the role is of a child that starts a child itself.
const PARENT: &str = "parent";

impl Child {
    /// Starts it and waits until it listens.
    pub(crate) fn start() -> Self {
        Self::start_as(&std::env::current_exe().unwrap(), &[])
    }

    /// Starts a copy of this program with more arguments, which mean nothing to it.
    pub(crate) fn start_as(program: &Path, arguments: &[&str]) -> Self {
        Self::start_in(program, arguments, "child")
    }

    /// Starts one that starts another.
    pub(crate) fn start_with_a_child() -> Self {
        Self::start_in(&std::env::current_exe().unwrap(), &[], PARENT)
    }

    fn start_in(program: &Path, arguments: &[&str], role: &str) -> Self {
        let mut command = Command::new(program);
        command.args(["--exact", "stage::held_open_for_another_test", "--nocapture", "--test-threads=1"]);
        command.args(arguments).env(ROLE, role);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
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
}

impl Drop for Child {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The child's part; nothing in a test run of its own.
#[test]
fn held_open_for_another_test() {
    let Some(role) = std::env::var_os(ROLE) else { return };
    let child = (role == PARENT).then(Child::start);
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    // Wine names the owner of a socket only once its process has asked something of it.
    let _ = listener.ttl();
    println!("\nlistening on {}", listener.local_addr().unwrap().port());
    // Until whoever started it ends, by whatever way.
    let _ = std::io::stdin().read(&mut [0]);
    drop(child);
}
