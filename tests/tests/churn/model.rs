//! What somebody knows who heard everything that the collector told, and nothing else.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use quaymaster_core::{Change, Owner, ProcessKey, Protocol, Sample, Socket, SocketKey, TcpState, UnixMillis};
use quaymaster_probe::SocketSource as _;
use quaymaster_probe::linux::Sockets;

use super::oracle::Oracle;

pub(crate) struct Model {
    source: Sockets,
    sockets: HashMap<SocketKey, Socket>,
    now: u64,
    /// As many looks are owed to the system before the rows must be right.
    looks: usize,
}

impl Model {
    pub(crate) fn new(source: Sockets, looks: usize) -> Self {
        Self { source, sockets: HashMap::new(), now: 1_700_000_000_000, looks }
    }

    pub(crate) fn look(&mut self) {
        self.now += 1_000;
        let sample = self.source.look(UnixMillis(self.now));
        self.hear(sample);
    }

    /// A look at listeners alone, where there is one.
    pub(crate) fn glance(&mut self) {
        if let Some(sample) = self.source.listeners(UnixMillis(self.now + 500)) {
            self.hear(sample);
        }
    }

    /// One look, and what the oracle says of the very same moment: nothing that the oracle sees moved meanwhile.
    pub(crate) fn look_at_rest(&mut self) -> Oracle {
        for _ in 0..200 {
            let before = Oracle::ask();
            (0..self.looks).for_each(|_| self.look());
            // What a juggler does is done when it answers; but the kernel finishes connections a moment later, and ends a child
            // whose parent has been killed.
            if Oracle::ask() == before {
                return before;
            }
        }
        panic!("the sockets never came to rest");
    }

    fn hear(&mut self, sample: Sample) {
        assert!(
            sample.troubles.iter().all(|trouble| *trouble == quaymaster_core::Trouble::NetlinkRefused),
            "{sample:?}"
        );
        for change in sample.changes {
            match change {
                Change::Opened(socket) => {
                    assert!(self.sockets.insert(socket.key, socket.clone()).is_none(), "opened twice: {socket:?}");
                }
                Change::Changed(socket) => {
                    assert!(self.sockets.insert(socket.key, socket.clone()).is_some(), "never opened: {socket:?}");
                }
                Change::Closed(key) => assert!(self.sockets.remove(&key).is_some(), "never opened: {key:?}"),
                Change::Counted(..) => {}
            }
        }
    }

    /// No row too many, none missing, each in its state.
    pub(crate) fn compare_rows(&self, now: &Oracle, said: &str) {
        let mut told: BTreeMap<_, usize> = BTreeMap::new();
        self.sockets.values().for_each(|socket| *told.entry(place(socket)).or_default() += 1);
        let true_rows: BTreeMap<_, usize> = now.rows.iter().map(|(place, inodes)| (*place, inodes.len())).collect();
        assert_eq!(told, true_rows, "{said}: rows");
    }

    /// Every holder of every socket. How many owners are late; panics where one may not be.
    pub(crate) fn compare_owners(&self, before: &Oracle, now: &Oracle, said: &str) -> usize {
        let mut late = 0;
        for socket in self.sockets.values() {
            // Rows that are equal in everything cannot be told apart from here.
            let Some([inode]) = now.rows.get(&place(socket)).map(Vec::as_slice) else { continue };
            if *inode == 0 {
                assert!(matches!(socket.owner, Owner::Kernel(_)), "{said}: {socket:?}");
                continue;
            }
            let told: BTreeSet<ProcessKey> = socket.owner.holders().iter().copied().collect();
            let held = now.holders.get(inode).cloned().unwrap_or_default();
            if told == held {
                continue;
            }
            let stays = |process: &ProcessKey| {
                before.processes.contains_key(process) && now.processes.get(process) == Some(&false)
            };
            let unseen = told.symmetric_difference(&held).all(stays);
            let new = !before.holders.contains_key(inode);
            let partly = !told.is_empty() && told.is_subset(&held);
            assert!(unseen && (!new || partly), "{said}: inode {inode}, held by {held:?}, told {socket:?}");
            late += 1;
        }
        late
    }
}

type Place = (Protocol, quaymaster_core::Endpoint, Option<quaymaster_core::Endpoint>, u8);

fn place(socket: &Socket) -> Place {
    let state = match socket.state {
        // An UDP socket is open to all, or to one.
        None if socket.remote.is_none() => 7,
        None | Some(TcpState::Established) => 1,
        Some(TcpState::SynSent) => 2,
        Some(TcpState::SynRecv) => 3,
        Some(TcpState::FinWait1) => 4,
        Some(TcpState::FinWait2) => 5,
        Some(TcpState::TimeWait) => 6,
        Some(TcpState::Closed) => 7,
        Some(TcpState::CloseWait) => 8,
        Some(TcpState::LastAck) => 9,
        Some(TcpState::Listen) => 10,
        Some(TcpState::Closing) => 11,
        Some(TcpState::Bound) => 13,
    };
    (socket.protocol, socket.local, socket.remote, state)
}
