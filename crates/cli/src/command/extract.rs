//! `forewarn extract`: what a free text speaks of.

use super::marked::{Colour, tell};
use super::{file, reported};
use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use clap::{Args, Subcommand};
use forewarn_document::{Document, Role};
use forewarn_exchange::correction::Correction;
use forewarn_extract::labelled::Labelled;
use forewarn_extract::{Extraction, MAX_TEXT_BYTES, extract};
use forewarn_node::{clock, reader};
use forewarn_stix::Timestamp;
use forewarn_view::text;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};

/// Longest line of a JSONL file: a text, escaped.
const MAX_LINE_BYTES: usize = 8 * MAX_TEXT_BYTES;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Extract {
    #[command(subcommand)]
    of_node: Option<OfNode>,
    /// Texts in any encoding, pages, e-mails, docx, odt, RTF, PDF, ZIP archives of these; - is standard input
    #[arg(value_name = "FILE", required_unless_present = "jsonl")]
    files: Vec<PathBuf>,
    /// Lines of {"id", "text"}; prints lines of {"id", "countries", …}
    #[arg(long, value_name = "FILE", conflicts_with = "files")]
    jsonl: Option<PathBuf>,
    /// Only the text of the documents, as it is judged
    #[arg(long, conflicts_with = "jsonl")]
    text: bool,
    /// A STIX bundle of each: a report with its places, identities, incident, indicators and observables
    #[arg(long, conflicts_with_all = ["jsonl", "text"])]
    stix: bool,
    /// When the objects were made; where it is not given, when the document was written, or now
    #[arg(long, value_name = "TIME", requires = "stix")]
    at: Option<String>,
    /// Whether the text is shown, with what was found marked in colour; auto is at a terminal, unless
    /// NO_COLOR is set
    #[arg(long, alias = "color", value_name = "WHEN", value_enum, default_value_t = Colour::Auto)]
    colour: Colour,
}

/// What a node has to say of findings.
#[derive(Debug, Clone, Copy, Subcommand)]
pub(crate) enum OfNode {
    /// Print each corrected text with what is right of it, a line each, as `make train` reads them
    ExportCorrections,
}

impl Extract {
    /// What is asked of a node.
    pub(crate) fn of_node(&self) -> Option<OfNode> {
        self.of_node
    }
}

/// Prints the corrected texts, each once. They are as secret as the items are.
pub(crate) async fn export(context: &Context) -> Result<(), Failed> {
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut next = Some("after=0".to_owned());
    while let Some(asked) = next.take() {
        let path = format!("/api/v1/corrections?{asked}");
        let (page, more): (Vec<Correction>, _) = context.client.page(&path).await?;
        // What was erased has no words to learn from.
        let whole = page.into_iter().filter(|one| one.wrong.is_some() || one.right.is_some());
        for Correction { item, .. } in whole {
            if !known.insert(item.clone()) {
                continue;
            }
            let path = format!("/api/v1/items/{item}/labelled");
            let line: Labelled = context.client.get(&path).await?;
            output::json(&line)?;
        }
        next = more;
    }
    Ok(())
}

pub(crate) fn run(arguments: &Extract, json: bool) -> Result<(), Failed> {
    if let Some(path) = &arguments.jsonl {
        return lines(path);
    }
    for path in &arguments.files {
        let bytes = file::read(path, forewarn_document::MAX_BYTES)?;
        let document = reader::read(&bytes)
            .map_err(|why| Failed::refused(format!("`{}`: {why}", path.display())))?;
        if arguments.text {
            output::line(text::block(&document.text))?;
            continue;
        }
        let document = within(document, path)?;
        let found = extract(&document.text);
        if arguments.stix {
            reported::tell(&document, &found, &time(&document, arguments.at.as_deref())?)
                .map_err(|why| why.about(path))?;
        } else if json {
            let mut line = shown(&json!(path.display().to_string()), "file", &found);
            describe(&document, &mut line);
            output::json(&line)?;
        } else {
            tell(path, &document, &found, arguments.colour)?;
        }
    }
    Ok(())
}

/// When a report's objects were made.
pub(super) fn time(document: &Document, given: Option<&str>) -> Result<Timestamp, Failed> {
    if let Some(given) = given {
        let bad = |e| Failed::usage(format!("--at `{given}`: {e}"));
        return Timestamp::parse_any(given).map(precise).map_err(bad);
    }
    let written = document.written.as_deref().and_then(|time| Timestamp::parse_any(time).ok());
    Ok(precise(written.unwrap_or_else(clock::now)))
}

/// To the microsecond: STIX wants three digits of a second at least.
fn precise(time: Timestamp) -> Timestamp {
    Timestamp::from_micros(time.micros()).unwrap_or(time)
}

/// What is judged is a report, and not a book: longer texts are refused, with how long they are.
pub(super) fn within(document: Document, path: &Path) -> Result<Document, Failed> {
    let length = document.text.len();
    if length <= MAX_TEXT_BYTES {
        return Ok(document);
    }
    let path = path.display();
    Err(Failed::refused(format!(
        "`{path}`: its text has {length} bytes; at most {MAX_TEXT_BYTES} are judged at once"
    )))
}

/// What the document is, and where in it each part of the text stands, as byte offsets.
fn describe(document: &Document, line: &mut Value) {
    let Some(line) = line.as_object_mut() else { return };
    let parts = document.parts.iter().map(|part| {
        let role = match part.role {
            Role::Body => "body",
            Role::Quoted => "quoted",
            Role::Around => "around",
        };
        let (start, end) = (part.span.start, part.span.end);
        json!({ "place": part.place, "role": role, "start": start, "end": end })
    });
    let about = json!({
        "kind": document.kind.to_string(),
        "title": document.title,
        "author": document.author,
        "written": document.written,
        "changed": document.changed,
        "parts": parts.collect::<Vec<_>>(),
        "unread": document.unread,
    });
    line.insert("document".to_owned(), about);
}

fn shown(name: &Value, key: &str, found: &Extraction) -> Value {
    let mut shown = serde_json::to_value(found).unwrap_or_default();
    if let Some(shown) = shown.as_object_mut() {
        shown.insert(key.to_owned(), name.clone());
    }
    shown
}

fn lines(path: &Path) -> Result<(), Failed> {
    #[derive(Deserialize)]
    struct Line {
        id: Value,
        text: String,
    }
    let mut reader = BufReader::new(file::open(path)?);
    for number in 1u64.. {
        let mut line = Vec::new();
        let limit = MAX_LINE_BYTES as u64 + 1;
        let got = reader.by_ref().take(limit).read_until(b'\n', &mut line);
        let got = got.map_err(|e| Failed::refused(format!("`{}`: {e}", path.display())))?;
        if got == 0 {
            break;
        }
        let bad =
            |why: String| Failed::refused(format!("`{}`, line {number}: {why}", path.display()));
        if line.len() > MAX_LINE_BYTES {
            return Err(bad(format!("is longer than {MAX_LINE_BYTES} bytes")));
        }
        let Line { id, text } = serde_json::from_slice(&line).map_err(|e| bad(e.to_string()))?;
        output::json(&shown(&id, "id", &extract(&text)))?;
    }
    Ok(())
}
