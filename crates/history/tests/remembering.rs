//! What is told, and what is remembered of it.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod common;

use common::{
    DAY, HOUR, MINUTE, SECOND, Stage, all, at, calls, closed, end, hung_up, is_sound, lines, listens, program,
};
use proptest::prelude::*;
use quaymaster_core::{Protocol, UnixMillis};
use quaymaster_history::{
    Counted, Deed, EventKind, History, HistoryFilter, Keeping, Note, Page, ReadError, Reader, Remembered,
};

#[test]
fn a_listener_is_one_line_from_its_opening_to_its_end() {
    let stage = Stage::new();
    stage.tell([listens(1, 0, program(7, "nginx"), "0.0.0.0:80"), listens(2, 5, None, "[::1]:53")]);
    assert_eq!(lines(&stage.all()), ["? listens ::1 53, 5..now", "nginx listens 0.0.0.0 80, 0..now"]);
    stage.tell([closed(1, 70), closed(77, 80)]);
    let events = stage.all();
    assert_eq!(lines(&events), ["? listens ::1 53, 5..now", "nginx listens 0.0.0.0 80, 0..70"]);
    let me = Remembered { name: "nginx".into(), path: Some("/usr/bin/nginx".into()), user: Some("me".into()) };
    assert_eq!((events[1].program.clone(), events[1].pid), (Some(me), Some(7)));
    assert_eq!((events[0].program.clone(), events[0].pid), (None, None));
}

#[test]
fn connections_between_the_same_two_are_told_together() {
    let stage = Stage::new();
    let chrome = |id, millis| calls(id, millis, program(7, "chrome"), "10.0.0.2:50001", "192.0.2.1:443");
    stage.tell([chrome(1, 0), hung_up(1, 10 * SECOND, Some((100, 10))), chrome(2, 70 * SECOND)]);
    assert_eq!(lines(&stage.all()), ["chrome 2x to 192.0.2.1 443 100/10, 0..now"]);
    stage.tell([hung_up(2, 71 * SECOND, None), chrome(3, 131 * SECOND + 1)]);
    let first = "chrome 2x to 192.0.2.1 443 100/10, 0..71000";
    assert_eq!(lines(&stage.all()), ["chrome 1x to 192.0.2.1 443, 131001..now", first]);
    // Another port, another process's name, or the other way round are others.
    stage.tell([
        hung_up(3, 140 * SECOND, Some((1, 1))),
        calls(4, 140 * SECOND, program(7, "chrome"), "10.0.0.2:50001", "192.0.2.1:80"),
        calls(5, 140 * SECOND, program(8, "curl"), "10.0.0.2:50001", "192.0.2.1:443"),
        Note::ConnectionOpened {
            id: 6,
            at: at(140 * SECOND),
            program: program(9, "sshd"),
            protocol: Protocol::Tcp,
            local: end("10.0.0.2:22"),
            remote: end("192.0.2.1:443"),
            incoming: true,
            already_open: true,
        },
    ]);
    assert_eq!(
        lines(&stage.all()),
        [
            "sshd 1x from 192.0.2.1 22, 140000..now already",
            "curl 1x to 192.0.2.1 443, 140000..now",
            "chrome 1x to 192.0.2.1 80, 140000..now",
            "chrome 1x to 192.0.2.1 443 1/1, 131001..140000",
            first
        ]
    );
}

#[test]
fn what_goes_on_for_long_gets_a_new_line_and_the_old_one_ends_when_its_last_connection_does() {
    let stage = Stage::new();
    let call = |id, millis| calls(id, millis, program(7, "chrome"), "10.0.0.2:1", "192.0.2.1:443");
    stage.tell([call(1, 0), call(2, HOUR), call(3, HOUR + 1)]);
    assert_eq!(lines(&stage.all()), ["chrome 1x to 192.0.2.1 443, 3600001..now", "chrome 2x to 192.0.2.1 443, 0..now"]);
    stage.tell([hung_up(3, HOUR + 5, None), hung_up(1, HOUR + 6, None), hung_up(2, HOUR + 7, None)]);
    assert_eq!(
        lines(&stage.all()),
        ["chrome 1x to 192.0.2.1 443, 3600001..3600005", "chrome 2x to 192.0.2.1 443, 0..3600007"]
    );
}

