//! Acts on what is kept: what is erased, and what is held against that.

use crate::case_file::FileForm;
use crate::erasure::{Erasable, Ground};
use crate::id::CaseNumber;
use forewarn_stix::marking::Tlp;
use forewarn_transcript::Hash;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An act on what is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "do", deny_unknown_fields)]
pub enum RecordAct {
    /// Content is erased for good.
    #[serde(rename = "record-erase")]
    Erase {
        /// What.
        what: Erasable,
        /// Why, by kind.
        ground: Ground,
        /// Why, in words that say nothing of the content.
        reason: String,
    },
    /// Nothing of something is erased from now on.
    #[serde(rename = "record-hold")]
    Hold {
        /// What.
        what: Erasable,
        /// Why.
        reason: String,
    },
    /// What is held about somebody is looked for: that is on record, and by what request; not the name.
    #[serde(rename = "record-look")]
    Look {
        /// By what request: the number of its file, say.
        reason: String,
    },
    /// Somebody reads what is withheld of a case, and is not one of those who work on it.
    #[serde(rename = "record-read")]
    Read {
        /// Which.
        case: CaseNumber,
    },
    /// The file of a case was made for whoever exports it.
    #[serde(rename = "record-export")]
    Export {
        /// Of which case.
        case: CaseNumber,
        /// In which form.
        form: FileForm,
        /// SHA-256 of the file.
        digest: Hash,
        /// The strictest marking of what is in it.
        marking: Tlp,
    },
    /// Something is held no more.
    #[serde(rename = "record-lift")]
    Lift {
        /// What.
        what: Erasable,
        /// Why.
        reason: String,
    },
}

impl RecordAct {
    /// What it is about, where that is one thing.
    pub fn what(&self) -> Option<&Erasable> {
        match self {
            RecordAct::Erase { what, .. }
            | RecordAct::Hold { what, .. }
            | RecordAct::Lift { what, .. } => Some(what),
            RecordAct::Look { .. } | RecordAct::Read { .. } | RecordAct::Export { .. } => None,
        }
    }
}
