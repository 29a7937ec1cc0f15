//! Evidence for a third party: chosen entries, chosen fields of them, and the proof that one party
//! wrote them and the other held them.

mod account;
mod stamped;
mod witnessed;

pub use account::{Account, EntryShown, KeyShown, PartyShown};
pub use stamped::{Stamp, StampShown, Stamped, Stamper, stamped};
pub use witnessed::WitnessShown;

use crate::batch::{Carried, check_entry};
use crate::bounded;
use crate::channel::Channel;
use crate::checkpoint::{Checkpoint, Receipt};
use crate::disclosure::Field;
use crate::entry::{Entry, Reference};
use crate::hash::Hash;
use crate::key::Keys;
use crate::note::Note;
use crate::succession::{self, Said};
use crate::tree;
use crate::witness::WitnessKey;
use forewarn_stix::time::Timestamp;
use forewarn_stix::{canonical, json};
use serde::{Deserialize, Serialize};
use std::num::NonZeroUsize;

/// The value of the file's property `format`: its name and version.
pub const FORMAT: &str = "forewarn-evidence/2";
/// The same of a file whose checkpoints have cosignatures of witnesses too; older programs read only
/// files without.
pub const FORMAT_WITNESSED: &str = "forewarn-evidence/3";
/// The same of a file with time stamps on checkpoints, with cosignatures of witnesses or without.
pub const FORMAT_STAMPED: &str = "forewarn-evidence/4";
/// Most entries of one file: 10,000 that were asked for, and changes of keys.
const MAX_SHOWN: usize = 30_000;
/// Longest evidence file read, in bytes.
pub const MAX_EVIDENCE_BYTES: usize = 64 << 20;
/// Most checkpoints in one file: one for each log, and one for each earlier key of a party.
const MAX_CHECKPOINTS: usize = 64;
/// Longest inclusion path, in hashes: logs end long before 2^64 entries.
const MAX_PATH: usize = 64;
/// The message for an entry whose checkpoint number is too high.
const NO_CHECKPOINT: &str = "it names a checkpoint that is not in the file";
/// The message for a log that is not one of the channel's two.
const FOREIGN_LOG: &str = "the log does not belong to this channel";
/// The first line of a proof (c2sp.org/tlog-proof).
const PROOF_HEADER: &str = "c2sp.org/tlog-proof@v1";

/// The file: JSON in canonical form, followed by a line feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The format and its version: [`FORMAT`], [`FORMAT_WITNESSED`] or [`FORMAT_STAMPED`].
    pub format: String,
    /// The channel's genesis entry as canonical JSON, which names both parties and their keys.
    pub genesis: String,
    /// The cosigned checkpoints, as notes, against which the entries are proven. Each must be used.
    #[serde(deserialize_with = "bounded::list::<_, _, MAX_CHECKPOINTS>")]
    pub checkpoints: Vec<String>,
    /// The entries shown, each with its proof; at least one.
    #[serde(deserialize_with = "bounded::list::<_, _, MAX_SHOWN>")]
    pub entries: Vec<ProvenEntry>,
    /// Time stamps on the checkpoints; at least one in a file that says so by its format, else none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[serde(deserialize_with = "bounded::list::<_, _, { stamped::MAX_STAMPS }>")]
    pub stamps: Vec<Stamp>,
}

/// The outside clocks of which a verifier got keys and roots by other means.
#[derive(Clone, Copy, Default)]
pub struct Clocks<'a> {
    /// Witnesses, each of which must have cosigned a checkpoint.
    pub witnesses: &'a [WitnessKey],
    /// Authorities for time stamps, each of which must have stamped a checkpoint.
    pub stampers: &'a [&'a dyn Stamper],
}

/// One entry with its inclusion proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProvenEntry {
    /// The position in [`Evidence::checkpoints`] of the checkpoint that proves the entry, from 0.
    pub checkpoint: usize,
    /// The index of the entry in the log of that checkpoint.
    pub index: u64,
    /// The inclusion path, from the leaf's sibling up (RFC 6962 §2.1.1).
    #[serde(deserialize_with = "bounded::list::<_, _, MAX_PATH>")]
    pub path: Vec<Hash>,
    /// The entry, with the disclosures that are shown.
    #[serde(flatten)]
    pub carried: Carried,
}

/// Why a file of evidence, a transcript or a contradiction is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {why}")]
pub struct NotProven {
    /// The part of the file that is wrong, such as `the genesis` or `entry 2 of 3 in the file`.
    pub place: String,
    /// What is wrong with it.
    pub why: String,
}

