//! Logs and entries as they are shown.

use crate::table::{Column, Row};
use crate::text;
use forewarn_exchange::id::Subject;
use forewarn_exchange::name::NodeName;
use forewarn_stix::Timestamp;
use forewarn_transcript::Reference;
use forewarn_transcript::contradiction::Contradiction;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A log in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LogChecked {
    /// The log's name.
    pub log: String,
    /// How many entries are held.
    pub entries: u64,
    /// The first damage, if any.
    pub damage: Option<String>,
}

/// How a log compares with the partner's copy of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LogCompared {
    /// The log's name.
    pub log: String,
    /// How many entries we hold.
    pub entries_ours: u64,
    /// How many entries the partner holds.
    pub entries_theirs: u64,
    /// How many questions were asked of the partner.
    pub asked: u32,
    /// The result.
    #[serde(flatten)]
    pub verdict: CopyVerdict,
}

/// The result of a comparison with the partner's copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "verdict", rename_all = "kebab-case")]
pub enum CopyVerdict {
    /// Both hold the same.
    Equal,
    /// All that the shorter side holds is the same.
    Behind {
        /// The node that lacks entries.
        who: String,
        /// How many it lacks.
        by: u64,
    },
    /// An entry is not the same on both sides.
    Different {
        /// The index of the first one.
        index: u64,
        /// What we hold there.
        ours: Option<String>,
        /// What the partner has shown.
        theirs: Option<String>,
        /// Whether the writer has signed both.
        proven: bool,
    },
}

/// What a transcript that was carried here has brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TranscriptTaken {
    /// Whose log.
    pub partner: NodeName,
    /// How many entries of the partner's log the file has.
    pub entries: usize,
    /// The size to which our log is receipted by it; 0 when it has no receipt.
    pub receipted: u64,
}

/// What of our own log can be opened again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpenedAgain {
    /// In our log to whom.
    pub partner: NodeName,
    /// How many entries were opened further.
    pub entries: u64,
    /// How many fields of them.
    pub fields: u64,
    /// How many entries have fields still that nothing here opens.
    pub closed: u64,
    /// From which index of our log on the partner is to be asked next; nothing when it was asked for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<u64>,
}

/// A proof that a log was written twice, handed in and kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProofKept {
    /// Whether it is a new one.
    pub new: bool,
    /// Of which log.
    pub log: String,
}

/// A proof that a log was written twice, in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ContradictionLine {
    /// Its number on this node.
    pub number: i64,
    /// With whom the channel is.
    pub partner: String,
    /// The log's name.
    pub log: String,
    /// When it came to be known here.
    pub time: Timestamp,
    /// The proof, for third parties.
    pub proof: Contradiction,
}

impl Row for LogLine {
    const COLUMNS: &'static [Column<LogLine>] = &[
        ("PARTNER", |one| text::line(&one.partner)),
        ("OURS", |one| text::yes_no(one.ours)),
        ("ENTRIES", |one| one.size.to_string()),
        ("RECEIPTED", |one| one.receipted.to_string()),
        ("LOG", |one| text::line(&one.log)),
    ];
}

impl LogLine {
    /// How many entries of ours wait for the partner's receipt; 0 of the partner's own log.
    pub fn waiting(&self) -> u64 {
        if self.ours { self.size.saturating_sub(self.receipted) } else { 0 }
    }
}

impl Row for EntryLine {
    const COLUMNS: &'static [Column<EntryLine>] = &[
        ("OURS", |one| text::yes_no(one.ours)),
        ("ENTRY", |one| one.index.to_string()),
        ("KIND", |one| text::line(&one.kind)),
        ("STATUS", |one| text::or_none(one.status.as_deref(), text::line)),
        ("TIME", |one| text::or_none(one.time.as_ref(), text::time)),
        ("ABOUT", |one| text::or_none(one.subject.as_ref(), Subject::to_string)),
        ("WITHHELD", |one| one.withheld.to_string()),
        ("RECEIPTED", |one| text::yes_no(one.receipted)),
        ("NOT UNDERSTOOD", |one| text::or_none(one.refused.as_deref(), text::line)),
    ];
}

impl Row for ContradictionLine {
    const COLUMNS: &'static [Column<ContradictionLine>] = &[
        ("NUMBER", |one| one.number.to_string()),
        ("PARTNER", |one| text::line(&one.partner)),
        ("KNOWN SINCE", |one| text::time(&one.time)),
        ("LOG", |one| text::line(&one.log)),
    ];
}

impl LogCompared {
    /// The result in words, without a line break at the end.
    pub fn words(&self) -> String {
        format!("{}: {}", text::line(&self.log), self.verdict.words(self.entries_ours))
    }

    /// Whether the two sides hold different entries.
    pub fn is_different(&self) -> bool {
        matches!(self.verdict, CopyVerdict::Different { .. })
    }
}

impl CopyVerdict {
    fn words(&self, entries_ours: u64) -> String {
        match self {
            CopyVerdict::Equal => format!("equal, {entries_ours} entries"),
            CopyVerdict::Behind { who, by } => {
                format!("{} is behind by {by}; all before is equal", text::line(who))
            }
            CopyVerdict::Different { index, ours, theirs, proven } => {
                let proven = if *proven {
                    "its writer has signed both: the proof is kept"
                } else {
                    "the partner shows nothing signed for it"
                };
                let leaf = |leaf: &Option<String>| text::or_none(leaf.as_deref(), text::line);
                format!(
                    "DIFFERENT from entry {index} on; {proven}\n  here: {}\n  there: {}",
                    leaf(ours),
                    leaf(theirs),
                )
            }
        }
    }
}

impl OpenedAgain {
    /// What can be opened now, and what cannot.
    pub fn words(&self) -> String {
        let OpenedAgain { partner, entries, fields, closed, next: _ } = self;
        let count = |count: u64, one: &str, more: &str| match count {
            1 => format!("1 {one}"),
            _ => format!("{count} {more}"),
        };
        let opened = match fields {
            0 => format!("nothing more of our log to {partner} can be opened by that"),
            _ => format!(
                "{} of {} of our log to {partner} can be opened again",
                count(*fields, "field", "fields"),
                count(*entries, "entry", "entries"),
            ),
        };
        match closed {
            0 => format!("{opened}; nothing of it is closed to us"),
            _ => format!(
                "{opened}; {} fields still that nothing here opens: an older transcript, or \
                 evidence, may",
                count(*closed, "entry has", "entries have"),
            ),
        }
    }
}

impl TranscriptTaken {
    /// What is held now.
    pub fn words(&self) -> String {
        let TranscriptTaken { partner, entries, receipted } = self;
        format!("{partner}'s log is held to {entries} entries; our log is receipted to {receipted}")
    }
}
