//! Puts the shell together.

#[cfg(test)]
mod tests;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use quaymaster_engine::{Engine, Machine, notice};
use tauri::{Builder, Manager, Runtime};
use tracing_subscriber::EnvFilter;

use crate::preferences::{self, Preferences};
use crate::{commands, webview};

/// The whole program. Whatever stops it is told to the person: on Windows there is no console to read it in.
pub(crate) fn to_the_end() -> ExitCode {
    std::panic::set_hook(Box::new(|what| notice::tell("shell-broke-down", what)));
    listen_to_the_log();
    before_gtk();
    if !webview::is_there() {
        return ExitCode::FAILURE;
    }
    match open() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            notice::tell("shell-not-started", &format_args!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn listen_to_the_log() {
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::try_from_env("QUAYMASTER_LOG").unwrap_or_else(|_| EnvFilter::new("warn")))
        .with_writer(std::io::stderr)
        .init();
}

/// Opens the window and runs until it is closed.
fn open() -> anyhow::Result<()> {
    let context = tauri::generate_context!();
    let preferences = Preferences::open(preferences::folder(&context.config().identifier));
    let interval = Duration::from_millis(preferences.current().interval_ms.into());
    let engine = Engine::start(Machine::this(), interval).context("the engine's threads could not be started")?;
    shell(Builder::default(), engine, preferences).run(context).context("the window could not be opened")
}

/// Everything around the page, on whatever draws it: the tests have a stand-in.
fn shell<R: Runtime>(builder: Builder<R>, engine: Engine, preferences: Preferences) -> Builder<R> {
    builder
        .plugin(tauri_plugin_clipboard_manager::init())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        // Registered for scoped spawns of later parts; the page is granted nothing of it (capabilities/main.json).
        .plugin(tauri_plugin_shell::init())
        // Before any window exists: a page that asks early must find its state.
        .manage(engine)
        .manage(preferences)
        .invoke_handler(tauri::generate_handler![
            commands::settings::load_settings,
            commands::settings::save_settings,
            commands::frames::next_frame,
            commands::frames::set_paused,
            commands::frames::look_now,
            commands::end::plan_end,
            commands::end::end_process,
            commands::rows::row_ids,
            commands::rows::copy_rows,
            commands::rows::copy_text,
            commands::rows::export_view,
            commands::end::open_folder,
            commands::end::program_icon,
        ])
        .setup(|app| {
            if let Some(window) = app.get_webview_window("main") {
                let theme = app.state::<Preferences>().window_theme();
                window.set_theme(theme)?;
            }
            Ok(())
        })
}

/// WebKitGTK's DMA-BUF renderer leaves windows blank on some drivers (NVIDIA, Wayland) and costs 70 MB more under software
/// rendering. Set before GTK starts, and only where the person has not chosen.
fn before_gtk() {
    const SWITCH: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    if cfg!(unix) && std::env::var_os(SWITCH).is_none() {
        // SAFETY: called first in `main`'s one thread, before any other thread reads the environment.
        unsafe { std::env::set_var(SWITCH, "1") };
    }
}
