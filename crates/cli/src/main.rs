//! The `forewarn` command: a client of a node's API, and the node itself.

mod args;
mod client;
mod command;
mod context;
mod credentials;
mod demo;
mod dispatch;
mod failure;
mod log;
mod output;
mod paging;
mod secret;
mod signals;
mod target;
mod tls;
mod wait;

#[cfg(test)]
mod api_document;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod kept;
#[cfg(test)]
mod permissions;

use clap::Parser as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    // What any command writes is for its owner alone, whatever the shell was told.
    let _ = rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    let arguments = args::Arguments::parse();
    match dispatch::run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => {
            let words = failed.to_string();
            if !words.is_empty() {
                log::last_words(output::for_error(&words));
            }
            failed.status()
        }
    }
}
