//! A desktop for the tests of the real window: it shows tray icons and notices on a session bus, to whoever reads its output, and
//! presses what it is told to press. One JSON object a line, in and out.
//!
//! In: `{"do": "tray", "on": true}`, `{"do": "icon"}`, `{"do": "menu"}`, `{"do": "choose", "label": …}`, `{"do": "click"}`,
//! `{"do": "notices"}`, `{"do": "press", "notice": 1, "key": …}`, `{"do": "put_away", "notice": 1}`. Each is answered by
//! `{"answer": …}` or `{"error": …}`. It ends with its input.

// Linux only: what is played is a session bus with a desktop on it.
#[cfg(target_os = "linux")]
mod linux;

#[cfg(target_os = "linux")]
fn main() {
    linux::main();
}

#[cfg(not(target_os = "linux"))]
fn main() {
    eprintln!("there is no desktop to be played here");
    std::process::exit(2);
}
