//! The settings file as a person, a full disk and an earlier version leave it.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod lists;
mod wrong;

use std::path::Path;

use tempfile::TempDir;

use super::*;
use crate::wire::{
    Column, HistorySettings, Language, QuietHours, Reach, Sort, Theme, TraySettings, WatchProtocol, WatchRule,
    WatchSettings,
};

/// A folder with this settings file in it.
fn with(text: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(FILE), text).unwrap();
    folder
}

fn open(folder: &TempDir) -> (SettingsFile, Settings, Option<SettingsTrouble>) {
    SettingsFile::open(folder.path().to_owned())
}

fn text(folder: &TempDir) -> String {
    fs::read_to_string(folder.path().join(FILE)).unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = entries.collect();
    names.sort();
    names
}

/// What is wrong in this text, as `line key: found`, and the settings in force all the same.
fn wrong_in(text: &str) -> (Vec<String>, Settings) {
    let (_, settings, trouble) = open(&with(text));
    let values = match trouble {
        None => Vec::new(),
        Some(SettingsTrouble::WrongValues { values }) => values,
        Some(other) => panic!("{other:?}"),
    };
    (values.iter().map(|wrong| format!("{} {}: {}", wrong.line, wrong.key, wrong.found)).collect(), settings)
}

/// What the file is after these settings were made of those that it held.
fn after(text_before: &str, change: impl Fn(&mut Settings)) -> String {
    let folder = with(text_before);
    let (mut file, mut settings, _) = open(&folder);
    change(&mut settings);
    file.save(&settings).unwrap();
    text(&folder)
}

fn rule(program: &str) -> WatchRule {
    WatchRule { program: Some(program.to_owned()), ..WatchRule::default() }
}

/// Nothing in it is as a new installation has it.
fn unusual() -> Settings {
    let mut columns = Settings::default().columns;
    columns.rotate_left(3);
    columns[0].width = 77;
    columns[1].shown = !columns[1].shown;
    Settings {
        language: Language::Chinese,
        theme: Theme::Dark,
        interval_ms: 2_000,
        columns,
        sort: Sort { column: Column::Pid, descending: true },
        panel_width: 500,
        panel_shown: false,
        watch: WatchSettings {
            notify: false,
            udp: true,
            quiet: Some(QuietHours { from: 22 * 60, until: 7 * 60 + 5 }),
            rules: vec![
                WatchRule {
                    tell: true,
                    program: Some("C:\\Apps\\\"x\".exe".to_owned()),
                    ports: Some(PortSpan { first: 8000, last: 9000 }),
                    reach: Some(Reach::LocalNetwork),
                    protocol: Some(WatchProtocol::Udp),
                },
                WatchRule { ports: Some(PortSpan { first: 22, last: 22 }), ..WatchRule::default() },
            ],
        },
        history: HistorySettings { keep: false, days: 7, megabytes: 50 },
        tray: TraySettings {
            close_to_tray: false,
            explained: true,
            minimise_without_tray: true,
            explained_without_tray: true,
            start_with_system: true,
        },
    }
}

#[test]
fn what_was_saved_is_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("not/there/yet");
    let (mut file, defaults, trouble) = SettingsFile::open(place.clone());
    assert_eq!((defaults.clone(), trouble), (Settings::default(), None));
    file.save(&defaults).unwrap();
    assert_eq!(SettingsFile::open(place.clone()).1, defaults);
    // Into the file of the defaults, then back, and into a file of its own.
    for settings in [unusual(), defaults.clone(), unusual()] {
        file.save(&settings).unwrap();
        let (_, read, trouble) = SettingsFile::open(place.clone());
        assert_eq!((read, trouble), (settings, None));
    }
    fs::remove_file(file.path()).unwrap();
    file.save(&unusual()).unwrap();
    let (_, read, trouble) = SettingsFile::open(place.clone());
    assert_eq!((read, trouble), (unusual(), None));
    assert_eq!(names(&place), [FILE]);
}