impl Evidence {
    /// The bytes of the file.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = canonical::bytes(&serde_json::to_value(self).unwrap_or_default());
        bytes.push(b'\n');
        bytes
    }

    /// Reads a file. Every byte must be as [`Evidence::bytes`] writes it; nothing is verified yet.
    /// Errs when the file is longer than [`MAX_EVIDENCE_BYTES`], malformed, or of another format.
    pub fn parse(bytes: &[u8]) -> Result<Evidence, NotProven> {
        let bad = |why: String| NotProven { place: "the file".to_owned(), why };
        if bytes.len() > MAX_EVIDENCE_BYTES {
            return Err(bad(format!("is longer than {MAX_EVIDENCE_BYTES} bytes")));
        }
        let evidence: Evidence =
            json::read_as(bytes).map_err(|e| bad(format!("is not evidence: {e}")))?;
        if ![FORMAT, FORMAT_WITNESSED, FORMAT_STAMPED].contains(&evidence.format.as_str()) {
            let known = format!("{FORMAT}, {FORMAT_WITNESSED} or {FORMAT_STAMPED}");
            return Err(bad(format!("has the format `{}`, not {known}", evidence.format)));
        }
        if (evidence.format == FORMAT_STAMPED) == evidence.stamps.is_empty() {
            let why =
                format!("has time stamps where its format is {FORMAT_STAMPED}, and only there");
            return Err(bad(why));
        }
        if evidence.bytes() != bytes {
            return Err(bad("is not in canonical form: something was changed in it".to_owned()));
        }
        Ok(evidence)
    }

    /// The proof of the entry at position `at` in the file, from 0, in the form of
    /// c2sp.org/tlog-proof, for other tools. `None` when there is no such entry or its checkpoint
    /// cannot be read.
    pub fn proof(&self, at: usize) -> Option<String> {
        let proven = self.entries.get(at)?;
        let note = Note::parse(self.checkpoints.get(proven.checkpoint)?).ok()?;
        Some(proof_text(proven.index, &proven.path, &note))
    }

    /// Verifies everything in the file. Nothing else is needed, except `pinned`: keys that the
    /// verifier got by other means, each of which must belong to one of the parties. Pinned keys
    /// without an ML-DSA-44 key pin the Ed25519 key only.
    ///
    /// Errs with the first part of the file that does not hold.
    pub fn verify(&self, pinned: &[Keys]) -> Result<Account, NotProven> {
        self.verify_with(pinned, Clocks::default())
    }

    /// The same, and that each of these clocks has seen a checkpoint. Their keys and roots too the verifier
    /// got by other means.
    ///
    /// Errs with the first part of the file that does not hold.
    pub fn verify_with(&self, pinned: &[Keys], clocks: Clocks<'_>) -> Result<Account, NotProven> {
        let bad = |place: &str, why: String| NotProven { place: place.to_owned(), why };
        let genesis = Channel::from_genesis(self.genesis.as_bytes())
            .map_err(|e| bad("the genesis", e.to_string()))?;
        if self.entries.is_empty() {
            return Err(bad("the file", "has no entries: it proves nothing".to_owned()));
        }
        if self.checkpoints.len() > MAX_CHECKPOINTS {
            return Err(bad("the file", format!("has more than {MAX_CHECKPOINTS} checkpoints")));
        }
        let read = self.read(&genesis)?;
        let (channel, receipts) = self.receipts(genesis, &read)?;
        let used: Vec<Keys> = receipts.iter().flat_map(|receipt| receipt.by.clone()).collect();
        let parties = parties(&channel, &used, pinned)?;
        let others = witnessed::check(self, &receipts, clocks.witnesses)?;
        let stamps = stamped::check(self, &receipts, clocks.stampers)?;
        let mut entries = Vec::new();
        for ((proven, read), at) in self.entries.iter().zip(&read).zip(0..) {
            let receipt = receipts.get(proven.checkpoint);
            let shown = receipt.ok_or_else(|| NO_CHECKPOINT.to_owned());
            let shown = shown.and_then(|receipt| proven.verify(&channel, receipt, read));
            let mut shown = shown.map_err(|why| NotProven { place: self.place(at), why })?;
            shown.witnessed = others.witnessed.get(proven.checkpoint).cloned().unwrap_or_default();
            shown.stamped = stamps.of.get(proven.checkpoint).cloned().unwrap_or_default();
            entries.push(shown);
        }
        if let Some(unused) = (0..receipts.len())
            .find(|at| !self.entries.iter().any(|proven| proven.checkpoint == *at))
        {
            let why = "proves none of the entries".to_owned();
            return Err(NotProven { place: format!("checkpoint {} in the file", unused + 1), why });
        }
        self.check_answers(&read, &mut entries)?;
        let (channel, unchecked) = (channel.id().to_string(), others.unchecked);
        let unchecked_stamps = NonZeroUsize::new(stamps.unchecked);
        Ok(Account { channel, parties, entries, unchecked, unchecked_stamps })
    }

    fn place(&self, at: usize) -> String {
        format!("entry {} of {} in the file", at + 1, self.entries.len())
    }

    /// Reads every entry, without proving anything.
    fn read(&self, channel: &Channel) -> Result<Vec<ReadEntry>, NotProven> {
        let read = |proven: &ProvenEntry| {
            check_entry(channel, proven.index, &proven.carried).map_err(|e| e.to_string())?;
            let note = self.checkpoints.get(proven.checkpoint);
            let note = note.ok_or(NO_CHECKPOINT)?;
            // The first line names the log. The signature over it is checked later.
            let log = note.split('\n').next().unwrap_or_default();
            let (writer, _) = channel.roles(log).ok_or(FOREIGN_LOG)?;
            let leaf = proven.carried.leaf.as_bytes();
            let entry = Entry::parse(leaf).map_err(|e| e.to_string())?;
            let fields = entry.opened(&proven.carried.disclosures).map_err(|e| e.to_string())?;
            let (log, index, hash) = (log.to_owned(), proven.index, Hash::leaf(leaf));
            let place = Reference { log, index, hash };
            Ok(ReadEntry { writer: writer.name.clone(), place, entry, fields })
        };
        let all = self.entries.iter().zip(0..);
        all.map(|(proven, at)| read(proven).map_err(|why| NotProven { place: self.place(at), why }))
            .collect()
    }

    /// Opens the checkpoints. Entries that are proven by checkpoints of known keys may announce new
    /// keys, which open further checkpoints.
    fn receipts(
        &self,
        mut channel: Channel,
        read: &[ReadEntry],
    ) -> Result<(Channel, Vec<Receipt>), NotProven> {
        loop {
            let opened: Vec<Result<Receipt, String>> =
                self.checkpoints.iter().map(|text| self.open(&channel, text)).collect();
            let refused = opened.iter().position(Result::is_err);
            let Some(at) = refused else {
                let receipts: Vec<Receipt> = opened.into_iter().flatten().collect();
                self.must_be_witnessed(&receipts)?;
                return Ok((channel, receipts));
            };
            // The writer's signature is enough here: the reader may have cosigned by a key of its
            // own that is announced later.
            let written: Vec<Option<Checkpoint>> =
                self.checkpoints.iter().map(|text| written(&channel, text)).collect();
            let proven = |(proven, read): (&ProvenEntry, &ReadEntry)| {
                let checkpoint = written.get(proven.checkpoint)?.as_ref()?;
                proven.check_inclusion(checkpoint, &read.place).ok()
            };
            let all = self.entries.iter().zip(read);
            let said: Vec<Said> = all
                .filter(|(entry, read)| proven((entry, read)).is_some())
                .map(|(_, read)| read.said())
                .collect();
            let more = succession::follow(channel.clone(), &said);
            if more == channel {
                let why = opened.into_iter().nth(at).and_then(Result::err).unwrap_or_default();
                let place =
                    format!("checkpoint {} of {} in the file", at + 1, self.checkpoints.len());
                return Err(NotProven { place, why });
            }
            channel = more;
        }
    }

    /// The format says that there are cosignatures of others: so a file has one form.
    fn must_be_witnessed(&self, receipts: &[Receipt]) -> Result<(), NotProven> {
        let mut all = self.checkpoints.iter().zip(receipts);
        let is_there = all.any(|(text, one)| witnessed::has_others(one, text) == Ok(true));
        if self.format != FORMAT_WITNESSED || is_there {
            return Ok(());
        }
        let why = format!("has the format {FORMAT_WITNESSED} and no cosignature of a witness");
        Err(NotProven { place: "the file".to_owned(), why })
    }

    /// Opens a cosigned checkpoint. Lines of others than the two parties stand in files that say so, and in
    /// no others.
    fn open(&self, channel: &Channel, text: &str) -> Result<Receipt, String> {
        let note = Note::parse(text).map_err(|e| e.to_string())?;
        let log = note.text().split('\n').next().unwrap_or_default().to_owned();
        let receipt = channel.receipt(&log, &note).map_err(|e| e.to_string())?;
        if self.format == FORMAT && receipt.note.to_string() != *text {
            return Err("it has signature lines of neither party".to_owned());
        }
        witnessed::has_others(&receipt, text)?;
        Ok(receipt)
    }

    /// Checks that the reference of an answer fits the entry that it names, where that one is
    /// shown.
    fn check_answers(
        &self,
        read: &[ReadEntry],
        entries: &mut [EntryShown],
    ) -> Result<(), NotProven> {
        for (at, entry) in entries.iter_mut().enumerate() {
            let Some(answers) = &entry.answers else { continue };
            let mut places = read.iter().map(|read| &read.place);
            let named = places.find(|p| p.log == answers.log && p.index == answers.index);
            if let Some(named) = named {
                if named.hash != answers.hash {
                    let why = "the entry that it answers is not the one shown".to_owned();
                    return Err(NotProven { place: self.place(at), why });
                }
                entry.answer_shown = true;
            }
        }
        Ok(())
    }
}

