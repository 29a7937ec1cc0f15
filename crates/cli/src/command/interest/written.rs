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

/// The same in JSON, not read further.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    interest: Vec<serde_json::Value>,
}

/// What a file gave, and how many rows of it were left out.
pub(super) struct Read {
    pub(super) interests: Vec<Interest>,
    pub(super) left_out: usize,
}

/// Reads a file; interests are checked, so that nothing is sent of one that has a mistake. Of a CSV
/// file the rows with mistakes are told, and left out. `label` is for rows without, and `urgency` for
/// rows and interests without, which are told.
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
    let bad = |e: String| Failed::refused(format!("`{name}`: {e}"));
    let is_json = text.trim_start().starts_with(['{', '[']) && !text.contains("[[interest]]");
    let (interests, silent) = if is_json {
        json(&text, urgency).map_err(|e| bad(e.to_string()))?
    } else {
        toml(&text, urgency).map_err(|e| bad(e.to_string()))?
    };
    if silent > 0 {
        output::aside(format!(
            "`{name}`: {silent} interests say no urgency, and are taken as {urgency}; another is given \
             by --urgency, or by `urgency` in the file"
        ));
    }
    let checked = interests.into_iter().map(|interest| {
        let label = interest.label.clone();
        interest.checked().map_err(|e| Failed::refused(format!("`{name}`, “{label}”: {e}")))
    });
    Ok(Read { interests: checked.collect::<Result<_, _>>()?, left_out: 0 })
}

/// The interests of a text in TOML, and how many of them say no urgency.
fn toml(text: &str, urgency: Urgency) -> Result<(Vec<Interest>, usize), toml::de::Error> {
    let mut table: toml::Table = toml::from_str(text)?;
    let mut silent = 0;
    let list = table.get_mut("interest").and_then(toml::Value::as_array_mut);
    for one in list.into_iter().flatten().filter_map(toml::Value::as_table_mut) {
        if !one.contains_key("urgency") {
            one.insert("urgency".to_owned(), urgency.to_string().into());
            silent += 1;
        }
    }
    // Read from the text, a mistake is told with its place.
    let written = if silent == 0 { toml::from_str(text) } else { table.try_into::<Written>() };
    written.map(|written| (written.interest, silent))
}

/// The same of a text in JSON.
fn json(text: &str, urgency: Urgency) -> Result<(Vec<Interest>, usize), serde_json::Error> {
    let value: serde_json::Value = serde_json::from_str(text)?;
    let list = match value {
        serde_json::Value::Array(list) => list,
        value if value.get("interest").is_some() => {
            serde_json::from_value::<Listed>(value)?.interest
        }
        value => vec![value],
    };
    let mut silent = 0;
    let interests = list.into_iter().map(|mut one| {
        if let Some(map) = one.as_object_mut()
            && !map.contains_key("urgency")
        {
            map.insert("urgency".to_owned(), urgency.to_string().into());
            silent += 1;
        }
        serde_json::from_value(one)
    });
    let interests = interests.collect::<Result<_, _>>()?;
    Ok((interests, silent))
}
