//! A readout as a file, and what of it a transcript or evidence proves. Needs no node. The format is
//! described in `docs/readout.md`.

use super::document::{Document, Fact, Shows, Stated, Value};
use super::{FIELD, Own, Readout, Theirs};
use crate::name::NodeName;
use crate::scale::Status;
use forewarn_stix::{Timestamp, json};
use forewarn_transcript::disclosure::Field;
use forewarn_transcript::evidence::{Evidence, NotProven};
use forewarn_transcript::export::Transcript;
use forewarn_transcript::{Disclosure, Entry, Hash, Reference};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// The value of the file's property `format`: its name and version.
pub const FORMAT: &str = "forewarn-readout/1";

/// Longest file read, in bytes: a text, its facts and their places.
pub const MAX_BYTES: usize = 256 << 10;

/// A published readout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Published {
    /// The format and its version: [`FORMAT`].
    pub format: String,
    /// The node whose organisation says it.
    pub by: NodeName,
    /// Whether it is meant, an exercise or a test.
    pub status: Status,
    /// The warning that it is about.
    pub about: Reference,
    /// The entry that commits to it.
    pub committed: Reference,
    /// The salt of that commitment, in base64url.
    pub salt: String,
    /// When it was revealed, by the speaker's clock.
    pub revealed: Timestamp,
    /// Whether that was before an embargo ended.
    pub early: bool,
    /// What it says.
    pub readout: Document,
}

/// What the transcript says of something that a readout states.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "verdict", rename_all = "kebab-case")]
pub enum Verdict {
    /// It says the same.
    Proven {},
    /// A field is kept back, and the entry commits to it by the digest that is stated.
    Committed {},
    /// It says something else.
    Contradicted {
        /// What.
        instead: String,
    },
    /// It says nothing: the entry is not among those given, or its field is not shown.
    Silent {
        /// What is missing.
        lacks: String,
    },
}

/// A fact of a readout with its verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// The words of the text.
    pub words: String,
    /// What they are about.
    pub fact: Fact,
    /// What they state of it.
    pub value: Value,
    /// What the transcript says.
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// What is proven of a published readout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    /// Who says it.
    pub by: NodeName,
    /// Whether exactly this text was committed to, in the entry that it names.
    pub commitment: Verdict,
    /// Each fact.
    pub stated: Vec<Judged>,
    /// The rest of the text, of which the transcript is not asked.
    pub rest: Vec<String>,
}

impl Verified {
    /// Whether something that it states is contradicted.
    pub fn is_contradicted(&self) -> bool {
        let against = |verdict: &Verdict| matches!(verdict, Verdict::Contradicted { .. });
        against(&self.commitment) || self.stated.iter().any(|one| against(&one.verdict))
    }
}

/// An entry that was proven, with the fields that are shown of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// Where it stands.
    pub place: Reference,
    /// The entry.
    pub entry: Entry,
    /// The fields shown.
    pub fields: Vec<Field>,
}

impl Published {
    /// Our text as it is published; `None` before it is revealed.
    pub fn ours(readout: &Readout, us: &NodeName) -> Option<Published> {
        let Own::Revealed { draft, entry, opens, at, early, .. } = &readout.ours else {
            return None;
        };
        Published::of(readout, us, (&draft.document, entry, opens), (at, *early))
    }

    /// The partner's text as it has published it; `None` before.
    pub fn theirs(readout: &Readout) -> Option<Published> {
        let Theirs::Revealed { document, entry, opens, at, early, .. } = &readout.theirs else {
            return None;
        };
        Published::of(readout, &readout.partner, (document, entry, opens), (at, *early))
    }

    fn of(
        readout: &Readout,
        by: &NodeName,
        (document, entry, opens): (&Document, &Reference, &Disclosure),
        (at, early): (&Timestamp, bool),
    ) -> Option<Published> {
        Some(Published {
            format: FORMAT.to_owned(),
            by: by.clone(),
            status: readout.status,
            about: readout.about.clone(),
            committed: entry.clone(),
            salt: opens.salt().ok()?,
            revealed: at.clone(),
            early,
            readout: document.clone(),
        })
    }

    /// Reads a file.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(bytes: &[u8]) -> Result<Published, String> {
        if bytes.len() > MAX_BYTES {
            return Err(format!("it is longer than {MAX_BYTES} bytes"));
        }
        let published: Published =
            json::read_as(bytes).map_err(|e| format!("it is not a readout: {e}"))?;
        if published.format != FORMAT {
            return Err(format!("it has the format `{}`, not {FORMAT}", published.format));
        }
        published.readout.check().map_err(|refusal| refusal.message)?;
        Ok(published)
    }

    /// Holds it against entries that are proven.
    pub fn judge(&self, known: &[Known]) -> Verified {
        let value = serde_json::to_value(&self.readout).unwrap_or_default();
        let digest = Disclosure::salted(&self.salt, FIELD, &value).map(|opens| opens.digest());
        let commitment = match (at(known, &self.committed), digest) {
            (Err(verdict), _) => verdict,
            (Ok(known), Some(digest)) if known.entry.digests.contains(&digest) => {
                Verdict::Proven {}
            }
            (Ok(_), _) => contradicted("the entry commits to another text, or to none"),
        };
        let judged = self.readout.stated.iter().map(|stated| judge(stated, known)).collect();
        let rest = rest(&self.readout);
        Verified { by: self.by.clone(), commitment, stated: judged, rest }
    }
}

