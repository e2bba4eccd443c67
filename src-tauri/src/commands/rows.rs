//! Rows out of the window: clipboard and files.

use std::path::PathBuf;

use quaymaster_engine::Engine;
use quaymaster_engine::wire::{Column, ExportFormat, ExportRequest, Exported, Failure, FrameRequest};
use tauri::{AppHandle, Runtime, State, WebviewWindow};
use tauri_plugin_clipboard_manager::ClipboardExt;
use tauri_plugin_dialog::DialogExt;
use tokio::sync::oneshot;

use crate::lingo;
use crate::preferences::Preferences;

/// The ids of the rows among lines `first..=last`: for a selection that reaches beyond what the page holds.
#[tauri::command]
pub(crate) async fn row_ids(
    engine: State<'_, Engine>,
    view: FrameRequest,
    first: u32,
    last: u32,
) -> Result<Vec<u64>, Failure> {
    engine.row_ids(view, first, last).await
}

/// Copies rows as tab-separated text; answers how many there still were.
#[tauri::command]
pub(crate) async fn copy_rows<R: Runtime>(
    app: AppHandle<R>,
    engine: State<'_, Engine>,
    ids: Vec<u64>,
    columns: Vec<Column>,
) -> Result<usize, Failure> {
    let written = engine.rows_as_text(ids, columns).await?;
    to_clipboard(&app, String::from_utf8_lossy(&written.bytes).into_owned())?;
    Ok(written.rows)
}

/// Copies a text.
#[tauri::command]
pub(crate) async fn copy_text<R: Runtime>(app: AppHandle<R>, text: String) -> Result<(), Failure> {
    to_clipboard(&app, text)
}

fn to_clipboard<R: Runtime>(app: &AppHandle<R>, text: String) -> Result<(), Failure> {
    app.clipboard().write_text(text).map_err(|error| Failure::write_failed(&error))
}

/// Asks where, then writes everything that matches.
#[tauri::command]
pub(crate) async fn export_view<R: Runtime>(
    window: WebviewWindow<R>,
    engine: State<'_, Engine>,
    preferences: State<'_, Preferences>,
    request: ExportRequest,
) -> Result<Exported, Failure> {
    let Some(path) = ask_where(&window, &preferences, request.format, "quaymaster").await? else {
        return Ok(Exported { path: None, rows: 0 });
    };
    // Asked for after the dialog: what is written is what is there when the person says "save".
    let written = engine.export(request).await?;
    std::fs::write(&path, &written.bytes).map_err(|error| Failure::write_failed(&error))?;
    let rows = u32::try_from(written.rows).unwrap_or(u32::MAX);
    Ok(Exported { path: Some(path.display().to_string()), rows })
}

pub(super) async fn ask_where<R: Runtime>(
    window: &WebviewWindow<R>,
    preferences: &Preferences,
    format: ExportFormat,
    stem: &str,
) -> Result<Option<PathBuf>, Failure> {
    let (name, ending) = match format {
        ExportFormat::Csv => ("CSV", "csv"),
        ExportFormat::Json => ("JSON", "json"),
    };
    let (answer, chosen) = oneshot::channel();
    window
        .dialog()
        .file()
        .set_parent(window)
        .set_title(lingo::say(preferences.language(), "export-dialog-title"))
        .add_filter(name, &[ending])
        .set_file_name(format!("{stem}.{ending}"))
        .save_file(move |path| drop(answer.send(path)));
    let path = chosen.await.map_err(|_| Failure::bad_request())?;
    path.map(|path| path.into_path().map_err(|error| Failure::write_failed(&error))).transpose()
}
