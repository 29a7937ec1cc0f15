//! Who acts. Users, partners and parts of the node are apart by type: one that is called like
//! another is not taken for it, in the journal, in limits, or in what it may see.

use crate::name::{BadName, NodeName, UserName};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Who acts, or acted. Written as `owner`, `user:otto`, `partner:otto.example`, `node:matcher`.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
pub enum Actor {
    /// Whoever owns the node's folder, before there are users.
    Owner,
    /// One of our people or services.
    User(UserName),
    /// A partner's node, by its signature.
    Partner(NodeName),
    /// The node itself.
    Node(Part),
}

/// A part of the node that acts by itself.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Puts the configuration on record at each start.
    Start,
    /// Holds items against interests.
    Matcher,
    /// Watches the clocks of cases.
    Clocks,
    /// Polls and pushes feeds.
    Feeder,
    /// Brings our logs to partners and their receipts back.
    Dispatcher,
    /// Puts what was released into a partner's outlets.
    Outlet,
    /// Puts what our own tools may take of a warning on their shelves.
    Shelf,
    /// Tells people what needs them.
    Teller,
    /// Erases what was kept as long as it may be.
    Retention,
    /// Plays the injects of exercises.
    Player,
}

/// Every part, with the word that it is written by.
const PARTS: &[(Part, &str)] = &[
    (Part::Start, "start"),
    (Part::Matcher, "matcher"),
    (Part::Clocks, "clocks"),
    (Part::Feeder, "feeder"),
    (Part::Dispatcher, "dispatcher"),
    (Part::Outlet, "outlet"),
    (Part::Shelf, "shelf"),
    (Part::Teller, "teller"),
    (Part::Retention, "retention"),
    (Part::Player, "player"),
];

/// Why a text does not name an actor.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadActor {
    /// It has none of the four forms.
    #[error("`{0}` is not owner, user:NAME, partner:NAME or node:PART")]
    Form(String),
    /// The form is right and the name is not.
    #[error(transparent)]
    Name(#[from] BadName),
}

impl Actor {
    /// The user that acts, when it is one.
    pub fn user(&self) -> Option<&UserName> {
        match self {
            Actor::User(name) => Some(name),
            Actor::Owner | Actor::Partner(_) | Actor::Node(_) => None,
        }
    }
}

impl Part {
    /// The word that stands after `node:`.
    pub fn name(self) -> &'static str {
        PARTS.iter().find(|(part, _)| *part == self).map_or("", |(_, name)| name)
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Actor::Owner => f.write_str("owner"),
            Actor::User(name) => write!(f, "user:{name}"),
            Actor::Partner(name) => write!(f, "partner:{name}"),
            Actor::Node(part) => write!(f, "node:{}", part.name()),
        }
    }
}

impl FromStr for Actor {
    type Err = BadActor;

    fn from_str(text: &str) -> Result<Actor, BadActor> {
        let form = || BadActor::Form(text.to_owned());
        if text == "owner" {
            return Ok(Actor::Owner);
        }
        let (kind, name) = text.split_once(':').ok_or_else(form)?;
        match kind {
            "user" => Ok(Actor::User(UserName::parse(name)?)),
            "partner" => Ok(Actor::Partner(NodeName::parse(name)?)),
            "node" => {
                let part = PARTS.iter().find(|(_, known)| *known == name);
                part.map(|(part, _)| Actor::Node(*part)).ok_or_else(form)
            }
            _ => Err(form()),
        }
    }
}

impl TryFrom<String> for Actor {
    type Error = BadActor;

    fn try_from(text: String) -> Result<Actor, BadActor> {
        text.parse()
    }
}

impl From<Actor> for String {
    fn from(actor: Actor) -> String {
        actor.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_actor_reads_back_and_names_of_one_kind_are_never_of_another() {
        let parts = PARTS.iter().map(|(part, _)| Actor::Node(*part));
        let user = Actor::User(UserName::parse("otto.example").unwrap());
        let partner = Actor::Partner(NodeName::parse("otto.example").unwrap());
        assert_ne!(user, partner);
        for actor in parts.chain([Actor::Owner, user, partner]) {
            assert_eq!(actor.to_string().parse(), Ok(actor));
        }
        for text in ["otto", "user:", "node:user", "user:A B", "partner:A", "owner:x", ""] {
            assert!(text.parse::<Actor>().is_err(), "{text}");
        }
    }
}
