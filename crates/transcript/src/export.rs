//! A whole transcript in one file: both logs of a channel, which can be verified without a node.

use crate::batch::{Carried, check_entry};
use crate::bounded;
use crate::channel::Channel;
use crate::checkpoint::Checkpoint;
use crate::entry::{Entry, Reference};
use crate::evidence::{NotProven, PartyShown, ReadEntry, parties};
use crate::hash::Hash;
use crate::key::Keys;
use crate::note::Note;
use crate::succession::{self, CHANGE, CONFIRMED, Said};
use crate::tree::MemoryTree;
use forewarn_stix::json;
use serde::{Deserialize, Serialize};

/// The value of the file's property `format`: its name and version.
pub const FORMAT: &str = "forewarn-transcript/1";

/// The file, as JSON in any form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transcript {
    /// The format and its version: [`FORMAT`].
    pub format: String,
    /// The channel's genesis entry, as canonical JSON.
    pub genesis: String,
    /// The logs of the channel. One of them may be missing.
    #[serde(deserialize_with = "bounded::list::<_, _, MAX_LOGS>")]
    pub logs: Vec<LogCopy>,
}

/// A complete copy of one log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogCopy {
    /// The log's name.
    pub log: String,
    /// All entries, from index 0.
    #[serde(deserialize_with = "bounded::list::<_, _, MAX_CARRIED>")]
    pub entries: Vec<Carried>,
    /// The leaf hash of each entry, so that verifying can point at a changed one.
    #[serde(deserialize_with = "bounded::list::<_, _, MAX_CARRIED>")]
    pub hashes: Vec<Hash>,
    /// The writer's checkpoint over all entries, as a note.
    pub checkpoint: String,
    /// The newest checkpoint that the reader has cosigned, as a note, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<String>,
    /// Checkpoints signed by earlier keys, as notes, over the entries that announce or confirm
    /// later keys. They prove those keys.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "bounded::list::<_, _, MAX_EARLIER>"
    )]
    pub earlier: Vec<String>,
}

/// What a verified transcript proves.
#[derive(Debug, Clone, Serialize)]
pub struct Whole {
    /// The channel's id, in hexadecimal.
    pub channel: String,
    /// The two parties, with their keys.
    pub parties: Vec<PartyShown>,
    /// The logs, in the order of the file.
    pub logs: Vec<LogShown>,
}

/// One log of a verified transcript.
#[derive(Debug, Clone, Serialize)]
pub struct LogShown {
    /// The name of the party that wrote the log.
    pub writer: String,
    /// The name of the party that it was written to.
    pub reader: String,
    /// The number of entries, all of which the writer's checkpoint covers.
    pub entries: u64,
    /// The number of entries, from the first on, that the reader's newest receipt covers; 0 without
    /// a receipt.
    pub receipted: u64,
}

/// A channel has two logs.
const MAX_LOGS: usize = 2;
/// Most entries of one log in a file: what a person carries; more goes over the wire.
pub const MAX_CARRIED: usize = 100_000;
/// Most changes of keys in one log: one a day for a generation.
const MAX_EARLIER: usize = 10_000;

/// The message for a log that is not one of the channel's two.
const FOREIGN_LOG: &str = "does not belong to this channel";

impl Transcript {
    /// Reads a file; nothing is verified yet. Errs when it is not strict JSON, not a transcript, or
    /// of another format.
    pub fn parse(bytes: &[u8]) -> Result<Transcript, NotProven> {
        let bad = |why: String| NotProven { place: "the file".to_owned(), why };
        let transcript: Transcript =
            json::read_as(bytes).map_err(|e| bad(format!("is not a transcript: {e}")))?;
        if transcript.format != FORMAT {
            return Err(bad(format!("has the format `{}`, not {FORMAT}", transcript.format)));
        }
        Ok(transcript)
    }

    /// Verifies every entry, root and signature. Errs with the first part that does not hold.
    pub fn verify(&self) -> Result<Whole, NotProven> {
        self.verify_by(&[])
    }

