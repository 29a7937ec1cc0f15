//! `forewarn partner`.

use super::parse::{tlp, word};
use super::{agreement, file};
use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use crate::paging::Paging;
use clap::Subcommand;
use forewarn_exchange::act::PartnerAct;
use forewarn_exchange::card::Card;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::proposal::Persons;
use forewarn_stix::marking::Tlp;
use forewarn_view::answer::{ChannelOpen, DoneOrWaits, PartnerAdded, PartnerSet};
use forewarn_view::history::HappenedLine;
use forewarn_view::partner::PartnerShown;
use forewarn_view::text;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Partner {
    /// Add a partner by its contact card; or take a later card of a partner that has moved
    Add {
        /// The card's file
        card: PathBuf,
        /// The strictest marking that may be released to it: clear, green, amber, amber+strict, red
        #[arg(long, default_value = "amber", value_parser = tlp)]
        ceiling: Tlp,
    },
    /// Add a partner that runs no node: it fetches from an outlet, or has things pushed to its
    /// server
    AddWithoutNode {
        /// A domain name, or one like it
        name: NodeName,
        /// What people call the organisation
        #[arg(long)]
        organisation: String,
        /// The strictest marking that may be released to it: clear, green, amber, amber+strict, red
        #[arg(long, default_value = "amber", value_parser = tlp)]
        ceiling: Tlp,
    },
    /// Open the channel, by the words that the partner has read aloud
    Confirm {
        /// The partner
        name: NodeName,
        /// The ten words that the partner read aloud
        #[arg(long, value_name = "WORDS")]
        fingerprint: String,
    },
    /// List partners
    List,
    /// Show one partner
    Show {
        /// The partner
        name: NodeName,
    },
    /// Show what happened between it and us beside cases and warnings, oldest first
    History {
        /// The partner
        name: NodeName,
        #[command(flatten)]
        paging: Paging,
    },
    /// The agreement that both sides sign over the channel, version by version
    #[command(subcommand)]
    Agreement(agreement::Agreement),
    /// Record what an agreement on paper says: how many persons free text to it needs; that one is
    /// enough takes a second person, who may release. What both sides sign takes its place
    Agree {
        /// The partner
        name: NodeName,
        /// one or two
        #[arg(long, value_parser = word::<Persons>)]
        sentences: Persons,
        /// Where that is agreed
        #[arg(long)]
        reason: String,
    },
    /// Close the channel until it is confirmed again
    Suspend {
        /// The partner
        name: NodeName,
        /// Why
        #[arg(long)]
        reason: String,
        /// Somebody else may hold its key: nothing that the key signs counts any more, until the
        /// partner announces a new one and its words are confirmed
        #[arg(long)]
        compromised: bool,
    },
}

pub(crate) async fn run(partner: Partner, context: &Context) -> Result<(), Failed> {
    match partner {
        Partner::Add { card, ceiling } => {
            let card = file::read_text(&card, 16 << 10)?;
            let url = Card::parse(&card).map(|card| card.url).unwrap_or_default();
            let added: PartnerAdded = context.client.act(PartnerAct::Add { card, ceiling }).await?;
            let sentence = format!(
                "{}\nit is reached at {}\n\
                 call the partner by a line you trust: ask for its URL, and for the ten words that \
                 its `forewarn card` prints; then:\n\
                 forewarn partner confirm {} --fingerprint \"the words that you heard\"",
                added.words(),
                text::line(&url),
                added.partner,
            );
            output::answer(context.json, &added, sentence)
        }
        Partner::AddWithoutNode { name, organisation, ceiling } => {
            let act = PartnerAct::AddWithoutNode { name: name.clone(), organisation, ceiling };
            let answer: PartnerSet = context.client.act(act).await?;
            let sentence = format!(
                "added {name}, which runs no node\n\
                 next: an [[outlet]] for it in forewarn.toml, and an account of its own: \
                 forewarn user add NAME --role subscriber"
            );
            output::answer(context.json, &answer, sentence)
        }
        Partner::Confirm { name, fingerprint } => {
            let act = PartnerAct::Confirm { name, fingerprint };
            let open: ChannelOpen = context.client.act(act).await?;
            output::answer(context.json, &open, open.words())
        }
        Partner::List => {
            let partners: Vec<PartnerShown> = context.client.get("/api/v1/partners").await?;
            output::list(context.json, &partners, "no partners yet: forewarn partner add")
        }
        Partner::Show { name } => show(&name, context).await,
        Partner::History { name, paging } => {
            let path = format!("/api/v1/partners/{name}/history");
            paging.list::<HappenedLine>(context, (&path, ""), "nothing has happened").await
        }
        Partner::Agreement(agreement) => agreement::run(agreement, context).await,
        Partner::Agree { name, sentences, reason } => {
            let act = PartnerAct::Agree { name: name.clone(), sentences, reason };
            let answer: DoneOrWaits<PartnerSet> = context.client.act(act).await?;
            let persons = match sentences {
                Persons::One => "one person is",
                Persons::Two => "two persons are",
            };
            let done =
                |_: &PartnerSet| format!("{persons} needed for free text to {name} from now on");
            super::proposal::tell(&answer, done, context)
        }
        Partner::Suspend { name, reason, compromised } => {
            let act = PartnerAct::Suspend { name: name.clone(), reason, compromised };
            let answer: PartnerSet = context.client.act(act).await?;
            output::answer(context.json, &answer, format!("{name} is suspended"))
        }
    }
}

async fn show(name: &NodeName, context: &Context) -> Result<(), Failed> {
    let found = known(name, context).await?;
    output::answer(context.json, &found, found.words())
}

/// A partner of this name.
pub(super) async fn known(name: &NodeName, context: &Context) -> Result<PartnerShown, Failed> {
    let partners: Vec<PartnerShown> = context.client.get("/api/v1/partners").await?;
    let found = partners.into_iter().find(|partner| partner.name == *name);
    found.ok_or_else(|| Failed::refused(format!("there is no partner `{name}`")))
}
