//! What is done to the node's state, with all that the decision needs from outside.

use crate::actor::Actor;
use forewarn_stix::Timestamp;
use forewarn_transcript::Hash;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The version that commands are written in. A later one reads all earlier ones.
pub const VERSION: u32 = 1;

/// One command. What else a decision reads is state that earlier commands have set, so that the
/// same commands in the same order lead to the same state, anywhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Command<W> {
    /// Global and unique; a retried command has the same one and is applied once.
    pub id: String,
    /// Who acts.
    pub actor: Actor,
    /// When, by the clock of whoever took the command in.
    pub time: Timestamp,
    /// Ids and salts are drawn from it.
    pub seed: Hash,
    /// What the signer remembers of our own logs that this database lacks; empty unless the
    /// database is an old copy. Looked up when the command gets its place in the order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ahead: Vec<Ahead>,
    /// What is to be done.
    pub work: W,
}

/// More of a log was signed than is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Ahead {
    /// The log's name.
    pub log: String,
    /// The size that was signed.
    pub signed: u64,
    /// Whether it is unknown so far what was signed: the node has started, and has not compared the
    /// log with what the partner holds.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub uncompared: bool,
}
