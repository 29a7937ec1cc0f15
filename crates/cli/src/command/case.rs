//! `forewarn case`.

mod decide;
mod finding;
mod seen;
mod told;
mod triage;

use self::decide::{Decide, NotMet, Open};
use self::finding::FindingArgs;
use self::seen::{OnSeen, changed, changed_on};
use self::told::{Confirm, Strike, Tell};
use self::triage::{Dismiss, Join, Merge, Pause, Urgent};
use super::aside::Aside;
use super::parse::{time, tlp, word};
use super::{file, proposal};
use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use crate::paging::Paging;
use clap::{Args, Subcommand};
use forewarn_exchange::act::DutyAct;
use forewarn_exchange::case::Stage;
use forewarn_exchange::draft::{DraftChanges, DraftRequest, Lowering};
use forewarn_exchange::estimate::Likelihood;
use forewarn_exchange::gate::SetAside;
use forewarn_exchange::id::CaseNumber;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::permission::{Grant, Part, Verdict};
use forewarn_stix::Timestamp;
use forewarn_stix::marking::Tlp;
use forewarn_transcript::Hash;
use forewarn_view::answer::{CaseSent, DoneOrWaits};
use forewarn_view::case::{CaseLine, CaseShown, Preview};
use forewarn_view::hint::Surface;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Case {
    /// List cases, with their clocks
    List {
        #[command(flatten)]
        narrowed: Narrowed,
        #[command(flatten)]
        paging: Paging,
    },
    /// Show one: items, reasons, what was decided, sent and said
    Show {
        /// The case
        number: CaseNumber,
    },
    /// Open one by hand
    Open(Open),
    /// Record whether there is a duty to warn, and why
    Finding(FindingArgs),
    /// Decide: warn, waive, refer, or not met
    Decide(Decide),
    /// Decide that there is no duty to warn, in one case or in many
    NotMet(NotMet),
    /// Take up again a case that was closed without a warning
    Reopen {
        /// The case
        number: CaseNumber,
        /// What has come to be known since
        #[arg(long)]
        reason: String,
    },
    /// What was decided stands: a warning although originals were revoked, a waiver, a referral
    Keep {
        /// The case
        number: CaseNumber,
        /// Why it stands; of a referral, what was answered
        #[arg(long)]
        reason: String,
        /// Of a waiver: when it is looked at next
        #[arg(long, value_name = "TIME", value_parser = time)]
        review_at: Option<Timestamp>,
    },
    /// Say that it is more or less urgent; its clock follows
    Urgency(Urgent),
    /// Let its clock stand for a while
    Pause(Pause),
    /// Let a paused clock run on
    Resume {
        /// The case
        number: CaseNumber,
    },
    /// Say that two undecided cases of one partner are one: `case merge 3 into 2`
    Merge(Merge),
    /// Let an item join a case: `case join ITEM 2`
    Join(Join),
    /// Say that cases of several partners are of one threat
    Link {
        /// The cases, two or more
        #[arg(required = true, num_args = 2.., value_name = "CASE")]
        numbers: Vec<CaseNumber>,
    },
    /// Put on record that an item which just misses an interest is no match
    Dismiss(Dismiss),
    /// Write the warning; after a release, its next version
    Draft(Box<Draft>),
    /// List places, times, targets and observables that stand in the items; `case draft --take N`
    /// puts one in, and nothing goes in by itself
    Propose {
        /// The case
        number: CaseNumber,
    },
    /// Show the exact bytes that would leave, and what the gate says
    Preview {
        /// The case
        number: CaseNumber,
    },
    /// Approve the draft; a second person must
    Release {
        /// The case
        number: CaseNumber,
        /// The digest that the preview showed
        #[arg(long, value_parser = super::proposal::digest)]
        digest: Hash,
        /// A possible objection that the draft sets aside, as the preview shows it: say so too
        #[arg(long = "set-aside", value_name = "TEXT")]
        set_aside: Vec<String>,
    },
    /// Write the next version of a released warning: the last one with these changes
    Update(Box<Update>),
    /// Write the next version of a released warning: the last one with a later horizon
    Renew {
        /// The case
        number: CaseNumber,
        /// Until when it holds from then on: 2026-01-31T12:00:00Z, or +48h from now
        #[arg(long, value_parser = time)]
        valid_until: Timestamp,
    },
    /// Write the file of a case, as far as you may read it, without withheld names and sources; that
    /// you did is on record
    Export {
        /// The case
        number: CaseNumber,
        #[command(flatten)]
        args: super::export::CaseExportArgs,
    },
    /// Take a released warning back; the partner must answer
    Recall {
        /// The case
        number: CaseNumber,
        /// Why; the partner reads it
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        aside: Aside,
    },
    /// Record that somebody was told beside the channel: by telephone, in person, by letter, in public
    Tell(Tell),
    /// Stand by what somebody else has told in imminent danger
    Confirm(Confirm),
    /// Say that what somebody else has told in imminent danger does not hold
    Strike(Strike),
    /// Permit the partner to pass parts of the warning on, to whom it asks for
    Permit {
        /// The case
        number: CaseNumber,
        /// The request's entry, as `case show` prints it
        #[arg(long)]
        request: u64,
        /// A part: whole, title, paragraph-1 or an object's id; may be given several times
        #[arg(long = "part", value_name = "PART", required = true)]
        parts: Vec<Part>,
        /// To whom, by the name of the node; may be given several times
        #[arg(long = "to", value_name = "NODE", required = true)]
        recipients: Vec<NodeName>,
        /// On which conditions; the partner reads it
        #[arg(long, default_value = "", hide_default_value = true)]
        conditions: String,
        /// Until when: +7d, or a time with its zone
        #[arg(long, value_name = "TIME", value_parser = time)]
        until: Timestamp,
        #[command(flatten)]
        aside: Aside,
    },
    /// Deny the partner to pass anything of the warning on
    Deny {
        /// The case
        number: CaseNumber,
        /// The request's entry, as `case show` prints it
        #[arg(long)]
        request: u64,
        /// Why not; the partner reads it
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        aside: Aside,
    },
    /// Answer a question of the partner
    Answer {
        /// The case
        number: CaseNumber,
        /// The question's entry, as `case show` prints it
        #[arg(long)]
        question: u64,
        /// The answer; the partner reads it
        #[arg(long)]
        text: String,
        #[command(flatten)]
        aside: Aside,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Draft {
    /// The case
    number: CaseNumber,
    /// A further case for which the same is written, as objects of its own; may be given several
    /// times
    #[arg(long = "also", value_name = "CASE")]
    also: Vec<CaseNumber>,
    /// The warning's title
    #[arg(long, required_unless_present = "template")]
    title: Option<String>,
    /// The warning's words
    #[arg(long, required_unless_present_any = ["text_file", "template"])]
    text: Option<String>,
    #[command(flatten)]
    begin: super::template::Begin,
    /// A file with the warning's words
    #[arg(long, value_name = "FILE", conflicts_with = "text")]
    text_file: Option<PathBuf>,
    /// How far the partner may pass it on: clear, green, amber, amber+strict or red
    #[arg(long, default_value = "amber", value_parser = tlp)]
    tlp: Tlp,
    /// Until when it holds: 2026-01-31T12:00:00Z, with an offset such as +02:00, or +48h from now
    #[arg(long, value_parser = time)]
    valid_until: Timestamp,
    /// almost-no-chance, very-unlikely, unlikely, roughly-even-chance, likely, very-likely or
    /// almost-certain; or in the other words of ICD 203: remote, highly-improbable, improbable,
    /// roughly-even-odds, probable, highly-probable or nearly-certain
    #[arg(long, value_parser = word::<Likelihood>)]
    likelihood: Option<Likelihood>,
    /// A place to put in; may be given several times
    #[arg(long = "place")]
    places: Vec<String>,
    /// A domain, address, URL, e-mail address, hash of a file or CVE to watch for; may be given
    /// several times
    #[arg(long = "observable")]
    observables: Vec<String>,
    /// A name that must not leave; may be given several times
    #[arg(long = "withhold", value_name = "NAME")]
    withhold: Vec<String>,
    #[command(flatten)]
    more: super::draft::More,
    #[command(flatten)]
    exceptions: Exceptions,
    #[command(flatten)]
    on: OnSeen,
}

/// What a version may say although the gate or the originals' marking would not let it: the second
/// person sees it and says the same.
#[derive(Debug, Args)]
struct Exceptions {
    #[command(flatten)]
    aside: Aside,
    /// The warning is marked less strictly than the originals: on whose permission
    #[arg(long = "lower", value_name = "PERMISSION", requires = "lower_reason")]
    lower: Option<String>,
    /// And why
    #[arg(long, value_name = "REASON", requires = "lower")]
    lower_reason: Option<String>,
}

impl Exceptions {
    fn taken_apart(self) -> (SetAside, Option<Lowering>) {
        let lowering = self.lower.zip(self.lower_reason);
        let lowering = lowering.map(|(permission, reason)| Lowering { permission, reason });
        (self.aside.into(), lowering)
    }
}

#[derive(Debug, Args)]
pub(crate) struct Update {
    /// The case
    number: CaseNumber,
    /// Another title
    #[arg(long)]
    title: Option<String>,
    /// Other words
    #[arg(long)]
    text: Option<String>,
    /// A file with other words
    #[arg(long, value_name = "FILE", conflicts_with = "text")]
    text_file: Option<PathBuf>,
    /// Another marking: clear, green, amber, amber+strict or red
    #[arg(long, value_parser = tlp)]
    tlp: Option<Tlp>,
    /// Until when it holds from now on
    #[arg(long, value_parser = time)]
    valid_until: Option<Timestamp>,
    /// Another likelihood, from almost-no-chance to almost-certain, or from remote to
    /// nearly-certain
    #[arg(long, value_parser = word::<Likelihood>)]
    likelihood: Option<Likelihood>,
    /// One more place; may be given several times
    #[arg(long = "place")]
    places: Vec<String>,
    /// One more domain, address or URL to watch for; may be given several times
    #[arg(long = "observable")]
    observables: Vec<String>,
    /// Leave out what the last version says: a place, an observable, a target, a sector, an incident
    /// or a time, as it was put in; or likelihood, severity, certainty, confidence, tear-line,
    /// handling, pap or iep. May be given several times
    #[arg(long, value_name = "WHAT")]
    without: Vec<String>,
    /// One more name that must not leave; what was withheld stays so
    #[arg(long = "withhold", value_name = "NAME")]
    withhold: Vec<String>,
    #[command(flatten)]
    more: super::draft::More,
    #[command(flatten)]
    exceptions: Exceptions,
}

/// Which cases are listed.
#[derive(Debug, Args)]
pub(crate) struct Narrowed {
    /// Only those for this partner
    #[arg(long)]
    partner: Option<NodeName>,
    /// Only those that stand there: open, found, to-warn, closed, drafted, released, expired, recalled
    #[arg(long)]
    stage: Option<Stage>,
    /// Only those whose time is past
    #[arg(long)]
    overdue: bool,
}

async fn list(narrowed: Narrowed, paging: Paging, context: &Context) -> Result<(), Failed> {
    let Narrowed { partner, stage, overdue } = narrowed;
    let partner = partner.map(|partner| format!("partner={partner}"));
    let stage = stage.map(|stage| format!("stage={}", stage.word()));
    let overdue = overdue.then(|| "overdue=true".to_owned());
    let query: Vec<String> = partner.into_iter().chain(stage).chain(overdue).collect();
    let empty = if query.is_empty() { "no cases" } else { "no such cases" };
    paging.list::<CaseLine>(context, ("/api/v1/cases", &query.join("&")), empty).await
}

pub(crate) async fn run(case: Case, context: &Context) -> Result<(), Failed> {
    match case {
        Case::List { narrowed, paging } => list(narrowed, paging, context).await,
        Case::Show { number } => show(number, context).await,
        Case::Preview { number } => preview(number, context).await,
        Case::Propose { number } => super::suggestion::list(number, context).await,
        Case::Open(args) => decide::open(args, context).await,
        Case::Finding(args) => {
            let (seen, act) = args.act();
            changed_on(seen, act, context).await
        }
        Case::Decide(args) => decide::decide(args, context).await,
        Case::NotMet(args) => decide::not_met(args, context).await,
        Case::Reopen { number, reason } => {
            changed(DutyAct::Reopen { case: number, reason }, context).await
        }
        Case::Keep { number, reason, review_at } => {
            changed(DutyAct::Keep { case: number, reason, review_at }, context).await
        }
        Case::Urgency(args) => changed(args.act(), context).await,
        Case::Pause(args) => changed(args.act(), context).await,
        Case::Resume { number } => changed(DutyAct::Resume { case: number }, context).await,
        Case::Merge(args) => changed(args.act(), context).await,
        Case::Join(args) => changed(args.act(), context).await,
        Case::Link { numbers } => triage::link(&numbers, context).await,
        Case::Dismiss(args) => triage::dismiss(args, context).await,
        Case::Draft(draft) => write(*draft, context).await,
        Case::Update(changes) => update(*changes, context).await,
        Case::Release { number, digest, set_aside } => {
            let act = DutyAct::Release { case: number, digest, set_aside };
            sent(act, "released", context).await
        }
        Case::Export { number, args } => args.run(number, context).await,
        Case::Renew { number, valid_until } => {
            changed(DutyAct::Renew { case: number, valid_until }, context).await?;
            if !context.json {
                output::line(format!("look at it: forewarn case preview {number}"))?;
            }
            Ok(())
        }
        Case::Recall { number, reason, aside } => {
            let set_aside = aside.into();
            let act = DutyAct::Recall { case: number, reason, set_aside };
            sent(act, "recalled", context).await
        }
        Case::Tell(tell) => tell.run(context).await,
        Case::Confirm(confirm) => confirm.run(context).await,
        Case::Strike(strike) => strike.run(context).await,
        Case::Permit { number, request, parts, recipients, conditions, until, aside } => {
            let grants = vec![Grant { parts, recipients, conditions, until }];
            let verdict = Verdict { grants, reason: String::new() };
            let set_aside = aside.into();
            let act = DutyAct::Permit { case: number, request, verdict, set_aside };
            sent(act, "permitted", context).await
        }
        Case::Deny { number, request, reason, aside } => {
            let verdict = Verdict { grants: Vec::new(), reason };
            let set_aside = aside.into();
            let act = DutyAct::Permit { case: number, request, verdict, set_aside };
            sent(act, "denied", context).await
        }
        Case::Answer { number, question, text, aside } => {
            let set_aside = aside.into();
            let act = DutyAct::Answer { case: number, question, text, set_aside };
            sent(act, "answered", context).await
        }
    }
}

async fn sent(act: DutyAct, done: &str, context: &Context) -> Result<(), Failed> {
    let answer: DoneOrWaits<CaseSent> = context.client.act(act).await?;
    proposal::tell(&answer, |sent| sent.words(done), context)
}

async fn write(draft: Draft, context: &Context) -> Result<(), Failed> {
    let filled = draft.begin.filled(context).await?;
    let (own_title, own_text) = filled.map(|one| (one.title, one.text)).unwrap_or_default();
    let text = match (&draft.text, &draft.text_file) {
        (Some(text), _) => text.clone(),
        (None, Some(path)) => file::read_text(path, 1 << 20)?,
        (None, None) => own_text,
    };
    let Draft {
        number,
        also,
        title,
        tlp,
        valid_until,
        likelihood,
        places,
        observables,
        withhold,
        more,
        exceptions,
        on,
        ..
    } = draft;
    let (set_aside, lowering) = exceptions.taken_apart();
    let draft = DraftRequest {
        likelihood,
        places,
        observables,
        withhold,
        set_aside,
        lowering,
        ..DraftRequest::new(title.unwrap_or(own_title), text, tlp, valid_until)
    };
    let draft = more.put_in(draft, (number, context)).await?;
    // Of the others nothing was seen.
    let mut seen = on.seen;
    for case in std::iter::once(number).chain(also) {
        let act = DutyAct::Draft { case, draft: Box::new(draft.clone()) };
        changed_on(seen.take(), act, context).await?;
        if !context.json {
            output::line(format!("look at it: forewarn case preview {case}"))?;
        }
    }
    Ok(())
}

async fn update(update: Update, context: &Context) -> Result<(), Failed> {
    let text = match (update.text, &update.text_file) {
        (None, Some(path)) => Some(file::read_text(path, 1 << 20)?),
        (text, _) => text,
    };
    let (set_aside, lowering) = update.exceptions.taken_apart();
    let number = update.number;
    let changes = DraftChanges {
        title: update.title,
        text,
        tlp: update.tlp,
        valid_until: update.valid_until,
        likelihood: update.likelihood,
        places: update.places,
        observables: update.observables,
        without: update.without,
        withhold: update.withhold,
        set_aside,
        lowering,
        ..DraftChanges::default()
    };
    let changes = update.more.change(changes, (number, context)).await?;
    changed(DutyAct::Update { case: number, changes: Box::new(changes) }, context).await?;
    if !context.json {
        let preview: Preview =
            context.client.get(&format!("/api/v1/cases/{number}/preview")).await?;
        preview.changed().into_iter().try_for_each(output::line)?;
        output::line(format!("look at all of it: forewarn case preview {number}"))?;
    }
    Ok(())
}

async fn preview(number: CaseNumber, context: &Context) -> Result<(), Failed> {
    let preview: Preview = context.client.get(&format!("/api/v1/cases/{number}/preview")).await?;
    output::answer(context.json, &preview, preview.words(Surface::CommandLine))
}

async fn show(number: CaseNumber, context: &Context) -> Result<(), Failed> {
    let shown: CaseShown = context.client.get(&format!("/api/v1/cases/{number}")).await?;
    output::answer(context.json, &shown, shown.words(Surface::CommandLine))
}
