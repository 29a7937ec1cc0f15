//! `forewarn stix`: STIX without a node.

mod excerpt;
mod matched;
mod named;
mod objects;
mod validate;

use super::file;
use crate::failure::Failed;
use crate::output;
use clap::Subcommand;
use forewarn_stix::{canonical, json as strict};
use std::path::PathBuf;

/// Largest value whose canonical form is made: it is held whole.
const MAX_CANONICAL_BYTES: usize = 256 << 20;

#[derive(Debug, Subcommand)]
pub(crate) enum Stix {
    /// Check every object against STIX 2.1: each must and should, with its place and clause
    ///
    /// A broken must is an error, and the exit status is 1. Where the object keeps its meaning all
    /// the same, the error says `usable`: an intake takes the object in, marked as flawed.
    Validate(validate::Validate),
    /// Say which observations meet a pattern
    Match(matched::Match),
    /// Print the ids that observables get from their contents
    Id(named::Named),
    /// Print the canonical form (RFC 8785)
    Canonical {
        /// A JSON file; - is standard input
        file: PathBuf,
    },
}

pub(crate) fn run(stix: &Stix, json: bool) -> Result<(), Failed> {
    match stix {
        Stix::Validate(validate) => validate.run(json),
        Stix::Match(given) => given.run(json),
        Stix::Id(named) => named.run(json),
        Stix::Canonical { file: path } => {
            let value = strict::read(&file::read(path, MAX_CANONICAL_BYTES)?)
                .map_err(|e| Failed::refused(e.to_string()).about(path))?;
            output::bytes(&canonical::bytes(&value))
        }
    }
}
