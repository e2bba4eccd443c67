//! The window's life: shown, left to the tray or minimised, closed for good.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use quaymaster_engine::wire::Wish;
use tauri::{AppHandle, CloseRequestApi, Manager, Runtime};

use crate::preferences::Preferences;
use crate::tray::Tray;
use crate::wishes::Wishes;

/// The label of the one window.
pub(crate) const MAIN: &str = "main";

/// Who closes the window once more within this time wants it closed.
const INSISTING: Duration = Duration::from_secs(10);

/// What the window's life depends on.
#[derive(Default)]
pub(crate) struct Life {
    /// When the page was asked last to explain what closing does, and whether there was a tray.
    explained: Mutex<Option<(Instant, bool)>>,
}

impl Life {
    /// Whether the page is to explain now. Not twice in a short time: one that does not answer must not keep the window open.
    fn is_time_to_explain(&self, has_tray: bool) -> bool {
        let mut last = self.explained.lock().unwrap_or_else(PoisonError::into_inner);
        let is_time = last.is_none_or(|(at, had_tray)| at.elapsed() > INSISTING || had_tray != has_tray);
        if is_time {
            *last = Some((Instant::now(), has_tray));
        }
        is_time
    }
}

/// Brings the window to the front.
pub(crate) fn show<R: Runtime>(app: &AppHandle<R>) {
    let Some(window) = app.get_webview_window(MAIN) else { return };
    // Each is a wish to a window manager, and may be one too many for it.
    let _ = window.show();
    let _ = window.unminimize();
    let _ = window.set_focus();
}

/// Brings the window to the front and wishes something of its page.
pub(crate) fn ask<R: Runtime>(app: &AppHandle<R>, wish: Wish) {
    app.state::<Wishes>().tell(wish);
    show(app);
}

/// Shows the window if nobody could reach it otherwise.
pub(crate) fn show_if_lost<R: Runtime>(app: &AppHandle<R>) {
    let hidden = app.get_webview_window(MAIN).and_then(|window| window.is_visible().ok()) == Some(false);
    if hidden {
        show(app);
    }
}

/// Leaves the program in the tray, or minimised where there is none.
pub(crate) fn leave<R: Runtime>(app: &AppHandle<R>) {
    let Some(window) = app.get_webview_window(MAIN) else { return };
    if let Err(error) = if has_tray(app) { window.hide() } else { window.minimize() } {
        tracing::warn!(%error, "the window cannot be taken off the screen");
    }
}

/// Whether the icon can be seen in a tray.
fn has_tray<R: Runtime>(app: &AppHandle<R>) -> bool {
    app.try_state::<Tray>().is_some_and(|tray| tray.is_there())
}

/// The person closes the window: the first time it is asked what that shall do.
pub(crate) fn closing<R: Runtime>(app: &AppHandle<R>, request: &CloseRequestApi) {
    let (settings, has_tray) = (app.state::<Preferences>().current().tray, has_tray(app));
    let (stays, explained) = match has_tray {
        true => (settings.close_to_tray, settings.explained),
        false => (settings.minimise_without_tray, settings.explained_without_tray),
    };
    let wishes = app.state::<Wishes>();
    if (stays || !has_tray) && !explained && wishes.is_heard() && app.state::<Life>().is_time_to_explain(has_tray) {
        request.prevent_close();
        wishes.tell(Wish::Closing { tray: has_tray });
    } else if stays {
        request.prevent_close();
        leave(app);
    }
}
