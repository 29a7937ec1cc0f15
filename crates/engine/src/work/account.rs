//! Signing in, and how somebody signs in: checked by the node, which alone sees passwords and codes.

use forewarn_exchange::account::{PasswordHash, Sealed, Second};
use forewarn_exchange::link::{Issuer, IssuersName};
use forewarn_exchange::name::{GrantName, UserName};
use forewarn_exchange::role::Role;
use forewarn_stix::Timestamp;
use forewarn_transcript::Hash;
use serde::{Deserialize, Serialize};

/// What became of one user's way to sign in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInWork {
    /// Whose.
    pub user: UserName,
    /// What.
    pub step: SignInStep,
}

/// One step of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case", deny_unknown_fields)]
pub enum SignInStep {
    /// The password was right; a session begins if the code counts.
    SignIn {
        /// What was shown beside it.
        second: Second,
        /// SHA-256 of the hash that it was compared with.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        password: Option<Hash>,
        /// The session.
        session: NewSession,
    },
    /// A provider vouches for somebody, in an ID token that the node has checked; a session begins.
    Provider {
        /// Which provider.
        issuer: Issuer,
        /// What it calls the person.
        subject: IssuersName,
        /// The roles that it vouches for; `None` when it is not asked for any. They take away from
        /// what the user has, and add nothing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        only: Option<Vec<Role>>,
        /// The session.
        session: NewSession,
    },
    /// A person has set a password by an invitation, which ends; a session begins.
    Accept {
        /// SHA-256 of the invitation.
        invitation: Hash,
        /// The password.
        password: PasswordHash,
        /// The session.
        session: NewSession,
    },
    /// Whoever is signed in has shown a code again, for one act that is his or hers alone.
    ShownAgain {
        /// The code.
        second: Second,
    },
    /// A session ends.
    SignOut {
        /// SHA-256 of it.
        session: Hash,
    },
    /// The password is another one; every session but one ends.
    Password {
        /// SHA-256 of the hash with which the one before was compared, where it was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        now: Option<Hash>,
        /// The password.
        password: PasswordHash,
        /// SHA-256 of the session that stays.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        keep: Option<Hash>,
    },
    /// A second factor begins.
    FactorBegun {
        /// SHA-256 of the hash with which the password was compared, where it was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        now: Option<Hash>,
        /// Its secret.
        secret: Sealed,
    },
    /// A code of the second factor was shown.
    FactorConfirmed {
        /// The step of the code.
        step: u64,
        /// SHA-256 of each recovery code.
        recovery: Vec<Hash>,
    },
    /// There is no second factor any more.
    FactorRemoved {
        /// SHA-256 of the hash with which the password was compared, where it was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        now: Option<Hash>,
    },
}

/// A session that begins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewSession {
    /// SHA-256 of its secret.
    pub digest: Hash,
    /// Its name, drawn by the node.
    pub name: GrantName,
    /// When it ends.
    pub ends: Timestamp,
}
