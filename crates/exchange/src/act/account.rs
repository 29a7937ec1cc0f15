//! Acts on our users and what lets them in.

use crate::grant::GrantKind;
use crate::link::{Issuer, IssuersName};
use crate::name::{GrantName, UserName};
use crate::user::Role;
use forewarn_stix::Timestamp;
use forewarn_transcript::Hash;
use ipnet::IpNet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An act on accounts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "do", deny_unknown_fields)]
pub enum AccountAct {
    /// A user is added, or given other roles.
    #[serde(rename = "user-add")]
    UserAdd {
        /// Who.
        name: UserName,
        /// At least one.
        roles: Vec<Role>,
        /// What colleagues call him or her; as it is when left out, and nothing when empty.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        display: Option<String>,
    },
    /// Nobody comes in as this user until further notice; all that let the user in ends.
    #[serde(rename = "user-suspend")]
    UserSuspend {
        /// Who.
        name: UserName,
        /// Why.
        reason: String,
    },
    /// A suspended user comes in again.
    #[serde(rename = "user-resume")]
    UserResume {
        /// Who.
        name: UserName,
    },
    /// Nobody comes in as this user ever again. The name is not used for anybody else.
    #[serde(rename = "user-remove")]
    UserRemove {
        /// Who.
        name: UserName,
        /// Why.
        reason: String,
    },
    /// Users of the machine stand for this one, over the socket in the folder.
    #[serde(rename = "user-uids")]
    UserUids {
        /// Who.
        name: UserName,
        /// The numbers of the machine's users; none ends it.
        uids: Vec<u32>,
    },
    /// A provider's person is this user, who signs in there from now on.
    #[serde(rename = "user-link")]
    UserLink {
        /// Who.
        name: UserName,
        /// Which provider.
        issuer: Issuer,
        /// What it calls the user; another name in the place of one that was there.
        subject: IssuersName,
    },
    /// Nobody whom a provider vouches for is this user any more; sessions end.
    #[serde(rename = "user-unlink")]
    UserUnlink {
        /// Who.
        name: UserName,
        /// Which provider.
        issuer: Issuer,
    },
    /// Something that lets a user in is made.
    #[serde(rename = "token-add")]
    TokenAdd {
        /// Whose.
        user: UserName,
        /// SHA-256 of the token: the token itself is shown once and kept nowhere.
        digest: Hash,
        /// The user's word for it; one is found when left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<GrantName>,
        /// What it is.
        #[serde(default, skip_serializing_if = "is_token")]
        kind: GrantKind,
        /// When it ends.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ends: Option<Timestamp>,
        /// From where it counts; from anywhere when empty.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[schemars(with = "Vec<String>")]
        from: Vec<IpNet>,
    },
    /// A token is made in the place of another, which ends.
    #[serde(rename = "token-rotate")]
    TokenRotate {
        /// Whose.
        user: UserName,
        /// Which; the new one has its name and its addresses.
        name: GrantName,
        /// SHA-256 of the new token.
        digest: Hash,
        /// When the new one ends.
        ends: Timestamp,
    },
    /// One thing that lets a user in ends.
    #[serde(rename = "token-revoke")]
    TokenRevoke {
        /// Whose.
        user: UserName,
        /// Which.
        name: GrantName,
    },
    /// All that lets the user in ends: tokens, certificates, sessions, invitations.
    #[serde(rename = "tokens-revoke")]
    TokensRevoke {
        /// Whose.
        user: UserName,
    },
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
fn is_token(kind: &GrantKind) -> bool {
    *kind == GrantKind::Token
}

impl AccountAct {
    /// Whose account it is about.
    pub fn user(&self) -> &UserName {
        match self {
            AccountAct::UserAdd { name, .. }
            | AccountAct::UserSuspend { name, .. }
            | AccountAct::UserResume { name }
            | AccountAct::UserRemove { name, .. }
            | AccountAct::UserUids { name, .. }
            | AccountAct::UserLink { name, .. }
            | AccountAct::UserUnlink { name, .. } => name,
            AccountAct::TokenAdd { user, .. }
            | AccountAct::TokenRotate { user, .. }
            | AccountAct::TokenRevoke { user, .. }
            | AccountAct::TokensRevoke { user } => user,
        }
    }

    /// Whether something lets the user in by it.
    pub fn lets_in(&self) -> bool {
        match self {
            AccountAct::TokenAdd { .. }
            | AccountAct::TokenRotate { .. }
            | AccountAct::UserUids { .. }
            | AccountAct::UserLink { .. } => true,
            AccountAct::UserAdd { .. }
            | AccountAct::UserSuspend { .. }
            | AccountAct::UserResume { .. }
            | AccountAct::UserRemove { .. }
            | AccountAct::UserUnlink { .. }
            | AccountAct::TokenRevoke { .. }
            | AccountAct::TokensRevoke { .. } => false,
        }
    }

    /// Whether a user does it alone for himself or herself, whatever the roles.
    pub fn is_ones_own(&self) -> bool {
        match self {
            AccountAct::TokenAdd { .. }
            | AccountAct::TokenRotate { .. }
            | AccountAct::TokenRevoke { .. }
            | AccountAct::TokensRevoke { .. } => true,
            AccountAct::UserAdd { .. }
            | AccountAct::UserSuspend { .. }
            | AccountAct::UserResume { .. }
            | AccountAct::UserRemove { .. }
            | AccountAct::UserUids { .. }
            | AccountAct::UserLink { .. }
            | AccountAct::UserUnlink { .. } => false,
        }
    }
}
