//! What a settings file says, value by value: a wrong one is named with its line, and its default is used, for it alone.

use std::ops::Range;

use quaymaster_core::text::visible;
use serde::Serialize;
use toml_edit::{Document, Item, TableLike, Value};

use super::every_column;
use crate::wire::{
    Column, ColumnSetting, Expected, Language, PortSpan, QuietHours, Reach, Settings, Theme, WatchProtocol, WatchRule,
    WrongValue,
};

/// More wrong values than anybody reads are not told.
const TOLD: usize = 100;

/// The settings of a file, and what is wrong in it, in the order of its lines.
pub(super) fn settings(document: &Document<&str>) -> (Settings, Vec<WrongValue>) {
    let mut settings = Settings::default();
    let mut reader = Reader { text: document.raw(), wrong: Vec::new() };
    let root = Section { name: "", table: Some(document.as_table()) };

    let languages = [Language::System, Language::English, Language::Chinese];
    reader.set(&mut settings.language, root, "language", one_of(&languages));
    reader.set(&mut settings.theme, root, "theme", one_of(&[Theme::System, Theme::Light, Theme::Dark]));
    reader.set(&mut settings.interval_ms, root, "interval_ms", number(500, 10_000));

    let watch = reader.section(root, "watch");
    reader.set(&mut settings.watch.notify, watch, "notify", yes_or_no());
    reader.set(&mut settings.watch.udp, watch, "udp", yes_or_no());
    settings.watch.quiet = reader.quiet_hours(watch);
    settings.watch.rules = reader.rules(watch);

    let history = reader.section(root, "history");
    reader.set(&mut settings.history.keep, history, "keep", yes_or_no());
    reader.set(&mut settings.history.days, history, "days", number(1, 3_650));
    reader.set(&mut settings.history.megabytes, history, "megabytes", number(10, 10_000));

    let tray = reader.section(root, "tray");
    reader.set(&mut settings.tray.close_to_tray, tray, "close_to_tray", yes_or_no());
    reader.set(&mut settings.tray.explained, tray, "explained", yes_or_no());
    reader.set(&mut settings.tray.minimise_without_tray, tray, "minimise_without_tray", yes_or_no());
    reader.set(&mut settings.tray.explained_without_tray, tray, "explained_without_tray", yes_or_no());
    reader.set(&mut settings.tray.start_with_system, tray, "start_with_system", yes_or_no());

    let panel = reader.section(root, "panel");
    reader.set(&mut settings.panel_shown, panel, "shown", yes_or_no());
    reader.set(&mut settings.panel_width, panel, "width", number(200, 1_200));

    let grid = reader.section(root, "grid");
    reader.set(&mut settings.sort.column, grid, "sort", one_of(&columns()));
    reader.set(&mut settings.sort.descending, grid, "descending", yes_or_no());
    settings.columns = reader.columns(grid);

    reader.wrong.sort_by_key(|wrong| wrong.line);
    reader.wrong.truncate(TOLD);
    (settings, reader.wrong)
}

/// A rule as a file has it; `None` where anything in it is wrong.
pub(super) fn rule(table: &dyn TableLike) -> Option<WatchRule> {
    Reader { text: "", wrong: Vec::new() }.rule(table, None)
}

/// A column as a file has it; `None` where anything in it is wrong.
pub(super) fn column(value: &Value) -> Option<ColumnSetting> {
    Reader { text: "", wrong: Vec::new() }.column(value)
}

/// How a value of an enumeration is written.
pub(super) fn word(value: &impl Serialize) -> String {
    // Units of enumerations are texts to serde: the same ones that the page and `--json` know.
    serde_json::to_value(value).ok().and_then(|value| Some(value.as_str()?.to_owned())).unwrap_or_default()
}

/// The line in which a byte stands; the first is 1.
pub(super) fn line(text: &str, at: usize) -> u32 {
    let breaks = text.bytes().take(at).filter(|&byte| byte == b'\n').count();
    u32::try_from(breaks + 1).unwrap_or(u32::MAX)
}

/// A table and what it is called; no table where the file has none.
#[derive(Clone, Copy)]
struct Section<'d> {
    name: &'d str,
    table: Option<&'d dyn TableLike>,
}

/// What is expected, and how it is understood.
type Kind<F> = (Expected, F);

struct Reader<'d> {
    text: &'d str,
    wrong: Vec<WrongValue>,
}

impl<'d> Reader<'d> {
    fn set<T>(&mut self, into: &mut T, section: Section<'_>, key: &str, kind: Kind<impl Fn(&Item) -> Option<T>>) {
        if let Some(value) = self.get(section, key, kind) {
            *into = value;
        }
    }

