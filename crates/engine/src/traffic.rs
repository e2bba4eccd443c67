//! How fast bytes go through connections: the system's counters, read only for whoever is looked at, and compared with the
//! reading before. Knows nothing of rows or of the page.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use quaymaster_core::query::{Line, Selection};
use quaymaster_core::{Counters, SocketId, SocketKey};
use quaymaster_probe::SocketSource;

use crate::wire::{Column, Sort, Traffic};

/// Two readings that are closer than this say little about speed: the last figure stands.
const CLOSEST: Duration = Duration::from_millis(400);
/// A connection that nobody has asked for in so long is forgotten.
const MEMORY: Duration = Duration::from_secs(30);

/// The last reading of every connection that is looked at.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    readings: HashMap<SocketKey, Reading>,
}

#[derive(Clone, Copy, Debug)]
struct Reading {
    counters: Counters,
    /// When they were read, and the look that it belongs to.
    at: Instant,
    look: u64,
    /// Bytes a second, sent and received.
    speeds: Option<(u64, u64)>,
}

impl Meter {
    /// Reads the counters of these connections, unless they have been read in this look.
    pub(crate) fn read(&mut self, source: &mut dyn SocketSource, keys: impl Iterator<Item = SocketKey>, look: u64) {
        let unread = |key: &SocketKey| self.readings.get(key).is_none_or(|reading| reading.look != look);
        let keys: Vec<SocketKey> = keys.filter(unread).collect();
        if keys.is_empty() {
            return;
        }
        let now = Instant::now();
        for (key, counters) in keys.iter().zip(source.counters(&keys)) {
            match counters {
                Ok(counters) => self.note(*key, counters, now, look),
                Err(_) => drop(self.readings.remove(key)),
            }
        }
    }

    /// Forgets what nobody has asked for in so long, and gives the room back: once rows were ordered by speed, there is a reading of
    /// every connection. To be called at every look.
    pub(crate) fn forget(&mut self, now: Instant) {
        self.readings.retain(|_, reading| now.duration_since(reading.at) < MEMORY);
        if self.readings.len() < self.readings.capacity() / 4 {
            self.readings.shrink_to(self.readings.len() * 2);
        }
    }

    /// What is known of a connection.
    pub(crate) fn of(&self, key: SocketKey) -> Option<Traffic> {
        let Reading { counters, speeds, .. } = self.readings.get(&key)?;
        Some(Traffic {
            sent: counters.sent,
            received: counters.received,
            sending: speeds.map(|(sent, _)| sent),
            receiving: speeds.map(|(_, received)| received),
            round_trip_us: counters.round_trip,
            retransmitted: counters.retransmitted,
        })
    }

    fn note(&mut self, key: SocketKey, counters: Counters, at: Instant, look: u64) {
        let before = self.readings.get(&key).copied();
        let (at, counters, speeds) = match before {
            None => (at, counters, None),
            Some(before) if at.duration_since(before.at) < CLOSEST => (before.at, before.counters, before.speeds),
            Some(before) => {
                let span = at.duration_since(before.at);
                let sent = speed(before.counters.sent, counters.sent, span);
                let received = speed(before.counters.received, counters.received, span);
                (at, counters, Some((sent, received)))
            }
        };
        self.readings.insert(key, Reading { counters, at, look, speeds });
    }
}

/// Rows by how fast bytes go through them, where that is what they are to be ordered by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Speeds {
    speeds: HashMap<SocketId, u64>,
    descending: bool,
}

impl Speeds {
    /// Whether rows are to be ordered by speed.
    pub(crate) fn wanted(sort: Sort) -> bool {
        matches!(sort.column, Column::Receiving | Column::Sending)
    }

    pub(crate) fn new(sort: Sort, rows: impl Iterator<Item = (SocketId, Traffic)>) -> Self {
        let speed = |traffic: Traffic| {
            if sort.column == Column::Sending { traffic.sending } else { traffic.receiving }
        };
        let speeds = rows.filter_map(|(id, traffic)| Some((id, speed(traffic)?))).collect();
        Self { speeds, descending: sort.descending }
    }

    /// Puts the rows in order, those of each group among themselves. Equal ones stay as they are.
    pub(crate) fn order(&self, selection: &mut Selection) {
        let of = |line: &Line| match line {
            Line::Socket(id) => self.speeds.get(id).copied(),
            Line::Group(_) => None,
        };
        for rows in selection.lines.chunk_by_mut(|_, next| matches!(next, Line::Socket(_))) {
            let rows = match rows {
                [Line::Group(_), rows @ ..] => rows,
                rows => rows,
            };
            rows.sort_by(|a, b| if self.descending { of(b).cmp(&of(a)) } else { of(a).cmp(&of(b)) });
        }
    }
}

/// Bytes a second. Counters only grow; one that fell was another's.
fn speed(before: u64, after: u64, span: Duration) -> u64 {
    let bytes = u128::from(after.saturating_sub(before));
    u64::try_from(bytes * 1_000_000 / span.as_micros().max(1)).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: SocketKey = SocketKey::Cookie(1);

    fn noted(meter: &mut Meter, sent: u64, at: Instant, look: u64) -> (u64, Option<u64>) {
        meter.note(KEY, Counters { sent, ..Counters::default() }, at, look);
        meter.of(KEY).map_or((0, None), |traffic| (traffic.sent, traffic.sending))
    }

    #[test]
    fn the_fastest_come_first_and_the_unknown_last() {
        let traffic = |sending| Traffic {
            sent: 0,
            received: 0,
            sending: Some(sending),
            receiving: None,
            round_trip_us: None,
            retransmitted: 0,
        };
        let sort = Sort { column: Column::Sending, descending: true };
        let speeds = Speeds::new(sort, [(SocketId(2), traffic(5)), (SocketId(4), traffic(9))].into_iter());
        let mut selection =
            Selection { lines: (1..=5).map(|id| Line::Socket(SocketId(id))).collect(), ..Selection::default() };
        speeds.order(&mut selection);
        let order: Vec<u64> =
            selection.lines.iter().map(|line| if let Line::Socket(id) = line { id.0 } else { 0 }).collect();
        assert_eq!(order, [4, 2, 1, 3, 5]);
    }

    #[test]
    fn what_nobody_asks_for_is_forgotten() {
        let (mut meter, start) = (Meter::default(), Instant::now());
        for number in 0..1_000 {
            meter.note(SocketKey::Cookie(number), Counters::default(), start, 1);
        }
        let roomy = meter.readings.capacity();
        meter.note(KEY, Counters::default(), start + MEMORY, 2);
        meter.forget(start + MEMORY);
        assert_eq!(meter.readings.keys().copied().collect::<Vec<_>>(), [KEY]);
        assert!(meter.readings.capacity() < roomy / 4);
    }

    #[test]
    fn speed_is_the_difference_of_two_readings() {
        let (mut meter, start) = (Meter::default(), Instant::now());
        let after = |millis| start + Duration::from_millis(millis);
        assert_eq!(noted(&mut meter, 1_000, start, 1), (1_000, None), "one reading says nothing");
        assert_eq!(noted(&mut meter, 1_300, after(100), 2), (1_000, None), "too soon");
        assert_eq!(noted(&mut meter, 3_000, after(500), 3), (3_000, Some(4_000)));
        assert_eq!(noted(&mut meter, 3_000, after(1_500), 4), (3_000, Some(0)));
        assert_eq!(noted(&mut meter, 10, after(2_500), 5), (10, Some(0)), "never less than nothing");
    }
}
