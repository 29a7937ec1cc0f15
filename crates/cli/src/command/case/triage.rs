//! What sorts cases and moves their clocks: `forewarn case urgency`, `pause`, `merge`, `join`, `link`,
//! `dismiss`.

use super::changed;
use crate::command::interest::urgency;
use crate::command::mute::interest_named;
use crate::command::parse::time;
use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use clap::Args;
use forewarn_exchange::act::{DutyAct, TriageAct};
use forewarn_exchange::id::CaseNumber;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::scale::Urgency;
use forewarn_stix::Timestamp;
use forewarn_view::answer::MatchDismissed;

#[derive(Debug, Args)]
pub(crate) struct Urgent {
    /// The case
    number: CaseNumber,
    /// immediate, expected or future
    #[arg(value_parser = urgency)]
    urgency: Urgency,
    /// Why
    #[arg(long)]
    reason: String,
}

#[derive(Debug, Args)]
pub(crate) struct Pause {
    /// The case
    number: CaseNumber,
    /// Until when, at most a week: +2h, or a time with its zone
    #[arg(long, value_name = "TIME", value_parser = time)]
    until: Timestamp,
    /// Why
    #[arg(long)]
    reason: String,
}

#[derive(Debug, Args)]
pub(crate) struct Merge {
    /// The case that ends
    number: CaseNumber,
    /// The word `into`
    #[arg(value_parser = ["into"])]
    word: String,
    /// The case that goes on for both
    into: CaseNumber,
    /// Why they are one
    #[arg(long)]
    reason: String,
}

#[derive(Debug, Args)]
pub(crate) struct Join {
    /// The item's id
    item: String,
    /// The case
    number: CaseNumber,
    /// Why
    #[arg(long)]
    reason: String,
}

#[derive(Debug, Args)]
pub(crate) struct Dismiss {
    /// The item's id
    item: String,
    /// The interest that it just misses, by id or label
    #[arg(long, value_name = "LABEL|ID")]
    interest: String,
    /// Whose interest, where several partners have one of that label
    #[arg(long)]
    partner: Option<NodeName>,
    /// Why it is no match
    #[arg(long)]
    reason: String,
}

impl Urgent {
    pub(super) fn act(self) -> DutyAct {
        let Urgent { number, urgency, reason } = self;
        DutyAct::Urgency { case: number, urgency, reason }
    }
}

impl Pause {
    pub(super) fn act(self) -> DutyAct {
        let Pause { number, until, reason } = self;
        DutyAct::Pause { case: number, until, reason }
    }
}

impl Merge {
    pub(super) fn act(self) -> DutyAct {
        let Merge { number, word: _, into, reason } = self;
        DutyAct::Merge { case: number, into, reason }
    }
}

impl Join {
    pub(super) fn act(self) -> DutyAct {
        let Join { item, number, reason } = self;
        DutyAct::Join { case: number, item, reason }
    }
}

pub(super) async fn link(numbers: &[CaseNumber], context: &Context) -> Result<(), Failed> {
    let Some((case, with)) = numbers.split_first() else {
        return Err(Failed::usage("name two cases or more"));
    };
    changed(DutyAct::Link { case: *case, with: with.to_vec() }, context).await
}

pub(super) async fn dismiss(args: Dismiss, context: &Context) -> Result<(), Failed> {
    let Dismiss { item, interest, partner, reason } = args;
    let (partner, interest) = interest_named(&interest, partner.as_ref(), context).await?;
    let act = TriageAct::Dismiss { partner, interest, item, reason };
    let answer: MatchDismissed = context.client.act(act).await?;
    output::answer(context.json, &answer, answer.words())
}
