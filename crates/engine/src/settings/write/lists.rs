//! The two lists of a settings file, rules and columns. An entry that the window knows is found again and changed in its place;
//! one that it does not know (wrong, or added by a person meanwhile) stays behind the entry that it stands behind.

use toml_edit::{Array, ArrayOfTables, InlineTable, Item, Table, TableLike, Value};

use super::super::read::{self, word};
use super::{put, put_or_remove};
use crate::wire::{ColumnSetting, PortSpan, WatchRule};

/// What becomes of an entry of the old list.
enum Fate {
    /// It is the entry at this place of the new list.
    At(usize),
    /// It is none of ours.
    Stays,
    /// The person has removed it in the window.
    Goes,
}

/// A new list of `count` entries; `make` is given each one's place, and its old entry if there is one.
fn arranged<T>(old: Vec<(Fate, T)>, count: usize, mut make: impl FnMut(usize, Option<T>) -> T) -> Vec<T> {
    let mut places: Vec<(Option<T>, Vec<T>)> = (0..count).map(|_| (None, Vec::new())).collect();
    let mut list = Vec::with_capacity(count);
    let mut behind = None;
    for (fate, entry) in old {
        match (fate, behind) {
            (Fate::At(place), _) => {
                places[place].0 = Some(entry);
                behind = Some(place);
            }
            (Fate::Stays, Some(place)) => places[place].1.push(entry),
            (Fate::Stays, None) => list.push(entry),
            (Fate::Goes, _) => {}
        }
    }
    for (place, (entry, followers)) in places.into_iter().enumerate() {
        list.push(make(place, entry));
        list.extend(followers);
    }
    list
}

/// Puts the rules there, as the tables or the list that they are.
pub(super) fn put_rules(watch: &mut dyn TableLike, rules: &[WatchRule], known: &[WatchRule]) {
    const KEY: &str = "rules";
    let places = places(rules, known);
    let mut seen = vec![false; known.len()];
    let mut fate = |table: Option<&dyn TableLike>| {
        let rule = table.and_then(read::rule);
        let ours = rule.and_then(|rule| (0..known.len()).find(|&at| !seen[at] && known[at] == rule));
        let Some(ours) = ours else { return Fate::Stays };
        seen[ours] = true;
        places[ours].map_or(Fate::Goes, Fate::At)
    };
    if let Some(list) = watch.get_mut(KEY).and_then(Item::as_array_mut) {
        let old = list.iter().map(|value| (fate(value.as_inline_table().map(|table| table as _)), value.clone()));
        let old = old.collect();
        let values = arranged(old, rules.len(), |place, old| {
            let mut value = old.unwrap_or_else(|| InlineTable::new().into());
            if let Some(table) = value.as_inline_table_mut() {
                edit_rule(table, &rules[place]);
            }
            value
        });
        refill(list, values);
        return;
    }
    let old = match watch.remove(KEY) {
        Some(Item::ArrayOfTables(tables)) => tables.into_iter().collect(),
        _ => Vec::new(),
    };
    // Tables are written in the order of their places in the old file: with one place for all, in the order of the list.
    let position = old.iter().filter_map(Table::position).min();
    let old = old.into_iter().map(|table| (fate(Some(&table)), table)).collect();
    let tables = arranged(old, rules.len(), |place, old| {
        let mut table = old.unwrap_or_default();
        edit_rule(&mut table, &rules[place]);
        table
    });
    let mut list = ArrayOfTables::new();
    for mut table in tables {
        table.set_position(position);
        list.push(table);
    }
    if !list.is_empty() {
        watch.insert(KEY, Item::ArrayOfTables(list));
    }
}

/// Where each known rule is in the new list: the same rule, or, where there is none, the one that now has its place.
fn places(rules: &[WatchRule], known: &[WatchRule]) -> Vec<Option<usize>> {
    let mut taken = vec![false; rules.len()];
    let mut places: Vec<Option<usize>> = known
        .iter()
        .map(|rule| {
            let place = (0..rules.len()).find(|&at| !taken[at] && rules[at] == *rule);
            place.into_iter().for_each(|at| taken[at] = true);
            place
        })
        .collect();
    for (at, place) in places.iter_mut().enumerate() {
        if place.is_none() && taken.get(at) == Some(&false) {
            taken[at] = true;
            *place = Some(at);
        }
    }
    places
}

