//! The watch on a scripted computer: what is told of new listeners, how soon, how often, and what is remembered.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

#[expect(dead_code, reason = "the other tests use the rest of it")]
mod fake;

use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use fake::{Script, listener, machine};
use quaymaster_core::{Bytes, Change, Endpoint, Owner, Socket, SocketKey, TcpState};
use quaymaster_engine::watch::{Happening, Observers, Warden, WatchStart, What};
use quaymaster_engine::wire::{Alert, WatchRule, WatchSettings};
use quaymaster_engine::{Engine, INTERVALS};

/// Longer than anything here takes, on a slow machine too.
const LONG: Duration = Duration::from_secs(30);
/// So long nothing is told if nothing is to be told: longer than what is gathered waits.
const SILENCE: Duration = Duration::from_secs(2);

struct Watched {
    engine: Engine,
    script: Script,
    alerts: Receiver<Alert>,
}

/// An engine with a warden who keeps the baseline in `folder`.
fn watched(folder: &Path, settings: &WatchSettings, first: Vec<Change>) -> Watched {
    let (tell, alerts) = channel();
    let tell = Box::new(move |alert| drop(tell.send(alert)));
    let warden = Warden::new(WatchStart { folder, settings, tell });
    let (machine, script) = machine(first, false);
    let observers = Observers { warden: Some(warden), ..Observers::default() };
    let engine = Engine::start_observed(machine, *INTERVALS.start(), observers).unwrap();
    Watched { engine, script, alerts }
}

impl Watched {
    fn opens(&self, cookie: u64, port: u16, pid: u32) {
        self.script.between(vec![Change::Opened(listener(cookie, port, pid))]);
    }

    fn next(&self) -> Alert {
        self.alerts.recv_timeout(LONG).unwrap()
    }

    fn is_silent(&self) -> bool {
        self.alerts.recv_timeout(SILENCE).is_err()
    }

    /// Ends the engine, and waits until what it remembers is written.
    fn end(self) {
        let Self { engine, script, alerts } = self;
        drop(engine);
        script.ended.recv_timeout(LONG).unwrap();
        // The warden, who waits for the last writing, drops his end last.
        while alerts.recv_timeout(LONG).is_ok() {}
    }
}

fn ports(alert: &Alert) -> Vec<u16> {
    alert.listeners.iter().map(|one| one.port).collect()
}

#[test]
fn the_first_run_learns_quietly_and_a_newcomer_is_told_with_its_program() {
    let folder = tempfile::tempdir().unwrap();
    let first = vec![Change::Opened(listener(1, 22, 10)), Change::Opened(listener(2, 631, 11))];
    let watched = watched(folder.path(), &WatchSettings::default(), first);
    assert!(watched.is_silent(), "what was there is learnt");
    let began = Instant::now();
    watched.opens(3, 8000, 12);
    let alert = watched.next();
    println!("told after {:?}", began.elapsed());
    assert_eq!((alert.count, ports(&alert)), (1, vec![8000]));
    assert_eq!(alert.listeners[0].program.as_deref(), Some("program-12"));
    // The same program at the same port, started again: said once.
    watched.script.between(vec![Change::Closed(SocketKey::Cookie(3))]);
    watched.opens(4, 8000, 12);
    assert!(watched.is_silent());
}

#[test]
fn what_is_expected_is_not_told_after_a_restart_and_what_is_not_is() {
    let folder = tempfile::tempdir().unwrap();
    let settings = WatchSettings::default();
    let first = watched(folder.path(), &settings, vec![Change::Opened(listener(1, 22, 10))]);
    assert!(first.is_silent());
    first.script.between(vec![Change::Opened(listener(2, 8000, 12)), Change::Opened(listener(3, 9000, 13))]);
    let alert = first.next();
    assert_eq!(ports(&alert), [8000, 9000]);
    first.engine.expect_listeners(vec![alert.listeners[0].row]).unwrap();
    first.end();

    let again = watched(
        folder.path(),
        &settings,
        vec![
            Change::Opened(listener(7, 22, 10)),
            Change::Opened(listener(8, 8000, 12)),
            Change::Opened(listener(9, 9000, 13)),
        ],
    );
    assert_eq!(ports(&again.next()), [9000], "started while nobody looked, and never called expected");
    assert!(again.is_silent());
}

