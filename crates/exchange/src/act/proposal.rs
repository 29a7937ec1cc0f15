//! Acts on what waits for a second person.

use crate::id::ProposalNumber;
use forewarn_transcript::Hash;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An act on a proposal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "do", deny_unknown_fields)]
pub enum ProposalAct {
    /// A second person approves exactly what has this digest, and it is done.
    #[serde(rename = "proposal-approve")]
    Approve {
        /// Which proposal.
        proposal: ProposalNumber,
        /// SHA-256 of the act, as the proposal shows it.
        digest: Hash,
    },
    /// It is not done: a second person declines it, or whoever proposed it takes it back.
    #[serde(rename = "proposal-drop")]
    Drop {
        /// Which proposal.
        proposal: ProposalNumber,
        /// Why.
        reason: String,
    },
}
