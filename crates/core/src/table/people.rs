//! The processes and users that rows name: facts, what of them is searched, and who is named by nobody any more.

use std::collections::HashMap;
use std::sync::Arc;

use super::glance::NOTHING;
use super::pool::Pool;
use crate::process::{Gap, Process, ProcessKey};
use crate::socket::Holders;
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

/// All processes that rows name, and the crews they form.
#[derive(Debug, Default)]
pub(crate) struct People {
    processes: HashMap<ProcessKey, Named>,
    crews: Pool<Holders, Crew>,
}

#[derive(Debug)]
struct Named {
    known: Arc<Known>,
    /// Open rows that name it.
    rows: usize,
    /// Numbers of the crews that it belongs to.
    crews: Vec<u32>,
    /// It was told that no open row names it any more; closed rows still show it.
    departed: bool,
}

impl People {
    pub(super) fn facts(&self, key: ProcessKey) -> Option<&Arc<Process>> {
        self.processes.get(&key).filter(|named| !named.departed).map(|named| &named.known.facts)
    }

    pub(crate) fn crews(&self) -> &Pool<Holders, Crew> {
        &self.crews
    }

    /// The numbers of the crews that a process belongs to.
    pub(super) fn crews_of(&self, key: ProcessKey) -> &[u32] {
        self.processes.get(&key).map(|named| &*named.crews).unwrap_or_default()
    }

    /// The processes of a crew.
    pub(crate) fn members(&self, crew: u32) -> Holders {
        self.crews.key(crew).cloned().unwrap_or_default()
    }

    /// An open row names these.
    pub(super) fn name(&mut self, keys: &[ProcessKey], turnover: &mut Turnover) {
        for &key in keys {
            let named = self.processes.entry(key).or_insert_with(|| {
                let known = Arc::new(Known::new(Arc::new(Process::unread(key, Gap::Pending))));
                Named { known, rows: 0, crews: Vec::new(), departed: true }
            });
            // A closed row that is open again may be the last to remember a process that has ended since, which cannot be
            // read again.
            if named.departed && named.known.is_unread() {
                turnover.new_owners.push(key);
            }
            named.departed = false;
            named.rows += 1;
        }
    }

    /// An open row of this crew closed, or has another now.
    pub(super) fn unname(&mut self, crew: u32, turnover: &mut Turnover) {
        for &key in self.crews.key(crew).into_iter().flat_map(|keys| keys.iter()) {
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
        let mut gone = Vec::new();
        for &key in left {
            if let Some(named) = self.processes.get_mut(&key).filter(|named| named.rows == 0 && !named.departed) {
                named.departed = true;
                gone.push(key);
                self.drop_unless_shown(key);
            }
        }
        gone
    }

    /// Takes in what was read; whether it says anything new about somebody whom an open row names.
    pub(super) fn learn(&mut self, process: Process) -> bool {
        let key = process.key;
        let named = self.processes.get_mut(&key).filter(|named| !named.departed && *named.known.facts != process);
        let Some(named) = named else { return false };
        named.known = Arc::new(Known::new(Arc::new(process)));
        for &crew in &named.crews {
            for known in self.crews.get_mut(crew).into_iter().flatten().filter(|known| known.facts.key == key) {
                *known = Arc::clone(&named.known);
            }
        }
        true
    }

    /// The number of the crew of these processes, held once more.
    pub(super) fn hold(&mut self, keys: &Holders) -> u32 {
        if keys.is_empty() {
            return NOTHING;
        }
        let known = |key| self.processes.get(key).map(|named| Arc::clone(&named.known));
        let (crew, new) = self.crews.hold(keys, || (keys.clone(), keys.iter().filter_map(known).collect()));
        for key in keys.iter().filter(|_| new) {
            if let Some(named) = self.processes.get_mut(key) {
                named.crews.push(crew);
            }
        }
        crew
    }

    pub(super) fn release(&mut self, crew: u32) {
        let Some((keys, _)) = self.crews.release(crew) else { return };
        for &key in &*keys {
            if let Some(named) = self.processes.get_mut(&key) {
                named.crews.retain(|&other| other != crew);
                self.drop_unless_shown(key);
            }
        }
    }

    /// The facts of a crew.
    pub(super) fn facts_of(&self, crew: u32) -> Vec<Arc<Process>> {
        self.crews.get(crew).into_iter().flatten().map(|known| Arc::clone(&known.facts)).collect()
    }

    fn drop_unless_shown(&mut self, key: ProcessKey) {
        if self.processes.get(&key).is_some_and(|named| named.departed && named.crews.is_empty()) {
            self.processes.remove(&key);
        }
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

    pub(super) fn get(&self, number: u32) -> Option<&User> {
        self.users.get(number as usize)
    }

    /// Whether anything changed.
    pub(super) fn learn(&mut self, uid: u32, name: Option<&str>) -> bool {
        let user = self.numbers.get(&uid).and_then(|&number| self.users.get_mut(number as usize));
        let Some(user) = user.filter(|user| user.name.as_deref() != name) else { return false };
        *user = User::new(uid, name.map(Arc::from));
        true
    }
}
