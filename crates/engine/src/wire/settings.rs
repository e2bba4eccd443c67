//! What a person has chosen, and what became of it on the disk.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::answer::{PortSpan, Reach};
use super::frame::{Column, Sort};
use super::network::NetworksFile;

/// The language of window and terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub enum Language {
    /// The system's, or English where the system's is neither.
    #[default]
    #[serde(rename = "system")]
    System,
    /// English.
    #[serde(rename = "en")]
    English,
    /// 简体中文.
    #[serde(rename = "zh-CN")]
    Chinese,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Theme {
    /// The system's.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// A column as the person has arranged it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ColumnSetting {
    /// Which.
    pub column: Column,
    /// Width in CSS pixels, 40 to 1200.
    pub width: u16,
    /// Shown.
    pub shown: bool,
}

/// Which new listeners are told of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
pub struct WatchSettings {
    /// A notification is shown; without it they are counted and listed all the same.
    pub notify: bool,
    /// UDP sockets too. Off: programs open and close them all day long.
    pub udp: bool,
    /// When no notification is shown; what came meanwhile is told in one at the end.
    pub quiet: Option<QuietHours>,
    /// The first that fits decides; where none does, whatever is not known yet is told.
    pub rules: Vec<WatchRule>,
}

/// A part of every day, over midnight where `until` is the smaller one. Minutes after local midnight, below 1440.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct QuietHours {
    /// The first minute.
    pub from: u16,
    /// The first minute after it.
    pub until: u16,
}

/// A wish about some listeners: those that fit everything that is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
pub struct WatchRule {
    /// Always tell, even of what is known; or never.
    pub tell: bool,
    /// A program's path, or its name.
    pub program: Option<String>,
    /// Their ports.
    pub ports: Option<PortSpan>,
    /// Reachable from so far away at least.
    pub reach: Option<Reach>,
    /// TCP or UDP alone.
    pub protocol: Option<WatchProtocol>,
}

/// A protocol that a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum WatchProtocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
}

/// What is remembered of what happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
pub struct HistorySettings {
    /// Anything at all.
    pub keep: bool,
    /// For how many days, 1 to 3650.
    pub days: u16,
    /// In how many megabytes of disk at most, 10 to 10 000; the oldest go first.
    pub megabytes: u32,
}

/// The program without its window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
pub struct TraySettings {
    /// Where there is a tray, closing the window leaves the program in it; else it ends.
    pub close_to_tray: bool,
    /// The person has been told what closing does there.
    pub explained: bool,
    /// Where there is no tray, closing the window minimises it; else the program ends.
    pub minimise_without_tray: bool,
    /// The person has been told what closing does without a tray.
    pub explained_without_tray: bool,
    /// Started with the system, without its window.
    pub start_with_system: bool,
}

/// Everything that is remembered between two starts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
pub struct Settings {
    /// The language.
    pub language: Language,
    /// Light or dark.
    pub theme: Theme,
    /// Milliseconds between two looks, 500 to 10 000.
    pub interval_ms: u32,
    /// Every column, in the order shown, each exactly once.
    pub columns: Vec<ColumnSetting>,
    /// The order of rows.
    pub sort: Sort,
    /// Width of the side panel in CSS pixels.
    pub panel_width: u16,
    /// The side panel is shown.
    pub panel_shown: bool,
    /// Which new listeners are told of.
    pub watch: WatchSettings,
    /// What is remembered of what happened.
    pub history: HistorySettings,
    /// The program without its window.
    pub tray: TraySettings,
}

/// What was wrong with the settings file, to be said once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "code", rename_all = "snake_case")]
#[ts(export)]
pub enum SettingsTrouble {
    /// It could not be understood; it was kept aside under this name and the defaults are in use.
    Corrupt {
        /// Where the old file is now.
        kept_as: String,
        /// The line that could not be understood, the first being 1; null where that is not known.
        line: Option<u32>,
    },
    /// Some values were wrong: they stay in the file, and the default is used for each of them.
    WrongValues {
        /// Which, in the order of their lines; never empty, at most 100.
        values: Vec<WrongValue>,
    },
    /// It could not be read; the defaults are in use and nothing is written over it.
    Unreadable {
        /// The system's words.
        detail: String,
    },
}

