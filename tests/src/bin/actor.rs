//! A program for tests: opens sockets of the wanted kinds, says so, and holds them until its standard input ends.
//!
//! `actor [--name HEX] KIND[=COUNT]…`: prints one line `ready PORT…` (the local port of the first socket of each kind).
//! `--name` makes the bytes that it spells the process's name (`prctl(PR_SET_NAME)`).

#[cfg(target_os = "linux")]
fn main() -> std::io::Result<()> {
    linux::main()
}

#[cfg(not(target_os = "linux"))]
fn main() {}

#[cfg(target_os = "linux")]
mod linux {
    use std::any::Any;
    use std::ffi::CString;
    use std::io::{self, Read as _, Write as _};
    use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr, TcpListener, TcpStream, UdpSocket};

    use rustix::net::{AddressFamily, SocketAddrV4, SocketAddrV6, SocketType, bind, connect, listen, socket, sockopt};

    type Held = Box<dyn Any>;

    const V4: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
    const V6: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);
    const ANY6: IpAddr = IpAddr::V6(Ipv6Addr::UNSPECIFIED);

    pub(super) fn main() -> io::Result<()> {
        let mut arguments = std::env::args().skip(1);
        let mut held = Vec::new();
        let mut ports = Vec::new();
        while let Some(argument) = arguments.next() {
            if argument == "--name" {
                rename(&arguments.next().unwrap_or_default())?;
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

    fn rename(hex: &str) -> io::Result<()> {
        let digits = hex.as_bytes().chunks(2).map(|pair| u8::from_str_radix(&String::from_utf8_lossy(pair), 16));
        let bytes: Result<Vec<u8>, _> = digits.collect();
        rustix::thread::set_name(&CString::new(bytes.map_err(io::Error::other)?)?)?;
        Ok(())
    }

    fn open(kind: &str) -> io::Result<(Held, u16)> {
        match kind {
            "listen4" => listener(V4),
            "listen6" => listener(V6),
            "dual" => listener(ANY6),
            "v6only" => v6_only(),
            "pair4" => pair(V4),
            "pair6" => pair(V6),
            "mapped" => mapped(),
            "backlog" => backlog(),
            "half" => half(),
            "time-wait" => time_wait(),
            "syn-sent" => syn_sent(),
            "udp4" => udp(V4, false),
            "udp6" => udp(V6, false),
            "udp-dual" => udp(ANY6, false),
            "udp4-peer" => udp(V4, true),
            "udp6-peer" => udp(V6, true),
            "reuse-port" => reuse_port(),
            other => Err(io::Error::other(format!("no kind of socket is called {other}"))),
        }
    }

    fn listener(address: IpAddr) -> io::Result<(Held, u16)> {
        let listener = TcpListener::bind((address, 0))?;
        let port = listener.local_addr()?.port();
        Ok((Box::new(listener), port))
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

    fn connected(listener: &TcpListener, to: SocketAddr) -> io::Result<(TcpStream, TcpStream)> {
        let client = TcpStream::connect(to)?;
        Ok((listener.accept()?.0, client))
    }

    fn pair(address: IpAddr) -> io::Result<(Held, u16)> {
        let listener = TcpListener::bind((address, 0))?;
        let to = listener.local_addr()?;
        let ends = connected(&listener, to)?;
        Ok((Box::new((listener, ends)), to.port()))
    }

    /// An IPv4 client of an IPv6 listener.
    fn mapped() -> io::Result<(Held, u16)> {
        let listener = TcpListener::bind((ANY6, 0))?;
        let port = listener.local_addr()?.port();
        let ends = connected(&listener, (V4, port).into())?;
        Ok((Box::new((listener, ends)), port))
    }

    /// A client that nobody accepts.
    fn backlog() -> io::Result<(Held, u16)> {
        let listener = TcpListener::bind((V4, 0))?;
        let to = listener.local_addr()?;
        Ok((Box::new((TcpStream::connect(to)?, listener)), to.port()))
    }

    /// CLOSE_WAIT and FIN_WAIT2.
    fn half() -> io::Result<(Held, u16)> {
        let listener = TcpListener::bind((V4, 0))?;
        let to = listener.local_addr()?;
        let ends = connected(&listener, to)?;
        ends.1.shutdown(Shutdown::Write)?;
        (&ends.0).read_exact(&mut [0]).ok();
        Ok((Box::new((listener, ends)), to.port()))
    }

    fn time_wait() -> io::Result<(Held, u16)> {
        let listener = TcpListener::bind((V4, 0))?;
        let to = listener.local_addr()?;
        let (mut server, client) = connected(&listener, to)?;
        client.shutdown(Shutdown::Write)?;
        server.read_to_end(&mut Vec::new())?;
        drop(server);
        (&client).read_to_end(&mut Vec::new())?;
        Ok((Box::new(listener), to.port()))
    }

    /// Asks an address that is set aside for documentation (RFC 5737) and waits for its answer in vain.
    fn syn_sent() -> io::Result<(Held, u16)> {
        use rustix::net::{SocketFlags, socket_with};
        let asking = socket_with(AddressFamily::INET, SocketType::STREAM, SocketFlags::NONBLOCK, None)?;
        // Where there is no way there at all, the socket is just not shown.
        let _ = connect(&asking, &SocketAddrV4::new(Ipv4Addr::new(192, 0, 2, 1), 9));
        Ok((Box::new(asking), 0))
    }

    fn udp(address: IpAddr, peer: bool) -> io::Result<(Held, u16)> {
        let socket = UdpSocket::bind((address, 0))?;
        if peer {
            socket.connect((address, 9))?;
        }
        let port = socket.local_addr()?.port();
        Ok((Box::new(socket), port))
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
}
