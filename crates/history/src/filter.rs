//! A filter over the history, with its words of time made moments: by the clock, and where the person lives.

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use quaymaster_core::UnixMillis;
use quaymaster_core::query::FilterError;
use quaymaster_core::query::past::{Atom, Moment, PastFilter, When};

use crate::row::{OPEN, signed};

/// Which events are wanted.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryFilter {
    pub(crate) past: PastFilter,
    now: UnixMillis,
    zone: TimeZone,
}

/// From a millisecond up to another (not included).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub(crate) from: i64,
    pub(crate) to: i64,
}

impl Stretch {
    pub(crate) const ALWAYS: Self = Self { from: i64::MIN, to: OPEN };
    pub(crate) const NEVER: Self = Self { from: OPEN, to: i64::MIN };

    /// The shortest one that has both in it.
    fn with(self, other: Self) -> Self {
        Self { from: self.from.min(other.from), to: self.to.max(other.to) }
    }

    /// What both have.
    fn within(self, other: Self) -> Self {
        Self { from: self.from.max(other.from), to: self.to.min(other.to) }
    }
}

impl Default for HistoryFilter {
    fn default() -> Self {
        Self { past: PastFilter::default(), now: UnixMillis(0), zone: TimeZone::UTC }
    }
}

impl HistoryFilter {
    /// Parses a filter as it is typed; `docs/filter.md` is the language for people. Days are those of the computer's time zone.
    pub fn parse(text: &str, now: UnixMillis) -> Result<Self, FilterError> {
        Self::parse_in(text, now, TimeZone::system())
    }

    /// Parses a filter whose days are those of `zone`.
    pub fn parse_in(text: &str, now: UnixMillis, zone: TimeZone) -> Result<Self, FilterError> {
        PastFilter::parse(text).map(|past| Self { past, now, zone })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.past.clauses().next().is_none()
    }

    /// What a stretch means.
    pub(crate) fn stretch(&self, when: When) -> Stretch {
        Stretch {
            from: when.from.map_or(i64::MIN, |moment| self.begins(moment)),
            to: when.to.map_or(OPEN, |moment| self.ends(moment)),
        }
    }

    fn begins(&self, moment: Moment) -> i64 {
        match moment {
            Moment::Ago(millis) => signed(self.now.0.saturating_sub(millis)),
            day => self.day(day).map_or(i64::MIN, |day| self.midnight(day)),
        }
    }

    fn ends(&self, moment: Moment) -> i64 {
        match moment {
            // The moment itself belongs to it.
            Moment::Ago(millis) => signed(self.now.0.saturating_sub(millis)) + 1,
            day => self.day(day).and_then(|day| day.tomorrow().ok()).map_or(OPEN, |next| self.midnight(next)),
        }
    }

    fn day(&self, moment: Moment) -> Option<Date> {
        match moment {
            Moment::Day { year, month, day } => Some(date(year, month, day)),
            Moment::DaysBack(days) => {
                let now = Timestamp::from_millisecond(signed(self.now.0)).ok()?;
                now.to_zoned(self.zone.clone()).date().checked_sub(i64::from(days).days()).ok()
            }
            Moment::Ago(_) => None,
        }
    }

    /// The first moment of a day: midnight, or later where the clock is put forward over it.
    fn midnight(&self, day: Date) -> i64 {
        day.to_zoned(self.zone.clone()).map_or(OPEN, |midnight| midnight.timestamp().as_millisecond())
    }

    /// Nothing that fits was there outside of this.
    pub(crate) fn bounds(&self) -> Stretch {
        let stretches = self.past.clauses().filter(|clause| !clause.denied).filter_map(|clause| {
            clause.any.iter().try_fold(Stretch::NEVER, |all, atom| match atom {
                Atom::When(when) => Some(all.with(self.stretch(*when))),
                _ => None,
            })
        });
        stretches.fold(Stretch::ALWAYS, Stretch::within)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> i64 {
        text.parse::<Timestamp>().expect("a time").as_millisecond()
    }

    #[test]
    fn days_are_those_of_the_person() {
        let now = UnixMillis(at("2026-03-29T21:30:00Z").unsigned_abs());
        let bounds = |text, zone| {
            let zone = TimeZone::get(zone).expect("a zone");
            let Stretch { from, to } = HistoryFilter::parse_in(text, now, zone).expect("a filter").bounds();
            (from, to)
        };
        // The day on which Berlin has 23 hours.
        let short = (at("2026-03-28T23:00:00Z"), at("2026-03-29T22:00:00Z"));
        assert_eq!(bounds("on:2026-03-29", "Europe/Berlin"), short);
        assert_eq!(bounds("on:today", "Europe/Berlin"), short);
        assert_eq!(bounds("on:today", "Asia/Shanghai"), (at("2026-03-29T16:00:00Z"), at("2026-03-30T16:00:00Z")));
        let before = at("2026-03-27T23:00:00Z");
        assert_eq!(bounds("on:yesterday", "Europe/Berlin"), (before, short.0));
        assert_eq!(bounds("since:yesterday until:today", "Europe/Berlin"), (before, short.1));
        assert_eq!(bounds("on:today|yesterday nginx", "Europe/Berlin"), (before, short.1));
        assert_eq!(bounds("since:30m", "UTC"), (at("2026-03-29T21:00:00Z"), OPEN));
        assert_eq!(bounds("until:30m", "UTC"), (i64::MIN, at("2026-03-29T21:00:00.001Z")));
        assert_eq!(bounds("!on:today", "UTC"), (i64::MIN, OPEN));
        assert_eq!(bounds("since:4294967295w", "UTC").0, 0);
        assert_eq!(bounds("until:9999-12-31", "UTC").1, OPEN);
    }
}