    /// Like [`Transcript::verify`], with keys that the verifier got by other means. Each of them
    /// must belong to one of the parties.
    pub fn verify_by(&self, pinned: &[Keys]) -> Result<Whole, NotProven> {
        let channel = Channel::from_genesis(self.genesis.as_bytes())
            .map_err(|e| NotProven { place: "the genesis".to_owned(), why: e.to_string() })?;
        let trees =
            self.logs.iter().map(|log| log.tree(&channel)).collect::<Result<Vec<_>, _>>()?;
        let channel = self.with_later_keys(channel, &trees);
        let logs = self.logs.iter().zip(&trees).map(|(log, tree)| log.verify(&channel, tree));
        let logs = logs.collect::<Result<_, _>>()?;
        let used = self.logs.iter().flat_map(|log| log.used(&channel)).collect::<Vec<_>>();
        let parties = parties(&channel, &used, pinned)?;
        Ok(Whole { channel: channel.id().to_string(), parties, logs })
    }

    /// The channel with the keys that entries announce and confirm. Only entries under checkpoints
    /// of keys that are already known count.
    fn with_later_keys(&self, mut channel: Channel, trees: &[MemoryTree]) -> Channel {
        loop {
            let proven = self.logs.iter().zip(trees).flat_map(|(log, tree)| {
                let open = |text: &String| {
                    let opened = channel.open(&log.log, &log.note(text).ok()?).ok()?;
                    log.follows(&opened.checkpoint, tree).ok()
                };
                log.said(&channel, log.earlier.iter().filter_map(open).max().unwrap_or(0))
            });
            let read: Vec<ReadEntry> = proven.collect();
            let said: Vec<Said> = read.iter().map(ReadEntry::said).collect();
            let more = succession::follow(channel.clone(), &said);
            if more == channel {
                return channel;
            }
            channel = more;
        }
    }
}

impl LogCopy {
    /// The keys that have signed the log's checkpoint and receipt.
    fn used(&self, channel: &Channel) -> Vec<Keys> {
        let note = |text: &String| Note::parse(text).ok();
        let written = note(&self.checkpoint).and_then(|n| channel.open(&self.log, &n).ok());
        let receipt = self.receipt.as_ref().and_then(note);
        let receipt = receipt.and_then(|note| channel.receipt(&self.log, &note).ok());
        let both = receipt.map(|receipt| receipt.by).into_iter().flatten();
        written.map(|opened| opened.by).into_iter().chain(both).collect()
    }

    /// The entries among the first `size` that announce or confirm keys.
    fn said(&self, channel: &Channel, size: u64) -> Vec<ReadEntry> {
        let Some((writer, _)) = channel.roles(&self.log) else { return Vec::new() };
        let all = self.entries.iter().zip(0..size);
        let read = all.filter_map(|(carried, index)| {
            let entry = Entry::parse(carried.leaf.as_bytes()).ok()?;
            let hash = Hash::leaf(carried.leaf.as_bytes());
            let place = Reference { log: self.log.clone(), index, hash };
            let fields = entry.opened(&carried.disclosures).ok()?;
            Some(ReadEntry { writer: writer.name.clone(), place, entry, fields })
        });
        read.filter(|read| [CHANGE, CONFIRMED].contains(&read.entry.kind.as_str())).collect()
    }

    fn verify(&self, channel: &Channel, tree: &MemoryTree) -> Result<LogShown, NotProven> {
        let at = |place: String, why: String| NotProven { place, why };
        let named = || format!("the log `{}`", self.log);
        let Some((writer, reader)) = channel.roles(&self.log) else {
            return Err(at(named(), FOREIGN_LOG.to_owned()));
        };
        let note = self.note(&self.checkpoint)?;
        let whole = channel.open(&self.log, &note).map_err(|e| self.bad(e.to_string()))?;
        if self.follows(&whole.checkpoint, tree)? != self.entries.len() as u64 {
            return Err(at(
                named(),
                "its checkpoint does not cover exactly its entries".to_owned(),
            ));
        }
        let receipted = match &self.receipt {
            None => 0,
            Some(text) => {
                let note = self.note(text)?;
                let receipt = channel
                    .receipt(&self.log, &note)
                    .map_err(|e| at(format!("the receipt of {}", named()), e.to_string()))?;
                self.follows(&receipt.checkpoint, tree)?
            }
        };
        Ok(LogShown {
            writer: writer.name.clone(),
            reader: reader.name.clone(),
            entries: self.entries.len() as u64,
            receipted,
        })
    }

