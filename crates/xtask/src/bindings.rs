//! The page's types: ts-rs writes them when the engine's tests run.

use std::path::Path;

use anyhow::Context;

use crate::call::cargo;
use crate::place;

/// Writes ui/src/ipc/bindings anew; what no type stands behind any more goes.
pub(crate) fn write() -> anyhow::Result<()> {
    let folder = place::ui().join("src/ipc/bindings");
    clear(&folder)?;
    let tests = cargo().args(["test", "--quiet", "--package", "quaymaster-engine", "--lib", "export_bindings"]);
    tests.env("TS_RS_EXPORT_DIR", &folder).run()?;
    println!("wrote {} types to {}", std::fs::read_dir(&folder)?.count(), folder.display());
    Ok(())
}

fn clear(folder: &Path) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(folder).with_context(|| format!("no folder {}", folder.display()))? {
        let file = entry?.path();
        if file.extension().is_some_and(|ending| ending == "ts") {
            std::fs::remove_file(file)?;
        }
    }
    Ok(())
}
