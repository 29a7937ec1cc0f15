//! People and their tokens as they are shown.

use crate::table::{Column, Row};
use forewarn_exchange::actor::Actor;
use forewarn_exchange::grant::Grant;
use forewarn_exchange::link::Issuer;
use forewarn_exchange::name::{GrantName, NodeName, UserName};
use forewarn_exchange::role::Role;
use forewarn_exchange::user::{User, UserStanding};
use forewarn_stix::Timestamp;
use forewarn_transcript::Hash;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A token that was made. It is shown once, and not in debug output.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TokenMade {
    /// Whose.
    pub user: UserName,
    /// The user's word for it.
    pub name: GrantName,
    /// The token itself: a secret.
    pub token: String,
    /// When it ends.
    pub ends: Timestamp,
}

impl fmt::Debug for TokenMade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenMade").field("user", &self.user).finish_non_exhaustive()
    }
}

/// A certificate by which a user is let in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CertificateTaken {
    /// Who.
    pub user: UserName,
    /// SHA-256 of the certificate.
    pub certificate: Hash,
}

/// The answer to whoever asks for a token or hands in a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum LetIn {
    /// By a token.
    ByToken(TokenMade),
    /// By a certificate.
    ByCertificate(CertificateTaken),
}

/// An invitation that was made: it sets a password, once. It is shown once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Invitation {
    /// Whose.
    pub user: UserName,
    /// The invitation itself: a secret.
    pub invitation: String,
    /// When it ends.
    pub ends: Timestamp,
}

impl fmt::Debug for Invitation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Invitation").field("user", &self.user).finish_non_exhaustive()
    }
}

/// A session that has begun. Its secret is shown once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SessionBegun {
    /// Whose.
    pub user: UserName,
    /// The session itself: a secret, to be sent as a Bearer token.
    pub session: String,
    /// When it ends.
    pub ends: Timestamp,
}

impl fmt::Debug for SessionBegun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionBegun").field("user", &self.user).finish_non_exhaustive()
    }
}

/// A sign-in that has begun at a provider, for a person to finish there.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeviceBegun {
    /// By which it is asked for: a secret.
    pub device: String,
    /// What the person types there.
    pub user_code: String,
    /// Where.
    pub verification_uri: String,
    /// The same, with the code in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verification_uri_complete: Option<String>,
    /// How many seconds to wait before asking.
    pub wait: u64,
    /// When it is over.
    pub ends: Timestamp,
}

impl fmt::Debug for DeviceBegun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceBegun").field("ends", &self.ends).finish_non_exhaustive()
    }
}

/// What became of a sign-in at a provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum DevicePolled {
    /// The person has signed in.
    Begun(SessionBegun),
    /// The person has not signed in yet.
    Waits {
        /// How many seconds to wait before asking again.
        wait: u64,
    },
}

/// Who asks, as the node sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Whoami {
    /// Who acts: `user:ana`, `owner`.
    pub actor: Actor,
    /// At which node.
    pub node: NodeName,
    /// What colleagues call the user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display: Option<String>,
    /// What the user is there for.
    pub roles: Vec<Role>,
    /// How he or she came in: `session`, `token`, `machine`, `folder`.
    pub by: String,
    /// Whether the account has a password.
    pub password: bool,
    /// Whether the account has a second factor.
    pub second_factor: bool,
    /// How many recovery codes are left.
    pub recovery_codes: usize,
    /// The providers of sign-ins that know the user.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub providers: Vec<Issuer>,
}

impl Whoami {
    /// For people.
    pub fn words(&self) -> String {
        let roles: Vec<&str> = self.roles.iter().copied().map(Role::name).collect();
        let signs_in = match (self.password, self.second_factor) {
            (true, true) => "password and code",
            (true, false) => "password alone",
            (false, _) if !self.providers.is_empty() => "a provider of sign-ins",
            (false, _) => "nothing to sign in with yet",
        };
        let roles = if roles.is_empty() { "no roles".to_owned() } else { roles.join(", ") };
        format!("{} at {} ({roles}); came in by {}; {signs_in}", self.actor, self.node, self.by)
    }
}

/// A second factor that has begun: what goes into an authenticator. It is shown once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FactorBegun {
    /// The secret, to be typed.
    pub key: String,
    /// The secret, to be scanned.
    pub url: String,
}

impl fmt::Debug for FactorBegun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FactorBegun")
    }
}

/// Codes for the day on which the second factor is lost; shown once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecoveryCodes {
    /// Each counts once.
    pub codes: Vec<String>,
}

impl fmt::Debug for RecoveryCodes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCodes")
    }
}

/// One of the things that let a user in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Token {
    /// Whom.
    pub user: UserName,
    /// What it is, with its name, its end and its addresses.
    #[serde(flatten)]
    pub grant: Grant,
    /// When it was used last, since the node started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_use: Option<Timestamp>,
}

impl Row for Token {
    const COLUMNS: &'static [Column<Token>] = &[
        ("USER", |one| one.user.to_string()),
        ("NAME", |one| one.grant.name.to_string()),
        ("KIND", |one| one.grant.kind.name().to_owned()),
        ("MADE", |one| time(one.grant.made.as_ref())),
        ("ENDS", |one| one.grant.ends.as_ref().map_or("never".to_owned(), Timestamp::to_string)),
        ("FROM", |one| {
            let from: Vec<String> = one.grant.from.iter().map(ToString::to_string).collect();
            if from.is_empty() { "anywhere".to_owned() } else { from.join(", ") }
        }),
        ("LAST USED", |one| time(one.last_use.as_ref())),
    ];
}

fn time(time: Option<&Timestamp>) -> String {
    time.map_or("-".to_owned(), Timestamp::to_string)
}

impl Row for User {
    const COLUMNS: &'static [Column<User>] = &[
        ("NAME", |one| one.name.to_string()),
        ("ROLES", |one| {
            let roles: Vec<&str> = one.roles.iter().copied().map(Role::name).collect();
            roles.join(", ")
        }),
        ("CALLED", |one| one.display.clone().unwrap_or_default()),
        ("STANDING", |one| match &one.standing {
            UserStanding::Active => "active".to_owned(),
            UserStanding::Suspended { at, reason } => format!("suspended {at}: {reason}"),
            UserStanding::Removed { at, reason } => format!("removed {at}: {reason}"),
        }),
    ];
}
