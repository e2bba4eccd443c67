//! The engine on a scripted computer: what is asked at once, what waits, what holds still.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod fake;

use std::time::Duration;

use fake::{Script, listener, machine, request};
use quaymaster_core::{Change, SocketKey};
use quaymaster_engine::wire::{Column, Frame, FrameRequest, Line, Mark, Row, Sort};
use quaymaster_engine::{Engine, INTERVALS};

fn start(first: Vec<Change>) -> (Engine, Script) {
    let (machine, script) = machine(first, false);
    (Engine::start(machine, *INTERVALS.start()).unwrap(), script)
}

fn ask(engine: &Engine, request: FrameRequest) -> Frame {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(engine.next_frame(request)).unwrap()
}

/// Asks until `enough` says so: the engine works beside the test, in its own time.
fn until(engine: &Engine, mut request: FrameRequest, enough: impl Fn(&Frame) -> bool) -> Frame {
    loop {
        let frame = ask(engine, request.clone());
        if enough(&frame) {
            return frame;
        }
        request.after = Some(frame.sequence);
    }
}

fn rows(frame: &Frame) -> Vec<&Row> {
    let lines = frame.lines.iter();
    lines.filter_map(|line| if let Line::Socket(row) = line { Some(&**row) } else { None }).collect()
}

fn ports(frame: &Frame) -> Vec<(u16, Mark)> {
    rows(frame).iter().map(|row| (row.socket.local_port, row.mark)).collect()
}

#[test]
fn the_first_frame_comes_at_once_and_names_follow() {
    let (engine, _script) = start(vec![Change::Opened(listener(1, 80, 10)), Change::Opened(listener(2, 22, 11))]);
    let named =
        |frame: &Frame| rows(frame).len() == 2 && rows(frame).iter().all(|row| !row.socket.owners[0].name.is_empty());
    let frame = until(&engine, request(), named);
    assert_eq!(ports(&frame), [(22, Mark::Steady), (80, Mark::Steady)]);
    assert_eq!(rows(&frame)[1].socket.owners[0].name, "program-10");
    assert!(rows(&frame)[0].socket.already_open);
    until(&engine, request(), |frame| rows(frame)[0].socket.user.as_deref() == Some("user-1000"));
}

#[test]
fn a_request_waits_for_something_newer() {
    let (engine, script) = start(vec![Change::Opened(listener(1, 80, 10))]);
    let first = until(&engine, request(), |frame| frame.total == 1);
    script.then(vec![Change::Opened(listener(2, 81, 10))]);
    let later = until(&engine, FrameRequest { after: Some(first.sequence), ..request() }, |frame| frame.total == 2);
    assert!(later.sequence > first.sequence);
    assert_eq!(ports(&later), [(80, Mark::Steady), (81, Mark::New)]);
    assert!(!rows(&later)[1].socket.already_open);
}

#[test]
fn nothing_moves_while_the_order_is_held() {
    let (engine, script) = start(vec![Change::Opened(listener(1, 50, 10)), Change::Opened(listener(2, 60, 10))]);
    let held = FrameRequest { hold: true, ..request() };
    until(&engine, held.clone(), |frame| frame.total == 2);
    script.then(vec![Change::Opened(listener(3, 40, 10)), Change::Closed(SocketKey::Cookie(1))]);
    let frame = until(&engine, held, |frame| frame.lines.len() == 3);
    assert!(frame.held);
    assert_eq!(ports(&frame), [(50, Mark::Closed), (60, Mark::Steady), (40, Mark::New)]);
    assert_eq!((frame.total, frame.matched), (2, 2));
    let free = until(&engine, request(), |frame| frame.lines.len() == 2);
    assert_eq!(ports(&free).iter().map(|row| row.0).collect::<Vec<_>>(), [40, 60]);
}

/// The page turns away from a question that still waits whenever something is typed, and soon after the pointer may be
/// over the rows.
#[test]
fn a_question_that_was_left_waiting_does_not_move_what_is_held() {
    let (engine, script) = start(vec![Change::Opened(listener(1, 50, 10)), Change::Opened(listener(2, 60, 11))]);
    // All that is told beside the looks has come: nothing but the next look answers the question that is left.
    let settled = |frame: &Frame| {
        rows(frame).len() == 2
            && rows(frame).iter().all(|row| row.socket.user.is_some() && !row.socket.owners[0].name.is_empty())
    };
    let first = until(&engine, request(), settled);
    let descending = Sort { column: Column::LocalPort, descending: true };
    let held = FrameRequest { sort: descending, hold: true, ..request() };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let seen = runtime.block_on(async {
        let other = engine.clone();
        let left =
            tokio::spawn(
                async move { other.next_frame(FrameRequest { after: Some(first.sequence), ..request() }).await },
            );
        tokio::task::yield_now().await;
        engine.next_frame(FrameRequest { sort: descending, ..request() }).await.unwrap();
        let mut seen = engine.next_frame(held.clone()).await.unwrap();
        script.then(vec![Change::Opened(listener(3, 70, 12))]);
        while seen.lines.len() < 3 {
            seen = engine.next_frame(FrameRequest { after: Some(seen.sequence), ..held.clone() }).await.unwrap();
        }
        assert!(left.await.unwrap().is_ok(), "it was answered all the same");
        seen
    });
    assert_eq!(ports(&seen).iter().map(|row| row.0).collect::<Vec<_>>(), [60, 50, 70]);
}

