//! The pictures of the documentation, taken from the real window.

use crate::call::{call, cargo};
use crate::check::in_window_world;
use crate::packages::{self, Purpose};
use crate::screen::Screen;
use crate::{page, place};

/// Writes docs/pictures/*.png. In a network namespace of its own: what this machine is doing is nobody's business. That
/// needs root; the pictures are made anew by whoever changes the window, not by every test run.
pub(crate) fn take() -> anyhow::Result<()> {
    packages::ensure(Purpose::Test)?;
    page::ensure_built()?;
    cargo().args(["build", "--workspace", "--bins", "--tests"]).run()?;
    let screen = Screen::open()?;
    let script = place::root().join("tests/e2e/screenshots.mjs");
    let script = call("unshare").args(["--net", "--", "node"]).args([script]);
    in_window_world(script, &screen).run()
}
