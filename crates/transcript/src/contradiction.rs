//! Two signed checkpoints of one log that cannot both be true. They prove to anyone who has the
//! writer's key that the writer has written two different logs.

use crate::channel::Channel;
use crate::checkpoint::Opened;
use crate::evidence::{NotProven, PartyShown, parties};
use crate::hash::Hash;
use crate::key::Keys;
use crate::note::Note;
use crate::tree;
use forewarn_stix::{canonical, json};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The value of the file's property `format`: its name and version.
pub const FORMAT: &str = "forewarn-contradiction/1";
/// Longest file read, in bytes: two notes, two leaves, two paths and a genesis.
pub const MAX_BYTES: usize = 128 << 10;
/// Longest inclusion path, in hashes: logs end long before 2^64 entries.
const MAX_PATH: usize = 64;

/// The file: JSON in canonical form, followed by a line feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Contradiction {
    /// The format and its version: [`FORMAT`].
    pub format: String,
    /// The channel's genesis entry, as canonical JSON.
    pub genesis: String,
    /// The log's name.
    pub log: String,
    /// The two statements that contradict each other.
    pub signed: [Signed; 2],
}

/// One of the two statements about the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    /// The writer's checkpoint as a signed note. Signature lines of others do not matter.
    pub checkpoint: String,
    /// The entry at the index where the logs differ, proven to be in this one. Two checkpoints of
    /// the same size with different roots need no entries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<Placed>,
}

/// An entry with the proof that it is in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Placed {
    /// The index of the entry in the log.
    pub index: u64,
    /// The leaf's bytes, which are canonical JSON.
    pub leaf: String,
    /// The inclusion path, from the leaf's sibling up (RFC 6962 §2.1.1).
    pub path: Vec<Hash>,
}

/// What a verified contradiction proves.
#[derive(Debug, Clone, Serialize)]
pub struct ProvenContradiction {
    /// The channel's id, in hexadecimal.
    pub channel: String,
    /// The name of the party that has signed both.
    pub writer: String,
    /// The writer's Ed25519 key in the genesis, in base64.
    pub key: String,
    /// The log's name.
    pub log: String,
    /// The index at which the logs are shown to differ; `None` when only their roots are.
    pub index: Option<u64>,
    /// The sizes of the two checkpoints.
    pub sizes: [u64; 2],
    /// The two parties, with their keys.
    pub parties: Vec<PartyShown>,
}

impl Contradiction {
    /// The bytes of the file.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = canonical::bytes(&serde_json::to_value(self).unwrap_or_default());
        bytes.push(b'\n');
        bytes
    }

    /// Reads a file. Every byte must be as [`Contradiction::bytes`] writes it; nothing is verified
    /// yet. Errs when the file is longer than [`MAX_BYTES`], malformed, or of another format.
    pub fn parse(bytes: &[u8]) -> Result<Contradiction, NotProven> {
        let bad = |why: String| NotProven { place: "the file".to_owned(), why };
        if bytes.len() > MAX_BYTES {
            return Err(bad(format!("is longer than {MAX_BYTES} bytes")));
        }
        let value = json::read(bytes).map_err(|e| bad(e.to_string()))?;
        let read: Contradiction = serde_json::from_value(value)
            .map_err(|e| bad(format!("is not a proof of a contradiction: {e}")))?;
        if read.format != FORMAT {
            return Err(bad(format!("has the format `{}`, not {FORMAT}", read.format)));
        }
        if read.bytes() != bytes {
            return Err(bad("is not in canonical form: something was changed in it".to_owned()));
        }
        Ok(read)
    }

    /// Checks both signatures, and that the two checkpoints cannot both be true. `later` is the
    /// channel with the keys that the parties are known to have taken since the genesis; it is
    /// ignored if it is another channel.
    pub fn verify(&self, later: &Channel) -> Result<ProvenContradiction, NotProven> {
        self.verify_by(later, &[])
    }

    /// Like [`Contradiction::verify`], with keys that the verifier got by other means. Each of them
    /// must belong to one of the parties.
    pub fn verify_by(
        &self,
        later: &Channel,
        pinned: &[Keys],
    ) -> Result<ProvenContradiction, NotProven> {
        let bad = |place: &str, why: String| NotProven { place: place.to_owned(), why };
        let genesis = Channel::from_genesis(self.genesis.as_bytes())
            .map_err(|e| bad("the genesis", e.to_string()))?;
        let channel = if later.id() == genesis.id() { later } else { &genesis };
        let Some((writer, _)) = genesis.roles(&self.log) else {
            return Err(bad("the log", "does not belong to this channel".to_owned()));
        };
        let [one, other] = &self.signed;
        let open = |signed: &Signed, place: &str| {
            signed.open(channel, &self.log).map_err(|why| bad(place, why))
        };
        let (first, second) = (open(one, "the first")?, open(other, "the second")?);
        let parties = parties(channel, &[first.by, second.by], pinned)?;
        let (first, second) = (first.checkpoint, second.checkpoint);
        let index = match (&one.entry, &other.entry) {
            (None, None)
                if first.size > 0 && first.size == second.size && first.root != second.root =>
            {
                None
            }
            (Some(a), Some(b)) if a.index == b.index && a.leaf != b.leaf => Some(a.index),
            _ => {
                let why = "proves nothing: both checkpoints can be true".to_owned();
                return Err(bad("the file", why));
            }
        };
        Ok(ProvenContradiction {
            channel: genesis.id().to_string(),
            writer: writer.name.clone(),
            key: writer.keys.ed25519.to_string(),
            log: self.log.clone(),
            index,
            sizes: [first.size, second.size],
            parties,
        })
    }
}

