//! Taking rows out of the window: clipboard and files.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::frame::{Column, FrameRequest};

/// The format of an exported file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ExportFormat {
    /// RFC 4180, UTF-8 with a byte order mark (Excel), cells that a spreadsheet would run made harmless.
    Csv,
    /// The object that `quay list --json` prints.
    Json,
}

/// An order to write what is shown to a file that the person chooses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ExportRequest {
    /// Scope, filter and order; the window (`first`, `count`) is not looked at: every matching row is written.
    pub view: FrameRequest,
    /// The format.
    pub format: ExportFormat,
    /// For CSV: the columns, in order.
    pub columns: Vec<Column>,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Exported {
    /// Where; null: the person closed the dialog.
    pub path: Option<String>,
    /// How many rows.
    pub rows: u32,
}
