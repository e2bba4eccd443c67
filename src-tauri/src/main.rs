//! quaymaster: the thin shell around the engine. It owns the window, the clipboard, the save dialog and the settings file,
//! and knows nothing about sockets: every question goes to the engine, every answer to the page.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

mod arguments;
mod autostart;
mod commands;
mod lingo;
mod news;
mod preferences;
mod start;
mod tray;
mod webview;
mod window;
mod wishes;

fn main() -> std::process::ExitCode {
    // Before anything else is looked at: this may be Quaymaster itself, called with more rights than the person has.
    if let Some(code) = quaymaster_engine::end::act(std::env::args_os()) {
        return code.into();
    }
    start::to_the_end()
}
