//! A channel: two parties, and the two logs that they write to each other. Entry 0 of both logs is
//! the genesis, which names the parties and their keys.

use crate::checkpoint::{self, BadCheckpoint, Opened, Receipt};
use crate::hash::Hash;
use crate::key::Keys;
use crate::note::Note;
use forewarn_stix::{canonical, json};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::fmt;

/// A channel's id: the leaf hash of its genesis entry. Written as 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChannelId(Hash);

/// One party of a channel, as the genesis names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// The node's name, usually a domain name: see [`is_node_name`].
    pub name: String,
    /// The node's keys at that time.
    #[serde(flatten)]
    pub keys: Keys,
}

/// The two parties of a channel, in the order of the genesis, with all keys that they have had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    parties: [Party; 2],
    id: ChannelId,
    /// Keys that a party took after the genesis, oldest first: see [`crate::succession`].
    later: Vec<Party>,
}

/// Why two parties cannot form a channel, or why bytes are not a genesis entry.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadChannel {
    /// Both parties have the same name or the same Ed25519 key.
    #[error("a channel needs two parties with different names and keys")]
    Same,
    /// A party's name is not the name of a node.
    #[error("`{0}` is not a node's name: 1 to 100 of a-z, 0-9, dots and hyphens")]
    Name(String),
    /// The bytes are not a genesis entry in canonical form.
    #[error("not a genesis entry: {0}")]
    Genesis(String),
}

impl ChannelId {
    /// Reads 64 hexadecimal digits in lower case; `None` for anything else.
    pub fn parse(text: &str) -> Option<ChannelId> {
        Hash::try_from(text.to_owned()).ok().map(ChannelId)
    }
}

impl fmt::Display for ChannelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Whether a node may have this name: 1 to 100 of a-z, 0-9, dots and hyphens, not beginning with a
/// dot or hyphen. Names are parts of log names, note lines and URLs.
pub fn is_node_name(name: &str) -> bool {
    let plain = |b: u8| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-');
    (1..=100).contains(&name.len()) && name.bytes().all(plain) && !name.starts_with(['.', '-'])
}

impl Channel {
    /// The channel of two parties. It does not depend on which party is named first. ML-DSA-44 keys
    /// are used only if both parties have one.
    ///
    /// Errs when the parties have the same name or Ed25519 key, or a name that no node may have.
    pub fn between(one: Party, other: Party) -> Result<Channel, BadChannel> {
        if one.name == other.name || one.keys.ed25519 == other.keys.ed25519 {
            return Err(BadChannel::Same);
        }
        let both = one.keys.mldsa44.is_some() && other.keys.mldsa44.is_some();
        let [one, other] = [one, other].map(|party| Party {
            keys: Keys { mldsa44: party.keys.mldsa44.filter(|_| both), ..party.keys },
            ..party
        });
        for party in [&one, &other] {
            if !is_node_name(&party.name) {
                return Err(BadChannel::Name(party.name.clone()));
            }
        }
        let swap = one.keys.ed25519.bytes() > other.keys.ed25519.bytes();
        let parties = if swap { [other, one] } else { [one, other] };
        let id = ChannelId(Hash::leaf(&genesis(&parties)));
        Ok(Channel { parties, id, later: Vec::new() })
    }

    /// The genesis entry, which is entry 0 of both logs, as canonical JSON.
    pub fn genesis(&self) -> Vec<u8> {
        genesis(&self.parties)
    }

