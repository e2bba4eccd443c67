//! The end of what would go on for ever.

use std::sync::mpsc::{Receiver, channel};

/// Tells when the person or the system wants an end.
pub(crate) fn signal() -> anyhow::Result<Receiver<()>> {
    let (tell, stop) = channel();
    ctrlc::set_handler(move || {
        // Nobody listens any more when the end is already under way.
        let _ = tell.send(());
    })?;
    Ok(stop)
}
