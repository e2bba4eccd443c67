//! Time that work took, by the clock on the wall and by the processor's.

use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};
use quaymaster_tests::footprint::processor;
use rustix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};

/// What one piece of work cost, in milliseconds.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cost {
    pub(crate) cpu: f64,
    pub(crate) wall: f64,
}

/// Work in this very process.
pub(crate) fn own(work: impl FnOnce()) -> Cost {
    let (wall, cpu) = (Instant::now(), processor());
    work();
    Cost { cpu: processor() - cpu, wall: millis(wall.elapsed()) }
}

/// Work of children that have ended when it is done.
pub(crate) fn children(work: impl FnOnce()) -> Cost {
    let (wall, cpu) = (Instant::now(), of_children());
    work();
    Cost { cpu: of_children() - cpu, wall: millis(wall.elapsed()) }
}

/// The one in the middle; of an even number the greater one.
pub(crate) fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Medians as JSON; null where nothing was measured.
pub(crate) fn medians(costs: &[Cost]) -> Value {
    if costs.is_empty() {
        return Value::Null;
    }
    let of = |part: fn(&Cost) -> f64| median(costs.iter().map(part).collect());
    json!({ "cpu": of(|cost| cost.cpu), "wall": of(|cost| cost.wall) })
}

pub(crate) fn millis(span: Duration) -> f64 {
    span.as_secs_f64() * 1_000.0
}

/// Nanoseconds of `CLOCK_MONOTONIC`.
pub(crate) fn now() -> i64 {
    let now = clock_gettime(ClockId::Monotonic);
    now.tv_sec * 1_000_000_000 + now.tv_nsec
}

fn of_children() -> f64 {
    let micros = getrusage(UsageWho::RUSAGE_CHILDREN).map_or(0, |usage| {
        let spans = [usage.user_time(), usage.system_time()];
        spans.iter().map(|span| span.tv_sec() * 1_000_000 + span.tv_usec()).sum()
    });
    millis(Duration::from_micros(micros.unsigned_abs()))
}
