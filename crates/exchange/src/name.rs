//! Names of people and nodes: a text that was checked once, where it came in.

use crate::checked::checked;
use forewarn_transcript::channel::is_node_name;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Longest name of a user, in bytes.
const MAX_USER_NAME: usize = 64;

/// The name of one of our users: 1 to 64 of `a-z`, `0-9`, `-`, `_`, `.`.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
pub struct UserName(String);

/// The name of a node, and so of the partner that runs it: a domain name, or one like it.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
pub struct NodeName(String);

/// A user's word for one of the things that let him or her in: 1 to 64 of `a-z`, `0-9`, `-`, `_`,
/// `.`.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
pub struct GrantName(String);

/// Why a text is not a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadName {
    /// It cannot be the name of a user.
    #[error("`{0}` is not a user's name: 1 to 64 of a-z, 0-9, - _ .")]
    User(String),
    /// It cannot be the name of a token.
    #[error("`{0}` is not a token's name: 1 to 64 of a-z, 0-9, - _ .")]
    Grant(String),
    /// It cannot be the name of a node.
    #[error("`{0}` is not a node's name: a-z, 0-9, dots and hyphens")]
    Node(String),
}

impl UserName {
    /// Checks a name that somebody has typed.
    pub fn parse(text: &str) -> Result<UserName, BadName> {
        if is_plain(text) {
            Ok(UserName(text.to_owned()))
        } else {
            Err(BadName::User(text.to_owned()))
        }
    }
}

fn is_plain(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
    (1..=MAX_USER_NAME).contains(&text.len()) && text.chars().all(plain)
}

impl GrantName {
    /// Checks a name that somebody has typed.
    pub fn parse(text: &str) -> Result<GrantName, BadName> {
        if is_plain(text) {
            Ok(GrantName(text.to_owned()))
        } else {
            Err(BadName::Grant(text.to_owned()))
        }
    }
}

impl NodeName {
    /// Checks a name that a card or a person gives.
    pub fn parse(text: &str) -> Result<NodeName, BadName> {
        if is_node_name(text) {
            Ok(NodeName(text.to_owned()))
        } else {
            Err(BadName::Node(text.to_owned()))
        }
    }
}

checked!(UserName, BadName);
checked!(GrantName, BadName);
checked!(NodeName, BadName);
