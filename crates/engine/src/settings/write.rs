//! Settings into the text of a file: a new one, or one that a person has had their hands on, of which only those values are
//! touched that have changed.

mod lists;

use toml_edit::{Decor, DocumentMut, InlineTable, Item, RawString, Table, TableLike, Value};

use super::read::{self, word};
use crate::wire::{QuietHours, Settings};

/// What a new file begins with, for whoever opens it.
const HEAD: &str = "\
# The settings of Quaymaster. You may edit this file; it is read when Quaymaster starts. Comments, order and keys that it
# does not know are kept. A wrong value is named in the window, with its line, and its default is used.
# Quaymaster 的设置。可以手动编辑，启动时读取。注释、顺序和不认识的键都会保留。
# 有误的值会连同行号显示在窗口中，并改用默认值。

";

/// Stands at the end of `[watch]` in a new file: what is there only once it has been set. A person may take the `#` away.
const WATCH_HINT: &str = r#"# quiet_hours = { from = "22:00", until = "07:00" }

# [[watch.rules]]
# tell = false              # true | false
# program = "python3"
# ports = "8000-9000"
# reach = "local_network"   # this_computer | local_network | everywhere
# protocol = "tcp"          # tcp | udp

"#;

/// The text of a new file with everything in it.
pub(super) fn new(settings: &Settings) -> String {
    let mut document = DocumentMut::new();
    put_all(&mut document, settings, None);
    for (section, key, _, hint) in plain(settings).into_iter().filter(|(.., hint)| !hint.is_empty()) {
        if let Some(value) = section_of(&mut document, section).get_mut(key).and_then(Item::as_value_mut) {
            value.decor_mut().set_suffix(format!(" # {hint}"));
        }
    }
    // Above the next section is the end of this one.
    if let Some(next) = document.get_mut("history").and_then(Item::as_table_mut) {
        next.decor_mut().set_prefix(WATCH_HINT);
    }
    put_before_everything(&mut document, HEAD);
    document.to_string()
}

/// `old` with those values changed in which `settings` differs from `known`; or the line where `old` is no TOML.
pub(super) fn changed(old: &str, settings: &Settings, known: &Settings) -> Result<String, Option<u32>> {
    let line_of = |text: &str, error: &toml_edit::TomlError| error.span().map(|span| read::line(text, span.start));
    let mut document: DocumentMut = old.parse().map_err(|error| line_of(old, &error))?;
    // In a file of nothing but comments these are what comes last, and would stand below whatever is put in.
    let comments = document.trailing().as_str().unwrap_or_default().to_owned();
    let only_comments = document.is_empty() && !comments.is_empty();
    put_all(&mut document, settings, Some(known));
    if only_comments && !document.is_empty() {
        document.set_trailing("");
        put_before_everything(&mut document, &comments);
    }
    let text = document.to_string();
    // However a person's file is built: nothing is written that could not be read again.
    text.parse::<DocumentMut>().map_err(|error| line_of(&text, &error))?;
    Ok(if old.contains("\r\n") { text.replace("\r\n", "\n").replace('\n', "\r\n") } else { text })
}

fn put_all(document: &mut DocumentMut, settings: &Settings, known: Option<&Settings>) {
    let mut before = known.map(plain).into_iter().flatten();
    for (section, key, value, _) in plain(settings) {
        let same = before.next().is_some_and(|(_, _, before, _)| before.to_string() == value.to_string());
        if !same {
            put(section_of(document, section), key, value);
        }
    }
    let (quiet, rules) = (settings.watch.quiet, &settings.watch.rules);
    if known.map_or(quiet.is_some(), |known| known.watch.quiet != quiet) {
        put_quiet_hours(section_of(document, "watch"), quiet);
    }
    let known_rules = known.map_or(&[][..], |known| &known.watch.rules);
    if known_rules != rules {
        lists::put_rules(section_of(document, "watch"), rules, known_rules);
    }
    let known_columns = known.map_or(&[][..], |known| &known.columns);
    if known_columns != settings.columns {
        lists::put_columns(section_of(document, "grid"), &settings.columns, known_columns);
    }
}

