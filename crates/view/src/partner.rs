//! Partners and cards as they are shown.

use crate::case::tlp;
use crate::table::{Column, Row};
use crate::text;
use forewarn_exchange::agreement::InForce;
use forewarn_exchange::name::{NodeName, UserName};
use forewarn_exchange::partner::{Partner, Standing};
use forewarn_exchange::proposal::Persons;
use forewarn_stix::Timestamp;
use forewarn_stix::marking::Tlp;
use forewarn_transcript::PublicKey;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Our own card, with the words to be read aloud.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OwnCard {
    /// The signed note.
    pub card: String,
    /// Our node's name.
    pub name: NodeName,
    /// The ten words.
    pub fingerprint: String,
}

impl OwnCard {
    /// What to do with the words.
    pub fn words(&self) -> String {
        format!("read aloud to the partner, by a line you trust: {}", self.fingerprint)
    }
}

/// A partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PartnerShown {
    /// Its name.
    pub name: NodeName,
    /// What people call it.
    pub organisation: String,
    /// Where it is reached.
    pub url: String,
    /// The key of its card.
    pub key: PublicKey,
    /// The ten words of that; `None` as long as they are asked for: then they come from the partner,
    /// by a line that is trusted, and not from here.
    pub fingerprint: Option<String>,
    /// Where a later card by the same keys says that it is, until that is confirmed.
    pub new_url: Option<String>,
    /// The new key that waits for its words.
    pub new_key: Option<PublicKey>,
    /// The most that may be released to it.
    pub ceiling: Tlp,
    /// Whether it is confirmed.
    pub standing: Standing,
    /// How many persons free text to it needs.
    pub sentences: Persons,
    /// What both sides have signed and is in force; none, where nothing is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement: Option<InForce>,
    /// Whether it runs no node.
    pub without_node: bool,
}

impl PartnerShown {
    /// A partner as it is known.
    pub fn of(partner: Partner) -> PartnerShown {
        let waiting = partner.succession.waiting.as_ref();
        let new_key = waiting.map(|one| one.keys.ed25519);
        let is_settled = match &partner.standing {
            Standing::Confirmed { .. } => new_key.is_none() && partner.moved.is_none(),
            Standing::Added { .. } | Standing::Suspended { .. } => partner.without_node,
        };
        PartnerShown {
            fingerprint: is_settled.then(|| partner.card.fingerprint()),
            new_key,
            new_url: partner.moved.map(|moved| moved.url),
            name: partner.card.name,
            organisation: partner.card.organisation,
            url: partner.card.url,
            key: partner.card.keys.ed25519,
            ceiling: partner.ceiling,
            standing: partner.standing,
            sentences: partner.sentences,
            agreement: partner.agreement.map(|held| *held),
            without_node: partner.without_node,
        }
    }
}

impl Row for PartnerShown {
    const COLUMNS: &'static [Column<PartnerShown>] = &[
        ("NAME", |one| one.name.to_string()),
        ("ORGANISATION", |one| text::line(&one.organisation)),
        ("STANDING", |one| standing(&one.standing).0.to_owned()),
        ("CEILING", |one| one.ceiling.name().to_owned()),
        ("URL", |one| text::line(&one.url)),
    ];
}

impl PartnerShown {
    /// The partner for people, without a line break at the end.
    pub fn words(&self) -> String {
        let (what, by, at) = standing(&self.standing);
        let waits = |what: &str, value: &str| {
            format!(
                "\n{what}{} (once the partner has read its words aloud: forewarn partner confirm {} \
                 --fingerprint \"…\")",
                text::line(value),
                self.name
            )
        };
        let moved = self.new_url.as_deref().map(|url| waits("new url      ", url));
        let keys = self.new_key.as_ref().map(|key| waits("new key      ", &key.to_string()));
        let agreement = self
            .agreement
            .as_ref()
            .map(|held| format!("\nagreement    version {} is in force", held.version));
        let waiting = [agreement, moved, keys].into_iter().flatten().collect::<String>();
        format!(
            "{}: {}\nstanding     {what} by {by} at {}\nceiling      {}\nurl          {}\n\
             key          {}\nfingerprint  {}\nfree text    {}{waiting}",
            self.name,
            text::line(&self.organisation),
            text::time(at),
            tlp(self.ceiling),
            text::line(&self.url),
            self.key,
            match &self.fingerprint {
                Some(words) => text::line(words),
                None => "the partner reads it aloud: type what you hear".to_owned(),
            },
            match self.sentences {
                Persons::One => "one person is enough",
                Persons::Two => "two persons",
            },
        )
    }
}

/// The standing in one word, with who set it and when.
fn standing(standing: &Standing) -> (&'static str, &UserName, &Timestamp) {
    match standing {
        Standing::Added { by, at } => ("added", by, at),
        Standing::Confirmed { by, at } => ("confirmed", by, at),
        Standing::Suspended { by, at, .. } => ("suspended", by, at),
    }
}
