//! Acting on a program.

use quaymaster_engine::Engine;
use quaymaster_engine::wire::{EndOutcome, EndPlan, EndRequest, Failure, ProcessRef};
use tauri::{AppHandle, Runtime, State};
use tauri_plugin_opener::OpenerExt;

/// What will go if this program is ended.
#[tauri::command]
pub(crate) async fn plan_end(engine: State<'_, Engine>, process: ProcessRef) -> Result<EndPlan, Failure> {
    engine.plan_end(process).await
}

/// Ends it, and tells what became of its ports.
#[tauri::command]
pub(crate) async fn end_process(engine: State<'_, Engine>, request: EndRequest) -> Result<EndOutcome, Failure> {
    engine.end_process(request).await
}

/// Shows the program's file in the system's file manager.
#[tauri::command]
pub(crate) async fn open_folder<R: Runtime>(
    app: AppHandle<R>,
    engine: State<'_, Engine>,
    process: ProcessRef,
) -> Result<(), Failure> {
    let path = engine.program_file(process).await?;
    app.opener().reveal_item_in_dir(path).map_err(|error| Failure::read_failed(&error))
}

/// The program's picture as a `data:` address, if it has one.
#[tauri::command]
pub(crate) async fn program_icon(engine: State<'_, Engine>, process: ProcessRef) -> Result<Option<String>, Failure> {
    Ok(engine.program_icon(process).await?.map(|picture| picture.to_string()))
}
