//! Acts on what came to us that tell the sender nothing.

use crate::id::WarningNumber;
use crate::name::UserName;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An act on what came.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "do", deny_unknown_fields)]
pub enum InboxAct {
    /// Which of our accounts a person is for whom a warning is (TLP:RED). Whoever says so does not
    /// see the warning for it.
    #[serde(rename = "warning-name-person")]
    NamePerson {
        /// Which warning.
        warning: WarningNumber,
        /// The person, as the sender has named him or her.
        person: String,
        /// The account.
        user: UserName,
    },
}
