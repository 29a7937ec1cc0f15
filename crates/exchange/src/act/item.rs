//! Acts on items that came in.

use crate::correction::CorrectionRequest;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An act on an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "do", deny_unknown_fields)]
pub enum ItemAct {
    /// A finding of its text is wrong, missing, or another.
    #[serde(rename = "item-correct")]
    Correct {
        /// What is said.
        correction: CorrectionRequest,
    },
}
