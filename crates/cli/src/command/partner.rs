//! `forewarn partner`.

use super::file;
use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use clap::Subcommand;
use forewarn_exchange::act::PartnerAct;
use forewarn_exchange::card::Card;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::proposal::Persons;
use forewarn_stix::marking::Tlp;
use serde_json::Value;
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
        #[arg(long)]
        organisation: String,
        /// The strictest marking that may be released to it: clear, green, amber, amber+strict, red
        #[arg(long, default_value = "amber", value_parser = tlp)]
        ceiling: Tlp,
    },
    /// Open the channel, once the fingerprint was compared by voice
    Confirm {
        name: NodeName,
        /// The ten words that the partner read aloud
        #[arg(long, value_name = "WORDS")]
        fingerprint: String,
    },
    /// List partners
    List,
    /// Show one partner
    Show { name: NodeName },
    /// Record what the agreement with it says: how many persons free text to it needs
    Agree {
        name: NodeName,
        /// one or two
        #[arg(long, value_parser = super::case::word::<Persons>)]
        sentences: Persons,
        /// Where that is agreed
        #[arg(long)]
        reason: String,
    },
    /// Close the channel until it is confirmed again
    Suspend {
        name: NodeName,
        #[arg(long)]
        reason: String,
        /// Somebody else may hold its key: nothing that the key signs counts any more, until the
        /// partner announces a new one and its words are confirmed
        #[arg(long)]
        compromised: bool,
    },
}

pub(crate) fn tlp(text: &str) -> Result<Tlp, String> {
    Tlp::parse(text).ok_or_else(|| "clear, green, amber, amber+strict or red".to_owned())
}

pub(crate) async fn run(partner: Partner, context: &Context) -> Result<(), Failed> {
    match partner {
        Partner::Add { card, ceiling } => {
            let card = file::read_text(&card, 16 << 10)?;
            let url = Card::parse(&card).map(|card| card.url).unwrap_or_default();
            let answer = context.client.act(PartnerAct::Add { card, ceiling }).await?;
            let (name, words) =
                (output::cell(&answer, "/partner"), output::cell(&answer, "/fingerprint"));
            let sentence = format!(
                "added {name} at {url}; its key's words are: {words}\n\
                 compare both by voice, then: forewarn partner confirm {name} --fingerprint \"…\""
            );
            output::answer(context.json, &answer, sentence)
        }
        Partner::AddWithoutNode { name, organisation, ceiling } => {
            let act = PartnerAct::AddWithoutNode { name: name.clone(), organisation, ceiling };
            let answer = context.client.act(act).await?;
            let sentence = format!(
                "added {name}, which runs no node\n\
                 next: an [[outlet]] for it in forewarn.toml, and an account of its own: \
                 forewarn user add NAME --role subscriber"
            );
            output::answer(context.json, &answer, sentence)
        }
        Partner::Confirm { name, fingerprint } => {
            let act = PartnerAct::Confirm { name: name.clone(), fingerprint };
            let answer = context.client.act(act).await?;
            let channel = output::cell(&answer, "/channel");
            output::answer(
                context.json,
                &answer,
                format!("the channel with {name} is open: {channel}"),
            )
        }
        Partner::List => {
            let partners = context.client.get("/api/v1/partners").await?;
            let columns = [
                ("NAME", "/name"),
                ("ORGANISATION", "/organisation"),
                ("STANDING", "/standing/standing"),
                ("CEILING", "/ceiling"),
                ("URL", "/url"),
            ];
            output::list(context.json, &partners, &columns, "no partners yet: forewarn partner add")
        }
        Partner::Show { name } => show(&name, context).await,
        Partner::Agree { name, sentences, reason } => {
            let act = PartnerAct::Agree { name: name.clone(), sentences, reason };
            let answer = context.client.act(act).await?;
            let persons = match sentences {
                Persons::One => "one person is",
                Persons::Two => "two persons are",
            };
            let sentence = format!("{persons} needed for free text to {name} from now on");
            output::answer(context.json, &answer, sentence)
        }
        Partner::Suspend { name, reason, compromised } => {
            let act = PartnerAct::Suspend { name: name.clone(), reason, compromised };
            let answer = context.client.act(act).await?;
            output::answer(context.json, &answer, format!("{name} is suspended"))
        }
    }
}

async fn show(name: &str, context: &Context) -> Result<(), Failed> {
    let partners = context.client.get("/api/v1/partners").await?;
    let list = partners.as_array().map(Vec::as_slice).unwrap_or_default();
    let named = |p: &&Value| p.get("name").and_then(Value::as_str) == Some(name);
    let found = list.iter().find(named);
    let found = found.ok_or_else(|| Failed::refused(format!("there is no partner `{name}`")))?;
    let cell = |pointer| output::cell(found, pointer);
    let sentence = format!(
        "{name}: {}\nstanding     {} by {} at {}\nceiling      TLP:{}\nurl          {}\nkey          {}\n\
         fingerprint  {}\nfree text    needs {} person(s)",
        cell("/organisation"),
        cell("/standing/standing"),
        cell("/standing/by"),
        cell("/standing/at"),
        cell("/ceiling").to_uppercase(),
        cell("/url"),
        cell("/key"),
        cell("/fingerprint"),
        cell("/sentences"),
    );
    let moved = match found.get("new_url").and_then(Value::as_str) {
        Some(_) => format!(
            "\nnew url      {} (by a later card: forewarn partner confirm {name} --fingerprint \"…\")",
            cell("/new_url")
        ),
        None => String::new(),
    };
    output::answer(context.json, found, format!("{sentence}{moved}"))
}
