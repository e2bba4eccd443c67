//! What this process takes of the machine.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// Megabytes of this process that are in no file.
#[must_use]
pub fn anonymous() -> f64 {
    let maps = std::fs::read_to_string("/proc/self/smaps_rollup").unwrap_or_default();
    let line = maps.lines().find_map(|line| line.strip_prefix("Anonymous:"));
    let kilobytes = line.and_then(|line| line.trim().split(' ').next()?.parse::<f64>().ok());
    kilobytes.map_or(f64::NAN, |kilobytes| kilobytes / 1_000.0)
}

/// Milliseconds of processor time of this process, all its threads together.
#[must_use]
pub fn processor() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    let nanos = (time.tv_sec * 1_000_000_000 + time.tv_nsec).unsigned_abs();
    Duration::from_nanos(nanos).as_secs_f64() * 1_000.0
}
