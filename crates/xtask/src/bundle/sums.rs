//! SHA256SUMS: what `sha256sum --check` reads.

use anyhow::{Context, bail};

use super::stage::Stage;
use crate::call::call;

const FILE: &str = "SHA256SUMS";

/// Writes the sums of everything that lies in the folder, in the order of the names.
pub(crate) fn write(stage: &Stage) -> anyhow::Result<()> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(stage.folder())? {
        let name = entry?.file_name().into_string().ok().context("a package whose name is no text")?;
        if name != FILE {
            names.push(name);
        }
    }
    if names.is_empty() {
        bail!("there is nothing to sum up");
    }
    names.sort();
    let sums = call("sha256sum").args(["--"]).args(names).folder(stage.folder()).output()?;
    print!("{sums}");
    std::fs::write(stage.product(FILE), sums)?;
    call("sha256sum").args(["--check", "--strict", "--quiet", FILE]).folder(stage.folder()).run()
}