#[test]
fn a_new_file_explains_itself() {
    let new = write::new(&Settings::default());
    assert!(new.starts_with("# The settings of Quaymaster. You may edit this file"), "{new}");
    assert!(new.contains("可以手动编辑") && new.contains("\ntheme = \"system\" # system | light | dark\n"), "{new}");
    // What is only hinted at is in force once its marks are taken away, and nothing but that.
    let hints = new.split_once("udp = false\n").unwrap().1.split_once("[history]").unwrap().0;
    let (wrong, settings) = wrong_in(&new.replace(hints, &hints.replace("# quiet", "quiet").replace("\n# ", "\n")));
    assert_eq!(wrong, [""; 0]);
    assert_eq!(settings.watch.quiet, Some(QuietHours { from: 22 * 60, until: 7 * 60 }));
    let [rule] = settings.watch.rules.as_slice() else { panic!("{:?}", settings.watch.rules) };
    assert!(rule.ports.is_some() && rule.program.is_some() && rule.reach.is_some() && rule.protocol.is_some());
}

#[test]
fn what_a_person_wrote_beside_it_stays() {
    let before = "\
# mine: do not touch
colour_of_the_sea = \"blue\"   # nobody here knows it

theme    =   'light'  # for the eyes

[history]
days=90 # a quarter

# the rest
[of_a_later_version]
keys = [1, 2, # two
  3]

[watch]
udp = false
";
    let changed = after(before, |settings| {
        settings.theme = Theme::Dark;
        settings.history.days = 7;
        settings.watch.udp = true;
        settings.interval_ms = 500;
    });
    let expected = before
        .replace("'light'", "\"dark\"")
        .replace("days=90", "days=7")
        .replace("udp = false", "udp = true")
        .replace("# for the eyes\n", "# for the eyes\ninterval_ms = 500\n");
    assert_eq!(changed, expected);
}

#[test]
fn nothing_changed_is_nothing_written() {
    let before = "theme = \"purple\"\n\n[[watch.rules]]\ntell = 5\n";
    assert_eq!(after(before, |_| {}), before);
}

#[test]
fn a_wrong_line_stays_until_its_setting_is_changed() {
    let before = "theme = \"purple\"\ninterval_ms = 7\n";
    let changed = after(before, |settings| settings.interval_ms = 5_000);
    assert_eq!(changed, "theme = \"purple\"\ninterval_ms = 5000\n");
    let changed = after(before, |settings| settings.theme = Theme::Dark);
    assert_eq!(changed, "theme = \"dark\"\ninterval_ms = 7\n");
}

#[test]
fn what_a_person_edits_while_the_window_is_open_is_not_lost() {
    let folder = with("theme = \"light\"\ninterval_ms = 2000\n[history]\ndays = 5\n");
    let (mut file, mut settings, _) = open(&folder);
    // An editor that writes beside the window: one value changed, one added, one that the window will change too.
    let edited = "# hello\ntheme = \"dark\"\nlanguage = \"en\"\ninterval_ms = 500\n[history]\ndays = 5\n";
    fs::write(file.path(), edited).unwrap();
    settings.interval_ms = 10_000;
    file.save(&settings).unwrap();
    assert_eq!(text(&folder), edited.replace("500", "10000"));
    // And again, with what it has written itself as the starting point.
    fs::write(file.path(), text(&folder).replace("10000", "1000")).unwrap();
    settings.history.days = 6;
    file.save(&settings).unwrap();
    assert_eq!(text(&folder), edited.replace("500", "1000").replace("days = 5", "days = 6"));
}

