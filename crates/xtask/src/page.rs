//! The page: its libraries (npm) and its built form, which the shell takes in when it is compiled.

use std::path::Path;
use std::time::{Instant, SystemTime};

use anyhow::Context;

use crate::call::{Call, call};
use crate::place;

/// What the built page is made from, beside its libraries.
const SOURCES: &[&str] =
    &["ui/src", "ui/index.html", "ui/public", "ui/vite.config.ts", "ui/svelte.config.js", "locales"];

/// A script of the page's package.json.
pub(crate) fn script(name: &str) -> Call {
    call(place::npm()).args(["run", "--silent", name]).folder(place::ui())
}

/// Installs the libraries if the lock file is newer than what is installed.
pub(crate) fn ensure_libraries() -> anyhow::Result<()> {
    // npm writes this file last, and only when everything else is in place.
    let installed = changed(&place::ui().join("node_modules/.package-lock.json"));
    let wanted = changed(&place::ui().join("package-lock.json")).context("ui/package-lock.json is missing")?;
    if installed.is_some_and(|installed| installed >= wanted) {
        return Ok(());
    }
    let start = Instant::now();
    println!("installing the page's libraries (npm ci)");
    call(place::npm()).args(["ci", "--no-audit", "--no-fund"]).folder(place::ui()).run()?;
    println!("installed in {:.0} s", start.elapsed().as_secs_f64());
    Ok(())
}

/// Builds the page if anything that it is made from is newer than what is there.
pub(crate) fn ensure_built() -> anyhow::Result<()> {
    ensure_libraries()?;
    let built = changed(&place::ui().join("dist/index.html"));
    let sources = SOURCES.iter().map(|source| place::root().join(source));
    let libraries = place::ui().join("node_modules/.package-lock.json");
    let newest = sources.chain([libraries]).filter_map(|source| newest(&source)).max();
    if built.is_some() && built >= newest {
        return Ok(());
    }
    let start = Instant::now();
    println!("building the page");
    script("build").run()?;
    println!("built in {:.0} s", start.elapsed().as_secs_f64());
    Ok(())
}

/// The latest change in a file or in a folder and everything below it. Folders count: they change when a file goes.
pub(crate) fn newest(path: &Path) -> Option<SystemTime> {
    let own = changed(path)?;
    let below = std::fs::read_dir(path).into_iter().flatten().flatten().filter_map(|entry| newest(&entry.path()));
    below.chain([own]).max()
}

pub(crate) fn changed(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).and_then(|data| data.modified()).ok()
}
