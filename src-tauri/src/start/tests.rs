//! The shell whole, but for what draws the page: the real handler, the real commands, a real engine and the real permissions,
//! asked as the page asks.
#![expect(clippy::unwrap_used, reason = "a shell that does not even start has nothing to say")]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use quaymaster_engine::past::Past;
use quaymaster_engine::watch::Observers;
use quaymaster_engine::{Engine, Machine};
use serde_json::{Value, json};
use tauri::ipc::{CallbackFn, InvokeBody};
use tauri::test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder};
use tauri::webview::InvokeRequest;
use tauri::{App, WebviewWindow, WebviewWindowBuilder};
use tempfile::TempDir;

use super::shell;
use crate::preferences::Preferences;

/// How long something is waited for that must come.
const PATIENCE: Duration = Duration::from_secs(60);

/// A shell with a window in it, and a folder of its own for the settings.
struct Stage {
    window: WebviewWindow<MockRuntime>,
    _app: App<MockRuntime>,
    folder: TempDir,
}

impl Stage {
    fn new() -> Self {
        Self::over(tempfile::tempdir().unwrap())
    }

    fn over(folder: TempDir) -> Self {
        let preferences = Preferences::open(folder.path().to_path_buf());
        let past = Past::open(folder.path(), preferences.current().history);
        let observers = Observers { past: Some(past.clone()), ..Observers::default() };
        let engine = Engine::start_observed(Machine::this(), Duration::from_millis(500), observers).unwrap();
        let app = shell(mock_builder(), engine, preferences, past).build(tauri::generate_context!()).unwrap();
        let window = WebviewWindowBuilder::new(&app, "main", Default::default()).build().unwrap();
        Self { window, _app: app, folder }
    }

    /// What the page hears when it calls a command.
    fn call(&self, command: &str, arguments: Value) -> Result<Value, Value> {
        let request = InvokeRequest {
            cmd: command.to_owned(),
            callback: CallbackFn(0),
            error: CallbackFn(1),
            url: self.window.url().unwrap(),
            body: InvokeBody::Json(arguments),
            headers: Default::default(),
            invoke_key: INVOKE_KEY.to_owned(),
        };
        get_ipc_response(&self.window, request).map(|body| body.deserialize().unwrap())
    }

    /// The only owner of the socket at this port, as soon as the grid shows one.
    fn owner_of(&self, port: u16) -> Value {
        let waited = Instant::now();
        loop {
            let frame = self.call("next_frame", request(&port.to_string())).unwrap();
            let lines = frame["lines"].as_array().unwrap();
            let row = lines.iter().find(|line| line["local_port"] == port && line["state"] == "LISTEN");
            if let Some([owner]) = row.and_then(|row| row["owners"].as_array()).map(Vec::as_slice) {
                return owner.clone();
            }
            assert!(waited.elapsed() < PATIENCE, "nobody listens on {port}: {frame}");
            self.call("look_now", json!({})).unwrap();
        }
    }
}

/// The page's first question, with this filter.
fn request(filter: &str) -> Value {
    json!({ "request": {
        "after": null, "scope": "all", "filter": filter, "sort": { "column": "local_port", "descending": false },
        "group": false, "folded": [], "first": 0, "count": 60, "hold": false, "port": null, "detail": null,
        "traffic": false, "locate": null
    }})
}

/// Another process, this very test program, that listens on a port of 127.0.0.1 until the test is over.
struct Listener {
    process: Child,
    port: u16,
}

const ROLE: &str = "SHELL_TEST_LISTEN";

impl Listener {
    fn start() -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "start::tests::held_open_for_another_test", "--nocapture"]);
        let mut process = command.env(ROLE, "yes").stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
        let port = lines.find_map(|line| Some(line.split_once("listening on ")?.1.trim().parse().unwrap())).unwrap();
        // The rest is read and dropped: a full pipe would stop the child.
        std::thread::spawn(move || lines.for_each(drop));
        Self { process, port }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The listener's part; nothing in a test run of its own.
#[test]
fn held_open_for_another_test() {
    if std::env::var_os(ROLE).is_none() {
        return;
    }
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    // Wine names the owner of a socket only once its process has asked something of it.
    let _ = listener.ttl();
    println!("\nlistening on {}", listener.local_addr().unwrap().port());
    std::thread::sleep(Duration::from_secs(600));
}

#[test]
fn window_and_terminal_look_in_the_same_folders() {
    let context: tauri::Context<MockRuntime> = tauri::generate_context!();
    assert_eq!(context.config().identifier, quaymaster_engine::place::IDENTIFIER);
}

#[test]
fn the_settings_are_the_defaults_where_there_are_none() {
    let loaded = Stage::new().call("load_settings", json!({})).unwrap();
    assert_eq!(loaded["settings"], loaded["defaults"]);
    assert_eq!(loaded["trouble"], Value::Null);
    assert!(["en", "zh-CN"].contains(&loaded["system_language"].as_str().unwrap()), "{loaded}");
}

#[test]
fn settings_are_in_force_at_once_and_there_again_next_time() {
    let stage = Stage::new();
    let mut settings = stage.call("load_settings", json!({})).unwrap()["settings"].clone();
    settings["language"] = json!("zh-CN");
    settings["interval_ms"] = json!(2_000);
    assert_eq!(stage.call("save_settings", json!({ "settings": settings })), Ok(Value::Null));
    assert_eq!(stage.call("load_settings", json!({})).unwrap()["settings"], settings);
    let Stage { folder, .. } = stage;
    assert_eq!(Stage::over(folder).call("load_settings", json!({})).unwrap()["settings"], settings);
}

