//! How a party changes its keys, so that whoever reads both logs can follow it.
//!
//! The party writes an entry of the kind [`CHANGE`] into its own log, with the new keys as fields,
//! under a checkpoint that its old keys have signed. The other party compares the new fingerprint by
//! a way of its own, and answers with an entry of the kind [`CONFIRMED`] in its log. From then on the
//! new keys sign. Both entries together make the new keys the party's.

use crate::channel::{Channel, Party};
use crate::disclosure::Field;
use crate::entry::{Entry, Reference};
use crate::key::{Keys, PublicKey, SecondKey};
use serde_json::Value;

/// The kind of the entry that announces new keys.
pub const CHANGE: &str = "key-change";
/// The kind of the entry that confirms them.
pub const CONFIRMED: &str = "key-confirmed";
/// The field of the Ed25519 key, base64.
pub const ED25519: &str = "key";
/// The field of the ML-DSA-44 key, base64; there where the channel signs twice.
pub const MLDSA44: &str = "mldsa44";

/// The keys that an entry's fields announce.
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

/// One proven entry, as far as the succession of keys needs to know it.
#[derive(Debug, Clone)]
pub struct Said<'a> {
    /// Who wrote it.
    pub writer: &'a str,
    /// Its place and leaf hash.
    pub place: &'a Reference,
    /// The entry.
    pub entry: &'a Entry,
    /// The fields that are shown of it.
    pub fields: &'a [Field],
}

/// The channel with each key that these entries announce and confirm.
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