    /// The value if it is there and right.
    fn get<T>(&mut self, section: Section<'_>, key: &str, kind: Kind<impl Fn(&Item) -> Option<T>>) -> Option<T> {
        let item = section.table?.get(key).filter(|item| !item.is_none())?;
        let (expected, understand) = kind;
        let value = understand(item);
        if value.is_none() {
            self.name(path(section.name, key), item.span(), expected);
        }
        value
    }

    fn section<'s>(&mut self, root: Section<'s>, name: &'s str) -> Section<'s> {
        let item = root.table.and_then(|table| table.get(name)).filter(|item| !item.is_none());
        let table = item.and_then(Item::as_table_like);
        if let (Some(item), None) = (item, table) {
            self.name(name.to_owned(), item.span(), Expected::Section);
        }
        Section { name, table }
    }

    fn quiet_hours(&mut self, watch: Section<'_>) -> Option<QuietHours> {
        let item = watch.table?.get("quiet_hours")?;
        let name = "watch.quiet_hours";
        let Some(table) = item.as_table_like() else {
            self.name(name.to_owned(), item.span(), Expected::Hours);
            return None;
        };
        let hours = Section { name, table: Some(table) };
        // Both, so that both are named where both are wrong. One end alone is no part of a day.
        let ends = [self.get(hours, "from", time()), self.get(hours, "until", time())];
        for (end, key) in ends.iter().zip(["from", "until"]) {
            if end.is_none() && !table.contains_key(key) {
                self.name(path(name, key), item.span(), Expected::Time);
            }
        }
        Some(QuietHours { from: ends[0]?, until: ends[1]? })
    }

