//! What draws the page is a part of the system that may be missing: WebView2 on a Windows 10 that nobody kept up to date.

use quaymaster_engine::notice;

/// Microsoft's page with the runtime; opened only when the person says so.
const PAGE: &str = "https://developer.microsoft.com/microsoft-edge/webview2/";

/// Whether the page can be drawn. If not, the person has been told what is missing and where it comes from.
pub(crate) fn is_there() -> bool {
    if tauri::webview_version().is_ok() {
        return true;
    }
    if notice::ask("shell-webview-missing", PAGE)
        && let Err(error) = tauri_plugin_opener::open_url(PAGE, None::<&str>)
    {
        notice::tell("shell-not-started", &error);
    }
    false
}
