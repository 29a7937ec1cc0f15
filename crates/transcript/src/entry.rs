//! Entries: what is at one index of a log. An entry is a canonical JSON message (RFC 8785) with
//! salted digests in place of its fields, so that each field can be shown or withheld by itself.

use crate::channel::ChannelId;
use crate::disclosure::{BadDisclosure, Disclosure, Field};
use crate::hash::Hash;
use forewarn_stix::time::Timestamp;
use forewarn_stix::{canonical, json};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// Longest leaf, in bytes: [`MAX_FIELDS`] digests of 46 bytes, and 2 kB for the rest.
pub const MAX_LEAF_BYTES: usize = 8 << 10;
/// Most fields of one entry, shown and withheld together.
pub const MAX_FIELDS: usize = 128;
/// The version of the format that this crate writes and understands: the property `v`.
pub const VERSION: u64 = 1;

/// Longest token: a kind of 32 characters, two hyphens and a UUID are 70.
const MAX_TOKEN: usize = 128;

/// Whether a text is a token: a letter, and up to 127 of `A-Z`, `a-z`, `0-9`, `-`, `_`, `.` after
/// it. Names of kinds, ids, statuses and fields are tokens, so that none of them can be a sentence.
pub fn is_token(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    text.len() <= MAX_TOKEN
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(plain)
}

/// A reference to an entry, by its place and its leaf hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// The name of the log.
    pub log: String,
    /// The index of the entry in the log.
    pub index: u64,
    /// The leaf hash of the entry.
    pub hash: Hash,
}

/// An entry's properties, which every holder of the log sees. Its fields are in disclosures: see
/// [`Entry::opened`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The channel that the entry belongs to. An entry moved to another channel is refused.
    pub channel: ChannelId,
    /// The kind of message: `warning`, `question`, … The set is open: a reader may not know the
    /// kind.
    pub kind: String,
    /// The id of the message, globally unique.
    pub id: String,
    /// When the writer wrote the entry, by the writer's clock.
    pub time: Timestamp,
    /// The status of CAP 1.2: `Actual`, `Exercise` or `Test`.
    pub status: String,
    /// The entry that this one answers, if any.
    pub answers: Option<Reference>,
    /// The digests of all fields ([`Disclosure::digest`]), sorted, each once.
    pub digests: Vec<String>,
}

