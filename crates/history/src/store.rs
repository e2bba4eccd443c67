//! The file: its schema, and everything that is written into it.

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use quaymaster_core::UnixMillis;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, TransactionBehavior, params};

use crate::book::{LONGEST_EPISODE, Unwritten};
use crate::row::{CUT, OPEN, Place, Row, SHIFT, Who, signed};
use crate::trouble::Fault;

/// Tells our files from everybody else's.
const APPLICATION: i32 = 0x514d_4869;

/// The version of the schema below.
const SCHEMA: u32 = 1;

/// Files of no more pages than this (8 MB) are checked whole when they are opened.
const FEW_PAGES: i64 = 2_048;

/// Numbers of pooled things that are remembered, so that most are not looked up.
const REMEMBERED: usize = 20_000;

/// No number here is NULL but unknown bytes, so that `NOT` means the opposite everywhere: 0 stands for no program and no address
/// (their numbers begin at 1, and are never given twice), -1 for no PID and no port. That is why no foreign key says what is
/// what. `by_length` has what is open and what was there for long: the few rows that began long before a moment and still were
/// there.
fn schema() -> String {
    format!(
        "CREATE TABLE programs (
            id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, path TEXT NOT NULL, user TEXT NOT NULL,
            UNIQUE (name, path, user)) STRICT;
        CREATE TABLE addresses (
            id INTEGER PRIMARY KEY AUTOINCREMENT, ip BLOB NOT NULL, scope INTEGER NOT NULL, UNIQUE (ip, scope)) STRICT;
        CREATE TABLE homes (id INTEGER PRIMARY KEY) STRICT;
        CREATE TABLE events (
            id INTEGER PRIMARY KEY, what INTEGER NOT NULL, until INTEGER NOT NULL, program INTEGER NOT NULL,
            pid INTEGER NOT NULL, port INTEGER NOT NULL, local INTEGER NOT NULL, remote INTEGER NOT NULL,
            times INTEGER NOT NULL, flags INTEGER NOT NULL, received INTEGER, sent INTEGER) STRICT;
        CREATE INDEX by_program ON events (program) WHERE program > 0;
        CREATE INDEX by_pid ON events (pid) WHERE pid >= 0;
        CREATE INDEX by_port ON events (port) WHERE port >= 0;
        CREATE INDEX by_remote ON events (remote) WHERE remote > 0;
        CREATE INDEX by_length ON events (until) WHERE until - (id >> {SHIFT}) > {LONGEST_EPISODE};
        CREATE TABLE minutes (
            minute INTEGER PRIMARY KEY, listeners INTEGER NOT NULL, connections INTEGER NOT NULL) STRICT;
        CREATE TABLE meta (id INTEGER PRIMARY KEY CHECK (id = 1), last_alive INTEGER NOT NULL) STRICT;
        INSERT INTO meta VALUES (1, 0);
        PRAGMA application_id = {APPLICATION};
        PRAGMA user_version = {SCHEMA};"
    )
}

/// The open file.
#[derive(Debug)]
pub(crate) struct Store {
    pub(crate) connection: Connection,
    programs: HashMap<Arc<Who>, i64>,
    addresses: HashMap<Place, i64>,
    homes: HashSet<i64>,
}

impl Store {
    /// Opens the file, or makes it; what another run left open ends when that run was last known to be alive.
    pub(crate) fn open(path: &Path) -> Result<Self, Fault> {
        let mut connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        // Until it is known to be ours, the file is not changed, and closing it again must not either.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        let application: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
        if tables == 0 && application == 0 {
            connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
            settle(&connection)?;
            let making = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            making.execute_batch(&schema())?;
            making.commit()?;
        } else {
            probe(&connection, application)?;
            settle(&connection)?;
        }
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
        let mut store = Self { connection, programs: HashMap::new(), addresses: HashMap::new(), homes: HashSet::new() };
        store.end_what_was_cut()?;
        Ok(store)
    }

