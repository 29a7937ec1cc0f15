//! Acts on sources.

use crate::danger::DangerNumber;
use serde::{Deserialize, Serialize};

/// An act on a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Somebody has looked at it.
    #[serde(rename = "source-lift")]
    Lift {
        /// Which danger.
        danger: DangerNumber,
        /// What was found.
        reason: String,
    },
}