/// Why bytes are not an entry, or disclosures do not belong to it.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadEntry {
    /// The leaf is longer than [`MAX_LEAF_BYTES`], or there are more than [`MAX_FIELDS`] fields.
    #[error("the entry is too large: {0}")]
    TooLarge(&'static str),
    /// The leaf is not strict JSON, or not in canonical form: it could be read in two ways.
    #[error("the entry is not canonical JSON: {0}")]
    NotCanonical(String),
    /// The property with this name is missing or malformed.
    #[error("the entry's `{0}` is missing or malformed")]
    Property(&'static str),
    /// A property that names something is not a token ([`is_token`]).
    #[error("the entry's `{0}` is not a token: letters, digits, - _ . after a letter")]
    Token(&'static str),
    /// A disclosure cannot be read.
    #[error(transparent)]
    Disclosure(#[from] BadDisclosure),
    /// The entry does not have this digest, which is that of a disclosure.
    #[error("a disclosure does not belong to the entry: its digest {0} is not in it")]
    NotOurs(String),
    /// Two disclosures open fields of the same name, or one disclosure is given twice.
    #[error("the field `{0}` is opened twice")]
    Twice(String),
}

/// A leaf read as far as every version of the format agrees: bounded canonical JSON that names its
/// channel. Such a leaf may be in a log, whether it can be understood or not.
#[derive(Debug, Clone, PartialEq)]
pub struct Framed {
    /// The channel that the entry belongs to.
    pub channel: ChannelId,
    map: Map<String, Value>,
}

impl Framed {
    /// Reads a leaf of any version. Errs when it is too long, not canonical JSON, or names no
    /// channel.
    pub fn parse(leaf: &[u8]) -> Result<Framed, BadEntry> {
        if leaf.len() > MAX_LEAF_BYTES {
            return Err(BadEntry::TooLarge("a leaf has at most 8 kB"));
        }
        let value = json::read(leaf).map_err(|e| BadEntry::NotCanonical(e.to_string()))?;
        if canonical::bytes(&value) != leaf {
            return Err(BadEntry::NotCanonical("another form of the same value".to_owned()));
        }
        let Value::Object(map) = value else { return Err(BadEntry::Property("channel")) };
        let channel = map.get("channel").and_then(Value::as_str).and_then(ChannelId::parse);
        Ok(Framed { channel: channel.ok_or(BadEntry::Property("channel"))?, map })
    }

    /// The kind of message; `None` where a later version has no such property.
    pub fn kind(&self) -> Option<&str> {
        self.map.get("kind")?.as_str()
    }

    /// Reads the entry. Errs when it is of another version, lacks a property, or has one that this
    /// version does not know.
    pub fn entry(&self) -> Result<Entry, BadEntry> {
        Entry::from_map(&self.map)
    }
}

impl Entry {
    /// The leaf's bytes: canonical JSON (RFC 8785).
    pub fn leaf(&self) -> Vec<u8> {
        let mut value = json!({
            "v": VERSION, "channel": self.channel, "kind": self.kind, "id": self.id,
            "time": self.time, "status": self.status, "_sd_alg": "sha-256", "_sd": self.digests,
        });
        if let (Some(answers), Some(map)) = (&self.answers, value.as_object_mut()) {
            let reference = json!({
                "log": answers.log, "index": answers.index, "hash": answers.hash,
            });
            map.insert("answers".to_owned(), reference);
        }
        canonical::bytes(&value)
    }

    /// Reads a leaf of this version. Every byte counts: a leaf that is not in canonical form is
    /// refused.
    pub fn parse(leaf: &[u8]) -> Result<Entry, BadEntry> {
        Entry::from_map(&Framed::parse(leaf)?.map)
    }

    fn from_map(map: &Map<String, Value>) -> Result<Entry, BadEntry> {
        let known = ["v", "channel", "kind", "id", "time", "status", "_sd_alg", "_sd", "answers"];
        if map.keys().any(|key| !known.contains(&key.as_str())) {
            return Err(BadEntry::Property("set of properties"));
        }
        if map.get("v").and_then(Value::as_u64) != Some(VERSION) {
            return Err(BadEntry::Property("v"));
        }
        if map.get("_sd_alg").and_then(Value::as_str) != Some("sha-256") {
            return Err(BadEntry::Property("_sd_alg"));
        }
        let text = |name: &'static str| {
            let text = map.get(name).and_then(Value::as_str);
            text.filter(|t| !t.is_empty() && t.len() <= 256).ok_or(BadEntry::Property(name))
        };
        let answers = map.get("answers").map(Reference::deserialize);
        Ok(Entry {
            channel: ChannelId::parse(text("channel")?).ok_or(BadEntry::Property("channel"))?,
            kind: text("kind")?.to_owned(),
            id: text("id")?.to_owned(),
            time: Timestamp::parse(text("time")?).map_err(|_| BadEntry::Property("time"))?,
            status: text("status")?.to_owned(),
            answers: answers.transpose().map_err(|_| BadEntry::Property("answers"))?,
            digests: digests(map.get("_sd"))?,
        })
    }

    /// Checks that kind, id and status are tokens. It is no part of reading an entry: a log may hold
    /// some that were taken before this was asked of them.
    ///
    /// # Errors
    /// [`BadEntry::Token`] with the name of the property.
    pub fn check_tokens(&self) -> Result<(), BadEntry> {
        let all = [("kind", &self.kind), ("id", &self.id), ("status", &self.status)];
        let other = all.into_iter().find(|(_, text)| !is_token(text));
        other.map_or(Ok(()), |(name, _)| Err(BadEntry::Token(name)))
    }

    /// Checks that the digest of each disclosure is in the entry. Their content is not read, and
    /// repetitions are not noticed.
    pub fn check_belongs(&self, disclosures: &[Disclosure]) -> Result<(), BadEntry> {
        if disclosures.len() > self.digests.len() {
            return Err(BadEntry::TooLarge("there are more disclosures than digests"));
        }
        let stranger = disclosures
            .iter()
            .map(Disclosure::digest)
            .find(|digest| self.digests.binary_search(digest).is_err());
        stranger.map_or(Ok(()), |digest| Err(BadEntry::NotOurs(digest)))
    }

    /// The fields that the disclosures open, in their order. Errs when a disclosure does not belong
    /// to the entry or cannot be read, or a name occurs twice.
    pub fn opened(&self, disclosures: &[Disclosure]) -> Result<Vec<Field>, BadEntry> {
        self.check_belongs(disclosures)?;
        let mut fields: Vec<Field> = Vec::new();
        for disclosure in disclosures {
            let field = disclosure.open()?;
            if fields.iter().any(|known| known.name == field.name) {
                return Err(BadEntry::Twice(field.name));
            }
            fields.push(field);
        }
        Ok(fields)
    }
}

/// The digests of disclosures, sorted as [`Entry::digests`] needs them.
pub fn digests_of(disclosures: &[Disclosure]) -> Vec<String> {
    let mut digests: Vec<String> = disclosures.iter().map(Disclosure::digest).collect();
    digests.sort_unstable();
    digests
}

fn digests(value: Option<&Value>) -> Result<Vec<String>, BadEntry> {
    let list = value.and_then(Value::as_array).ok_or(BadEntry::Property("_sd"))?;
    if list.len() > MAX_FIELDS {
        return Err(BadEntry::TooLarge("an entry has at most 128 fields"));
    }
    let texts: Option<Vec<String>> = list
        .iter()
        .map(|digest| digest.as_str().filter(|d| d.len() == 43).map(str::to_owned))
        .collect();
    let texts = texts.ok_or(BadEntry::Property("_sd"))?;
    let sorted = texts.iter().zip(texts.iter().skip(1)).all(|(a, b)| a < b);
    if sorted { Ok(texts) } else { Err(BadEntry::Property("_sd")) }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::channel::tests::channel;

    pub(crate) fn entry(kind: &str, fields: &[(&str, &str)]) -> (Entry, Vec<Disclosure>) {
        let disclosures: Vec<Disclosure> = fields
            .iter()
            .enumerate()
            .map(|(n, (name, value))| {
                Disclosure::new([u8::try_from(n).unwrap(); 16], name, &Value::from(*value))
            })
            .collect();
        let entry = Entry {
            channel: channel().id(),
            kind: kind.into(),
            id: format!("{kind}--1"),
            time: Timestamp::parse("2017-12-15T09:30:00.000Z").unwrap(),
            status: "Exercise".into(),
            answers: None,
            digests: digests_of(&disclosures),
        };
        (entry, disclosures)
    }

    #[test]
    fn an_entry_reads_back_from_its_leaf() {
        let (mut entry, _) = entry("warning", &[("title", "x"), ("text", "y")]);
        assert_eq!(Entry::parse(&entry.leaf()).unwrap(), entry);
        entry.answers = Some(Reference { log: "l".into(), index: 3, hash: Hash::of(b"x") });
        assert_eq!(Entry::parse(&entry.leaf()).unwrap(), entry);
    }

    #[test]
    fn what_names_something_is_a_token() {
        for good in ["warning", "recall-answer", "Actual", "valid_until", "a.b", "x--00-4"] {
            assert!(is_token(good), "{good}");
        }
        let long = "a".repeat(129);
        for bad in ["", "1a", "-a", "a b", "a\n", "a\u{202e}b", "ä", "a:b", "a/b", &*long] {
            assert!(!is_token(bad), "{bad:?}");
        }
        let (entry, _) = entry("warning", &[]);
        assert_eq!(entry.check_tokens(), Ok(()));
        let said = Entry { id: "we take it all back".into(), ..entry };
        assert_eq!(said.check_tokens(), Err(BadEntry::Token("id")));
        // It is still read: a log may hold it.
        assert_eq!(Entry::parse(&said.leaf()).unwrap(), said);
    }

    #[test]
    fn some_fields_can_be_shown_and_others_not() {
        let (entry, all) = entry("warning", &[("title", "x"), ("source", "HERON")]);
        let shown = entry.opened(&all[..1]).unwrap();
        assert_eq!(shown.len(), 1);
        assert_eq!(shown[0].name, "title");
        assert!(!String::from_utf8(entry.leaf()).unwrap().contains("HERON"));
    }

    #[test]
    fn a_foreign_or_repeated_disclosure_is_refused() {
        let (entry, all) = entry("warning", &[("title", "x"), ("text", "y")]);
        let foreign = Disclosure::new([9; 16], "title", &"z".into());
        assert!(matches!(entry.opened(&[foreign]), Err(BadEntry::NotOurs(_))));
        let twice = [all[0].clone(), all[0].clone()];
        assert_eq!(entry.opened(&twice), Err(BadEntry::Twice("title".into())));
    }

    #[test]
    fn each_changed_byte_of_a_leaf_is_refused_or_read_as_another_entry() {
        let (entry, _) = entry("warning", &[("title", "x")]);
        let leaf = entry.leaf();
        for at in 0..leaf.len() {
            let mut altered = leaf.clone();
            altered[at] ^= 1;
            assert_ne!(Entry::parse(&altered).ok(), Some(entry.clone()), "byte {at}");
        }
        let spaced = String::from_utf8(leaf).unwrap().replace("{\"_sd\"", "{ \"_sd\"");
        assert!(matches!(Entry::parse(spaced.as_bytes()), Err(BadEntry::NotCanonical(_))));
    }
}
