//! What the notes come to.

use serde_json::{Value, json};

use super::churn::Churned;
use super::course::Note;
use super::rows::Differences;

/// Memory after the run may be this many times that after the warm-up, …
const TIMES: f64 = 1.5;
/// … and so many megabytes more. How much it grows a minute is told, not judged: in a short time that is chance.
const MORE_MB: f64 = 8.0;

pub(crate) struct Verdict<'a> {
    notes: &'a [Note],
    churned: &'a Churned,
    differences: &'a Differences,
}

pub(crate) fn of<'a>(notes: &'a [Note], churned: &'a Churned, differences: &'a Differences) -> Verdict<'a> {
    Verdict { notes, churned, differences }
}

impl Verdict<'_> {
    pub(crate) fn stands(&self) -> bool {
        let Differences { lost, ghosts, wrong_owners, .. } = self.differences;
        let is_right = [lost, ghosts, wrong_owners].iter().all(|all| all.is_empty());
        is_right && self.ends().is_some_and(|(first, last)| last.anonymous_mb <= first.anonymous_mb * TIMES + MORE_MB)
    }

    pub(crate) fn figures(&self, own_network: bool) -> Value {
        let Differences { compared, lost, ghosts, wrong_owners } = self.differences;
        let Some((first, last)) = self.ends() else { return Value::Null };
        let span = (last.at - first.at).as_secs_f64();
        let most = self.notes.iter().map(|note| note.anonymous_mb).fold(0.0, f64::max);
        let rows = || self.notes.iter().map(|note| note.rows);
        json!({
            "own_network": own_network,
            "seconds": rounded(self.churned.took.as_secs_f64()),
            "changes": self.churned.changes,
            "changes_a_second": rounded(self.churned.a_second()),
            "processes_respawned": self.churned.respawned,
            "looks": last.looks,
            "frames": last.frames,
            "longest_look_ms": rounded(last.longest_look_ms),
            "troubled_looks": last.troubled_looks,
            "cpu_percent": rounded((last.processor_ms - first.processor_ms) / 10.0 / span),
            "memory_after_warm_up_mb": rounded(first.anonymous_mb),
            "memory_at_the_end_mb": rounded(last.anonymous_mb),
            "memory_at_most_mb": rounded(most),
            "memory_slope_kb_a_minute": rounded(slope(self.notes) * 1_000.0),
            "rows_at_least": rows().min(),
            "rows_at_most": rows().max(),
            "rows_compared": compared,
            "lost_rows": lost.len(),
            "ghost_rows": ghosts.len(),
            "wrong_owners": wrong_owners.len(),
        })
    }

    fn ends(&self) -> Option<(&Note, &Note)> {
        self.notes.first().zip(self.notes.last())
    }
}

/// Megabytes a minute, by least squares.
fn slope(notes: &[Note]) -> f64 {
    let points: Vec<(f64, f64)> = notes.iter().map(|note| (note.at.as_secs_f64() / 60.0, note.anonymous_mb)).collect();
    let count = f64::from(u32::try_from(points.len()).unwrap_or(u32::MAX));
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / count;
    let (minute, memory) = (mean(|point| point.0), mean(|point| point.1));
    let both: f64 = points.iter().map(|point| (point.0 - minute) * (point.1 - memory)).sum();
    let square: f64 = points.iter().map(|point| (point.0 - minute).powi(2)).sum();
    both / square
}

fn rounded(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}
