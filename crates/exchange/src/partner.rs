//! Another organisation: its pinned key, where it is, and the most that may be released to it.

use crate::agreement::InForce;
use crate::card::{Card, fingerprint, same_words};
use crate::clocks::Clocks;
use crate::code::Code;
use crate::handling::HandlingCode;
use crate::name::{NodeName, UserName};
use crate::proposal::Persons;
use crate::refusal::{Field, Hint, Refusal};
use forewarn_stix::Timestamp;
use forewarn_stix::marking::Tlp;
use forewarn_transcript::channel::{Channel, Party};
use forewarn_transcript::{Hash, Keys, Reference, SecretKey};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Another organisation and all that is decided about it here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Partner {
    /// The partner's contact card, with its newest confirmed keys.
    pub card: Card,
    /// The strictest marking that may be released to it.
    pub ceiling: Tlp,
    /// Whether the channel with it may be used.
    pub standing: Standing,
    /// How many persons free text to it needs: what the agreement with it says.
    #[serde(default)]
    pub sentences: Persons,
    /// The agreement that both sides have signed, where there is one. Its ceiling and its rule of
    /// free text are those above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement: Option<Box<InForce>>,
    /// It runs no node: nobody holds the key of its card, and nothing is sent to its URL. Our log
    /// to it is our own record of what was released, without receipts.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub without_node: bool,
    /// What a later card by the same keys says, until a person has confirmed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved: Option<Moved>,
    /// The keys by which the channel was opened: ours and the partner's. They name it, whatever
    /// keys sign later. `None` for channels opened before keys were recorded: the first keys of
    /// both were the only ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened_with: Option<Opened>,
    /// What has come of keys since.
    #[serde(default, skip_serializing_if = "Succession::is_empty")]
    pub succession: Succession,
}

/// Where a partner is from now on, by a new card of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Moved {
    /// The new URL.
    pub url: String,
    /// What the organisation is called there.
    pub organisation: String,
}

/// The keys of the genesis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Opened {
    /// Our keys at the time.
    pub ours: Keys,
    /// The partner's keys at the time.
    pub theirs: Keys,
}

/// Keys after those of the genesis.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Succession {
    /// Ours that the partner has confirmed, oldest first: the last one signs on this channel.
    pub ours: Vec<Later>,
    /// The partner's that a person of ours has confirmed, oldest first.
    pub theirs: Vec<Later>,
    /// Ours that the partner was told of and has not confirmed yet, and the entry that told it.
    pub announced: Option<Waiting>,
    /// The partner's new keys that wait for a person to compare the fingerprint, and the entry that
    /// announced them.
    pub waiting: Option<Waiting>,
    /// How many of the partner's keys do not count any more for what is new: they were followed by
    /// another that was used, or were said to be compromised.
    pub retired: usize,
    /// How many of the partner's keys somebody else may hold.
    pub stolen: usize,
}

/// Keys that were announced and confirmed, with the entries that prove it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Later {
    /// The keys themselves.
    pub keys: Keys,
    /// In the log of whose keys they are.
    pub announced: Reference,
    /// In the other log.
    pub confirmed: Option<Reference>,
}

/// New keys, and the entry that announces them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Waiting {
    /// The keys themselves.
    pub keys: Keys,
    /// The entry that announces them.
    pub entry: Reference,
}

impl Succession {
    fn is_empty(&self) -> bool {
        *self == Succession::default()
    }

    /// The entries by which every later key came: announced in one log, confirmed in the other.
    pub fn entries(&self) -> impl Iterator<Item = &Reference> {
        let later = self.ours.iter().chain(&self.theirs);
        later.flat_map(|one| std::iter::once(&one.announced).chain(&one.confirmed))
    }
}

/// How far we trust that the partner is who its card says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "standing", rename_all = "lowercase")]
pub enum Standing {
    /// The card is here; nobody has confirmed the fingerprint.
    Added {
        /// Who added the card.
        by: UserName,
        /// When.
        at: Timestamp,
    },
    /// A person has compared the fingerprint; the channel is open.
    Confirmed {
        /// Who compared it.
        by: UserName,
        /// When.
        at: Timestamp,
    },
    /// A person has closed the channel; nothing is sent or received.
    Suspended {
        /// Who closed it.
        by: UserName,
        /// When.
        at: Timestamp,
        /// Why, as the person put it.
        reason: String,
        /// Somebody else may hold the partner's key: what it signs does not count any more.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        compromised: bool,
    },
}

