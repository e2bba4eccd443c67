//! Values that are wrong, and values that are right in a way of their own.

use super::*;
use crate::wire::{Expected, WrongValue};

#[test]
fn a_wrong_value_is_named_and_alone_in_being_replaced() {
    let (wrong, settings) = wrong_in(
        "\
language = \"zh-CN\"
theme = \"purple\"
interval_ms = 499

[watch]
notify = \"yes\"
udp = true
quiet_hours = { from = \"25:00\" }

[history]
days = 3651
megabytes = 10.5
keep = false

[panel]
width = 9_999_999_999_999

[grid]
sort = \"colour\"
descending = true

[tray]
close_to_tray = 0
start_with_system = true
",
    );
    assert_eq!(
        wrong,
        [
            "2 theme: \"purple\"",
            "3 interval_ms: 499",
            "6 watch.notify: \"yes\"",
            "8 watch.quiet_hours.from: \"25:00\"",
            "8 watch.quiet_hours.until: { from = \"25:00\" }",
            "11 history.days: 3651",
            "12 history.megabytes: 10.5",
            "16 panel.width: 9_999_999_999_999",
            "19 grid.sort: \"colour\"",
            "23 tray.close_to_tray: 0",
        ]
    );
    let mut expected = Settings { language: Language::Chinese, ..Settings::default() };
    expected.watch.udp = true;
    expected.history.keep = false;
    expected.sort.descending = true;
    expected.tray.start_with_system = true;
    assert_eq!(settings, expected);
}

#[test]
fn it_is_said_what_was_expected() {
    for (text, expected) in [
        ("interval_ms = 'x'", Expected::Number { least: 500, most: 10_000 }),
        ("theme = 1", Expected::OneOf { words: "system, light, dark".into() }),
        ("watch.udp = 1", Expected::YesOrNo),
        ("watch = 1", Expected::Section),
        ("[watch.quiet_hours]\nfrom = '22:00'\nuntil = '7'", Expected::Time),
        ("watch.quiet_hours = 'at night'", Expected::Hours),
        ("watch.rules = 'all'", Expected::List),
        ("watch.rules = [1]", Expected::Section),
        ("[[watch.rules]]\ntell = true\nports = '9-8'", Expected::Ports),
        ("[[watch.rules]]\ntell = true\nprogram = ' '", Expected::Text),
        ("[[watch.rules]]\nports = '9'", Expected::YesOrNo),
        ("grid.columns = ['pid', 'pid']", Expected::Once),
        ("grid.columns = [{ column = 'pid', shown = false }]", Expected::OneShown),
    ] {
        let (_, _, trouble) = open(&with(text));
        let Some(SettingsTrouble::WrongValues { values }) = trouble else { panic!("{text}: {trouble:?}") };
        // A lone hidden column is joined by the others as they are usually.
        assert_eq!(values.iter().map(|wrong| &wrong.expected).collect::<Vec<_>>(), [&expected], "{text}");
    }
}

#[test]
fn what_is_named_is_harmless() {
    let long = "x".repeat(5_000);
    let text =
        format!("theme = \"\u{202e}evil\"\nlanguage = \"{long}\"\n[[watch.rules]]\ntell = true\n\"\\u001b[31m\" = 1");
    let (_, _, trouble) = open(&with(&text));
    let Some(SettingsTrouble::WrongValues { values }) = trouble else { panic!("{trouble:?}") };
    let WrongValue { line, found, .. } = &values[0];
    assert_eq!((*line, found.as_str()), (1, "\"\\u{202e}evil\""));
    assert_eq!(values[1].found.chars().count(), 41);
    assert_eq!((values[2].line, values[2].key.as_str()), (5, "watch.rules.\\e[31m"));
    assert!(matches!(&values[2].expected, Expected::OneOf { words } if words.starts_with("tell, program")));
}

#[test]
fn values_may_be_written_in_the_ways_that_people_write_them() {
    let (wrong, settings) = wrong_in(
        "\
watch = { udp = true, quiet_hours = { from = 22:30:00, until = '7:05' }, rules = [
  { tell = true, ports = 8000 }, { tell = false, ports = ' 1 - 2 ' },
] }
interval_ms = 0x3e8
[grid]
columns = ['pid', { column = 'state' }]
",
    );
    assert_eq!(wrong, [""; 0]);
    assert!(settings.watch.udp);
    assert_eq!(settings.watch.quiet, Some(QuietHours { from: 22 * 60 + 30, until: 7 * 60 + 5 }));
    let ports: Vec<_> = settings.watch.rules.iter().map(|rule| rule.ports.clone().unwrap()).collect();
    assert_eq!(ports, [PortSpan { first: 8000, last: 8000 }, PortSpan { first: 1, last: 2 }]);
    assert_eq!(settings.columns[0], ColumnSetting { column: Column::Pid, width: 66, shown: true });
    assert_eq!(settings.columns[1].column, Column::State);
    assert_eq!(settings.columns.len(), Settings::default().columns.len());
}