/// Writes the inclusion proof of the entry at `index` in the form of c2sp.org/tlog-proof: `path` as
/// in [`ProvenEntry::path`], and the note of the checkpoint that it leads to.
pub fn proof_text(index: u64, path: &[Hash], checkpoint: &Note) -> String {
    let hashes: String = path.iter().map(|hash| hash.base64() + "\n").collect();
    format!("{PROOF_HEADER}\nindex {index}\n{hashes}\n{checkpoint}")
}

/// An entry of a file, decoded but not proven.
pub(crate) struct ReadEntry {
    pub(crate) writer: String,
    pub(crate) place: Reference,
    pub(crate) entry: Entry,
    pub(crate) fields: Vec<Field>,
}

impl ReadEntry {
    pub(crate) fn said(&self) -> Said<'_> {
        let ReadEntry { writer, place, entry, fields } = self;
        Said { writer, place, entry, fields }
    }
}

/// The checkpoint, if its writer has signed it.
fn written(channel: &Channel, text: &str) -> Option<Checkpoint> {
    let note = Note::parse(text).ok()?;
    let log = note.text().split('\n').next()?.to_owned();
    Some(channel.open(&log, &note).ok()?.checkpoint)
}

/// The parties with their keys, and which of these the verifier got by other means (`pinned`). A
/// later key counts as its party's only if it has signed something here (`used`): anyone can
/// announce somebody else's key, but not sign by it. Errs when a pinned key belongs to neither
/// party.
pub(crate) fn parties(
    channel: &Channel,
    used: &[Keys],
    pinned: &[Keys],
) -> Result<Vec<PartyShown>, NotProven> {
    let counts = |known: &Keys| {
        let first = channel.parties().iter().any(|party| party.keys == *known);
        first || used.contains(known)
    };
    let fits = |given: &Keys, known: &Keys| {
        let second = given.mldsa44.is_none() || known.mldsa44.is_none();
        given.ed25519 == known.ed25519 && (second || given.mldsa44 == known.mldsa44)
    };
    let mut found = vec![false; pinned.len()];
    let shown = |name: &str| {
        let keys: Vec<KeyShown> = channel
            .keys_of(name)
            .filter(|known| counts(known))
            .map(|known| {
                let given = pinned.iter().position(|given| fits(given, known));
                if let Some(found) = given.and_then(|at| found.get_mut(at)) {
                    *found = true;
                }
                KeyShown {
                    key: known.ed25519.to_string(),
                    mldsa44: known.mldsa44.as_ref().map(|second| Hash::of(second.bytes())),
                    pinned: given.is_some(),
                }
            })
            .collect();
        let pinned = keys.iter().any(|key| key.pinned);
        PartyShown { name: name.to_owned(), keys, pinned }
    };
    let parties = channel.parties().each_ref().map(|party| party.name.as_str()).map(shown);
    if found.contains(&false) {
        let why = "a given key belongs to neither party".to_owned();
        return Err(NotProven { place: "the keys".to_owned(), why });
    }
    Ok(parties.into())
}

