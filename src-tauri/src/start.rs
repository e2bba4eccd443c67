//! Puts the shell together.

#[cfg(test)]
mod tests;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use quaymaster_engine::past::Past;
use quaymaster_engine::watch::Observers;
use quaymaster_engine::wire::Wish;
use quaymaster_engine::{Engine, Machine, notice, place};
use tauri::{AppHandle, Builder, Manager, RunEvent, Runtime, WindowEvent};
use tauri_plugin_window_state::StateFlags;
use tracing_subscriber::EnvFilter;

use crate::arguments::Arguments;
use crate::autostart::Autostart;
use crate::preferences::Preferences;
use crate::tray::Tray;
use crate::window::{self, Life};
use crate::wishes::Wishes;
use crate::{commands, news, webview};

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
        Err(error) if is_other_ending(&error) => again().unwrap_or(ExitCode::FAILURE),
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
    let preferences = Preferences::open(place::settings());
    let interval = Duration::from_millis(preferences.current().interval_ms.into());
    let folder = place::data();
    let (warden, alerts) = news::watch(&folder, &preferences.current().watch);
    let past = Past::open(&folder, preferences.current().history);
    let observers = Observers { warden: Some(warden), past: Some(past.clone()), listeners: Vec::new() };
    let engine = Engine::start_observed(Machine::this(), interval, observers)
        .context("the engine's threads could not be started")?;
    let autostart =
        Autostart::find().inspect_err(|error| tracing::warn!(%error, "the system's list of starts is not known"));
    if let Ok(autostart) = &autostart {
        preferences.note_start_with_system(autostart.is_on());
    }
    // First of all plugins: a second start ends in there and must not have begun anything.
    let builder =
        Builder::default().plugin(tauri_plugin_single_instance::init(|app, line, _| started_again(app, line)));
    let remembered = StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED;
    let builder = builder.plugin(tauri_plugin_window_state::Builder::new().with_state_flags(remembered).build());
    let app = shell(builder, engine, preferences, past).build(context).context("the window could not be opened")?;
    if let Ok(autostart) = autostart {
        app.manage(autostart);
    }
    let mut alerts = Some(alerts);
    app.run(move |app, event| {
        if matches!(event, RunEvent::Ready)
            && let Some(alerts) = alerts.take()
            && let Err(error) = news::start(app, alerts)
        {
            tracing::warn!(%error, "no notifications: their threads could not be started");
        }
        live(app, event);
    });
    Ok(())
}

/// What happens to the program from its start to its end.
fn live<R: Runtime>(app: &AppHandle<R>, event: RunEvent) {
    match event {
        RunEvent::Ready => begin(app, Arguments::own()),
        RunEvent::WindowEvent { label, event: WindowEvent::CloseRequested { api, .. }, .. }
            if label == window::MAIN =>
        {
            window::closing(app, &api);
        }
        _ => {}
    }
}

/// The window is made, and nobody has seen it yet.
fn begin<R: Runtime>(app: &AppHandle<R>, Arguments { port, hidden }: Arguments) {
    match Tray::start(app) {
        Ok(tray) => drop(app.manage(tray)),
        Err(error) => tracing::warn!(%error, "no tray: its threads could not be started"),
    }
    match port {
        Some(port) => window::ask(app, Wish::Port { port }),
        None if hidden && app.try_state::<Tray>().is_some() => {}
        None => window::show(app),
    }
}

/// Somebody has started the program once more.
fn started_again<R: Runtime>(app: &AppHandle<R>, line: Vec<String>) {
    match Arguments::of(line) {
        Arguments { port: Some(port), .. } => window::ask(app, Wish::Port { port }),
        Arguments { hidden: true, .. } => {}
        Arguments { .. } => window::show(app),
    }
}

/// Whether the start failed because it met the end of the program that was open before: that one holds its name on the bus
/// to the last, and answers no more.
fn is_other_ending(error: &anyhow::Error) -> bool {
    format!("{error:#}").contains("failed to forward arguments")
}

/// Starts anew in a moment, some times at most. In a new process: the toolkit begins but once in each.
fn again() -> Option<ExitCode> {
    const COUNTER: &str = "QUAYMASTER_START";
    let tried: u32 = std::env::var(COUNTER).ok().and_then(|count| count.parse().ok()).unwrap_or(0);
    if tried >= 10 {
        return None;
    }
    std::thread::sleep(Duration::from_millis(300));
    let mut command = std::process::Command::new(std::env::current_exe().ok()?);
    let status = command.args(std::env::args_os().skip(1)).env(COUNTER, (tried + 1).to_string()).status().ok()?;
    Some(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Everything around the page, on whatever draws it: the tests have a stand-in.
fn shell<R: Runtime>(builder: Builder<R>, engine: Engine, preferences: Preferences, past: Past) -> Builder<R> {
    builder
        .plugin(tauri_plugin_clipboard_manager::init())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        // Registered for scoped spawns of later parts; the page is granted nothing of it (capabilities/main.json).
        .plugin(tauri_plugin_shell::init())
        // Before any window exists: a page that asks early must find its state.
        .manage(engine)
        .manage(preferences)
        .manage(past)
        .manage(Wishes::default())
        .manage(Life::default())
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
            commands::history::list_history,
            commands::history::chart_history,
            commands::history::history_of_port,
            commands::history::history_state,
            commands::history::hear_history_trouble,
            commands::history::delete_history,
            commands::history::export_history,
            commands::news::list_news,
            commands::news::expect_listeners,
            commands::news::dismiss_news,
            commands::news::hear_watch_trouble,
            commands::window::hear_wishes,
            commands::window::leave_window,
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