    /// What is open ends when this file was last written.
    pub(crate) fn end_what_was_cut(&mut self) -> Result<(), Fault> {
        let ending = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let end = format!(
            "UPDATE events INDEXED BY by_length
            SET until = max(id >> {SHIFT}, (SELECT last_alive FROM meta)), flags = flags | {CUT}
            WHERE until - (id >> {SHIFT}) > {LONGEST_EPISODE} AND until = {OPEN}"
        );
        ending.execute(&end, [])?;
        ending.commit()?;
        Ok(())
    }

    /// The highest number of an event.
    pub(crate) fn highest(&self) -> i64 {
        self.connection.query_row("SELECT max(id) FROM events", [], |row| row.get(0)).ok().flatten().unwrap_or_default()
    }

    /// The highest number from `first` up to `after` (not included).
    pub(crate) fn taken(&self, first: i64, after: i64) -> Option<i64> {
        let mut statement =
            self.connection.prepare_cached("SELECT max(id) FROM events WHERE id >= ?1 AND id < ?2").ok()?;
        statement.query_row([first, after], |row| row.get(0)).ok().flatten()
    }

    /// Writes it all or nothing, and that the program was alive.
    pub(crate) fn write(&mut self, unwritten: &Unwritten, alive: UnixMillis) -> Result<(), Fault> {
        let written = self.write_all(unwritten, alive);
        // Numbers that the file has not, for the batch that gave them was taken back.
        if written.is_err() || self.programs.len() + self.addresses.len() > REMEMBERED {
            self.forget_pools();
        }
        Ok(written?)
    }

    /// Numbers of pooled things may mean nothing any more.
    pub(crate) fn forget_pools(&mut self) {
        self.programs = HashMap::new();
        self.addresses = HashMap::new();
        self.homes = HashSet::new();
    }

    fn write_all(&mut self, unwritten: &Unwritten, alive: UnixMillis) -> rusqlite::Result<()> {
        let Self { connection, programs, addresses, homes } = self;
        let batch = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for (&id, row) in &unwritten.rows {
            let Row { what, until, pid, port, times, flags, received, sent, .. } = *row;
            let program = row.who.as_ref().map_or(Ok(0), |who| program(&batch, programs, who))?;
            let mut address = |place: Option<Place>| place.map_or(Ok(0), |place| address(&batch, addresses, place));
            let (local, remote) = (address(row.local)?, address(row.remote)?);
            if local > 0 && homes.insert(local) {
                batch.prepare_cached("INSERT OR IGNORE INTO homes VALUES (?1)")?.execute([local])?;
            }
            batch
                .prepare_cached(
                    "INSERT INTO events VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
                    ON CONFLICT (id) DO UPDATE SET until = ?3, program = ?4, pid = ?5, times = ?9, flags = ?10,
                        received = ?11, sent = ?12",
                )?
                .execute(params![
                    id,
                    what.number(),
                    until,
                    program,
                    pid,
                    port,
                    local,
                    remote,
                    times,
                    flags,
                    received,
                    sent
                ])?;
        }
        for (minute, (listeners, connections)) in &unwritten.minutes {
            batch
                .prepare_cached(
                    "INSERT INTO minutes VALUES (?1, ?2, ?3) ON CONFLICT (minute)
                    DO UPDATE SET listeners = listeners + ?2, connections = connections + ?3",
                )?
                .execute([minute, listeners, connections])?;
        }
        batch.prepare_cached("UPDATE meta SET last_alive = ?1")?.execute([signed(alive.0)])?;
        batch.commit()
    }
}

/// A connection with the settings that every one of ours has.
pub(crate) fn connect(path: &Path, access: OpenFlags) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(Duration::from_secs(2))?;
    // A file that somebody tampered with cannot make its views and triggers call anything.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_prepared_statement_cache_capacity(32);
    connection.execute_batch("PRAGMA cache_size = -4096; PRAGMA temp_store = MEMORY;")?;
    Ok(connection)
}

/// What the file is to be like while we write. With `NORMAL`, a killed program loses nothing that was written, and a power
/// failure the last batches at most, never the file.
fn settle(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 4194304;
        PRAGMA wal_autocheckpoint = 500;",
    )
}