impl Partner {
    /// The partner's name.
    pub fn name(&self) -> &NodeName {
        &self.card.name
    }

    /// A new partner by its contact card, not confirmed yet.
    ///
    /// # Errors
    /// [`Code::BadCard`] when the card cannot be read or its signature does not fit;
    /// [`Code::OwnCard`] when it bears our own name or key.
    pub fn add(
        card: &str,
        ceiling: Tlp,
        us: &Party,
        by: &UserName,
        at: &Timestamp,
    ) -> Result<Partner, Refusal> {
        let card = Card::parse(card).map_err(|e| Refusal::new(Code::BadCard, e.to_string()))?;
        if *card.name == *us.name || card.keys.ed25519 == us.keys.ed25519 {
            return Err(Refusal::new(Code::OwnCard, "this is our own card")
                .advice("add the card that the partner sent you"));
        }
        let standing = Standing::Added { by: by.clone(), at: at.clone() };
        Ok(Partner::new(card, ceiling, standing, false))
    }

    /// A partner that runs no node: confirmed by whoever adds it. `seed` makes a key for our log's
    /// name whose secret is thrown away here.
    pub fn without_node(
        (name, organisation): (&NodeName, &str),
        ceiling: Tlp,
        seed: &Hash,
        by: &UserName,
        at: &Timestamp,
    ) -> Result<Partner, Refusal> {
        if organisation.trim().is_empty() || organisation.contains('\n') {
            let message = "the organisation is one line that is not empty";
            return Err(Refusal::new(Code::BadName, message));
        }
        let keys = Keys { mldsa44: None, ..SecretKey::from_seed(&seed.0).keys() };
        let (name, organisation) = (name.clone(), organisation.to_owned());
        let card = Card { name, organisation, url: String::new(), keys };
        let standing = Standing::Confirmed { by: by.clone(), at: at.clone() };
        Ok(Partner::new(card, ceiling, standing, true))
    }

    fn new(card: Card, ceiling: Tlp, standing: Standing, without_node: bool) -> Partner {
        let (opened_with, succession) = (None, Succession::default());
        let sentences = Persons::default();
        let (moved, agreement) = (None, None);
        Partner {
            card,
            ceiling,
            standing,
            sentences,
            agreement,
            without_node,
            moved,
            opened_with,
            succession,
        }
    }

    /// A later card of a partner that is known: by the same keys, from another place. Of one that
    /// was confirmed, nothing changes until a person confirms this too.
    ///
    /// # Errors
    /// [`Code::BadCard`] when the card cannot be read or its signature does not fit;
    /// [`Code::Known`] when it has other keys, or says what is known already.
    pub fn with_card(mut self, card: &str) -> Result<Partner, Refusal> {
        let card = Card::parse(card).map_err(|e| Refusal::new(Code::BadCard, e.to_string()))?;
        let name = self.name();
        if self.without_node || card.name != *name || card.keys != self.card.keys {
            let message = format!("`{name}` is a partner already, with other keys");
            return Err(Refusal::new(Code::Known, message)
                .advice("new keys are announced over the channel, by the old ones"));
        }
        let moved = Moved { url: card.url, organisation: card.organisation };
        if moved.url == self.card.url && moved.organisation == self.card.organisation {
            let message = format!("`{name}` is a partner already, and the card says nothing new");
            return Err(Refusal::new(Code::Known, message));
        }
        match self.standing {
            Standing::Added { .. } => self.move_to(moved),
            Standing::Confirmed { .. } | Standing::Suspended { .. } => self.moved = Some(moved),
        }
        Ok(self)
    }

    fn move_to(&mut self, moved: Moved) {
        self.card.url = moved.url;
        self.card.organisation = moved.organisation;
    }

