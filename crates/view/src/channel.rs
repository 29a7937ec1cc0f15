//! Logs and entries as they are shown.

use forewarn_exchange::id::Subject;
use forewarn_stix::Timestamp;
use forewarn_transcript::Reference;
use serde::{Deserialize, Serialize};

/// A log in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLine {
    /// The log's name.
    pub log: String,
    /// The partner that the channel is with.
    pub partner: String,
    /// Whether we write it.
    pub ours: bool,
    /// How many entries are held.
    pub size: u64,
    /// How many of them a receipt covers.
    pub receipted: u64,
}

/// An entry in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryLine {
    /// In which log.
    pub log: String,
    /// Whether we wrote it.
    pub ours: bool,
    /// Its index.
    pub index: u64,
    /// What kind of message it carries; `genesis` for the first.
    pub kind: String,
    /// Its global id.
    pub id: Option<String>,
    /// When it was written, by its writer.
    pub time: Option<Timestamp>,
    /// Whether it is meant.
    pub status: Option<String>,
    /// Which entry it answers.
    pub answers: Option<Reference>,
    /// How many of its fields were withheld from the partner.
    pub withheld: usize,
    /// What it is about.
    pub subject: Option<Subject>,
    /// Why it was not understood.
    pub refused: Option<String>,
    /// Whether a receipt covers it.
    pub receipted: bool,
}

/// Whether a log is as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogChecked {
    /// The log's name.
    pub log: String,
    /// How many entries are held.
    pub entries: u64,
    /// The first damage, if any.
    pub damage: Option<String>,
}