/// Whether the file is ours, of our version and looks sound. A large file is not read whole, which takes seconds: its header, its
/// schema, the upper pages of every tree and the newest rows are. What is found damaged later is dealt with then.
fn probe(connection: &Connection, application: i32) -> Result<(), Fault> {
    if application != APPLICATION {
        return Err(Fault::Broken("no history of ours".into()));
    }
    let version: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if version > SCHEMA {
        return Err(Fault::Newer(version));
    }
    if version == 0 {
        return Err(Fault::Broken("no version".into()));
    }
    let pages: i64 = connection.pragma_query_value(None, "page_count", |row| row.get(0))?;
    if pages <= FEW_PAGES {
        let verdict: String = connection.pragma_query_value(None, "quick_check", |row| row.get(0))?;
        return if verdict == "ok" { Ok(()) } else { Err(Fault::Broken(verdict)) };
    }
    for look in [
        "SELECT last_alive FROM meta",
        "SELECT count(*) FROM (SELECT * FROM events ORDER BY id DESC LIMIT 200)",
        "SELECT sum(times) FROM (SELECT times FROM events ORDER BY id LIMIT 200)",
        "SELECT max(program) FROM events INDEXED BY by_program WHERE program > 0",
        "SELECT max(pid) FROM events INDEXED BY by_pid WHERE pid >= 0",
        "SELECT max(port) FROM events INDEXED BY by_port WHERE port >= 0",
        "SELECT max(remote) FROM events INDEXED BY by_remote WHERE remote > 0",
        "SELECT max(id) FROM programs",
        "SELECT max(id) FROM addresses",
        "SELECT max(id) FROM homes",
        "SELECT max(minute) FROM minutes",
    ] {
        match connection.query_row(look, [], |row| row.get::<_, Option<i64>>(0)) {
            Err(rusqlite::Error::SqliteFailure(failure, detail)) if failure.code == rusqlite::ErrorCode::Unknown => {
                // A table or column of ours is missing.
                return Err(Fault::Broken(detail.unwrap_or_default()));
            }
            looked => looked.map(|_| ())?,
        }
    }
    Ok(())
}

fn program(batch: &Transaction<'_>, known: &mut HashMap<Arc<Who>, i64>, who: &Arc<Who>) -> rusqlite::Result<i64> {
    if let Some(&id) = known.get(who) {
        return Ok(id);
    }
    let Who { name, path, user } = &**who;
    let texts = [name, path, user];
    let found = batch
        .prepare_cached("SELECT id FROM programs WHERE name = ?1 AND path = ?2 AND user = ?3")?
        .query_row(texts, |row| row.get(0))
        .optional()?;
    let id = match found {
        Some(id) => id,
        None => batch.prepare_cached("INSERT INTO programs (name, path, user) VALUES (?1, ?2, ?3)")?.insert(texts)?,
    };
    known.insert(Arc::clone(who), id);
    Ok(id)
}

fn address(batch: &Transaction<'_>, known: &mut HashMap<Place, i64>, place: Place) -> rusqlite::Result<i64> {
    if let Some(&id) = known.get(&place) {
        return Ok(id);
    }
    let (ip, scope) = place;
    let ip = bytes(ip);
    let found = batch
        .prepare_cached("SELECT id FROM addresses WHERE ip = ?1 AND scope = ?2")?
        .query_row(params![ip, scope], |row| row.get(0))
        .optional()?;
    let id = match found {
        Some(id) => id,
        None => {
            batch.prepare_cached("INSERT INTO addresses (ip, scope) VALUES (?1, ?2)")?.insert(params![ip, scope])?
        }
    };
    known.insert(place, id);
    Ok(id)
}

/// 4 bytes or 16, as on the wire.
fn bytes(ip: IpAddr) -> Vec<u8> {
    match ip {
        IpAddr::V4(ip) => ip.octets().to_vec(),
        IpAddr::V6(ip) => ip.octets().to_vec(),
    }
}

/// What [`bytes`] wrote.
pub(crate) fn ip(bytes: &[u8]) -> Option<IpAddr> {
    match bytes.len() {
        4 => <[u8; 4]>::try_from(bytes).ok().map(IpAddr::from),
        _ => <[u8; 16]>::try_from(bytes).ok().map(IpAddr::from),
    }
}
