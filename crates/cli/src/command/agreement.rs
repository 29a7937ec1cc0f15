//! `forewarn partner agreement`.

use super::parse::{span, tlp, word};
use super::proposal;
use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use crate::paging::Paging;
use clap::{Args, Subcommand};
use forewarn_exchange::act::PartnerAct;
use forewarn_exchange::agreement::{AgreedClocks, AgreedPerson, Terms, Version};
use forewarn_exchange::handling::HandlingCode;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::proposal::Persons;
use forewarn_stix::marking::Tlp;
use forewarn_view::agreement::AgreementShown;
use forewarn_view::answer::{AgreementSet, DoneOrWaits};
use forewarn_view::partner::PartnerShown;
use std::collections::BTreeSet;

#[derive(Debug, Subcommand)]
pub(crate) enum Agreement {
    /// Sign a version of the agreement and propose it to the partner; a second person approves it.
    /// What is not named stays as it is
    Propose(Propose),
    /// Sign the version that the partner has proposed: it is in force; a second person approves it
    Accept {
        /// The partner
        name: NodeName,
        /// Which version
        version: Version,
    },
    /// Decline the version that the partner has proposed
    Decline {
        /// The partner
        name: NodeName,
        /// Which version
        version: Version,
        /// Why, as the partner is told
        #[arg(long)]
        reason: String,
    },
    /// Show a version: what it says, and who has signed it where
    Show {
        /// The partner
        name: NodeName,
        /// Which version [default: the one in force]
        version: Option<Version>,
    },
    /// List every version, oldest first
    List {
        /// The partner
        name: NodeName,
        #[command(flatten)]
        paging: Paging,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Propose {
    /// The partner
    name: NodeName,
    /// The strictest marking of what either side releases: clear, green, amber, amber+strict, red
    #[arg(long, value_name = "TLP", value_parser = tlp)]
    ceiling: Option<Tlp>,
    /// The handling codes that a warning may bear, such as H0,H1; none for no code at all
    #[arg(long, value_name = "CODES", value_parser = codes)]
    handling: Option<Codes>,
    /// How many persons free text to the other side needs: one or two
    #[arg(long, value_parser = word::<Persons>)]
    sentences: Option<Persons>,
    /// How long there is for what is immediate, expected and future, and to answer a question, such as
    /// 10m,20m,12h,1h; own for each side's own clocks
    #[arg(long, value_name = "TIMES", value_parser = clocks)]
    clocks: Option<Times>,
    /// A person of either side, as `NODE: NAME: NUMBER`; where some of a side are named, what is red
    /// goes to them alone. In the place of all that were named; may be given several times
    #[arg(long = "person", value_name = "PERSON")]
    persons: Vec<AgreedPerson>,
    /// Nobody is named any more
    #[arg(long, conflicts_with = "persons")]
    without_persons: bool,
}

#[derive(Debug, Clone)]
struct Codes(BTreeSet<HandlingCode>);

#[derive(Debug, Clone, Copy)]
struct Times(Option<AgreedClocks>);

pub(crate) async fn run(agreement: Agreement, context: &Context) -> Result<(), Failed> {
    match agreement {
        Agreement::Propose(asked) => {
            let name = asked.name.clone();
            let terms = terms(asked, super::partner::known(&name, context).await?);
            let act = PartnerAct::ProposeAgreement { name, terms };
            act_on(act, "signed, and waits for the partner's signature", context).await
        }
        Agreement::Accept { name, version } => {
            let act = PartnerAct::AcceptAgreement { name, version };
            act_on(act, "signed by both sides, and is in force", context).await
        }
        Agreement::Decline { name, version, reason } => {
            let act = PartnerAct::DeclineAgreement { name, version, reason };
            act_on(act, "declined", context).await
        }
        Agreement::Show { name, version } => {
            let version = if let Some(version) = version {
                version
            } else {
                let held = super::partner::known(&name, context).await?.agreement;
                let nothing = || {
                    Failed::refused(format!("no agreement with `{name}` is in force"))
                        .hint(format!("see: forewarn partner agreement list {name}"))
                };
                held.ok_or_else(nothing)?.version
            };
            let path = format!("/api/v1/partners/{name}/agreements/{version}");
            let shown: AgreementShown = context.client.get(&path).await?;
            output::answer(context.json, &shown, shown.words())
        }
        Agreement::List { name, paging } => {
            let path = format!("/api/v1/partners/{name}/agreements");
            let empty = "nothing was proposed yet: forewarn partner agreement propose";
            paging.list::<AgreementShown>(context, (&path, ""), empty).await
        }
    }
}

async fn act_on(act: PartnerAct, done: &str, context: &Context) -> Result<(), Failed> {
    let answer: DoneOrWaits<AgreementSet> = context.client.act(act).await?;
    let words = |set: &AgreementSet| {
        format!("version {} of the agreement with {} is {done}", set.version, set.partner)
    };
    proposal::tell(&answer, words, context)
}

/// What is asked for, over what counts now.
fn terms(asked: Propose, now: PartnerShown) -> Terms {
    let every = || HandlingCode::ALL.into();
    let held = now.agreement.map(|held| held.terms);
    let known = held.as_ref().map(|terms| terms.persons.clone()).unwrap_or_default();
    let (handling, clocks) =
        held.map_or_else(|| (every(), None), |terms| (terms.handling, terms.clocks));
    Terms {
        ceiling: asked.ceiling.unwrap_or(now.ceiling),
        handling: asked.handling.map_or(handling, |Codes(codes)| codes),
        sentences: asked.sentences.unwrap_or(now.sentences),
        clocks: asked.clocks.map_or(clocks, |Times(clocks)| clocks),
        persons: match asked.persons {
            _ if asked.without_persons => Vec::new(),
            given if given.is_empty() => known,
            given => given,
        },
    }
}

fn codes(text: &str) -> Result<Codes, String> {
    if text == "none" {
        return Ok(Codes(BTreeSet::new()));
    }
    let code =
        |one: &str| HandlingCode::parse(one).ok_or_else(|| "H0, H1, H2 and H3, or none".to_owned());
    Ok(Codes(text.split(',').map(code).collect::<Result<_, _>>()?))
}

fn clocks(text: &str) -> Result<Times, String> {
    if text == "own" {
        return Ok(Times(None));
    }
    let all = text.split(',').map(span).collect::<Result<Vec<u32>, _>>()?;
    let [immediate, expected, future, question] = all.as_slice() else {
        return Err("write four times, such as 10m,20m,12h,1h, or own".to_owned());
    };
    Ok(Times(Some(AgreedClocks {
        immediate: *immediate,
        expected: *expected,
        future: *future,
        question: *question,
    })))
}
