//! Whether there is a tray, on a bus where one comes and goes.
//! Linux only: on Windows there always is one.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a desktop that cannot even be played has nothing to say")]

mod stage;

use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use quaymaster_desktop::{Session, TrayWatch};
use stage::{Bus, PATIENCE};
use zbus::blocking::Connection;
use zbus::blocking::connection::Builder;

const NAME: &str = "org.kde.StatusNotifierWatcher";

/// A watcher, with or without somebody who shows what it collects.
struct Watcher {
    hosted: bool,
}

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        self.hosted
    }
}

fn watcher(bus: &Bus, hosted: bool) -> Connection {
    let builder = Builder::address(bus.address.as_str()).unwrap();
    builder.serve_at("/StatusNotifierWatcher", Watcher { hosted }).unwrap().name(NAME).unwrap().build().unwrap()
}

fn watch(session: &Session) -> (TrayWatch, Receiver<bool>) {
    let (tell, told) = channel();
    (TrayWatch::start(session, move |present| tell.send(present).unwrap_or_default()).unwrap(), told)
}

fn next(told: &Receiver<bool>) -> bool {
    told.recv_timeout(PATIENCE).unwrap()
}

#[test]
fn a_tray_is_seen_to_come_to_go_and_to_come_again() {
    let bus = Bus::start();
    let (_watch, told) = watch(&Session::at(&bus.address));
    assert!(!next(&told));
    for _ in 0..3 {
        let desk = watcher(&bus, true);
        assert!(next(&told));
        desk.close().unwrap();
        assert!(!next(&told));
    }
}

#[test]
fn a_watcher_that_nobody_looks_at_is_no_tray_until_somebody_does() {
    let bus = Bus::start();
    let desk = watcher(&bus, false);
    let (_watch, told) = watch(&Session::at(&bus.address));
    assert!(!next(&told));
    let path = "/StatusNotifierWatcher";
    let server = desk.object_server();
    server.interface::<_, Watcher>(path).unwrap().get_mut().hosted = true;
    desk.emit_signal(None::<&str>, path, NAME, "StatusNotifierHostRegistered", &()).unwrap();
    assert!(next(&told));
}

#[test]
fn a_bus_that_has_gone_has_taken_the_tray_with_it() {
    let bus = Bus::start();
    let desk = watcher(&bus, true);
    let (_watch, told) = watch(&Session::at(&bus.address));
    assert!(next(&told));
    std::mem::forget(desk);
    drop(bus);
    assert!(!next(&told));
}

#[test]
fn without_a_bus_there_is_no_tray_and_a_watch_that_is_dropped_tells_nothing_more() {
    let (watch, told) = watch(&Session::at("unix:path=/nonexistent/bus"));
    assert!(!next(&told));
    drop(watch);
    assert!(told.recv_timeout(Duration::from_secs(10)).is_err());
}

/// A watcher that never says whether anybody looks at it.
struct Stuck;

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Stuck {
    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        std::thread::sleep(Duration::from_secs(60));
        true
    }
}

#[test]
fn a_watcher_that_hangs_is_no_tray() {
    let bus = Bus::start();
    let builder = Builder::address(bus.address.as_str()).unwrap();
    let desk = builder.serve_at("/StatusNotifierWatcher", Stuck).unwrap().name(NAME).unwrap().build().unwrap();
    let (_watch, told) = watch(&Session::at(&bus.address));
    assert!(!next(&told));
    std::mem::forget(desk);
}
