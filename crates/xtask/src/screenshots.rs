//! The pictures of the documentation, taken from the real window.

use crate::call::{call, cargo};
use crate::check::in_window_world;
use crate::packages::{self, Purpose};
use crate::screen::Screen;
use crate::{page, place};

/// Writes docs/pictures/*.png.
pub(crate) fn take() -> anyhow::Result<()> {
    packages::ensure(Purpose::Test)?;
    page::ensure_built()?;
    cargo().args(["build", "--workspace", "--bins", "--tests"]).run()?;
    let screen = Screen::open()?;
    let script = call("node").args([place::root().join("tests/e2e/screenshots.mjs")]);
    in_window_world(script, &screen).run()
}
