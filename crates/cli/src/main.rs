//! The `forewarn` command: a client of a node's API, and the node itself.

mod args;
mod client;
mod command;
mod demo;
mod failure;
mod output;

use clap::Parser as _;
use failure::Failed;
use std::io::Write as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = args::Arguments::parse();
    match command::run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => {
            // With a closed error stream there is nobody to tell.
            let _ = writeln!(std::io::stderr(), "{failed}");
            failed.status()
        }
    }
}

/// Runs a future on this thread.
fn wait_for<T>(work: impl Future<Output = Result<T, Failed>>) -> Result<T, Failed> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| Failed::internal(format!("the runtime does not start: {e}")))?;
    runtime.block_on(work)
}