    fn rules(&mut self, watch: Section<'_>) -> Vec<WatchRule> {
        let item = watch.table.and_then(|table| table.get("rules"));
        match item {
            Some(Item::ArrayOfTables(tables)) => {
                tables.iter().filter_map(|table| self.rule(table, table.span())).collect()
            }
            Some(Item::Value(Value::Array(list))) => {
                let mut rules = Vec::new();
                for value in list {
                    match value.as_inline_table() {
                        Some(table) => rules.extend(self.rule(table, value.span())),
                        None => self.name("watch.rules".to_owned(), value.span(), Expected::Section),
                    }
                }
                rules
            }
            Some(item) if !item.is_none() => {
                self.name("watch.rules".to_owned(), item.span(), Expected::List);
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// A rule with a wrong part, or with one that nobody here knows, is left out as a whole: without that part it would be a
    /// rule about more listeners than it was written for.
    fn rule(&mut self, table: &dyn TableLike, span: Option<Range<usize>>) -> Option<WatchRule> {
        const PARTS: [&str; 5] = ["tell", "program", "ports", "reach", "protocol"];
        let section = Section { name: "watch.rules", table: Some(table) };
        let before = self.wrong.len();
        for (key, item) in table.iter().filter(|(key, _)| !PARTS.contains(key)) {
            let at = table.key(key).and_then(toml_edit::Key::span).or_else(|| item.span());
            self.name(path(section.name, key), at, Expected::OneOf { words: PARTS.join(", ") });
        }
        if !table.contains_key("tell") {
            self.name(path(section.name, "tell"), span, Expected::YesOrNo);
        }
        let reaches = [Reach::ThisComputer, Reach::LocalNetwork, Reach::Everywhere];
        let rule = WatchRule {
            tell: self.get(section, "tell", yes_or_no()).unwrap_or_default(),
            program: self.get(section, "program", text()),
            ports: self.get(section, "ports", ports()),
            reach: self.get(section, "reach", one_of(&reaches)),
            protocol: self.get(section, "protocol", one_of(&[WatchProtocol::Tcp, WatchProtocol::Udp])),
        };
        (self.wrong.len() == before).then_some(rule)
    }

    fn columns(&mut self, grid: Section<'_>) -> Vec<ColumnSetting> {
        let Some(item) = grid.table.and_then(|table| table.get("columns")) else { return every_column(&[]) };
        let Some(list) = item.as_array() else {
            self.name("grid.columns".to_owned(), item.span(), Expected::List);
            return every_column(&[]);
        };
        let mut columns: Vec<ColumnSetting> = Vec::new();
        for value in list {
            let Some(column) = self.column(value) else { continue };
            if columns.iter().any(|known| known.column == column.column) {
                self.name("grid.columns".to_owned(), value.span(), Expected::Once);
            } else {
                columns.push(column);
            }
        }
        if !columns.is_empty() && !columns.iter().any(|column| column.shown) {
            self.name("grid.columns".to_owned(), item.span(), Expected::OneShown);
        }
        every_column(&columns)
    }

    /// `"pid"`, or `{ column = "pid", width = 66, shown = true }`, of which all but the name may be missing.
    fn column(&mut self, value: &Value) -> Option<ColumnSetting> {
        let (expected, name) = one_of(&columns());
        let bare = Item::Value(value.clone());
        let Some(table) = value.as_inline_table() else {
            let column = name(&bare);
            if column.is_none() {
                self.name("grid.columns".to_owned(), value.span(), expected);
            }
            return usual(column?).map(|usual| ColumnSetting { shown: true, ..usual });
        };
        let section = Section { name: "grid.columns", table: Some(table) };
        if !table.contains_key("column") {
            self.name(path(section.name, "column"), value.span(), expected);
            return None;
        }
        let mut setting = usual(self.get(section, "column", (expected, name))?)?;
        setting.shown = true;
        self.set(&mut setting.width, section, "width", number(40, 1_200));
        self.set(&mut setting.shown, section, "shown", yes_or_no());
        Some(setting)
    }

    fn name(&mut self, key: String, span: Option<Range<usize>>, expected: Expected) {
        let span = span.unwrap_or_default();
        let found = self.text.get(span.clone()).unwrap_or_default();
        // Of a table, its heading is enough to find it again.
        let found = found.lines().next().unwrap_or_default();
        self.wrong.push(WrongValue {
            line: line(self.text, span.start),
            key: visible(&key, 60).into_owned(),
            found: visible(found, 40).into_owned(),
            expected,
        });
    }
}

fn path(section: &str, key: &str) -> String {
    if section.is_empty() { key.to_owned() } else { format!("{section}.{key}") }
}

fn columns() -> Vec<Column> {
    Settings::default().columns.iter().map(|setting| setting.column).collect()
}

/// The column as a new installation has it.
fn usual(column: Column) -> Option<ColumnSetting> {
    Settings::default().columns.into_iter().find(|setting| setting.column == column)
}

fn yes_or_no() -> Kind<impl Fn(&Item) -> Option<bool>> {
    (Expected::YesOrNo, Item::as_bool)
}

fn number<T: TryFrom<i64>>(least: u32, most: u32) -> Kind<impl Fn(&Item) -> Option<T>> {
    let bounds = i64::from(least)..=i64::from(most);
    (Expected::Number { least, most }, move |item| {
        item.as_integer().filter(|number| bounds.contains(number)).and_then(|number| T::try_from(number).ok())
    })
}

fn one_of<T: Copy + Serialize>(all: &[T]) -> Kind<impl Fn(&Item) -> Option<T> + use<T>> {
    let words: Vec<(String, T)> = all.iter().map(|value| (word(value), *value)).collect();
    let list = words.iter().map(|(word, _)| word.as_str()).collect::<Vec<_>>().join(", ");
    (Expected::OneOf { words: list }, move |item| {
        let text = item.as_str()?;
        words.iter().find(|(word, _)| word == text).map(|(_, value)| *value)
    })
}

fn text() -> Kind<impl Fn(&Item) -> Option<String>> {
    (Expected::Text, |item| item.as_str().filter(|text| !text.trim().is_empty()).map(str::to_owned))
}

/// A time of day in minutes: `"22:00"`, or TOML's own `22:00:00`.
fn time() -> Kind<impl Fn(&Item) -> Option<u16>> {
    (Expected::Time, |item| {
        if let Some(time) = item.as_datetime().filter(|time| time.date.is_none()).and_then(|time| time.time) {
            return Some(u16::from(time.hour) * 60 + u16::from(time.minute));
        }
        let (hour, minute) = item.as_str()?.trim().split_once(':')?;
        Some(digits(hour, 23)? * 60 + digits(minute, 59).filter(|_| minute.len() == 2)?)
    })
}

/// `8000`, `"8000"` or `"8000-9000"`.
fn ports() -> Kind<impl Fn(&Item) -> Option<PortSpan>> {
    (Expected::Ports, |item| {
        if let Some(number) = item.as_integer() {
            let port = u16::try_from(number).ok()?;
            return Some(PortSpan { first: port, last: port });
        }
        let text = item.as_str()?;
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let span = PortSpan { first: digits(first.trim(), u16::MAX)?, last: digits(last.trim(), u16::MAX)? };
        (span.first <= span.last).then_some(span)
    })
}

/// A number of nothing but digits: `parse` alone would take `+5` for one.
fn digits(text: &str, most: u16) -> Option<u16> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?.filter(|number| *number <= most)
}