/// A value of the settings file that is not in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct WrongValue {
    /// Its line, the first being 1.
    pub line: u32,
    /// Which setting it is, with its sections: `watch.quiet_hours.from`. Harmless, at most 60 characters.
    pub key: String,
    /// What stands there, as written. Harmless, at most 40 characters.
    pub found: String,
    /// What should.
    pub expected: Expected,
}

/// What a value of the settings file must be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "code", rename_all = "snake_case")]
#[ts(export)]
pub enum Expected {
    /// `true` or `false`.
    YesOrNo,
    /// A whole number.
    Number {
        /// The smallest.
        least: u32,
        /// The largest.
        most: u32,
    },
    /// One of these words; where it is the key that is wrong, one of these keys.
    OneOf {
        /// The words, with commas between them.
        words: String,
    },
    /// Text that is not empty.
    Text,
    /// A time of day, `"22:00"`.
    Time,
    /// A part of the day, `{ from = "22:00", until = "07:00" }`.
    Hours,
    /// A port or a range, `"8000-9000"`.
    Ports,
    /// A section of its own with keys in it.
    Section,
    /// A list.
    List,
    /// Each column at most once.
    Once,
    /// At least one column that is shown.
    OneShown,
}

/// The settings as loaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct SettingsLoad {
    /// In force.
    pub settings: Settings,
    /// The language that `system` stands for: `en` or `zh-CN`.
    #[ts(type = "\"en\" | \"zh-CN\"")]
    pub system_language: &'static str,
    /// What a new installation has.
    pub defaults: Settings,
    /// What was wrong with the file.
    pub trouble: Option<SettingsTrouble>,
    /// The path of the file, for a person to read; it is there once something has been changed.
    pub file: String,
    /// The file that tells whose addresses are.
    pub networks: NetworksFile,
}

impl Default for WatchSettings {
    fn default() -> Self {
        Self { notify: true, udp: false, quiet: None, rules: Vec::new() }
    }
}

impl Default for HistorySettings {
    fn default() -> Self {
        Self { keep: true, days: 30, megabytes: 200 }
    }
}

impl Default for TraySettings {
    fn default() -> Self {
        Self {
            close_to_tray: true,
            explained: false,
            minimise_without_tray: false,
            explained_without_tray: false,
            start_with_system: false,
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        let column = |column, width, shown| ColumnSetting { column, width, shown };
        Self {
            language: Language::System,
            theme: Theme::System,
            interval_ms: 1000,
            columns: vec![
                column(Column::Program, 150, true),
                column(Column::Pid, 66, true),
                column(Column::Protocol, 72, true),
                column(Column::State, 112, true),
                column(Column::LocalAddress, 122, true),
                column(Column::LocalPort, 104, true),
                column(Column::RemoteAddress, 140, true),
                column(Column::RemotePort, 116, true),
                column(Column::Organisation, 160, true),
                column(Column::Peer, 130, true),
                column(Column::User, 84, true),
                column(Column::FirstSeen, 110, true),
                column(Column::Country, 84, false),
                column(Column::UsualProgram, 140, false),
                column(Column::Path, 260, false),
                column(Column::ReceiveQueue, 90, false),
                column(Column::SendQueue, 90, false),
                column(Column::Receiving, 96, false),
                column(Column::Sending, 96, false),
            ],
            sort: Sort { column: Column::LocalPort, descending: false },
            panel_width: 300,
            panel_shown: true,
            watch: WatchSettings::default(),
            history: HistorySettings::default(),
            tray: TraySettings::default(),
        }
    }
}
