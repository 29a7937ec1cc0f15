//! What the node and its signer say to each other: lines of JSON, three verbs.
//!
//! The signer begins with a [`Hello`]. Each [`Request`] has a number of its own and gets one
//! [`Reply`] with that number, in any order.

use forewarn_transcript::{Hash, PublicKey, SecondKey};
use serde::{Deserialize, Serialize};

/// Longest line: a note of 16 kB, as JSON, and a proof of 64 hashes.
pub(super) const MAX_LINE: usize = 64 << 10;

/// The signer's first line.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Hello {
    /// Public keys, oldest first.
    pub(super) keys: Vec<(PublicKey, SecondKey)>,
    /// The last size and root signed of each log.
    pub(super) signed: super::memory::Signed,
}

/// One thing asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Request {
    pub(super) id: u64,
    #[serde(flatten)]
    pub(super) verb: Verb,
}

/// The verbs.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Verb {
    /// Sign a statement about a log.
    Log(Statement),
    /// Sign a request or a card.
    Access { by: PublicKey, text: String },
    /// Learn again what was signed, from a checkpoint with a signature of our own.
    Learn { note: String },
}

/// Whether a log is signed by its writer or its reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// We wrote it to this size.
    Writer,
    /// We hold it to this size.
    Reader,
}

/// A statement about a log that is to be signed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Statement {
    /// Whether we sign as the log's writer or as its reader.
    pub role: Role,
    /// For the writer the checkpoint's text; for the reader the note with the writer's signatures.
    pub note: String,
    /// The Ed25519 key that is to sign.
    pub by: PublicKey,
    /// Whether the second key signs too.
    pub both: bool,
    /// For the reader: seconds since 1970.
    pub time: u64,
    /// The size that the proof starts from, or leads to: the last that was signed.
    pub from: Option<u64>,
    /// That the smaller of the two sizes is the beginning of the larger.
    pub proof: Vec<Hash>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Reply {
    pub(super) id: u64,
    #[serde(flatten)]
    pub(super) outcome: Outcome,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Outcome {
    /// The signed note.
    Note(String),
    /// The signature, base64.
    Access(String),
    /// The size and root that are remembered now.
    Learnt(u64, Hash),
    Refused(Refused),
}

/// Why the signer does not sign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum Refused {
    /// Something was signed since; the node must ask again with a proof from there.
    #[error("the last size signed is {size}: the proof must be from there")]
    Since {
        /// The last size signed.
        size: u64,
        /// The root signed at that size.
        root: Hash,
    },
    /// Another root was signed, or the proof does not lead on from it.
    #[error("another root was signed at size {size}, or the proof does not lead on from it")]
    OtherRoot {
        /// The last size signed.
        size: u64,
    },
    /// The key that is to sign is not one of the signer's.
    #[error("the signer does not hold this key")]
    NoKey,
    /// The text is neither a request to a partner nor a contact card, and nothing else is signed
    /// without a log.
    #[error("this is neither a request nor a card")]
    NotAccess,
    /// None of our keys has signed the note.
    #[error("none of our keys has signed this")]
    NotOurs,
    /// The statement cannot be read, or its note is not by the log's writer; the text says what is
    /// wrong.
    #[error("{0}")]
    Form(String),
    /// The size and root could not be made durable, so the signature is not given.
    #[error("what was signed cannot be remembered: {0}")]
    Memory(String),
}
