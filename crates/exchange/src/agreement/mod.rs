//! The agreement with a partner: what both sides have signed, version by version.
//!
//! One side proposes terms in an entry of its log, and the other accepts or declines that entry in
//! its own. What is in force is the last version that both have signed; every version stays. At most
//! one proposal waits. When both propose at once, the one of the side whose name comes first waits:
//! both sides come to the same.

mod decide;
mod terms;

pub use decide::{AnswerTo, Heard, NowInForce, Signed, heard_refusal};
pub use terms::{AgreedClocks, AgreedPerson, MAX_AGREED_MINUTES, Terms};

use crate::name::NodeName;
use forewarn_stix::Timestamp;
use forewarn_transcript::Reference;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A version of an agreement, counted over all proposals of both sides, from 1.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(transparent)]
pub struct Version(u32);

impl Version {
    /// As a table keeps it.
    pub const fn new(number: u32) -> Version {
        Version(number)
    }

    /// For a table's column.
    pub const fn get(self) -> u32 {
        self.0
    }

    /// The one after it.
    #[must_use]
    pub const fn next(self) -> Version {
        Version(self.0.saturating_add(1))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Version {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Version, Self::Err> {
        text.parse().map(Version)
    }
}

/// One version: its terms, who has signed it, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Agreement {
    /// With whom.
    pub partner: NodeName,
    /// Which.
    pub version: Version,
    /// Whether we have proposed it.
    pub ours: bool,
    /// What it says.
    pub terms: Terms,
    /// Who signs for the side that proposes it.
    pub by: String,
    /// When it was proposed, or came here.
    pub at: Timestamp,
    /// The entry that proposes it.
    pub entry: Reference,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a proposed version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "fate", rename_all = "kebab-case")]
pub enum Fate {
    /// The other side has not answered.
    Waiting {},
    /// Both have signed it. It is in force until a later one is.
    Signed {
        /// Who signs for the other side.
        by: String,
        /// When, or when that came here.
        at: Timestamp,
        /// The entry that accepts it.
        entry: Reference,
    },
    /// The other side declines it.
    Declined {
        /// Who says so.
        by: String,
        /// When, or when that came here.
        at: Timestamp,
        /// The entry that declines it.
        entry: Reference,
        /// Why.
        reason: String,
    },
    /// Both sides proposed at once, and the other's waited.
    Crossed {},
    /// The partner's node did not understand it.
    NotUnderstood {
        /// Why, in its words.
        reason: String,
    },
}

/// What is in force with a partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InForce {
    /// Which version.
    pub version: Version,
    /// What it says.
    pub terms: Terms,
}

impl Agreement {
    /// Whether it waits for an answer.
    pub fn waits(&self) -> bool {
        self.fate == Fate::Waiting {}
    }
}

#[cfg(test)]
mod tests;
