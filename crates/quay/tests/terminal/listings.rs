//! `quay` and `quay list`.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read};
use std::net::TcpStream;
use std::process::Stdio;

use serde_json::Value;

use crate::stage::{command, datagrams, listen, quay};
use crate::wine::lacks;

/// What was promised to scripts about every socket.
const SOCKET_KEYS: [&str; 12] = [
    "protocol",
    "family",
    "local_address",
    "local_port",
    "remote_address",
    "remote_port",
    "state",
    "owners",
    "owner_unknown_because",
    "uid",
    "first_seen",
    "kept_by_kernel",
];
const OWNER_KEYS: [&str; 5] = ["pid", "name", "path", "user", "started_at"];

fn has(value: &Value, keys: &[&str]) {
    let there: BTreeSet<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    let missing: Vec<_> = keys.iter().filter(|key| !there.contains(*key)).collect();
    assert!(missing.is_empty(), "{missing:?} are not in {value}");
}

/// The sockets of `quay list --json` with a local port among these, after the promises that hold for all of them were kept.
fn listed(ports: &[u16]) -> Vec<Value> {
    let filter = format!("lport:{}", ports.iter().map(u16::to_string).collect::<Vec<_>>().join("|"));
    let said = quay(["list", &filter, "--json"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let json = said.json();
    has(&json, &["schema", "taken_at", "sockets", "hidden"]);
    assert_eq!(json["schema"], 1);
    assert!(json["hidden"].as_object().unwrap().values().all(Value::is_u64), "{json}");
    let sockets = json["sockets"].as_array().unwrap().clone();
    for socket in &sockets {
        has(socket, &SOCKET_KEYS);
        assert!(socket["first_seen"].as_u64() <= json["taken_at"].as_u64(), "{socket}");
    }
    sockets
}

/// The only one of these sockets that is like this.
fn only<'a>(sockets: &'a [Value], protocol: &str, local: (&str, u16), state: Option<&str>) -> &'a Value {
    let is = |socket: &&Value| {
        socket["protocol"] == protocol
            && socket["local_address"] == local.0
            && socket["local_port"] == local.1
            && socket["state"].as_str() == state
    };
    let found: Vec<_> = sockets.iter().filter(is).collect();
    assert_eq!(found.len(), 1, "{protocol} {local:?} {state:?} in {sockets:#?}");
    found[0]
}

/// That this process is named as the only holder; where the system `named` nobody, that nobody is made up.
fn is_ours(socket: &Value, named: bool) {
    if !named {
        assert_eq!(socket["owners"], Value::Array(Vec::new()), "{socket}");
        assert_eq!(socket["owner_unknown_because"], "not_reported", "{socket}");
        return;
    }
    let owners = socket["owners"].as_array().unwrap();
    assert_eq!(owners.len(), 1, "{socket}");
    has(&owners[0], &OWNER_KEYS);
    assert_eq!(owners[0]["pid"], std::process::id(), "{socket}");
    let own = std::env::current_exe().unwrap();
    let own = own.file_name().unwrap().to_string_lossy();
    assert!(owners[0]["path"].as_str().is_some_and(|path| path.ends_with(&*own)), "{socket}");
    assert_eq!(socket["owner_unknown_because"], Value::Null, "{socket}");
}

/// Listener, both ends of a connection to it, and UDP, over one family.
fn keeps_its_promise(address: &str, family: u8) {
    let (listener, at) = listen((address, 0));
    let stream = TcpStream::connect(at).unwrap();
    let (accepted, _) = listener.accept().unwrap();
    // As in `listen`.
    let _ = (stream.ttl(), accepted.ttl());
    let client = stream.local_addr().unwrap().port();
    let (_datagrams, udp) = datagrams(address);
    let sockets = listed(&[at.port(), client, udp]);
    let tcp = family == 4 || !lacks("tcp6-owners");
    let found = [
        (only(&sockets, "tcp", (address, at.port()), Some("LISTEN")), Value::Null, tcp),
        (
            only(&sockets, "tcp", (address, at.port()), Some("ESTABLISHED")),
            client.into(),
            tcp && !lacks("accepted-owners"),
        ),
        (only(&sockets, "tcp", (address, client), Some("ESTABLISHED")), at.port().into(), tcp),
        (only(&sockets, "udp", (address, udp), None), Value::Null, true),
    ];
    for (socket, remote, named) in found {
        assert_eq!((&socket["family"], &socket["remote_port"]), (&family.into(), &remote), "{socket}");
        let remote = if remote.is_null() { Value::Null } else { address.into() };
        assert_eq!(socket["remote_address"], remote, "{socket}");
        assert_eq!(socket["kept_by_kernel"], false, "{socket}");
        is_ours(socket, named);
    }
}

#[test]
fn the_json_keeps_its_promise_over_ipv4() {
    keeps_its_promise("127.0.0.1", 4);
}

#[test]
fn the_json_keeps_its_promise_over_ipv6() {
    keeps_its_promise("::1", 6);
}

