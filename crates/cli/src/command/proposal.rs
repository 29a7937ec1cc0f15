//! `forewarn proposal`.

use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use clap::Subcommand;
use forewarn_exchange::act::ProposalAct;
use forewarn_exchange::id::ProposalNumber;
use forewarn_transcript::Hash;
use serde_json::Value;

#[derive(Debug, Subcommand)]
pub(crate) enum Proposal {
    /// List what waits, or waited, for a second person
    List,
    /// Show one: every word that would leave, and what the gate says
    Show { number: ProposalNumber },
    /// Approve exactly what has this digest; whoever proposed it may not
    Approve {
        number: ProposalNumber,
        /// The digest that `proposal show` prints
        #[arg(long, value_parser = digest)]
        digest: Hash,
    },
    /// Say that it is not done
    Drop {
        number: ProposalNumber,
        #[arg(long)]
        reason: String,
    },
}

pub(super) fn digest(text: &str) -> Result<Hash, String> {
    Hash::try_from(text.to_owned()).map_err(|e| e.to_string())
}

pub(crate) async fn run(proposal: Proposal, context: &Context) -> Result<(), Failed> {
    match proposal {
        Proposal::List => {
            let all = context.client.get("/api/v1/proposals").await?;
            let columns = [
                ("PROPOSAL", "/number"),
                ("FATE", "/fate"),
                ("BY", "/by"),
                ("AT", "/at"),
                ("FOR", "/partner"),
                ("WHAT", "/words"),
            ];
            output::list(context.json, &all, &columns, "nothing waits for a second person")
        }
        Proposal::Show { number } => show(number, context).await,
        Proposal::Approve { number, digest } => {
            let act = ProposalAct::Approve { proposal: number, digest };
            let answer = context.client.act(act).await?;
            output::answer(context.json, &answer, format!("approved proposal {number}: it is done"))
        }
        Proposal::Drop { number, reason } => {
            let answer = context.client.act(ProposalAct::Drop { proposal: number, reason }).await?;
            output::answer(context.json, &answer, format!("proposal {number} is not done"))
        }
    }
}

async fn show(number: ProposalNumber, context: &Context) -> Result<(), Failed> {
    let shown = context.client.get(&format!("/api/v1/proposals/{number}")).await?;
    if context.json {
        return output::line(shown.to_string());
    }
    let cell = |pointer| output::cell(&shown, pointer);
    output::line(format!(
        "proposal {number} of {}, {}: {}\n\n{}\n",
        cell("/by"),
        cell("/at"),
        cell("/fate"),
        cell("/words"),
    ))?;
    if shown.get("partner").is_some_and(|partner| !partner.is_null()) {
        output::line(format!("it concerns {}", cell("/partner")))?;
    }
    if shown.get("tlp").is_some_and(|tlp| !tlp.is_null()) {
        output::line(format!("it leaves as TLP:{}", cell("/tlp").to_uppercase()))?;
    }
    output::line(format!("digest {}", cell("/digest")))?;
    if shown.get("fate") != Some(&Value::from("waiting")) {
        return Ok(());
    }
    if shown.get("objection").is_some_and(|objection| !objection.is_null()) {
        return output::line(format!("\nit cannot be done now: {}", cell("/objection/message")));
    }
    output::line(format!(
        "\na second person may approve it:\n  forewarn proposal approve {number} --digest {}",
        cell("/digest")
    ))
}

/// What to say of an act that waits for a second person; `None` for one that was done.
pub(super) fn waits(answer: &Value) -> Option<String> {
    let number = answer.get("proposal")?;
    Some(format!(
        "proposal {number} waits for a second person, who looks at it: \
         forewarn proposal show {number}"
    ))
}
