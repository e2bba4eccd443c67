//! The house rules that a compiler does not know, as tests.

mod tree;

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;
use toml::{Table, Value};
use tree::{files, read};

/// Lines of a file of product code; past that a part of it wants a room of its own.
const LONG: usize = 500;

/// Every text of the project that a person writes.
fn texts() -> Vec<String> {
    let endings =
        [".rs", ".toml", ".ts", ".js", ".mjs", ".svelte", ".css", ".html", ".ftl", ".md", ".json", ".conf", ".svg"];
    let mut texts = files(".", &endings);
    texts.retain(|file| !file.ends_with("package-lock.json") && !file.ends_with("package.json"));
    texts.push(".ci/run".into());
    assert!(texts.len() > 50, "only {texts:?}");
    texts
}

/// Rust code without its line comments: what is said there is not done there.
fn code(file: &str) -> String {
    read(file).lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

fn product() -> Vec<String> {
    let folders = ["core", "probe", "history", "lookup", "engine", "desktop", "quay", "xtask"]
        .map(|name| format!("crates/{name}/src"));
    let rust = folders.iter().map(String::as_str).chain(["src-tauri/src"]).flat_map(|folder| files(folder, &[".rs"]));
    rust.chain(files("ui/src", &[".ts", ".svelte", ".css"])).collect()
}

#[test]
fn every_module_says_what_it_owns() {
    let rust = ["crates", "src-tauri", "tests"].iter().flat_map(|folder| files(folder, &[".rs"]));
    let silent: Vec<String> = rust
        .filter(|file| {
            let text = read(file);
            !text.lines().find(|line| !line.is_empty() && !line.starts_with("#!")).unwrap_or("").starts_with("//!")
        })
        .collect();
    assert_eq!(silent, [""; 0], "these begin without `//!`");
}

#[test]
fn no_file_of_the_product_is_long() {
    let long: Vec<(String, usize)> = product()
        .into_iter()
        .map(|file| (file.clone(), read(&file).lines().count()))
        .filter(|(_, lines)| *lines > LONG)
        .collect();
    assert_eq!(long, [], "more than {LONG} lines");
}

#[test]
fn systems_are_told_apart_where_they_are_met() {
    let product = product().into_iter().filter(|file| file.ends_with(".rs"));
    let told: BTreeSet<String> = product
        .filter(|file| !file.starts_with("crates/probe/") && !file.starts_with("crates/desktop/"))
        .filter(|file| code(file).contains("target_os"))
        .collect();
    // The chores' one place: whether there is apt, and what programs are called.
    assert_eq!(told, BTreeSet::from(["crates/xtask/src/place.rs".to_owned()]));
}

#[test]
fn the_core_touches_nothing() {
    let touches = Regex::new(
        r"\bstd::(fs|io|process|env|thread|os)\b|\b(TcpStream|TcpListener|UdpSocket|ToSocketAddrs|SystemTime|Instant)\b|\bserde|\bunsafe\b|println!",
    )
    .expect("the test's own pattern");
    let touching: Vec<String> =
        files("crates/core/src", &[".rs"]).into_iter().filter(|file| touches.is_match(&code(file))).collect();
    assert_eq!(touching, [""; 0], "the core has no I/O, no clock, no OS and no serde");
}

#[test]
fn nothing_is_left_for_later_and_nothing_of_this_machine_is_left_in() {
    // Taken apart here, or this file would be found.
    let marks = ["TO", "FIX", "X"].iter().zip(["DO", "ME", "XX"]).map(|(a, b)| format!("{a}{b}"));
    let places = [["/wo", "rk/"], ["/ro", "ot/"], ["/home/", "user/"], ["C:\\Us", "ers\\"]].map(|two| two.concat());
    let hosts = [["crates", ".io"], ["npm", "js.org"], ["npm", "js.com"], ["pypi", ".org"], ["deb.", "debian.org"]]
        .map(|two| two.concat());
    let unwanted: Vec<String> = marks.chain(places).chain(hosts).map(|word| regex::escape(&word)).collect();
    let unwanted = Regex::new(&format!(r"(?:^|\W)({})", unwanted.join("|"))).expect("escaped words");
    for file in texts() {
        let text = read(&file);
        let found = unwanted.captures(&text).map(|found| found[1].to_owned());
        assert_eq!(found, None, "in {file}");
    }
}

/// What each of our crates may stand on.
#[test]
fn dependencies_run_one_way() {
    let allowed: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("crates/core", &[][..]),
        ("crates/probe", &["quaymaster-core"]),
        ("crates/history", &["quaymaster-core"]),
        ("crates/lookup", &["quaymaster-core"]),
        ("crates/engine", &["quaymaster-core", "quaymaster-probe", "quaymaster-history", "quaymaster-lookup"]),
        ("crates/desktop", &[]),
        ("crates/quay", &["quaymaster-core", "quaymaster-engine"]),
        ("crates/xtask", &[]),
        ("src-tauri", &["quaymaster-engine", "quaymaster-desktop"]),
    ]);
    for (folder, allowed) in allowed {
        let manifest: Table = read(&format!("{folder}/Cargo.toml")).parse().expect("a manifest");
        let own: BTreeSet<&str> =
            section(&manifest, "dependencies").filter(|name| name.starts_with("quaymaster")).collect();
        assert!(own.is_subset(&allowed.iter().copied().collect()), "{folder} stands on {own:?}");
    }
}