    /// Reads a genesis entry. Every byte must be as [`Channel::genesis`] writes it.
    pub fn from_genesis(leaf: &[u8]) -> Result<Channel, BadChannel> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Form {
            v: u64,
            kind: String,
            parties: [Party; 2],
        }
        let bad = |why: String| BadChannel::Genesis(why);
        let value = json::read(leaf).map_err(|e| bad(e.to_string()))?;
        let form: Form = serde_json::from_value(value).map_err(|e| bad(e.to_string()))?;
        if form.v != 1 || form.kind != "genesis" {
            return Err(bad("its version is not 1, or its kind is not `genesis`".to_owned()));
        }
        let [one, other] = form.parties;
        let channel = Channel::between(one, other)?;
        if channel.genesis() != leaf {
            return Err(bad("it is not in canonical form".to_owned()));
        }
        Ok(channel)
    }

    /// The id of the channel: the leaf hash of its genesis.
    pub fn id(&self) -> ChannelId {
        self.id
    }

    /// Whether every checkpoint and cosignature on this channel needs a second signature, by
    /// ML-DSA-44: so it is when the genesis has such a key of both parties.
    pub fn signs_twice(&self) -> bool {
        self.parties.iter().all(|party| party.keys.mldsa44.is_some())
    }

    /// The channel with one more key of a party, newer than those known. Nothing changes if the key
    /// is known, or if it lacks the ML-DSA-44 key on a channel that signs twice, or has one on a
    /// channel that does not.
    pub fn with_key(mut self, party: Party) -> Channel {
        let whole = party.keys.mldsa44.is_some() == self.signs_twice();
        if whole && !self.keys_of(&party.name).any(|keys| *keys == party.keys) {
            self.later.push(party);
        }
        self
    }

    /// All keys that the party with this name has had, oldest first; empty for an unknown name.
    pub fn keys_of<'a>(&'a self, name: &'a str) -> impl DoubleEndedIterator<Item = &'a Keys> {
        let all = self.parties.iter().chain(&self.later);
        all.filter(move |party| party.name == name).map(|party| &party.keys)
    }

    /// Checks the writer's signatures on a checkpoint of this log by any key that the writer has
    /// had, newest first. [`Opened::by`] says which key fits.
    ///
    /// Errs when the log is not one of this channel, the checkpoint is of another log, or no key
    /// fits; then with the reason for the newest key.
    pub fn open(&self, log: &str, note: &Note) -> Result<Opened, BadCheckpoint> {
        let (writer, _) = self.roles(log).ok_or(BadCheckpoint::Log)?;
        let mut first = None;
        for keys in self.keys_of(&writer.name).rev() {
            match checkpoint::open(note, keys) {
                Ok(opened) if opened.checkpoint.origin == log => return Ok(opened),
                Ok(_) => return Err(BadCheckpoint::Log),
                Err(why) => first = first.or(Some(why)),
            }
        }
        Err(first.unwrap_or(BadCheckpoint::Log))
    }

    /// Checks both parties' signatures on a cosigned checkpoint of this log, by any keys that they
    /// have had, newest first. Errs as [`Channel::open`] does.
    pub fn receipt(&self, log: &str, note: &Note) -> Result<Receipt, BadCheckpoint> {
        self.cosigned(&self.open(log, note)?, note)
    }

    /// Checks the reader's signatures on a cosigned checkpoint whose writer's were checked before:
    /// the receipt has the writer's lines from there.
    ///
    /// Errs when `note` says anything else than what was opened, or no key fits; then with the
    /// reason for the newest key.
    pub fn cosigned(&self, opened: &Opened, note: &Note) -> Result<Receipt, BadCheckpoint> {
        let log = &opened.checkpoint.origin;
        let (_, reader) = self.roles(log).ok_or(BadCheckpoint::Log)?;
        if note.text() != opened.note.text() {
            return Err(BadCheckpoint::Form("it is not of the checkpoint that was written"));
        }
        let mut first = None;
        for keys in self.keys_of(&reader.name).rev() {
            match checkpoint::receipt(note, opened, (&reader.name, keys)) {
                Ok(receipt) => return Ok(receipt),
                Err(why) => first = first.or(Some(why)),
            }
        }
        Err(first.unwrap_or(BadCheckpoint::Log))
    }

    /// Both parties, in the order of the genesis, with the keys that it names.
    pub fn parties(&self) -> &[Party; 2] {
        &self.parties
    }

    /// The name of the log that `writer` writes, which is the origin of its checkpoints:
    /// `writer/forewarn/channel-id`.
    pub fn log_of(&self, writer: &str) -> String {
        format!("{writer}/forewarn/{}", self.id())
    }

    /// The writer and the reader of the log with this name; `None` if it is not a log of this
    /// channel.
    pub fn roles(&self, log: &str) -> Option<(&Party, &Party)> {
        let [one, other] = &self.parties;
        if self.log_of(&one.name) == log {
            Some((one, other))
        } else if self.log_of(&other.name) == log {
            Some((other, one))
        } else {
            None
        }
    }
}

