//! `forewarn channel`.

use super::file;
use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use clap::Subcommand;
use forewarn_exchange::act::PartnerAct;
use forewarn_exchange::name::NodeName;
use forewarn_transcript::contradiction::Contradiction;
use hyper::Method;
use serde_json::Value;
use std::path::{Path, PathBuf};

#[derive(Debug, Subcommand)]
pub(crate) enum Channel {
    /// List logs, or show the entries of one channel
    Show { partner: Option<String> },
    /// Write both logs of a channel to a file, to be carried
    Export {
        partner: String,
        #[arg(long, short, value_name = "FILE")]
        output: PathBuf,
    },
    /// Take in a file that was carried here: the partner's entries, and its receipts
    Import { partner: String, file: PathBuf },
    /// Compare both logs with the partner's node, with a file, or two files with each other; and
    /// check every entry on our disk
    Reconcile(super::reconcile::Reconcile),
    /// Write to a partner although our log could not be compared with what it holds since the node
    /// started. If this node was restored from an old copy, the log is written twice by that, for
    /// ever, and the partner can prove it
    WriteUncompared {
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
        #[arg(long, short, value_name = "FILE", requires = "number")]
        output: Option<PathBuf>,
    },
}

pub(crate) async fn run(channel: &Channel, context: &Context) -> Result<(), Failed> {
    match channel {
        Channel::Show { partner: None } => {
            let logs = context.client.get("/api/v1/channels").await?;
            let columns = [
                ("PARTNER", "/partner"),
                ("OURS", "/ours"),
                ("ENTRIES", "/size"),
                ("RECEIPTED", "/receipted"),
                ("LOG", "/log"),
            ];
            output::list(context.json, &logs, &columns, "no channel is open yet")
        }
        Channel::Show { partner: Some(partner) } => {
            let entries = context.client.get(&format!("/api/v1/channels/{partner}")).await?;
            let columns = [
                ("OURS", "/ours"),
                ("ENTRY", "/index"),
                ("KIND", "/kind"),
                ("STATUS", "/status"),
                ("TIME", "/time"),
                ("ABOUT", "/subject"),
                ("WITHHELD", "/withheld"),
                ("RECEIPTED", "/receipted"),
                ("NOT UNDERSTOOD", "/refused"),
            ];
            output::list(context.json, &entries, &columns, "no entries yet")
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
            let answer = context.client.call(Method::POST, &url, bytes).await?;
            let answer: Value = serde_json::from_slice(&answer).unwrap_or_default();
            let cell = |pointer| output::cell(&answer, pointer);
            let sentence = format!(
                "{partner}'s log is held to {} entries; our log is receipted to {}",
                cell("/entries"),
                cell("/receipted"),
            );
            output::answer(context.json, &answer, sentence)
        }
        Channel::WriteUncompared { partner, reason } => {
            let act = PartnerAct::WriteUncompared { name: partner.clone(), reason: reason.clone() };
            let answer = context.client.act(act).await?;
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
    let all = context.client.get("/api/v1/contradictions").await?;
    let (Some(number), Some(path)) = (number, path) else {
        let columns = [
            ("NUMBER", "/number"),
            ("PARTNER", "/partner"),
            ("KNOWN SINCE", "/time"),
            ("LOG", "/log"),
        ];
        return output::list(context.json, &all, &columns, "no log was ever written twice");
    };
    let list = all.as_array().map(Vec::as_slice).unwrap_or_default();
    let one = list.iter().find(|one| one.get("number").and_then(Value::as_i64) == Some(number));
    let one = one.and_then(|one| one.get("proof"));
    let one = one.ok_or_else(|| Failed::refused(format!("there is no contradiction {number}")))?;
    let proof: Contradiction =
        serde_json::from_value(one.clone()).map_err(|e| Failed::internal(e.to_string()))?;
    file::write_new(path, &proof.bytes())?;
    let told = format!("wrote {}; anyone can check it: forewarn verify {0}", path.display());
    output::answer(context.json, &serde_json::json!({ "file": path }), told)
}
