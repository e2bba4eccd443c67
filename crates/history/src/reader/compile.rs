//! A filter as SQL: what is asked of programs, addresses and kinds is asked of each of them once, here, in the words of the
//! grid's filter; what is left for the database are numbers.
//!
//! Everything that goes into the text is a number that was made here.

use std::ops::RangeInclusive;

use quaymaster_core::query::past::{AddressTest, Atom, KindTest, Side};
use rusqlite::Connection;

use super::pools::Pools;
use crate::filter::{HistoryFilter, Stretch};
use crate::row::{FIRST_DEED, OPEN, OUTGOING, What, first_id};

/// Sets of at most so many numbers are written into the text; larger ones become a table of the connection's own.
const WRITTEN_OUT: usize = 12;

/// A filter, ready to be asked.
#[derive(Debug)]
pub(super) struct Compiled {
    /// What a row must fulfil: an expression that is never NULL.
    pub(super) condition: String,
    /// For every clause that indexes can answer: where its rows are, each as what follows `FROM events`. A row that fits is in
    /// all of them.
    pub(super) seeks: Vec<Vec<String>>,
    /// No row fits that was not there at some time in this.
    pub(super) bounds: Stretch,
}

/// What an atom comes to.
struct Part {
    condition: String,
    /// Where the rows are that it fits, if an index says.
    seek: Option<String>,
}

impl Compiled {
    pub(super) fn new(filter: &HistoryFilter, connection: &Connection, pools: &Pools) -> rusqlite::Result<Self> {
        let mut writing = Writing { filter, connection, pools, sets: 0 };
        let (mut conditions, mut seeks) = (Vec::new(), Vec::new());
        for clause in filter.past.clauses() {
            let mut parts = Vec::new();
            for atom in &clause.any {
                writing.atom(atom, &mut parts)?;
            }
            let any = parts.iter().map(|part| &*part.condition).collect::<Vec<_>>().join(" OR ");
            let any = if any.is_empty() { "0".to_owned() } else { any };
            conditions.push(if clause.denied { format!("NOT ({any})") } else { format!("({any})") });
            if !clause.denied {
                seeks.extend(parts.into_iter().map(|part| part.seek).collect::<Option<Vec<_>>>());
            }
        }
        let condition = if conditions.is_empty() { "1".into() } else { conditions.join(" AND ") };
        Ok(Self { condition, seeks, bounds: filter.bounds() })
    }
}

struct Writing<'a> {
    filter: &'a HistoryFilter,
    connection: &'a Connection,
    pools: &'a Pools,
    sets: usize,
}

fn indexed(index: &str, has: &str, condition: &str) -> Option<String> {
    Some(format!("INDEXED BY {index} WHERE {has} AND {condition}"))
}

fn at_side(side: Side) -> String {
    let (first, last) = (OUTGOING.start(), OUTGOING.end());
    match side {
        Side::Local => format!("what NOT BETWEEN {first} AND {last} AND "),
        Side::Remote => format!("what BETWEEN {first} AND {last} AND "),
        Side::Either => String::new(),
    }
}

fn has_port(range: &RangeInclusive<u16>) -> String {
    match (range.start(), range.end()) {
        (first, last) if first == last => format!("port = {first}"),
        (first, last) => format!("port BETWEEN {first} AND {last}"),
    }
}

