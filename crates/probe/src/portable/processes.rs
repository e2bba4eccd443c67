//! Processes by sysinfo.
//!
//! sysinfo reads by PID, so the start is compared before and after: what was read in between belongs to that process.

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;

use quaymaster_core::{Ancestor, Gap, Known, Process, ProcessKey, StartMark, UnixMillis};
use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System, UpdateKind};

use super::Users;
use crate::ProcessSource;

/// Processes of any system that sysinfo knows.
pub struct Processes {
    start: fn(u32) -> Option<StartMark>,
    users: Users,
}

/// Longer chains of parents are cut.
const MOST: usize = 128;

impl Processes {
    /// A source that has read nothing. `start` tells when the process of a PID started.
    #[must_use]
    pub fn new(start: fn(u32) -> Option<StartMark>) -> Self {
        Self { start, users: Users::default() }
    }

    /// The process's parents; a parent that is younger than its child is another process with the same number.
    #[must_use]
    pub fn ancestors(&self, key: ProcessKey) -> Vec<Ancestor> {
        System::new().map(|mut system| self.chain(&mut system, key)).unwrap_or_default()
    }

    fn chain(&self, system: &mut System, key: ProcessKey) -> Vec<Ancestor> {
        let mut chain: Vec<Ancestor> = Vec::new();
        let mut child = key;
        while chain.len() < MOST {
            let Some(parent) = refreshed(system, child.pid).and_then(sysinfo::Process::parent) else { break };
            let pid = parent.as_u32();
            let Some(start) = (self.start)(pid).filter(|start| *start <= child.start) else { break };
            let Some(process) = refreshed(system, pid) else { break };
            child = ProcessKey { pid, start };
            if chain.iter().any(|known| known.key == child) {
                break;
            }
            chain.push(Ancestor { key: child, name: lossy(process.name()) });
        }
        chain
    }

    fn read_one(&mut self, system: &mut System, key: ProcessKey) -> Process {
        let gone = Process::unread(key, Gap::Gone);
        if (self.start)(key.pid) != Some(key.start) {
            return gone;
        }
        let ancestors = self.chain(system, key);
        let Some(process) = system.process(Pid::from_u32(key.pid)) else { return gone };
        let user = process.effective_user_id().or_else(|| process.user_id());
        let uid = user.and_then(|user| user.to_string().parse().ok());
        let name_of = |uid: u32| self.users.name(uid).unwrap_or_else(|| uid.to_string());
        let read = Process {
            key,
            name: lossy(process.name()),
            path: process.exe().map(|path| lossy(path.as_os_str())).ok_or(Gap::Denied),
            command_line: command_line(process),
            user: uid.map(name_of).or_else(|| account(process)).ok_or(Gap::Denied),
            uid,
            started_at: Ok(UnixMillis(process.start_time().saturating_mul(1000))),
            working_directory: process.cwd().map(|path| lossy(path.as_os_str())).ok_or(Gap::Denied),
            description: Err(Gap::Unsupported),
            company: Err(Gap::Unsupported),
            services: Err(Gap::Unsupported),
            ancestors,
        };
        if (self.start)(key.pid) == Some(key.start) { read } else { gone }
    }
}

impl ProcessSource for Processes {
    fn read(&mut self, keys: &[ProcessKey]) -> Vec<Process> {
        // A new one each time: sysinfo keeps what it read of a PID, also when the PID is another's by then.
        let Ok(mut system) = System::new() else {
            return keys.iter().map(|key| Process::unread(*key, Gap::Unsupported)).collect();
        };
        let pids: Vec<Pid> = keys.iter().map(|key| Pid::from_u32(key.pid)).collect();
        system.refresh_processes_specifics(ProcessesToUpdate::Some(&pids), true, wanted());
        keys.iter().map(|key| self.read_one(&mut system, *key)).collect()
    }

    fn descendants(&mut self, key: ProcessKey) -> Vec<Process> {
        let Ok(mut system) = System::new() else { return Vec::new() };
        system.refresh_processes_specifics(ProcessesToUpdate::All, true, ProcessRefreshKind::nothing().without_tasks());
        let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
        for (pid, process) in system.processes() {
            if let Some(parent) = process.parent() {
                children.entry(parent.as_u32()).or_default().push(pid.as_u32());
            }
        }
        let mut found = vec![key];
        let mut met = HashSet::from([key.pid]);
        let mut next = 0;
        while let Some(parent) = found.get(next).copied() {
            next += 1;
            for pid in children.remove(&parent.pid).unwrap_or_default() {
                let start = (self.start)(pid).filter(|start| *start >= parent.start);
                if let Some(start) = start.filter(|_| met.insert(pid)) {
                    found.push(ProcessKey { pid, start });
                }
            }
        }
        self.read(&found[1..]).into_iter().filter(|process| process.started_at != Err(Gap::Gone)).collect()
    }

    fn user_name(&mut self, uid: u32) -> Option<String> {
        self.users.name(uid)
    }
}

/// What a row shows. Never `everything()`, which lists every descriptor of every process.
fn wanted() -> ProcessRefreshKind {
    ProcessRefreshKind::nothing()
        .without_tasks()
        .with_exe(UpdateKind::OnlyIfNotSet)
        .with_cmd(UpdateKind::OnlyIfNotSet)
        .with_cwd(UpdateKind::OnlyIfNotSet)
        .with_user(UpdateKind::OnlyIfNotSet)
}

/// The process of this PID, read if it has not been yet.
fn refreshed(system: &mut System, pid: u32) -> Option<&sysinfo::Process> {
    let pid = Pid::from_u32(pid);
    if system.process(pid).is_none() {
        system.refresh_processes_specifics(
            ProcessesToUpdate::Some(&[pid]),
            true,
            ProcessRefreshKind::nothing().without_tasks(),
        );
    }
    system.process(pid)
}

fn command_line(process: &sysinfo::Process) -> Known<Vec<String>> {
    let arguments: Vec<String> = process.cmd().iter().map(|argument| lossy(argument)).collect();
    if arguments.is_empty() { Err(Gap::Denied) } else { Ok(arguments) }
}

/// The account's name where users have no numbers (Windows).
fn account(process: &sysinfo::Process) -> Option<String> {
    let user = process.user_id()?;
    let users = sysinfo::Users::new_with_refreshed_list().ok()?;
    Some(users.get_user_by_id(user).map_or_else(|| user.to_string(), |user| user.name().to_owned()))
}

fn lossy(text: &OsStr) -> String {
    text.to_string_lossy().into_owned()
}
