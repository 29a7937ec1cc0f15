//! Contact cards: the signed file by which two nodes become partners.

use crate::name::NodeName;
use crate::origin::Origin;
use crate::words::WORDS;
use forewarn_transcript::{Hash, Keys, Note, PublicKey, SecondKey};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A card's first line: no other text that a node's key signs begins so.
pub const HEADER: &str = "forewarn contact card v1";
/// How many words of the fingerprint are read aloud: 10 of 256 are 80 bits.
const FINGERPRINT_WORDS: usize = 10;
/// Words of a digest that two people compare.
const DIGEST_WORDS: usize = 4;

/// What a card says, once its own signature was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Card {
    /// The node's name.
    pub name: NodeName,
    /// The organisation that runs the node, as its owner writes it; one line.
    pub organisation: String,
    /// Where the node answers on the network; empty for a partner without a node.
    pub url: String,
    /// The public keys that the node signs by.
    #[serde(flatten)]
    pub keys: Keys,
}

/// Why a file is not a contact card.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadCard {
    /// It cannot be read: the text says which line is missing or not as it should be.
    #[error("this is not a contact card: {0}")]
    Form(String),
    /// It reads well, but no signature by the key that it names fits its text.
    #[error("the card's signature does not fit: it was changed, or not made by its key's holder")]
    Signature,
}

impl Card {
    /// The note's text, to be signed by the node's key under the node's name.
    pub fn text(&self) -> String {
        let Card { name, organisation, url, keys } = self;
        let key = &keys.ed25519;
        let second = keys.mldsa44.as_ref();
        let second = second.map(|key| format!("mldsa44: {key}\n")).unwrap_or_default();
        format!(
            "{HEADER}\nname: {name}\norganisation: {organisation}\nurl: {url}\nkey: {key}\n{second}"
        )
    }

    /// Reads a card and checks that the holder of its key has signed it.
    ///
    /// # Errors
    /// [`BadCard::Form`] when it cannot be read, [`BadCard::Signature`] when a signature does not
    /// fit.
    pub fn parse(input: &str) -> Result<Card, BadCard> {
        let form = |why: &str| BadCard::Form(why.to_owned());
        let note = Note::parse(input).map_err(|e| BadCard::Form(e.to_string()))?;
        let mut lines = note.text().lines();
        if lines.next() != Some(HEADER) {
            return Err(form("its first line is another one"));
        }
        let mut field = |name: &str| {
            let line = lines.next().and_then(|line| line.strip_prefix(name)?.strip_prefix(": "));
            line.filter(|text| !text.is_empty() && text.len() <= 300)
                .map(str::to_owned)
                .ok_or_else(|| BadCard::Form(format!("its line `{name}` is missing")))
        };
        let name = field("name")?;
        let (organisation, url) = (field("organisation")?, field("url")?);
        let ed25519 =
            PublicKey::try_from(field("key")?).map_err(|e| BadCard::Form(e.to_string()))?;
        // Cards of nodes without a second key end here.
        let second = lines.next().and_then(|line| line.strip_prefix("mldsa44: "));
        let second = second.map(|text| SecondKey::try_from(text.to_owned()));
        let mldsa44 = second.transpose().map_err(|e| BadCard::Form(e.to_string()))?;
        let keys = Keys { ed25519, mldsa44 };
        let name = NodeName::parse(&name).map_err(|e| BadCard::Form(e.to_string()))?;
        Origin::parse(&url).map_err(|e| BadCard::Form(format!("its url: {e}")))?;
        let card = Card { name, organisation, url, keys };
        if card.text() != note.text() {
            return Err(form("it has other lines too"));
        }
        note.verify(&card.name, &card.keys.ed25519).map_err(|_| BadCard::Signature)?;
        Ok(card)
    }

    /// Ten words over name and keys, to be read aloud by a way that is not this one.
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.name, &self.keys)
    }
}

/// Ten words over a node's name and keys.
pub fn fingerprint(name: &str, keys: &Keys) -> String {
    let second = keys.mldsa44.as_ref().map(|key| format!("{key}\n")).unwrap_or_default();
    let digest = Hash::of(format!("{name}\n{}\n{second}", keys.ed25519).as_bytes());
    aloud(digest, FINGERPRINT_WORDS)
}

/// Words over the digest of a draft, by which two people who look at it can tell aloud that they see
/// the same bytes. They are for people who trust each other: 32 bits keep nobody out.
pub fn digest_words(digest: Hash) -> String {
    aloud(digest, DIGEST_WORDS)
}

/// A word for each of the first bytes.
fn aloud(digest: Hash, words: usize) -> String {
    let word = |byte: &u8| WORDS.get(usize::from(*byte)).copied().unwrap_or_default();
    digest.0.iter().take(words).map(word).collect::<Vec<_>>().join(" ")
}

/// Whether words typed by a person are this fingerprint: case, commas and hyphens do not count.
pub(crate) fn same_words(typed: &str, fingerprint: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphabetic())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect()
    };
    words(typed) == words(fingerprint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use forewarn_transcript::SecretKey;

    fn card() -> (Card, String) {
        let key = SecretKey::from_seed(&[1; 32]);
        let card = Card {
            name: NodeName::parse("a.example").unwrap(),
            organisation: "Service A".into(),
            url: "http://127.0.0.1:7001".into(),
            keys: key.keys(),
        };
        let note = Note::new(card.text(), vec![key.sign_note("a.example", &card.text())]);
        (card, note.to_string())
    }

    #[test]
    fn a_card_reads_back_and_has_ten_words() {
        let (card, text) = card();
        assert_eq!(Card::parse(&text).unwrap(), card);
        let other = SecretKey::from_seed(&[2; 32]).keys();
        let mixed = Keys { mldsa44: other.mldsa44, ..card.keys.clone() };
        assert_ne!(fingerprint("a.example", &mixed), card.fingerprint());
        assert_eq!(card.fingerprint().split(' ').count(), 10);
        assert!(same_words(
            &card.fingerprint().to_uppercase().replace(' ', ", "),
            &card.fingerprint()
        ));
        assert!(!same_words("acorn", &card.fingerprint()));
    }

    #[test]
    fn a_changed_card_is_refused() {
        let (_, text) = card();
        assert_eq!(Card::parse(&text.replace("7001", "7002")), Err(BadCard::Signature));
        assert!(matches!(Card::parse("hello"), Err(BadCard::Form(_))));
        assert!(matches!(
            Card::parse(&text.replace("127.0.0.1:7001", "127.0.0.1:7001/x?y")),
            Err(BadCard::Form(_))
        ));
        assert!(matches!(
            Card::parse(&text.replace("url: http", "url: file")),
            Err(BadCard::Form(_))
        ));
    }
}
