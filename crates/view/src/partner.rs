//! Partners and cards as they are shown.

use forewarn_exchange::card;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::partner::{Partner, Standing};
use forewarn_exchange::proposal::Persons;
use forewarn_stix::marking::Tlp;
use forewarn_transcript::PublicKey;
use serde::{Deserialize, Serialize};

/// Our own card, with the words to be read aloud.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnCard {
    /// The signed note.
    pub card: String,
    /// Our node's name.
    pub name: NodeName,
    /// The ten words.
    pub fingerprint: String,
}

/// A partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartnerShown {
    /// Its name.
    pub name: NodeName,
    /// What people call it.
    pub organisation: String,
    /// Where it is reached.
    pub url: String,
    /// The key of its card.
    pub key: PublicKey,
    /// The ten words of that.
    pub fingerprint: String,
    /// Where a later card by the same keys says that it is, until that is confirmed.
    pub new_url: Option<String>,
    /// The words of new keys that wait to be confirmed.
    pub new_key: Option<String>,
    /// The most that may be released to it.
    pub ceiling: Tlp,
    /// Whether it is confirmed.
    pub standing: Standing,
    /// How many persons free text to it needs.
    pub sentences: Persons,
    /// Whether it runs no node.
    pub without_node: bool,
}

impl PartnerShown {
    /// A partner as it is known.
    pub fn of(partner: Partner) -> PartnerShown {
        let waiting = partner.succession.waiting.as_ref();
        let new_key = waiting.map(|one| card::fingerprint(partner.name(), &one.keys));
        PartnerShown {
            fingerprint: partner.card.fingerprint(),
            new_key,
            new_url: partner.moved.map(|moved| moved.url),
            name: partner.card.name,
            organisation: partner.card.organisation,
            url: partner.card.url,
            key: partner.card.keys.ed25519,
            ceiling: partner.ceiling,
            standing: partner.standing,
            sentences: partner.sentences,
            without_node: partner.without_node,
        }
    }
}
