//! `quay` itself, run on sockets and processes that these tests open. Linux: signals, names of programs and terminals are
//! asked for as that system has them.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod answers;
mod endings;
mod hostile;
mod listings;
mod screen;
mod stage;

/// Not a test by itself: what [`stage::Child`] runs, this program once more, holding sockets until it is ended.
#[test]
fn held_open_for_another_test() {
    stage::hold_open();
}
