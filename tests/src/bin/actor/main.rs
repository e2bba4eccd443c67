//! A program for tests: opens sockets of the wanted kinds, says so, and holds them until its standard input ends.
//!
//! `actor [--name HEX] KIND[=COUNT]…`: prints one line `ready PORT…` (the local port of the first socket of each kind).
//! `--name` makes the bytes that it spells the process's name (Linux, `prctl(PR_SET_NAME)`).
//!
//! What std can open is here, and the same on every system; the other kinds are the system's own.

use std::any::Any;
use std::io::{self, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr, TcpListener, TcpStream, UdpSocket};

#[cfg_attr(target_os = "linux", path = "linux.rs")]
#[cfg_attr(not(target_os = "linux"), path = "windows.rs")]
mod system;

type Held = Box<dyn Any>;

const V4: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const V6: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);
const ANY6: IpAddr = IpAddr::V6(Ipv6Addr::UNSPECIFIED);

fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut held = Vec::new();
    let mut ports = Vec::new();
    while let Some(argument) = arguments.next() {
        if argument == "--name" {
            system::rename(&arguments.next().unwrap_or_default())?;
            continue;
        }
        let (kind, count) = argument.split_once('=').unwrap_or((&argument, "1"));
        for number in 0..count.parse().map_err(io::Error::other)? {
            let (sockets, port) = open(kind)?;
            held.push(sockets);
            if number == 0 {
                ports.push(port.to_string());
            }
        }
    }
    println!("ready {}", ports.join(" "));
    io::stdout().flush()?;
    io::stdin().read_to_end(&mut Vec::new())?;
    drop(held);
    Ok(())
}

fn open(kind: &str) -> io::Result<(Held, u16)> {
    match kind {
        "listen4" => listener(V4),
        "listen6" => listener(V6),
        "pair4" => pair(V4),
        "pair6" => pair(V6),
        "backlog" => backlog(),
        "half" => half(),
        "time-wait" => time_wait(),
        "udp4" => udp(V4, false),
        "udp6" => udp(V6, false),
        "udp4-peer" => udp(V4, true),
        "udp6-peer" => udp(V6, true),
        other => system::open(other),
    }
}

/// Wine names the owner of a socket only once its process has asked something of it.
fn listening(address: IpAddr) -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind((address, 0))?;
    let _ = listener.ttl();
    let address = listener.local_addr()?;
    Ok((listener, address))
}

fn listener(address: IpAddr) -> io::Result<(Held, u16)> {
    let (listener, at) = listening(address)?;
    Ok((Box::new(listener), at.port()))
}

fn connected(listener: &TcpListener, to: SocketAddr) -> io::Result<(TcpStream, TcpStream)> {
    let client = TcpStream::connect(to)?;
    let _ = client.ttl();
    Ok((listener.accept()?.0, client))
}

fn pair(address: IpAddr) -> io::Result<(Held, u16)> {
    let (listener, to) = listening(address)?;
    let ends = connected(&listener, to)?;
    Ok((Box::new((listener, ends)), to.port()))
}

/// A client that nobody accepts.
fn backlog() -> io::Result<(Held, u16)> {
    let (listener, to) = listening(V4)?;
    Ok((Box::new((TcpStream::connect(to)?, listener)), to.port()))
}

/// CLOSE_WAIT and FIN_WAIT2.
fn half() -> io::Result<(Held, u16)> {
    let (listener, to) = listening(V4)?;
    let ends = connected(&listener, to)?;
    ends.1.shutdown(Shutdown::Write)?;
    (&ends.0).read_exact(&mut [0]).ok();
    Ok((Box::new((listener, ends)), to.port()))
}

fn time_wait() -> io::Result<(Held, u16)> {
    let (listener, to) = listening(V4)?;
    let (mut server, client) = connected(&listener, to)?;
    client.shutdown(Shutdown::Write)?;
    server.read_to_end(&mut Vec::new())?;
    drop(server);
    (&client).read_to_end(&mut Vec::new())?;
    Ok((Box::new(listener), to.port()))
}

fn udp(address: IpAddr, peer: bool) -> io::Result<(Held, u16)> {
    let socket = UdpSocket::bind((address, 0))?;
    let _ = socket.ttl();
    if peer {
        socket.connect((address, 9))?;
    }
    let port = socket.local_addr()?.port();
    Ok((Box::new(socket), port))
}
