//! `forewarn record`: what is erased, and what is held against that.

use super::proposal;
use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use crate::paging::Paging;
use clap::Subcommand;
use forewarn_exchange::act::RecordAct;
use forewarn_exchange::erasure::{Erasable, Ground};
use forewarn_view::about::AboutPage;
use forewarn_view::answer::{DoneOrWaits, KeptSet};
use forewarn_view::kept::KeptLine;
use forewarn_view::text;
use indicatif::ProgressBar;
use serde_json::json;
use std::time::Duration;

#[derive(Debug, Subcommand)]
pub(crate) enum Record {
    /// Erase the words of a case, a warning or an item, for good; a second person approves it
    ///
    /// What stays: numbers, times, persons, markings, digests, the entries' leaves with their proofs,
    /// and the receipts. What a partner holds, the partner holds.
    Erase {
        /// case-N, warning-N, or an item's id
        #[arg(value_parser = str::parse::<Erasable>)]
        what: Erasable,
        /// retention, order, request or unlawful
        #[arg(long, value_parser = ground)]
        ground: Ground,
        /// Why, in words that say nothing of what it was
        #[arg(long)]
        reason: String,
    },
    /// Erase nothing of it from now on: a legal hold
    Hold {
        /// case-N, warning-N, or an item's id
        #[arg(value_parser = str::parse::<Erasable>)]
        what: Erasable,
        /// Why: a court's file number, say
        #[arg(long)]
        reason: String,
    },
    /// Hold it no more; a second person approves it
    Lift {
        /// case-N, warning-N, or an item's id
        #[arg(value_parser = str::parse::<Erasable>)]
        what: Erasable,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Look for everything that is held about somebody, and where it went; it is on record that you did
    About {
        /// The name, in any alphabet: it is found in others too
        name: String,
        /// By what request: the number of its file, say
        #[arg(long)]
        reason: String,
    },
    /// List what is held, and what was erased
    List {
        #[command(flatten)]
        paging: Paging,
    },
}

fn ground(text: &str) -> Result<Ground, String> {
    Ground::parse(text).ok_or_else(|| {
        let all: Vec<&str> = Ground::ALL.iter().map(|ground| ground.name()).collect();
        format!("it is one of {}", all.join(", "))
    })
}

pub(crate) async fn run(record: &Record, context: &Context) -> Result<(), Failed> {
    match record {
        Record::Erase { what, ground, reason } => {
            let (what, ground, reason) = (what.clone(), *ground, reason.clone());
            told(RecordAct::Erase { what, ground, reason }, "erased", context).await
        }
        Record::Hold { what, reason } => {
            let (what, reason) = (what.clone(), reason.clone());
            let done = "held: nothing of it is erased";
            told(RecordAct::Hold { what, reason }, done, context).await
        }
        Record::Lift { what, reason } => {
            let (what, reason) = (what.clone(), reason.clone());
            told(RecordAct::Lift { what, reason }, "held no more", context).await
        }
        Record::About { name, reason } => about(name, reason, context).await,
        Record::List { paging } => {
            let empty = "nothing is held, and nothing was erased";
            paging.list::<KeptLine>(context, ("/api/v1/records", ""), empty).await
        }
    }
}

/// Does it, or has it wait for a second person; and says so.
async fn told(act: RecordAct, done: &str, context: &Context) -> Result<(), Failed> {
    let answer: DoneOrWaits<KeptSet> = context.client.act(act).await?;
    let words = |set: &KeptSet| format!("{}: {done}", text::line(&set.kept.to_string()));
    proposal::tell(&answer, words, context)
}

/// Each part is asked for in its turn: all that there is, is read.
async fn about(name: &str, reason: &str, context: &Context) -> Result<(), Failed> {
    let (mut found, mut looked, mut not_read) = (Vec::new(), 0, 0);
    let mut from: Option<String> = None;
    let progress = ProgressBar::new_spinner();
    progress.enable_steady_tick(Duration::from_millis(200));
    loop {
        let asked = json!({ "name": name, "reason": reason, "from": from });
        let bytes = asked.to_string().into_bytes();
        let page: AboutPage = context.client.send("/api/v1/records/about", bytes).await?;
        found.extend(page.found);
        looked += page.looked;
        not_read += page.not_read;
        progress.set_message(format!("looked at {looked}, found in {}", found.len()));
        match page.next {
            Some(next) => from = Some(next),
            None => break,
        }
    }
    progress.finish_and_clear();
    if context.json {
        return output::json(&json!({ "found": found, "looked": looked, "not_read": not_read }));
    }
    output::list(false, &found, &format!("nothing about “{}” is held", text::line(name)))?;
    let rest = match not_read {
        0 => String::new(),
        hidden => {
            format!("; {hidden} of them you may not read: somebody who may has to look there")
        }
    };
    output::aside(format!("{looked} cases, warnings, statements and items were looked at{rest}"));
    Ok(())
}
