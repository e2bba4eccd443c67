//! The Rust libraries in our programs, as cargo resolves Cargo.lock for a target.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Context;
use serde_json::Value;

use super::{Part, texts};
use crate::call::cargo;

/// The programs that people get.
const PROGRAMS: [&str; 2] = ["quaymaster", "quay"];

/// Every library of others that is linked into one of the programs for `target`.
pub(super) fn parts(target: &str) -> anyhow::Result<Vec<Part>> {
    let metadata =
        cargo().args(["metadata", "--format-version=1", "--locked", "--filter-platform", target]).output()?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let packages = by_id(&metadata["packages"])?;
    let nodes = by_id(&metadata["resolve"]["nodes"])?;
    linked(&packages, &nodes)
        .into_iter()
        .filter(|id| !packages[id]["source"].is_null())
        .map(|id| part(packages[id]))
        .collect()
}

fn by_id(list: &Value) -> anyhow::Result<BTreeMap<&str, &Value>> {
    let list = list.as_array().context("cargo metadata is no longer understood")?;
    Ok(list.iter().filter_map(|item| Some((item["id"].as_str()?, item))).collect())
}

/// What the programs stand on when they run: no build scripts, no tests, no macros (which run in the compiler).
fn linked<'a>(packages: &BTreeMap<&'a str, &'a Value>, nodes: &BTreeMap<&'a str, &'a Value>) -> BTreeSet<&'a str> {
    let ours = packages.iter().filter(|(_, package)| package["source"].is_null());
    let mut open: Vec<&str> =
        ours.filter(|(_, package)| PROGRAMS.iter().any(|name| package["name"] == *name)).map(|(id, _)| *id).collect();
    let mut found = BTreeSet::new();
    while let Some(id) = open.pop() {
        if packages.get(id).is_none_or(|package| is_macro(package)) || !found.insert(id) {
            continue;
        }
        let below = nodes.get(id).and_then(|node| node["deps"].as_array()).into_iter().flatten();
        let normal = below.filter(|dependency| {
            dependency["dep_kinds"].as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind["kind"].is_null()))
        });
        open.extend(normal.filter_map(|dependency| dependency["pkg"].as_str()));
    }
    found
}

fn is_macro(package: &Value) -> bool {
    let targets = package["targets"].as_array().into_iter().flatten();
    targets.flat_map(|target| target["kind"].as_array().into_iter().flatten()).any(|kind| kind == "proc-macro")
}

fn part(package: &Value) -> anyhow::Result<Part> {
    let word = |name: &str| package[name].as_str().map(str::to_owned);
    let folder = word("manifest_path").as_deref().map(Path::new).and_then(Path::parent).map(Path::to_path_buf);
    let mut texts = texts::found_in(&folder.clone().context("a package without a folder")?)?;
    // What the package itself names, under whatever name.
    if let (Some(folder), Some(file)) = (folder, word("license_file")) {
        let text = std::fs::read_to_string(folder.join(file))?.trim().to_owned();
        texts.extend((!texts.contains(&text)).then_some(text));
    }
    let authors = package["authors"].as_array().into_iter().flatten().filter_map(Value::as_str);
    Ok(Part {
        name: word("name").context("a package without a name")?,
        version: word("version").context("a package without a version")?,
        licence: word("license").unwrap_or_default(),
        source: word("repository").or_else(|| word("homepage")),
        authors: authors.collect::<Vec<_>>().join(", "),
        texts,
    })
}