#[test]
fn a_file_that_is_half_edited_is_not_written_to() {
    let folder = with("theme = \"light\"\n");
    let (mut file, mut settings, _) = open(&folder);
    fs::write(file.path(), "theme = \"light\"\n\ninterval_ms = \n").unwrap();
    settings.interval_ms = 500;
    let failure = file.save(&settings).unwrap_err();
    assert_eq!((failure.code, failure.detail.as_deref()), ("settings_broken", Some("settings.toml:3")));
    assert_eq!(text(&folder), "theme = \"light\"\n\ninterval_ms = \n");
    // Corrected: what could not be written before is written now.
    fs::write(file.path(), "theme = \"light\"\n\ninterval_ms = 1000\n").unwrap();
    file.save(&settings).unwrap();
    assert_eq!(text(&folder), "theme = \"light\"\n\ninterval_ms = 500\n");
}

/// However somebody has built their file, what is saved into it is what is read from it.
#[test]
fn every_shape_of_file_takes_every_setting() {
    for shape in [
        "",
        "# nothing but words\n",
        "watch = { udp = true }\nlanguage = 'en'\n",
        "watch.udp = true\nhistory.days = 3\n",
        "watch = 5\ngrid = []\n",
        "[language]\nx = 1\n",
        "[[watch.rules]]\ntell = true\n[tray]\n[[watch.rules]]\ntell = false\n",
        "[watch.quiet_hours]\nfrom = '1:00'\nuntil = '2:00'\nwhy = 'sleep'\n",
        "[grid]\ncolumns = ['pid', 5, { column = 'user' }] # short\n",
        "[grid]\ncolumns = 'all'\n[watch]\nrules = 'none'\nquiet_hours = 5\n",
        "[[watch]]\nudp = true\n",
        "\u{feff}theme = 'dark'\r\n\r\n[tray]\r\nexplained = true\r\n",
    ] {
        let folder = with(shape);
        let (mut file, ..) = open(&folder);
        file.save(&unusual()).unwrap();
        let (_, read, trouble) = open(&folder);
        let rules = |settings: &Settings| settings.watch.rules.clone();
        let there = |rule: &WatchRule| rules(&read).contains(rule);
        assert!(rules(&unusual()).iter().all(there), "{shape}\n{}", text(&folder));
        let alike =
            Settings { watch: WatchSettings { rules: rules(&unusual()), ..read.watch.clone() }, ..read.clone() };
        assert_eq!(alike, unusual(), "{shape}\n{}", text(&folder));
        // What is none of ours may stay, and stay wrong, but nothing else does.
        if let Some(SettingsTrouble::WrongValues { values }) = trouble {
            assert!(values.iter().all(|wrong| wrong.key == "grid.columns"), "{shape}: {values:?}");
        }
        let lines = text(&folder);
        assert_eq!(lines.matches("\r\n").count(), if shape.contains('\r') { lines.matches('\n').count() } else { 0 });
    }
    assert!(after("# nothing but words\n", |settings| settings.history.days = 9).starts_with("# nothing but words\n"));
}

#[test]
fn a_file_that_is_no_toml_is_kept_aside_and_said() {
    for (text_before, at) in [("theme = \"dark\"\n\ninterval_ms = \"so", 3), ("{ \"interval_ms\": 5 }", 1)] {
        let folder = with(text_before);
        let (mut file, settings, trouble) = open(&folder);
        assert_eq!(settings, Settings::default());
        let Some(SettingsTrouble::Corrupt { kept_as, line }) = trouble else { panic!("{trouble:?}") };
        assert_eq!(line, Some(at));
        assert!(kept_as.contains("settings.broken-") && kept_as.ends_with(".toml"), "{kept_as}");
        assert_eq!(fs::read_to_string(kept_as).unwrap(), text_before);
        file.save(&settings).unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(FILE), b"theme = \"dark\"\n# \xff\n").unwrap();
    assert!(matches!(open(&folder).2, Some(SettingsTrouble::Corrupt { line: Some(2), .. })));
}

#[test]
fn an_unreadable_file_is_never_written_over() {
    for name in [FILE, JSON] {
        let folder = tempfile::tempdir().unwrap();
        // A folder in the file's place cannot be read as a file by anyone, not even by root.
        fs::create_dir(folder.path().join(name)).unwrap();
        let (mut file, settings, trouble) = open(&folder);
        assert!(matches!(trouble, Some(SettingsTrouble::Unreadable { .. })), "{trouble:?}");
        assert_eq!(file.save(&settings).unwrap_err().code, "write_failed");
        assert_eq!(names(folder.path()), [name]);
    }
}