    /// Whether what is for these of its people by name may be sent: where the agreement names persons of
    /// this side, for them alone; and only to a node, which can tell who reads it.
    ///
    /// # Errors
    /// [`Code::Persons`], with those whom the agreement names.
    pub fn takes_red(&self, persons: &[String]) -> Result<(), Refusal> {
        if self.without_node && !persons.is_empty() {
            let message = format!(
                "`{}` runs no node: whoever fetches for it would read what is for {} alone",
                self.name(),
                persons.join(", ")
            );
            return Err(Refusal::new(Code::Persons, message).advice(
                "tell them by telephone or in person, and put it on record: forewarn case tell",
            ));
        }
        let Some(held) = &self.agreement else { return Ok(()) };
        let named: Vec<&str> = held.terms.names_of(self.name()).collect();
        let Some(other) = persons.iter().find(|one| !named.contains(&one.as_str())) else {
            return Ok(());
        };
        if named.is_empty() {
            return Ok(());
        }
        let message = format!(
            "{other} is none of those whom version {} of the agreement names: {}",
            held.version,
            named.join(", ")
        );
        Err(Refusal::new(Code::Persons, message).hint(Hint::Give { field: Field::Persons }))
    }

    /// An agreement on paper says how many persons free text needs.
    ///
    /// # Errors
    /// Both sides have signed one over the channel: that says it.
    pub fn agree(self, sentences: Persons) -> Result<Partner, Refusal> {
        if let Some(held) = &self.agreement {
            let message = format!("version {} of the agreement with it says that", held.version);
            return Err(Refusal::new(Code::Agreement, message)
                .hint(Hint::ListAgreements { partner: self.name().clone() }));
        }
        Ok(Partner { sentences, ..self })
    }

    /// Both sides have signed this: it says what may be released to it, and how, from now on.
    #[must_use]
    pub fn signed(self, held: InForce) -> Partner {
        let (ceiling, sentences) = (held.terms.ceiling, held.terms.sentences);
        Partner { ceiling, sentences, agreement: Some(Box::new(held)), ..self }
    }

    /// How long there is for what concerns it; `ours` where nothing else is agreed.
    pub fn clocks(&self, ours: &Clocks) -> Clocks {
        let agreed = self.agreement.as_ref().and_then(|held| held.terms.clocks);
        agreed.map_or_else(|| ours.clone(), |agreed| agreed.over(ours))
    }

    /// The handling codes that a warning to it may bear; any, where nothing is agreed.
    pub fn handling(&self) -> BTreeSet<HandlingCode> {
        let agreed = self.agreement.as_ref().map(|held| held.terms.handling.clone());
        agreed.unwrap_or_else(|| HandlingCode::ALL.into())
    }

    /// A person has compared the fingerprint: of the card, of a later card by the same keys, or of
    /// new keys that wait.
    pub fn confirm(
        mut self,
        words: &str,
        by: &UserName,
        at: &Timestamp,
    ) -> Result<Partner, Refusal> {
        if let Some(waiting) = self.succession.waiting.clone() {
            check_words(words, &self.card.name, &waiting.keys)?;
            return Ok(self.with_new_keys(waiting, by, at));
        }
        match &self.standing {
            Standing::Confirmed { .. } if self.moved.is_none() => {
                let message = format!("`{}` is confirmed already", self.name());
                return Err(Refusal::new(Code::Confirmed, message));
            }
            Standing::Suspended { compromised: true, .. } => {
                let message = format!("the key of `{}` was said to be compromised", self.name());
                return Err(Refusal::new(Code::Compromised, message).hint(Hint::AwaitNewKeys));
            }
            Standing::Added { .. } | Standing::Confirmed { .. } | Standing::Suspended { .. } => {}
        }
        check_words(words, &self.card.name, &self.card.keys)?;
        if let Some(moved) = self.moved.take() {
            self.move_to(moved);
        }
        let standing = Standing::Confirmed { by: by.clone(), at: at.clone() };
        Ok(Partner { standing, ..self })
    }

