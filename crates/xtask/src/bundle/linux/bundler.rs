//! The Tauri bundler, as the program that npm has of it: built already, and pinned with its hash in
//! packaging/linux/package-lock.json. As a library it would bring two hundred crates into every build of the chores.

use std::path::{Path, PathBuf};

use anyhow::Context;
use serde_json::{Value, json};

use super::PROGRAMS;
use super::tree::Sheet;
use crate::bundle::stage::Stage;
use crate::call::call;
use crate::icons;
use crate::place::{self, Profile};

/// The bundler and the copy of the window's program that it packs.
pub(super) struct Bundler {
    tools: PathBuf,
    /// A stand-in for src-tauri: the settings and a manifest. The true manifest has Tauri's tray in it, and of that the bundler
    /// concludes that the package needs libayatana, which our tray does without.
    project: PathBuf,
    /// In the place of cargo's target folder: there the bundler looks for the program, and there it writes.
    target: PathBuf,
    icons: Vec<PathBuf>,
}

impl Bundler {
    /// Fetches the bundler if it is not there, and lays out what every package needs.
    pub(super) fn set_up(stage: &Stage) -> anyhow::Result<Self> {
        let tools = tools()?;
        let project = stage.bench("project")?;
        std::fs::copy(place::root().join("src-tauri/tauri.conf.json"), project.join("tauri.conf.json"))?;
        std::fs::write(project.join("Cargo.toml"), manifest(&stage.version))?;
        std::fs::create_dir(project.join("src"))?;
        std::fs::write(project.join("src/main.rs"), "fn main() {}\n")?;
        let target = stage.bench("cargo")?;
        std::fs::create_dir(target.join("release"))?;
        let [program, _] = PROGRAMS;
        // A copy: dating cargo's own file would make cargo build it again.
        std::fs::copy(place::program(program, Profile::Release), target.join("release").join(program))?;
        let bench = stage.bench("icons")?;
        let mut pictures = Vec::new();
        for (size, name) in icons::FILES {
            let picture = bench.join(format!("{size}x{size}.png"));
            std::fs::copy(place::root().join("icons").join(name), &picture)?;
            pictures.push(picture);
        }
        stage.date(&target)?;
        stage.date(&bench)?;
        Ok(Self { tools, project, target, icons: pictures })
    }

    /// Makes a package of one kind ("deb"). `sheets`: what goes in beside the window's program, its icons and its desktop
    /// entry; `more`: settings for this kind alone; `resources`: files for the program's own folder below /usr/lib.
    pub(super) fn make(
        &self,
        stage: &Stage,
        kind: &str,
        sheets: &[Sheet],
        more: Value,
        resources: &[(&Path, &str)],
    ) -> anyhow::Result<PathBuf> {
        let mut own = more;
        own["desktopTemplate"] = json!(place::root().join("packaging/linux/quaymaster.desktop"));
        own["files"] = sheets.iter().map(|sheet| (format!("/{}", sheet.at), json!(sheet.file))).collect();
        let resources: Value = resources.iter().map(|(file, name)| (file.display().to_string(), json!(name))).collect();
        let settings = json!({
            // Names the package, its file and the desktop entry; the window's own name stays with a capital.
            "productName": "quaymaster",
            "bundle": { "icon": self.icons, "resources": resources, "linux": { kind: own } },
        });
        let file = stage.bench(kind)?.join("tauri.json");
        std::fs::write(&file, serde_json::to_string_pretty(&settings)?)?;
        let command = call("node")
            .args([self.tools.join("node_modules/@tauri-apps/cli/tauri.js").as_os_str()])
            // There is no updater that would have to know which kind of package it is in.
            .args(["bundle", "--ci", "--no-sign", "--no-binary-patching", "--bundles", kind, "--config"])
            .args([&file])
            .folder(&self.project)
            .env("CARGO_TARGET_DIR", &self.target);
        stage.dated(command).run()?;
        let folder = self.target.join("release/bundle").join(kind);
        let mut made = std::fs::read_dir(&folder)?.flatten().map(|entry| entry.path());
        made.find(|path| path.extension().is_some_and(|ending| ending == kind))
            .with_context(|| format!("the bundler left no package in {}", folder.display()))
    }
}

/// The least that the bundler takes for a project of its own.
fn manifest(version: &str) -> String {
    let [program, _] = PROGRAMS;
    format!("[workspace]\n[package]\nname = {program:?}\nversion = {version:?}\nedition = \"2024\"\n")
}

/// The folder with the bundler in it. Not in the source tree: it is no part of the page, and no editor should look there.
fn tools() -> anyhow::Result<PathBuf> {
    let ours = place::root().join("packaging/linux");
    let tools = place::target().join("bundle-tools");
    std::fs::create_dir_all(&tools)?;
    let lock = std::fs::read(ours.join("package-lock.json"))?;
    let there = std::fs::read(tools.join("package-lock.json")).is_ok_and(|there| there == lock);
    if there && tools.join("node_modules/.package-lock.json").is_file() {
        return Ok(tools);
    }
    println!("fetching the Tauri bundler (npm ci)");
    for name in ["package.json", "package-lock.json", ".npmrc"] {
        std::fs::copy(ours.join(name), tools.join(name))?;
    }
    call(place::npm()).args(["ci", "--no-audit", "--no-fund"]).folder(&tools).run()?;
    Ok(tools)
}