#[test]
fn a_program_that_listens_is_in_the_frame_and_what_ending_it_takes_is_planned() {
    let (stage, listener) = (Stage::new(), Listener::start());
    let owner = stage.owner_of(listener.port);
    assert_eq!(owner["pid"], listener.process.id());
    // Handed back as the page hands it back.
    let process = json!({ "pid": owner["pid"], "start": owner["start"] });
    let plan = stage.call("plan_end", json!({ "process": process })).unwrap();
    assert_eq!(plan["process"]["process"], process);
    assert_eq!(plan["ports"], json!([{ "protocol": "tcp", "port": listener.port, "shared": false }]));
    assert_eq!(plan["refusal"], Value::Null);
}

#[test]
fn a_filter_that_is_wrong_is_said_to_be_wrong() {
    let frame = Stage::new().call("next_frame", request("port:")).unwrap();
    assert_ne!(frame["filter_problem"], Value::Null, "{frame}");
}

#[test]
fn a_number_that_means_another_program_by_now_is_not_planned_for() {
    let stage = Stage::new();
    let other = json!({ "pid": std::process::id(), "start": "1" });
    let plan = stage.call("plan_end", json!({ "process": other }));
    assert!(plan.as_ref().map_or(true, |plan| plan["refusal"] != Value::Null), "{plan:?}");
}

#[test]
fn what_nobody_listed_cannot_be_called() {
    let stage = Stage::new();
    for command in
        ["no_such_command", "plugin:shell|execute", "plugin:opener|open_url", "plugin:clipboard-manager|read_text"]
    {
        let answer = stage.call(command, json!({ "program": "x", "args": [], "url": "x", "options": {} }));
        let refusal = answer.expect_err(command).to_string();
        assert!(refusal.contains("not allowed") || refusal.contains("not found"), "{command}: {refusal}");
    }
}

/// What the page hears of the history, with this filter.
fn history(filter: &str) -> Value {
    json!({ "request": { "filter": filter, "before": null, "limit": 100 } })
}

/// Asks until the answer is what is waited for.
fn until(stage: &Stage, command: &str, arguments: &Value, is_it: impl Fn(&Value) -> bool) -> Value {
    let waited = Instant::now();
    loop {
        let answer = stage.call(command, arguments.clone()).unwrap();
        if is_it(&answer) {
            return answer;
        }
        assert!(waited.elapsed() < PATIENCE, "{command}: {answer}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_program_that_listened_is_in_the_history_until_that_is_deleted() {
    let (stage, listener) = (Stage::new(), Listener::start());
    let (port, pid) = (listener.port, listener.process.id());
    let of_port = history(&format!("port:{port}"));
    let event = |page: &Value| page["events"].as_array().unwrap().first().cloned();
    let open = until(&stage, "list_history", &of_port, |page| event(page).is_some());
    let open = event(&open).unwrap();
    let what = json!({ "kind": "listener", "protocol": "tcp", "address": "127.0.0.1", "port": port });
    assert_eq!((&open["what"], &open["pid"], &open["until"]), (&what, &json!(pid), &Value::Null));
    drop(listener);
    until(&stage, "list_history", &of_port, |page| event(page).is_some_and(|event| event["until"] != Value::Null));

    let now = open["at"].as_u64().unwrap();
    let users = stage.call("history_of_port", json!({ "port": port, "since": now - 1 })).unwrap();
    assert_eq!(users[0]["listened"], 1, "{users}");
    let stretch = json!({ "request": { "filter": "", "since": now - 60_000, "until": now + 60_000, "buckets": 2 } });
    let chart = stage.call("chart_history", stretch).unwrap();
    assert_eq!(chart["buckets"].as_array().unwrap().len(), 2, "{chart}");
    assert!(chart["events"].as_u64().unwrap() >= 1);
    let wrong = stage.call("list_history", history("since:never")).unwrap();
    assert_eq!(wrong["filter_problem"]["code"], "bad_moment");

    assert_eq!(stage.call("delete_history", json!({})), Ok(Value::Null));
    assert_eq!(stage.call("list_history", of_port).unwrap()["events"], json!([]));
    let state = stage.call("history_state", json!({})).unwrap();
    assert_eq!(state, json!({ "keep": true, "trouble": null, "lost": 0 }));
}

#[test]
fn nothing_is_remembered_where_that_is_not_wanted() {
    let stage = Stage::new();
    let mut settings = stage.call("load_settings", json!({})).unwrap()["settings"].clone();
    settings["history"]["keep"] = json!(false);
    stage.call("save_settings", json!({ "settings": settings })).unwrap();
    let listener = Listener::start();
    stage.owner_of(listener.port);
    let of_port = history(&format!("port:{}", listener.port));
    settings["history"]["keep"] = json!(true);
    // Begun anew, it knows of what is open, and that it is older.
    stage.call("save_settings", json!({ "settings": settings })).unwrap();
    let page = until(&stage, "list_history", &of_port, |page| page["events"] != json!([]));
    assert_eq!(page["events"][0]["already_open"], true, "{page}");
    assert_eq!(page["events"].as_array().unwrap().len(), 1, "{page}");
}
