//! New listeners, as the page lists them.

use quaymaster_engine::Engine;
use quaymaster_engine::wire::{Failure, NewListener};
use tauri::{AppHandle, Manager, Runtime, State};

use crate::tray::Tray;

/// Those that nobody has looked at, newest last.
#[tauri::command]
pub(crate) async fn list_news(engine: State<'_, Engine>) -> Result<Vec<NewListener>, Failure> {
    engine.news().await
}

/// The person expects these.
#[tauri::command]
pub(crate) async fn expect_listeners<R: Runtime>(
    app: AppHandle<R>,
    engine: State<'_, Engine>,
    rows: Vec<u64>,
) -> Result<(), Failure> {
    engine.expect_listeners(rows)?;
    renew(&app);
    Ok(())
}

/// The person has seen them, and says nothing.
#[tauri::command]
pub(crate) async fn dismiss_news<R: Runtime>(app: AppHandle<R>, engine: State<'_, Engine>) -> Result<(), Failure> {
    engine.dismiss_news()?;
    renew(&app);
    Ok(())
}

/// The person has read what is wrong with what the watch remembers.
#[tauri::command]
pub(crate) async fn hear_watch_trouble(engine: State<'_, Engine>) -> Result<(), Failure> {
    engine.hear_watch_trouble()
}

/// The tray says how much is unread.
fn renew<R: Runtime>(app: &AppHandle<R>) {
    if let Some(tray) = app.try_state::<Tray>() {
        tray.renew();
    }
}
