//! The packages on trial.

use crate::bundle::stage::Stage;

/// Installs, uses and removes both.
pub(crate) fn test(_stage: &Stage) -> anyhow::Result<()> {
    Ok(())
}
