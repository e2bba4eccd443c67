//! The Linux packages: .deb and .rpm by the Tauri bundler.

use super::stage::Stage;
use super::{contents, licences};

/// Makes both packages.
pub(crate) fn make(stage: &Stage) -> anyhow::Result<()> {
    let _notices = licences::notices(stage, "x86_64-unknown-linux-gnu")?;
    contents::write(stage, "none", vec!["none".into()])
}

/// Installs, uses and removes both.
pub(crate) fn test(_stage: &Stage) -> anyhow::Result<()> {
    Ok(())
}
