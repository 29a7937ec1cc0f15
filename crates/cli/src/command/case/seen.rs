//! An act on a case, on the version of it that was looked at.

use crate::command::proposal;
use crate::context::Context;
use crate::failure::Failed;
use clap::Args;
use forewarn_exchange::act::DutyAct;
use forewarn_exchange::watched::Seen;
use forewarn_view::answer::{CaseMoved, DoneOrWaits};

/// On which version of a case something is done.
#[derive(Debug, Args)]
pub(crate) struct OnSeen {
    /// Only if nobody has changed the case since you looked at it: the version that `case show` told,
    /// such as case-3.17
    #[arg(long, value_name = "VERSION")]
    pub(super) seen: Option<Seen>,
}

pub(super) async fn changed(act: DutyAct, context: &Context) -> Result<(), Failed> {
    changed_on(None, act, context).await
}

pub(super) async fn changed_on(
    seen: Option<Seen>,
    act: DutyAct,
    context: &Context,
) -> Result<(), Failed> {
    let answer: DoneOrWaits<CaseMoved> = context.client.having_seen(seen).act(act).await?;
    proposal::tell(&answer, CaseMoved::words, context)
}
