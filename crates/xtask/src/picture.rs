//! The window on a virtual display: started as a person would start it, and photographed once it shows something.

use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::call::call;
use crate::place;
use crate::screen::{Screen, end, first_line};

const PATIENCE: Duration = Duration::from_secs(90);

/// A blank window has one colour and a window that is being laid out a few; letters with soft edges have hundreds.
const COLOURS_OF_TEXT: u32 = 150;

/// Starts `program` on a display of its own, waits until it shows text, saves the picture and ends it.
pub(crate) fn take(program: &Path, args: &[String], picture: &Path) -> anyhow::Result<PathBuf> {
    let picture = std::path::absolute(picture)?;
    let screen = Screen::open()?;
    let bus_file = place::root().join("tests/e2e/harness/bus.conf");
    // A bus of its own: nothing of the person's session is woken, and none of it is spoken to.
    let mut bus = call("dbus-daemon")
        .args(["--nofork", "--nopidfile", "--print-address=1", "--config-file"])
        .args([&bus_file])
        .start(Stdio::piped(), Stdio::null())?;
    let address = first_line(&mut bus);
    let taken = address.context("the private bus did not come up").and_then(|address| {
        let mut app = call(program)
            .args(args)
            .env("DISPLAY", screen.display())
            .env("GDK_BACKEND", "x11")
            .env("DBUS_SESSION_BUS_ADDRESS", address)
            .env("NO_AT_BRIDGE", "1")
            .start(Stdio::inherit(), Stdio::inherit())?;
        let taken = photograph(&mut app, screen.display(), &picture);
        end(&mut app);
        taken
    });
    end(&mut bus);
    taken.map(|()| picture)
}

fn photograph(app: &mut Child, display: &str, picture: &Path) -> anyhow::Result<()> {
    let start = Instant::now();
    let mut painted = 0;
    while start.elapsed() < PATIENCE {
        if let Some(status) = app.try_wait()? {
            bail!("the window closed by itself: {status}");
        }
        // Painted twice running: the first rows may come a moment after the frame around them.
        painted = if colours(display, picture) >= COLOURS_OF_TEXT { painted + 1 } else { 0 };
        if painted == 3 {
            println!("the window showed itself within {:.1} s", start.elapsed().as_secs_f64());
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(500));
    }
    bail!("the window showed nothing within {} s", PATIENCE.as_secs())
}

/// Saves what the display shows and counts its colours; 0 when there is no picture yet.
fn colours(display: &str, picture: &Path) -> u32 {
    let visible = call("xdotool").args(["search", "--onlyvisible", "--name", "^Quaymaster$"]).env("DISPLAY", display);
    if !visible.succeeds() {
        return 0;
    }
    let saved = call("import").args(["-display", display, "-window", "root"]).args([picture]).succeeds();
    let counted = call("identify").args(["-format", "%k"]).args([picture]).output();
    if saved { counted.ok().and_then(|count| count.trim().parse().ok()).unwrap_or(0) } else { 0 }
}
