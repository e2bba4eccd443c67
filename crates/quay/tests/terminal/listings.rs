//! `quay` and `quay list`.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::stage::{command, quay};

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

#[test]
fn the_json_keeps_its_promise() {
    let listener = TcpListener::bind("[::1]:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let client = stream.local_addr().unwrap().port();
    let _accepted = listener.accept().unwrap();
    let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
    let udp_port = udp.local_addr().unwrap().port();

    let said =
        quay(["list", &format!("lport:{port}|{client}|{udp_port}"), &format!("pid:{}", std::process::id()), "--json"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let json = said.json();
    has(&json, &["schema", "taken_at", "sockets", "hidden"]);
    assert_eq!(json["schema"], 1);
    assert!(json["hidden"].as_object().unwrap().values().all(Value::is_u64), "{json}");
    let sockets = json["sockets"].as_array().unwrap();
    assert_eq!(sockets.len(), 4, "listener, both ends, UDP: {json}");
    for socket in sockets {
        has(socket, &SOCKET_KEYS);
        assert_eq!(socket["owners"][0]["pid"], std::process::id());
        has(&socket["owners"][0], &OWNER_KEYS);
        assert!(socket["first_seen"].as_u64() <= json["taken_at"].as_u64(), "{socket}");
    }
    let find = |port: u16, state: Option<&str>| {
        sockets.iter().find(|socket| socket["local_port"] == port && socket["state"].as_str() == state).unwrap()
    };
    let listening = find(port, Some("LISTEN"));
    assert_eq!((&listening["protocol"], &listening["family"]), (&"tcp".into(), &6.into()));
    assert_eq!((&listening["local_address"], &listening["remote_address"]), (&"::1".into(), &Value::Null));
    let connected = find(client, Some("ESTABLISHED"));
    assert_eq!((&connected["remote_address"], &connected["remote_port"]), (&"::1".into(), &port.into()));
    let datagrams = find(udp_port, None);
    assert_eq!((&datagrams["protocol"], &datagrams["family"]), (&"udp".into(), &4.into()));
}

#[test]
fn a_pipe_gets_rows_and_nothing_else() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
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
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let end = format!("127.0.0.1:{}", listener.local_addr().unwrap().port());
    let said = quay::<&str>([]);
    assert!(said.code == Some(0) && said.out.contains(&end), "{said:?}");
    let chinese = quay(["--lang", "zh-CN"]);
    assert!(chinese.out.starts_with("程序") && chinese.out.contains(&end), "{chinese:?}");
}

#[test]
fn rows_stand_in_the_order_asked_for() {
    let mut listeners: Vec<_> = (0..4).map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
    let mut ports: Vec<_> = listeners.iter().map(|listener| listener.local_addr().unwrap().port()).collect();
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
    listeners.clear();
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

#[test]
fn a_watch_ends_when_it_is_interrupted() {
    let mut watch = command().args(["list", "--watch", "--interval", "10"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(watch.stdout.take().unwrap()).lines();
    assert!(lines.next().unwrap().unwrap().contains("Ctrl-C"));
    kill_process(Pid::from_child(&watch), Signal::INT).unwrap();
    lines.for_each(drop);
    assert_eq!(watch.wait().unwrap().code(), Some(0));
}
