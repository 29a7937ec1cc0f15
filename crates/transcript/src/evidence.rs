//! Evidence: entries, the fields chosen to be shown, and what proves that both sides held them.

use crate::batch::{Carried, check_entry};
use crate::channel::Channel;
use crate::checkpoint::{Checkpoint, Receipt};
use crate::disclosure::Field;
use crate::entry::{Entry, Reference};
use crate::hash::Hash;
use crate::key::Keys;
use crate::note::Note;
use crate::succession::{self, Said};
use crate::tree;
use forewarn_stix::time::Timestamp;
use forewarn_stix::{canonical, json};
use serde::{Deserialize, Serialize};

/// The first property of an evidence file.
pub const FORMAT: &str = "forewarn-evidence/2";
/// Longest evidence file read, in bytes.
pub const MAX_EVIDENCE_BYTES: usize = 64 << 20;
/// Most checkpoints in one file: one of each log, and one for each key that a party had before.
const MAX_CHECKPOINTS: usize = 64;
/// Longest inclusion path: logs end long before 2^64 entries.
const MAX_PATH: usize = 64;
/// The first line of a proof (c2sp.org/tlog-proof).
const PROOF_HEADER: &str = "c2sp.org/tlog-proof@v1";

/// The file, as JSON in canonical form with a line feed behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// [`FORMAT`].
    pub format: String,
    /// The channel's genesis entry: names both parties' keys.
    pub genesis: String,
    /// Cosigned checkpoints, as notes; the entries are proven against these.
    pub checkpoints: Vec<String>,
    /// The entries, each with its proof.
    pub entries: Vec<ProvenEntry>,
}

/// One entry with what proves it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProvenEntry {
    /// Which of the file's checkpoints it is proven against, from 0.
    pub checkpoint: usize,
    /// The index in the log that the checkpoint is of.
    pub index: u64,
    /// The inclusion path, from the leaf's sibling up (RFC 6962 §2.1.1).
    pub path: Vec<Hash>,
    /// The entry and the disclosures chosen to be shown.
    #[serde(flatten)]
    pub carried: Carried,
}

/// What verifying found: everything here is proven unless it says otherwise.
#[derive(Debug, Clone, Serialize)]
pub struct Account {
    /// The channel's id.
    pub channel: String,
    /// Names and keys of the two parties.
    pub parties: Vec<PartyShown>,
    /// The entries, in the file's order.
    pub entries: Vec<EntryShown>,
}

/// A party in an account.
#[derive(Debug, Clone, Serialize)]
pub struct PartyShown {
    /// The node's name.
    pub name: String,
    /// Its keys, oldest first: that of the genesis, and those that took its place.
    pub keys: Vec<KeyShown>,
    /// Whether one of its keys was given to the verifier by other means, or all of them only stand
    /// in the file.
    pub pinned: bool,
}

/// A key in an account.
#[derive(Debug, Clone, Serialize)]
pub struct KeyShown {
    /// The Ed25519 key, base64.
    pub key: String,
    /// SHA-256 of the ML-DSA-44 key, in hexadecimal, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mldsa44: Option<Hash>,
    /// Whether this one was given to the verifier by other means.
    pub pinned: bool,
}

/// An entry in an account.
#[derive(Debug, Clone, Serialize)]
pub struct EntryShown {
    /// Who wrote it: proven by the checkpoint's signature.
    pub writer: String,
    /// Who held it: proven by the cosignature.
    pub reader: String,
    /// Its index in the writer's log.
    pub index: u64,
    /// Its kind.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// The time that the writer claims: no outside clock proves it.
    pub claimed_time: String,
    /// The time by which the reader claims to have held it.
    pub held_by: String,
    /// `Actual`, `Exercise` or `Test`.
    pub status: String,
    /// What it answers.
    pub answers: Option<Reference>,
    /// Whether that entry is in this evidence too, and is the one referred to.
    pub answer_shown: bool,
    /// Fields shown, by name.
    #[serde(serialize_with = "as_map")]
    pub shown: Vec<Field>,
    /// How many fields are committed to and not shown.
    pub withheld: usize,
}

/// Why evidence is refused, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {why}")]
pub struct NotProven {
    /// Which part of the file.
    pub place: String,
    /// What is wrong there.
    pub why: String,
}