fn genesis(parties: &[Party; 2]) -> Vec<u8> {
    canonical::bytes(&json!({ "v": 1, "kind": "genesis", "parties": parties }))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::Checkpoint;
    use crate::key::SecretKey;

    pub(crate) fn key(seed: u8) -> SecretKey {
        SecretKey::from_seed(&[seed; 32])
    }

    pub(crate) fn channel() -> Channel {
        let party = |name: &str, seed| Party { name: name.into(), keys: key(seed).keys() };
        Channel::between(party("a.example", 1), party("b.example", 2)).unwrap()
    }

    #[test]
    fn both_sides_make_the_same_genesis() {
        let [one, other] = channel().parties().clone();
        assert_eq!(Channel::between(other, one).unwrap().id(), channel().id());
        assert_eq!(Channel::from_genesis(&channel().genesis()).unwrap(), channel());
    }

    /// A party that got its second key later, or has none, must find the same channel as before.
    #[test]
    fn second_keys_count_where_both_have_one() {
        let party = |name: &str, seed, second: bool| {
            let keys = key(seed).keys();
            let mldsa44 = keys.mldsa44.filter(|_| second);
            Party { name: name.into(), keys: Keys { mldsa44, ..keys } }
        };
        let one =
            |a, b| Channel::between(party("a.example", 1, a), party("b.example", 2, b)).unwrap();
        assert!(one(true, true).signs_twice());
        assert!(!one(true, false).signs_twice());
        assert_eq!(one(true, false).id(), one(false, false).id());
        assert_ne!(one(true, true).id(), one(false, false).id());
        let genesis = one(true, true).genesis();
        assert!(genesis.len() < crate::entry::MAX_LEAF_BYTES);
        assert_eq!(Channel::from_genesis(&genesis).unwrap(), one(true, true));
    }

    #[test]
    fn a_log_has_a_writer_and_a_reader() {
        let channel = channel();
        let (writer, reader) = channel.roles(&channel.log_of("b.example")).unwrap();
        assert_eq!((writer.name.as_str(), reader.name.as_str()), ("b.example", "a.example"));
        assert!(channel.roles("c.example/forewarn/x").is_none());
    }

    /// What was checked of one checkpoint says nothing of another.
    #[test]
    fn a_cosignature_counts_for_the_checkpoint_that_was_opened() {
        let (channel, log) = (channel(), channel().log_of("a.example"));
        let at = |size| Checkpoint { origin: log.clone(), size, root: Hash([3; 32]) };
        let written = |size| at(size).sign(&key(1), true);
        let cosign = |size| {
            let with = (&written(size), &at(size));
            checkpoint::cosign(with, ("b.example", &key(2)), 1_513_330_200, true)
        };
        let opened = channel.open(&log, &written(4)).unwrap();
        let receipt = channel.cosigned(&opened, &cosign(4)).unwrap();
        assert_eq!(receipt, channel.receipt(&log, &cosign(4)).unwrap());
        assert!(channel.cosigned(&opened, &cosign(5)).is_err());
        assert!(channel.cosigned(&opened, &written(4)).is_err());
    }

    #[test]
    fn a_name_that_could_be_read_as_something_else_is_refused() {
        for name in ["", "A", "a b", "a/b", "a+b", ".a", "é"] {
            assert!(!is_node_name(name), "{name}");
        }
    }
}
