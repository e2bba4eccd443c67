//! Twenty processes of one program file, each with other people's services in it: told apart, found, grouped and sorted by them.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod common;

use std::collections::BTreeSet;

use common::{Watch, connected, key, listen, named};
use quaymaster_core::port::answer;
use quaymaster_core::query::{Column, Filter, Group, Line, Query, Scope};
use quaymaster_core::{Process, Service};

const HOST: &str = "C:\\Windows\\System32\\svchost.exe";

/// Two services in one process.
const TWO: &str = "Connected Devices Platform Service (CDPSvc), Windows Event Log (EventLog)";

fn service(pid: u32, name: &str, display_name: &str) -> Process {
    let mut services = vec![Service { name: name.into(), display_name: display_name.into() }];
    if name == "CDPSvc" {
        services.push(Service { name: "EventLog".into(), display_name: "Windows Event Log".into() });
    }
    Process { services: Ok(services), ..named(pid, "svchost.exe", Some(HOST)) }
}

fn machine() -> Watch {
    let mut watch = Watch::on([
        listen(1, "0.0.0.0:135", 10),
        listen(2, "0.0.0.0:5040", 20),
        listen(3, "0.0.0.0:7680", 30),
        connected(4, "127.0.0.1:50000", "127.0.0.1:7680", 20),
        connected(5, "127.0.0.1:7680", "127.0.0.1:50000", 30),
    ]);
    watch.table.learn(service(10, "RpcSs", "Remote Procedure Call (RPC)"));
    watch.table.learn(service(20, "CDPSvc", "Connected Devices Platform Service"));
    let chrome = Process { description: Ok("Browser of Tests".into()), ..named(30, "x.exe", Some("C:\\x.exe")) };
    watch.table.learn(chrome);
    watch
}

fn lines(filter: &str, column: Column, group: bool) -> Vec<Line> {
    let filter = Filter::parse(filter).unwrap();
    let folded = BTreeSet::new();
    Query { scope: Scope::All, filter, column, descending: false, group, folded }.run(&machine().table).lines
}

fn ids(lines: &[Line]) -> Vec<u64> {
    lines.iter().filter_map(|line| if let Line::Socket(id) = line { Some(id.0) } else { None }).collect()
}

#[test]
fn a_service_is_found_by_its_names_and_by_that_of_its_host() {
    for (filter, expected) in [
        ("rpcss", &[1][..]),
        ("proc:cdpsvc", &[2, 4]),
        ("proc:\"connected devices\"", &[2, 4]),
        ("svchost", &[1, 2, 4]),
        ("proc:\"Remote Procedure Call (RPC) (RpcSs)\"", &[1]),
        (&format!("proc:\"{TWO}\""), &[2, 4]),
        ("browser", &[3, 5]),
        // No word reaches from one name into the next.
        ("proc:\"svchost.exe rpcss\"", &[]),
    ] {
        let mut found = ids(&lines(filter, Column::LocalPort, false));
        found.sort_unstable();
        assert_eq!(found, expected, "{filter}");
    }
}

#[test]
fn each_host_is_a_program_of_its_own() {
    let headings: Vec<Group> = lines("", Column::Program, true)
        .into_iter()
        .filter_map(|line| if let Line::Group(group) = line { Some(*group) } else { None })
        .collect();
    let shown: Vec<_> = headings.iter().map(|group| (group.program.as_deref().unwrap(), &group.pids[..])).collect();
    assert_eq!(shown, [(TWO, &[20][..]), ("Remote Procedure Call (RPC) (RpcSs)", &[10]), ("x.exe", &[30]),]);
}

#[test]
fn a_service_that_is_a_client_goes_by_its_name() {
    let watch = machine();
    let answer = answer(&watch.table, 7680);
    assert_eq!(answer.holders[0].process, Ok(key(30)));
    let client = answer.clients[0].program.clone();
    assert_eq!(client, Some(Ok(TWO.into())));
}
