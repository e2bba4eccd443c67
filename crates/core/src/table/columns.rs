//! The rows themselves, a column each for what is asked together: some sixty bytes a row, so that 200 000 of them are small
//! and a walk reads no more than it needs. A row stands at the same place in every column; places change when rows go.

use std::collections::HashMap;

use super::glance::{Glance, Keeper, NOTHING};
use super::{Mark, SocketId};
use crate::endpoint::{Family, Protocol};
use crate::socket::{Owner, Queues, Socket, SocketKey, TcpState};
use crate::time::UnixMillis;

/// Every row, closed ones too.
#[derive(Debug, Default)]
pub(super) struct Columns {
    ids: Vec<SocketId>,
    first_seen: Vec<UnixMillis>,
    ends: Vec<Ends>,
    kinds: Vec<Kind>,
    crews: Vec<u32>,
    users: Vec<u32>,
    /// Cookies; 0 where the key is a tuple.
    cookies: Vec<u64>,
    queues: Vec<Queues>,
    /// The keys that are no cookies.
    tuples: HashMap<SocketId, SocketKey>,
    rarities: HashMap<SocketId, Rarity>,
}

/// Addresses by their numbers, and ports.
#[derive(Clone, Copy, Debug)]
struct Ends {
    local: u32,
    remote: u32,
    local_port: u16,
    remote_port: u16,
}

/// What a row is, in a byte each.
#[derive(Clone, Copy, Debug)]
struct Kind {
    protocol: Protocol,
    family: Family,
    state: Option<TcpState>,
    keeper: Keeper,
    mark: Mark,
    dual_stack: bool,
    already_open: bool,
    /// Its queues are known.
    queued: bool,
}

/// What most rows have not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Rarity {
    pub(super) interface: u32,
    pub(super) time_wait_until: Option<UnixMillis>,
}

/// The numbers that a socket's parts have in the table's pools.
#[derive(Clone, Copy)]
pub(super) struct Numbers {
    pub(super) local: u32,
    pub(super) remote: u32,
    pub(super) crew: u32,
    pub(super) user: u32,
}

/// What a row has beyond its socket.
#[derive(Clone, Copy)]
pub(super) struct Life {
    pub(super) id: SocketId,
    pub(super) first_seen: UnixMillis,
    pub(super) already_open: bool,
    pub(super) mark: Mark,
}

/// What of a row is not in its [`Glance`].
pub(super) struct Rest {
    pub(super) key: SocketKey,
    pub(super) dual_stack: bool,
    pub(super) already_open: bool,
    pub(super) mark: Mark,
    pub(super) queues: Option<Queues>,
    pub(super) rarity: Rarity,
}

impl Columns {
    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    /// Makes room for so many rows in all, and gives back what is far more.
    pub(super) fn fit(&mut self, rows: usize) {
        fit(&mut self.ids, rows);
        fit(&mut self.first_seen, rows);
        fit(&mut self.ends, rows);
        fit(&mut self.kinds, rows);
        fit(&mut self.crews, rows);
        fit(&mut self.users, rows);
        fit(&mut self.cookies, rows);
        fit(&mut self.queues, rows);
    }

    pub(super) fn push(&mut self, life: Life, socket: &Socket, numbers: Numbers) {
        self.ids.push(life.id);
        self.first_seen.push(life.first_seen);
        self.ends.push(Ends::new(socket, numbers));
        self.kinds.push(Kind::new(socket, life));
        self.crews.push(numbers.crew);
        self.users.push(numbers.user);
        let cookie = self.cookie(life.id, socket.key);
        self.cookies.push(cookie);
        self.queues.push(socket.queues.unwrap_or_default());
        self.set_rarity(life.id, Rarity::of(socket));
    }

    /// Puts another state of a socket into its row.
    pub(super) fn put(&mut self, place: usize, mark: Mark, socket: &Socket, numbers: Numbers) {
        let Kind { already_open, .. } = self.kinds[place];
        let life = Life { id: self.ids[place], first_seen: self.first_seen[place], already_open, mark };
        self.ends[place] = Ends::new(socket, numbers);
        self.kinds[place] = Kind::new(socket, life);
        self.crews[place] = numbers.crew;
        self.users[place] = numbers.user;
        self.cookies[place] = self.cookie(life.id, socket.key);
        self.set_waiting(place, socket.queues, Rarity::of(socket));
    }

    pub(super) fn set_waiting(&mut self, place: usize, queues: Option<Queues>, rarity: Rarity) {
        self.kinds[place].queued = queues.is_some();
        self.queues[place] = queues.unwrap_or_default();
        self.set_rarity(self.ids[place], rarity);
    }

    pub(super) fn set_mark(&mut self, place: usize, mark: Mark) {
        self.kinds[place].mark = mark;
    }

    /// Removes a row; the last one takes its place.
    pub(super) fn swap_remove(&mut self, place: usize) {
        let id = self.ids.swap_remove(place);
        self.first_seen.swap_remove(place);
        self.ends.swap_remove(place);
        self.kinds.swap_remove(place);
        self.crews.swap_remove(place);
        self.users.swap_remove(place);
        self.cookies.swap_remove(place);
        self.queues.swap_remove(place);
        self.tuples.remove(&id);
        self.rarities.remove(&id);
    }

    pub(super) fn id(&self, place: usize) -> SocketId {
        self.ids[place]
    }

    pub(super) fn mark(&self, place: usize) -> Mark {
        self.kinds[place].mark
    }

    pub(super) fn queues(&self, place: usize) -> Option<Queues> {
        self.kinds[place].queued.then(|| self.queues[place])
    }

