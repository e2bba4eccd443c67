//! Where two parts of the house must say the same, they are read and compared: commands, the shell's locks, the page's types.

mod tree;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use quaymaster_engine::wire;
use regex::Regex;
use serde_json::Value;
use tree::{files, read};
use ts_rs::{Config, TS};

/// Every match of the pattern's first group.
fn all(pattern: &str, text: &str) -> BTreeSet<String> {
    let pattern = Regex::new(pattern).expect("the test's own pattern");
    pattern.captures_iter(text).map(|found| found[1].to_owned()).collect()
}

/// The text between two marks, neither of them included.
fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let (_, rest) = text.split_once(from).unwrap_or_else(|| panic!("`{from}` is not there"));
    rest.split_once(to).unwrap_or_else(|| panic!("`{to}` does not follow `{from}`")).0
}

fn json(path: &str) -> Value {
    serde_json::from_str(&read(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The commands that the shell's build script declares.
fn declared() -> BTreeSet<String> {
    let commands = all(r#""([a-z_]+)""#, between(&read("src-tauri/build.rs"), ".commands(&[", "])"));
    assert!(commands.len() > 5, "build.rs is no longer understood: {commands:?}");
    commands
}

#[test]
fn every_declared_command_has_a_handler_and_no_other_has() {
    let sources: String = files("src-tauri/src", &[".rs"]).iter().map(|file| read(file)).collect();
    assert_eq!(all(r"(?m)(\w+),?\s*$", between(&sources, "generate_handler![", "]")), declared());
    assert_eq!(all(r"#\[tauri::command[^\]]*\]\s*(?:pub(?:\([a-z]+\))? )?(?:async )?fn (\w+)", &sources), declared());
}

#[test]
fn every_command_is_asynchronous() {
    // A synchronous one runs on the main thread, and freezes the window for as long as it takes.
    let sources: String = files("src-tauri/src", &[".rs"]).iter().map(|file| read(file)).collect();
    assert_eq!(all(r"#\[tauri::command[^\]]*\]\s*(?:pub(?:\([a-z]+\))? )?fn (\w+)", &sources), BTreeSet::new());
}

#[test]
fn the_page_is_allowed_the_commands_and_nothing_else() {
    let capabilities = files("src-tauri/capabilities", &[".json"]);
    assert_eq!(capabilities.len(), 1, "one window, one capability");
    let capability = json(&capabilities[0]);
    assert_eq!(capability["windows"], serde_json::json!(["main"]));
    assert!(capability.get("remote").is_none(), "no page from elsewhere may call anything");
    let permissions = capability["permissions"].as_array().expect("a list of permissions");
    let allowed: BTreeSet<String> = permissions.iter().map(|name| name.as_str().expect("a name").to_owned()).collect();
    // A plugin's grant would have a colon ("shell:allow-open"), and so would not be equal.
    let wanted: BTreeSet<String> = declared().iter().map(|name| format!("allow-{}", name.replace('_', "-"))).collect();
    assert_eq!(allowed, wanted);
}

#[test]
fn the_page_calls_the_commands_that_there_are() {
    let calls = read("ui/src/ipc/tauri.ts");
    assert_eq!(all(r#"(?:invoke|call)(?:<[^(]*>)?\(\s*['"]([a-z_]+)['"]"#, &calls), declared());
}

#[test]
fn only_one_file_of_the_page_knows_tauri() {
    let knows = files("ui/src", &[".ts", ".svelte"]).into_iter().filter(|file| {
        // What stands in a test plays the shell's part.
        !file.ends_with(".test.ts") && read(file).contains("@tauri-apps")
    });
    assert_eq!(knows.collect::<Vec<_>>(), ["ui/src/ipc/tauri.ts"]);
}

#[test]
fn the_page_runs_no_script_but_its_own_and_reaches_nobody() {
    let config = json("src-tauri/tauri.conf.json");
    assert_ne!(config["app"]["withGlobalTauri"], Value::Bool(true));
    let csp = config["app"]["security"]["csp"].as_object().expect("a policy, as a table");
    let policy: BTreeMap<&str, String> = csp.iter().map(|(name, value)| (name.as_str(), words(value))).collect();
    assert_eq!(policy["default-src"], "'self'");
    assert_eq!(policy["object-src"], "'none'");
    for (name, value) in &policy {
        for source in value.split_whitespace() {
            let own = source.starts_with('\'') || ["data:", "ipc:", "http://ipc.localhost", "asset:"].contains(&source);
            assert!(own, "{name} allows {source}");
            let inline = ["'unsafe-inline'", "'unsafe-eval'", "'wasm-unsafe-eval'"].contains(&source);
            assert!(!inline || *name == "style-src" && source == "'unsafe-inline'", "{name} allows {source}");
        }
    }
    let dangerous = config["app"]["security"].get("dangerousDisableAssetCspModification");
    assert!(dangerous.is_none_or(|off| *off == Value::Bool(false)), "Tauri's own nonces are not to be switched off");
}

/// A directive's sources, whether written as one text or as a list.
fn words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "),
        other => panic!("a policy of {other}"),
    }
}

#[test]
fn the_page_never_takes_text_for_markup() {
    for file in files("ui", &[".svelte", ".ts", ".js", ".html"]) {
        let text = read(&file);
        for way in
            ["{@html", "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "new Function(", " eval("]
        {
            assert!(!text.contains(way), "{file} uses {way}");
        }
    }
}

#[test]
fn the_types_of_the_page_are_those_of_the_engine() {
    let fresh = tempfile::tempdir().expect("a folder to write to");
    let config = Config::new().with_out_dir(fresh.path());
    // What the commands and `--json` take and give: everything else hangs from these.
    export::<wire::FrameRequest>(&config);
    export::<wire::Frame>(&config);
    export::<wire::ProcessRef>(&config);
    export::<wire::EndPlan>(&config);
    export::<wire::EndRequest>(&config);
    export::<wire::EndOutcome>(&config);
    export::<wire::EndProgress>(&config);
    export::<wire::ExportRequest>(&config);
    export::<wire::Exported>(&config);
    export::<wire::Settings>(&config);
    export::<wire::HistoryRequest>(&config);
    export::<wire::HistoryPage>(&config);
    export::<wire::HistoryChartRequest>(&config);
    export::<wire::HistoryChart>(&config);
    export::<wire::HistoryPortUser>(&config);
    export::<wire::HistoryState>(&config);
    export::<wire::HistoryExportRequest>(&config);
    export::<wire::NewListener>(&config);
    export::<wire::SettingsLoad>(&config);
    export::<wire::Failure>(&config);
    export::<wire::Socket>(&config);
    export::<wire::Wish>(&config);
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/src/ipc/bindings");
    let (fresh, committed) = (folder(fresh.path()), folder(&committed));
    assert_eq!(
        fresh.keys().collect::<Vec<_>>(),
        committed.keys().collect::<Vec<_>>(),
        "run `cargo xtask bindings`; a type that hangs from no command is not for the page"
    );
    for (name, text) in fresh {
        assert_eq!(text, committed[&name], "{name} is stale: run `cargo xtask bindings`");
    }
}

fn export<T: TS + 'static>(config: &Config) {
    T::export_all(config).unwrap_or_else(|error| panic!("{}: {error}", T::name(config)));
}

fn folder(path: &Path) -> BTreeMap<String, String> {
    let entries = std::fs::read_dir(path).expect("a folder").map(|entry| entry.expect("an entry"));
    entries
        .map(|entry| {
            let text = std::fs::read_to_string(entry.path()).expect("a text");
            (entry.file_name().to_string_lossy().into_owned(), text)
        })
        .collect()
}
