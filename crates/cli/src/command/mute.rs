//! `forewarn mute`: repeated noise, on record.

use super::parse::time;
use super::proposal;
use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use crate::paging::Paging;
use clap::{Args, Subcommand};
use forewarn_exchange::act::TriageAct;
use forewarn_exchange::id::MuteNumber;
use forewarn_exchange::mute::MuteRequest;
use forewarn_exchange::name::NodeName;
use forewarn_stix::Timestamp;
use forewarn_view::answer::{DoneOrWaits, MuteSet};
use forewarn_view::interest::InterestLine;
use forewarn_view::mute::{MuteLine, MuteShown};

#[derive(Debug, Subcommand)]
pub(crate) enum Mute {
    /// For a while, let what a source says open no case for an interest
    Add(Add),
    /// List what is muted, was muted, and how many matches that has kept
    List {
        #[command(flatten)]
        paging: Paging,
    },
    /// Show one, with the matches that it has kept
    Show {
        /// The mute
        number: MuteNumber,
    },
    /// End one before its time
    Remove {
        /// The mute
        number: MuteNumber,
        /// Why
        #[arg(long)]
        reason: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    /// The source's handle
    #[arg(long)]
    source: String,
    /// The interest, by id or label
    #[arg(long, value_name = "LABEL|ID")]
    interest: String,
    /// Whose interest, where several partners have one of that label
    #[arg(long)]
    partner: Option<NodeName>,
    /// Until when, at most 90 days: +7d, or a time with its zone
    #[arg(long, value_name = "TIME", value_parser = time)]
    until: Timestamp,
    /// Why it is noise
    #[arg(long)]
    reason: String,
    /// Immediate threats too: they are never muted otherwise
    #[arg(long)]
    immediate: bool,
}

pub(crate) async fn run(mute: Mute, context: &Context) -> Result<(), Failed> {
    match mute {
        Mute::Add(add) => {
            let Add { source, interest, partner, until, reason, immediate } = add;
            let (partner, interest) = interest_named(&interest, partner.as_ref(), context).await?;
            let mute = MuteRequest { source, partner, interest, until, reason, immediate };
            let answer: DoneOrWaits<MuteSet> =
                context.client.act(TriageAct::MuteAdd { mute }).await?;
            proposal::tell(&answer, MuteSet::words, context)
        }
        Mute::List { paging } => {
            paging.list::<MuteLine>(context, ("/api/v1/mutes", ""), "nothing is muted").await
        }
        Mute::Show { number } => {
            let shown: MuteShown = context.client.get(&format!("/api/v1/mutes/{number}")).await?;
            output::answer(context.json, &shown, shown.words())
        }
        Mute::Remove { number, reason } => {
            let answer: MuteSet =
                context.client.act(TriageAct::MuteRemove { mute: number, reason }).await?;
            output::answer(context.json, &answer, answer.words())
        }
    }
}

/// A partner's interest by its id or label, and whose it is.
pub(super) async fn interest_named(
    name: &str,
    partner: Option<&NodeName>,
    context: &Context,
) -> Result<(NodeName, String), Failed> {
    let of = partner.map(|partner| format!("partner={partner}&")).unwrap_or_default();
    let mut found: Vec<(NodeName, String)> = Vec::new();
    let mut next = Some(format!("{of}after=0"));
    while let Some(asked) = next.take() {
        let (page, more): (Vec<InterestLine>, _) =
            context.client.page(&format!("/api/v1/interests?{asked}")).await?;
        for line in page.into_iter().filter(|line| !line.ours) {
            let interest = line.interest;
            if interest.id == name || interest.label == name {
                let partner = NodeName::parse(&line.partner);
                found.extend(partner.ok().map(|partner| (partner, interest.id)));
            }
        }
        next = more;
    }
    match found.len() {
        0 => Err(Failed::usage(format!("no partner has an interest `{name}`"))),
        1 => found.pop().ok_or_else(|| Failed::usage("name an interest")),
        _ => {
            let all: Vec<String> =
                found.iter().map(|(partner, id)| format!("{id} of {partner}")).collect();
            let all = all.join(", ");
            Err(Failed::usage(format!("`{name}` is the label of several: {all}; give the id")))
        }
    }
}
