//! `forewarn channel`.

use super::file;
use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use clap::Subcommand;
use hyper::Method;
use serde_json::Value;
use std::path::PathBuf;

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
    /// Compare both logs with the partner's node, and check every entry on our disk
    Reconcile { partner: String },
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
        Channel::Reconcile { partner } => reconcile(partner, context).await,
    }
}

async fn reconcile(partner: &str, context: &Context) -> Result<(), Failed> {
    let checked = context.client.get(&format!("/api/v1/channels/{partner}/check")).await?;
    let damage: Vec<String> = checked
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|log| log.get("damage")?.as_str().map(str::to_owned))
        .collect();
    if !damage.is_empty() {
        return Err(Failed::refused(format!("our own disk is damaged: {}", damage.join("; ")))
            .hint("restore a backup; what it lacks is fetched from the partner"));
    }
    let url = format!("/api/v1/channels/{partner}/reconcile");
    let compared = context.client.post(&url, &Value::Null).await?;
    let logs = compared.as_array().map(Vec::as_slice).unwrap_or_default();
    let mut different = false;
    for log in logs {
        let cell = |pointer| output::cell(log, pointer);
        let verdict = log.get("verdict").and_then(Value::as_str).unwrap_or_default();
        different |= verdict == "different";
        if context.json {
            output::line(log.to_string())?;
            continue;
        }
        let verdict = match verdict {
            "equal" => format!("equal, {} entries", cell("/ours")),
            "behind" => {
                format!("{} is behind by {}; all before is equal", cell("/who"), cell("/by"))
            }
            _ => format!("DIFFERENT from entry {} on: keep both transcripts", cell("/index")),
        };
        output::line(format!("{}: {verdict}", cell("/log")))?;
    }
    if different {
        return Err(Failed::refused("the two sides hold different logs")
            .hint("export the transcript on both sides and compare them; nothing was changed"));
    }
    Ok(())
}