#[test]
fn a_wrong_filter_is_said_and_the_last_good_result_stays() {
    let (engine, _script) = start(vec![Change::Opened(listener(1, 80, 10)), Change::Opened(listener(2, 81, 10))]);
    let good = FrameRequest { filter: "port:80".into(), ..request() };
    let wrong = FrameRequest { filter: "端口 port:8o".into(), ..request() };
    let before = until(&engine, good, |frame| frame.total == 2);
    let after = ask(&engine, wrong);
    assert_eq!(ports(&after), ports(&before));
    let problem = after.filter_problem.unwrap();
    assert_eq!((problem.code, problem.piece.as_str()), ("bad_port", "8o"));
    // Two Chinese characters are six bytes, but two units to JavaScript.
    assert_eq!((problem.start, problem.end), (8, 10));
}

#[test]
fn paused_means_no_look_until_asked() {
    let (engine, script) = start(vec![]);
    until(&engine, request(), |frame| frame.taken_at.0 > 0);
    engine.set_paused(true).unwrap();
    assert!(until(&engine, request(), |frame| frame.paused).paused);
    let looked = script.looked();
    std::thread::sleep(*INTERVALS.start() * 3);
    assert_eq!(script.looked(), looked);
    engine.look_now().unwrap();
    ask(&engine, request());
    assert_eq!(script.looked(), looked + 1);
}

/// Between fork and exec a child shows its parent's program, and exec changes neither PID nor start.
#[test]
fn a_program_that_was_read_in_its_first_moment_is_read_again() {
    let (engine, _script) = start(vec![Change::Opened(listener(1, 80, fake::YOUNG))]);
    let name = |frame: &Frame| rows(frame).first().map(|row| row.socket.owners[0].name.clone()).unwrap_or_default();
    until(&engine, request(), |frame| name(frame).starts_with("program-"));
    until(&engine, request(), |frame| name(frame).starts_with("successor-"));
}

#[test]
fn stuck_processes_stop_neither_the_looks_nor_what_is_learnt_of_others() {
    let (machine, script) = machine((1..=8).map(|n| Change::Opened(listener(n.into(), 80, n))).collect(), true);
    let engine = Engine::start(machine, *INTERVALS.start()).unwrap();
    until(&engine, request(), |_| script.looked() > 2);
    script.then(vec![Change::Opened(listener(10, 80, 10))]);
    let known = |frame: &Frame| -> Vec<u32> {
        let owners = rows(frame).into_iter().map(|row| row.socket.owners[0].clone());
        owners.filter(|owner| !owner.name.is_empty()).map(|owner| owner.pid).collect()
    };
    until(&engine, request(), |frame| known(frame) == [2, 4, 6, 8, 10]);
}

/// With ten seconds between two looks.
#[test]
fn a_listener_shows_between_two_looks() {
    let (machine, script) = machine(vec![Change::Opened(listener(1, 80, 10))], false);
    let engine = Engine::start(machine, *INTERVALS.end()).unwrap();
    until(&engine, request(), |frame| frame.total == 1);
    let looked = script.looked();
    script.between(vec![Change::Opened(listener(2, 81, 12))]);
    let frame = until(&engine, request(), |frame| frame.total == 2 && !rows(frame)[1].socket.owners[0].name.is_empty());
    assert_eq!((script.looked(), rows(&frame)[1].mark), (looked, Mark::New));
    script.between(vec![Change::Closed(SocketKey::Cookie(2))]);
    until(&engine, request(), |frame| frame.total == 1);
    assert_eq!(script.looked(), looked);
}

/// Looks so long, and so long at listeners, that no second look at listeners is due by itself between two looks.
#[test]
fn listeners_are_looked_at_just_before_a_long_look() {
    let (engine, script) = start(vec![Change::Opened(listener(1, 80, 10))]);
    *script.pace.lock().unwrap() = (Duration::from_millis(60), Duration::from_millis(60));
    let rest = |script: &Script| script.glanced.lock().unwrap().get(8..).unwrap_or_default().to_vec();
    until(&engine, request(), |_| rest(&script).len() > 4);
    assert!(rest(&script).iter().any(|glances| *glances > 1), "{:?}", rest(&script));
}

/// Programs that listen and are never read, one at every look at listeners.
#[test]
fn a_stream_of_newcomers_puts_no_long_look_off_for_good() {
    let (machine, script) = machine(vec![Change::Opened(listener(1, 80, 2))], true);
    let engine = Engine::start(machine, *INTERVALS.start()).unwrap();
    script.pace.lock().unwrap().0 = Duration::from_millis(60);
    for number in 0..400u16 {
        let pid = u32::from(number) * 2 + 3;
        script.between(vec![Change::Opened(listener(u64::from(pid), 1_000 + number, pid))]);
    }
    let began = std::time::Instant::now();
    until(&engine, request(), |_| script.looked() > 6 || began.elapsed() > Duration::from_secs(40));
    let open = until(&engine, request(), |_| true).total;
    assert!(script.looked() > 6 && open < 400, "{} looks, {open} open", script.looked());
}

