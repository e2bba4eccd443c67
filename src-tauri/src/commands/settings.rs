//! What the person has chosen.

use std::time::Duration;

use quaymaster_engine::Engine;
use quaymaster_engine::wire::{Failure, Settings, SettingsLoad};
use tauri::{Manager, Runtime, State, WebviewWindow};

use crate::autostart::Autostart;
use crate::preferences::Preferences;
use crate::tray::Tray;

/// The settings in force.
#[tauri::command]
pub(crate) async fn load_settings(preferences: State<'_, Preferences>) -> Result<SettingsLoad, Failure> {
    Ok(preferences.load())
}

/// Puts settings in force and remembers them.
#[tauri::command]
pub(crate) async fn save_settings<R: Runtime>(
    window: WebviewWindow<R>,
    engine: State<'_, Engine>,
    preferences: State<'_, Preferences>,
    settings: Settings,
) -> Result<(), Failure> {
    let started = settings.tray.start_with_system;
    engine.set_interval(Duration::from_millis(settings.interval_ms.into()))?;
    engine.set_watch(settings.watch.clone())?;
    let history = settings.history;
    let saved = preferences.save(settings);
    // The frame around the page follows; a window manager that cannot is no reason to fail.
    let _ = window.set_theme(preferences.window_theme());
    if let Some(tray) = window.try_state::<Tray>() {
        tray.renew();
    }
    engine.keep_history(history).await?;
    saved?;
    window.try_state::<Autostart>().map_or(Ok(()), |autostart| autostart.follow(started))
}
