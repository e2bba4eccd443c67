//! The pulled frame and its pace.

use quaymaster_engine::Engine;
use quaymaster_engine::wire::{Failure, Frame, FrameRequest};
use tauri::{AppHandle, Manager, Runtime, State};

use crate::tray::Tray;

/// The next picture of the machine: at once, or when something newer than `request.after` exists.
#[tauri::command]
pub(crate) async fn next_frame(engine: State<'_, Engine>, request: FrameRequest) -> Result<Frame, Failure> {
    engine.next_frame(request).await
}

/// Stops looking, or goes on.
#[tauri::command]
pub(crate) async fn set_paused<R: Runtime>(
    app: AppHandle<R>,
    engine: State<'_, Engine>,
    paused: bool,
) -> Result<(), Failure> {
    engine.set_paused(paused)?;
    if let Some(tray) = app.try_state::<Tray>() {
        tray.renew();
    }
    Ok(())
}

/// Looks now.
#[tauri::command]
pub(crate) async fn look_now(engine: State<'_, Engine>) -> Result<(), Failure> {
    engine.look_now()
}
