//! Our own looks, in turn with everybody else's.

use std::collections::BTreeMap;
use std::io;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use quaymaster_core::{Change, Owner, OwnerGap, SocketKey, TcpState, UnixMillis};
use quaymaster_probe::SocketSource as _;
use quaymaster_probe::linux::{BareDump, Sockets};
use quaymaster_tests::crowd::Crowd;
use serde_json::{Value, json};

use super::clock::{Cost, median, medians, millis, own};
use super::peers::PEERS;

/// Looks in which the first owners are all found, for which newcomers are read again, and after which nothing is due.
const WARM: u64 = 5;
/// A second of the source's own clock.
const SECOND: u64 = 1_000;
/// Opened by its number, so that `strace` sees where quiet looks begin and end.
const MARK: &str = "/proc/self/quiet-looks";
const QUIET_LOOKS: usize = 20;

/// A source that has found everything there is.
pub(crate) struct Warm {
    source: Sockets,
    now: u64,
}

impl Warm {
    pub(crate) fn new() -> Self {
        let mut warm = Self { source: Sockets::new(), now: 1_700_000_000_000 };
        for _ in 0..WARM {
            warm.now += SECOND;
            warm.look();
        }
        warm
    }

    pub(crate) fn look(&mut self) -> Vec<Change> {
        self.source.look(UnixMillis(self.now)).changes
    }

    /// The connections' keys, so many at most.
    fn connections(&self, most: usize) -> Vec<SocketKey> {
        let connected = Sockets::new().look(UnixMillis(1)).changes.into_iter().filter_map(|change| match change {
            Change::Opened(socket) if socket.remote.is_some() && socket.state.is_some() => Some(socket.key),
            _ => None,
        });
        connected.take(most).collect()
    }
}