impl Evidence {
    /// The file's bytes.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = canonical::bytes(&serde_json::to_value(self).unwrap_or_default());
        bytes.push(b'\n');
        bytes
    }

    /// Reads a file: every byte must be as [`Evidence::bytes`] writes it.
    pub fn parse(bytes: &[u8]) -> Result<Evidence, NotProven> {
        let bad = |why: String| NotProven { place: "the file".to_owned(), why };
        if bytes.len() > MAX_EVIDENCE_BYTES {
            return Err(bad(format!("is longer than {MAX_EVIDENCE_BYTES} bytes")));
        }
        let value = json::read(bytes).map_err(|e| bad(e.to_string()))?;
        let evidence: Evidence =
            serde_json::from_value(value).map_err(|e| bad(format!("is not evidence: {e}")))?;
        if evidence.format != FORMAT {
            return Err(bad(format!("is of the format `{}`, not {FORMAT}", evidence.format)));
        }
        if evidence.bytes() != bytes {
            return Err(bad("is not in canonical form: something was changed in it".to_owned()));
        }
        Ok(evidence)
    }

    /// The proof of the entry at `at` in the file, as c2sp.org/tlog-proof has it: for other tools.
    pub fn proof(&self, at: usize) -> Option<String> {
        let proven = self.entries.get(at)?;
        let note = Note::parse(self.checkpoints.get(proven.checkpoint)?).ok()?;
        Some(proof_text(proven.index, &proven.path, &note))
    }

    /// Checks everything; nothing but the file and the pinned keys is needed. A pinned key without
    /// its second half pins the first only.
    pub fn verify(&self, pinned: &[Keys]) -> Result<Account, NotProven> {
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
        let mut entries = Vec::new();
        for ((proven, read), at) in self.entries.iter().zip(&read).zip(0..) {
            let receipt = receipts.get(proven.checkpoint);
            let shown = receipt.ok_or_else(|| "it names no checkpoint of the file".to_owned());
            let shown = shown.and_then(|receipt| proven.verify(&channel, receipt, read));
            entries.push(shown.map_err(|why| NotProven { place: self.place(at), why })?);
        }
        if let Some(unused) = (0..receipts.len())
            .find(|at| !self.entries.iter().any(|proven| proven.checkpoint == *at))
        {
            let why = "no entry is proven by it".to_owned();
            return Err(NotProven { place: format!("checkpoint {} in the file", unused + 1), why });
        }
        self.check_answers(&read, &mut entries)?;
        Ok(Account { channel: channel.id().to_string(), parties, entries })
    }

    fn place(&self, at: usize) -> String {
        format!("entry {} of {} in the file", at + 1, self.entries.len())
    }

    /// Every entry, read; nothing is proven of them yet.
    fn read(&self, channel: &Channel) -> Result<Vec<ReadEntry>, NotProven> {
        let read = |proven: &ProvenEntry| {
            check_entry(channel, proven.index, &proven.carried).map_err(|e| e.to_string())?;
            let note = self.checkpoints.get(proven.checkpoint);
            let note = note.ok_or("it names no checkpoint of the file")?;
            // The log is the one whose name stands first; the signature over it is checked later.
            let log = note.split('\n').next().unwrap_or_default();
            let (writer, _) = channel.roles(log).ok_or("the log is none of this channel's")?;
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

    /// Opens the checkpoints. What is proven by those that the known keys have signed may announce
    /// new keys, which open further ones.
    fn receipts(
        &self,
        mut channel: Channel,
        read: &[ReadEntry],
    ) -> Result<(Channel, Vec<Receipt>), NotProven> {
        loop {
            let opened: Vec<Result<Receipt, String>> =
                self.checkpoints.iter().map(|text| open(&channel, text)).collect();
            let refused = opened.iter().position(Result::is_err);
            let Some(at) = refused else {
                return Ok((channel, opened.into_iter().flatten().collect()));
            };
            // By the writer's own signature: the reader may have cosigned with a later key of its.
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

    /// An answer's reference must fit the entry that it names, where that one is shown.
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
                    let why = "it answers another entry than the one shown".to_owned();
                    return Err(NotProven { place: self.place(at), why });
                }
                entry.answer_shown = true;
            }
        }
        Ok(())
    }
}

/// A proof in the form of c2sp.org/tlog-proof.
pub fn proof_text(index: u64, path: &[Hash], checkpoint: &Note) -> String {
    let hashes: String = path.iter().map(|hash| hash.base64() + "\n").collect();
    format!("{PROOF_HEADER}\nindex {index}\n{hashes}\n{checkpoint}")
}

/// An entry of a file, read.
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

/// A cosigned checkpoint in its one form: with the lines that count and no others.
fn open(channel: &Channel, text: &str) -> Result<Receipt, String> {
    let note = Note::parse(text).map_err(|e| e.to_string())?;
    let log = note.text().split('\n').next().unwrap_or_default().to_owned();
    let receipt = channel.receipt(&log, &note).map_err(|e| e.to_string())?;
    if receipt.note.to_string() != *text {
        return Err("it has lines that are of neither party".to_owned());
    }
    Ok(receipt)
}

/// A checkpoint, when its writer has signed it.
fn written(channel: &Channel, text: &str) -> Option<Checkpoint> {
    let note = Note::parse(text).ok()?;
    let log = note.text().split('\n').next()?.to_owned();
    Some(channel.open(&log, &note).ok()?.checkpoint)
}

/// The parties with their keys, and which of these were given by other means. A later key is its
/// party's only when it has signed something here (`used`): whoever announces somebody else's key
/// cannot sign by it. A key given that is none of these is an error.
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
        let why = "a key given is of neither party".to_owned();
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
        .map_err(|e| format!("the entry is not in the log at this place: {e}"))
    }

    fn verify(
        &self,
        channel: &Channel,
        receipt: &Receipt,
        read: &ReadEntry,
    ) -> Result<EntryShown, String> {
        self.check_inclusion(&receipt.checkpoint, &read.place)?;
        let (writer, reader) =
            channel.roles(&read.place.log).ok_or("the log is none of this channel's")?;
        let micros = i64::try_from(receipt.time).ok().and_then(|s| s.checked_mul(1_000_000));
        let held_by = micros.and_then(Timestamp::from_micros).ok_or("the cosignature's time")?;
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
            withheld: entry.digests.len() - fields.len(),
            shown: fields.clone(),
        })
    }
}

fn as_map<S: serde::Serializer>(fields: &[Field], to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(fields.iter().map(|field| (&field.name, &field.value)))
}

#[cfg(test)]
mod tests;
