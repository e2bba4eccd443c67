//! Lists the commands that the page may call: what is not listed here has no permission and cannot be granted. For Windows
//! it also embeds version, icon (both from tauri.conf.json) and manifest.

/// How Windows is to treat the program. tauri-build links it into the program file and its unit tests only: a test in `tests/`
/// would get none and not start there, for want of Common Controls 6.
const MANIFEST: &str = include_str!("../packaging/windows/app.manifest");

fn main() {
    let commands = tauri_build::AppManifest::new().commands(&[
        "load_settings",
        "save_settings",
        "next_frame",
        "set_paused",
        "look_now",
        "plan_end",
        "end_process",
        "row_ids",
        "copy_rows",
        "copy_text",
        "export_view",
        "open_folder",
        "program_icon",
        "list_history",
        "chart_history",
        "history_of_port",
        "history_state",
        "hear_history_trouble",
        "delete_history",
        "export_history",
        "list_news",
        "expect_listeners",
        "dismiss_news",
        "hear_watch_trouble",
        "hear_wishes",
        "leave_window",
    ]);
    println!("cargo:rerun-if-changed=../packaging/windows/app.manifest");
    let windows = tauri_build::WindowsAttributes::new().app_manifest(MANIFEST);
    let attributes = tauri_build::Attributes::new().app_manifest(commands).windows_attributes(windows);
    if let Err(error) = tauri_build::try_build(attributes) {
        panic!("the shell's build script failed: {error:#}");
    }
}
