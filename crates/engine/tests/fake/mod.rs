//! A computer made of a script: what each look finds, and what is known of each process.

use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use quaymaster_core::network::{Atlas, Country, Network};
use quaymaster_core::{
    Change, Endpoint, Family, Gap, Owner, Process, ProcessKey, Protocol, Sample, Socket, SocketKey, StartMark,
    TcpState, UnixMillis,
};
use quaymaster_engine::Machine;
use quaymaster_engine::wire::{Column, FrameRequest, Scope, Sort};
use quaymaster_probe::{Myself, ProcessSource, SocketSource};

/// The hand that moves the script on.
pub(crate) struct Script {
    looks: Sender<Vec<Change>>,
    glances: Sender<Vec<Change>>,
    /// How often the machine has been looked at.
    pub(crate) looked: Arc<Mutex<usize>>,
    /// How often listeners alone have been, between two looks each; the last is not over.
    pub(crate) glanced: Arc<Mutex<Vec<usize>>>,
    /// How long a look takes, and a look at listeners.
    pub(crate) pace: Arc<Mutex<(Duration, Duration)>>,
    /// Gets a word when the source is dropped: the engine has ended.
    pub(crate) ended: Receiver<()>,
}

impl Script {
    /// What the next look that finds nothing queued yet will find.
    pub(crate) fn then(&self, changes: Vec<Change>) {
        self.looks.send(changes).unwrap();
    }

    /// What the next look at listeners alone will find.
    pub(crate) fn between(&self, changes: Vec<Change>) {
        self.glances.send(changes).unwrap();
    }

    pub(crate) fn looked(&self) -> usize {
        *self.looked.lock().unwrap()
    }
}

struct FakeSockets {
    looks: Receiver<Vec<Change>>,
    glances: Receiver<Vec<Change>>,
    looked: Arc<Mutex<usize>>,
    glanced: Arc<Mutex<Vec<usize>>>,
    pace: Arc<Mutex<(Duration, Duration)>>,
    ended: Sender<()>,
}

impl SocketSource for FakeSockets {
    fn look(&mut self, now: UnixMillis) -> Sample {
        *self.looked.lock().unwrap() += 1;
        self.glanced.lock().unwrap().push(0);
        let (look, _) = *self.pace.lock().unwrap();
        std::thread::sleep(look);
        Sample { taken_at: now, changes: self.looks.try_recv().unwrap_or_default(), troubles: Vec::new() }
    }

    fn listeners(&mut self, now: UnixMillis) -> Option<Sample> {
        *self.glanced.lock().unwrap().last_mut().unwrap() += 1;
        let (_, glance) = *self.pace.lock().unwrap();
        std::thread::sleep(glance);
        Some(Sample { taken_at: now, changes: self.glances.try_recv().unwrap_or_default(), troubles: Vec::new() })
    }
}

impl Drop for FakeSockets {
    fn drop(&mut self) {
        let _ = self.ended.send(());
    }
}

/// Processes from this PID on have started just now, and are another program when they are read again.
pub(crate) const YOUNG: u32 = 900_000;

struct FakeProcesses {
    stuck: bool,
    /// Shared by the readers: who was read before.
    read: Arc<Mutex<HashSet<ProcessKey>>>,
}

impl FakeProcesses {
    fn facts(&self, key: ProcessKey) -> Process {
        let again = !self.read.lock().unwrap().insert(key);
        let young = key.pid >= YOUNG;
        let name = if again && young { format!("successor-{}", key.pid) } else { format!("program-{}", key.pid) };
        let started_at = if young { Ok(quaymaster_engine::clock::now()) } else { Err(Gap::Denied) };
        Process { name, started_at, ..Process::unread(key, Gap::Denied) }
    }
}

impl ProcessSource for FakeProcesses {
    fn read(&mut self, keys: &[ProcessKey]) -> Vec<Process> {
        if self.stuck && keys.iter().any(|key| key.pid % 2 == 1) {
            loop {
                std::thread::park();
            }
        }
        keys.iter().map(|&key| self.facts(key)).collect()
    }

    fn at_a_time(&self) -> usize {
        1
    }

    fn descendants(&mut self, _: ProcessKey) -> Vec<Process> {
        Vec::new()
    }

    fn user_name(&mut self, uid: u32) -> Option<String> {
        Some(format!("user-{uid}"))
    }
}

/// A computer on which `first` is open. With `stuck`, reading a process with an odd PID never ends.
pub(crate) fn machine(first: Vec<Change>, stuck: bool) -> (Machine, Script) {
    let (looks, queue) = channel();
    let (glances, glance_queue) = channel();
    let (tell, ended) = channel();
    let looked = Arc::new(Mutex::new(0));
    let glanced = Arc::default();
    let pace = Arc::default();
    let read = Arc::new(Mutex::new(HashSet::new()));
    looks.send(first).unwrap();
    let machine = Machine {
        sockets: Box::new(FakeSockets {
            looks: queue,
            glances: glance_queue,
            looked: Arc::clone(&looked),
            glanced: Arc::clone(&glanced),
            pace: Arc::clone(&pace),
            ended: tell,
        }),
        processes: Box::new(move || Box::new(FakeProcesses { stuck, read: Arc::clone(&read) })),
        port_settings: Box::new(Vec::new),
        myself: Myself { own: key(1_000_000), ancestors: Vec::new() },
        atlas: Some(Arc::new(Few)),
    };
    (machine, Script { looks, glances, looked, glanced, pace, ended })
}

pub(crate) fn key(pid: u32) -> ProcessKey {
    ProcessKey { pid, start: StartMark(u64::from(pid) + 7) }
}

/// A listener of process `pid` at `port`, with the cookie `cookie`.
pub(crate) fn listener(cookie: u64, port: u16, pid: u32) -> Socket {
    Socket {
        key: SocketKey::Cookie(cookie),
        protocol: Protocol::Tcp,
        family: Family::V4,
        dual_stack: false,
        local: Endpoint::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port),
        remote: None,
        state: Some(TcpState::Listen),
        owner: Owner::Processes(key(pid).into()),
        uid: Some(1000),
        queues: None,
        interface: 0,
        time_wait_until: None,
    }
}

/// Asks for everything by local port, at once.
pub(crate) fn request() -> FrameRequest {
    FrameRequest {
        after: None,
        scope: Scope::All,
        filter: String::new(),
        sort: Sort { column: Column::LocalPort, descending: false },
        group: false,
        folded: Vec::new(),
        first: 0,
        count: 100,
        hold: false,
        port: None,
        detail: None,
        traffic: false,
        locate: None,
    }
}

/// Knows one network.
#[derive(Debug)]
struct Few;

impl Atlas for Few {
    fn find(&self, ip: IpAddr) -> Option<u32> {
        (ip == IpAddr::from([223, 5, 5, 5])).then_some(1)
    }

    fn network(&self, _: u32) -> Option<Network> {
        let organisation = Some("Alibaba \u{202e}(US) Technology".to_owned());
        Some(Network { asn: Some(45_102), organisation, country: Country::read("CN") })
    }
}