/// How many sockets there are in each state.
pub(crate) fn states() -> Value {
    let mut states: BTreeMap<&str, u64> = BTreeMap::new();
    for change in Sockets::new().look(UnixMillis(1)).changes {
        if let Change::Opened(socket) = change {
            *states.entry(socket.state.map_or("UDP", TcpState::name)).or_default() += 1;
        }
    }
    states
        .into_iter()
        .map(|(state, count)| (state.to_owned(), Value::from(count)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// Everybody once a round: whatever else the machine does meanwhile befalls all alike.
pub(crate) fn in_turn(sockets: usize, rounds: usize) -> Value {
    let mut costs: BTreeMap<&str, Vec<Cost>> = BTreeMap::new();
    let mut warm = Warm::new();
    let (few, all) = (warm.connections(60), warm.connections(usize::MAX));
    let mut bare = BareDump::open();
    let mut named = None;
    for round in 0..rounds {
        let mut note = |name, cost| costs.entry(name).or_default().push(cost);
        for peer in &PEERS {
            peer.measure(sockets, round).into_iter().for_each(|cost| note(peer.name, cost));
        }
        note("cold start", own(cold_start));
        // The short ones several times, next to each other.
        for _ in 0..5 {
            if let Some(bare) = &mut bare {
                note("bare dump", own(|| named = bare.rows()));
            }
            note("steady look", own(|| drop(warm.look())));
            note("listeners", own(|| drop(warm.source.listeners(UnixMillis(warm.now)))));
        }
        note("counters of 60", own(|| drop(warm.source.counters(&few))));
        note("counters of all", own(|| drop(warm.source.counters(&all))));
    }
    let mut figures: serde_json::Map<String, Value> =
        costs.into_iter().map(|(name, costs)| (name.to_owned(), medians(&costs))).collect();
    figures.insert("rows".into(), named.into());
    figures.insert("re-verifying look".into(), re_verifying(&mut warm));
    figures.into()
}

/// From nothing to every owner.
fn cold_start() {
    let mut source = Sockets::new();
    for look in 0..4 {
        let pending = |change: &Change| matches!(change, Change::Opened(socket) if socket.owner == Owner::Unknown(OwnerGap::Pending));
        if !source.look(UnixMillis(1_000 + look)).changes.iter().any(pending) {
            return;
        }
    }
}

/// The mean over a minute of the source's own clock, in which every process's turn to be read again comes.
fn re_verifying(warm: &mut Warm) -> Value {
    let cost = own(|| {
        for _ in 0..60 {
            warm.now += SECOND;
            warm.look();
        }
    });
    json!({ "cpu": cost.cpu / 60.0, "wall": cost.wall / 60.0 })
}

/// Looks between which sockets close and others open, or processes end and others begin.
pub(crate) fn churn(crowd: &mut Crowd, sockets: usize, processes: usize) -> io::Result<Value> {
    let mut warm = Warm::new();
    let mut figures = serde_json::Map::new();
    for (name, share) in [("0.1 %", 1_000), ("1 %", 100), ("10 %", 10)] {
        figures.insert(name.into(), churned(crowd, &mut warm, &format!("churn {}", (sockets / share).max(1)))?);
    }
    figures.insert("respawn 1 %".into(), churned(crowd, &mut warm, &format!("respawn {}", (processes / 100).max(1)))?);
    Ok(figures.into())
}

fn churned(crowd: &mut Crowd, warm: &mut Warm, order: &str) -> io::Result<Value> {
    let (mut quiet, mut moved, mut each, mut owner) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut opened, mut unknown) = (0, 0);
    for _ in 0..7 {
        let steady = own(|| drop(warm.look()));
        crowd.ask(order)?;
        let (mut changes, owners_before) = (Vec::new(), warm.source.time_on_owners());
        let cost = own(|| changes = warm.look());
        let on_owners = warm.source.time_on_owners() - owners_before;
        let new = changes.iter().filter(|change| matches!(change, Change::Opened(_))).count();
        unknown += changes.iter().filter(|change| is_unknown(change)).count();
        opened += new;
        quiet.push(steady.cpu);
        moved.push(cost.cpu);
        let each_new = 1_000.0 / f64::from(u32::try_from(new.max(1)).unwrap_or(u32::MAX));
        each.push((cost.cpu - steady.cpu) * each_new);
        owner.push(millis(on_owners) * each_new);
        // What a process that has just begun is read again for.
        for _ in 0..3 {
            warm.now += SECOND;
            warm.look();
        }
    }
    Ok(json!({
        "look": median(moved),
        "steady": median(quiet),
        "microseconds_each": median(each),
        "owner_microseconds_each": median(owner),
        "opened": opened / 7,
        "owner_not_found": unknown,
    }))
}

fn is_unknown(change: &Change) -> bool {
    matches!(change, Change::Opened(socket) if matches!(socket.owner, Owner::Unknown(_)))
}

/// Takes looks in which nothing moves, between two marks.
pub(crate) fn quiet() -> io::Result<()> {
    let mut warm = Warm::new();
    let mark = || drop(std::fs::File::open(MARK));
    mark();
    (0..QUIET_LOOKS).for_each(|_| drop(warm.look()));
    mark();
    Ok(())
}

/// What quiet looks ask of `/proc`, as `strace` sees it: a count of its calls a look; null where there is no strace.
pub(crate) fn proc_calls_when_quiet() -> io::Result<Value> {
    let calls = "trace=open,openat,openat2,getdents64,readlinkat,pread64,epoll_wait";
    let traced = Command::new("strace")
        .args(["-f", "-e", calls])
        .arg(std::env::current_exe()?)
        .arg("quiet")
        .stdout(Stdio::null())
        .output();
    let Ok(traced) = traced else { return Ok(Value::Null) };
    let text = String::from_utf8_lossy(&traced.stderr);
    let between = text.split(MARK).nth(1).unwrap_or_default();
    let count = |call: &str| between.lines().filter(|line| line.contains(&format!("{call}("))).count();
    let opens = count("openat") + count("open") + count("openat2") - 1;
    Ok(json!({
        "looks": QUIET_LOOKS,
        "opens": opens,
        "listings and links": count("getdents64") + count("readlinkat"),
        "readings of loadavg": count("pread64"),
    }))
}

/// Looks and nothing else, for `perf`.
pub(crate) fn look_for(seconds: usize) -> io::Result<()> {
    let mut warm = Warm::new();
    let until = Instant::now() + Duration::from_secs(u64::try_from(seconds).unwrap_or(0));
    let mut looks = 0;
    while Instant::now() < until {
        warm.look();
        looks += 1;
    }
    println!("{looks} looks");
    Ok(())
}
