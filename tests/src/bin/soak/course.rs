//! The long time itself: the crowd moves, and every few seconds the engine says how it is.

use std::io;
use std::str::FromStr;
use std::thread;
use std::time::{Duration, Instant};

use quaymaster_tests::crowd::Crowd;
use quaymaster_tests::follower::Follower;

use super::churn::{Churned, churn};

/// So many notes are taken at least …
const NOTES: u32 = 30;
/// … and one this often.
const SELDOM: Duration = Duration::from_secs(5);
/// Notes that tell how the engine is when it has been warm for a while begin after this part of the time.
const WARM: u32 = 10;

/// How the engine was at a moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Note {
    /// Since the beginning.
    pub(crate) at: Duration,
    /// Whole looks that were shown, and frames that showed them.
    pub(crate) looks: u64,
    pub(crate) frames: u64,
    pub(crate) longest_look_ms: f64,
    pub(crate) troubled_looks: u64,
    pub(crate) anonymous_mb: f64,
    pub(crate) processor_ms: f64,
    /// Open sockets in its table.
    pub(crate) rows: u64,
}

/// What was noted after the warm-up, and what the crowd did.
pub(crate) fn run(
    crowd: &mut Crowd,
    engine: &mut Follower,
    seconds: u32,
    changes_a_second: u32,
) -> io::Result<(Vec<Note>, Churned)> {
    let span = Duration::from_secs(seconds.into());
    thread::scope(|scope| {
        let churning = scope.spawn(|| churn(crowd, span, changes_a_second));
        let mut notes = Vec::new();
        let began = Instant::now();
        while began.elapsed() < span && !churning.is_finished() {
            thread::sleep(SELDOM.min(span / NOTES));
            let note = note(engine, began)?;
            eprintln!(
                "{:.0} s: {:.2} MB, {:.1} s of a processor, {} rows",
                note.at.as_secs_f64(),
                note.anonymous_mb,
                note.processor_ms / 1_000.0,
                note.rows
            );
            notes.push(note);
        }
        notes.retain(|note| note.at > span / WARM);
        let churned = churning.join().map_err(|_| io::Error::other("the churn has panicked"))??;
        Ok((notes, churned))
    })
}

fn note(engine: &mut Follower, began: Instant) -> io::Result<Note> {
    let answer = engine.ask("note")?;
    let mut words = answer.split(' ');
    Ok(Note {
        at: began.elapsed(),
        looks: number(&mut words)?,
        frames: number(&mut words)?,
        longest_look_ms: number(&mut words)?,
        troubled_looks: number(&mut words)?,
        anonymous_mb: number(&mut words)?,
        processor_ms: number(&mut words)?,
        rows: number(&mut words)?,
    })
}

fn number<'a, N: FromStr>(words: &mut impl Iterator<Item = &'a str>) -> io::Result<N> {
    let number = words.next().and_then(|word| word.parse().ok());
    number.ok_or_else(|| io::Error::other("the engine's note lacks a number"))
}
