//! What is in a package, as a text beside it: one path a line, in order, so that two lists can be compared.

use anyhow::{Context, bail};

use super::stage::Stage;

/// Writes `<package>.contents.txt`. `lines`: whatever tells one entry of the package from another, at least its path.
pub(crate) fn write(stage: &Stage, package: &str, mut lines: Vec<String>) -> anyhow::Result<()> {
    if lines.is_empty() {
        bail!("{package} holds nothing");
    }
    lines.sort();
    let file = stage.product(&format!("{package}.contents.txt"));
    std::fs::write(&file, lines.join("\n") + "\n").with_context(|| format!("could not write {}", file.display()))
}
