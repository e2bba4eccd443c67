//! The crowd that is looked at, and the network that it has for itself.

use std::collections::BTreeMap;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use quaymaster_core::{Change, UnixMillis};
use quaymaster_probe::SocketSource as _;
use quaymaster_probe::linux::Sockets;
use serde_json::Value;

/// Moves this process into a network namespace of its own, where it may; whether it did. Its one thread is the process.
pub(crate) fn own_network() -> bool {
    // SAFETY: only the network namespace is left, which no descriptor of ours depends on.
    if unsafe { rustix::thread::unshare_unsafe(rustix::thread::UnshareFlags::NEWNET) }.is_err() {
        return false;
    }
    // What a new network lacks: its loopback, and ports for a big crowd. Without either the crowd's own errors tell.
    let _ = Command::new("ip").args(["link", "set", "lo", "up"]).status();
    let _ = std::fs::write("/proc/sys/net/ipv4/ip_local_port_range", "1025 65000");
    true
}

/// How many sockets there are in each state.
pub(crate) fn states() -> Value {
    let mut states: BTreeMap<&str, u64> = BTreeMap::new();
    for change in Sockets::new().look(UnixMillis(1)).changes {
        if let Change::Opened(socket) = change {
            *states.entry(socket.state.map_or("UDP", quaymaster_core::TcpState::name)).or_default() += 1;
        }
    }
    states
        .into_iter()
        .map(|(state, count)| (state.to_owned(), Value::from(count)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// A crowd that ends with this.
pub(crate) struct Crowd {
    child: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Crowd {
    pub(crate) fn open(sockets: usize, processes: usize, files: usize) -> io::Result<Self> {
        let program = std::env::current_exe()?.with_file_name("crowd");
        let mut child = Command::new(program)
            .args([sockets, processes, files].map(|number| number.to_string()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (orders, answers) = pipes.ok_or_else(|| io::Error::other("no pipes"))?;
        let mut crowd = Self { child, orders, answers: BufReader::new(answers) };
        crowd.hear()?;
        Ok(crowd)
    }

    pub(crate) fn ask(&mut self, order: &str) -> io::Result<String> {
        writeln!(self.orders, "{order}")?;
        self.hear()
    }

    fn hear(&mut self) -> io::Result<String> {
        let mut answer = String::new();
        if self.answers.read_line(&mut answer)? == 0 {
            return Err(io::Error::other("the crowd has ended"));
        }
        Ok(answer.trim_end().to_owned())
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        // Its parts end with their inputs, which end with it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
