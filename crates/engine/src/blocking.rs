//! Work that may wait for the disk, for a process or for `/proc`, which may hang: never on the engine's thread or tokio's.

use crate::wire::Failure;

/// Runs `work` on a thread of its own with this name.
pub(crate) async fn blocking<A: Send + 'static>(
    name: &str,
    work: impl FnOnce() -> A + Send + 'static,
) -> Result<A, Failure> {
    let (answer, done) = tokio::sync::oneshot::channel();
    std::thread::Builder::new()
        .name(name.into())
        .spawn(move || drop(answer.send(work())))
        .map_err(|error| Failure::read_failed(&error))?;
    done.await.map_err(|_| Failure::engine_gone())
}