#[test]
fn a_pipe_gets_rows_and_nothing_else() {
    let (_listener, address) = listen("127.0.0.1:0");
    let port = address.port();
    let said = quay(["list", &format!("lport:{port}")]);
    let lines: Vec<_> = said.out.lines().collect();
    assert_eq!((said.code, lines.len()), (Some(0), 2), "{said:?}");
    assert!(lines[0].starts_with("Program"), "{said:?}");
    for part in [std::process::id().to_string(), "tcp4".into(), format!("127.0.0.1:{port}"), "LISTEN".into()] {
        assert!(lines[1].contains(&part), "{part}: {said:?}");
    }
    assert!(said.err.contains("1 of ") && !said.out.contains("1 of "), "the counts stand beside it: {said:?}");
    assert!(!said.out.contains('\u{1b}') && !said.err.contains('\u{1b}'), "{said:?}");

    let coloured = quay(["list", &format!("lport:{port}"), "--color", "always"]);
    assert!(coloured.out.contains("\u{1b}[32mLISTEN\u{1b}[0m"), "{coloured:?}");
}

#[test]
fn without_a_word_the_whole_table_is_shown() {
    let (_listener, address) = listen("127.0.0.1:0");
    let end = address.to_string();
    let said = quay::<&str>([]);
    assert!(said.code == Some(0) && said.out.contains(&end), "{said:?}");
    let chinese = quay(["--lang", "zh-CN"]);
    assert!(chinese.out.starts_with("程序") && chinese.out.contains(&end), "{chinese:?}");
}

#[test]
fn rows_stand_in_the_order_asked_for() {
    let (listeners, addresses): (Vec<_>, Vec<_>) = (0..4).map(|_| listen("127.0.0.1:0")).unzip();
    let mut ports: Vec<_> = addresses.iter().map(|address| address.port()).collect();
    let filter = format!("lport:{}", ports.iter().map(u16::to_string).collect::<Vec<_>>().join("|"));
    let shown = |order: &[&str]| -> Vec<u16> {
        let arguments: Vec<&str> = ["list", &filter, "state:listen", "--json"].iter().chain(order).copied().collect();
        let json = quay(arguments).json();
        let ports = json["sockets"].as_array().unwrap().iter().map(|socket| socket["local_port"].as_u64().unwrap());
        ports.map(|port| u16::try_from(port).unwrap()).collect()
    };
    ports.sort_unstable();
    assert_eq!(shown(&[]), ports);
    assert_eq!(shown(&["--sort", "port"]), ports);
    ports.reverse();
    assert_eq!(shown(&["--sort", "port", "--desc"]), ports);
    drop(listeners);
}

#[test]
fn nothing_that_matches_is_said() {
    let said = quay(["list", "lport:1", "rport:1"]);
    assert_eq!((said.code, &*said.out), (Some(1), ""), "{said:?}");
    assert!(said.err.starts_with("Nothing matches."), "{said:?}");
    let json = quay(["list", "lport:1", "rport:1", "--json"]);
    assert_eq!((json.code, json.json()["sockets"].as_array().map(Vec::len)), (Some(1), Some(0)), "{json:?}");
}

#[test]
fn a_wrong_filter_is_pointed_at() {
    // The place is counted in columns of the screen: two for a Chinese character.
    for (filter, caret) in
        [("port:http", "       ^^^^"), ("微信 pid:x", "           ^"), ("\u{1b}[31m pid:x", "             ^")]
    {
        let said = quay(["list", filter]);
        assert_eq!((said.code, &*said.out), (Some(2), ""), "{said:?}");
        assert_eq!(said.err.lines().nth(2), Some(caret), "{}", said.err);
        assert!(!said.err.contains('\u{1b}'), "{said:?}");
    }
}

#[test]
fn wrong_usage_is_told_from_everything_else() {
    for arguments in [
        &["--nonsense"][..],
        &["list", "--sort", "colour"],
        &["list", "--watch", "--interval", "0.1"],
        &["list", "--watch", "--interval", "inf"],
        &["list", "--interval", "2"],
        &["7897", "list"],
        &["end"],
        &["--lang", "fr"],
        &["--lang"],
    ] {
        let said = quay(arguments);
        assert_eq!((said.code, &*said.out), (Some(2), ""), "{arguments:?}: {said:?}");
        assert!(!said.err.contains('['), "a key without words: {arguments:?}: {said:?}");
    }
    assert_eq!(quay(["--help"]).code, Some(0));
    assert_eq!(quay(["--version"]).out.trim(), format!("quay {}", env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_watch_tells_an_object_a_line_until_nobody_reads_it() {
    let mut watch = command()
        .args(["list", "state:listen", "--watch", "--json", "--interval", "0.5"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(watch.stdout.take().unwrap()).lines();
    let mut next = || -> Value { serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap() };
    let (first, second) = (next(), next());
    assert!(first["taken_at"].as_u64() < second["taken_at"].as_u64());
    drop(lines);
    let status = watch.wait().unwrap();
    let mut complaints = String::new();
    watch.stderr.take().unwrap().read_to_string(&mut complaints).unwrap();
    assert_eq!((status.code(), &*complaints), (Some(0), ""));
}

/// Linux only: on Windows Ctrl-C goes from a console to all that runs in it, these tests too, and std has no way to send
/// Ctrl-Break to one program. That quay ends at Ctrl-C there is for the check list of docs/windows.md.
#[cfg(target_os = "linux")]
#[test]
fn a_watch_ends_when_it_is_interrupted() {
    use rustix::process::{Pid, Signal, kill_process};

    let mut watch = command().args(["list", "--watch", "--interval", "10"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(watch.stdout.take().unwrap()).lines();
    assert!(lines.next().unwrap().unwrap().contains("Ctrl-C"));
    kill_process(Pid::from_child(&watch), Signal::INT).unwrap();
    lines.for_each(drop);
    assert_eq!(watch.wait().unwrap().code(), Some(0));
}
