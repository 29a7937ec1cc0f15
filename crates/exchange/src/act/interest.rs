//! Acts on interests: ours, registered with partners, and theirs, registered with us.

use crate::name::NodeName;
use forewarn_matching::interest::Interest;
use forewarn_matching::interest::ownership::How;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An act on interests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "do", deny_unknown_fields)]
pub enum InterestAct {
    /// An interest of ours is registered with a partner over the channel.
    #[serde(rename = "interest-add")]
    Add {
        /// With whom.
        partner: NodeName,
        /// Without an id.
        interest: Interest,
    },
    /// Several at once, of which each is an entry of its own.
    #[serde(rename = "interests-add")]
    AddAll {
        /// With whom.
        partner: NodeName,
        /// Without ids.
        interests: Vec<Interest>,
    },
    /// Our interest with this id is another from now on.
    #[serde(rename = "interest-change")]
    Change {
        /// With whom it is registered.
        partner: NodeName,
        /// With its id.
        interest: Interest,
    },
    /// Our interest is withdrawn.
    #[serde(rename = "interest-remove")]
    Remove {
        /// With whom it is registered.
        partner: NodeName,
        /// Its id.
        id: String,
    },
    /// Somebody has looked whether the things in a partner's interest are its own.
    #[serde(rename = "interest-confirm")]
    Confirm {
        /// Whose interest.
        partner: NodeName,
        /// Its id.
        id: String,
        /// The number of the interest's last change when it was looked at: a later change is not
        /// confirmed.
        change: i64,
        /// How it was looked up.
        how: How,
        /// What was seen.
        note: String,
    },
}