/// Section, key, value, and what else it may be.
type Plain = (&'static str, &'static str, Value, &'static str);

/// Every setting that is one value, in the order of a new file.
fn plain(settings: &Settings) -> Vec<Plain> {
    let Settings { watch, history, tray, .. } = settings;
    vec![
        ("", "language", word(&settings.language).into(), "system | en | zh-CN"),
        ("", "theme", word(&settings.theme).into(), "system | light | dark"),
        ("", "interval_ms", i64::from(settings.interval_ms).into(), "500 – 10000"),
        ("watch", "notify", watch.notify.into(), ""),
        ("watch", "udp", watch.udp.into(), ""),
        ("history", "keep", history.keep.into(), ""),
        ("history", "days", i64::from(history.days).into(), "1 – 3650"),
        ("history", "megabytes", i64::from(history.megabytes).into(), "10 – 10000"),
        ("tray", "close_to_tray", tray.close_to_tray.into(), ""),
        ("tray", "explained", tray.explained.into(), ""),
        ("tray", "minimise_without_tray", tray.minimise_without_tray.into(), ""),
        ("tray", "explained_without_tray", tray.explained_without_tray.into(), ""),
        ("tray", "start_with_system", tray.start_with_system.into(), ""),
        ("panel", "shown", settings.panel_shown.into(), ""),
        ("panel", "width", i64::from(settings.panel_width).into(), "200 – 1200"),
        ("grid", "sort", word(&settings.sort.column).into(), ""),
        ("grid", "descending", settings.sort.descending.into(), ""),
    ]
}

/// The section of this name, made if there is none, or if something else has its name; the document itself for "".
fn section_of<'d>(document: &'d mut DocumentMut, name: &str) -> &'d mut dyn TableLike {
    if name.is_empty() {
        return document.as_table_mut();
    }
    let root = document.as_table_mut();
    if !root.get(name).is_some_and(Item::is_table_like) {
        root.insert(name, Item::Table(Table::new()));
    }
    match root.get_mut(name) {
        Some(Item::Value(Value::InlineTable(table))) => table,
        Some(Item::Table(table)) => table,
        // It was put there just now.
        _ => unreachable!("a section that is no table"),
    }
}

/// Puts a value in the place of the old one, whose comments and spaces stay.
fn put(table: &mut dyn TableLike, key: &str, mut value: Value) {
    match table.get_mut(key) {
        Some(Item::Value(old)) => {
            *value.decor_mut() = old.decor().clone();
            *old = value;
        }
        _ => {
            table.insert(key, Item::Value(value));
        }
    }
}

/// Puts a value there or takes it away.
fn put_or_remove(table: &mut dyn TableLike, key: &str, value: Option<Value>) {
    match value {
        Some(value) => put(table, key, value),
        None => {
            table.remove(key);
        }
    }
}

fn put_quiet_hours(watch: &mut dyn TableLike, quiet: Option<QuietHours>) {
    const KEY: &str = "quiet_hours";
    let Some(QuietHours { from, until }) = quiet else {
        watch.remove(KEY);
        return;
    };
    let time = |minutes: u16| Value::from(format!("{:02}:{:02}", minutes / 60, minutes % 60));
    match watch.get_mut(KEY).and_then(Item::as_table_like_mut) {
        Some(hours) => {
            put(hours, "from", time(from));
            put(hours, "until", time(until));
        }
        None => {
            let hours = [("from", time(from)), ("until", time(until))];
            put(watch, KEY, Value::InlineTable(InlineTable::from_iter(hours)));
        }
    }
}

/// Text in front of the first thing in the file.
fn put_before_everything(document: &mut DocumentMut, text: &str) {
    let before = |decor: &mut Decor| {
        let old = decor.prefix().and_then(RawString::as_str).unwrap_or_default().trim_start_matches('\n').to_owned();
        decor.set_prefix(format!("{text}{old}"));
    };
    let root = document.as_table_mut();
    let first = root.iter().find(|(_, item)| item.is_value()).or_else(|| root.iter().next());
    let Some(first) = first.map(|(key, _)| key.to_owned()) else { return };
    match root.get_mut(&first) {
        Some(Item::Table(table)) => before(table.decor_mut()),
        Some(Item::ArrayOfTables(tables)) => {
            tables.get_mut(0).into_iter().for_each(|table| before(table.decor_mut()));
        }
        _ => root.key_mut(&first).into_iter().for_each(|mut key| before(key.leaf_decor_mut())),
    }
}
