//! `quay end`.

use std::net::{TcpListener, TcpStream, UdpSocket};

use crate::stage::{Child, Said, quay};

fn end(target: impl ToString, options: &[&str]) -> Said {
    let target = target.to_string();
    quay(["end", &target].into_iter().chain(options.iter().copied()))
}

#[test]
fn a_program_is_ended_by_its_pid() {
    let mut child = Child::start();
    let said = end(child.pid(), &["--yes"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    for part in [format!("tcp {}", child.port), "has ended".into(), format!("Port {} is released.", child.port)] {
        assert!(said.out.contains(&part), "{part}: {said:?}");
    }
    assert_eq!(child.ended_by(), Some(15), "it was asked, not forced");
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
    assert_eq!(child.ended_by(), Some(9), "forced");
}

#[test]
fn what_quay_runs_inside_is_refused() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    // By its port; by its PID; and one that holds no socket of its own, if that is what the parent is.
    let parent = std::os::unix::process::parent_id();
    for target in [format!(":{port}"), std::process::id().to_string(), parent.to_string()] {
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
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut client = Child::connected_to(listener.local_addr().unwrap().port());
    let (stream, peer) = listener.accept().unwrap();
    // Its end of the connection is a port that it does not hold.
    let said = end(format!(":{}", peer.port()), &["--yes"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.err.starts_with("Nobody listens"), "{said:?}");
    // And the port that it talks to is somebody else's.
    assert_eq!(end(format!(":{}", stream.local_addr().unwrap().port()), &["--yes"]).code, Some(3));
    assert!(client.runs());
}

#[test]
fn of_several_holders_none_is_chosen() {
    let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
    let port = udp.local_addr().unwrap().port();
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
    assert_eq!(said.code, Some(3), "{said:?}");
    assert!(said.out.contains(&format!("quay end {} --force", child.pid())), "{said:?}");
    assert!(child.runs());
    let said = end(child.pid(), &["--yes", "--force"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(child.ended_by(), Some(9));
}

#[test]
fn nobody_to_end() {
    assert_eq!(end(":1", &["--yes"]).code, Some(1));
    // Larger than any PID that Linux gives (PID_MAX_LIMIT, 2^22).
    let said = end(5_000_000, &["--yes"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    // Who forgets the colon learns how a port is written.
    let child = Child::start();
    let stream = TcpStream::connect(("127.0.0.1", child.port)).unwrap();
    drop(stream);
    for wrong in ["nginx", ":http", "", ":"] {
        assert_eq!(end(wrong, &["--yes"]).code, Some(2), "{wrong:?}");
    }
}
