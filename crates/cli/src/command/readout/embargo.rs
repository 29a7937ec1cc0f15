//! `forewarn readout embargo`.

use super::does;
use crate::command::parse::time;
use crate::context::Context;
use crate::failure::Failed;
use clap::Subcommand;
use forewarn_exchange::act::ReadoutAct;
use forewarn_exchange::id::Subject;
use forewarn_stix::Timestamp;

#[derive(Debug, Subcommand)]
pub(crate) enum Embargo {
    /// Propose until when neither side publishes, or another end; it begins when the partner accepts
    Propose {
        /// case-N or warning-N
        subject: Subject,
        /// The instant at which it ends, such as 2027-03-01T12:00:00Z
        #[arg(long, value_parser = time)]
        until: Timestamp,
    },
    /// Accept what the partner proposes
    Accept {
        /// case-N or warning-N
        subject: Subject,
    },
    /// Decline what the partner proposes
    Decline {
        /// case-N or warning-N
        subject: Subject,
        /// Why, as the partner is told
        #[arg(long)]
        reason: String,
    },
    /// Leave it, and say whether we comply with it all the same
    Leave {
        /// case-N or warning-N
        subject: Subject,
        /// We do not publish before its end all the same
        #[arg(long)]
        comply: bool,
        /// Why, as the partner is told
        #[arg(long)]
        reason: String,
    },
}

pub(super) async fn run(embargo: Embargo, context: &Context) -> Result<(), Failed> {
    let (act, done) = match embargo {
        Embargo::Propose { subject, until } => {
            (ReadoutAct::Propose { subject, until }, "proposed an embargo for")
        }
        Embargo::Accept { subject } => (ReadoutAct::Accept { subject }, "accepted the embargo for"),
        Embargo::Decline { subject, reason } => {
            (ReadoutAct::Decline { subject, reason }, "declined the embargo for")
        }
        Embargo::Leave { subject, comply: complies, reason } => {
            (ReadoutAct::Leave { subject, complies, reason }, "left the embargo for")
        }
    };
    does(act, done, context).await
}
