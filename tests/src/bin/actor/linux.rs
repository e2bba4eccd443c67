//! Kinds of sockets that are Linux's own: what std has no way for, and what Linux does otherwise than Windows.

use std::ffi::CString;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener};

use rustix::net::{
    AddressFamily, SocketAddrV4, SocketAddrV6, SocketFlags, SocketType, bind, connect, listen, socket, socket_with,
    sockopt,
};

use super::{ANY6, Held, V4, connected, listener, udp};

pub(super) fn rename(hex: &str) -> io::Result<()> {
    let digits = hex.as_bytes().chunks(2).map(|pair| u8::from_str_radix(&String::from_utf8_lossy(pair), 16));
    let bytes: Result<Vec<u8>, _> = digits.collect();
    rustix::thread::set_name(&CString::new(bytes.map_err(io::Error::other)?)?)?;
    Ok(())
}

pub(super) fn open(kind: &str) -> io::Result<(Held, u16)> {
    match kind {
        // A socket of Linux serves both families unless it is told otherwise.
        "dual" => listener(ANY6),
        "udp-dual" => udp(ANY6, false),
        "v6only" => v6_only(),
        "mapped" => mapped(),
        "syn-sent" => syn_sent(),
        "reuse-port" => reuse_port(),
        "guarded" => guarded(),
        other => Err(io::Error::other(format!("no kind of socket is called {other}"))),
    }
}

fn v6_only() -> io::Result<(Held, u16)> {
    let listener = socket(AddressFamily::INET6, SocketType::STREAM, None)?;
    sockopt::set_ipv6_v6only(&listener, true)?;
    bind(&listener, &SocketAddrV6::new(Ipv6Addr::UNSPECIFIED, 0, 0, 0))?;
    listen(&listener, 7)?;
    let listener = TcpListener::from(listener);
    let port = listener.local_addr()?.port();
    Ok((Box::new(listener), port))
}

/// An IPv4 client of an IPv6 listener.
fn mapped() -> io::Result<(Held, u16)> {
    let listener = TcpListener::bind((ANY6, 0))?;
    let port = listener.local_addr()?.port();
    let ends = connected(&listener, (V4, port).into())?;
    Ok((Box::new((listener, ends)), port))
}

/// Asks an address that is set aside for documentation (RFC 5737) and waits for its answer in vain.
fn syn_sent() -> io::Result<(Held, u16)> {
    let asking = socket_with(AddressFamily::INET, SocketType::STREAM, SocketFlags::NONBLOCK, None)?;
    // Where there is no way there at all, the socket is just not shown.
    let _ = connect(&asking, &SocketAddrV4::new(Ipv4Addr::new(192, 0, 2, 1), 9));
    Ok((Box::new(asking), 0))
}

/// A listener of a process that lets nobody look into it but root, as ssh-agent and browsers' sandboxes do.
fn guarded() -> io::Result<(Held, u16)> {
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)?;
    listener(V4)
}

/// Two listeners and two UDP sockets that look alike.
fn reuse_port() -> io::Result<(Held, u16)> {
    let mut held: Vec<Held> = Vec::new();
    let mut port = 0;
    for kind in [SocketType::STREAM, SocketType::DGRAM] {
        port = 0;
        for _ in 0..2 {
            let twin = socket(AddressFamily::INET, kind, None)?;
            sockopt::set_socket_reuseport(&twin, true)?;
            bind(&twin, &SocketAddrV4::new(Ipv4Addr::LOCALHOST, port))?;
            if kind == SocketType::STREAM {
                listen(&twin, 1)?;
            }
            port = SocketAddrV4::try_from(rustix::net::getsockname(&twin)?)?.port();
            held.push(Box::new(twin));
        }
    }
    Ok((Box::new(held), port))
}