impl Writing<'_> {
    /// Adds what an atom comes to; nothing if it fits nothing.
    fn atom(&mut self, atom: &Atom<'_>, parts: &mut Vec<Part>) -> rusqlite::Result<()> {
        match atom {
            Atom::Port(side, range) => {
                let port = has_port(range);
                let condition = format!("({}{port})", at_side(*side));
                parts.push(Part { condition, seek: indexed("by_port", "port >= 0", &port) });
            }
            Atom::Pid(pid) => {
                let condition = format!("pid = {pid}");
                let seek = indexed("by_pid", "pid >= 0", &condition);
                parts.push(Part { condition, seek });
            }
            Atom::Program(test) => {
                if let Some(set) = self.set(&self.pools.programs(*test))? {
                    let condition = format!("program IN {set}");
                    let seek = indexed("by_program", "program > 0", &condition);
                    parts.push(Part { condition, seek });
                }
            }
            Atom::Address(side, test, port) => self.address(*side, *test, *port, parts)?,
            Atom::Network(test) => {
                if let Some(set) = self.set(&self.pools.networked(*test))? {
                    let condition = format!("remote IN {set}");
                    let seek = indexed("by_remote", "remote > 0", &condition);
                    parts.push(Part { condition, seek });
                }
            }
            Atom::Kind(test) => parts.extend(kind(*test)),
            Atom::When(when) => {
                let Stretch { from, to } = self.filter.stretch(*when);
                let until = if from == i64::MIN { String::new() } else { format!("until >= {from} AND ") };
                let id = if to == OPEN {
                    "1".into()
                } else {
                    format!("id < {}", first_id(u64::try_from(to).unwrap_or_default()))
                };
                parts.push(Part { condition: format!("({until}{id})"), seek: None });
            }
        }
        Ok(())
    }

    fn address(
        &mut self,
        side: Side,
        test: AddressTest<'_>,
        port: Option<u16>,
        parts: &mut Vec<Part>,
    ) -> rusqlite::Result<()> {
        let addresses = self.pools.addresses(test);
        let at = |side: Side| port.map(|port| format!("{}{}", at_side(side), has_port(&(port..=port))));
        let port = port.map(|port| has_port(&(port..=port)));
        if side != Side::Remote
            && let Some(set) = self.set(&self.pools.homes_among(&addresses))?
        {
            let also = at(Side::Local).map(|at| format!(" AND {at}")).unwrap_or_default();
            let seek = port.as_ref().and_then(|port| indexed("by_port", "port >= 0", port));
            parts.push(Part { condition: format!("(local IN {set}{also})"), seek });
        }
        if side != Side::Local
            && let Some(set) = self.set(&addresses)?
        {
            let also = at(Side::Remote).map(|at| format!(" AND {at}")).unwrap_or_default();
            let condition = format!("(remote IN {set}{also})");
            let seek = indexed("by_remote", "remote > 0", &format!("remote IN {set}"));
            parts.push(Part { condition, seek });
        }
        Ok(())
    }

    /// A set of numbers as what may follow `IN`; `None` if it is empty.
    fn set(&mut self, ids: &[i64]) -> rusqlite::Result<Option<String>> {
        if ids.is_empty() {
            return Ok(None);
        }
        if ids.len() <= WRITTEN_OUT {
            let ids: Vec<String> = ids.iter().map(i64::to_string).collect();
            return Ok(Some(format!("({})", ids.join(", "))));
        }
        let table = format!("temp.set_{}", self.sets);
        self.sets += 1;
        self.connection.execute_batch(&format!(
            "CREATE TEMP TABLE IF NOT EXISTS {} (id INTEGER PRIMARY KEY); DELETE FROM {table};",
            table.trim_start_matches("temp.")
        ))?;
        let mut insert = self.connection.prepare_cached(&format!("INSERT INTO {table} VALUES (?1)"))?;
        for id in ids {
            insert.execute([id])?;
        }
        Ok(Some(table))
    }
}

fn kind(test: KindTest<'_>) -> Option<Part> {
    let fits = |number: &i64| {
        let what = What::from_number(*number);
        what.and_then(|what| what.wire().map(|wire| test.fits(wire.protocol, wire.family, what.state())))
            .unwrap_or_default()
    };
    let fitting: Vec<String> = (0..FIRST_DEED).filter(fits).map(|number| number.to_string()).collect();
    let condition = format!("what IN ({})", fitting.join(", "));
    (!fitting.is_empty()).then_some(Part { condition, seek: None })
}