#[test]
fn values_of_the_window_out_of_bounds_are_brought_in() {
    let mut wild = Settings {
        interval_ms: 1,
        panel_width: 9,
        columns: vec![ColumnSetting { column: Column::Pid, width: 9_999, shown: true }; 3],
        history: HistorySettings { keep: true, days: 0, megabytes: 1 << 30 },
        ..Settings::default()
    };
    wild.watch.quiet = Some(QuietHours { from: 1_440, until: 3 });
    wild.watch.rules = vec![WatchRule { ports: Some(PortSpan { first: 9, last: 8 }), ..rule(" ") }];
    let tame = sane(wild);
    assert_eq!((tame.interval_ms, tame.panel_width), (500, 200));
    assert_eq!(tame.columns.len(), Settings::default().columns.len());
    assert_eq!(tame.columns[0], ColumnSetting { column: Column::Pid, width: 1_200, shown: true });
    assert_eq!(tame.history, HistorySettings { keep: true, days: 1, megabytes: 10_000 });
    assert_eq!(tame.watch.quiet, None);
    assert_eq!(tame.watch.rules, [WatchRule { ports: Some(PortSpan { first: 8, last: 9 }), ..WatchRule::default() }]);
}

#[test]
fn the_json_of_an_earlier_version_is_taken_over_once() {
    let folder = tempfile::tempdir().unwrap();
    let json = r#"{ "interval_ms": 5000, "theme": "dark", "long_gone": true, "panel_width": 1 }"#;
    fs::write(folder.path().join(JSON), json).unwrap();
    let (mut file, settings, trouble) = open(&folder);
    let expected = Settings { interval_ms: 5_000, theme: Theme::Dark, panel_width: 200, ..Settings::default() };
    assert_eq!((&settings, trouble), (&expected, None));
    assert_eq!(names(folder.path()), [JSON_TAKEN_OVER, FILE]);
    assert_eq!(fs::read_to_string(folder.path().join(JSON_TAKEN_OVER)).unwrap(), json);
    file.save(&Settings { theme: Theme::Light, ..settings }).unwrap();
    let (_, read, trouble) = open(&folder);
    assert_eq!((read, trouble), (Settings { theme: Theme::Light, ..expected }, None));
}

#[test]
fn a_json_that_is_broken_is_kept_aside_and_one_beside_a_toml_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(JSON), "{ \"interval_ms\":\n\"so").unwrap();
    let (mut file, settings, trouble) = open(&folder);
    let Some(SettingsTrouble::Corrupt { kept_as, line }) = trouble else { panic!("{trouble:?}") };
    assert_eq!((line, kept_as.ends_with(".json"), &settings), (Some(2), true, &Settings::default()));
    file.save(&settings).unwrap();
    fs::write(folder.path().join(JSON), r#"{ "interval_ms": 5000 }"#).unwrap();
    assert_eq!(open(&folder).1, Settings::default());
    assert!(names(folder.path()).contains(&JSON.to_owned()));
}

/// Linux only: it is where a test may make a link, and where people keep their settings in a folder of their own.
#[cfg(unix)]
#[test]
fn a_link_to_the_settings_stays_one() {
    let (folder, elsewhere) = (tempfile::tempdir().unwrap(), with("theme = 'dark'\n"));
    std::os::unix::fs::symlink(elsewhere.path().join(FILE), folder.path().join(FILE)).unwrap();
    let (mut file, settings, _) = open(&folder);
    file.save(&Settings { theme: Theme::Light, ..settings }).unwrap();
    assert_eq!(text(&elsewhere), "theme = \"light\"\n");
    assert!(fs::symlink_metadata(folder.path().join(FILE)).unwrap().is_symlink());
}