fn contradicted(instead: impl Into<String>) -> Verdict {
    Verdict::Contradicted { instead: instead.into() }
}

fn silent(lacks: impl Into<String>) -> Verdict {
    Verdict::Silent { lacks: lacks.into() }
}

fn at<'a>(known: &'a [Known], place: &Reference) -> Result<&'a Known, Verdict> {
    let mut all = known.iter();
    let found = all.find(|one| one.place.log == place.log && one.place.index == place.index);
    match found {
        None => Err(silent(format!("entry {} of {} is not shown", place.index, place.log))),
        Some(one) if one.place.hash != place.hash => {
            Err(contradicted(format!("another entry stands at {} of {}", place.index, place.log)))
        }
        Some(one) => Ok(one),
    }
}

fn judge(stated: &Stated, known: &[Known]) -> Judged {
    let verdict = match at(known, &stated.fact.entry) {
        Err(verdict) => verdict,
        Ok(known) => verdict(stated, known),
    };
    let Stated { words, fact, value } = stated.clone();
    Judged { words, fact, value, verdict }
}

fn verdict(stated: &Stated, known: &Known) -> Verdict {
    let field = |name: &str| known.fields.iter().find(|field| field.name == *name);
    match (&stated.fact.shows, &stated.value) {
        (Shows::Kind {}, Value::Is(value)) => same(value, &known.entry.kind.as_str().into()),
        (Shows::Time {}, Value::Is(value)) => same(value, &known.entry.time.to_string().into()),
        (Shows::Field { name, path }, Value::Is(value)) => match field(name) {
            None => silent(format!("the field {name} is not shown")),
            Some(field) => match field.value.pointer(path) {
                None => contradicted(format!("{name} has nothing at {path}")),
                Some(shown) => same(value, shown),
            },
        },
        (Shows::Withheld { name }, Value::Digest(digest)) => {
            if known.entry.digests.contains(digest) {
                // The digest is one of the entry's; that it is of this field, only its opening shows.
                match field(name) {
                    Some(_) => Verdict::Proven {},
                    None => Verdict::Committed {},
                }
            } else {
                contradicted("the entry does not commit to that digest")
            }
        }
        (Shows::Withheld { .. }, Value::Is(_))
        | (Shows::Kind {} | Shows::Time {} | Shows::Field { .. }, Value::Digest(_)) => {
            contradicted("it states something that such a fact cannot be")
        }
    }
}

fn same(stated: &Json, shown: &Json) -> Verdict {
    if stated == shown { Verdict::Proven {} } else { contradicted(shown.to_string()) }
}

/// The sentences of a text in which no fact's words stand.
fn rest(document: &Document) -> Vec<String> {
    let sentences = document.text.split_inclusive(['.', '!', '?', '\n']);
    let sentences = sentences.map(str::trim).filter(|sentence| !sentence.is_empty());
    let covered = |sentence: &str| {
        document.stated.iter().any(|one| {
            let words = one.words.trim();
            sentence.contains(words) || words.contains(sentence)
        })
    };
    sentences.filter(|sentence| !covered(sentence)).map(str::to_owned).collect()
}

/// The entries of evidence, which must have been verified before.
///
/// # Errors
/// The first part of the file that cannot be read.
pub fn of_evidence(evidence: &Evidence) -> Result<Vec<Known>, NotProven> {
    let logs = evidence.checkpoints.iter().map(|note| note.split('\n').next().unwrap_or_default());
    let logs: Vec<&str> = logs.collect();
    let all = evidence.entries.iter().map(|proven| {
        let log = logs.get(proven.checkpoint).copied().unwrap_or_default();
        known(log, proven.index, &proven.carried)
    });
    all.collect()
}

/// The entries of a transcript, which must have been verified before.
///
/// # Errors
/// The first part of the file that cannot be read.
pub fn of_transcript(transcript: &Transcript) -> Result<Vec<Known>, NotProven> {
    let all = transcript.logs.iter().flat_map(|log| {
        // The genesis, at index 0, is no entry with fields.
        let entries = log.entries.iter().zip(0..).skip(1);
        entries.filter_map(|(carried, index)| {
            let known = known(&log.log, index, carried);
            // An entry of a later version proves nothing here, and is no fault of the file's.
            let is_later = Entry::parse(carried.leaf.as_bytes()).is_err();
            (!is_later).then_some(known)
        })
    });
    all.collect()
}

fn known(
    log: &str,
    index: u64,
    carried: &forewarn_transcript::batch::Carried,
) -> Result<Known, NotProven> {
    let bad = |why: String| NotProven { place: format!("entry {index} of {log}"), why };
    let leaf = carried.leaf.as_bytes();
    let entry = Entry::parse(leaf).map_err(|e| bad(e.to_string()))?;
    let fields = entry.opened(&carried.disclosures).map_err(|e| bad(e.to_string()))?;
    let place = Reference { log: log.to_owned(), index, hash: Hash::leaf(leaf) };
    Ok(Known { place, entry, fields })
}
