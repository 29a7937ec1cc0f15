//! `forewarn evidence`.

use super::{file, proposal};
use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use clap::Subcommand;
use forewarn_exchange::act::{EvidenceAct, Showing};
use forewarn_exchange::id::Subject;
use forewarn_exchange::name::NodeName;
use forewarn_node::channel::evidence::Wanted;
use hyper::Method;
use serde_json::json;
use std::ops::RangeInclusive;
use std::path::PathBuf;

/// Most entries that one range may name.
const MAX_RANGE: u64 = 10_000;

#[derive(Debug, Subcommand)]
pub(crate) enum Evidence {
    /// Decide that fields which were withheld from a partner may stand in evidence; a second person
    /// approves it
    Show {
        /// case-N or warning-N
        #[arg(required_unless_present = "partner", conflicts_with = "partner")]
        subject: Option<Subject>,
        /// The partner to whom the entries went, in place of a case or warning
        #[arg(long, requires = "ours")]
        partner: Option<NodeName>,
        /// Entries of our log: 3 or 3-7. May be given several times
        #[arg(long, value_name = "ENTRIES", value_parser = range, requires = "partner")]
        ours: Vec<RangeInclusive<u64>>,
        /// A field; may be given several times
        #[arg(long = "field", value_name = "FIELD", required = true, num_args = 1..)]
        fields: Vec<String>,
        /// To whom the evidence goes, and why
        #[arg(long)]
        reason: String,
    },
    /// Write a file that proves what crossed about one case or warning, or any entries of a channel
    Export {
        /// case-N or warning-N
        #[arg(required_unless_present = "partner", conflicts_with = "partner")]
        subject: Option<Subject>,
        /// The partner whose channel the entries are of, in place of a case or warning
        #[arg(long)]
        partner: Option<NodeName>,
        /// Entries of our log: 3 or 3-7. May be given several times
        #[arg(long, value_name = "ENTRIES", value_parser = range, requires = "partner")]
        ours: Vec<RangeInclusive<u64>>,
        /// Entries of the partner's log
        #[arg(long, value_name = "ENTRIES", value_parser = range, requires = "partner")]
        theirs: Vec<RangeInclusive<u64>>,
        /// A field to show; all others stay closed. May be given several times
        #[arg(long = "show", value_name = "FIELD", num_args = 1..)]
        show: Vec<String>,
        #[arg(long, short, value_name = "FILE")]
        output: PathBuf,
    },
}

fn range(text: &str) -> Result<RangeInclusive<u64>, String> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let number = |text: &str| text.parse::<u64>().map_err(|_| "write 3, or 3-7".to_owned());
    let (first, last) = (number(first)?, number(last)?);
    if first > last || last - first >= MAX_RANGE {
        return Err(format!("the first is at most the last, and {MAX_RANGE} at a time"));
    }
    Ok(first..=last)
}

pub(crate) async fn run(evidence: &Evidence, context: &Context) -> Result<(), Failed> {
    let all = |ranges: &[RangeInclusive<u64>]| ranges.iter().cloned().flatten().collect();
    let (subject, partner, ours, theirs, show, path) = match evidence {
        Evidence::Export { subject, partner, ours, theirs, show, output } => {
            (subject, partner, ours, theirs, show, output)
        }
        Evidence::Show { subject, partner, ours, fields, reason } => {
            let (partner, fields) = (partner.clone(), fields.clone());
            let showing = Showing { subject: *subject, partner, ours: all(ours), fields };
            let act = EvidenceAct::Show { showing, reason: reason.clone() };
            let answer = context.client.act(act).await?;
            let done = || "the fields may stand in evidence".to_owned();
            let sentence = proposal::waits(&answer).unwrap_or_else(done);
            return output::answer(context.json, &answer, sentence);
        }
    };
    let wanted = Wanted {
        subject: *subject,
        partner: partner.clone(),
        ours: all(ours),
        theirs: all(theirs),
        show: show.clone(),
    };
    let wanted = serde_json::to_string(&wanted).map_err(|e| Failed::internal(e.to_string()))?;
    let bytes = context.client.call(Method::POST, "/api/v1/evidence", wanted.into_bytes()).await?;
    file::write_new(path, &bytes)?;
    let value = json!({ "file": path, "bytes": bytes.len() });
    let sentence = format!(
        "wrote {} ({} bytes); anyone can check it: forewarn verify {}",
        path.display(),
        bytes.len(),
        path.display(),
    );
    output::answer(context.json, &value, sentence)
}
