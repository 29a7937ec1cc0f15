//! `forewarn version`: which program this is.

use crate::failure::Failed;
use crate::output;
use serde_json::json;

/// The version of the channel's wire: the number in its paths.
const WIRE: &str = "1";

/// Prints version, commit, compiler, and the versions of what it reads and speaks.
pub(crate) fn run(as_json: bool) -> Result<(), Failed> {
    let (version, commit) = (env!("CARGO_PKG_VERSION"), env!("BUILT_COMMIT"));
    let commit = Some(commit).filter(|commit| !commit.is_empty());
    let (rustc, target) = (env!("BUILT_RUSTC"), env!("BUILT_TARGET"));
    let schema = forewarn_store::schema_version();
    let value = json!({
        "version": version, "commit": commit, "rustc": rustc, "target": target,
        "schema": schema, "wire": WIRE,
    });
    let words = format!(
        "forewarn {version}\ncommit {}\nbuilt by {rustc} for {target}\ndatabase of format {schema}, \
         channel of version {WIRE}",
        commit.unwrap_or("not known: built without git and without BUILT_FROM_COMMIT"),
    );
    output::answer(as_json, &value, words)
}
