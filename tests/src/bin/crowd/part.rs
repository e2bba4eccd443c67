//! One process of the crowd and its sockets.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::os::fd::OwnedFd;

use rustix::net::{AddressFamily, SocketAddrV4, SocketType, bind, connect, socket, sockopt};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustix::time::{ClockId, clock_gettime};

/// Of a thousand sockets: so many listeners over IPv4, …
const LISTEN4: usize = 20;
const LISTEN6: usize = 20;
const UDP4: usize = 60;
const UDP6: usize = 40;
/// … connections closed half way (CLOSE_WAIT and FIN_WAIT2), …
const HALF: usize = 40;
/// … and TIME_WAITs, which last a minute and are not renewed. The others are the ends of connections.
const TIME_WAIT: usize = 20;

pub(crate) struct Part {
    /// Everybody's own address, so that ports suffice.
    address: Ipv4Addr,
    door: TcpListener,
    units: Vec<Unit>,
    _files: Vec<File>,
    heard: Vec<TcpListener>,
    next: usize,
}

/// What is closed and opened together.
enum Unit {
    Listen4(#[expect(dead_code, reason = "it is held")] TcpListener),
    Listen6(#[expect(dead_code, reason = "it is held")] TcpListener),
    Udp4(#[expect(dead_code, reason = "it is held")] UdpSocket),
    Udp6(#[expect(dead_code, reason = "it is held")] UdpSocket),
    Pair(TcpStream, TcpStream),
    Half(#[expect(dead_code, reason = "it is held")] TcpStream, #[expect(dead_code, reason = "it is held")] TcpStream),
}

#[derive(Clone, Copy)]
enum Kind {
    Listen4,
    Listen6,
    Udp4,
    Udp6,
    Pair,
    Half,
}

impl Part {
    /// Opens about so many sockets, one of them the door at which its own connections come in.
    pub(crate) fn open(number: usize, sockets: usize, files: usize) -> io::Result<Self> {
        let limit = getrlimit(Resource::Nofile);
        setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit })?;
        let byte = |number: usize| u8::try_from(number % 250).unwrap_or(0) + 1;
        let address = Ipv4Addr::new(127, byte(number / 250), byte(number), 1);
        let mut part = Self {
            address,
            door: TcpListener::bind((address, 0))?,
            units: Vec::new(),
            _files: (0..files).map(|_| File::open("/dev/null")).collect::<io::Result<_>>()?,
            heard: Vec::new(),
            next: 0,
        };
        // Every process rounds elsewhere, so that a crowd of many small ones has its share of every kind.
        let of = |share: usize| (sockets * share + number * 618 % 1_000) / 1_000;
        let plan = [
            (Kind::Listen4, of(LISTEN4).saturating_sub(1)),
            (Kind::Listen6, of(LISTEN6)),
            (Kind::Udp4, of(UDP4)),
            (Kind::Udp6, of(UDP6)),
            (Kind::Half, of(HALF) / 2),
        ];
        for (kind, count) in plan {
            for _ in 0..count {
                part.add(kind)?;
            }
        }
        (0..of(TIME_WAIT)).try_for_each(|_| part.leave_time_wait())?;
        let open: usize = part.units.iter().map(Unit::sockets).sum::<usize>() + 1 + of(TIME_WAIT);
        (0..sockets.saturating_sub(open) / 2).try_for_each(|_| part.add(Kind::Pair))?;
        Ok(part)
    }

    pub(crate) fn serve(mut self) -> io::Result<()> {
        println!("ready");
        for line in io::stdin().lines() {
            let line = line?;
            let (order, number) = line.split_once(' ').unwrap_or((&line, "0"));
            let number: usize = number.parse().map_err(io::Error::other)?;
            let answer = match order {
                "churn" => self.churn(number)?.to_string(),
                "traffic" => self.traffic(number)?.to_string(),
                "listen" => self.listen()?,
                other => return Err(io::Error::other(format!("no order is called {other}"))),
            };
            println!("{answer}");
            io::stdout().flush()?;
        }
        Ok(())
    }

    fn add(&mut self, kind: Kind) -> io::Result<()> {
        let unit = self.make(kind)?;
        self.units.push(unit);
        Ok(())
    }

    fn make(&self, kind: Kind) -> io::Result<Unit> {
        Ok(match kind {
            Kind::Listen4 => Unit::Listen4(TcpListener::bind((self.address, 0))?),
            Kind::Listen6 => Unit::Listen6(TcpListener::bind((Ipv6Addr::LOCALHOST, 0))?),
            Kind::Udp4 => Unit::Udp4(UdpSocket::bind((self.address, 0))?),
            Kind::Udp6 => Unit::Udp6(UdpSocket::bind((Ipv6Addr::LOCALHOST, 0))?),
            Kind::Pair => {
                let (near, far) = self.connection()?;
                Unit::Pair(near, far)
            }
            Kind::Half => {
                let (near, far) = self.connection()?;
                near.shutdown(Shutdown::Write)?;
                Unit::Half(near, far)
            }
        })
    }

    /// Both ends, by way of the door; from an address of our own, for the system's choice would be the same for everybody.
    fn connection(&self) -> io::Result<(TcpStream, TcpStream)> {
        let client: OwnedFd = socket(AddressFamily::INET, SocketType::STREAM, None)?;
        bind(&client, &SocketAddrV4::new(self.address, 0))?;
        let SocketAddr::V4(door) = self.door.local_addr()? else { return Err(io::Error::other("the door moved")) };
        connect(&client, &door)?;
        // Closed, they leave nothing behind: what is measured is what opens and closes, not what lingers.
        let at_once = Some(std::time::Duration::ZERO);
        sockopt::set_socket_linger(&client, at_once)?;
        let (far, _) = self.door.accept()?;
        sockopt::set_socket_linger(&far, at_once)?;
        Ok((client.into(), far))
    }

    fn leave_time_wait(&mut self) -> io::Result<()> {
        let client = TcpStream::connect(self.door.local_addr()?)?;
        let (mut far, _) = self.door.accept()?;
        client.shutdown(Shutdown::Write)?;
        far.read_to_end(&mut Vec::new())?;
        drop(far);
        (&client).read_to_end(&mut Vec::new())?;
        Ok(())
    }

    /// Closes units and opens others of their kinds. A third of the places are taken at each turn, one here and one there.
    fn churn(&mut self, sockets: usize) -> io::Result<usize> {
        let mut renewed = 0;
        while renewed < sockets && !self.units.is_empty() {
            self.next = (self.next + self.units.len() / 3 + 1) % self.units.len();
            let old = self.units.swap_remove(self.next);
            let kind = old.kind();
            drop(old);
            self.add(kind)?;
            renewed += self.units.last().map_or(1, Unit::sockets);
        }
        Ok(renewed)
    }

    fn traffic(&mut self, connections: usize) -> io::Result<usize> {
        let mut bytes = [7; 1_000];
        let mut through = 0;
        for unit in &self.units {
            if let Unit::Pair(near, far) = unit
                && through < connections
            {
                (&*near).write_all(&bytes)?;
                (&*far).read_exact(&mut bytes)?;
                through += 1;
            }
        }
        Ok(through)
    }

    fn listen(&mut self) -> io::Result<String> {
        let fresh = TcpListener::bind((IpAddr::from(self.address), 0))?;
        let now = clock_gettime(ClockId::Monotonic);
        let at = fresh.local_addr()?;
        self.heard.push(fresh);
        Ok(format!("{} {} {}", at.ip(), at.port(), now.tv_sec * 1_000_000_000 + now.tv_nsec))
    }
}

impl Unit {
    fn kind(&self) -> Kind {
        match self {
            Self::Listen4(_) => Kind::Listen4,
            Self::Listen6(_) => Kind::Listen6,
            Self::Udp4(_) => Kind::Udp4,
            Self::Udp6(_) => Kind::Udp6,
            Self::Pair(..) => Kind::Pair,
            Self::Half(..) => Kind::Half,
        }
    }

    fn sockets(&self) -> usize {
        match self.kind() {
            Kind::Pair | Kind::Half => 2,
            Kind::Listen4 | Kind::Listen6 | Kind::Udp4 | Kind::Udp6 => 1,
        }
    }
}