    pub(super) fn key(&self, place: usize) -> SocketKey {
        let cookie = self.cookies[place];
        // No cookie is 0, and if one were it would be found here as what it is.
        let tuple = (cookie == 0).then(|| self.tuples.get(&self.ids[place])).flatten();
        tuple.copied().unwrap_or(SocketKey::Cookie(cookie))
    }

    pub(super) fn has_key(&self, place: usize, key: &SocketKey) -> bool {
        match key {
            SocketKey::Cookie(cookie) if *cookie != 0 => self.cookies[place] == *cookie,
            key => self.key(place) == *key,
        }
    }

    pub(super) fn rest(&self, place: usize) -> Rest {
        let Kind { mark, dual_stack, already_open, .. } = self.kinds[place];
        let rarity = self.rarities.get(&self.ids[place]).copied().unwrap_or_default();
        Rest { key: self.key(place), dual_stack, already_open, mark, queues: self.queues(place), rarity }
    }

    #[inline]
    pub(super) fn glance(&self, place: usize) -> Glance {
        glance(
            self.ids[place],
            self.first_seen[place],
            self.ends[place],
            self.kinds[place],
            self.crews[place],
            self.users[place],
        )
    }

    /// Every row in the order of places.
    #[inline]
    pub(super) fn glances(&self) -> impl ExactSizeIterator<Item = Glance> {
        let rows = self.ids.iter().zip(&self.first_seen).zip(&self.ends).zip(&self.kinds);
        rows.zip(&self.crews)
            .zip(&self.users)
            .map(|(((((&id, &seen), &ends), &kind), &crew), &user)| glance(id, seen, ends, kind, crew, user))
    }

    /// The places of open rows with this local port, oldest first.
    pub(super) fn at_local_port(&self, port: u16) -> Vec<u32> {
        self.places(self.ends.iter().map(|ends| ends.local_port == port))
    }

    /// The places of open rows with this remote port, oldest first.
    pub(super) fn at_remote_port(&self, port: u16) -> Vec<u32> {
        self.places(self.ends.iter().map(|ends| ends.remote_port == port && ends.remote != NOTHING))
    }

    /// The places of open rows that processes of one of these crews hold now, oldest first.
    pub(super) fn held_by(&self, crews: &[u32]) -> Vec<u32> {
        let held = self.kinds.iter().map(|kind| kind.keeper == Keeper::Processes);
        self.places(self.crews.iter().zip(held).map(|(crew, held)| crews.contains(crew) && held))
    }

    /// The open rows among those at which `fits` is true. A walk over one column takes some ten microseconds at 100 000
    /// rows, which is asked a few times a second; an index would be kept up at every change.
    fn places(&self, fits: impl Iterator<Item = bool>) -> Vec<u32> {
        let fitting = (0..).zip(fits).filter(|&(_, fits)| fits).map(|(place, _)| place);
        let mut places: Vec<u32> = fitting.filter(|&place| self.kinds[place as usize].mark != Mark::Closed).collect();
        places.sort_unstable_by_key(|&place| self.ids[place as usize]);
        places
    }

    fn cookie(&mut self, id: SocketId, key: SocketKey) -> u64 {
        match key {
            SocketKey::Cookie(cookie) => {
                if !self.tuples.is_empty() {
                    self.tuples.remove(&id);
                }
                cookie
            }
            SocketKey::Tuple { .. } => {
                self.tuples.insert(id, key);
                0
            }
        }
    }

    fn set_rarity(&mut self, id: SocketId, rarity: Rarity) {
        if rarity != Rarity::default() {
            self.rarities.insert(id, rarity);
        } else if !self.rarities.is_empty() {
            self.rarities.remove(&id);
        }
    }
}

/// A vector that grows by itself doubles, which is too much at 200 000 rows.
fn fit<T>(column: &mut Vec<T>, rows: usize) {
    let roomy = rows + rows / 8;
    if column.capacity() < rows {
        column.reserve_exact(roomy - column.len());
    } else if column.capacity() / 4 > roomy.max(1_024) {
        column.shrink_to(roomy);
    }
}

#[inline]
fn glance(id: SocketId, first_seen: UnixMillis, ends: Ends, kind: Kind, crew: u32, user: u32) -> Glance {
    let Ends { local, remote, local_port, remote_port } = ends;
    let Kind { protocol, family, state, keeper, mark, .. } = kind;
    let closed = mark == Mark::Closed;
    Glance {
        id,
        first_seen,
        local,
        remote,
        crew,
        user,
        local_port,
        remote_port,
        protocol,
        family,
        state,
        keeper,
        closed,
    }
}

impl Ends {
    fn new(socket: &Socket, numbers: Numbers) -> Self {
        let Numbers { local, remote, .. } = numbers;
        let remote_port = socket.remote.map_or(0, |end| end.port);
        Self { local, remote, local_port: socket.local.port, remote_port }
    }
}

impl Kind {
    fn new(socket: &Socket, life: Life) -> Self {
        Self {
            protocol: socket.protocol,
            family: socket.family,
            state: socket.state,
            keeper: match socket.owner {
                Owner::Processes(_) => Keeper::Processes,
                Owner::Kernel(_) => Keeper::Kernel,
                Owner::Unknown(gap) => Keeper::Unknown(gap),
            },
            mark: life.mark,
            dual_stack: socket.dual_stack,
            already_open: life.already_open,
            queued: socket.queues.is_some(),
        }
    }
}

impl Rarity {
    pub(super) fn of(socket: &Socket) -> Self {
        Self { interface: socket.interface, time_wait_until: socket.time_wait_until }
    }
}
