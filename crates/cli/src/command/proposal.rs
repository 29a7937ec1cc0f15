//! `forewarn proposal`.

use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use crate::paging::Paging;
use clap::Subcommand;
use forewarn_exchange::act::ProposalAct;
use forewarn_exchange::id::ProposalNumber;
use forewarn_transcript::Hash;
use forewarn_view::answer::{DoneOrWaits, ProposalDropped};
use forewarn_view::hint::Surface;
use forewarn_view::proposal::ProposalShown;
use serde::Serialize;
use serde_json::Value;

#[derive(Debug, Subcommand)]
pub(crate) enum Proposal {
    /// List what waits, or waited, for a second person
    List {
        #[command(flatten)]
        paging: Paging,
    },
    /// Show one: every word that would leave, and what the gate says
    Show {
        /// The proposal
        number: ProposalNumber,
    },
    /// Approve exactly what has this digest; whoever proposed it may not
    Approve {
        /// The proposal
        number: ProposalNumber,
        /// The digest that `proposal show` prints
        #[arg(long, value_parser = digest)]
        digest: Hash,
    },
    /// Say that it is not done
    Drop {
        /// The proposal
        number: ProposalNumber,
        /// Why not
        #[arg(long)]
        reason: String,
    },
}

pub(super) fn digest(text: &str) -> Result<Hash, String> {
    Hash::try_from(text.to_owned()).map_err(|e| e.to_string())
}

pub(crate) async fn run(proposal: Proposal, context: &Context) -> Result<(), Failed> {
    match proposal {
        Proposal::List { paging } => {
            let path = ("/api/v1/proposals", "");
            let empty = "nothing waits for a second person";
            paging.list::<ProposalShown>(context, path, empty).await
        }
        Proposal::Show { number } => {
            let path = format!("/api/v1/proposals/{number}");
            let shown: ProposalShown = context.client.get(&path).await?;
            output::answer(context.json, &shown, shown.words(Surface::CommandLine))
        }
        Proposal::Approve { number, digest } => {
            let act = ProposalAct::Approve { proposal: number, digest };
            // The answer is that of the act that was approved, whichever it is.
            let answer: Value = context.client.act(act).await?;
            output::answer(context.json, &answer, format!("approved proposal {number}: it is done"))
        }
        Proposal::Drop { number, reason } => {
            let act = ProposalAct::Drop { proposal: number, reason };
            let answer: ProposalDropped = context.client.act(act).await?;
            output::answer(context.json, &answer, format!("proposal {number} is not done"))
        }
    }
}

/// Tells what came of an act: that it was done, in these words, or that it waits.
pub(super) fn tell<T: Serialize>(
    answer: &DoneOrWaits<T>,
    done: impl FnOnce(&T) -> String,
    context: &Context,
) -> Result<(), Failed> {
    let words = match answer {
        DoneOrWaits::Done(answer) => done(answer),
        DoneOrWaits::Waits(proposed) => proposed.words(Surface::CommandLine),
    };
    output::answer(context.json, answer, words)
}
