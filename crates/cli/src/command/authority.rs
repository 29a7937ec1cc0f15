//! `forewarn authority`: warnings that leave without a person.

use super::parse::{rate, span, time, tlp, word};
use super::proposal;
use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use crate::paging::Paging;
use clap::{Args, Subcommand};
use forewarn_exchange::act::AuthorityAct;
use forewarn_exchange::authority::{Class, Rate};
use forewarn_exchange::draft::ObservableKind;
use forewarn_exchange::id::AuthorityNumber;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::scale::Grade;
use forewarn_extract::threat::Threat;
use forewarn_stix::Timestamp;
use forewarn_stix::marking::Tlp;
use forewarn_view::answer::{AuthoritySet, DoneOrWaits};
use forewarn_view::authority::AuthorityShown;

#[derive(Debug, Subcommand)]
pub(crate) enum Authority {
    /// Ask that a class of warning leave without a person; a second person approves it
    Give(Box<Give>),
    /// List them, with how much has left by each
    List {
        #[command(flatten)]
        paging: Paging,
    },
    /// Show one: what it covers, what it says, what has left by it
    Show {
        /// The authorisation
        number: AuthorityNumber,
    },
    /// Take one back: nothing leaves by it any more
    Revoke {
        /// The authorisation
        number: AuthorityNumber,
        /// Why
        #[arg(long)]
        reason: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Give {
    /// Whom it warns
    #[arg(long, value_name = "NAME")]
    partner: NodeName,
    /// An interest of that partner, by its id, whose matches it covers; may be given several times
    #[arg(long, value_name = "ID", required = true)]
    interest: Vec<String>,
    /// What may leave of what has met the interest: domain, address, url, email, hash or cve; may be
    /// given several times
    #[arg(long, value_name = "KIND", value_parser = kind, required = true)]
    kind: Vec<ObservableKind>,
    /// A source, by its handle, whose items it covers; may be given several times
    #[arg(long, value_name = "HANDLE", required = true)]
    source: Vec<String>,
    /// The least grade of an item, such as B2
    #[arg(long, value_name = "GRADE", value_parser = Grade::parse)]
    least: Option<Grade>,
    /// The marking of the warnings; items that are marked more strictly are left to people
    #[arg(long, value_name = "TLP", value_parser = tlp)]
    tlp: Tlp,
    /// The kind of threat, as `case finding` has it
    #[arg(long, value_parser = word::<Threat>)]
    threat: Threat,
    /// Who or what is threatened
    #[arg(long)]
    target: String,
    /// Why there is a duty to warn whenever it applies
    #[arg(long)]
    reason: String,
    /// The title of each warning; {observables} stands for what leaves
    #[arg(long)]
    title: String,
    /// The text of each warning; {observables} stands for what leaves
    #[arg(long)]
    text: String,
    /// How long each warning holds: 24h, 7d
    #[arg(long, value_name = "TIME", default_value = "24h", value_parser = span)]
    holds: u32,
    /// At most so many warnings in a time: 20/1h
    #[arg(long, value_name = "COUNT/TIME", value_parser = rate)]
    rate: Rate,
    /// Until when it is given; within a year
    #[arg(long, value_name = "TIME", value_parser = time)]
    until: Timestamp,
}

pub(crate) async fn run(authority: Authority, context: &Context) -> Result<(), Failed> {
    match authority {
        Authority::Give(give) => {
            let class = Box::new(class(*give));
            let answer: DoneOrWaits<AuthoritySet> =
                context.client.act(AuthorityAct::Give { class }).await?;
            let words =
                |set: &AuthoritySet| format!("standing authorisation {} is given", set.authority);
            proposal::tell(&answer, words, context)
        }
        Authority::List { paging } => {
            let path = ("/api/v1/authorities", "");
            paging.list::<AuthorityShown>(context, path, "nothing leaves without a person").await
        }
        Authority::Show { number } => {
            let path = format!("/api/v1/authorities/{number}");
            let shown: AuthorityShown = context.client.get(&path).await?;
            output::answer(context.json, &shown, shown.words())
        }
        Authority::Revoke { number, reason } => {
            let act = AuthorityAct::Revoke { authority: number, reason };
            let answer: AuthoritySet = context.client.act(act).await?;
            let words = format!("nothing leaves by standing authorisation {number} any more");
            output::answer(context.json, &answer, words)
        }
    }
}

fn class(give: Give) -> Class {
    let Give { partner, interest, kind, source, least, tlp, threat, target, .. } = give;
    let Give { reason, title, text, holds, rate, until, .. } = give;
    Class {
        partner,
        interests: interest,
        kinds: kind,
        sources: source,
        least,
        tlp,
        threat,
        target,
        reason,
        title,
        text,
        holds,
        rate,
        until,
    }
}

fn kind(text: &str) -> Result<ObservableKind, String> {
    ObservableKind::parse(text).ok_or_else(|| {
        let all: Vec<&str> = ObservableKind::ALL.iter().map(|kind| kind.name()).collect();
        format!("one of {}", all.join(", "))
    })
}
