//! What verified evidence proves, as a verifier is shown it.

use super::{StampShown, WitnessShown};
use crate::disclosure::Field;
use crate::entry::Reference;
use crate::hash::Hash;
use serde::Serialize;
use std::collections::BTreeSet;
use std::num::NonZeroUsize;

/// What verified evidence proves. Everything in it is proven, except where a field says otherwise.
#[derive(Debug, Clone, Serialize)]
pub struct Account {
    /// The channel's id, in hexadecimal.
    pub channel: String,
    /// The two parties, with their keys.
    pub parties: Vec<PartyShown>,
    /// The entries, in the order of the file.
    pub entries: Vec<EntryShown>,
    /// Others who are said to have cosigned checkpoints, and whose keys the verifier did not give: this is
    /// not checked.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub unchecked: BTreeSet<String>,
    /// How many time stamps are by none of the authorities whose roots the verifier gave: these are not checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unchecked_stamps: Option<NonZeroUsize>,
}

/// A party of the channel, as a verifier is shown it.
#[derive(Debug, Clone, Serialize)]
pub struct PartyShown {
    /// The name of the node.
    pub name: String,
    /// The party's keys, oldest first: those of the genesis, then those that replaced them and have
    /// signed something here.
    pub keys: Vec<KeyShown>,
    /// Whether the verifier got one of these keys by other means. If not, only the file says that
    /// they belong to this party.
    pub pinned: bool,
}

/// The keys that a party used at one time.
#[derive(Debug, Clone, Serialize)]
pub struct KeyShown {
    /// The Ed25519 key, in base64.
    pub key: String,
    /// The SHA-256 hash of the ML-DSA-44 key; left out when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mldsa44: Option<Hash>,
    /// Whether the verifier got this key by other means.
    pub pinned: bool,
}

/// A proven entry, as a verifier is shown it.
#[derive(Debug, Clone, Serialize)]
pub struct EntryShown {
    /// The party that wrote the entry: proven by the checkpoint's signature.
    pub writer: String,
    /// The party that held the entry: proven by the cosignature.
    pub reader: String,
    /// The index of the entry in the writer's log.
    pub index: u64,
    /// The kind of message: see [`crate::Entry::kind`].
    pub kind: String,
    /// The id of the message: see [`crate::Entry::id`].
    pub id: String,
    /// When the writer claims to have written it. No independent clock proves it.
    pub claimed_time: String,
    /// The time by which the reader claims to have held it. No independent clock proves it.
    pub held_by: String,
    /// Witnesses whose keys the verifier gave, and when they had seen the log with this entry: proven by
    /// their cosignatures.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub witnessed: Vec<WitnessShown>,
    /// Authorities for time stamps whose roots the verifier gave, and when they had seen the receipt for this entry:
    /// proven by their stamps.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stamped: Vec<StampShown>,
    /// The status of CAP 1.2: `Actual`, `Exercise` or `Test`.
    pub status: String,
    /// The entry that this one answers, if any.
    pub answers: Option<Reference>,
    /// Whether the answered entry is in this evidence too; then its leaf hash fits the reference.
    pub answer_shown: bool,
    /// The fields that are shown; serialised as an object by name.
    #[serde(serialize_with = "as_map")]
    pub shown: Vec<Field>,
    /// The number of fields that the entry commits to and that are not shown.
    pub withheld: usize,
}

fn as_map<S: serde::Serializer>(fields: &[Field], to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(fields.iter().map(|field| (&field.name, &field.value)))
}
