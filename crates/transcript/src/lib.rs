//! Logs that two parties hold and that neither can change unnoticed.
//!
//! Covers: entries with salted field digests ([`entry`], [`disclosure`]), the RFC 6962 Merkle tree
//! ([`tree`]) and its tiles ([`tile`]), keys ([`key`]), C2SP signed notes ([`note`]) and their lines ([`signature`]), checkpoints
//! and cosignatures ([`checkpoint`]), those of witnesses ([`witness`]), the channel's genesis and log names ([`channel`]), the change
//! of keys ([`succession`]), batches of entries that are pushed or carried ([`batch`]), evidence
//! for a third party ([`evidence`]), whole transcripts ([`export`]), the search for the first
//! difference between two copies ([`reconcile`], [`compare`]) and the proof that a writer signed
//! two different logs ([`contradiction`]).
//!
//! Leaves to the caller: storing entries, hashes and keys; sending anything. Functions that sign
//! take the key and the time as arguments; nothing here reads a clock, a disk or a network.

#![warn(missing_docs)]

pub mod batch;
mod bounded;
pub mod channel;
pub mod checkpoint;
pub mod compare;
pub mod contradiction;
pub mod disclosure;
pub mod entry;
pub mod evidence;
pub mod export;
pub mod hash;
pub mod key;
mod mldsa44;
pub mod note;
pub mod reconcile;
pub mod signature;
pub mod succession;
pub mod tile;
pub mod tree;
pub mod witness;

pub use channel::{Channel, ChannelId, Party};
pub use checkpoint::Checkpoint;
pub use disclosure::Disclosure;
pub use entry::{Entry, Reference};
pub use hash::Hash;
pub use key::{Keys, PublicKey, SecondKey, SecretKey};
pub use note::Note;
pub use witness::WitnessKey;
