//! What crosses to the page and to `--json`: plain, serializable counterparts of the core's types.
//!
//! **Invariant:** core types are not serialized; these are, and from these ts-rs writes `ui/src/ipc/bindings/*.ts`
//! (`cargo xtask bindings`; a test fails when they are stale).
//! **Invariant:** no 64-bit integer crosses without a bound that a JavaScript number holds: ids and milliseconds stay below
//! 2^53; a process's start mark goes as text.
//! **Invariant:** nothing that changes by itself is in a row: `first_seen`, never an age.
//! Text in here is as the program or the system gave it, made harmless by [`quaymaster_core::text::visible`].

mod alert;
mod answer;
mod end;
mod export;
mod frame;
mod history;
mod listing;
mod network;
mod process;
mod settings;
mod socket;
mod time;
mod traffic;
mod wish;

pub use alert::{Alert, NewListener, ProgramCount, WatchTrouble};
pub use answer::{Client, ExcludedSpan, Holder, PortAnswer, PortHint, PortSpan, PortStanding, Reach};
pub use end::{
    EndOutcome, EndPlan, EndProgress, EndRequest, Failure, PlannedChild, PlannedPort, PortAfter, PortFate, Refusal,
};
pub use export::{ExportFormat, ExportRequest, Exported};
pub use frame::{
    Column, Detail, FilterProblem, Frame, FrameRequest, Group, Hidden, Line, Scope, Sort, StateCount, Trouble,
};
pub use history::{
    HistoryBucket, HistoryChart, HistoryChartRequest, HistoryDeed, HistoryEvent, HistoryExportRequest, HistoryPage,
    HistoryPortUser, HistoryProgram, HistoryRequest, HistoryState, HistoryTrouble, HistoryWhat,
};
pub use listing::Listing;
pub use network::{NetworksFile, Remotes, Special, Whose};
pub use process::{Ancestor, Fact, OwnerGap, Process, ProcessGap, ProcessRef, Service};
pub use settings::{
    ColumnSetting, Expected, HistorySettings, Language, QuietHours, Settings, SettingsLoad, SettingsTrouble, Theme,
    TraySettings, WatchProtocol, WatchRule, WatchSettings, WrongValue,
};
pub use socket::{Mark, Owner, Row, Socket};
pub use time::Millis;
pub use traffic::Traffic;
pub use wish::Wish;
