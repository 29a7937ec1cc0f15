//! Evidence: entries, the fields chosen to be shown, and what proves that both sides held them.

use crate::batch::{Carried, check_entry};
use crate::channel::Channel;
use crate::checkpoint::{self, Checkpoint};
use crate::disclosure::Field;
use crate::entry::{Entry, Reference};
use crate::hash::Hash;
use crate::note::Note;
use crate::tree;
use forewarn_stix::time::Timestamp;
use forewarn_stix::{canonical, json};
use serde::{Deserialize, Serialize};

/// The first property of an evidence file.
pub const FORMAT: &str = "forewarn-evidence/1";
/// Longest evidence file read, in bytes.
pub const MAX_EVIDENCE_BYTES: usize = 64 << 20;
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
    /// The entries, each with its proof.
    pub entries: Vec<Proven>,
}

/// One entry with what proves it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proven {
    /// The log's origin.
    pub log: String,
    /// The entry and the disclosures chosen to be shown.
    #[serde(flatten)]
    pub carried: Carried,
    /// Inclusion path and cosigned checkpoint, as a `tlog-proof`.
    pub proof: String,
}

/// What verifying found: everything here is proven unless it says otherwise.
#[derive(Debug, Clone, Serialize)]
pub struct Account {
    /// The channel's id.
    pub channel: String,
    /// Names and keys of the two parties, as the genesis has them.
    pub parties: Vec<PartyShown>,
    /// The entries, in the file's order.
    pub entries: Vec<EntryShown>,
}

/// A party in an account.
#[derive(Debug, Clone, Serialize)]
pub struct PartyShown {
    /// The node's name.
    pub name: String,
    /// The node's key, base64.
    pub key: String,
    /// Whether the key was given to the verifier by other means, or only stands in the file.
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

/// A proof in the form of c2sp.org/tlog-proof.
pub fn proof_text(index: u64, path: &[Hash], checkpoint: &Note) -> String {
    let hashes: String = path.iter().map(|hash| hash.base64() + "\n").collect();
    format!("{PROOF_HEADER}\nindex {index}\n{hashes}\n{checkpoint}")
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

    /// Checks everything; nothing but the file and the pinned keys (base64) is needed.
    pub fn verify(&self, pinned: &[String]) -> Result<Account, NotProven> {
        let bad = |place: &str, why: String| NotProven { place: place.to_owned(), why };
        let channel = Channel::from_genesis(self.genesis.as_bytes())
            .map_err(|e| bad("the genesis", e.to_string()))?;
        if self.entries.is_empty() {
            return Err(bad("the file", "has no entries: it proves nothing".to_owned()));
        }
        let parties: Vec<PartyShown> = channel
            .parties()
            .iter()
            .map(|party| PartyShown {
                name: party.name.clone(),
                key: party.key.to_string(),
                pinned: pinned.contains(&party.key.to_string()),
            })
            .collect();
        let known = parties.iter().filter(|party| party.pinned).count();
        if pinned.len() > known {
            return Err(bad("the keys", "a key given is of neither party".to_owned()));
        }
        let mut entries = Vec::new();
        for (at, proven) in self.entries.iter().enumerate() {
            let place = format!("entry {} of {} in the file", at + 1, self.entries.len());
            entries.push(proven.verify(&channel).map_err(|why| NotProven { place, why })?);
        }
        self.check_answers(&mut entries)?;
        Ok(Account { channel: channel.id().to_string(), parties, entries })
    }

    /// An answer's reference must fit the entry that it names, where that one is shown.
    fn check_answers(&self, entries: &mut [EntryShown]) -> Result<(), NotProven> {
        let places: Vec<(String, u64, Hash)> = self
            .entries
            .iter()
            .zip(entries.iter())
            .map(|(p, e)| (p.log.clone(), e.index, Hash::leaf(p.carried.leaf.as_bytes())))
            .collect();
        for (at, entry) in entries.iter_mut().enumerate() {
            let Some(answers) = &entry.answers else { continue };
            let named = places.iter().find(|(l, i, _)| *l == answers.log && *i == answers.index);
            if let Some((_, _, hash)) = named {
                if *hash != answers.hash {
                    let place = format!("entry {} of {} in the file", at + 1, places.len());
                    let why = "it answers another entry than the one shown".to_owned();
                    return Err(NotProven { place, why });
                }
                entry.answer_shown = true;
            }
        }
        Ok(())
    }
}

impl Proven {
    fn verify(&self, channel: &Channel) -> Result<EntryShown, String> {
        let (writer, reader) =
            channel.roles(&self.log).ok_or("the log is none of this channel's")?;
        let proof = Proof::parse(&self.proof)?;
        let checkpoint =
            checkpoint::open(&proof.checkpoint, &writer.key).map_err(|e| e.to_string())?;
        if checkpoint.origin != self.log {
            return Err("the checkpoint is of another log".to_owned());
        }
        let held = checkpoint::cosigned(&proof.checkpoint, &reader.name, &reader.key)
            .map_err(|e| e.to_string())?;
        self.verify_inclusion(&proof, &checkpoint)?;
        check_entry(channel, proof.index, &self.carried).map_err(|e| e.to_string())?;
        let entry = Entry::parse(self.carried.leaf.as_bytes()).map_err(|e| e.to_string())?;
        let shown = entry.opened(&self.carried.disclosures).map_err(|e| e.to_string())?;
        let micros = i64::try_from(held).ok().and_then(|s| s.checked_mul(1_000_000));
        let held_by = micros.and_then(Timestamp::from_micros).ok_or("the cosignature's time")?;
        Ok(EntryShown {
            writer: writer.name.clone(),
            reader: reader.name.clone(),
            index: proof.index,
            kind: entry.kind,
            id: entry.id,
            claimed_time: entry.time.to_string(),
            held_by: held_by.to_string(),
            status: entry.status,
            answers: entry.answers,
            answer_shown: false,
            withheld: entry.digests.len() - shown.len(),
            shown,
        })
    }

