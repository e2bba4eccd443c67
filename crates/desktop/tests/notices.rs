//! Notices against a real bus and a desktop that the test plays itself, well and badly behaved.
//! Linux only: on Windows no desktop can be played, and Wine shows no toasts.
#![cfg(target_os = "linux")]
#![expect(missing_docs, reason = "the macro of an interface writes methods of its own")]
#![expect(clippy::unwrap_used, reason = "a desktop that cannot even be played has nothing to say")]

mod stage;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use quaymaster_desktop::{ActionId, Answer, AppIdentity, Delivery, Notice, Notifier, Reply, Session, Told};
use stage::{Bus, PATIENCE};
use zbus::blocking::Connection;
use zbus::blocking::connection::Builder;
use zbus::object_server::SignalEmitter;
use zbus::zvariant::OwnedValue;

/// What a notification daemon was told to show.
#[derive(Clone, Debug)]
struct Shown {
    id: u32,
    replaces: u32,
    app: String,
    title: String,
    body: String,
    actions: Vec<String>,
    urgency: u8,
    desktop_entry: String,
}

/// How the played daemon behaves.
#[derive(Clone, Copy, Default)]
struct Manners {
    actions: bool,
    markup: bool,
    /// Presses this key before it has even said which number the notice has.
    hasty: Option<&'static str>,
    /// Never answers.
    hangs: bool,
}

