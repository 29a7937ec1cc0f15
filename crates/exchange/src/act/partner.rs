//! Acts on partners, and on our own keys as partners know them.

use crate::agreement::{Terms, Version};
use crate::name::NodeName;
use crate::proposal::Persons;
use forewarn_stix::marking::Tlp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An act on a partner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "do", deny_unknown_fields)]
pub enum PartnerAct {
    /// A partner is added by its card; nobody has compared the fingerprint yet. Or a partner that is
    /// known has a new card by the same keys, which counts once it is confirmed.
    #[serde(rename = "partner-add")]
    Add {
        /// The card, as a signed note.
        card: String,
        /// The strictest marking that may be released to it; that of a known partner stays.
        ceiling: Tlp,
    },
    /// A partner that runs no node: it fetches from an outlet, or has things pushed to its server.
    #[serde(rename = "partner-add-without-node")]
    AddWithoutNode {
        /// A name like a domain's.
        name: NodeName,
        /// What people call it.
        organisation: String,
        /// The strictest marking that may be released to it.
        ceiling: Tlp,
    },
    /// The fingerprint was compared by voice: the channel is opened.
    #[serde(rename = "partner-confirm")]
    Confirm {
        /// Which partner.
        name: NodeName,
        /// The ten words that it read aloud.
        fingerprint: String,
    },
    /// The channel is closed until it is confirmed again.
    #[serde(rename = "partner-suspend")]
    Suspend {
        /// Which partner.
        name: NodeName,
        /// Why.
        reason: String,
        /// Somebody else may hold the partner's key.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        compromised: bool,
    },
    /// An agreement on paper says how many persons free text to a partner needs. One that both sides
    /// sign over the channel takes its place.
    #[serde(rename = "partner-agree")]
    Agree {
        /// Which partner.
        name: NodeName,
        /// One, or a second one too.
        sentences: Persons,
        /// Where that is agreed.
        reason: String,
    },
    /// We sign a version of the agreement with a partner, and wait for its signature.
    #[serde(rename = "agreement-propose")]
    ProposeAgreement {
        /// With whom.
        name: NodeName,
        /// What it says.
        terms: Terms,
    },
    /// We sign the version that the partner has proposed: it is in force.
    #[serde(rename = "agreement-accept")]
    AcceptAgreement {
        /// With whom.
        name: NodeName,
        /// Which version.
        version: Version,
    },
    /// We do not sign the version that the partner has proposed.
    #[serde(rename = "agreement-decline")]
    DeclineAgreement {
        /// With whom.
        name: NodeName,
        /// Which version.
        version: Version,
        /// Why: the partner is told.
        reason: String,
    },
    /// We write to a partner although nobody could compare our log with what it holds since the node
    /// started: the risk is taken by a person.
    #[serde(rename = "partner-write-uncompared")]
    WriteUncompared {
        /// Which partner.
        name: NodeName,
        /// How it is known that the database is not an old copy.
        reason: String,
    },
    /// Our newest keys are told to every partner that does not know them yet.
    #[serde(rename = "key-announce")]
    AnnounceKeys {},
}

impl PartnerAct {
    /// The partner that it is about; `None` for what is about all of them, or names itself.
    pub fn partner(&self) -> Option<&NodeName> {
        match self {
            PartnerAct::AddWithoutNode { name, .. }
            | PartnerAct::Confirm { name, .. }
            | PartnerAct::Suspend { name, .. }
            | PartnerAct::Agree { name, .. }
            | PartnerAct::ProposeAgreement { name, .. }
            | PartnerAct::AcceptAgreement { name, .. }
            | PartnerAct::DeclineAgreement { name, .. }
            | PartnerAct::WriteUncompared { name, .. } => Some(name),
            PartnerAct::Add { .. } | PartnerAct::AnnounceKeys {} => None,
        }
    }
}
