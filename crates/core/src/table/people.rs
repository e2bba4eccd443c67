//! The processes and users that rows name: facts, what of them is searched, and who is named by nobody any more.

use std::collections::HashMap;
use std::sync::{Arc, Weak};

use super::glance::NOTHING;
use super::pool::Pool;
use crate::process::{Gap, Process, ProcessKey};
use crate::text::lower_case;

/// A process and what of it is searched, in lower case.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) facts: Arc<Process>,
    /// The name, what it goes by, what the program file calls itself, and its services, a line each: a search never reaches from
    /// one into the next.
    pub(crate) name: String,
    pub(crate) path: String,
    pub(crate) user: String,
    /// What a person knows it by, as it is.
    pub(crate) label: String,
}

impl Known {
    pub(crate) fn new(facts: Arc<Process>) -> Self {
        Self {
            name: lower_case(&names(&facts)),
            path: facts.path.as_deref().map(lower_case).unwrap_or_default(),
            user: facts.user.as_deref().map(lower_case).unwrap_or_default(),
            label: facts.label().into_owned(),
            facts,
        }
    }

    fn is_unread(&self) -> bool {
        self.facts.name.is_empty() && self.facts.path == Err(Gap::Pending)
    }
}

fn names(facts: &Process) -> String {
    let mut names = facts.name.clone();
    let mut add = |more: &str| {
        names.push('\n');
        names.push_str(more);
    };
    if let Ok(description) = &facts.description {
        add(description);
    }
    for service in facts.services.iter().flatten() {
        add(&service.name);
        add(&service.display_name);
    }
    // As it is shown: what a person reads off a row is found.
    add(&facts.label());
    names
}

/// Processes that hold sockets together, in the order of their keys. Never empty.
pub(crate) type Crew = Vec<Arc<Known>>;

/// Whom a change of rows brought into view, and whom it left without any open row.
#[derive(Debug, Default)]
pub(crate) struct Turnover {
    pub(crate) new_owners: Vec<ProcessKey>,
    pub(crate) new_users: Vec<u32>,
    pub(crate) left: Vec<ProcessKey>,
}

/// All processes that open rows name, and the crews they form; a closed row keeps its crew as it was.
#[derive(Debug, Default)]
pub(crate) struct People {
    processes: HashMap<ProcessKey, Named>,
    /// Processes that no open row names but a closed one still shows.
    remembered: HashMap<ProcessKey, Weak<Known>>,
    crews: Pool<Vec<ProcessKey>, Crew>,
}

#[derive(Debug)]
struct Named {
    known: Arc<Known>,
    /// Open rows that name it.
    rows: usize,
}

impl People {
    pub(super) fn facts(&self, key: ProcessKey) -> Option<&Arc<Process>> {
        self.processes.get(&key).map(|named| &named.known.facts)
    }

    pub(crate) fn crews(&self) -> &Pool<Vec<ProcessKey>, Crew> {
        &self.crews
    }

    /// An open row names these.
    pub(super) fn name(&mut self, keys: &[ProcessKey], turnover: &mut Turnover) {
        for &key in keys {
            let named = self.processes.entry(key).or_insert_with(|| {
                // A closed row that is open again may be the last to remember a process that has ended since. And what one
                // row shows of a process is what all show.
                let remembered = self.remembered.remove(&key).and_then(|known| known.upgrade());
                let known =
                    remembered.unwrap_or_else(|| Arc::new(Known::new(Arc::new(Process::unread(key, Gap::Pending)))));
                if known.is_unread() {
                    turnover.new_owners.push(key);
                }
                Named { known, rows: 0 }
            });
            named.rows += 1;
        }
    }

    /// An open row that named these closed, or names others now.
    pub(super) fn unname(&mut self, keys: &[ProcessKey], turnover: &mut Turnover) {
        for &key in keys {
            if let Some(named) = self.processes.get_mut(&key) {
                named.rows -= 1;
                if named.rows == 0 {
                    turnover.left.push(key);
                }
            }
        }
    }

    /// Forgets those of `left` that no open row names.
    pub(super) fn forget(&mut self, left: &[ProcessKey]) -> Vec<ProcessKey> {
        self.remembered.retain(|_, known| known.strong_count() > 0);
        let mut gone = Vec::new();
        for &key in left {
            if self.processes.get(&key).is_some_and(|named| named.rows == 0)
                && let Some(named) = self.processes.remove(&key)
            {
                self.remembered.insert(key, Arc::downgrade(&named.known));
                gone.push(key);
            }
        }
        gone
    }

    /// Takes in what was read; whether it says anything new about somebody who is named.
    pub(super) fn learn(&mut self, process: Process) -> bool {
        let named = self.processes.get_mut(&process.key).filter(|named| *named.known.facts != process);
        let Some(named) = named else { return false };
        named.known = Arc::new(Known::new(Arc::new(process)));
        true
    }

    /// The number of the crew of these processes, held once more.
    pub(super) fn hold(&mut self, keys: &[ProcessKey]) -> u32 {
        if keys.is_empty() {
            return NOTHING;
        }
        let known = |key| self.processes.get(key).map(|named| Arc::clone(&named.known));
        self.crews.hold(keys, || keys.iter().filter_map(known).collect()).0
    }

    pub(super) fn release(&mut self, crew: u32) {
        self.crews.release(crew);
    }

    /// The facts of a crew, as new as can be.
    pub(super) fn refreshed(&mut self, crew: u32) -> Vec<Arc<Process>> {
        let Some(crew) = self.crews.get_mut(crew) else { return Vec::new() };
        for known in &mut *crew {
            if let Some(named) = self.processes.get(&known.facts.key)
                && !Arc::ptr_eq(&named.known, known)
            {
                *known = Arc::clone(&named.known);
            }
        }
        crew.iter().map(|known| Arc::clone(&known.facts)).collect()
    }
}

/// A user of the system.
#[derive(Debug)]
pub(crate) struct User {
    pub(crate) uid: u32,
    pub(crate) name: Option<Arc<str>>,
    /// The name in lower case; empty where it has none.
    pub(crate) lower: String,
}

impl User {
    pub(crate) fn new(uid: u32, name: Option<Arc<str>>) -> Self {
        Self { uid, lower: name.as_deref().map(lower_case).unwrap_or_default(), name }
    }
}

/// Every user that was ever seen: a computer has few.
#[derive(Debug, Default)]
pub(crate) struct Users {
    numbers: HashMap<u32, u32>,
    users: Vec<User>,
}

impl Users {
    pub(crate) fn all(&self) -> &[User] {
        &self.users
    }

    pub(super) fn number(&mut self, uid: Option<u32>, turnover: &mut Turnover) -> u32 {
        let Some(uid) = uid else { return NOTHING };
        *self.numbers.entry(uid).or_insert_with(|| {
            turnover.new_users.push(uid);
            self.users.push(User::new(uid, None));
            u32::try_from(self.users.len() - 1).unwrap_or(NOTHING)
        })
    }

    pub(super) fn name(&self, number: u32) -> Option<Arc<str>> {
        self.users.get(number as usize)?.name.clone()
    }

    /// Whether anything changed.
    pub(super) fn learn(&mut self, uid: u32, name: Option<&str>) -> bool {
        let user = self.numbers.get(&uid).and_then(|&number| self.users.get_mut(number as usize));
        let Some(user) = user.filter(|user| user.name.as_deref() != name) else { return false };
        *user = User::new(uid, name.map(Arc::from));
        true
    }
}
