//! Moments and spans in words.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use quaymaster_core::UnixMillis;
use quaymaster_engine::wire::Millis;
use quaymaster_engine::words::Words;

/// A moment by the clock on this computer's wall, with its date: `2026-11-22 19:04:34`.
pub(crate) fn date_and_time(moment: Millis) -> String {
    local(moment, "%Y-%m-%d %H:%M:%S")
}

/// A moment of these minutes: `19:04:34`.
pub(crate) fn time(moment: Millis) -> String {
    local(moment, "%H:%M:%S")
}

fn local(moment: Millis, format: &str) -> String {
    // Only a clock that is off by thousands of years has no such date.
    let timestamp = i64::try_from(moment.0).ok().and_then(|millis| Timestamp::from_millisecond(millis).ok());
    timestamp.unwrap_or_default().to_zoned(TimeZone::system()).strftime(format).to_string()
}

/// How long it is from `moment` to `now`, in the two largest units that say something.
pub(crate) fn span(words: &Words, moment: Millis, now: UnixMillis) -> String {
    let seconds = now.since(UnixMillis(moment.0)) / 1000;
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    match (days, hours, minutes) {
        (0, 0, 0) => words.say("quay-span-seconds", &[("seconds", seconds.into())]),
        (0, 0, _) => words.say("quay-span-minutes", &[("minutes", minutes.into())]),
        (0, _, _) => words.say("quay-span-hours", &[("hours", hours.into()), ("minutes", (minutes % 60).into())]),
        _ => words.say("quay-span-days", &[("days", days.into()), ("hours", (hours % 24).into())]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_said_in_two_units() {
        let words = Words::of("en");
        for (seconds, said) in [
            (0, "0 s"),
            (59, "59 s"),
            (61, "1 min"),
            (7_800, "2 h 10 min"),
            (90_000, "1 d 1 h"),
            (86_400 * 400, "400 d 0 h"),
        ] {
            assert_eq!(span(&words, Millis(5), UnixMillis(5 + seconds * 1000)), said);
        }
        // The clock was set back.
        assert_eq!(span(&words, Millis(9_000), UnixMillis(5)), "0 s");
    }
}
