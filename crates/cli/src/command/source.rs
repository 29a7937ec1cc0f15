//! `forewarn source`: sources in danger, and who stands behind their handles.

use super::{file, proposal};
use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use clap::Subcommand;
use forewarn_exchange::act::SourceAct;
use forewarn_exchange::danger::DangerNumber;
use forewarn_exchange::source_name::SourceName;
use forewarn_view::answer::{DangerSet, DoneOrWaits, SourceNamed};
use forewarn_view::danger::DangerLine;
use forewarn_view::source::{SourceLine, SourceShown};
use serde_json::json;
use std::path::PathBuf;

/// Most bytes of a file that names a source: each of its texts is far shorter.
const MAX_NAMED_BYTES: usize = 32 << 10;

#[derive(Debug, Subcommand)]
pub(crate) enum Source {
    /// Say that a source is in danger: nothing leaves that rests on it, until somebody has looked
    Danger {
        /// The source's handle
        #[arg(value_name = "HANDLE")]
        source: String,
        /// What endangers it
        #[arg(long)]
        reason: String,
    },
    /// Say what you have found about a danger; what rests on the source may leave again
    Lift {
        /// The danger's number
        danger: DangerNumber,
        /// What you have found
        #[arg(long)]
        reason: String,
    },
    /// List sources that are or were in danger
    List,
    /// Keep who stands behind a handle: the gate looks for the name in whatever leaves
    Keep {
        /// The source's handle
        #[arg(value_name = "HANDLE")]
        source: String,
        /// A file with lines `name: …`, `contact: …` and `cover: …`, of which the last two may be left
        /// out; `-` for standard input. A name on the command line would be seen by others
        #[arg(long, value_name = "FILE")]
        from: PathBuf,
    },
    /// Read who stands behind a handle; that you did, and why, is on record
    Look {
        /// The source's handle
        #[arg(value_name = "HANDLE")]
        source: String,
        /// Why you must know
        #[arg(long)]
        reason: String,
    },
    /// Erase who stands behind a handle
    Forget {
        /// The source's handle
        #[arg(value_name = "HANDLE")]
        source: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// List the handles that have a name here, without the names
    Known,
}

/// Reads `name: …`, `contact: …` and `cover: …`, a line each.
fn named(text: &str) -> Result<SourceName, Failed> {
    let mut known =
        SourceName { name: String::new(), contact: String::new(), cover: String::new() };
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let (what, words) = line.split_once(':').unwrap_or((line, ""));
        let words = words.trim().to_owned();
        match what.trim() {
            "name" => known.name = words,
            "contact" => known.contact = words,
            "cover" => known.cover = words,
            // The line is not repeated: it may be the name.
            _ => {
                let why =
                    format!("line {number} begins with neither `name:`, `contact:` nor `cover:`");
                return Err(Failed::usage(why));
            }
        }
    }
    Ok(known)
}

pub(crate) async fn run(source: Source, context: &Context) -> Result<(), Failed> {
    match source {
        Source::Danger { source, reason } => {
            let answer: DangerSet =
                context.client.act(SourceAct::Danger { source, reason }).await?;
            output::answer(context.json, &answer, answer.words())
        }
        Source::Lift { danger, reason } => {
            let answer: DoneOrWaits<DangerSet> =
                context.client.act(SourceAct::Lift { danger, reason }).await?;
            proposal::tell(&answer, DangerSet::words, context)
        }
        Source::Keep { source, from } => {
            let text = file::read_text(&from, MAX_NAMED_BYTES)?;
            let act = SourceAct::Keep { source, known: named(&text)? };
            let answer: SourceNamed = context.client.act(act).await?;
            let words = format!("the name behind {} is kept", answer.named_source);
            output::answer(context.json, &answer, words)
        }
        Source::Look { source, reason } => {
            let asked = json!({ "source": source, "reason": reason });
            let shown: SourceShown = context.client.post("/api/v1/sources/look", &asked).await?;
            output::answer(context.json, &shown, shown.words())
        }
        Source::Forget { source, reason } => {
            let answer: SourceNamed =
                context.client.act(SourceAct::Forget { source, reason }).await?;
            let words = format!("the name behind {} is erased", answer.named_source);
            output::answer(context.json, &answer, words)
        }
        Source::Known => {
            let all: Vec<SourceLine> = context.client.get("/api/v1/sources").await?;
            output::list(context.json, &all, "no source has a name here")
        }
        Source::List => {
            let all: Vec<DangerLine> = context.client.get("/api/v1/dangers").await?;
            output::list(context.json, &all, "no source is or was in danger")
        }
    }
}
