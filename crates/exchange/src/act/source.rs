//! Acts on sources.

use crate::danger::DangerNumber;
use crate::source_name::SourceName;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An act on a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "do", deny_unknown_fields)]
pub enum SourceAct {
    /// A source is in danger: nothing leaves that rests on it.
    #[serde(rename = "source-danger")]
    Danger {
        /// The source's handle.
        source: String,
        /// What endangers it.
        reason: String,
    },
    /// Who stands behind a handle is kept.
    #[serde(rename = "source-keep")]
    Keep {
        /// The source's handle.
        source: String,
        /// Who it is.
        known: SourceName,
    },
    /// Somebody reads who stands behind a handle.
    #[serde(rename = "source-look")]
    Look {
        /// The source's handle.
        source: String,
        /// Why.
        reason: String,
    },
    /// Who stands behind a handle is erased.
    #[serde(rename = "source-forget")]
    Forget {
        /// The source's handle.
        source: String,
        /// Why.
        reason: String,
    },
    /// Somebody has looked at it.
    #[serde(rename = "source-lift")]
    Lift {
        /// Which danger.
        danger: DangerNumber,
        /// What was found.
        reason: String,
    },
}

impl SourceAct {
    /// Without the name that it would keep: the journal has none.
    pub fn without_name(&self) -> Option<SourceAct> {
        match self {
            SourceAct::Keep { source, known } => {
                Some(SourceAct::Keep { source: source.clone(), known: known.blank() })
            }
            SourceAct::Danger { .. }
            | SourceAct::Look { .. }
            | SourceAct::Forget { .. }
            | SourceAct::Lift { .. } => None,
        }
    }
}
