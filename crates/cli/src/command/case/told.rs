//! What is told beside the channel: `forewarn case tell`, `confirm`, `strike`.

use super::{changed, sent};
use crate::command::parse::{time, word};
use crate::context::Context;
use crate::failure::Failed;
use clap::Args;
use forewarn_exchange::act::DutyAct;
use forewarn_exchange::id::CaseNumber;
use forewarn_exchange::told::{TellRequest, Way};
use forewarn_stix::Timestamp;

#[derive(Debug, Args)]
pub(crate) struct Tell {
    /// The case
    number: CaseNumber,
    /// How: telephone, in-person, letter or public-alert
    #[arg(long, value_name = "WAY", value_parser = word::<Way>)]
    way: Way,
    /// Who was told: a person, or a duty desk with its number
    #[arg(long, value_name = "WHO")]
    to: String,
    /// When: now, when left out; -10m, or a time with its zone
    #[arg(long, value_name = "TIME", value_parser = time, allow_hyphen_values = true)]
    at: Option<Timestamp>,
    /// Who told it, when that was not you; it stays here
    #[arg(long, value_name = "WHO")]
    deliverer: Option<String>,
    /// In imminent danger, before a second person agrees: a second person must confirm or strike it
    /// within the hour
    #[arg(long, requires = "words")]
    imminent: bool,
    /// What is said then, word for word; else the released warning is read out
    #[arg(long, value_name = "TEXT", requires = "imminent")]
    words: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Confirm {
    /// The case
    number: CaseNumber,
    /// The number of what was told, as `case show` prints it
    #[arg(long, value_name = "NUMBER")]
    told: u32,
}

#[derive(Debug, Args)]
pub(crate) struct Strike {
    /// The case
    number: CaseNumber,
    /// The number of what was told, as `case show` prints it
    #[arg(long, value_name = "NUMBER")]
    told: u32,
    /// Why it does not hold: the partner is told
    #[arg(long)]
    reason: String,
    /// How whoever was told has been told that: it stays here
    #[arg(long, value_name = "TEXT")]
    taken_back: String,
}

impl Tell {
    pub(super) async fn run(self, context: &Context) -> Result<(), Failed> {
        let Tell { number: case, way, to, at, deliverer, imminent: _, words: imminent } = self;
        let is_ahead = imminent.is_some();
        let told = TellRequest { way, to, at, deliverer, imminent };
        let act = DutyAct::Tell { case, told };
        if is_ahead { changed(act, context).await } else { sent(act, "recorded", context).await }
    }
}

impl Confirm {
    pub(super) async fn run(self, context: &Context) -> Result<(), Failed> {
        changed(DutyAct::Confirm { case: self.number, told: self.told }, context).await
    }
}

impl Strike {
    pub(super) async fn run(self, context: &Context) -> Result<(), Failed> {
        let Strike { number: case, told, reason, taken_back } = self;
        changed(DutyAct::Strike { case, told, reason, taken_back }, context).await
    }
}
