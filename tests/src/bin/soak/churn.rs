//! What the crowd is told to do all the time: very many small orders, as many as make so many changes a second.

use std::io;
use std::thread::sleep;
use std::time::{Duration, Instant};

use quaymaster_tests::crowd::Crowd;

pub(crate) const PROCESSES: usize = 50;
pub(crate) const FILES: usize = 5;

/// A process ends this often, and another takes its place.
const RESPAWN: Duration = Duration::from_secs(5);
/// How long is waited where nothing is due.
const BREATH: Duration = Duration::from_millis(10);

/// What was done in all.
#[derive(Debug, Default)]
pub(crate) struct Churned {
    /// Sockets that were closed or opened, those of processes that ended not counted.
    pub(crate) changes: u64,
    pub(crate) respawned: u64,
    pub(crate) took: Duration,
}

/// Keeps the crowd moving for so long.
pub(crate) fn churn(crowd: &mut Crowd, span: Duration, changes_a_second: u32) -> io::Result<Churned> {
    let began = Instant::now();
    let mut done = Churned::default();
    let mut respawn = RESPAWN;
    let mut orders = 0;
    while began.elapsed() < span {
        let due = began.elapsed().as_secs_f64() * f64::from(changes_a_second);
        if due < changes(&done) {
            sleep(BREATH);
            continue;
        }
        // The crowd deals a small order out to few of its processes, to which ones depends on its size: this way each has its turn.
        orders += 1;
        let sockets = orders * 7 % PROCESSES + 1;
        let renewed: u64 = crowd.ask(&format!("churn {sockets}"))?.parse().map_err(io::Error::other)?;
        // One closed and one opened.
        done.changes += 2 * renewed;
        if began.elapsed() > respawn {
            crowd.ask("respawn 1")?;
            done.respawned += 1;
            respawn += RESPAWN;
        }
    }
    done.took = began.elapsed();
    Ok(done)
}

fn changes(done: &Churned) -> f64 {
    f64::from(u32::try_from(done.changes).unwrap_or(u32::MAX))
}

impl Churned {
    pub(crate) fn a_second(&self) -> f64 {
        changes(self) / self.took.as_secs_f64()
    }
}
