//! Acts on standing authorisations.

use crate::authority::Class;
use crate::id::AuthorityNumber;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An act on a standing authorisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "do", deny_unknown_fields)]
pub enum AuthorityAct {
    /// A class of warning leaves without a person from now on.
    #[serde(rename = "authority-give")]
    Give {
        /// Which class.
        class: Box<Class>,
    },
    /// It does not any more.
    #[serde(rename = "authority-revoke")]
    Revoke {
        /// Which authorisation.
        authority: AuthorityNumber,
        /// Why.
        reason: String,
    },
}
