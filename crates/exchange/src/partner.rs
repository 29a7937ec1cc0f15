//! Another organisation: its pinned key, where it is, and the most that may be released to it.

use crate::card::{Card, same_words};
use crate::refusal::Refusal;
use forewarn_stix::Timestamp;
use forewarn_stix::marking::Tlp;
use forewarn_transcript::channel::{Channel, Party, is_node_name};
use forewarn_transcript::{Hash, SecretKey};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partner {
    pub card: Card,
    /// The strictest marking that may be released to it.
    pub ceiling: Tlp,
    pub standing: Standing,
    /// It runs no node: nobody holds the key of its card, and nothing is sent to its URL. Our log to
    /// it is our own record of what was released, without receipts.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub without_node: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "standing", rename_all = "lowercase")]
pub enum Standing {
    /// The card is here; nobody has confirmed the fingerprint.
    Added {
        by: String,
        at: Timestamp,
    },
    /// A person has compared the fingerprint; the channel is open.
    Confirmed {
        by: String,
        at: Timestamp,
    },
    Suspended {
        by: String,
        at: Timestamp,
        reason: String,
    },
}

impl Partner {
    pub fn name(&self) -> &str {
        &self.card.name
    }

    pub fn add(
        card: &str,
        ceiling: Tlp,
        us: &Party,
        by: &str,
        at: &Timestamp,
    ) -> Result<Partner, Refusal> {
        let card = Card::parse(card).map_err(|e| Refusal::new("bad-card", e.to_string()))?;
        if card.name == us.name || card.key == us.key {
            return Err(Refusal::new("own-card", "this is our own card")
                .hint("add the card that the partner sent you"));
        }
        let standing = Standing::Added { by: by.to_owned(), at: at.clone() };
        Ok(Partner { card, ceiling, standing, without_node: false })
    }

    /// A partner that runs no node: confirmed by whoever adds it. `seed` makes a key for our log's
    /// name whose secret is thrown away here.
    pub fn without_node(
        (name, organisation): (&str, &str),
        ceiling: Tlp,
        seed: &Hash,
        by: &str,
        at: &Timestamp,
    ) -> Result<Partner, Refusal> {
        if !is_node_name(name) {
            let message = format!("`{name}` is no partner's name: a-z, 0-9, dots and hyphens");
            return Err(Refusal::new("bad-name", message).hint("such as cert.example"));
        }
        if organisation.trim().is_empty() || organisation.contains('\n') {
            let message = "the organisation is one line that is not empty";
            return Err(Refusal::new("bad-name", message));
        }
        let key = SecretKey::from_seed(&seed.0).public();
        let (name, organisation) = (name.to_owned(), organisation.to_owned());
        let card = Card { name, organisation, url: String::new(), key };
        let standing = Standing::Confirmed { by: by.to_owned(), at: at.clone() };
        Ok(Partner { card, ceiling, standing, without_node: true })
    }

    pub fn confirm(self, words: &str, by: &str, at: &Timestamp) -> Result<Partner, Refusal> {
        match &self.standing {
            Standing::Confirmed { .. } => {
                let message = format!("`{}` is confirmed already", self.name());
                return Err(Refusal::new("confirmed", message));
            }
            Standing::Added { .. } | Standing::Suspended { .. } => {}
        }
        if !same_words(words, &self.card.fingerprint()) {
            let message = format!("these are not the words of `{}`'s key", self.name());
            return Err(Refusal::new("fingerprint", message).hint(
                "have the partner read its ten words (`forewarn card`) over a line you trust; \
                 when they still differ, do not use the card",
            ));
        }
        let standing = Standing::Confirmed { by: by.to_owned(), at: at.clone() };
        Ok(Partner { standing, ..self })
    }

    pub fn suspend(self, reason: &str, by: &str, at: &Timestamp) -> Partner {
        let (by, at, reason) = (by.to_owned(), at.clone(), reason.to_owned());
        Partner { standing: Standing::Suspended { by, at, reason }, ..self }
    }

    /// The channel, when it may be used.
    pub fn channel(&self, us: &Party) -> Result<Channel, Refusal> {
        match &self.standing {
            Standing::Confirmed { .. } => self.channel_even_if_closed(us),
            Standing::Added { .. } => {
                let message = format!("`{}` is not confirmed yet", self.name());
                Err(Refusal::new("not-confirmed", message)
                    .hint("compare the fingerprint, then `forewarn partner confirm`"))
            }
            Standing::Suspended { reason, .. } => {
                let message = format!("`{}` is suspended: {reason}", self.name());
                Err(Refusal::new("suspended", message))
            }
        }
    }

    /// For reading what was said before a suspension.
    pub fn channel_even_if_closed(&self, us: &Party) -> Result<Channel, Refusal> {
        let them = Party { name: self.card.name.clone(), key: self.card.key };
        Channel::between(us.clone(), them).map_err(|e| Refusal::new("channel", e.to_string()))
    }
}