#[test]
fn while_nobody_watches_looks_are_rare_and_who_comes_back_sees_what_is() {
    let (engine, script) = start(vec![Change::Opened(listener(1, 80, 10))]);
    until(&engine, request(), |frame| frame.total == 1);
    let rest = Duration::from_secs(2);
    let resting = || {
        let looked = script.looked();
        std::thread::sleep(rest);
        script.looked() == looked
    };
    assert!((0..30).any(|_| resting()), "four looks' time without one");
    script.then(vec![Change::Opened(listener(2, 81, 12))]);
    assert_eq!(ask(&engine, request()).total, 2);
}

#[test]
fn only_the_lines_asked_for_are_sent_and_a_row_can_be_found() {
    let many = (0..1_000).map(|n| Change::Opened(listener(u64::from(n) + 1, n + 1, 10))).collect();
    let (engine, _script) = start(many);
    let window = FrameRequest { first: 990, count: 60, ..request() };
    let frame = until(&engine, window, |frame| frame.total == 1_000);
    assert_eq!((frame.line_count, frame.lines.len(), frame.first), (1_000, 10, 990));
    let id = rows(&frame)[3].id;
    let found = ask(&engine, FrameRequest { locate: Some(id), count: 1, detail: Some(id), ..request() });
    assert_eq!(found.located, Some(993));
    let detail = found.detail.unwrap();
    assert_eq!((detail.row.id, detail.siblings.len(), detail.sibling_count), (id, 50, 999));
    assert_eq!(ask(&engine, FrameRequest { count: u32::MAX, ..request() }).lines.len(), 500);
}

#[test]
fn the_thread_ends_with_its_last_handle() {
    let (engine, script) = start(vec![]);
    ask(&engine, request());
    let other = engine.clone();
    drop(engine);
    ask(&other, request());
    drop(other);
    script.ended.recv_timeout(Duration::from_secs(60)).unwrap();
}

#[test]
fn a_screenful_of_ten_thousand_sockets_is_sent_in_less_than_100_kb() {
    let many = (0..10_000).map(|n| Change::Opened(listener(u64::from(n) + 1, n + 1, u32::from(n) % 50 + 1))).collect();
    let (engine, _script) = start(many);
    let screen = FrameRequest { first: 5_000, count: 100, port: Some(5_000), ..request() };
    let frame = until(&engine, screen, |frame| {
        frame.total == 10_000 && rows(frame).iter().all(|row| !row.socket.owners[0].name.is_empty())
    });
    let sent = serde_json::to_vec(&frame).unwrap().len();
    assert!((10_000..100_000).contains(&sent), "{sent} bytes");
}

#[test]
fn the_listening_ports_are_summed_up_each_once_and_with_names() {
    let elsewhere = |cookie, port, pid| Change::Opened(listener(cookie, port, pid));
    let (engine, script) = start(vec![elsewhere(1, 8080, 10), elsewhere(2, 22, 11), elsewhere(3, 8080, 10)]);
    until(&engine, request(), |frame| rows(frame).iter().all(|row| !row.socket.owners[0].name.is_empty()));
    let sum = |most| {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(engine.listeners_summary(most)).unwrap()
    };
    let told = sum(12);
    let named: Vec<_> = told.ports.iter().map(|one| (one.port, one.program.as_deref())).collect();
    assert_eq!(named, [(22, Some("program-11")), (8080, Some("program-10"))]);
    assert_eq!((told.listening, told.connections, told.paused), (2, 0, false));
    assert_eq!(sum(1).ports.len(), 1);

    script.then(vec![Change::Closed(SocketKey::Cookie(2))]);
    until(&engine, request(), |frame| frame.total == 2);
    let told = sum(12);
    assert_eq!((told.ports[0].port, told.listening), (8080, 1));
}

/// The tray asks beside the page: the page's own question goes on waiting.
#[test]
fn a_summary_disturbs_no_question_that_waits() {
    let (engine, script) = start(vec![Change::Opened(listener(1, 80, 10))]);
    let first = until(&engine, request(), |frame| frame.total == 1);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    engine.set_paused(true).unwrap();
    let paused = until(&engine, FrameRequest { after: Some(first.sequence), ..request() }, |frame| frame.paused);
    let waits = engine.next_frame(FrameRequest { after: Some(paused.sequence), ..request() });
    let told = runtime.block_on(async {
        let mut waits = std::pin::pin!(waits);
        let early = std::future::poll_fn(|task| std::task::Poll::Ready(waits.as_mut().poll(task).is_ready())).await;
        assert!(!early);
        let told = engine.listeners_summary(12).await.unwrap();
        let early = std::future::poll_fn(|task| std::task::Poll::Ready(waits.as_mut().poll(task).is_ready())).await;
        assert!(!early, "it was answered for the tray's sake");
        told
    });
    assert!(told.paused);
    drop(script);
}
