//! People and their tokens as they are shown.

use crate::table::{Column, Row};
use forewarn_exchange::name::UserName;
use forewarn_exchange::role::Role;
use forewarn_exchange::user::User;
use forewarn_transcript::Hash;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A token that was made. It is shown once, and not in debug output.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenMade {
    /// Whose.
    pub user: UserName,
    /// The token itself: a secret.
    pub token: String,
}

impl fmt::Debug for TokenMade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenMade").field("user", &self.user).finish_non_exhaustive()
    }
}

/// A certificate by which a user is let in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateTaken {
    /// Who.
    pub user: UserName,
    /// SHA-256 of the certificate.
    pub certificate: Hash,
}

/// The answer to whoever asks for a token or hands in a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum LetIn {
    /// By a token.
    ByToken(TokenMade),
    /// By a certificate.
    ByCertificate(CertificateTaken),
}

impl Row for User {
    const COLUMNS: &'static [Column<User>] = &[
        ("NAME", |one| one.name.to_string()),
        ("ROLES", |one| {
            let roles: Vec<&str> = one.roles.iter().copied().map(Role::name).collect();
            roles.join(", ")
        }),
    ];
}