impl Signed {
    fn open(&self, channel: &Channel, log: &str) -> Result<Opened, String> {
        let note = Note::parse(&self.checkpoint).map_err(|e| e.to_string())?;
        let opened = channel.open(log, &note).map_err(|e| e.to_string())?;
        let checkpoint = &opened.checkpoint;
        if let Some(Placed { index, leaf, path }) = &self.entry {
            if path.len() > MAX_PATH {
                return Err("its path is too long".to_owned());
            }
            let hash = Hash::leaf(leaf.as_bytes());
            tree::verify_inclusion(*index, checkpoint.size, hash, path, checkpoint.root)
                .map_err(|e| format!("its entry is not at this index of the log: {e}"))?;
        }
        Ok(opened)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::tests::{channel, key};
    use crate::checkpoint::Checkpoint;
    use crate::tree::MemoryTree;

    fn signed(leaves: &[&str], at: Option<u64>, seed: u8) -> Signed {
        let mut tree = MemoryTree::default();
        for leaf in leaves {
            tree.push(Hash::leaf(leaf.as_bytes()));
        }
        let (origin, size) = (channel().log_of("a.example"), tree.size());
        let note = Checkpoint { origin, size, root: tree.root() }.sign(&key(seed), true);
        let entry = at.map(|index| Placed {
            index,
            leaf: leaves[usize::try_from(index).unwrap()].to_owned(),
            path: tree::inclusion(index, size, &|l, i| tree.get(l, i)).unwrap(),
        });
        Signed { checkpoint: note.to_string(), entry }
    }

    fn both(one: Signed, other: Signed) -> Contradiction {
        let genesis = String::from_utf8(channel().genesis()).unwrap();
        let (format, log) = (FORMAT.to_owned(), channel().log_of("a.example"));
        Contradiction { format, genesis, log, signed: [one, other] }
    }

    #[test]
    fn two_logs_of_one_writer_are_proven_by_an_entry_or_by_their_size() {
        let proven = both(signed(&["a", "b"], Some(1), 1), signed(&["a", "c", "d"], Some(1), 1));
        let read = Contradiction::parse(&proven.bytes()).unwrap().verify(&channel()).unwrap();
        assert_eq!((read.writer.as_str(), read.index, read.sizes), ("a.example", Some(1), [2, 3]));
        let proven = both(signed(&["a", "b"], None, 1), signed(&["a", "c"], None, 1));
        assert_eq!(proven.verify(&channel()).unwrap().index, None);
    }

    #[test]
    fn what_can_both_be_true_or_is_not_signed_by_the_writer_proves_nothing() {
        let (a, b) = (signed(&["a", "b"], Some(0), 1), signed(&["a", "b", "c"], Some(0), 1));
        assert!(both(a.clone(), b).verify(&channel()).is_err());
        let other_size = both(signed(&["a", "b"], None, 1), signed(&["a", "c", "d"], None, 1));
        assert!(other_size.verify(&channel()).is_err());
        let nothing = both(signed(&[], None, 1), signed(&[], None, 1));
        assert!(nothing.verify(&channel()).is_err());
        let good = both(signed(&["a", "b"], None, 1), signed(&["a", "c"], None, 1));
        assert!(good.verify_by(&channel(), &[key(9).keys()]).is_err());
        assert!(
            good.verify_by(&channel(), &[key(1).keys()]).unwrap().parties.iter().any(|p| p.pinned)
        );
        let forged = both(signed(&["a", "b"], None, 1), signed(&["a", "c"], None, 2));
        assert_eq!(forged.verify(&channel()).unwrap_err().place, "the second");
        let mut moved = both(signed(&["a", "b"], Some(1), 1), signed(&["a", "c"], Some(1), 1));
        moved.signed[0].entry.as_mut().unwrap().leaf = "x".into();
        assert!(moved.verify(&channel()).is_err());
    }

    #[test]
    fn each_flipped_bit_of_the_file_is_detected() {
        let proven = both(signed(&["a", "b"], Some(1), 1), signed(&["a", "c", "d"], Some(1), 1));
        let good = proven.bytes();
        // Signatures are slow to check, and each byte of them is like the next.
        for at in (0..good.len()).filter(|at| at % 13 == 0 || !good[*at].is_ascii_alphanumeric()) {
            let mut altered = good.clone();
            altered[at] ^= 1;
            let read = Contradiction::parse(&altered).and_then(|c| c.verify(&channel()));
            assert!(read.is_err(), "byte {at}");
        }
    }
}
