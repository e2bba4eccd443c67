//! Lists the commands that the page may call: what is not listed here has no permission and cannot be granted.
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
    ]);
    if let Err(error) = tauri_build::try_build(tauri_build::Attributes::new().app_manifest(commands)) {
        panic!("the shell's build script failed: {error:#}");
    }
}
