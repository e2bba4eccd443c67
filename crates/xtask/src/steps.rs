//! The course of a long chore: one step after the other, each with its time, and a summary at the end.

use std::time::{Duration, Instant};

use anyhow::bail;

use crate::tally::Tally;

/// Steps taken so far.
pub(crate) struct Steps {
    started: Instant,
    taken: Vec<Step>,
}

struct Step {
    name: &'static str,
    time: Duration,
    tally: Tally,
    trouble: Option<anyhow::Error>,
}

impl Steps {
    pub(crate) fn begin() -> Self {
        Self { started: Instant::now(), taken: Vec::new() }
    }

    /// Takes a step that later ones do not stand on: a failure is kept for the summary. Answers whether it went well.
    pub(crate) fn take(&mut self, name: &'static str, work: impl FnOnce() -> anyhow::Result<()>) -> bool {
        self.record(name, || (work(), Tally::default()))
    }

    /// Takes a step that runs tests. One in which no test ran has failed: silence must not pass for success.
    pub(crate) fn tests(&mut self, name: &'static str, work: impl FnOnce() -> (anyhow::Result<()>, Tally)) -> bool {
        self.record(name, || match work() {
            (Ok(()), tally) if tally.passed + tally.failed == 0 => (Err(anyhow::anyhow!("no test was run")), tally),
            other => other,
        })
    }

    fn record(&mut self, name: &'static str, work: impl FnOnce() -> (anyhow::Result<()>, Tally)) -> bool {
        println!("\n── {name}");
        let start = Instant::now();
        let (outcome, tally) = work();
        let time = start.elapsed();
        if let Err(error) = &outcome {
            println!("── {name} FAILED after {:.1} s: {error:#}", time.as_secs_f64());
        }
        let well = outcome.is_ok();
        self.taken.push(Step { name, time, tally, trouble: outcome.err() });
        well
    }

    /// Prints a line a step and the count of tests; an error if anything failed. A failed step without a failed test
    /// (it did not build, a rule was broken) counts as one failure.
    pub(crate) fn summary(self) -> anyhow::Result<()> {
        println!("\n── summary after {:.0} s", self.started.elapsed().as_secs_f64());
        for step in &self.taken {
            let word = if step.trouble.is_some() { "FAILED" } else { "ok" };
            let tests = match step.tally {
                Tally { passed: 0, failed: 0, .. } => String::new(),
                Tally { passed, failed, skipped } => format!("{passed} passed, {failed} failed, {skipped} skipped"),
            };
            println!("{word:>7} {:>7.1} s  {:<34} {tests}", step.time.as_secs_f64(), step.name);
        }
        let sum: Tally = self.taken.iter().map(|step| step.tally).sum();
        let silent = self.taken.iter().filter(|step| step.trouble.is_some() && step.tally.failed == 0).count();
        println!("\n{} passed, {} failed", sum.passed, sum.failed as usize + silent);
        let failed: Vec<&str> = self.taken.iter().filter(|step| step.trouble.is_some()).map(|step| step.name).collect();
        if !failed.is_empty() {
            bail!("failed: {}", failed.join(", "));
        }
        Ok(())
    }
}
