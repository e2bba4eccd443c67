//! Rules and columns: found again in the file, changed in their place, and those that are not ours left there.

use super::*;

const RULES: &str = "\
# first
[[watch.rules]]
tell = false  # never
program = \"a\"

# this one is wrong
[[watch.rules]]
tell = \"perhaps\"

[[watch.rules]]
tell = true
program = \"b\"
ports = 80  # http

[history]
days = 3
";

#[test]
fn a_rule_with_a_wrong_part_is_no_wider_rule() {
    let (wrong, settings) = wrong_in(&RULES.replace("ports = 80", "prots = 80"));
    assert_eq!(wrong, ["8 watch.rules.tell: \"perhaps\"", "13 watch.rules.prots: prots"]);
    assert_eq!(settings.watch.rules, [rule("a")]);
}

#[test]
fn a_rule_is_edited_in_its_place() {
    let changed = after(RULES, |settings| settings.watch.rules[1].program = Some("c".into()));
    assert_eq!(changed, RULES.replace("\"b\"", "\"c\""));
    let changed = after(RULES, |settings| settings.watch.rules[1].ports = None);
    assert_eq!(changed, RULES.replace("ports = 80  # http\n", ""));
}

#[test]
fn rules_are_added_moved_and_removed() {
    let added = after(RULES, |settings| settings.watch.rules.push(rule("z")));
    assert_eq!(added, RULES.replace("\n[history]", "\n[[watch.rules]]\ntell = false\nprogram = \"z\"\n\n[history]"));

    let moved = after(RULES, |settings| settings.watch.rules.swap(0, 1));
    let (head, history) = RULES.split_once("\n[history]").unwrap();
    let (first, second) = head.split_once("\n[[watch.rules]]\ntell = true").unwrap();
    assert_eq!(moved, format!("\n[[watch.rules]]\ntell = true{second}{first}\n[history]{history}"));

    let removed = after(RULES, |settings| drop(settings.watch.rules.remove(0)));
    assert!(removed.starts_with("\n# this one is wrong\n[[watch.rules]]\ntell = \"perhaps\"\n"), "{removed}");
    assert!(!removed.contains("\"a\""), "{removed}");

    let none = after("[[watch.rules]]\ntell = true\n", |settings| settings.watch.rules.clear());
    assert_eq!(none, "");
}

#[test]
fn a_rule_that_a_person_adds_meanwhile_stays() {
    let folder = with(RULES);
    let (mut file, mut settings, _) = open(&folder);
    let mine = "\n[[watch.rules]]\ntell = true\nprogram = \"mine\"\n";
    fs::write(file.path(), RULES.replace("\n[history]", &format!("{mine}\n[history]"))).unwrap();
    settings.watch.rules[0] = rule("changed");
    settings.watch.rules.push(rule("last"));
    file.save(&settings).unwrap();
    let (_, read, _) = open(&folder);
    let programs: Vec<_> = read.watch.rules.iter().map(|rule| rule.program.as_deref().unwrap()).collect();
    assert_eq!(programs, ["changed", "b", "mine", "last"]);
}

#[test]
fn rules_in_a_list_of_their_own_stay_in_it() {
    let before = "watch.udp = true\nwatch.rules = [ # all of them\n  { tell = true, program = 'a' }, # a\n]\n";
    let changed = after(before, |settings| settings.watch.rules.insert(0, rule("n")));
    assert!(changed.starts_with("watch.udp = true\nwatch.rules = ["), "{changed}");
    assert!(changed.contains("# all of them\n  { tell = true, program = 'a' }"), "{changed}");
    let (wrong, settings) = wrong_in(&changed);
    assert_eq!(wrong, [""; 0]);
    assert_eq!(settings.watch.rules, [rule("n"), WatchRule { tell: true, ..rule("a") }]);
}

#[test]
fn a_wider_column_changes_one_line() {
    let before = write::new(&Settings::default());
    let changed = after(&before, |settings| settings.columns[1].width = 99);
    assert_eq!(changed, before.replace("column = \"pid\", width = 66", "column = \"pid\", width = 99"));
    let short = "[grid]\ncolumns = ['pid', 'nonsense', 'user'] # these\n";
    let changed = after(short, |settings| settings.columns[1].width = 99);
    assert!(changed.contains("'nonsense'") && changed.contains("width = 99"), "{changed}");
}
