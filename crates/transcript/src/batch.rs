//! Batches: consecutive entries of one log with the writer's checkpoint over the log up to the last
//! of them. Batches are pushed, fetched, or carried in a file.

use crate::bounded;
use crate::channel::Channel;
use crate::checkpoint::{Checkpoint, Opened};
use crate::disclosure::{Disclosure, MAX_DISCLOSURE_BYTES};
use crate::entry::{BadEntry, Framed, MAX_FIELDS};
use crate::hash::Hash;
use crate::note::Note;
use serde::{Deserialize, Serialize};

/// Most entries of one batch over the network.
pub const MAX_ENTRIES: usize = 1_000;
/// Longest batch over the network, in bytes of its JSON: four warnings of the greatest size.
pub const MAX_BATCH_BYTES: usize = 8 << 20;

/// One entry as it travels: its leaf and the fields that the reader may see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Carried {
    /// The leaf's bytes. They are canonical JSON, therefore text.
    pub leaf: String,
    /// The opened fields; left out of the JSON when there are none. A carrier can remove some
    /// unnoticed, since the log's root covers leaves only.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "bounded::list::<_, _, MAX_FIELDS>"
    )]
    pub disclosures: Vec<Disclosure>,
}

/// A batch as it travels, unchecked. [`Batch::check`] checks it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Batch {
    /// The log's name, which is the origin of its checkpoints.
    pub log: String,
    /// The index of the first entry in the log.
    pub start: u64,
    /// The entries from `start` on, in order.
    pub entries: Vec<Carried>,
    /// The writer's checkpoint as a signed note. Its size is `start` plus the number of entries.
    pub checkpoint: String,
}

/// A batch whose signature and entries have been checked. Whether it continues what is held is left
/// to the store: the checkpoint's root is compared with the entries there.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The index of the first entry in the log.
    pub start: u64,
    /// The entries, unchanged.
    pub carried: Vec<Carried>,
    /// The leaf hash of each entry.
    pub hashes: Vec<Hash>,
    /// The writer's checkpoint. Its note has the writer's signature lines and no others.
    pub opened: Opened,
}

impl Checked {
    /// The checkpoint that the writer has signed over the log to the end of this batch.
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.opened.checkpoint
    }
}

/// Why a batch is refused. The writer is to blame, or someone who changed the batch on its way.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadBatch {
    /// The log, given by its name, is not a log of this channel that the writer writes.
    #[error("`{0}` is not a log that this partner writes to us")]
    Log(String),
    /// There are more entries than the bound given here.
    #[error("a batch has at most {0} entries")]
    TooMany(usize),
    /// The note cannot be read, is not signed by the writer, or belongs to another log.
    #[error("the checkpoint is refused: {0}")]
    Checkpoint(String),
    /// The checkpoint's size is not the end of the batch.
    #[error("the checkpoint has size {size}, but the batch ends at {end}")]
    Size {
        /// The size that the checkpoint states.
        size: u64,
        /// The index after the last entry.
        end: u64,
    },
    /// The log would have no entries. A log begins with its genesis.
    #[error("the log has no entries: it must begin with its genesis")]
    Nothing,
    /// An entry is malformed, or disclosures do not belong to it.
    #[error("entry {index}: {why}")]
    Entry {
        /// The entry's index in the log.
        index: u64,
        /// What is wrong with the entry.
        why: BadEntry,
    },
    /// The entry at this index names another channel; entry 0 is not this channel's genesis.
    #[error("entry {0} belongs to another channel")]
    Foreign(u64),
}

impl Batch {
    /// Checks everything that can be checked without knowing which entries are held: the writer's
    /// signatures, the size, and the form of each entry. `writer` is the name of the party that the
    /// log must belong to, whoever brought the bytes. `most` bounds the number of entries:
    /// [`MAX_ENTRIES`] over the network, more from a local file.
    pub fn check(self, channel: &Channel, writer: &str, most: usize) -> Result<Checked, BadBatch> {
        let roles = channel.roles(&self.log).filter(|(party, _)| party.name == writer);
        roles.ok_or_else(|| BadBatch::Log(self.log.clone()))?;
        if self.entries.len() > most {
            return Err(BadBatch::TooMany(most));
        }
        let refused = |why: String| BadBatch::Checkpoint(why);
        let note = Note::parse(&self.checkpoint).map_err(|e| refused(e.to_string()))?;
        let mut hashes = Vec::with_capacity(self.entries.len());
        for (index, carried) in (self.start..).zip(&self.entries) {
            check_entry(channel, index, carried)?;
            hashes.push(Hash::leaf(carried.leaf.as_bytes()));
        }
        let opened = channel.open(&self.log, &note).map_err(|e| refused(e.to_string()))?;
        let size = opened.checkpoint.size;
        let end = self.start.saturating_add(self.entries.len() as u64);
        if size != end {
            return Err(BadBatch::Size { size, end });
        }
        if size == 0 {
            return Err(BadBatch::Nothing);
        }
        Ok(Checked { start: self.start, carried: self.entries, hashes, opened })
    }
}

