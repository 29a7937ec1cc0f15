//! Acts on our users and their tokens.

use crate::name::UserName;
use crate::user::Role;
use forewarn_transcript::Hash;
use serde::{Deserialize, Serialize};

/// An act on accounts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", deny_unknown_fields)]
pub enum AccountAct {
    /// A user is added, or given other roles.
    #[serde(rename = "user-add")]
    UserAdd {
        /// Who.
        name: UserName,
        /// At least one.
        roles: Vec<Role>,
    },
    /// A token is made.
    #[serde(rename = "token-add")]
    TokenAdd {
        /// Whose.
        user: UserName,
        /// SHA-256 of the token: the token itself is shown once and kept nowhere.
        digest: Hash,
    },
    /// Every token of the user ends.
    #[serde(rename = "tokens-revoke")]
    TokensRevoke {
        /// Whose.
        user: UserName,
    },
}
