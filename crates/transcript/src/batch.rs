//! What is pushed, fetched or carried: entries of one log in order, and the checkpoint over them.

use crate::channel::Channel;
use crate::checkpoint::{Checkpoint, Opened};
use crate::disclosure::{Disclosure, MAX_DISCLOSURE_BYTES};
use crate::entry::{BadEntry, Framed, MAX_FIELDS};
use crate::hash::Hash;
use crate::note::Note;
use serde::{Deserialize, Serialize};

/// Most entries of one batch.
pub const MAX_ENTRIES: usize = 1_000;
/// Most bytes of one batch as JSON: four warnings of the greatest size.
pub const MAX_BATCH_BYTES: usize = 8 << 20;

/// One entry as it travels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Carried {
    /// The leaf's bytes, which are canonical JSON and so text.
    pub leaf: String,
    /// What may be shown to the reader.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub disclosures: Vec<Disclosure>,
}

/// Entries from an index on, and the writer's checkpoint that ends with the last of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Batch {
    /// The log's origin.
    pub log: String,
    /// The index of the first entry.
    pub start: u64,
    /// The entries.
    pub entries: Vec<Carried>,
    /// The writer's signed checkpoint, as a note.
    pub checkpoint: String,
}

/// A batch whose signature and entries were checked one by one; continuity with what is held is
/// the store's to check, since only it knows what is held.
#[derive(Debug, Clone)]
pub struct Checked {
    /// Where the batch starts.
    pub start: u64,
    /// What was carried, as it came.
    pub carried: Vec<Carried>,
    /// Each leaf's hash.
    pub hashes: Vec<Hash>,
    /// The writer's checkpoint, with its signatures and no other lines.
    pub opened: Opened,
}

impl Checked {
    /// The writer's checkpoint.
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.opened.checkpoint
    }
}

/// Why a batch is refused. The writer is to blame, or someone who changed it on its way.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadBatch {
    /// The log is none of this channel.
    #[error("`{0}` is not a log that this partner writes to us")]
    Log(String),
    /// Over the bound.
    #[error("a batch has at most {0} entries")]
    TooMany(usize),
    /// The checkpoint is not the writer's, or not of this log.
    #[error("the checkpoint is refused: {0}")]
    Checkpoint(String),
    /// The checkpoint's size is not where the batch ends.
    #[error("the checkpoint is of size {size}, the batch ends at {end}")]
    Size {
        /// Stated size.
        size: u64,
        /// Index behind the last entry.
        end: u64,
    },
    /// A log begins with its genesis.
    #[error("the batch ends at 0: there is nothing in it")]
    Nothing,
    /// An entry is no entry of this channel.
    #[error("entry {index}: {why}")]
    Entry {
        /// Its index.
        index: u64,
        /// What is wrong with it.
        why: BadEntry,
    },
    /// Entry 0 is another genesis, or an entry of another channel.
    #[error("entry {0} belongs to another channel")]
    Foreign(u64),
}

impl Batch {
    /// Checks all that can be checked without knowing what is held. `writer` must be the party
    /// that is bound to the log by the channel's genesis, whoever brought the bytes.
    /// At most `most` entries: [`MAX_ENTRIES`] over the wire, more from a file that is at hand.
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

/// Whether a carried entry may stand at this index of this channel: what cannot be understood may,
/// what can be read in two ways may not. Disclosures must belong to their entry; those of a version
/// that we do not know are bounded, and taken as they are.
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

    /// A partner could once have a log of no entries cosigned, and the count of its receipts with it.
    #[test]
    fn a_log_begins_with_its_genesis() {
        let log = channel().log_of("a.example");
        let (size, root) = (0, crate::tree::empty_root());
        let checkpoint = Checkpoint { origin: log.clone(), size, root }.sign(&key(1), true);
        let empty = Batch { log, start: 0, entries: vec![], checkpoint: checkpoint.to_string() };
        let refused = empty.check(&channel(), "a.example", MAX_ENTRIES);
        assert_eq!(refused.unwrap_err(), BadBatch::Nothing);
    }

    /// A log that holds one entry of a later version, or a field that nobody can read, must not
    /// stand still for it.
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
        let mut bent = batch();
        bent.entries[1].leaf = bent.entries[1].leaf.replace("\"v\":1", "\"v\":1.0");
        assert!(matches!(
            bent.check(&channel(), "a.example", MAX_ENTRIES),
            Err(BadBatch::Entry { index: 1, why: BadEntry::NotCanonical(_) })
        ));
    }
}
