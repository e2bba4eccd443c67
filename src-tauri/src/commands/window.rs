//! The window itself: what it is wished to show, and whether it stays when it is closed.

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

/// The person has answered what closing the window is to do: it is left, or the program ends.
#[tauri::command]
pub(crate) async fn leave_window<R: Runtime>(app: AppHandle<R>, stay: bool) -> Result<(), Failure> {
    if stay {
        window::leave(&app);
    } else {
        app.exit(0);
    }
    Ok(())
}