    fn with_new_keys(mut self, waiting: Waiting, by: &UserName, at: &Timestamp) -> Partner {
        let Waiting { keys, entry } = waiting;
        let later = Later { keys: keys.clone(), announced: entry, confirmed: None };
        self.succession.theirs.push(later);
        self.succession.waiting = None;
        if matches!(self.standing, Standing::Suspended { compromised: true, .. }) {
            self.succession.retired = self.succession.theirs.len();
        }
        self.card.keys = keys;
        self.standing = Standing::Confirmed { by: by.clone(), at: at.clone() };
        self
    }

    /// The partner has signed by keys of this place in their order: older ones are retired.
    pub fn signed_by(mut self, keys: &Keys) -> Partner {
        let theirs = &self.succession.theirs;
        if let Some(at) = theirs.iter().position(|known| known.keys.ed25519 == keys.ed25519) {
            self.succession.retired = self.succession.retired.max(at + 1);
        }
        self
    }

    /// Whether these are keys of the partner's that somebody else may hold.
    pub fn is_stolen(&self, keys: &Keys) -> bool {
        let first = self.opened_with.as_ref().map_or(&self.card.keys, |opened| &opened.theirs);
        let later = self.succession.theirs.iter().map(|later| &later.keys);
        let mut stolen = std::iter::once(first).chain(later).take(self.succession.stolen);
        stolen.any(|known| known.ed25519 == keys.ed25519)
    }

    /// The partner's keys whose signatures count for what is new.
    pub fn valid_keys(&self) -> Vec<Keys> {
        if matches!(self.standing, Standing::Suspended { compromised: true, .. }) {
            return Vec::new();
        }
        let first = self.opened_with.as_ref().map_or(&self.card.keys, |opened| &opened.theirs);
        let later = self.succession.theirs.iter().map(|later| &later.keys);
        let all = std::iter::once(first).chain(later);
        all.skip(self.succession.retired).cloned().collect()
    }

    /// A key that was said to be compromised stays so until another one is confirmed.
    pub fn suspend(
        mut self,
        reason: &str,
        compromised: bool,
        by: &UserName,
        at: &Timestamp,
    ) -> Partner {
        let before = matches!(self.standing, Standing::Suspended { compromised: true, .. });
        let compromised = compromised || before;
        if compromised {
            self.succession.stolen = self.succession.theirs.len() + 1;
        }
        let (by, at, reason) = (by.clone(), at.clone(), reason.to_owned());
        Partner { standing: Standing::Suspended { by, at, reason, compromised }, ..self }
    }

    /// The partner confirms the keys that we told it of.
    pub fn confirmed_ours(
        mut self,
        entry: &Reference,
        place: &Reference,
    ) -> Result<Partner, String> {
        match self.succession.announced.take() {
            Some(Waiting { keys, entry: told }) if told == *entry => {
                let confirmed = Some(place.clone());
                self.succession.ours.push(Later { keys, announced: told, confirmed });
                Ok(self)
            }
            _ => Err("it confirms no keys that we have announced".to_owned()),
        }
    }

    /// The channel is opened: by these keys of ours, and those of the card.
    pub fn open(mut self, ours: &Keys) -> Partner {
        if self.opened_with.is_none() {
            let (ours, theirs) = (ours.clone(), self.card.keys.clone());
            self.opened_with = Some(Opened { ours, theirs });
        }
        self
    }

    /// The channel, when it may be used.
    pub fn channel(&self, us: &Party) -> Result<Channel, Refusal> {
        match &self.standing {
            Standing::Confirmed { .. } => self.channel_even_if_closed(us),
            Standing::Added { .. } => {
                let message = format!("`{}` is not confirmed yet", self.name());
                Err(Refusal::new(Code::NotConfirmed, message)
                    .hint(Hint::ConfirmPartner { partner: self.name().clone() }))
            }
            Standing::Suspended { reason, .. } => {
                let message = format!("`{}` is suspended: {reason}", self.name());
                Err(Refusal::new(Code::Suspended, message))
            }
        }
    }

