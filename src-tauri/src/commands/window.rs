//! The window itself: what it is wished to show, and whether it stays in the tray.

use quaymaster_engine::wire::{Failure, Wish};
use tauri::ipc::Channel;
use tauri::{AppHandle, Runtime, State};

use crate::window;
use crate::wishes::Wishes;

/// From now on the page is told what is wished of it.
#[tauri::command]
pub(crate) async fn hear_wishes(wishes: State<'_, Wishes>, channel: Channel<Wish>) -> Result<(), Failure> {
    wishes.listen(channel);
    Ok(())
}

/// The person has answered what closing the window is to do: leaves it to the tray, or ends the program.
#[tauri::command]
pub(crate) async fn leave_window<R: Runtime>(app: AppHandle<R>, stay: bool) -> Result<(), Failure> {
    if stay && window::has_tray(&app) {
        window::hide(&app);
    } else {
        app.exit(0);
    }
    Ok(())
}