struct Daemon {
    manners: Manners,
    last: u32,
    shown: Sender<Shown>,
}

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Daemon {
    fn get_capabilities(&self) -> Vec<&'static str> {
        if self.manners.hangs {
            thread::sleep(Duration::from_secs(60));
        }
        let all = [("actions", self.manners.actions), ("body-markup", self.manners.markup), ("body", true)];
        all.iter().filter(|(_, has)| *has).map(|(name, _)| *name).collect()
    }

    #[expect(clippy::too_many_arguments, reason = "so many there are")]
    async fn notify(
        &mut self,
        #[zbus(signal_emitter)] emitter: SignalEmitter<'_>,
        app: String,
        replaces: u32,
        _icon: String,
        title: String,
        body: String,
        actions: Vec<String>,
        hints: HashMap<String, OwnedValue>,
        _timeout: i32,
    ) -> u32 {
        let id = if replaces == 0 { self.last + 1 } else { replaces };
        self.last = self.last.max(id);
        let urgency = hints["urgency"].downcast_ref().unwrap();
        let desktop_entry = hints["desktop-entry"].downcast_ref::<&str>().unwrap().to_owned();
        self.shown.send(Shown { id, replaces, app, title, body, actions, urgency, desktop_entry }).unwrap();
        if let Some(key) = self.manners.hasty {
            Self::action_invoked(&emitter, id, key).await.unwrap();
        }
        id
    }

    fn close_notification(&self, _id: u32) {}

    /// A button was pressed.
    #[zbus(signal)]
    async fn action_invoked(emitter: &SignalEmitter<'_>, id: u32, key: &str) -> zbus::Result<()>;

    /// A notice has gone.
    #[zbus(signal)]
    async fn notification_closed(emitter: &SignalEmitter<'_>, id: u32, reason: u32) -> zbus::Result<()>;
}

const PATH: &str = "/org/freedesktop/Notifications";
const INTERFACE: &str = "org.freedesktop.Notifications";

/// A daemon at work, until dropped.
struct Desk {
    connection: Connection,
    shown: Receiver<Shown>,
}

impl Desk {
    fn open(bus: &Bus, manners: Manners) -> Self {
        let (shown, seen) = channel();
        let builder = Builder::address(bus.address.as_str()).unwrap().name(INTERFACE).unwrap();
        let daemon = Daemon { manners, last: 0, shown };
        let connection = builder.serve_at(PATH, daemon).unwrap().build().unwrap();
        Self { connection, shown: seen }
    }

    fn next(&self) -> Shown {
        self.shown.recv_timeout(PATIENCE).unwrap()
    }

    fn press(&self, id: u32, key: &str) {
        self.connection.emit_signal(None::<&str>, PATH, INTERFACE, "ActionInvoked", &(id, key)).unwrap();
    }

    fn put_away(&self, id: u32) {
        self.connection.emit_signal(None::<&str>, PATH, INTERFACE, "NotificationClosed", &(id, 2_u32)).unwrap();
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.connection.clone().close().unwrap();
    }
}

/// Our side.
struct Us {
    notifier: Notifier,
    told: Receiver<Told>,
}

impl Us {
    fn at(address: &str) -> Self {
        let (tell, told) = channel();
        let app = AppIdentity {
            icon: b"",
            folder: PathBuf::new(),
            name: "Quaymaster".into(),
            desktop_entry: "quaymaster".into(),
            app_id: "app.quaymaster.desktop".into(),
        };
        let notifier = Notifier::start(&Session::at(address), app, move |what| drop(tell.send(what))).unwrap();
        Self { notifier, told }
    }

    fn next(&self) -> Told {
        self.told.recv_timeout(PATIENCE).unwrap()
    }

    fn delivered(&self, tag: u64) -> Delivery {
        match self.next() {
            Told::Delivered(of, delivery) if of == tag => delivery,
            other => panic!("{other:?} instead of what became of {tag}"),
        }
    }

    fn hears_nothing_more(&self) {
        assert_eq!(self.told.recv_timeout(Duration::from_millis(300)).ok(), None);
    }
}

fn notice(tag: u64) -> Notice {
    Notice {
        tag,
        title: "A new listener".into(),
        body: "python3 <b>&amp; co</b> listens on 8000".into(),
        actions: vec![
            (ActionId::Show, "Show".into()),
            (ActionId::Expected, "Expected".into()),
            (ActionId::End, "End…".into()),
        ],
        replaces: None,
    }
}

const GOOD: Manners = Manners { actions: true, markup: false, hasty: None, hangs: false };

fn answered(tag: u64, reply: Reply) -> Told {
    Told::Answered(Answer { tag, reply })
}

#[test]
fn a_notice_is_shown_word_for_word_with_its_buttons() {
    let bus = Bus::start();
    let (desk, us) = (Desk::open(&bus, GOOD), Us::at(&bus.address));
    us.notifier.show(notice(7));
    assert_eq!(us.delivered(7), Delivery::Shown);
    let shown = desk.next();
    assert_eq!((shown.app.as_str(), shown.title.as_str()), ("Quaymaster", "A new listener"));
    assert_eq!(shown.body, "python3 <b>&amp; co</b> listens on 8000");
    assert_eq!(shown.actions, ["default", "Show", "show", "Show", "expected", "Expected", "end", "End…"]);
    assert_eq!((shown.urgency, shown.desktop_entry.as_str()), (1, "quaymaster"));
}

#[test]
fn markup_is_made_text_for_a_daemon_that_reads_it_and_no_buttons_go_to_one_that_has_none() {
    let bus = Bus::start();
    let (desk, us) = (Desk::open(&bus, Manners { markup: true, ..Default::default() }), Us::at(&bus.address));
    us.notifier.show(notice(1));
    let shown = desk.next();
    assert_eq!(shown.body, "python3 &lt;b&gt;&amp;amp; co&lt;/b&gt; listens on 8000");
    assert_eq!(shown.actions, [""; 0]);
}

#[test]
fn every_answer_comes_back_under_its_own_tag() {
    let bus = Bus::start();
    let (desk, us) = (Desk::open(&bus, GOOD), Us::at(&bus.address));
    for tag in [40, 41, 42] {
        us.notifier.show(notice(tag));
        assert_eq!(us.delivered(tag), Delivery::Shown);
    }
    let ids = [desk.next().id, desk.next().id, desk.next().id];
    desk.press(ids[1], "end");
    desk.put_away(ids[1]);
    desk.press(ids[0], "default");
    desk.press(ids[2], "no such button");
    desk.press(999, "end");
    desk.put_away(ids[2]);
    assert_eq!(us.next(), answered(41, Reply::Chosen(ActionId::End)));
    assert_eq!(us.next(), answered(41, Reply::Closed));
    assert_eq!(us.next(), answered(40, Reply::Opened));
    assert_eq!(us.next(), answered(42, Reply::Closed));
    // Put away is put away.
    desk.press(ids[1], "end");
    us.hears_nothing_more();
}

#[test]
fn a_click_that_comes_before_the_daemon_has_answered_is_not_lost() {
    let bus = Bus::start();
    let desk = Desk::open(&bus, Manners { hasty: Some("expected"), ..GOOD });
    let us = Us::at(&bus.address);
    for tag in 0..50 {
        us.notifier.show(notice(tag));
        assert_eq!(us.delivered(tag), Delivery::Shown);
        assert_eq!(us.next(), answered(tag, Reply::Chosen(ActionId::Expected)));
        desk.next();
    }
}

#[test]
fn a_notice_takes_the_place_of_an_earlier_one() {
    let bus = Bus::start();
    let (desk, us) = (Desk::open(&bus, GOOD), Us::at(&bus.address));
    us.notifier.show(notice(1));
    us.notifier.show(Notice { replaces: Some(1), ..notice(2) });
    let first = desk.next();
    let second = desk.next();
    assert_eq!((first.replaces, second.replaces, second.id), (0, first.id, first.id));
    assert_eq!((us.delivered(1), us.delivered(2)), (Delivery::Shown, Delivery::Shown));
    desk.press(second.id, "show");
    assert_eq!(us.next(), answered(2, Reply::Chosen(ActionId::Show)));
}

#[test]
fn who_is_not_the_daemon_presses_no_buttons() {
    let bus = Bus::start();
    let (desk, us) = (Desk::open(&bus, GOOD), Us::at(&bus.address));
    us.notifier.show(notice(1));
    assert_eq!(us.delivered(1), Delivery::Shown);
    let id = desk.next().id;
    let stranger = Builder::address(bus.address.as_str()).unwrap().build().unwrap();
    stranger.emit_signal(None::<&str>, PATH, INTERFACE, "ActionInvoked", &(id, "end")).unwrap();
    us.hears_nothing_more();
    desk.press(id, "show");
    assert_eq!(us.next(), answered(1, Reply::Chosen(ActionId::Show)));
}

#[test]
fn no_bus_and_no_daemon_are_told_as_such_and_a_daemon_that_comes_later_is_used() {
    let nowhere = Us::at("unix:path=/nonexistent/bus");
    nowhere.notifier.show(notice(1));
    assert_eq!(nowhere.delivered(1), Delivery::NoDaemon);

    let bus = Bus::start();
    let us = Us::at(&bus.address);
    us.notifier.show(notice(1));
    assert_eq!(us.delivered(1), Delivery::NoDaemon);
    let desk = Desk::open(&bus, GOOD);
    us.notifier.show(notice(2));
    assert_eq!(us.delivered(2), Delivery::Shown);
    desk.next();
}

#[test]
fn a_daemon_that_hangs_keeps_nobody_waiting_for_ever() {
    let bus = Bus::start();
    let desk = Desk::open(&bus, Manners { hangs: true, ..GOOD });
    let us = Us::at(&bus.address);
    us.notifier.show(notice(1));
    match us.delivered(1) {
        Delivery::Failed(_) => {}
        other => panic!("{other:?} of a daemon that never answers"),
    }
    // It closes only when its own call has returned.
    std::mem::forget(desk);
}

#[test]
fn the_numbers_of_a_daemon_that_has_ended_mean_nothing_with_the_next() {
    let bus = Bus::start();
    let (first, us) = (Desk::open(&bus, GOOD), Us::at(&bus.address));
    us.notifier.show(notice(1));
    assert_eq!(us.delivered(1), Delivery::Shown);
    let id = first.next().id;
    drop(first);
    assert_eq!(us.next(), answered(1, Reply::Closed));

    // What the next one can do is asked anew.
    let second = Desk::open(&bus, Manners { markup: true, ..GOOD });
    second.press(id, "end");
    us.hears_nothing_more();
    us.notifier.show(notice(2));
    assert_eq!(us.delivered(2), Delivery::Shown);
    let shown = second.next();
    assert!(shown.body.contains("&lt;b&gt;"), "{}", shown.body);
    second.press(shown.id, "default");
    assert_eq!(us.next(), answered(2, Reply::Opened));
}

#[test]
fn a_bus_that_has_gone_is_no_daemon_and_closes_what_was_shown() {
    let bus = Bus::start();
    let (desk, us) = (Desk::open(&bus, GOOD), Us::at(&bus.address));
    us.notifier.show(notice(1));
    assert_eq!(us.delivered(1), Delivery::Shown);
    std::mem::forget(desk);
    drop(bus);
    assert_eq!(us.next(), answered(1, Reply::Closed));
    us.notifier.show(notice(2));
    assert_eq!(us.delivered(2), Delivery::NoDaemon);
}
