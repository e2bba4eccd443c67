//! `quay end`.

use std::net::TcpStream;

use quaymaster_engine::once::Look;

use crate::stage::{Child, Ending, Said, datagrams, listen, quay};
use crate::wine::lacks;

fn end(target: impl ToString, options: &[&str]) -> Said {
    let target = target.to_string();
    quay(["end", &target].into_iter().chain(options.iter().copied()))
}

/// A program has ended, and the person was told everything.
fn told(said: &Said, child: &Child) {
    assert_eq!(said.code, Some(0), "{said:?}");
    for part in [format!("tcp {}", child.port), "has ended".into(), format!("Port {} is released.", child.port)] {
        assert!(said.out.contains(&part), "{part}: {said:?}");
    }
}

#[test]
fn a_program_that_is_asked_ends_by_itself() {
    let mut child = Child::start();
    let said = end(child.pid(), &["--yes"]);
    if lacks("ctrl-break") {
        left_alone(&said, &mut child);
        return;
    }
    told(&said, &child);
    assert_eq!(child.ending(), Ending::Asked);
}

#[test]
fn a_program_is_forced_to_end_by_its_pid() {
    let mut child = Child::start();
    told(&end(child.pid(), &["--yes", "--force"]), &child);
    assert_eq!(child.ending(), Ending::Forced);
}

/// Asking came to nothing: it was left alone, and the person told how to force it.
fn left_alone(said: &Said, child: &mut Child) {
    assert_eq!(said.code, Some(3), "{said:?}");
    assert!(!said.out.contains("has ended"), "{said:?}");
    assert!(said.out.contains(&format!("quay end {} --force", child.pid())), "{said:?}");
    assert!(child.runs(), "it was forced unasked: {said:?}");
}

#[test]
fn a_program_is_ended_by_its_port_and_scripts_can_read_how() {
    let mut child = Child::start();
    let said = end(format!(":{}", child.port), &["--yes", "--force", "--json"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let json = said.json();
    assert_eq!((&json["schema"], &json["failure"]), (&1.into(), &serde_json::Value::Null));
    assert_eq!(json["plan"]["process"]["process"]["pid"], child.pid());
    assert_eq!(json["outcome"]["progress"], "ended");
    assert_eq!(json["outcome"]["ports"][0]["port"], child.port);
    assert_eq!(json["outcome"]["ports"][0]["fate"], "released");
    assert_eq!(child.ending(), Ending::Forced);
}

#[test]
fn what_quay_runs_inside_is_refused() {
    let (_listener, address) = listen("127.0.0.1:0");
    let port = address.port();
    // By its port; by its PID; and one that holds no socket of its own, if that is what the parent is. (On Windows a parent
    // may have ended long ago.)
    let own = std::process::id();
    let parent = Look::take().unwrap().myself.ancestors.first().map(|key| key.pid);
    assert!(parent.is_some() || cfg!(windows), "nobody has started this test");
    for target in [format!(":{port}"), own.to_string(), parent.unwrap_or(own).to_string()] {
        let said = end(&target, &["--yes"]);
        assert_eq!(said.code, Some(3), "{target}: {said:?}");
        assert!(
            said.err.contains("would end Quaymaster too") || said.err.contains("system itself"),
            "{target}: {said:?}"
        );
    }
    let json = end(format!(":{port}"), &["--yes", "--json"]).json();
    assert_eq!((&json["failure"]["code"], &json["failure"]["refusal"]), (&"refused".into(), &"ancestor".into()));
    assert_eq!(json["outcome"], serde_json::Value::Null);
}

#[test]
fn a_mere_client_is_never_ended() {
    let (listener, address) = listen("127.0.0.1:0");
    let mut client = Child::connected_to(address.port());
    let (_stream, peer) = listener.accept().unwrap();
    // Its end of the connection is a port that it does not hold.
    let said = end(format!(":{}", peer.port()), &["--yes"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.err.starts_with("Nobody listens"), "{said:?}");
    // And the port that it talks to is somebody else's.
    assert_eq!(end(format!(":{}", address.port()), &["--yes"]).code, Some(3));
    assert!(client.runs());
}

#[test]
fn of_several_holders_none_is_chosen() {
    let (_udp, port) = datagrams("127.0.0.1");
    let mut child = Child::start_at(port);
    let said = end(format!(":{port}"), &["--yes"]);
    assert_eq!(said.code, Some(3), "{said:?}");
    for pid in [std::process::id(), child.pid()] {
        assert!(said.err.contains(&format!("(PID {pid})")), "{said:?}");
    }
    assert!(child.runs());
}

#[test]
fn nobody_is_ended_unasked() {
    let mut child = Child::start();
    for options in [&[][..], &["--json"], &["--force"]] {
        let said = end(child.pid(), options);
        assert_eq!((said.code, &*said.out), (Some(2), ""), "{said:?}");
        assert!(said.err.contains("--yes"), "{said:?}");
    }
    assert!(child.runs());
}

#[test]
fn one_that_does_not_listen_to_reason_is_left_running_until_forced() {
    let mut child = Child::deaf();
    let said = end(child.pid(), &["--yes"]);
    left_alone(&said, &mut child);
    let said = end(child.pid(), &["--yes", "--force"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(child.ending(), Ending::Forced);
}

#[test]
fn nobody_to_end() {
    assert_eq!(end(":1", &["--yes"]).code, Some(1));
    // Larger than any PID that Linux gives (PID_MAX_LIMIT, 2^22), and not divisible by four as those of Windows are.
    let said = end(5_000_001, &["--yes"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    // Who forgets the colon learns how a port is written.
    let child = Child::start();
    let stream = TcpStream::connect(("127.0.0.1", child.port)).unwrap();
    drop(stream);
    for wrong in ["nginx", ":http", "", ":"] {
        assert_eq!(end(wrong, &["--yes"]).code, Some(2), "{wrong:?}");
    }
}
