//! Acts on many matches at once: what is noise, and what was looked at and is none.

use crate::id::MuteNumber;
use crate::mute::MuteRequest;
use crate::name::NodeName;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An act on matches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "do", deny_unknown_fields)]
pub enum TriageAct {
    /// For a while, what a source says opens no case for an interest.
    #[serde(rename = "mute-add")]
    MuteAdd {
        /// What is muted.
        mute: MuteRequest,
    },
    /// A mute ends before its time.
    #[serde(rename = "mute-remove")]
    MuteRemove {
        /// Which.
        mute: MuteNumber,
        /// Why.
        reason: String,
    },
    /// Somebody has looked at an item that just missed an interest, and it is no match.
    #[serde(rename = "match-dismiss")]
    Dismiss {
        /// Whose interest.
        partner: NodeName,
        /// The interest's id.
        interest: String,
        /// The item's id.
        item: String,
        /// Why.
        reason: String,
    },
}