#[test]
fn many_at_once_are_one_alert_and_the_next_waits() {
    let folder = tempfile::tempdir().unwrap();
    let watched = watched(folder.path(), &WatchSettings::default(), Vec::new());
    assert!(watched.is_silent());
    let many = (0..200u16).map(|n| {
        let pid = if n < 150 { 20 } else { 21 };
        Change::Opened(listener(100 + u64::from(n), 2_000 + n, pid))
    });
    watched.script.between(many.collect());
    let alert = watched.next();
    let told = Instant::now();
    assert_eq!((alert.count, alert.listeners.len(), alert.rows.len()), (200, Alert::LISTED, 200));
    let programs: Vec<_> = alert.programs.iter().map(|one| (one.program.as_deref(), one.count)).collect();
    assert_eq!(programs, [(Some("program-20"), 150), (Some("program-21"), 50)]);
    watched.opens(1, 8000, 30);
    assert_eq!(ports(&watched.next()), [8000]);
    assert!(told.elapsed() > Duration::from_secs(9), "{:?}", told.elapsed());
}

#[test]
fn whoever_wants_no_notification_gets_none_and_finds_the_news_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let settings = WatchSettings { notify: false, ..WatchSettings::default() };
    let watched = watched(folder.path(), &settings, Vec::new());
    assert!(watched.is_silent());
    watched.opens(1, 8000, 30);
    assert!(watched.is_silent());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let news = || runtime.block_on(watched.engine.news()).unwrap();
    assert_eq!(news().iter().map(|one| one.port).collect::<Vec<_>>(), [8000]);
    watched.engine.dismiss_news().unwrap();
    assert!(news().is_empty());
}

#[test]
fn a_rule_silences_and_the_settings_are_in_force_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let watched = watched(folder.path(), &WatchSettings::default(), Vec::new());
    assert!(watched.is_silent());
    let never = WatchRule { tell: false, program: Some("program-30".into()), ..WatchRule::default() };
    watched.engine.set_watch(WatchSettings { rules: vec![never], ..WatchSettings::default() }).unwrap();
    watched.opens(1, 8000, 30);
    assert!(watched.is_silent());
    watched.opens(2, 8001, 31);
    assert_eq!(ports(&watched.next()), [8001]);
}

#[test]
fn everything_that_happens_is_told_in_order_with_its_program() {
    let (tell, told) = channel();
    let listener_of = Box::new(move |happened: &[Happening]| {
        for one in happened {
            let name = one.row.owners.first().map_or(String::new(), |owner| owner.name.clone());
            let _ = tell.send((one.what, one.row.socket.local.port, name));
        }
    });
    let (machine, script) = machine(vec![Change::Opened(listener(1, 80, 10))], false);
    let observers = Observers { listeners: vec![listener_of], ..Observers::default() };
    let _engine = Engine::start_observed(machine, *INTERVALS.start(), observers).unwrap();
    let next = || told.recv_timeout(LONG).unwrap();
    assert_eq!(next(), (What::ListenerOpened, 80, "program-10".into()));
    let connection = Socket {
        key: SocketKey::Cookie(2),
        remote: Some(Endpoint::new([10, 0, 0, 7].into(), 443)),
        state: Some(TcpState::Established),
        ..listener(2, 50_000, 12)
    };
    script.then(vec![Change::Opened(connection.clone())]);
    assert_eq!(next(), (What::ConnectionOpened, 50_000, "program-12".into()));
    // The program lets it go; the kernel keeps it for a minute, which is no part of its life.
    let left = Socket {
        state: Some(TcpState::TimeWait),
        owner: Owner::Kernel(Default::default()),
        key: SocketKey::Cookie(3),
        ..connection
    };
    script.then(vec![Change::Closed(SocketKey::Cookie(2)), Change::Opened(left)]);
    assert_eq!(next(), (What::ConnectionClosed, 50_000, "program-12".into()));
    // Half open or bound and idle is nothing yet.
    let idle = Socket { state: Some(TcpState::Closed), ..listener(5, 90, 12) };
    script.then(vec![Change::Opened(idle.clone())]);
    script.then(vec![Change::Changed(Socket { state: Some(TcpState::Listen), ..idle })]);
    assert_eq!(next(), (What::ListenerOpened, 90, "program-12".into()));
    // Come and gone between two looks of the readers: both are told.
    script.then(vec![Change::Closed(SocketKey::Cookie(5)), Change::Closed(SocketKey::Cookie(1))]);
    assert_eq!((next().0, next().0), (What::ListenerClosed, What::ListenerClosed));
}

