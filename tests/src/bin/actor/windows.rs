//! Kinds of sockets as Windows opens them. Where std has no way, there is no such kind.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::thread;

use super::{ANY6, Held, listener, udp};

pub(super) fn rename(_: &str) -> io::Result<()> {
    Err(io::Error::other("a process of Windows is called what its program file is called"))
}

pub(super) fn open(kind: &str) -> io::Result<(Held, u16)> {
    match kind {
        // A socket of Windows serves one family unless it is told otherwise; std does not tell it.
        "v6only" => listener(ANY6),
        "udp-v6only" => udp(ANY6, false),
        "syn-sent" => Ok(syn_sent()),
        other => Err(io::Error::other(format!("no kind of socket is called {other} here"))),
    }
}

/// Asks an address that is set aside for documentation (RFC 5737) and waits for its answer in vain, beside the others.
fn syn_sent() -> (Held, u16) {
    // Where there is no way there at all, the socket is just not shown.
    let asking = thread::spawn(|| TcpStream::connect(SocketAddr::from((Ipv4Addr::new(192, 0, 2, 1), 9))));
    (Box::new(asking), 0)
}