impl ProvenEntry {
    fn check_inclusion(&self, checkpoint: &Checkpoint, place: &Reference) -> Result<(), String> {
        if self.path.len() > MAX_PATH {
            return Err("its path is too long".to_owned());
        }
        tree::verify_inclusion(
            place.index,
            checkpoint.size,
            place.hash,
            &self.path,
            checkpoint.root,
        )
        .map_err(|e| format!("the entry is not at this index of the log: {e}"))
    }

    fn verify(
        &self,
        channel: &Channel,
        receipt: &Receipt,
        read: &ReadEntry,
    ) -> Result<EntryShown, String> {
        self.check_inclusion(&receipt.checkpoint, &read.place)?;
        let (writer, reader) = channel.roles(&read.place.log).ok_or(FOREIGN_LOG)?;
        let micros = i64::try_from(receipt.time).ok().and_then(|s| s.checked_mul(1_000_000));
        let held_by = micros
            .and_then(Timestamp::from_micros)
            .ok_or("the cosignature's time is impossible")?;
        let ReadEntry { entry, fields, .. } = read;
        Ok(EntryShown {
            writer: writer.name.clone(),
            reader: reader.name.clone(),
            index: self.index,
            kind: entry.kind.clone(),
            id: entry.id.clone(),
            claimed_time: entry.time.to_string(),
            held_by: held_by.to_string(),
            status: entry.status.clone(),
            answers: entry.answers.clone(),
            answer_shown: false,
            witnessed: Vec::new(),
            stamped: Vec::new(),
            withheld: entry.digests.len() - fields.len(),
            shown: fields.clone(),
        })
    }
}

#[cfg(test)]
mod tests;
