//! `forewarn gate`: whether texts and bundles may leave, without a node.

use super::file;
use crate::failure::Failed;
use crate::output;
use clap::Args;
use forewarn_exchange::gate::{self, Objection, Withheld, WithheldKind};
use forewarn_stix::json as strict;
use serde_json::json;
use std::path::{Path, PathBuf};

/// Largest file that is judged: more than any bundle that may leave, held whole.
const MAX_JUDGED_BYTES: usize = 4 << 20;
/// Largest list of what is withheld.
const MAX_NAMES_BYTES: usize = 1 << 20;
/// Lines of it begin with what they withhold; a name needs no word before it.
const KINDS: &[(&str, WithheldKind)] = &[
    ("name:", WithheldKind::Name),
    ("source:", WithheldKind::Source),
    ("id:", WithheldKind::OriginalId),
    ("partner:", WithheldKind::Partner),
];

#[derive(Debug, Args)]
pub(crate) struct Gate {
    /// Texts, or STIX bundles and other JSON; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// What must not leave, one a line: a name, or `source: …`, `id: …`, `partner: …`
    #[arg(long, value_name = "NAMES")]
    withhold: PathBuf,
}

pub(crate) fn run(arguments: &Gate, json: bool) -> Result<(), Failed> {
    let withheld = names(&arguments.withhold)?;
    if withheld.is_empty() {
        output::aside(format!("`{}` withholds nothing", arguments.withhold.display()));
    }
    let mut shut = 0u64;
    for path in &arguments.files {
        let objections = judge(path, &withheld)?;
        shut += u64::from(!objections.is_empty());
        if json {
            let line = json!({
                "file": path, "open": objections.is_empty(), "objections": objections,
            });
            output::line(line.to_string())?;
        } else {
            tell(path, &objections)?;
        }
    }
    if shut > 0 {
        let why = if json { "" } else { "the gate is shut" };
        return Err(Failed::refused(why));
    }
    Ok(())
}

fn names(path: &Path) -> Result<Vec<Withheld>, Failed> {
    let text = file::read_text(path, MAX_NAMES_BYTES)?;
    let mut all = Vec::new();
    for (number, line) in (1u64..).zip(text.trim_start_matches('\u{feff}').lines()) {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        let kind = KINDS.iter().find_map(|(word, kind)| Some((line.strip_prefix(word)?, *kind)));
        let (text, what) = kind.unwrap_or((line, WithheldKind::Name));
        let one = Withheld::new(what, text.trim().to_owned());
        one.check()
            .map_err(|e| Failed::refused(format!("`{}`, line {number}: {e}", path.display())))?;
        all.push(one);
    }
    Ok(all)
}

/// A file of JSON is judged text by text, anything else as one text.
fn judge(path: &Path, withheld: &[Withheld]) -> Result<Vec<Objection>, Failed> {
    let text = file::read_text(path, MAX_JUDGED_BYTES)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    if text.trim_start().starts_with(['{', '['])
        && let Ok(value) = strict::read(text.as_bytes())
    {
        return Ok(gate::look(&value, withheld));
    }
    Ok(gate::check_text(text, withheld).err().unwrap_or_default())
}

fn tell(path: &Path, objections: &[Objection]) -> Result<(), Failed> {
    let verdict = if objections.is_empty() { "open" } else { "shut" };
    output::line(format!("{}: {verdict}", path.display()))?;
    for one in objections {
        output::line(format!("  {:<8}  {}: {}", one.strength.name(), one.at, one.message))?;
    }
    Ok(())
}
