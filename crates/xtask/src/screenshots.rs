//! The pictures of the documentation, taken from the real window.

use crate::call::{build, call};
use crate::check::in_window_world;
use crate::packages::{self, Purpose};
use crate::place::Profile;
use crate::screen::Screen;
use crate::{networks, page, place};

/// Writes docs/pictures/*.png. In network, process and mount namespaces of their own: what this machine is doing is
/// nobody's business. That needs root; the pictures are made anew by whoever changes the window, not by every test run.
pub(crate) fn take() -> anyhow::Result<()> {
    packages::ensure(Purpose::Pictures)?;
    page::ensure_built()?;
    networks::lay_beside(&place::programs(Profile::Dev))?;
    build().run()?;
    let screen = Screen::open()?;
    let script = place::root().join("tests/e2e/screenshots.mjs");
    let script =
        call("unshare").args(["--net", "--pid", "--fork", "--kill-child", "--mount-proc", "--", "node"]).args([script]);
    in_window_world(script, &screen).run()
}