#[test]
fn what_went_through_is_added_when_it_is_learnt() {
    let stage = Stage::new();
    let call = |id, millis| calls(id, millis, program(7, "chrome"), "10.0.0.2:1", "192.0.2.1:443");
    let learnt = |id, bytes| Note::BytesLearnt { id, bytes };
    stage.tell([call(1, 0), call(2, 5), hung_up(1, 10, None), hung_up(2, 20, Some((100, 10)))]);
    // Once; and of nobody else.
    stage.tell([learnt(1, (1_000, 1)), learnt(1, (7, 7)), learnt(2, (7, 7)), learnt(9, (7, 7))]);
    assert_eq!(lines(&stage.all()), ["chrome 2x to 192.0.2.1 443 1100/11, 0..20"]);
}

#[test]
fn deeds_are_remembered() {
    let stage = Stage::new();
    let deed = |millis, deed, port| Note::Deed { at: at(millis), deed, program: program(7, "node"), port };
    stage.tell([deed(1, Deed::Ended, Some(3000)), deed(2, Deed::Forced, None), deed(3, Deed::Expected, Some(80))]);
    assert_eq!(
        lines(&stage.all()),
        ["node Expected Some(80), 3..3", "node Forced None, 2..2", "node Ended Some(3000), 1..1"]
    );
}

#[test]
fn another_run_ends_what_was_left_open_when_the_last_one_was_alive() {
    let stage = Stage::new();
    stage.tell([
        listens(1, 0, program(7, "nginx"), "0.0.0.0:80"),
        calls(2, 0, program(7, "curl"), "10.0.0.2:1", "192.0.2.1:443"),
    ]);
    stage.tell([listens(3, 500, program(8, "sshd"), "0.0.0.0:22"), closed(3, 900)]);
    let stage = stage.again(DAY);
    let events = stage.all();
    // The steady clock has gone on for a moment since the last note.
    let ended: Vec<u64> = events.iter().filter(|event| event.cut).map(|event| event.until.unwrap().0).collect();
    assert_eq!(ended.len(), 2);
    assert!(ended.iter().all(|&until| (at(900).0..at(60_900).0).contains(&until)), "{ended:?}");
    // The socket's number begins anew with every run: it means nothing to what was before.
    stage.tell([closed(1, DAY + 5)]);
    assert_eq!(stage.all(), events);
}

#[test]
fn who_reads_beside_the_writer_is_told_what_goes_on_and_afterwards_when_it_ended() {
    let stage = Stage::new();
    stage.tell([listens(1, 0, program(7, "nginx"), "0.0.0.0:80")]);
    let read = || {
        let page = Page { before: None, limit: 9 };
        Reader::of(stage.folder.path()).query(&HistoryFilter::default(), page).unwrap().events
    };
    assert_eq!(lines(&read()), ["nginx listens 0.0.0.0 80, 0..now"]);
    let Stage { folder, history, .. } = stage;
    history.stop();
    let page = Page { before: None, limit: 9 };
    let events = Reader::of(folder.path()).query(&HistoryFilter::default(), page).unwrap().events;
    assert!(events[0].cut && events[0].until.is_some(), "{events:?}");
    assert_eq!(Reader::of(&folder.path().join("elsewhere")).count(&HistoryFilter::default()), Err(ReadError::Absent));
}

#[test]
fn a_clock_that_is_set_back_mixes_nothing_up() {
    let stage = Stage::new();
    let listen = |id, millis| listens(id, millis, program(7, "nginx"), "0.0.0.0:80");
    stage.tell([listen(1, HOUR), listen(2, HOUR), listen(3, 0), listen(4, HOUR), closed(1, 5), closed(3, 6)]);
    let stage = stage.again(0);
    stage.tell([listen(1, HOUR), listen(2, 0), closed(2, 7)]);
    let mut ends: Vec<String> = lines(&stage.all());
    ends.retain(|line| !line.ends_with("cut"));
    assert_eq!(
        ends,
        [
            "nginx listens 0.0.0.0 80, 3600000..now",
            "nginx listens 0.0.0.0 80, 3600000..3600000",
            "nginx listens 0.0.0.0 80, 0..7",
            "nginx listens 0.0.0.0 80, 0..6"
        ]
    );
    assert_eq!(stage.all().len(), 6);
}

