//! The .rpm: made by the bundler, which is told what the programs need as rpm itself would find it out.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Context;
use serde_json::json;

use super::bundler::Bundler;
use super::programs;
use super::tree::{Sheet, Tree};
use crate::bundle::contents;
use crate::bundle::stage::Stage;
use crate::call::call;
use crate::place;

/// Which of an ELF file's libraries and versions of symbols rpm counts as needed. It is no program for people.
const ELFDEPS: &str = "/usr/lib/rpm/elfdeps";

/// What the bundler adds by itself.
const BUNDLERS_OWN: [&str; 2] = ["libwebkit2gtk-4.1.so.0()(64bit)", "libgtk-3.so.0()(64bit)"];

/// Where zsh looks on the systems of one family and of the other.
const ZSH: (&str, &str) = ("usr/share/zsh/vendor-completions/", "usr/share/zsh/site-functions/");

/// Makes the package and its list.
pub(super) fn make(stage: &Stage, bundler: &Bundler, tree: &Tree) -> anyhow::Result<()> {
    let moved = |sheet: &Sheet| Sheet { at: sheet.at.replace(ZSH.0, ZSH.1), file: sheet.file.clone() };
    let sheets: Vec<Sheet> = tree.common.iter().map(moved).collect();
    let mut needed = needed()?;
    needed.retain(|name| !BUNDLERS_OWN.contains(&name.as_str()));
    let licence = place::root().join("LICENSE");
    // Into the program's own folder: the bundler enters no other one into the package, and rpm leaves behind what is
    // entered nowhere.
    let resources = [(licence.as_path(), "LICENSE"), (&tree.notices, "THIRD-PARTY-NOTICES.txt.gz")];
    let made = bundler.make(stage, "rpm", &sheets, json!({ "depends": needed }), &resources)?;
    let name = made.file_name().and_then(|name| name.to_str()).context("a package without a name")?;
    let product = stage.product(name);
    std::fs::copy(&made, &product)?;
    contents::write(stage, name, list(&product)?)
}

/// Libraries and versions of their symbols that the programs need.
pub(super) fn needed() -> anyhow::Result<BTreeSet<String>> {
    let mut needed = BTreeSet::new();
    for program in programs() {
        let said = call(ELFDEPS).args(["--requires"]).args([program]).output()?;
        needed.extend(said.lines().map(str::to_owned));
    }
    Ok(needed)
}

/// "path  mode owner size", a line an entry.
pub(super) fn list(package: &Path) -> anyhow::Result<Vec<String>> {
    let format = "[%{FILENAMES}  %{FILEMODES:perms} %{FILEUSERNAME}/%{FILEGROUPNAME} %{FILESIZES}\n]";
    let listed = call("rpm").args(["-qp", "--queryformat", format]).args([package]).output()?;
    Ok(listed.lines().map(str::to_owned).collect())
}
