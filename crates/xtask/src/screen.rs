//! A virtual display with a window manager, for windows that nobody sees. Ended when dropped, whatever happened.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use anyhow::Context;

use crate::call::call;

/// A busy machine of two cores needs seconds for it.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running Xvfb and openbox.
pub(crate) struct Screen {
    display: String,
    /// In the order in which they are ended.
    children: Vec<Child>,
}

impl Screen {
    /// Starts a display of 1280 × 800.
    pub(crate) fn open() -> anyhow::Result<Self> {
        // "-displayfd 1": the server chooses a free number and prints it once clients can connect.
        let mut server = call("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"])
            .start(Stdio::piped(), Stdio::null())?;
        let number = first_line(&mut server);
        let mut screen = Self { display: String::new(), children: vec![server] };
        screen.display = format!(":{}", number.context("the virtual display did not come up")?);
        let manager = call("openbox").env("DISPLAY", &screen.display).start(Stdio::null(), Stdio::null())?;
        screen.children.insert(0, manager);
        Ok(screen)
    }

    /// The value for `DISPLAY`.
    pub(crate) fn display(&self) -> &str {
        &self.display
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.children.iter_mut().for_each(end);
    }
}

/// Ends a child of ours and waits until it is gone.
pub(crate) fn end(child: &mut Child) {
    // Both fail only if it is gone already.
    let _ = child.kill();
    let _ = child.wait();
}

/// The first line that a program prints, if it prints one in time.
pub(crate) fn first_line(child: &mut Child) -> Option<String> {
    let output = child.stdout.take()?;
    let (send, line) = mpsc::channel();
    std::thread::spawn(move || {
        let mut output = BufReader::new(output);
        let mut line = String::new();
        if output.read_line(&mut line).is_ok_and(|length| length > 0) {
            drop(send.send(line.trim().to_owned()));
        }
        // Kept open for as long as the program lives: it must not die of writing to nobody.
        let _ = std::io::copy(&mut output, &mut std::io::sink());
    });
    line.recv_timeout(PATIENCE).ok()
}