fn edit_rule(table: &mut dyn TableLike, rule: &WatchRule) {
    let old = read::rule(table);
    let old = old.as_ref();
    if old.is_none_or(|old| old.tell != rule.tell) {
        put(table, "tell", rule.tell.into());
    }
    if old.is_none_or(|old| old.program != rule.program) {
        put_or_remove(table, "program", rule.program.as_ref().map(Value::from));
    }
    if old.is_none_or(|old| old.ports != rule.ports) {
        put_or_remove(table, "ports", rule.ports.as_ref().map(|ports| ports_text(ports).into()));
    }
    if old.is_none_or(|old| old.reach != rule.reach) {
        put_or_remove(table, "reach", rule.reach.map(|reach| word(&reach).into()));
    }
    if old.is_none_or(|old| old.protocol != rule.protocol) {
        put_or_remove(table, "protocol", rule.protocol.map(|protocol| word(&protocol).into()));
    }
}

fn ports_text(PortSpan { first, last }: &PortSpan) -> String {
    if first == last { first.to_string() } else { format!("{first}-{last}") }
}

/// Puts the columns there: into a new order only where they have one, so that a wider column changes one line.
pub(super) fn put_columns(grid: &mut dyn TableLike, columns: &[ColumnSetting], known: &[ColumnSetting]) {
    const KEY: &str = "columns";
    if grid.get(KEY).is_none_or(|item| !item.is_array()) {
        put(grid, KEY, Value::Array(Array::new()));
    }
    let Some(list) = grid.get_mut(KEY).and_then(Item::as_array_mut) else { return };
    let names = |columns: &[ColumnSetting]| columns.iter().map(|setting| setting.column).collect::<Vec<_>>();
    let before = |column: &ColumnSetting| known.iter().find(|known| known.column == column.column);
    if names(columns) == names(known) {
        let of = |value: &Value| read::column(value).map(|setting| setting.column);
        let missing = columns
            .iter()
            .any(|column| before(column) != Some(column) && !list.iter().any(|value| of(value) == Some(column.column)));
        if !missing {
            for value in list.iter_mut() {
                let changed =
                    columns.iter().find(|column| of(value) == Some(column.column) && before(column) != Some(column));
                changed.into_iter().for_each(|column| edit_column(value, column, before(column)));
            }
            return;
        }
    }
    let mut seen = vec![false; columns.len()];
    let old = list.iter().map(|value| {
        let column = read::column(value).map(|setting| setting.column);
        match (0..columns.len()).find(|&at| !seen[at] && Some(columns[at].column) == column) {
            Some(at) => {
                seen[at] = true;
                (Fate::At(at), value.clone())
            }
            None => (Fate::Stays, value.clone()),
        }
    });
    let old = old.collect();
    let values = arranged(old, columns.len(), |place, old| {
        let column = &columns[place];
        match old {
            Some(mut value) => {
                if before(column) != Some(column) {
                    edit_column(&mut value, column, before(column));
                }
                value
            }
            None => new_column(column),
        }
    });
    refill(list, values);
    list.set_trailing_comma(true);
    if !list.trailing().as_str().unwrap_or_default().contains('\n') {
        list.set_trailing("\n");
    }
}

fn new_column(column: &ColumnSetting) -> Value {
    let mut table = InlineTable::new();
    table.insert("column", word(&column.column).into());
    table.insert("width", i64::from(column.width).into());
    table.insert("shown", column.shown.into());
    Value::InlineTable(table).decorated("\n  ", "")
}

fn edit_column(value: &mut Value, column: &ColumnSetting, before: Option<&ColumnSetting>) {
    let Some(table) = value.as_inline_table_mut() else {
        let decor = value.decor().clone();
        *value = new_column(column);
        *value.decor_mut() = decor;
        return;
    };
    if before.is_none_or(|before| before.width != column.width) {
        put(table, "width", i64::from(column.width).into());
    }
    if before.is_none_or(|before| before.shown != column.shown) {
        put(table, "shown", column.shown.into());
    }
}

/// Other values in the list, each with the spaces and comments that it has.
fn refill(list: &mut Array, values: Vec<Value>) {
    list.clear();
    values.into_iter().for_each(|value| list.push_formatted(value));
}
