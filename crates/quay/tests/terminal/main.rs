//! `quay` itself, run on sockets and processes that these tests open, on Linux and on Windows.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod acts;
mod answers;
mod endings;
mod happenings;
mod hostile;
mod language;
mod listings;
mod lookups;
// Linux only: a terminal that a test holds the other end of. On Windows that is a pseudoconsole, on which std cannot put a
// child; how quay looks in a console there is for the check list of docs/windows.md.
#[cfg(target_os = "linux")]
mod screen;
mod stage;
#[path = "../../../../tests/wine/mod.rs"]
mod wine;

/// Not a test by itself: what [`stage::Child`] runs, this program once more, holding sockets until it is ended.
#[test]
fn held_open_for_another_test() {
    stage::hold_open();
}
