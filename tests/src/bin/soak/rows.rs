//! Rows as the engine and the system name them both, and where the two differ.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::time::{Duration, Instant};

use quaymaster_tests::follower::Follower;

use super::truth::Truth;

/// Protocol, both ends and state; of all rows that are equal so who holds each, in order: `PID@START,…`, `kernel`, or nobody known.
pub(crate) type Rows = BTreeMap<String, Vec<String>>;

/// How long the sockets may take to come to rest: what lingers in the kernel goes within a minute.
const PATIENCE: Duration = Duration::from_secs(150);
/// Examples that are printed.
const EXAMPLES: usize = 20;

pub(crate) fn place(protocol: &str, local: (&str, u16), remote: Option<(&str, u16)>, state: Option<&str>) -> String {
    // `/proc/net` tells no zones.
    let bare = |address: &str| address.split('%').next().map(str::to_owned).unwrap_or_default();
    let remote = remote.map(|(address, port)| format!(" {} {port}", bare(address))).unwrap_or_default();
    format!("{protocol} {} {}{remote} {}", bare(local.0), local.1, state.unwrap_or_default())
}

/// Where the engine differs from the system.
#[derive(Debug, Default)]
pub(crate) struct Differences {
    pub(crate) compared: usize,
    /// The engine lacks them.
    pub(crate) lost: Vec<String>,
    /// The engine alone has them.
    pub(crate) ghosts: Vec<String>,
    pub(crate) wrong_owners: Vec<String>,
}

/// One look of the engine, compared with what the system says of the very same moment; only of rows that children of `chief` hold, if
/// somebody else may move too.
pub(crate) fn at_rest(engine: &mut Follower, chief: Option<u32>) -> io::Result<Differences> {
    let until = Instant::now() + PATIENCE;
    while Instant::now() < until {
        let before = Truth::ask(chief)?;
        let told = told(engine)?;
        let after = Truth::ask(chief)?;
        if before.rows == after.rows {
            return Ok(Differences::between(&after, told));
        }
    }
    Err(io::Error::other("the sockets never came to rest"))
}

fn told(engine: &mut Follower) -> io::Result<Rows> {
    let count: usize = engine.ask("rows")?.parse().map_err(io::Error::other)?;
    let mut rows = Rows::new();
    for _ in 0..count {
        let line = engine.hear()?;
        let (place, holders) = line.split_once('\t').ok_or_else(|| io::Error::other(format!("a row said {line:?}")))?;
        rows.entry(place.to_owned()).or_default().push(holders.to_owned());
    }
    rows.values_mut().for_each(|all| all.sort_unstable());
    Ok(rows)
}

impl Differences {
    fn between(truth: &Truth, mut told: Rows) -> Self {
        told.retain(|place, all| truth.rows.contains_key(place) || all.iter().any(|holders| truth.concerns(holders)));
        let mut differences = Self { compared: truth.rows.values().map(Vec::len).sum(), ..Self::default() };
        let places: BTreeSet<&String> = truth.rows.keys().chain(told.keys()).collect();
        for place in places {
            let of = |rows: &Rows| rows.get(place).cloned().unwrap_or_default();
            differences.note(place, &of(&truth.rows), &of(&told));
        }
        differences
    }

    fn note(&mut self, place: &str, truth: &[String], told: &[String]) {
        let (mut missing, mut spare) = (truth.to_vec(), Vec::new());
        for holders in told {
            match missing.iter().position(|other| other == holders) {
                Some(at) => drop(missing.remove(at)),
                None => spare.push(holders),
            }
        }
        // What has no equal is the same row with another owner, as far as there are as many.
        for pair in missing.iter().zip(&spare) {
            self.wrong_owners.push(format!("{place}: held by {:?}, told {:?}", pair.0, pair.1));
        }
        let both = missing.len().min(spare.len());
        self.lost.extend(missing[both..].iter().map(|holders| format!("{place}: held by {holders:?}")));
        self.ghosts.extend(spare[both..].iter().map(|holders| format!("{place}: told {holders:?}")));
    }

    /// Examples of each, for whoever looks for the reason.
    pub(crate) fn print(&self) {
        for (kind, all) in [("lost", &self.lost), ("ghost", &self.ghosts), ("wrong owner", &self.wrong_owners)] {
            all.iter().take(EXAMPLES).for_each(|example| eprintln!("{kind}: {example}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lost_rows_ghosts_and_wrong_owners_are_told_apart() {
        for (truth, told, expected) in [
            (&["1@1", "2@1"][..], &["2@1", "1@1"][..], [0, 0, 0]),
            (&["1@1"], &[], [1, 0, 0]),
            (&["1@1", "1@1"], &["1@1"], [1, 0, 0]),
            (&[], &["kernel"], [0, 1, 0]),
            (&["1@1"], &["1@1", "2@1"], [0, 1, 0]),
            (&["1@1"], &["2@1"], [0, 0, 1]),
            (&["1@1", "2@1"], &["2@1", ""], [0, 0, 1]),
            (&["1@1"], &["2@1", "3@1"], [0, 1, 1]),
        ] {
            let texts = |all: &[&str]| all.iter().map(|&holders| holders.to_owned()).collect::<Vec<_>>();
            let mut differences = Differences::default();
            differences.note("tcp 127.0.0.1 80 LISTEN", &texts(truth), &texts(told));
            let Differences { lost, ghosts, wrong_owners, .. } = differences;
            assert_eq!([lost, ghosts, wrong_owners].map(|all| all.len()), expected, "{truth:?} {told:?}");
        }
    }
}
