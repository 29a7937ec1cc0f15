//! `forewarn source`: sources in danger.

use super::proposal;
use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use clap::Subcommand;
use forewarn_exchange::act::SourceAct;
use forewarn_exchange::danger::DangerNumber;
use forewarn_view::answer::{DangerSet, DoneOrWaits};
use forewarn_view::danger::DangerLine;

#[derive(Debug, Subcommand)]
pub(crate) enum Source {
    /// Say that a source is in danger: nothing leaves that rests on it, until somebody has looked
    Danger {
        /// The source's handle
        #[arg(value_name = "HANDLE")]
        source: String,
        /// What endangers it
        #[arg(long)]
        reason: String,
    },
    /// Say what you have found about a danger; what rests on the source may leave again
    Lift {
        /// The danger's number
        danger: DangerNumber,
        /// What you have found
        #[arg(long)]
        reason: String,
    },
    /// List sources that are or were in danger
    List,
}

pub(crate) async fn run(source: Source, context: &Context) -> Result<(), Failed> {
    match source {
        Source::Danger { source, reason } => {
            let answer: DangerSet =
                context.client.act(SourceAct::Danger { source, reason }).await?;
            output::answer(context.json, &answer, answer.words())
        }
        Source::Lift { danger, reason } => {
            let answer: DoneOrWaits<DangerSet> =
                context.client.act(SourceAct::Lift { danger, reason }).await?;
            proposal::tell(&answer, DangerSet::words, context)
        }
        Source::List => {
            let all: Vec<DangerLine> = context.client.get("/api/v1/dangers").await?;
            output::list(context.json, &all, "no source is or was in danger")
        }
    }
}
