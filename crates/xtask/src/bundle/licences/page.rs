//! The JavaScript libraries in the page: those that the page's builder says it took something from (its source map), in
//! the versions that package-lock.json holds. Which of them npm calls a development dependency says nothing: Svelte is one.

use std::collections::BTreeSet;

use anyhow::{Context, bail};
use serde_json::Value;

use super::{Part, texts};
use crate::bundle::stage::Stage;
use crate::call::call;
use crate::place;

/// Every library of others in the page.
pub(super) fn parts(stage: &Stage) -> anyhow::Result<Vec<Part>> {
    let lock = std::fs::read_to_string(place::ui().join("package-lock.json"))?;
    let lock: Value = serde_json::from_str(&lock)?;
    shipped(stage)?.iter().map(|name| part(name, &lock["packages"][format!("node_modules/{name}")])).collect()
}

/// The names of the packages that the built page has something of.
fn shipped(stage: &Stage) -> anyhow::Result<BTreeSet<String>> {
    let folder = stage.bench("page")?;
    // Beside the page that the shell takes in: maps do not belong into that.
    let vite = place::ui().join("node_modules/vite/bin/vite.js");
    call("node")
        .args([vite.as_os_str(), "build".as_ref(), "--sourcemap".as_ref(), "--logLevel".as_ref(), "error".as_ref()])
        .args(["--outDir".as_ref(), folder.as_os_str()])
        .folder(place::ui())
        .run()?;
    let mut names = BTreeSet::new();
    for entry in std::fs::read_dir(folder.join("assets"))? {
        let file = entry?.path();
        if file.extension().is_some_and(|ending| ending == "map") {
            let map: Value = serde_json::from_str(&std::fs::read_to_string(file)?)?;
            let sources = map["sources"].as_array().into_iter().flatten().filter_map(Value::as_str);
            names.extend(sources.filter_map(package).map(str::to_owned));
        }
    }
    // Without Svelte there is no page: the map is no longer understood.
    if !names.contains("svelte") {
        bail!("the page's source map names {names:?} only");
    }
    Ok(names)
}

/// `…/node_modules/@scope/name/file` belongs to `@scope/name`.
fn package(source: &str) -> Option<&str> {
    let (_, inside) = source.rsplit_once("node_modules/")?;
    let slashes = if inside.starts_with('@') { 2 } else { 1 };
    let (end, _) = inside.match_indices('/').nth(slashes - 1)?;
    Some(&inside[..end])
}

fn part(name: &str, locked: &Value) -> anyhow::Result<Part> {
    let folder = place::ui().join("node_modules").join(name);
    let own: Value = serde_json::from_str(&std::fs::read_to_string(folder.join("package.json"))?)?;
    let word = |from: &Value, field: &str| from[field].as_str().map(str::to_owned);
    let version = word(locked, "version").with_context(|| format!("{name} is not in package-lock.json"))?;
    let repository = word(&own["repository"], "url").or_else(|| word(&own, "repository"));
    Ok(Part {
        name: name.to_owned(),
        version,
        licence: word(locked, "license").or_else(|| word(&own, "license")).unwrap_or_default(),
        source: repository.map(|url| url.trim_start_matches("git+").to_owned()),
        authors: word(&own, "author").or_else(|| word(&own["author"], "name")).unwrap_or_default(),
        texts: texts::found_in(&folder)?,
    })
}

#[cfg(test)]
mod tests {
    use super::package;

    #[test]
    fn a_source_belongs_to_the_innermost_package() {
        assert_eq!(package("../../node_modules/svelte/src/internal/x.js"), Some("svelte"));
        assert_eq!(package("../../node_modules/@fluent/bundle/esm/index.js"), Some("@fluent/bundle"));
        assert_eq!(package("../node_modules/a/node_modules/b/index.js"), Some("b"));
        assert_eq!(package("../../src/main.ts"), None);
    }
}