/// Checks that a carried entry may have this index in a log of this channel. An entry that cannot
/// be understood may; one that can be read in two ways may not. Disclosures must belong to their
/// entry; those of an entry of an unknown version are accepted unread, within bounds on number and
/// length.
pub fn check_entry(channel: &Channel, index: u64, carried: &Carried) -> Result<(), BadBatch> {
    if index == 0 {
        let ours = carried.leaf.as_bytes() == channel.genesis() && carried.disclosures.is_empty();
        return if ours { Ok(()) } else { Err(BadBatch::Foreign(0)) };
    }
    let bad = |why| BadBatch::Entry { index, why };
    let framed = Framed::parse(carried.leaf.as_bytes()).map_err(bad)?;
    if framed.channel != channel.id() {
        return Err(BadBatch::Foreign(index));
    }
    if carried.disclosures.iter().any(|one| one.encoded_len() > MAX_DISCLOSURE_BYTES) {
        return Err(bad(BadEntry::TooLarge("a disclosure is longer than a field may be")));
    }
    match framed.entry() {
        Ok(entry) => entry.check_belongs(&carried.disclosures).map_err(bad),
        Err(_) if carried.disclosures.len() > MAX_FIELDS => {
            Err(bad(BadEntry::TooLarge("there are more disclosures than an entry may have")))
        }
        Err(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::tests::{channel, key};
    use crate::entry::tests::entry;
    use crate::tree::MemoryTree;

    fn batch() -> Batch {
        let channel = channel();
        let genesis = String::from_utf8(channel.genesis()).unwrap();
        let (one, disclosures) = entry("warning", &[("title", "x"), ("text", "y")]);
        let entries = vec![
            Carried { leaf: genesis, disclosures: vec![] },
            Carried { leaf: String::from_utf8(one.leaf()).unwrap(), disclosures },
        ];
        let mut tree = MemoryTree::default();
        for e in &entries {
            tree.push(Hash::leaf(e.leaf.as_bytes()));
        }
        let log = channel.log_of("a.example");
        let checkpoint = Checkpoint { origin: log.clone(), size: 2, root: tree.root() };
        Batch { log, start: 0, entries, checkpoint: checkpoint.sign(&key(1), true).to_string() }
    }

    #[test]
    fn a_good_batch_is_checked() {
        let checked = batch().check(&channel(), "a.example", MAX_ENTRIES).unwrap();
        assert_eq!(checked.checkpoint().size, 2);
        assert_eq!(checked.hashes.len(), 2);
    }

    #[test]
    fn a_batch_is_bound_to_the_writer_of_its_log() {
        assert!(matches!(
            batch().check(&channel(), "b.example", MAX_ENTRIES),
            Err(BadBatch::Log(_))
        ));
        let mut forged = batch();
        let text = Note::parse(&forged.checkpoint).unwrap().text().to_owned();
        let line = key(2).sign_note(&forged.log, &text);
        forged.checkpoint = Note::new(text, vec![line]).to_string();
        assert!(matches!(
            forged.check(&channel(), "a.example", MAX_ENTRIES),
            Err(BadBatch::Checkpoint(_))
        ));
    }

    #[test]
    fn a_batch_that_ends_elsewhere_than_its_checkpoint_is_refused() {
        let mut short = batch();
        short.entries.pop();
        assert_eq!(
            short.check(&channel(), "a.example", MAX_ENTRIES).unwrap_err(),
            BadBatch::Size { size: 2, end: 1 }
        );
    }

    /// A partner could once have an empty log cosigned, which upset the count of its receipts.
    #[test]
    fn a_log_begins_with_its_genesis() {
        let log = channel().log_of("a.example");
        let (size, root) = (0, crate::tree::empty_root());
        let checkpoint = Checkpoint { origin: log.clone(), size, root }.sign(&key(1), true);
        let empty = Batch { log, start: 0, entries: vec![], checkpoint: checkpoint.to_string() };
        let refused = empty.check(&channel(), "a.example", MAX_ENTRIES);
        assert_eq!(refused.unwrap_err(), BadBatch::Nothing);
    }

    /// An entry of a later version, or with a field that nobody can read, must not stop a log.
    #[test]
    fn what_cannot_be_understood_may_stand_in_a_log() {
        let channel = channel();
        let id = channel.id();
        let later = format!("{{\"channel\":\"{id}\",\"kind\":\"x\",\"v\":2}}");
        let carried = Carried { leaf: later, disclosures: vec![] };
        assert_eq!(check_entry(&channel, 1, &carried), Ok(()));
        let foreign = carried.leaf.replace(&id.to_string(), &"0".repeat(64));
        let carried = Carried { leaf: foreign, ..carried };
        assert_eq!(check_entry(&channel, 1, &carried), Err(BadBatch::Foreign(1)));
    }

    #[test]
    fn an_entry_that_can_be_read_in_two_ways_is_refused_with_its_index() {
        let mut altered = batch();
        altered.entries[1].leaf = altered.entries[1].leaf.replace("\"v\":1", "\"v\":1.0");
        assert!(matches!(
            altered.check(&channel(), "a.example", MAX_ENTRIES),
            Err(BadBatch::Entry { index: 1, why: BadEntry::NotCanonical(_) })
        ));
    }
}