#[test]
fn what_is_too_old_goes_and_so_do_the_names_and_addresses_of_it() {
    let stage = Stage::new();
    let notes = (0..30_000u32).flat_map(|number| {
        let (id, millis) = (u64::from(number), u64::from(number) * 2);
        let remote = format!("10.{}.{}.{}:443", number >> 16, number >> 8 & 255, number & 255);
        let who = program(number, &format!("old{}", number / 1_000));
        [calls(id, millis, who, "10.0.0.2:1", &remote), hung_up(id, millis + 1, None)]
    });
    stage.tell(notes);
    stage.tell([
        listens(100_000, 0, program(7, "long"), "0.0.0.0:80"),
        listens(100_001, 0, program(7, "lasting"), "0.0.0.0:81"),
        closed(100_001, 2 * DAY),
        listens(100_002, 29 * DAY, program(7, "new"), "0.0.0.0:82"),
        closed(100_002, 31 * DAY),
    ]);
    let size = std::fs::metadata(stage.file()).unwrap().len();
    stage.history.set_keeping(Keeping { days: 30, megabytes: 200 });
    let kept = || lines(&stage.all());
    wait_until(|| kept().len() == 3);
    assert_eq!(
        kept(),
        [
            "new listens 0.0.0.0 82, 2505600000..2678400000",
            "lasting listens 0.0.0.0 81, 0..172800000",
            "long listens 0.0.0.0 80, 0..now"
        ]
    );
    let pools = || {
        let connection = rusqlite::Connection::open(stage.file()).unwrap();
        let count = |pool| connection.query_row(&format!("SELECT count(*) FROM {pool}"), [], |row| row.get(0)).unwrap();
        [count("programs"), count("addresses")] as [i64; 2]
    };
    // The two addresses that this computer had stay.
    wait_until(|| pools() == [3, 2]);
    wait_until(|| std::fs::metadata(stage.file()).unwrap().len() < size / 2);
    // What was pruned is known anew.
    stage.tell([calls(5, 31 * DAY, program(1, "old1"), "10.0.0.2:1", "10.0.0.9:443")]);
    assert_eq!(kept()[0], "old1 1x to 10.0.0.9 443, 2678400000..now");
    let folder = stage.folder;
    stage.history.stop();
    is_sound(&folder.path().join("history.sqlite"));
}

#[test]
fn what_is_too_much_goes_the_oldest_first() {
    let folder = tempfile::tempdir().unwrap();
    let history = History::open(folder.path(), Keeping { days: 30, megabytes: 10 }, at(0)).history;
    let recorder = history.recorder();
    recorder.note(listens(1, 0, program(7, "open"), "0.0.0.0:80"));
    for batch in 0..20u64 {
        recorder.notes((0..10_000u64).flat_map(|number| {
            let number = batch * 10_000 + number;
            let local = format!("0.0.0.0:{}", 1_024 + number % 60_000);
            let who = program(u32::try_from(number).unwrap(), &format!("p{}", number % 50));
            [listens(number + 2, number * 10, who, &local), closed(number + 2, number * 10 + 5)]
        }));
        history.flush();
    }
    let whole = || -> u64 {
        let files = std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap());
        let ours = files.filter(|file| file.file_name().to_string_lossy().starts_with("history.sqlite"));
        ours.map(|file| file.metadata().unwrap().len()).sum()
    };
    wait_until(|| whole() <= 10 << 20);
    let filter = HistoryFilter::default();
    let reader = history.reader();
    let newest = reader.query(&filter, Page { before: None, limit: 1 }).unwrap();
    assert_eq!(newest.events[0].at, at(1_999_990));
    let file = rusqlite::Connection::open(folder.path().join("history.sqlite")).unwrap();
    let (rows, oldest): (i64, i64) =
        file.query_row("SELECT count(*), min(id) >> 20 FROM events", [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    println!("{rows} of 200 000 listeners are kept in {} bytes", whole());
    assert!((20_000..190_000).contains(&rows), "{rows}");
    // What is open stays however old it is.
    assert_eq!(UnixMillis(oldest.unsigned_abs()), at(0));
    assert_eq!(history.trouble(), None);
    assert_eq!(history.lost(), 0);
}

#[test]
fn deleted_means_gone() {
    let stage = Stage::new();
    let secret = "a-name-that-nobody-else-has";
    stage.tell([
        listens(1, 0, program(7, secret), "0.0.0.0:80"),
        listens(2, 0, program(7, secret), "0.0.0.0:81"),
        closed(2, 1),
    ]);
    let aside = stage.folder.path().join("history.broken-5.sqlite");
    std::fs::write(&aside, secret).unwrap();
    let reader = stage.history.reader();
    assert_eq!(all(&reader, "").len(), 2);
    stage.history.recorder().note(listens(3, 2, program(7, secret), "0.0.0.0:82"));
    assert_eq!(stage.history.delete_everything(), Ok(()));
    assert_eq!(all(&reader, ""), []);
    // Its end says nothing of what was deleted; what begins is remembered.
    stage.tell([closed(1, 5), closed(3, 5), listens(4, 6, program(8, "new"), "0.0.0.0:83")]);
    assert_eq!(lines(&all(&reader, "")), ["new listens 0.0.0.0 83, 6..now"]);
    for file in std::fs::read_dir(stage.folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()));
    }
}

