//! How a party changes its keys so that anyone who reads both logs can follow.
//!
//! The party writes an entry of the kind [`CHANGE`] into its own log, with the new keys as fields,
//! under a checkpoint that its old keys have signed. The other party compares the fingerprint of
//! the new keys over another medium and answers with an entry of the kind [`CONFIRMED`] in its log.
//! From then on, the new keys sign. It takes both entries to make the new keys the party's.

use crate::channel::{Channel, Party};
use crate::disclosure::Field;
use crate::entry::{Entry, Reference};
use crate::key::{Keys, PublicKey, SecondKey};
use serde_json::Value;

/// The kind of the entry in which a party announces its new keys.
pub const CHANGE: &str = "key-change";
/// The kind of the entry in which the other party confirms them. It answers the announcement.
pub const CONFIRMED: &str = "key-confirmed";
/// The field of an announcement that holds the Ed25519 key, in base64.
pub const ED25519: &str = "key";
/// The field of an announcement that holds the ML-DSA-44 key, in base64, on a channel that signs
/// twice.
pub const MLDSA44: &str = "mldsa44";

/// The keys that the fields of an announcement name; `None` when the Ed25519 key is missing or one
/// of the keys is malformed.
pub fn announced(fields: &[Field]) -> Option<Keys> {
    let text = |name: &str| match &fields.iter().find(|field| field.name == name)?.value {
        Value::String(text) => Some(text.clone()),
        _ => None,
    };
    let mldsa44 = match text(MLDSA44) {
        Some(second) => Some(SecondKey::try_from(second).ok()?),
        None => None,
    };
    Some(Keys { ed25519: PublicKey::try_from(text(ED25519)?).ok()?, mldsa44 })
}

/// One entry that has been proven, as [`follow`] needs it.
#[derive(Debug, Clone)]
pub struct Said<'a> {
    /// The name of the party that wrote the entry.
    pub writer: &'a str,
    /// The log, index and leaf hash of the entry.
    pub place: &'a Reference,
    /// The entry without its fields.
    pub entry: &'a Entry,
    /// The fields of the entry that are opened.
    pub fields: &'a [Field],
}

/// The channel with the keys that these entries announce and confirm, in their order. An
/// announcement counts when an entry of the other party confirms it.
pub fn follow(mut channel: Channel, said: &[Said]) -> Channel {
    for change in said.iter().filter(|one| one.entry.kind == CHANGE) {
        let confirmed = said.iter().any(|one| {
            one.entry.kind == CONFIRMED
                && one.writer != change.writer
                && one.entry.answers.as_ref() == Some(change.place)
        });
        if let Some(keys) = announced(change.fields).filter(|_| confirmed) {
            channel = channel.with_key(Party { name: change.writer.to_owned(), keys });
        }
    }
    channel
}
