//! What lets a user in without a password: a token, a certificate, a session, an invitation. Each
//! is known by a SHA-256 only, ends at a time, and may be bound to addresses.

use crate::actor::Actor;
use crate::name::{GrantName, UserName};
use crate::role::Role;
use forewarn_stix::Timestamp;
use ipnet::IpNet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// How many days a token counts, where nothing else was said.
pub const TOKEN_DAYS: u32 = 90;
/// Longest that one may be made for, in days: two years.
pub const MAX_TOKEN_DAYS: u32 = 731;
/// Most blocks of addresses that one is bound to.
pub const MAX_FROM: usize = 32;
/// Most of them that one user has, sessions among them.
pub const MAX_GRANTS: usize = 64;

/// What kind of thing lets somebody in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum GrantKind {
    /// A token, for programs.
    #[default]
    Token,
    /// A client's TLS certificate.
    Certificate,
    /// A sign-in by password or by a provider, until it ends.
    Session {
        /// Whether a second factor was shown.
        second: bool,
    },
    /// Lets a person set a password of his or her own, once.
    Invitation,
}

impl GrantKind {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            GrantKind::Token => "token",
            GrantKind::Certificate => "certificate",
            GrantKind::Session { .. } => "session",
            GrantKind::Invitation => "invitation",
        }
    }
}

/// One thing that lets one user in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Grant {
    /// The user's word for it, once for each of the user's.
    pub name: GrantName,
    /// What it is.
    #[serde(flatten)]
    pub kind: GrantKind,
    /// When it was made; `None` for those made before this was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made: Option<Timestamp>,
    /// By whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Actor>,
    /// When it ends; `None` for certificates, which end by themselves, and for what was made before
    /// this was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<Timestamp>,
    /// From where it counts; from anywhere when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<String>")]
    pub from: Vec<IpNet>,
    /// Which roles count in it, of those that the user has; all of them when `None`. A provider has
    /// vouched for these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only: Option<Vec<Role>>,
}

/// A grant with its digest and user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    /// SHA-256 of the secret, or of the certificate.
    pub digest: forewarn_transcript::Hash,
    /// Whom it lets in.
    pub user: UserName,
    /// What it is.
    pub grant: Grant,
}

impl Grant {
    /// Whether it has ended.
    pub fn has_ended(&self, now: &Timestamp) -> bool {
        self.ends.as_ref().is_some_and(|ends| ends <= now)
    }

    /// Whether it lets anybody in by itself, now and from there. A request over the socket in the
    /// folder comes from no address.
    pub fn counts(&self, now: &Timestamp, from: Option<IpAddr>) -> bool {
        let is_key = match self.kind {
            GrantKind::Token | GrantKind::Certificate | GrantKind::Session { .. } => true,
            GrantKind::Invitation => false,
        };
        // An IPv4 address may come in the clothes of an IPv6 one.
        let is_there = match from.map(|address| address.to_canonical()) {
            Some(address) => {
                self.from.is_empty() || self.from.iter().any(|block| block.contains(&address))
            }
            None => true,
        };
        is_key && is_there && !self.has_ended(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_counts_until_its_end_and_from_where_it_is_bound_to() {
        let at = |text| Timestamp::parse(text).unwrap();
        let grant = Grant {
            name: GrantName::parse("laptop").unwrap(),
            kind: GrantKind::Token,
            made: None,
            by: None,
            ends: Some(at("2026-02-01T00:00:00Z")),
            from: vec!["192.0.2.0/24".parse().unwrap()],
            only: None,
        };
        let (before, after) = (at("2026-01-31T23:59:59Z"), at("2026-02-01T00:00:00Z"));
        let from = |text: &str| Some(text.parse().unwrap());
        assert!(grant.counts(&before, from("192.0.2.7")));
        assert!(grant.counts(&before, from("::ffff:192.0.2.7")));
        assert!(grant.counts(&before, None));
        assert!(!grant.counts(&before, from("198.51.100.7")));
        assert!(!grant.counts(&after, from("192.0.2.7")));
        let invitation = Grant { kind: GrantKind::Invitation, ..grant.clone() };
        assert!(!invitation.counts(&before, from("192.0.2.7")));
        let json = serde_json::to_value(&grant).unwrap();
        assert_eq!(json["kind"], "token");
        assert_eq!(serde_json::from_value::<Grant>(json).unwrap(), grant);
    }
}
