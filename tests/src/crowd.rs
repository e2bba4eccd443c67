//! The crowd that is looked at, and the network that it has for itself.

use std::io;
use std::process::Command;

use crate::follower::Follower;

/// Moves this process into a network namespace of its own, where it may; whether it did. Its one thread is the process.
#[must_use]
pub fn own_network() -> bool {
    // SAFETY: only the network namespace is left, which no descriptor of ours depends on.
    if unsafe { rustix::thread::unshare_unsafe(rustix::thread::UnshareFlags::NEWNET) }.is_err() {
        return false;
    }
    // What a new network lacks: its loopback, and ports for a big crowd. Without either the crowd's own errors tell.
    let _ = Command::new("ip").args(["link", "set", "lo", "up"]).status();
    let _ = std::fs::write("/proc/sys/net/ipv4/ip_local_port_range", "1025 65000");
    true
}

/// A crowd that ends with this: the program of that name beside the one that asks for it.
pub struct Crowd(Follower);

impl Crowd {
    /// About so many sockets in so many processes, each with so many other files.
    pub fn open(sockets: usize, processes: usize, files: usize) -> io::Result<Self> {
        let program = std::env::current_exe()?.with_file_name("crowd");
        let numbers = [sockets, processes, files].map(|number| number.to_string());
        Follower::start(Command::new(program).args(numbers)).map(Self)
    }

    /// Gives one of the orders that the crowd's program knows, and waits until it is carried out.
    pub fn ask(&mut self, order: &str) -> io::Result<String> {
        self.0.ask(order)
    }

    /// The process whose children hold the crowd's sockets.
    #[must_use]
    pub fn chief(&self) -> u32 {
        self.0.pid()
    }
}