    /// The Merkle tree over the entries, each of which is checked first.
    fn tree(&self, channel: &Channel) -> Result<MemoryTree, NotProven> {
        let Some((writer, _)) = channel.roles(&self.log) else {
            let place = format!("the log `{}`", self.log);
            return Err(NotProven { place, why: FOREIGN_LOG.to_owned() });
        };
        let writer = &writer.name;
        let mut tree = MemoryTree::default();
        for (index, carried) in (0u64..).zip(&self.entries) {
            let place = || format!("entry {index} of {writer}'s log");
            let hash = Hash::leaf(carried.leaf.as_bytes());
            let stated = usize::try_from(index).ok().and_then(|n| self.hashes.get(n));
            if stated != Some(&hash) {
                let why = "its bytes do not give the hash that is stated".to_owned();
                return Err(NotProven { place: place(), why });
            }
            check_entry(channel, index, carried)
                .map_err(|e| NotProven { place: place(), why: e.to_string() })?;
            tree.push(hash);
        }
        if self.hashes.len() != self.entries.len() {
            let why = "there are more hashes than entries".to_owned();
            return Err(NotProven { place: format!("{writer}'s log"), why });
        }
        Ok(tree)
    }

    fn bad(&self, why: String) -> NotProven {
        NotProven { place: format!("a checkpoint of `{}`", self.log), why }
    }

    fn note(&self, text: &str) -> Result<Note, NotProven> {
        Note::parse(text).map_err(|e| self.bad(e.to_string()))
    }

    /// The size that a checkpoint states. Errs when the entries do not give its root.
    fn follows(&self, checkpoint: &Checkpoint, tree: &MemoryTree) -> Result<u64, NotProven> {
        let root = crate::tree::root(checkpoint.size, &|level, index| tree.get(level, index));
        if root != Ok(checkpoint.root) {
            return Err(self.bad("its root is not that of the entries".to_owned()));
        }
        Ok(checkpoint.size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::tests::{channel, key};
    use crate::checkpoint;
    use crate::entry::tests::entry;

    fn transcript() -> Transcript {
        let channel = channel();
        let log = channel.log_of("a.example");
        let genesis = String::from_utf8(channel.genesis()).unwrap();
        let (one, disclosures) = entry("warning", &[("title", "x")]);
        let leaf = String::from_utf8(one.leaf()).unwrap();
        let entries = vec![
            Carried { leaf: genesis.clone(), disclosures: vec![] },
            Carried { leaf, disclosures },
        ];
        let hashes: Vec<Hash> = entries.iter().map(|e| Hash::leaf(e.leaf.as_bytes())).collect();
        let mut tree = MemoryTree::default();
        for hash in &hashes {
            tree.push(*hash);
        }
        let whole = Checkpoint { origin: log.clone(), size: 2, root: tree.root() };
        let note = whole.sign(&key(1), true);
        let receipt = checkpoint::cosign((&note, &whole), ("b.example", &key(2)), 5, true);
        let receipt = receipt.to_string();
        let checkpoint = note.to_string();
        let copy =
            LogCopy { log, entries, hashes, checkpoint, receipt: Some(receipt), earlier: vec![] };
        Transcript { format: FORMAT.into(), genesis, logs: vec![copy] }
    }

    #[test]
    fn a_transcript_verifies_and_a_flipped_bit_is_pointed_at() {
        let good = transcript();
        let whole = good.verify().unwrap();
        assert_eq!((whole.logs[0].entries, whole.logs[0].receipted), (2, 2));
        let mut altered = good.clone();
        altered.logs[0].entries[1].leaf =
            altered.logs[0].entries[1].leaf.replace("Exercise", "Exercisf");
        assert_eq!(altered.verify().unwrap_err().place, "entry 1 of a.example's log");
    }

    #[test]
    fn each_flipped_bit_of_a_transcript_is_detected() {
        let good = serde_json::to_vec(&transcript()).unwrap();
        // Signatures are slow to check, and each byte of them is like the next.
        for at in (0..good.len()).filter(|at| at % 13 == 0 || !good[*at].is_ascii_alphanumeric()) {
            let mut altered = good.clone();
            altered[at] ^= 1;
            assert!(Transcript::parse(&altered).and_then(|t| t.verify()).is_err(), "byte {at}");
        }
    }
}
