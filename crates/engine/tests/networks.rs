//! Whose the other end is, from the atlas to the page.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

#[allow(dead_code, reason = "every test file uses its own part")]
mod fake;

use fake::{listener, machine, request};
use quaymaster_core::{Change, Endpoint, Socket, SocketKey, TcpState};
use quaymaster_engine::wire::{Frame, FrameRequest, Line, Remotes, Special, Whose};
use quaymaster_engine::{Engine, INTERVALS};

fn calls(number: u64, pid: u32, local: u16, remote: &str) -> Change {
    let socket = listener(number, local, pid);
    let remote: std::net::SocketAddr = remote.parse().unwrap();
    Change::Opened(Socket {
        key: SocketKey::Cookie(number),
        remote: Some(Endpoint::new(remote.ip(), remote.port())),
        state: Some(TcpState::Established),
        ..socket
    })
}

fn frame(first: Vec<Change>, request: FrameRequest) -> Frame {
    let (machine, _script) = machine(first, false);
    let engine = Engine::start(machine, *INTERVALS.end()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut frame = runtime.block_on(engine.next_frame(request.clone())).unwrap();
    while frame.total == 0 {
        let newer = FrameRequest { after: Some(frame.sequence), ..request.clone() };
        frame = runtime.block_on(engine.next_frame(newer)).unwrap();
    }
    frame
}

#[test]
fn rows_say_whose_the_other_end_is_and_harmlessly() {
    let first = vec![
        Change::Opened(listener(1, 80, 10)),
        calls(2, 10, 40_001, "223.5.5.5:443"),
        calls(3, 10, 40_002, "9.9.9.9:53"),
        calls(4, 10, 40_003, "198.18.0.1:443"),
    ];
    let frame = frame(first, request());
    let whose: Vec<Option<&Whose>> = frame
        .lines
        .iter()
        .filter_map(|line| if let Line::Socket(row) = line { Some(row.socket.remote_whose.as_ref()) } else { None })
        .collect();
    let alibaba = Whose::Network {
        asn: Some(45_102),
        organisation: Some("Alibaba \\u{202e}(US) Technology".into()),
        country: Some("CN".into()),
    };
    let fake = Whose::Special { what: Special::ProxyFake };
    assert_eq!(whose, [None, Some(&alibaba), Some(&Whose::Unknown), Some(&fake)]);
}

#[test]
fn the_port_answer_names_whom_its_holder_talks_to_but_not_who_calls_it() {
    let first = vec![
        Change::Opened(listener(1, 80, 10)),
        calls(2, 10, 80, "223.5.5.5:50000"),
        calls(3, 10, 40_001, "223.5.5.5:443"),
        calls(4, 10, 40_002, "223.5.5.5:443"),
        calls(5, 10, 40_003, "9.9.9.9:53"),
        calls(6, 10, 40_004, "192.168.1.1:53"),
        calls(7, 11, 40_005, "223.5.5.5:443"),
    ];
    let frame = frame(first, FrameRequest { port: Some(80), ..request() });
    let answer = frame.port.unwrap();
    let remotes = |organisation: Option<&str>, connections| Remotes {
        organisation: organisation.map(str::to_owned),
        connections,
    };
    let alibaba = remotes(Some("Alibaba \\u{202e}(US) Technology"), 2);
    assert_eq!(answer.holders[0].remotes, [alibaba, remotes(None, 1)]);
}