    fn verify_inclusion(&self, proof: &Proof, checkpoint: &Checkpoint) -> Result<(), String> {
        let leaf = Hash::leaf(self.carried.leaf.as_bytes());
        tree::verify_inclusion(proof.index, checkpoint.size, leaf, &proof.path, checkpoint.root)
            .map_err(|e| format!("the entry is not in the log at this place: {e}"))
    }
}

struct Proof {
    index: u64,
    path: Vec<Hash>,
    checkpoint: Note,
}

impl Proof {
    fn parse(text: &str) -> Result<Proof, String> {
        let (head, note) = text.split_once("\n\n").ok_or("the proof has no empty line")?;
        let mut lines = head.split('\n');
        if lines.next() != Some(PROOF_HEADER) {
            return Err("the proof's first line is another one".to_owned());
        }
        let index = lines.next().and_then(|line| line.strip_prefix("index "));
        let index = index.and_then(checkpoint::decimal).ok_or("the proof has no index")?;
        let path: Option<Vec<Hash>> = lines.map(Hash::from_base64).collect();
        let path = path.filter(|p| p.len() <= 64).ok_or("the proof's hashes cannot be read")?;
        let checkpoint = Note::parse(note).map_err(|e| e.to_string())?;
        if proof_text(index, &path, &checkpoint) != text {
            return Err("the proof is not in its one form".to_owned());
        }
        Ok(Proof { index, path, checkpoint })
    }
}

fn as_map<S: serde::Serializer>(fields: &[Field], to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(fields.iter().map(|field| (&field.name, &field.value)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::tests::{channel, key};
    use crate::entry::tests::entry;
    use crate::tree::Memory;

    fn evidence() -> Evidence {
        let channel = channel();
        let log = channel.log_of("a.example");
        let genesis = String::from_utf8(channel.genesis()).unwrap();
        let (one, all) = entry("warning", &[("title", "x"), ("source", "HERON")]);
        let leaf = String::from_utf8(one.leaf()).unwrap();
        let mut tree = Memory::default();
        tree.push(Hash::leaf(genesis.as_bytes()));
        tree.push(Hash::leaf(leaf.as_bytes()));
        tree.push(Hash::of(b"a later one"));
        let note = Checkpoint { origin: log.clone(), size: 3, root: tree.root() }.sign(&key(1));
        let note = note.with(checkpoint::cosign(&note, "b.example", &key(2), 1_513_330_200));
        let path = tree::inclusion(1, 3, &|l, i| tree.get(l, i)).unwrap();
        let carried = Carried { leaf, disclosures: all[..1].to_vec() };
        let proven = Proven { log, carried, proof: proof_text(1, &path, &note) };
        Evidence { format: FORMAT.into(), genesis, entries: vec![proven] }
    }

    #[test]
    fn what_is_shown_is_proven_and_what_is_withheld_is_counted() {
        let read = Evidence::parse(&evidence().bytes()).unwrap();
        let account = read.verify(&[key(1).public().to_string()]).unwrap();
        let entry = &account.entries[0];
        assert_eq!((entry.writer.as_str(), entry.reader.as_str()), ("a.example", "b.example"));
        assert_eq!((entry.shown.len(), entry.withheld, entry.index), (1, 1, 1));
        assert_eq!(account.parties.iter().filter(|p| p.pinned).count(), 1);
        assert!(!String::from_utf8(evidence().bytes()).unwrap().contains("HERON"));
    }

    #[test]
    fn each_flipped_bit_of_the_file_is_detected() {
        let good = evidence().bytes();
        for at in 0..good.len() {
            for bit in 0..8 {
                let mut bent = good.clone();
                bent[at] ^= 1 << bit;
                let read = Evidence::parse(&bent).and_then(|e| e.verify(&[]));
                assert!(read.is_err(), "bit {bit} of byte {at}: {:?}", bent.get(at));
            }
        }
    }

    #[test]
    fn a_key_of_neither_party_is_said() {
        let refused = evidence().verify(&[key(9).public().to_string()]).unwrap_err();
        assert_eq!(refused.place, "the keys");
    }
}
