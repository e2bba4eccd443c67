//! The file of networks, which lies beside the programs: its lists (npm packages) and what is compiled from them.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context;

use crate::call::{call, cargo};
use crate::page::{changed, newest};
use crate::place;

/// The name of the file, wherever it lies.
pub(crate) const FILE: &str = "networks.bin";

/// Where it is said which lists are used.
const SOURCES: &str = "crates/lookup/sources";

/// What else the file is made by.
const MAKERS: [&str; 2] = ["crates/lookup/examples/compile.rs", "crates/lookup/src/networks"];

/// Compiles the file if anything that it is made from is newer than what is there; where it is.
pub(crate) fn ensure_compiled() -> anyhow::Result<PathBuf> {
    let folder = place::target().join("networks");
    let file = folder.join(FILE);
    let sources = place::root().join(SOURCES);
    let made = changed(&file);
    let makers = MAKERS.iter().map(|maker| place::root().join(maker)).chain([sources.clone()]);
    if made.is_some() && made >= makers.filter_map(|maker| newest(&maker)).max() {
        return Ok(file);
    }
    let start = Instant::now();
    println!("compiling the file of networks from its lists");
    std::fs::create_dir_all(&folder)?;
    // Beside what is built, so that nothing is left among the sources.
    for name in ["package.json", "package-lock.json", ".npmrc"] {
        let from = sources.join(name);
        std::fs::copy(&from, folder.join(name)).with_context(|| format!("could not copy {}", from.display()))?;
    }
    call(place::npm()).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]).folder(&folder).run()?;
    let lists = folder.join("node_modules/@ip-location-db");
    let compile = ["run", "--quiet", "--package", "quaymaster-lookup", "--example", "compile", "--"];
    cargo().args(compile).args([&lists, Path::new(&date(&lists)?), &file]).run()?;
    // A hundred megabytes that nobody needs again.
    std::fs::remove_dir_all(folder.join("node_modules"))?;
    println!("compiled in {:.0} s", start.elapsed().as_secs_f64());
    Ok(file)
}

/// Lays the file beside programs that were built into a folder, where they look for it.
pub(crate) fn lay_beside(programs: &Path) -> anyhow::Result<()> {
    let (file, there) = (ensure_compiled()?, programs.join(FILE));
    if changed(&there).is_some_and(|there| Some(there) >= changed(&file)) {
        return Ok(());
    }
    std::fs::create_dir_all(programs)?;
    // A program that has the old one open keeps it.
    let new = programs.join("networks.new");
    std::fs::copy(&file, &new).and_then(|_| std::fs::rename(&new, &there))?;
    Ok(())
}

/// The day of the lists, as a number (20260617): the last part of their version begins with it.
fn date(lists: &Path) -> anyhow::Result<String> {
    let manifest = std::fs::read_to_string(lists.join("asn/package.json"))?;
    let manifest: serde_json::Value = serde_json::from_str(&manifest)?;
    let version = manifest["version"].as_str().context("the lists have no version")?;
    let day = version.rsplit('.').next().and_then(|last| last.get(..8));
    day.map(str::to_owned).with_context(|| format!("version {version} names no day"))
}
