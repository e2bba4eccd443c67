//! Processes and why they are spared.

use quaymaster_core::protect::Protection;
use quaymaster_core::{self as core, Gap, Known, ProcessKey, StartMark, text};

use super::{COMMAND_LINE, NAME, PATH, visible};
use crate::wire::{Ancestor, Fact, Process, ProcessGap, ProcessRef, Refusal, Service};

/// Names a process for the page.
#[must_use]
pub fn process_ref(key: ProcessKey) -> ProcessRef {
    ProcessRef { pid: key.pid, start: key.start.0.to_string() }
}

/// The process that the page names; `None` if its start mark is not a number.
#[must_use]
pub fn process_key(named: &ProcessRef) -> Option<ProcessKey> {
    Some(ProcessKey { pid: named.pid, start: StartMark(named.start.parse().ok()?) })
}

/// Everything known about a process.
#[must_use]
pub fn process(process: &core::Process) -> Process {
    Process {
        process: process_ref(process.key),
        name: visible(&process.name, NAME),
        path: fact(&process.path, |path| visible(path, PATH)),
        command_line: fact(&process.command_line, |arguments| visible(&text::command_line(arguments), COMMAND_LINE)),
        user: fact(&process.user, |user| visible(user, NAME)),
        started_at: fact(&process.started_at, |&moment| moment.into()),
        working_directory: fact(&process.working_directory, |path| visible(path, PATH)),
        description: fact(&process.description, |said| visible(said, NAME)),
        company: fact(&process.company, |said| visible(said, NAME)),
        services: fact(&process.services, |services| services.iter().map(service).collect()),
        windows_kernel: process.is_windows_kernel(),
        ancestors: process
            .ancestors
            .iter()
            .map(|ancestor| Ancestor { process: process_ref(ancestor.key), name: visible(&ancestor.name, NAME) })
            .collect(),
    }
}

/// A service.
#[must_use]
pub fn service(service: &core::Service) -> Service {
    Service { name: visible(&service.name, NAME), display_name: visible(&service.display_name, NAME) }
}

fn fact<T, W>(known: &Known<T>, convert: impl FnOnce(&T) -> W) -> Fact<W> {
    match known {
        Ok(value) => Fact { value: Some(convert(value)), gap: None },
        Err(gap) => Fact { value: None, gap: Some(process_gap(*gap)) },
    }
}

fn process_gap(gap: Gap) -> ProcessGap {
    match gap {
        Gap::Denied => ProcessGap::Denied,
        Gap::Gone => ProcessGap::Gone,
        Gap::None => ProcessGap::None,
        Gap::Pending => ProcessGap::Pending,
        Gap::Unsupported => ProcessGap::Unsupported,
    }
}

/// Why a protected process is not ended.
#[must_use]
pub fn refusal(protection: Protection) -> Refusal {
    match protection {
        Protection::Itself => Refusal::Itself,
        Protection::Ancestor => Refusal::Ancestor,
        Protection::System => Refusal::System,
        Protection::Essential => Refusal::Essential,
    }
}
