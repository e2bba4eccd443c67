//! What is too old, and what is too much, goes: a little at a time, so that a batch never waits for long.

use std::path::Path;

use quaymaster_core::UnixMillis;
use rusqlite::{TransactionBehavior, params};

use crate::book::MINUTE;
use crate::folder::FILE;
use crate::row::{OPEN, began, first_id, signed};
use crate::store::Store;
use crate::{Keeping, trouble::Fault};

/// Rows that go in one step: some milliseconds, for each may stand on a page of its own in every index.
const STEP: i64 = 1_000;

/// The log beside the file is cut when it is longer than this, bytes, and counted as no longer: what is deleted passes through it.
const LOG: u64 = 4_194_304;

/// Pages of 4 096 bytes that are given back to the system in one step.
const PAGES: i64 = 1_000;

/// Free pages that are left to the next batches.
const SPARE: i64 = 100;

/// Pooled things that are looked at in one step.
const POOLED: i64 = 2_000;

/// The least time between two sweeps through the pools, in rows that went.
const SWEEP_AFTER: usize = 20_000;

/// How far pruning has come.
#[derive(Debug, Default)]
pub(crate) struct Pruning {
    /// Rows that went since the pools were swept.
    gone: usize,
    /// The next number to be looked at in the pools of programs and addresses, while they are swept.
    sweep: Option<(i64, i64)>,
    /// A file that was too large is made smaller than it need be, or it would be too large again at the next batch.
    shrinking: bool,
}

/// What the file takes, bytes.
struct Size {
    page: u64,
    pages: u64,
    free: u64,
    log: u64,
}

impl Size {
    fn of(store: &Store, folder: &Path) -> rusqlite::Result<Self> {
        let number = |pragma| {
            store.connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0)).map(crate::row::unsigned)
        };
        let length = || std::fs::metadata(folder.join(format!("{FILE}-wal"))).map_or(0, |log| log.len());
        if length() > LOG {
            cut_log(store)?;
        }
        let log = length().min(LOG);
        Ok(Self { page: number("page_size")?, pages: number("page_count")?, free: number("freelist_count")?, log })
    }

    fn whole(&self) -> u64 {
        self.page * self.pages + self.log
    }

    /// What it would take if everything free were given back.
    fn used(&self) -> u64 {
        self.page * (self.pages - self.free.min(self.pages)) + self.log
    }
}

impl Pruning {
    /// Whether the file has outgrown what it may take.
    pub(crate) fn is_due(store: &Store, folder: &Path, keeping: Keeping) -> Result<bool, Fault> {
        Ok(Size::of(store, folder)?.whole() > keeping.bytes())
    }

    /// Does one step. Whether there is more to do.
    pub(crate) fn step(
        &mut self,
        store: &mut Store,
        folder: &Path,
        keeping: Keeping,
        now: UnixMillis,
    ) -> Result<bool, Fault> {
        let cutoff = now.0.saturating_sub(keeping.millis());
        let mut gone = delete(store, "id < ?1 AND until < ?2", first_id(cutoff), signed(cutoff))?;
        if gone == 0 {
            let size = Size::of(store, folder)?;
            self.shrinking |= size.whole() > keeping.bytes();
            if self.shrinking && size.used() > keeping.bytes() / 20 * 19 {
                // What is open stays: it is not past.
                gone = delete(store, "id < ?1 AND until < ?2", i64::MAX, OPEN)?;
            }
        }
        if gone > 0 {
            forget_minutes(store, cutoff)?;
        }
        self.gone += gone;
        let freed = give_back(store)?;
        if gone > 0 || freed {
            return Ok(true);
        }
        if std::mem::take(&mut self.shrinking) {
            // What went is in the log by now, which nobody looks at before something happens again.
            cut_log(store)?;
        }
        if self.gone > SWEEP_AFTER {
            self.gone = 0;
            self.sweep = Some((0, 0));
        }
        self.sweep_pools(store)
    }

    /// Removes programs and addresses that no event names any more, `POOLED` of each.
    fn sweep_pools(&mut self, store: &mut Store) -> Result<bool, Fault> {
        let Some((program, address)) = self.sweep else { return Ok(false) };
        let sweeping = store.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let highest = |pool: &str| {
            sweeping.query_row(&format!("SELECT ifnull(max(id), 0) FROM {pool}"), [], |row| row.get::<_, i64>(0))
        };
        let done = program > highest("programs")? && address > highest("addresses")?;
        let removed = sweeping.execute(
            "DELETE FROM programs WHERE id >= ?1 AND id < ?1 + ?2
            AND NOT EXISTS (SELECT 1 FROM events INDEXED BY by_program WHERE program > 0 AND program = programs.id)",
            [program, POOLED],
        )? + sweeping.execute(
            "DELETE FROM addresses WHERE id >= ?1 AND id < ?1 + ?2
            AND NOT EXISTS (SELECT 1 FROM homes WHERE homes.id = addresses.id)
            AND NOT EXISTS (SELECT 1 FROM events INDEXED BY by_remote WHERE remote > 0 AND remote = addresses.id)",
            [address, POOLED],
        )?;
        sweeping.commit()?;
        if removed > 0 {
            store.forget_pools();
        }
        self.sweep = (!done).then_some((program + POOLED, address + POOLED));
        Ok(!done)
    }
}

/// Moves the log into the file.
fn cut_log(store: &Store) -> rusqlite::Result<()> {
    store.connection.prepare("PRAGMA wal_checkpoint(TRUNCATE)")?.query([])?.next()?;
    Ok(())
}

/// Deletes the oldest rows that fit, [`STEP`] at most; how many went.
fn delete(store: &Store, which: &str, id: i64, until: i64) -> rusqlite::Result<usize> {
    store
        .connection
        .prepare_cached(&format!(
            "DELETE FROM events WHERE id IN (SELECT id FROM events NOT INDEXED WHERE {which} ORDER BY id LIMIT {STEP})"
        ))?
        .execute([id, until])
}

/// The chart begins where the events do.
fn forget_minutes(store: &Store, cutoff: u64) -> rusqlite::Result<()> {
    let oldest: Option<i64> = store.connection.query_row(
        &format!("SELECT min(id) FROM events NOT INDEXED WHERE until < {OPEN} AND id >= ?1"),
        [first_id(cutoff)],
        |row| row.get(0),
    )?;
    let first = oldest.map_or(signed(cutoff), began) / MINUTE;
    store.connection.execute("DELETE FROM minutes WHERE minute < ?1", params![first])?;
    Ok(())
}

/// Gives free pages back to the system; whether there are more.
fn give_back(store: &Store) -> rusqlite::Result<bool> {
    let free = || store.connection.pragma_query_value(None, "freelist_count", |row| row.get::<_, i64>(0));
    if free()? <= SPARE {
        return Ok(false);
    }
    let mut statement = store.connection.prepare(&format!("PRAGMA incremental_vacuum({PAGES})"))?;
    let mut rows = statement.query([])?;
    // Every row that is asked for is a page that went.
    while rows.next()?.is_some() {}
    drop(rows);
    drop(statement);
    Ok(free()? > SPARE)
}
