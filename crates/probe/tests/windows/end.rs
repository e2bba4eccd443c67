//! Ending the very process that was shown.

use std::time::Duration;

use quaymaster_core::{ProcessKey, StartMark};
use quaymaster_probe::{EndError, hold, socket_source};

use crate::stage::Child;

/// The key of the process that listens at `port`, from the table.
fn shown(port: u16) -> ProcessKey {
    let sample = socket_source().look(quaymaster_core::UnixMillis(1));
    let sockets = sample.changes.iter().filter_map(|change| match change {
        quaymaster_core::Change::Opened(socket) => Some(socket),
        _ => None,
    });
    sockets
        .filter(|socket| socket.local.port == port)
        .find_map(|socket| socket.owner.holders().first().copied())
        .unwrap()
}

#[test]
fn the_one_that_was_shown_ends_and_no_other() {
    let mut child = Child::start();
    let key = shown(child.port);
    assert_eq!(key.pid, child.pid());
    let other = ProcessKey { start: StartMark(key.start.0 + 1), ..key };
    assert_eq!(hold(other).err(), Some(EndError::Replaced));
    let target = hold(key).unwrap();
    assert!(!target.wait(Duration::ZERO), "it runs");
    target.force().unwrap();
    assert!(target.wait(Duration::from_secs(10)));
    assert_eq!(child.process.wait().unwrap().code(), Some(1));
    drop(target);
    assert!(hold(key).is_err());
}
