//! Whether the things that a partner registers are its own: it says so, until somebody has looked.

use forewarn_stix::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How it was looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// A record that the partner put into the domain's zone.
    DnsRecord,
    /// Whom the registry of domains or addresses names.
    RegistryContact,
    /// A person who would know.
    Person,
}

/// Whether the things in an interest are known to be the partner's own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "ownership", rename_all = "kebab-case")]
pub enum Ownership {
    /// The partner says so; nobody has checked it.
    #[default]
    Claimed,
    /// A user of ours has checked it.
    Confirmed {
        /// The user who looked.
        by: String,
        /// How it was checked.
        how: How,
        /// When the user said so.
        at: Timestamp,
        /// What was seen.
        note: String,
    },
}

impl fmt::Display for How {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            How::DnsRecord => "a DNS record",
            How::RegistryContact => "a registry contact",
            How::Person => "a person",
        })
    }
}

impl fmt::Display for Ownership {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ownership::Claimed => f.write_str("claimed"),
            Ownership::Confirmed { by, how, .. } => write!(f, "confirmed by {by}: {how}"),
        }
    }
}
