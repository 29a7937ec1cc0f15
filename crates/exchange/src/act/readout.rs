//! Acts on readouts: what is said in public about a case or warning, and until when nothing is.

use crate::gate::SetAside;
use crate::id::Subject;
use crate::readout::{Document, Shows};
use forewarn_stix::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An act on a readout.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "do", deny_unknown_fields)]
pub enum ReadoutAct {
    /// Our text is written, or written anew. What its facts are is read from their entries.
    #[serde(rename = "readout-write")]
    Write {
        /// About what.
        subject: Subject,
        /// The text.
        text: String,
        /// What of it the transcript proves.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        facts: Vec<Says>,
        /// Texts that are withheld, of which a possible objection does not count here.
        #[serde(default, skip_serializing_if = "SetAside::is_empty")]
        set_aside: SetAside,
    },
    /// The partner gets the digest of our text: from then on it stands as it is.
    #[serde(rename = "readout-commit")]
    Commit {
        /// About what.
        subject: Subject,
        /// The text as it is written: a second person approves exactly this.
        readout: Document,
        /// Until when neither side is to publish.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    },
    /// Our text is public from now on.
    #[serde(rename = "readout-reveal")]
    Reveal {
        /// About what.
        subject: Subject,
        /// Although an embargo binds, or the partner has committed to nothing.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        early: bool,
        /// Texts that are withheld, of which a possible objection does not count here.
        #[serde(default, skip_serializing_if = "SetAside::is_empty")]
        set_aside: SetAside,
    },
    /// Somebody has taken note that the partner published early.
    #[serde(rename = "readout-note")]
    Note {
        /// About what.
        subject: Subject,
    },
    /// An embargo, or another end of it, is proposed.
    #[serde(rename = "embargo-propose")]
    Propose {
        /// About what.
        subject: Subject,
        /// The instant at which it ends.
        until: Timestamp,
    },
    /// What the partner proposes is accepted.
    #[serde(rename = "embargo-accept")]
    Accept {
        /// About what.
        subject: Subject,
    },
    /// What the partner proposes is declined.
    #[serde(rename = "embargo-decline")]
    Decline {
        /// About what.
        subject: Subject,
        /// Why, as the partner is told.
        reason: String,
    },
    /// We leave the embargo.
    #[serde(rename = "embargo-leave")]
    Leave {
        /// About what.
        subject: Subject,
        /// Whether we comply with it all the same.
        complies: bool,
        /// Why, as the partner is told.
        reason: String,
    },
}

/// Some words of a text, and the place in the transcript that proves them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Says {
    /// The words, as they stand in the text.
    pub words: String,
    /// Whether the entry stands in our log.
    pub ours: bool,
    /// Its index.
    pub index: u64,
    /// What of it.
    pub shows: Shows,
}

impl ReadoutAct {
    /// What it is about.
    pub fn subject(&self) -> Subject {
        match self {
            ReadoutAct::Write { subject, .. }
            | ReadoutAct::Commit { subject, .. }
            | ReadoutAct::Reveal { subject, .. }
            | ReadoutAct::Note { subject }
            | ReadoutAct::Propose { subject, .. }
            | ReadoutAct::Accept { subject }
            | ReadoutAct::Decline { subject, .. }
            | ReadoutAct::Leave { subject, .. } => *subject,
        }
    }
}