/// With the end, where they are known by then, or later, once; never for what was not told.
#[test]
fn what_went_through_a_connection_is_told_with_its_end_or_after_it() {
    let (tell, told) = channel();
    let listener_of = Box::new(move |happened: &[Happening]| {
        for one in happened {
            let _ = tell.send((one.what, one.row.socket.local.port, one.bytes));
        }
    });
    let connection = |cookie, port| Socket {
        remote: Some(Endpoint::new([10, 0, 0, 7].into(), 443)),
        state: Some(TcpState::Established),
        ..listener(cookie, port, 12)
    };
    let left = |state, socket: Socket| {
        Change::Changed(Socket { state: Some(state), owner: Owner::Kernel(Default::default()), ..socket })
    };
    let (machine, script) = machine(Vec::new(), false);
    let observers = Observers { listeners: vec![listener_of], ..Observers::default() };
    let _engine = Engine::start_observed(machine, *INTERVALS.start(), observers).unwrap();
    let next = || told.recv_timeout(LONG).unwrap();
    let bytes = |received| Bytes { received, sent: 7 };
    let counted = |cookie, received| Change::Counted(SocketKey::Cookie(cookie), bytes(received));

    let ports = [(1, 50_001), (2, 50_002), (3, 50_003)];
    script.then(ports.map(|(cookie, port)| Change::Opened(connection(cookie, port))).to_vec());
    for (_, port) in ports {
        assert_eq!(next(), (What::ConnectionOpened, port, None));
    }
    // Closed second, and closed first.
    script.then(vec![counted(1, 1), Change::Closed(SocketKey::Cookie(1))]);
    assert_eq!(next(), (What::ConnectionClosed, 50_001, Some(bytes(1))));
    script.then(vec![counted(2, 2), left(TcpState::TimeWait, connection(2, 50_002))]);
    assert_eq!(next(), (What::ConnectionClosed, 50_002, Some(bytes(2))));
    // The kernel still sends; it is told once more, and only once, when that is over.
    script.then(vec![left(TcpState::FinWait1, connection(3, 50_003))]);
    assert_eq!(next(), (What::ConnectionClosed, 50_003, None));
    script.then(vec![counted(3, 3), Change::Closed(SocketKey::Cookie(3)), counted(2, 9)]);
    assert_eq!(next(), (What::BytesLearnt, 50_003, Some(bytes(3))));
    // Left over from the start, it was never told.
    let orphan =
        Socket { owner: Owner::Kernel(Default::default()), state: Some(TcpState::FinWait1), ..connection(4, 50_004) };
    script.then(vec![Change::Opened(orphan)]);
    script.then(vec![counted(4, 4), Change::Closed(SocketKey::Cookie(4)), Change::Opened(listener(5, 90, 12))]);
    assert_eq!(next(), (What::ListenerOpened, 90, None));
}
