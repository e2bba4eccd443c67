//! `quay PORT`.

use std::net::{TcpListener, TcpStream};

use crate::stage::{Child, datagrams, listen, quay};

fn listener() -> (TcpListener, String) {
    let (listener, address) = listen("127.0.0.1:0");
    (listener, address.port().to_string())
}

#[test]
fn a_port_that_is_held_names_its_holder() {
    let (_listener, port) = listener();
    let own = std::process::id();
    for typed in [port.clone(), format!(":{port}")] {
        let said = quay([&typed]);
        assert_eq!(said.code, Some(0), "{said:?}");
        assert!(said.out.starts_with(&format!("Port {port} is held by ")), "{said:?}");
        for part in [format!("(PID {own})"), format!("tcp4 127.0.0.1:{port} LISTEN"), "this computer only".into()] {
            assert!(said.out.contains(&part), "{part}: {said:?}");
        }
        assert!(!said.out.contains('\u{1b}'), "{said:?}");
    }
}

#[test]
fn the_answer_as_json() {
    let (listener, port) = listener();
    let _client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let said = quay([&port, "--json"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let json = said.json();
    assert_eq!(json["schema"], 1);
    assert!(json["taken_at"].as_u64().is_some_and(|at| at > 1_700_000_000_000), "{json}");
    let answer = &json["answer"];
    assert_eq!((answer["port"].to_string(), answer["standing"].as_str()), (port, Some("held")));
    assert_eq!(answer["holders"].as_array().map(Vec::len), Some(1), "{answer}");
    assert_eq!(answer["holders"][0]["process"]["pid"], std::process::id());
    assert_eq!(answer["holders"][0]["protected"], "ancestor");
    assert_eq!((&answer["connections"], &answer["clients"][0]["local"]), (&1.into(), &true.into()), "{answer}");
}

#[test]
fn a_client_on_this_computer_is_named() {
    let (listener, port) = listener();
    let child = Child::connected_to(listener.local_addr().unwrap().port());
    let said = quay([&port]);
    let (head, clients) = said.out.split_once("Connected to it").unwrap_or_else(|| panic!("{said:?}"));
    let pid = format!("(PID {})", child.pid());
    assert!(clients.contains(&pid) && clients.contains("1 connection (tcp) from 127.0.0.1"), "{said:?}");
    assert!(!head.contains(&pid), "a client is no holder: {said:?}");
}

#[test]
fn the_own_end_of_a_connection_is_no_listener() {
    let child = Child::start();
    let stream = TcpStream::connect(("127.0.0.1", child.port)).unwrap();
    let _ = stream.ttl();
    let own = stream.local_addr().unwrap().port();
    let said = quay([own.to_string()]);
    assert_eq!(said.code, Some(0), "a program uses it: {said:?}");
    assert!(said.out.starts_with(&format!("Nobody listens on port {own}.")), "{said:?}");
    assert!(said.out.contains(&format!("(PID {})", std::process::id())), "{said:?}");
}

#[test]
fn several_holders_are_all_named() {
    let (_udp, port) = datagrams("127.0.0.1");
    let child = Child::start_at(port);
    let said = quay([port.to_string()]);
    assert!(said.out.starts_with(&format!("Port {port} is held by 2 programs:")), "{said:?}");
    for pid in [std::process::id(), child.pid()] {
        assert!(said.out.contains(&format!("(PID {pid})")), "{said:?}");
    }
}

#[test]
fn a_free_port() {
    // Nobody has served tcpmux for decades.
    let said = quay(["1"]);
    assert_eq!((said.code, said.out.lines().next()), (Some(1), Some("Port 1 is free.")), "{said:?}");
    let json = quay(["1", "--json"]);
    assert_eq!((json.code, &json.json()["answer"]["standing"]), (Some(1), &"free".into()), "{json:?}");
}

#[test]
fn in_chinese_too() {
    let (_listener, port) = listener();
    let said = quay([&*port, "--lang", "zh-CN"]);
    assert!(said.out.starts_with(&format!("端口 {port} 被 ")) && said.out.contains("仅本机"), "{said:?}");
    let english = ["held", "Started", "Open at", "Reachable"].into_iter().find(|word| said.out.contains(word));
    assert_eq!(english, None, "{said:?}");
}

#[test]
fn what_is_no_port_is_explained() {
    for typed in ["nginx", "65536", "-1", "7897 ", "::1"] {
        let said = quay([typed]);
        assert_eq!((said.code, &*said.out), (Some(2), ""), "{typed}: {said:?}");
        assert!(said.err.contains("--help"), "{typed}: {said:?}");
    }
}
