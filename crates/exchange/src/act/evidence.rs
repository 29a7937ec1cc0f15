//! Acts on what evidence shows.

use crate::id::Subject;
use crate::name::NodeName;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// An act on evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "do", deny_unknown_fields)]
pub enum EvidenceAct {
    /// Fields that were withheld from a partner may stand in evidence from now on.
    #[serde(rename = "evidence-show")]
    Show {
        /// Which entries.
        showing: Showing,
        /// To whom the evidence goes, and why it must show them.
        reason: String,
    },
}

/// Withheld fields of some entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Showing {
    /// All entries of a case or warning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Subject>,
    /// Or entries of our log to this partner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner: Option<NodeName>,
    /// Their indices.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ours: Vec<u64>,
    /// Names of the fields; at least one.
    pub fields: Vec<String>,
}

impl Showing {
    /// Whether a field of an entry is among them: `subject` is what the entry is about, and the
    /// entry stands in our log to `partner` at `index`.
    pub fn covers(
        &self,
        (subject, partner, index): (Option<Subject>, &NodeName, u64),
        field: &str,
    ) -> bool {
        let entry = match (&self.subject, &self.partner) {
            (Some(own), _) => Some(*own) == subject,
            (None, Some(own)) => own == partner && self.ours.contains(&index),
            (None, None) => false,
        };
        entry && self.fields.iter().any(|one| one == field)
    }
}

impl fmt::Display for Showing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.subject, &self.partner) {
            (Some(subject), _) => subject.fmt(f),
            (None, Some(partner)) => {
                let indices: Vec<String> = self.ours.iter().map(u64::to_string).collect();
                write!(f, "entries {} to {partner}", indices.join(", "))
            }
            (None, None) => f.write_str("nothing"),
        }
    }
}
