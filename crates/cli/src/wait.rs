//! Runs a command's future.

use crate::failure::Failed;

/// Runs a future on this thread.
pub(crate) fn wait_for<T>(work: impl Future<Output = Result<T, Failed>>) -> Result<T, Failed> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| Failed::internal(format!("the runtime does not start: {e}")))?;
    runtime.block_on(work)
}