#[test]
fn who_used_a_port() {
    let stage = Stage::new();
    let incoming = |id, millis| Note::ConnectionOpened {
        id,
        at: at(millis),
        program: program(7, "nginx"),
        protocol: Protocol::Tcp,
        local: end("10.0.0.2:8080"),
        remote: end("192.0.2.9:40000"),
        incoming: true,
        already_open: false,
    };
    stage.tell([
        listens(1, 0, program(3, "ancient"), "0.0.0.0:8080"),
        closed(1, 5),
        listens(2, 10, program(7, "nginx"), "0.0.0.0:8080"),
        listens(3, 11, program(8, "other"), "0.0.0.0:80"),
        incoming(4, 9 * DAY),
        incoming(5, 9 * DAY + 1),
        calls(6, 9 * DAY, program(9, "curl"), "10.0.0.2:1", "192.0.2.9:8080"),
        hung_up(6, 9 * DAY + 7, None),
        Note::Deed { at: at(9 * DAY), deed: Deed::Ended, program: program(5, "killed"), port: Some(8080) },
        listens(7, 9 * DAY + 9, None, "0.0.0.0:8080"),
        closed(7, 9 * DAY + 10),
    ]);
    let users = stage.history.reader().programs_at_port(8080, at(3 * DAY)).unwrap();
    let said: Vec<_> = users
        .iter()
        .map(|user| {
            let name = user.program.as_ref().map_or("?", |program| &program.name);
            (name, user.first, user.last, user.listened, user.incoming, user.outgoing)
        })
        .collect();
    assert_eq!(
        said,
        [
            ("nginx", at(10), None, 1, 2, 0),
            ("?", at(9 * DAY + 9), Some(at(9 * DAY + 10)), 1, 0, 0),
            ("curl", at(9 * DAY), Some(at(9 * DAY + 7)), 0, 0, 1)
        ]
    );
}

#[test]
fn the_chart_counts_what_begins() {
    let stage = Stage::new();
    let already = Note::ListenerOpened {
        id: 90,
        at: at(0),
        program: None,
        protocol: Protocol::Udp,
        local: end("0.0.0.0:5353"),
        already_open: true,
    };
    stage.tell([already]);
    stage.tell((0..10).map(|number| listens(number, number * MINUTE, program(7, "nginx"), "0.0.0.0:80")));
    stage.tell((0..10).map(|number| {
        calls(100 + number, 5 * MINUTE, program(8, "curl"), "10.0.0.2:1", &format!("192.0.2.{number}:443"))
    }));
    let reader = stage.history.reader();
    let counts = |filter: &str, since, until, buckets| {
        let filter = HistoryFilter::parse(filter, at(10 * MINUTE)).unwrap();
        let chart = reader.buckets(&filter, at(since), at(until), buckets).unwrap();
        assert_eq!(chart.counted_from, at(since));
        chart.buckets.iter().map(|bucket| (bucket.listeners, bucket.connections)).collect::<Vec<_>>()
    };
    let whole = [(2, 0), (2, 0), (2, 10), (2, 0), (2, 0)];
    assert_eq!(counts("", 0, 10 * MINUTE, 5), whole);
    assert_eq!(counts("tcp", 0, 10 * MINUTE, 5), whole);
    assert_eq!(counts("proc:nginx", 0, 10 * MINUTE, 5), whole.map(|(listeners, _)| (listeners, 0)));
    assert_eq!(counts("", 0, MINUTE, 2), [(1, 0), (0, 0)]);
    assert_eq!(counts("nobody", 0, 2 * MINUTE, 1), [(0, 0)]);
}

