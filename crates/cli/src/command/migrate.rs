//! `forewarn migrate`: the database in today's format; with `--check`, tried on a copy. Needs no running node.

use crate::failure::Failed;
use crate::output;
use crate::target::Target;
use clap::Args;
use forewarn_node::migrate::{NotMigrated, migrate, try_on_a_copy};
use forewarn_store::{Rehearsal, Step};
use serde_json::json;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct Migrate {
    /// Try the steps on a copy, say what each changes and how long it takes, and delete the copy; the node may run
    #[arg(long)]
    check: bool,
    /// Where the copy is made, on another disk perhaps [default: the node's folder]
    #[arg(long = "in", value_name = "FOLDER", requires = "check")]
    folder: Option<PathBuf>,
}

pub(crate) fn run(asked: &Migrate, target: &Target) -> Result<(), Failed> {
    let home = target.home()?;
    if !home.config().is_file() {
        let why = format!("`{}` is no folder of a node", home.path().display());
        return Err(Failed::refused(why).hint("name a node's folder by --home"));
    }
    if !asked.check {
        let (from, to) = migrate(&home).map_err(failed)?;
        let words = if from == to {
            format!("the database is of version {to} already: nothing was changed")
        } else {
            format!(
                "the database was brought from version {from} to {to}; an older program does not open it now"
            )
        };
        return output::answer(target.json, &json!({ "from": from, "to": to }), words);
    }
    let found = try_on_a_copy(&home, asked.folder.as_deref()).map_err(failed)?;
    output::answer(target.json, &found, words(&found))?;
    if found.wrong.is_empty() {
        return Ok(());
    }
    Err(Failed::refused(
        "the copy does not fit after the steps: do not start this program on this folder",
    )
    .hint("forewarn doctor with the older program; keep a backup"))
}

fn words(found: &Rehearsal) -> String {
    let Rehearsal { from, to, copied_ms, steps, wrong } = found;
    let mut lines = vec![if from == to {
        format!(
            "the database is of version {to}, and so is this program: the next start changes nothing"
        )
    } else {
        format!("a copy was made in {copied_ms} ms and brought from version {from} to {to}:")
    }];
    lines.extend(steps.iter().map(line));
    lines.extend(wrong.iter().map(|one| format!("WRONG  {one}")));
    if from != to && wrong.is_empty() {
        let all: u64 = steps.iter().map(|step| step.took_ms).sum();
        lines.push(format!(
            "everything fits; the steps took {all} ms, and the next start takes about as long. Make a backup \
             before: an older program does not open the database then"
        ));
    }
    lines.join("\n")
}

fn line(step: &Step) -> String {
    let Step { version, added, changed, removed, rows, took_ms } = step;
    let named = |what: &str, all: &[String]| {
        (!all.is_empty()).then(|| format!("{what} {}", all.join(", ")))
    };
    let parts = [
        named("adds", added),
        named("changes", changed),
        named("removes", removed),
        Some(format!("writes {rows} rows")),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    format!("{version:>4}  {}; {took_ms} ms", parts.join("; "))
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` gives")]
fn failed(why: NotMigrated) -> Failed {
    Failed::refused(why.to_string())
}