    /// The channel whether it may be used or not, to read what was said before a suspension.
    pub fn channel_even_if_closed(&self, us: &Party) -> Result<Channel, Refusal> {
        let name = self.card.name.to_string();
        let (ours, theirs) = match &self.opened_with {
            Some(Opened { ours, theirs }) => (ours.clone(), theirs.clone()),
            None => (us.keys.clone(), self.card.keys.clone()),
        };
        let us = Party { name: us.name.clone(), keys: ours };
        let them = Party { name: name.clone(), keys: theirs };
        let channel = Channel::between(us.clone(), them)
            .map_err(|e| Refusal::new(Code::Channel, e.to_string()))?;
        let later =
            |name: &str, later: &Later| Party { name: name.to_owned(), keys: later.keys.clone() };
        let ours = self.succession.ours.iter().map(|keys| later(&us.name, keys));
        let theirs = self.succession.theirs.iter().map(|keys| later(&name, keys));
        Ok(ours.chain(theirs).fold(channel, Channel::with_key))
    }
}

fn check_words(words: &str, name: &NodeName, keys: &Keys) -> Result<(), Refusal> {
    if same_words(words, &fingerprint(name, keys)) {
        return Ok(());
    }
    let message = format!("these are not the words of `{name}`'s key");
    Err(Refusal::new(Code::Fingerprint, message)
        .hint(Hint::ConfirmPartner { partner: name.clone() }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use forewarn_transcript::Note;

    fn at() -> Timestamp {
        Timestamp::parse("2017-12-15T09:30:00.000Z").unwrap()
    }

    fn keys(seed: u8) -> Keys {
        SecretKey::from_seed(&[seed; 32]).keys()
    }

    fn paul() -> UserName {
        UserName::parse("paul").unwrap()
    }

    fn us() -> Party {
        Party { name: "a.example".into(), keys: keys(1) }
    }

    fn confirmed() -> Partner {
        let key = SecretKey::from_seed(&[2; 32]);
        let (organisation, url) = ("B".to_owned(), "http://127.0.0.1:1".to_owned());
        let card = Card {
            name: NodeName::parse("b.example").unwrap(),
            organisation,
            url,
            keys: key.keys(),
        };
        let line = key.sign_note("b.example", &card.text());
        let note = Note::new(card.text(), vec![line]).to_string();
        let words = card.fingerprint();
        let partner = Partner::add(&note, Tlp::Amber, &us(), &paul(), &at()).unwrap();
        partner.confirm(&words, &paul(), &at()).unwrap()
    }

    fn waiting(partner: Partner) -> (Partner, String) {
        let entry = Reference { log: "l".into(), index: 4, hash: Hash::of(b"x") };
        let waiting = Some(Waiting { keys: keys(3), entry });
        let succession = Succession { waiting, ..partner.succession.clone() };
        (Partner { succession, ..partner }, fingerprint("b.example", &keys(3)))
    }

    /// The channel of a partner from before its keys were kept with it once got another name with
    /// the partner's first change of keys.
    #[test]
    fn a_change_of_keys_leaves_the_channel_what_it_was() {
        let partner = confirmed().open(&us().keys);
        let before = partner.channel(&us()).unwrap();
        let (partner, words) = waiting(partner);
        let after = partner.confirm(&words, &paul(), &at()).unwrap();
        assert_eq!(after.channel(&us()).unwrap().id(), before.id());
        assert_eq!(after.card.keys, keys(3));
        assert_eq!(after.valid_keys(), [keys(2), keys(3)]);
        assert_eq!(after.signed_by(&keys(3)).valid_keys(), [keys(3)]);
    }

    /// A second suspension once took back that the key was said to be compromised.
    #[test]
    fn a_compromised_key_stays_so_until_another_one_is_confirmed() {
        let (partner, words) = waiting(confirmed().open(&us().keys));
        let old = fingerprint("b.example", &keys(2));
        let shut =
            partner.suspend("copied", true, &paul(), &at()).suspend("again", false, &paul(), &at());
        assert!(shut.valid_keys().is_empty() && shut.is_stolen(&keys(2)));
        assert!(shut.clone().confirm(&old, &paul(), &at()).is_err());
        let open = shut.confirm(&words, &paul(), &at()).unwrap();
        assert_eq!(open.valid_keys(), [keys(3)]);
        assert!(open.is_stolen(&keys(2)) && !open.is_stolen(&keys(3)));
    }
}
