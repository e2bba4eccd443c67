//! What happened while nobody looked. Every answer may wait for the disk.

use quaymaster_engine::past::{Archive, Past};
use quaymaster_engine::wire::{
    Exported, Failure, HistoryChart, HistoryChartRequest, HistoryExportRequest, HistoryPage, HistoryPortUser,
    HistoryRequest, HistoryState,
};
use tauri::{Runtime, State, WebviewWindow};

use super::rows::ask_where;
use crate::preferences::Preferences;

/// A part of the list.
#[tauri::command]
pub(crate) async fn list_history(past: State<'_, Past>, request: HistoryRequest) -> Result<HistoryPage, Failure> {
    asked(&past, move |archive| archive.page(&request)).await
}

/// The course of time.
#[tauri::command]
pub(crate) async fn chart_history(
    past: State<'_, Past>,
    request: HistoryChartRequest,
) -> Result<HistoryChart, Failure> {
    asked(&past, move |archive| archive.chart(&request)).await
}

/// Which programs had to do with a port at any time since then.
#[tauri::command]
pub(crate) async fn history_of_port(
    past: State<'_, Past>,
    port: u16,
    since: u64,
) -> Result<Vec<HistoryPortUser>, Failure> {
    asked(&past, move |archive| archive.port_users(port, since)).await
}

/// How the keeping is.
#[tauri::command]
pub(crate) async fn history_state(past: State<'_, Past>) -> Result<HistoryState, Failure> {
    let past = past.inner().clone();
    apart(move || Ok(past.state())).await
}

/// The person has read what was wrong.
#[tauri::command]
pub(crate) async fn hear_history_trouble(past: State<'_, Past>) -> Result<(), Failure> {
    let past = past.inner().clone();
    apart(move || {
        past.heard();
        Ok(())
    })
    .await
}

/// Forgets everything.
#[tauri::command]
pub(crate) async fn delete_history(past: State<'_, Past>) -> Result<(), Failure> {
    let past = past.inner().clone();
    apart(move || past.delete()).await
}

/// Asks where, then writes everything that fits.
#[tauri::command]
pub(crate) async fn export_history<R: Runtime>(
    window: WebviewWindow<R>,
    past: State<'_, Past>,
    preferences: State<'_, Preferences>,
    request: HistoryExportRequest,
) -> Result<Exported, Failure> {
    let Some(path) = ask_where(&window, &preferences, request.format, "quaymaster-history").await? else {
        return Ok(Exported { path: None, rows: 0 });
    };
    asked(&past, move |archive| {
        let rows = archive.export(&request, &path)?;
        Ok(Exported { path: Some(path.display().to_string()), rows })
    })
    .await
}

async fn asked<A: Send + 'static>(
    past: &Past,
    question: impl FnOnce(Archive) -> Result<A, Failure> + Send + 'static,
) -> Result<A, Failure> {
    let past = past.clone();
    apart(move || question(past.archive())).await
}

/// On a thread that may block.
async fn apart<A: Send + 'static>(work: impl FnOnce() -> Result<A, Failure> + Send + 'static) -> Result<A, Failure> {
    tauri::async_runtime::spawn_blocking(work).await.map_err(|_| Failure::engine_gone())?
}
