//! A scenario as it is written: TOML, with what is long in files beside it.

use crate::failure::Failed;
use forewarn_exchange::exercise::{After, Content, Inject, MAX_SCENARIO_BYTES, Scenario, Speed};
use forewarn_exchange::grading::Grading;
use forewarn_exchange::id::CollectionNumber;
use forewarn_exchange::name::NodeName;
use forewarn_node::intake::{Destination, Format, START_BYTES, guess, sort_stix};
use forewarn_view::exercise::pace;
use serde::Deserialize;
use std::path::{Path, PathBuf};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    #[serde(default)]
    speed: Speed,
    #[serde(default)]
    inject: Vec<WrittenInject>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenInject {
    at: After,
    title: Option<String>,
    text: Option<String>,
    file: Option<PathBuf>,
    source: Option<String>,
    grade: Option<Grading>,
    #[serde(default)]
    expect: Vec<NodeName>,
}

/// Reads one, with the files that it names, which stand beside it.
///
/// # Errors
/// It cannot be read, or not be played.
pub(super) fn read(path: &Path) -> Result<Scenario, Failed> {
    let bad = |why: String| Failed::refused(format!("{}: {why}", path.display()));
    let text = text_of(path)?;
    let written: Written = toml::from_str(&text).map_err(|why| bad(why.to_string()))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut injects = Vec::new();
    for (place, one) in (1..).zip(written.inject) {
        let WrittenInject { at, title, text, file, source, grade, expect } = one;
        let text = match (text, file) {
            (Some(text), None) => text,
            (None, Some(file)) => text_of(&folder.join(file))?,
            (Some(_), Some(_)) | (None, None) => {
                return Err(bad(format!(
                    "inject {place} has `text`, or else the name of a `file`"
                )));
            }
        };
        let content = content(text).map_err(|why| bad(format!("inject {place}: {why}")))?;
        injects.push(Inject { at, title, content, source, grade, expect });
    }
    let scenario = Scenario { name: written.name, speed: written.speed, injects };
    scenario.check().map_err(|refusal| bad(refusal.message))?;
    Ok(scenario)
}

/// A file as text, no longer than a scenario may be.
fn text_of(path: &Path) -> Result<String, Failed> {
    crate::command::file::read_text(path, MAX_SCENARIO_BYTES)
}

/// Whether a text is STIX, or a report. STIX of which a part would be refused when it is played is
/// refused now.
fn content(text: String) -> Result<Content, String> {
    let start = text.as_bytes().get(..START_BYTES).unwrap_or(text.as_bytes());
    match guess(start).map_err(|why| why.to_string())? {
        Format::Text => Ok(Content::Text(text)),
        Format::Stix => {
            let to =
                Destination { collection: CollectionNumber::TEXTS, accepts: &[], strict: false };
            let sorted = sort_stix(text.as_bytes(), to).map_err(|why| why.to_string())?;
            match sorted.refused.first() {
                Some(one) => Err(format!("object {}: {}", one.position + 1, one.words())),
                None => Ok(Content::Stix(text)),
            }
        }
        Format::Misp => Err("a MISP event is made STIX first: forewarn convert".to_owned()),
        Format::Document => Err("a scenario plays text and STIX; see: forewarn extract".to_owned()),
    }
}

/// What is played when.
pub(super) fn words(scenario: &Scenario) -> String {
    let Scenario { name, speed, injects } = scenario;
    let mut lines = vec![format!("EXERCISE “{name}”: {} injects; {}", injects.len(), pace(*speed))];
    for (place, inject) in (1..).zip(injects) {
        let what = match &inject.content {
            Content::Text(text) => format!("a text of {} characters", text.chars().count()),
            Content::Stix(text) => format!("STIX, {} bytes", text.len()),
        };
        let title = inject.title.as_deref().unwrap_or("");
        let from = inject.source.as_ref().map_or(String::new(), |one| format!(", from {one}"));
        lines.push(format!("  {place}  {}  {title}: {what}{from}", inject.at));
    }
    lines.join("\n")
}
