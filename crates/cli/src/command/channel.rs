//! `forewarn channel`.

use super::file;
use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use crate::paging::Paging;
use clap::Subcommand;
use forewarn_exchange::act::PartnerAct;
use forewarn_exchange::name::NodeName;
use forewarn_view::answer::PartnerSet;
use forewarn_view::channel::{ContradictionLine, EntryLine, LogLine, OpenedAgain, TranscriptTaken};
use hyper::Method;
use std::path::{Path, PathBuf};

#[derive(Debug, Subcommand)]
pub(crate) enum Channel {
    /// List logs, or show the entries of one channel
    Show {
        /// The partner whose channel is shown; without one, all logs are listed
        partner: Option<String>,
        #[command(flatten)]
        paging: Paging,
    },
    /// Write both logs of a channel to a file, to be carried
    Export {
        /// The partner
        partner: String,
        /// The file to be made
        #[arg(long, short, value_name = "FILE")]
        output: PathBuf,
    },
    /// Take in a file that was carried here: the partner's entries, and its receipts
    Import {
        /// The partner
        partner: String,
        /// The file that was carried here
        file: PathBuf,
    },
    /// Open fields of our own entries that a restored database cannot: those that were withheld, or that
    /// the partner's node did not give back. A file is a transcript or evidence, made by either side
    /// before; without one the partner's node is asked
    Reopen {
        /// The partner
        partner: NodeName,
        /// What may open them
        file: Option<PathBuf>,
    },
    /// Compare both logs with the partner's node, with a file, or two files with each other; and
    /// check every entry on our disk
    Reconcile(super::reconcile::Reconcile),
    /// Write to a partner although our log could not be compared with what it holds since the node
    /// started. If this node was restored from an old copy, the log is written twice by that, for
    /// ever, and the partner can prove it
    WriteUncompared {
        /// The partner
        partner: NodeName,
        /// How you know that no newer copy of this node was ever used
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// List the proofs that a log was written twice, or write one to a file
    Contradictions {
        /// Which one to write
        #[arg(long, requires = "output")]
        number: Option<i64>,
        /// The file to be made
        #[arg(long, short, value_name = "FILE", requires = "number")]
        output: Option<PathBuf>,
    },
}

pub(crate) async fn run(channel: &Channel, context: &Context) -> Result<(), Failed> {
    match channel {
        Channel::Show { partner: None, .. } => {
            let logs: Vec<LogLine> = context.client.get("/api/v1/channels").await?;
            output::list(context.json, &logs, "no channel is open yet")
        }
        Channel::Show { partner: Some(partner), paging } => {
            let path = format!("/api/v1/channels/{partner}");
            paging.list::<EntryLine>(context, (&path, ""), "no entries yet").await
        }
        Channel::Export { partner, output: path } => {
            let url = format!("/api/v1/channels/{partner}/transcript");
            let bytes = context.client.call(Method::GET, &url, Vec::new()).await?;
            file::write_new(path, &bytes)?;
            let value = serde_json::json!({ "file": path, "bytes": bytes.len() });
            let sentence = format!("wrote {} ({} bytes)", path.display(), bytes.len());
            output::answer(context.json, &value, sentence)
        }
        Channel::Import { partner, file: path } => {
            let bytes = file::read(path, 256 << 20)?;
            let url = format!("/api/v1/channels/{partner}/transcript");
            let taken: TranscriptTaken = context.client.send(&url, bytes).await?;
            output::answer(context.json, &taken, taken.words())
        }
        Channel::Reopen { partner, file: path } => {
            let bytes =
                path.as_deref().map_or(Ok(Vec::new()), |path| file::read(path, 256 << 20))?;
            let url = format!("/api/v1/channels/{partner}/reopen");
            let mut done: OpenedAgain = context.client.send(&url, bytes).await?;
            while let Some(from) = done.next {
                let url = format!("{url}?from={from}");
                let more: OpenedAgain = context.client.send(&url, Vec::new()).await?;
                done = OpenedAgain {
                    entries: done.entries + more.entries,
                    fields: done.fields + more.fields,
                    ..more
                };
            }
            output::answer(context.json, &done, done.words())
        }
        Channel::WriteUncompared { partner, reason } => {
            let act = PartnerAct::WriteUncompared { name: partner.clone(), reason: reason.clone() };
            let answer: PartnerSet = context.client.act(act).await?;
            let sentence = format!(
                "our log to {partner} is written until the node starts next; that is on record. If a \
                 newer copy of this node was used, the log is now written twice"
            );
            output::answer(context.json, &answer, sentence)
        }
        Channel::Reconcile(asked) => super::reconcile::run(asked, context).await,
        Channel::Contradictions { number, output: path } => {
            contradictions(*number, path.as_deref(), context).await
        }
    }
}

async fn contradictions(
    number: Option<i64>,
    path: Option<&Path>,
    context: &Context,
) -> Result<(), Failed> {
    let all: Vec<ContradictionLine> = context.client.get("/api/v1/contradictions").await?;
    let (Some(number), Some(path)) = (number, path) else {
        return output::list(context.json, &all, "no log was ever written twice");
    };
    let one = all.iter().find(|one| one.number == number);
    let one = one.ok_or_else(|| Failed::refused(format!("there is no contradiction {number}")))?;
    file::write_new(path, &one.proof.bytes())?;
    let told = format!("wrote {}; anyone can check it: forewarn verify {0}", path.display());
    output::answer(context.json, &serde_json::json!({ "file": path }), told)
}
