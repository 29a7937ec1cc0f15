//! `forewarn channel reconcile`: with the partner's node, with a file, or two files.

use super::file;
use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use clap::Args;
use forewarn_transcript::compare::{Compared, Verdict, compare};
use forewarn_transcript::export::Transcript;
use forewarn_view::channel::{LogChecked, LogCompared, ProofKept};
use forewarn_view::text;
use hyper::Method;
use std::path::{Path, PathBuf};

/// Longest transcript file.
const MAX_TRANSCRIPT_BYTES: usize = 256 << 20;

#[derive(Debug, Args)]
pub(crate) struct Reconcile {
    /// Whose channel
    #[arg(required_unless_present = "files")]
    partner: Option<String>,
    /// A transcript (`channel export`) of the partner's, in place of its node
    #[arg(long, value_name = "FILE", requires = "partner")]
    with: Option<PathBuf>,
    /// Two transcripts; needs no node
    #[arg(long, value_name = "FILE", num_args = 2, conflicts_with_all = ["partner", "with"])]
    files: Vec<PathBuf>,
}

impl Reconcile {
    /// The two files, when no node is needed.
    pub(crate) fn without_node(&self) -> Option<(&Path, &Path)> {
        match self.files.as_slice() {
            [one, other] => Some((one, other)),
            _ => None,
        }
    }
}

/// Holds two files against each other.
pub(crate) fn files((one, other): (&Path, &Path), json: bool) -> Result<(), Failed> {
    let read = |path: &Path| -> Result<Transcript, Failed> {
        let bytes = file::read(path, MAX_TRANSCRIPT_BYTES)?;
        Transcript::parse(&bytes).map_err(|e| Failed::refused(format!("`{}`: {e}", path.display())))
    };
    let names = [one.display().to_string(), other.display().to_string()];
    tell(&compared(&read(one)?, &read(other)?)?, &names, json)
}

fn compared(one: &Transcript, other: &Transcript) -> Result<Vec<Compared>, Failed> {
    compare(one, other).map_err(|e| Failed::refused(format!("not compared. {e}")))
}

fn tell(all: &[Compared], names: &[String; 2], json: bool) -> Result<(), Failed> {
    let mut different = false;
    for one in all {
        let words = match &one.verdict {
            Verdict::Equal => format!("equal, {} entries", one.entries[0]),
            Verdict::Behind { which, by } => {
                let name = names.get(*which).map(String::as_str).unwrap_or_default();
                format!("{name} is behind by {by}; all before is equal")
            }
            Verdict::Different { index, leaves: [a, b], .. } => {
                different = true;
                let [first, second] = names;
                format!(
                    "DIFFERENT from entry {index} on, and its writer has signed both\n  \
                     {first}: {}\n  {second}: {}",
                    text::line(a),
                    text::line(b),
                )
            }
        };
        output::answer(json, one, format!("{}: {words}", text::line(&one.log)))?;
    }
    if different { Err(two_logs()) } else { Ok(()) }
}

fn two_logs() -> Failed {
    Failed::refused("the two sides hold different logs")
        .hint("keep both transcripts; `forewarn channel contradictions` shows what is proven")
}

pub(crate) async fn run(asked: &Reconcile, context: &Context) -> Result<(), Failed> {
    let partner = asked.partner.as_deref().unwrap_or_default();
    check_disk(partner, context).await?;
    match &asked.with {
        Some(path) => with_file(partner, path, context).await,
        None => with_partner(partner, context).await,
    }
}

async fn check_disk(partner: &str, context: &Context) -> Result<(), Failed> {
    let path = format!("/api/v1/channels/{partner}/check");
    let checked: Vec<LogChecked> = context.client.get(&path).await?;
    let damage: Vec<String> = checked.into_iter().filter_map(|log| log.damage).collect();
    if damage.is_empty() {
        return Ok(());
    }
    Err(Failed::refused(format!("our own disk is damaged: {}", damage.join("; ")))
        .hint("restore a backup; what it lacks is fetched from the partner"))
}

/// Our transcript against a file. What is proven by it is kept by the node, by whoever may.
async fn with_file(partner: &str, path: &Path, context: &Context) -> Result<(), Failed> {
    let bytes = file::read(path, MAX_TRANSCRIPT_BYTES)?;
    let theirs = Transcript::parse(&bytes)
        .map_err(|e| Failed::refused(format!("`{}`: {e}", path.display())))?;
    let url = format!("/api/v1/channels/{partner}/transcript");
    let ours = context.client.call(Method::GET, &url, Vec::new()).await?;
    let ours = Transcript::parse(&ours).map_err(|e| Failed::internal(e.to_string()))?;
    let all = compared(&ours, &theirs)?;
    for one in &all {
        if let Verdict::Different { proof, .. } = &one.verdict {
            let url = format!("/api/v1/channels/{partner}/contradictions");
            let _kept: ProofKept = context.client.send(&url, proof.bytes()).await?;
        }
    }
    let names = ["this node".to_owned(), path.display().to_string()];
    tell(&all, &names, context.json)
}

async fn with_partner(partner: &str, context: &Context) -> Result<(), Failed> {
    let url = format!("/api/v1/channels/{partner}/reconcile");
    let logs: Vec<LogCompared> = context.client.post(&url, &()).await?;
    logs.iter().try_for_each(|log| output::answer(context.json, log, log.words()))?;
    if logs.iter().any(LogCompared::is_different) { Err(two_logs()) } else { Ok(()) }
}
