//! Which services run in which process.

use quaymaster_core::{Gap, Process, ProcessKey};
use quaymaster_probe::process_source;

use crate::processes::start;

/// Every process that the test may open.
fn all() -> Vec<Process> {
    let mut system = sysinfo::System::new().unwrap();
    let kind = sysinfo::ProcessRefreshKind::nothing().without_tasks();
    system.refresh_processes_specifics(sysinfo::ProcessesToUpdate::All, true, kind);
    let pids = system.processes().keys().map(|pid| pid.as_u32());
    let keys: Vec<ProcessKey> = pids.filter_map(|pid| Some(ProcessKey { pid, start: start(pid)? })).collect();
    process_source().read(&keys)
}

#[test]
fn some_process_runs_a_service_and_most_run_none() {
    let all = all();
    let alive = || all.iter().filter(|process| process.started_at != Err(Gap::Gone));
    assert!(alive().all(|process| process.services.is_ok()));
    let hosts: Vec<&Process> =
        alive().filter(|process| process.services.as_ref().is_ok_and(|them| !them.is_empty())).collect();
    assert!(!hosts.is_empty(), "{:?}", alive().map(|process| &process.name).collect::<Vec<_>>());
    for service in hosts.iter().filter_map(|host| host.services.as_ref().ok()).flatten() {
        assert!(!service.name.is_empty() && !service.display_name.is_empty(), "{service:?}");
    }
    for host in &hosts {
        assert!(host.services.as_ref().is_ok_and(|them| them.is_sorted()));
    }
    assert!(hosts.len() < alive().count());
    let own = alive().find(|process| process.key.pid == std::process::id()).unwrap();
    assert_eq!(own.services, Ok(Vec::new()));
}
