//! When news is told: soon, together, seldom, and not at night.

use std::time::Duration;

/// A part of every day in which nothing is told, in minutes after local midnight; over midnight where `until` is smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuietHours {
    /// The first minute.
    pub from: u16,
    /// The first minute after it.
    pub until: u16,
}

impl QuietHours {
    /// Whether `minute` is in it. Two equal ends are no time at all.
    #[must_use]
    pub fn contain(self, minute: u16) -> bool {
        if self.from <= self.until {
            (self.from..self.until).contains(&minute)
        } else {
            minute >= self.from || minute < self.until
        }
    }
}

/// Gathers news and hands it out in as few pieces as is kind. Its time is what has passed since any one moment: a clock that is
/// set must not silence it.
#[derive(Debug)]
pub struct Herald<T> {
    gathered: Vec<T>,
    /// When the first and the last of them came.
    span: Option<(Duration, Duration)>,
    told_at: Option<Duration>,
}

impl<T> Default for Herald<T> {
    fn default() -> Self {
        Self { gathered: Vec::new(), span: None, told_at: None }
    }
}

impl<T> Herald<T> {
    /// What comes within this time of the last is told with it: a server's IPv4 and IPv6 socket, a stack of containers.
    pub const GATHER: Duration = Duration::from_millis(350);
    /// Nothing waits longer than this for what may still come.
    pub const PATIENCE: Duration = Duration::from_secs(3);
    /// The shortest time between two tellings.
    pub const PAUSE: Duration = Duration::from_secs(10);

    /// Something is news.
    pub fn gather(&mut self, news: T, now: Duration) {
        self.gathered.push(news);
        self.span = Some(self.span.map_or((now, now), |(first, _)| (first, now)));
    }

    /// When what is gathered is to be told, quiet hours aside; `None`: there is nothing.
    #[must_use]
    pub fn due(&self) -> Option<Duration> {
        let (first, last) = self.span?;
        let gathered = (last + Self::GATHER).min(first + Self::PATIENCE);
        let rested = self.told_at.map_or(gathered, |told| told + Self::PAUSE);
        Some(gathered.max(rested))
    }

    /// What is to be told now; empty: nothing. `is_quiet`: the person wants to hear nothing at this hour.
    pub fn tell(&mut self, now: Duration, is_quiet: bool) -> Vec<T> {
        if is_quiet || self.due().is_none_or(|due| now < due) {
            return Vec::new();
        }
        self.span = None;
        self.told_at = Some(now);
        std::mem::take(&mut self.gathered)
    }

    /// Forgets what is no news any more.
    pub fn retain(&mut self, is_news: impl FnMut(&T) -> bool) {
        self.gathered.retain(is_news);
        if self.gathered.is_empty() {
            self.span = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn one_is_told_soon_and_what_comes_with_it_is_told_with_it() {
        let mut herald = Herald::default();
        assert_eq!(herald.due(), None);
        herald.gather('a', at(0));
        assert_eq!((herald.due(), herald.tell(at(349), false)), (Some(at(350)), vec![]));
        herald.gather('b', at(349));
        assert_eq!(herald.tell(at(699), false), ['a', 'b']);
        assert_eq!((herald.due(), herald.tell(at(20_000), false)), (None, vec![]));
    }

    #[test]
    fn a_stream_is_told_after_three_seconds_and_then_every_ten() {
        let mut herald = Herald::default();
        let mut told = Vec::new();
        for ms in (0..30_000).step_by(50) {
            herald.gather(ms, at(ms));
            let news = herald.tell(at(ms), false);
            if !news.is_empty() {
                told.push((ms, news.len()));
            }
        }
        assert_eq!(told, [(3_000, 61), (13_000, 200), (23_000, 200)]);
    }

    #[test]
    fn at_quiet_hours_it_waits_and_then_tells_all_at_once() {
        let mut herald = Herald::default();
        herald.gather(1, at(0));
        herald.gather(2, at(60_000));
        assert_eq!(herald.tell(at(120_000), true), []);
        assert_eq!(herald.tell(at(180_000), false), [1, 2]);
    }

    #[test]
    fn quiet_hours_go_over_midnight() {
        let night = QuietHours { from: 22 * 60, until: 7 * 60 };
        let noon = QuietHours { from: 12 * 60, until: 13 * 60 };
        for (hours, minute, quiet) in [
            (night, 21 * 60 + 59, false),
            (night, 22 * 60, true),
            (night, 0, true),
            (night, 7 * 60 - 1, true),
            (night, 7 * 60, false),
            (noon, 12 * 60, true),
            (noon, 13 * 60, false),
            (QuietHours { from: 60, until: 60 }, 60, false),
        ] {
            assert_eq!(hours.contain(minute), quiet, "{hours:?} at {minute}");
        }
    }
}