fn section<'a>(manifest: &'a Table, name: &str) -> impl Iterator<Item = &'a str> {
    manifest.get(name).and_then(Value::as_table).into_iter().flatten().map(|(name, _)| name.as_str())
}

#[test]
fn the_terminal_program_links_no_window() {
    let quay = below("quay");
    assert!(quay.contains("quaymaster-core") && quay.len() > 20, "the lock file is no longer understood: {quay:?}");
    for window in ["tauri", "wry", "tao", "gtk", "gtk-sys", "webkit2gtk", "webkit2gtk-sys", "quaymaster"] {
        assert!(!quay.contains(window), "quay stands on {window}");
    }
    assert!(below("quaymaster").contains("tauri"), "the check can see a window where there is one");
}

/// Everything that a package stands on, by the lock file (which knows every system and every feature).
fn below(package: &str) -> BTreeSet<String> {
    let lock: Table = read("Cargo.lock").parse().expect("a lock file");
    let packages = lock["package"].as_array().expect("packages").iter();
    let edges: BTreeMap<&str, Vec<&str>> = packages.fold(BTreeMap::new(), |mut edges, package| {
        let list = package.get("dependencies").and_then(Value::as_array).into_iter().flatten();
        // "name" or "name version": two versions of a package count as one here.
        let names = list.filter_map(Value::as_str).filter_map(|entry| entry.split(' ').next());
        edges.entry(package["name"].as_str().expect("a name")).or_default().extend(names);
        edges
    });
    let mut found = BTreeSet::new();
    let mut open = vec![package];
    while let Some(next) = open.pop() {
        if found.insert(next.to_owned()) {
            open.extend(edges.get(next).into_iter().flatten());
        }
    }
    found
}

/// What Wine lacks is listed with its reason for whoever reads a report; a line that no test asks for any more is a lie.
#[test]
fn what_wine_lacks_is_listed_and_asked_for() {
    let text = read("tests/wine/lacks.txt");
    let lines: Vec<(&str, &str)> =
        text.lines().map(|line| line.split_once(": ").unwrap_or_else(|| panic!("no reason: {line}"))).collect();
    let listed: BTreeSet<&str> = lines.iter().map(|(name, _)| *name).collect();
    assert_eq!(listed.len(), lines.len(), "something is listed twice");
    for (name, reason) in &lines {
        assert!(reason.split(' ').count() > 5, "{name}: {reason}");
    }
    let asks = Regex::new(r#"\blacks\("([^"]+)"\)"#).expect("the test's own pattern");
    let rust = ["crates", "src-tauri", "tests"].iter().flat_map(|folder| files(folder, &[".rs"]));
    let asked: BTreeSet<String> = rust
        .flat_map(|file| asks.captures_iter(&code(&file)).map(|found| found[1].to_owned()).collect::<Vec<_>>())
        .collect();
    assert_eq!(listed, asked.iter().map(String::as_str).collect());
}

/// A suite that is switched off for a system says why, beside the switch: in the module's own words, or above it.
#[test]
fn no_test_is_left_to_one_system_without_a_reason() {
    let switch = Regex::new(r#"^\s*#!?\[cfg\((target_os = "linux"|unix|windows|not\(windows\))\)\]$"#);
    let switch = switch.expect("the test's own pattern");
    for file in suites() {
        // These two are each a system's own, by their names.
        if ["crates/probe/tests/linux/", "crates/probe/tests/windows/"].iter().any(|own| file.starts_with(own)) {
            continue;
        }
        let text = read(&file);
        let lines: Vec<&str> = text.lines().collect();
        for (number, line) in lines.iter().enumerate().filter(|(_, line)| switch.is_match(line)) {
            let whole = line.trim_start().starts_with("#![");
            let test = lines[number + 1..].iter().take(2).any(|line| {
                line.trim_start().starts_with("#[test]") || line.trim_start().starts_with("mod ") && line.ends_with(';')
            });
            // What stands above it; for a whole file, all that it begins with.
            let from = if whole { 0 } else { lines[..number].iter().rposition(|line| line.is_empty()).unwrap_or(0) };
            let said =
                lines[from..number].iter().any(|line| line.contains("Linux only") || line.contains("Windows only"));
            assert!(said || !(whole || test), "{file}:{}: no word on why (Linux only: …)", number + 1);
        }
    }
}

/// Everything that is only there to test.
fn suites() -> Vec<String> {
    let rust = ["crates", "src-tauri", "tests"].iter().flat_map(|folder| files(folder, &[".rs"]));
    rust.filter(|file| file.contains("tests/")).collect()
}
