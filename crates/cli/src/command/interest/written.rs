//! Interests in a file, as people write them: TOML, JSON, or CSV of blocks, domains or sites.

use crate::command::file;
use crate::failure::Failed;
use crate::output;
use forewarn_exchange::scale::Urgency;
use forewarn_matching::interest::{Interest, bulk};
use serde::Deserialize;
use std::path::Path;

/// Most bytes of a file of interests: some 200,000 rows.
const MAX_BYTES: usize = 64 << 20;

/// `[[interest]]` in TOML; in JSON the same, or a list, or one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    interest: Vec<Interest>,
}

/// What a file gave, and how many rows of it were left out.
pub(super) struct Read {
    pub(super) interests: Vec<Interest>,
    pub(super) left_out: usize,
}

/// Reads a file; interests are checked, so that nothing is sent of one that has a mistake. Of a CSV
/// file the rows with mistakes are told, and left out. `label` and `urgency` are for rows without.
pub(super) fn read(path: &Path, label: Option<&str>, urgency: Urgency) -> Result<Read, Failed> {
    let text = file::read_text(path, MAX_BYTES)?;
    let name = path.display();
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
    if extension.eq_ignore_ascii_case("csv") {
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or("imported");
        let bulk = bulk::read(text.as_bytes(), label.unwrap_or(stem), urgency);
        let bulk = bulk.map_err(|e| Failed::refused(format!("`{name}`: {e}")))?;
        for row in &bulk.refused {
            output::aside(format!("`{name}`, {row}"));
        }
        return Ok(Read { interests: bulk.interests, left_out: bulk.refused.len() });
    }
    let interests = if text.trim_start().starts_with(['{', '[']) && !text.contains("[[interest]]") {
        json(&text).map_err(|e| Failed::refused(format!("`{name}`: {e}")))?
    } else {
        let written: Result<Written, _> = toml::from_str(&text);
        written.map_err(|e| Failed::refused(format!("`{name}`: {e}")))?.interest
    };
    let checked = interests.into_iter().map(|interest| {
        let label = interest.label.clone();
        interest.checked().map_err(|e| Failed::refused(format!("`{name}`, “{label}”: {e}")))
    });
    Ok(Read { interests: checked.collect::<Result<_, _>>()?, left_out: 0 })
}

fn json(text: &str) -> Result<Vec<Interest>, serde_json::Error> {
    let value: serde_json::Value = serde_json::from_str(text)?;
    if value.is_array() {
        return serde_json::from_value(value);
    }
    if value.get("interest").is_some() {
        return serde_json::from_value::<Written>(value).map(|written| written.interest);
    }
    serde_json::from_value(value).map(|one| vec![one])
}
