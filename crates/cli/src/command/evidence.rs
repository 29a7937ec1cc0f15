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
use forewarn_view::answer::{DoneOrWaits, FieldsShown};
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
        #[arg(required_unless_present_any = ["partner", "fields"], conflicts_with = "partner")]
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
        #[arg(required_unless_present_any = ["partner", "show"], conflicts_with = "partner")]
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
        /// The file to be made
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

/// What it is about, and the fields. In `--show title case-1`, the last word is what it is about.
fn about(
    subject: Option<Subject>,
    partner: Option<&NodeName>,
    fields: &[String],
) -> Result<(Option<Subject>, Vec<String>), Failed> {
    if subject.is_some() || partner.is_some() {
        return Ok((subject, fields.to_vec()));
    }
    let last = fields.split_last().and_then(|(last, before)| Some((last.parse().ok()?, before)));
    match last {
        Some((subject, before)) if !before.is_empty() => Ok((Some(subject), before.to_vec())),
        _ => Err(Failed::usage("what is the evidence about?")
            .hint("name case-N or warning-N, or entries with --partner and --ours")),
    }
}

pub(crate) async fn run(evidence: &Evidence, context: &Context) -> Result<(), Failed> {
    let all = |ranges: &[RangeInclusive<u64>]| ranges.iter().cloned().flatten().collect();
    let (subject, partner, ours, theirs, show, path) = match evidence {
        Evidence::Export { subject, partner, ours, theirs, show, output } => {
            let (subject, show) = about(*subject, partner.as_ref(), show)?;
            (subject, partner, ours, theirs, show, output)
        }
        Evidence::Show { subject, partner, ours, fields, reason } => {
            let (subject, fields) = about(*subject, partner.as_ref(), fields)?;
            let showing = Showing { subject, partner: partner.clone(), ours: all(ours), fields };
            let act = EvidenceAct::Show { showing, reason: reason.clone() };
            let answer: DoneOrWaits<FieldsShown> = context.client.act(act).await?;
            let done = |_: &FieldsShown| "the fields may stand in evidence".to_owned();
            return proposal::tell(&answer, done, context);
        }
    };
    let wanted =
        Wanted { subject, partner: partner.clone(), ours: all(ours), theirs: all(theirs), show };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_it_is_about_may_follow_the_fields() {
        let fields = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let case: Subject = "case-1".parse().unwrap();
        let all: Vec<String> = fields(&["title", "case-1"]);
        assert_eq!(about(None, None, &all).unwrap(), (Some(case), fields(&["title"])));
        assert_eq!(about(Some(case), None, &all).unwrap(), (Some(case), all));
        assert!(about(None, None, &fields(&["title", "text"])).is_err());
    }
}