#[test]
fn what_is_counted_is_counted_up_to_ten_thousand() {
    let stage = Stage::new();
    let reader = stage.history.reader();
    let count = |filter: &str| reader.count(&HistoryFilter::parse(filter, at(0)).unwrap()).unwrap();
    assert_eq!(count(""), Counted { events: 0, more: false });
    stage.tell((0..10_001).map(|number| listens(number, number, program(7, "nginx"), "0.0.0.0:80")));
    assert_eq!(count(""), Counted { events: 10_000, more: true });
    assert_eq!(count("port:80"), Counted { events: 10_000, more: true });
    assert_eq!(count("!port:80"), Counted { events: 0, more: false });
    assert_eq!(count("port:81"), Counted { events: 0, more: false });
    stage.tell([listens(20_000, 0, program(8, "sshd"), "0.0.0.0:22")]);
    assert_eq!(count("sshd"), Counted { events: 1, more: false });
}

fn wait_until(done: impl Fn() -> bool) {
    let started = std::time::Instant::now();
    while !done() {
        assert!(started.elapsed().as_secs() < 60, "it never came to be");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

/// Whether a socket's note is a listener's, its place, program and how much later than the last note it comes.
type Draw = (u8, u8, u8, u64);

fn notes(draws: &[Draw]) -> Vec<Note> {
    let mut now = 0;
    let mut notes = Vec::new();
    for (number, &(act, place, who, later)) in (0..).zip(draws) {
        now += later;
        let who = [None, program(1, "a"), program(2, "b")][usize::from(who % 3)].clone();
        let remote = format!("192.0.2.{}:{}", place % 2, 440 + u16::from(place % 3));
        // What is closed or counted is often something that does not exist.
        let some = u64::from(place) * 3 % (number + 1);
        notes.push(match act {
            0 | 1 => listens(number, now, who, &format!("0.0.0.0:{}", 80 + place % 3)),
            2..5 => calls(number, now, who, "10.0.0.2:1", &remote),
            5 => closed(some, now),
            6..9 => hung_up(some, now, Some((1, 2))),
            _ => Note::BytesLearnt { id: some, bytes: (4, 8) },
        });
    }
    notes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// The chart is kept beside the events; it must always say what they say. And no connection is lost or told twice.
    #[test]
    fn the_chart_and_the_list_say_the_same(
        draws in proptest::collection::vec((0u8..11, any::<u8>(), any::<u8>(), 0u64..40_000), 1..120),
        cut in 0usize..120,
    ) {
        let stage = Stage::new();
        let notes = notes(&draws);
        let (first, second) = notes.split_at(cut.min(notes.len()));
        stage.tell(first.to_vec());
        stage.tell(second.to_vec());
        let reader = stage.history.reader();
        let opened = |listener: bool| {
            notes.iter().filter(|note| match note {
                Note::ListenerOpened { .. } => listener,
                Note::ConnectionOpened { .. } => !listener,
                _ => false,
            }).count() as u64
        };
        let events = stage.all();
        let listed = events.iter().fold((0, 0), |(listeners, connections), event| match event.kind {
            EventKind::Connection { times, .. } => (listeners, connections + times),
            _ => (listeners + 1, connections),
        });
        prop_assert_eq!(listed, (opened(true), opened(false)));
        let chart = |filter: &str| {
            let filter = HistoryFilter::parse(filter, at(0)).unwrap();
            reader.buckets(&filter, at(0), at(2 * HOUR), 120).unwrap()
        };
        prop_assert_eq!(chart(""), chart("!udp"));
    }
}
