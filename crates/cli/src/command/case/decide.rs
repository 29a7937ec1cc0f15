//! `forewarn case open`, `decide` and `not-met`: one case, or several at once.

use super::seen::{OnSeen, changed_on};
use crate::command::interest::urgency;
use crate::command::parse::{time, word};
use crate::command::proposal;
use crate::context::Context;
use crate::failure::Failed;
use clap::{Args, ValueEnum};
use forewarn_exchange::act::DutyAct;
use forewarn_exchange::case::Decision;
use forewarn_exchange::id::CaseNumber;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::scale::{Status, Urgency, Waiver};
use forewarn_exchange::waiver::{KnownTo, WaiverFacts};
use forewarn_exchange::watched::Seen;
use forewarn_stix::Timestamp;
use forewarn_view::answer::{CasesMoved, DoneOrWaits};
use forewarn_view::case::CaseShown;

#[derive(Debug, Args)]
pub(crate) struct Open {
    /// The partner whom it concerns; may be given several times: a case each, of one threat
    #[arg(long = "partner", required = true, value_name = "PARTNER")]
    partners: Vec<NodeName>,
    /// An item's id; may be given several times
    #[arg(long = "item", required = true)]
    items: Vec<String>,
    /// immediate, expected or future: how long the clock gives
    #[arg(long, default_value = "expected", value_parser = urgency)]
    urgency: Urgency,
    /// This is an exercise, and says so
    #[arg(long)]
    exercise: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Decide {
    /// The case, or several of which the same is decided: all or none
    #[arg(required = true, num_args = 1.., value_name = "CASE")]
    numbers: Vec<CaseNumber>,
    /// What is decided
    #[arg(value_enum)]
    decision: Choice,
    /// Of all cases that are linked with the first
    #[arg(long)]
    all_linked: bool,
    /// Why
    #[arg(long)]
    reason: String,
    /// For waive: already-aware, at-risk-only-by-hostilities, endangers-people-sources-methods,
    /// victim-is-terrorist-or-violent-criminal, endangers-liaison or no-reasonable-way
    #[arg(long, value_parser = word::<Waiver>)]
    code: Option<Waiver>,
    #[command(flatten)]
    on: OnSeen,
    #[command(flatten)]
    facts: Facts,
    /// For waive: when it is looked at again, at the latest
    #[arg(long, value_name = "TIME", value_parser = time)]
    review_at: Option<Timestamp>,
    /// For refer: to whom
    #[arg(long)]
    to: Option<String>,
    /// For refer: until when an answer is expected
    #[arg(long, value_name = "TIME", value_parser = time)]
    answer_by: Option<Timestamp>,
}

/// What a waiver rests on.
#[derive(Debug, Args)]
struct Facts {
    /// For waive: who was consulted; may be given several times
    #[arg(long, value_name = "WHO")]
    consulted: Vec<String>,
    /// For already-aware: who knows
    #[arg(long, value_name = "WHO", requires = "known_since")]
    known_to: Option<String>,
    /// For already-aware: since when
    #[arg(long, value_name = "TIME", value_parser = time, allow_hyphen_values = true,
        requires = "known_to")]
    known_since: Option<Timestamp>,
    /// For no-reasonable-way: a means that was tried; may be given several times
    #[arg(long, value_name = "MEANS")]
    tried: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Choice {
    Warn,
    Waive,
    Refer,
    NotMet,
}

#[derive(Debug, Args)]
pub(crate) struct NotMet {
    /// The cases
    #[arg(required = true, num_args = 1.., value_name = "CASE")]
    numbers: Vec<CaseNumber>,
    /// Why
    #[arg(long)]
    reason: String,
}

pub(super) async fn open(args: Open, context: &Context) -> Result<(), Failed> {
    let Open { partners, items, urgency, exercise } = args;
    let status = if exercise { Status::Exercise } else { Status::Actual };
    let mut partners = partners.into_iter();
    let Some(partner) = partners.next() else {
        return Err(Failed::usage("a case concerns a partner: --partner"));
    };
    let also: Vec<NodeName> = partners.collect();
    let is_one = also.is_empty();
    let open = DutyAct::Open { partner, items, urgency, status, also };
    moved((open, None), is_one, context).await
}

pub(super) async fn decide(mut args: Decide, context: &Context) -> Result<(), Failed> {
    let mut numbers = args.numbers.clone();
    if args.all_linked {
        for number in linked(&numbers, context).await? {
            if !numbers.contains(&number) {
                numbers.push(number);
            }
        }
    }
    let seen = args.on.seen.take();
    act((numbers, seen), args.decision()?, context).await
}

pub(super) async fn not_met(args: NotMet, context: &Context) -> Result<(), Failed> {
    act((args.numbers, None), Decision::NotMet { reason: args.reason }, context).await
}

/// The undecided cases that are of one threat with these.
async fn linked(numbers: &[CaseNumber], context: &Context) -> Result<Vec<CaseNumber>, Failed> {
    let mut all = Vec::new();
    for number in numbers {
        let shown: CaseShown = context.client.get(&format!("/api/v1/cases/{number}")).await?;
        let undecided = shown.linked.iter().filter(|one| one.treated.is_undecided());
        all.extend(undecided.map(|one| one.case));
    }
    Ok(all)
}

async fn act(
    (numbers, seen): (Vec<CaseNumber>, Option<Seen>),
    decision: Decision,
    context: &Context,
) -> Result<(), Failed> {
    let mut numbers = numbers.into_iter();
    let Some(case) = numbers.next() else {
        return Err(Failed::usage("name a case"));
    };
    let also: Vec<CaseNumber> = numbers.collect();
    let is_one = also.is_empty();
    moved((DutyAct::Decide { case, decision, also }, seen), is_one, context).await
}

async fn moved(
    (act, seen): (DutyAct, Option<Seen>),
    is_one: bool,
    context: &Context,
) -> Result<(), Failed> {
    if is_one {
        return changed_on(seen, act, context).await;
    }
    let answer: DoneOrWaits<CasesMoved> = context.client.having_seen(seen).act(act).await?;
    proposal::tell(&answer, CasesMoved::words, context)
}

impl Decide {
    fn decision(self) -> Result<Decision, Failed> {
        let Decide { decision, reason, code, facts, review_at, to, answer_by, .. } = self;
        let facts = facts.read();
        let is_waiver = code.is_some() || review_at.is_some() || !facts.is_empty();
        let is_referral = to.is_some() || answer_by.is_some();
        match (decision, code, to) {
            (Choice::Waive, Some(code), None) if !is_referral => {
                Ok(Decision::Waive { code, reason, review_at, facts })
            }
            (Choice::Refer, None, Some(to)) if !is_waiver => {
                Ok(Decision::Refer { to, reason, answer_by })
            }
            (Choice::Warn, None, None) if !is_waiver && !is_referral => {
                Ok(Decision::Warn { reason })
            }
            (Choice::NotMet, None, None) if !is_waiver && !is_referral => {
                Ok(Decision::NotMet { reason })
            }
            (Choice::Waive, ..) => Err(Failed::usage("to waive needs --code, and no --to")),
            (Choice::Refer, ..) => Err(Failed::usage("to refer needs --to, and no --code")),
            (Choice::Warn | Choice::NotMet, ..) => {
                Err(Failed::usage("--code is for waive, --to is for refer"))
            }
        }
    }
}

impl Facts {
    fn read(self) -> WaiverFacts {
        let Facts { consulted, known_to, known_since, tried } = self;
        let known_to = known_to.zip(known_since).map(|(who, since)| KnownTo { who, since });
        WaiverFacts { consulted, known_to, tried }
    }
}
