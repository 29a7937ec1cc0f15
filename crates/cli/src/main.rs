//! The `forewarn` command: a client of a node's API, and the node itself.

mod args;
mod client;
mod command;
mod context;
mod demo;
mod dispatch;
mod failure;
mod output;
mod target;
mod wait;

#[cfg(test)]
mod golden;

use clap::Parser as _;
use std::io::Write as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = args::Arguments::parse();
    match dispatch::run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => {
            let words = failed.to_string();
            if !words.is_empty() {
                // With a closed error stream there is nobody to tell.
                let _ = writeln!(std::io::stderr(), "{words}");
            }
            failed.status()
        }
    }
}
