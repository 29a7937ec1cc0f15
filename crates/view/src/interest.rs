//! Interests as they are shown.

use crate::item::BrokenRule;
use crate::table::{Column, Row};
use crate::text;
use forewarn_matching::interest::Interest;
use forewarn_matching::interest::ownership::Ownership;
use forewarn_matching::{Match, Near, Reason};
use forewarn_stix::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Most characters of clauses in a table.
const MAX_CLAUSES_SHOWN: usize = 120;

/// An interest in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InterestLine {
    /// Its place in the list; the next page begins after the last one.
    pub seq: i64,
    /// With whom ours is registered, or whose it is.
    pub partner: String,
    /// Whether it is ours.
    pub ours: bool,
    /// The interest itself.
    #[serde(flatten)]
    pub interest: Interest,
    /// Whether the things in it are the partner's own.
    #[serde(flatten)]
    pub ownership: Ownership,
    /// The number of its last change.
    pub change: i64,
    /// How many items have met it.
    pub matches: i64,
    /// When the last one did.
    pub last_match: Option<Timestamp>,
}

/// How far new interests have been tried against what is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TrialProgress {
    /// Interests that wait, those being tried too.
    pub waiting: i64,
    /// Where the trial began, in microseconds since 1970: after the item of this time.
    pub from: i64,
    /// Where it is.
    pub at: i64,
    /// Where it ends; 0 when it has not begun.
    pub until: i64,
}

/// What a file would meet, if it came in: one item and one interest; or that it would be refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InterestTried {
    /// The item's id.
    pub item: String,
    /// What is found of it.
    #[serde(flatten)]
    pub found: Meeting,
}

/// How an item and an interest compare.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Meeting {
    /// The item meets it.
    Match(Match),
    /// The item comes near to it.
    Near(Near),
    /// The item would be refused, and so meet no interest: why.
    Refused(Vec<BrokenRule>),
}

impl Row for InterestLine {
    const COLUMNS: &'static [Column<InterestLine>] = &[
        ("PARTNER", |one| text::line(&one.partner)),
        ("OURS", |one| text::yes_no(one.ours)),
        ("LABEL", |one| text::line(&one.interest.label)),
        ("URGENCY", |one| one.interest.urgency.to_string()),
        ("MET WHEN", InterestLine::clauses),
        ("MATCHES", |one| one.matches.to_string()),
        ("OWNERSHIP", |one| one.ownership_word().to_owned()),
        ("CHANGE", |one| one.change.to_string()),
        ("ID", |one| text::line(&one.interest.id)),
    ];
}

impl InterestLine {
    /// The clauses, cut to what a table has room for.
    fn clauses(&self) -> String {
        let clauses = self.interest.expression().to_string();
        let short: String = clauses.chars().take(MAX_CLAUSES_SHOWN).collect();
        let more = if short.len() < clauses.len() { "…" } else { "" };
        text::line(&format!("{short}{more}"))
    }

    fn ownership_word(&self) -> &'static str {
        match self.ownership {
            Ownership::Claimed => "claimed",
            Ownership::Confirmed { .. } => "confirmed",
        }
    }
}

impl TrialProgress {
    /// How far it has come.
    pub fn words(&self) -> String {
        let TrialProgress { waiting, from, at, until } = *self;
        if until == 0 {
            return format!("{waiting} new interests wait to be tried against what is stored");
        }
        let part = 100 * (at - from) / (until - from).max(1);
        let time = |micros| text::or_none(Timestamp::from_micros(micros).as_ref(), text::time);
        format!(
            "{waiting} new interests are tried against what is stored since {}: at {}, {part} % of \
             the time",
            time(from),
            time(at),
        )
    }
}

impl InterestTried {
    /// Whether the item meets the interest.
    pub fn is_match(&self) -> bool {
        matches!(self.found, Meeting::Match(_))
    }

    /// The interest and the reasons, a line each, without a line break at the end.
    pub fn words(&self) -> String {
        let item = text::line(&self.item);
        let (head, reasons) = match &self.found {
            Meeting::Refused(reasons) => {
                let why: Vec<String> = reasons.iter().map(BrokenRule::words).collect();
                return format!("{item}: would be refused, because of this: {}", why.join("; "));
            }
            Meeting::Match(Match { partner, label, strength, why, .. }) => {
                let (partner, label) = (text::line(partner), text::line(label));
                (format!("{item}: “{label}” of {partner}, strength {strength}"), why)
            }
            Meeting::Near(Near { partner, label, lacking, found, .. }) => {
                let (partner, label) = (text::line(partner), text::line(label));
                (format!("{item}: not “{label}” of {partner}: {}", text::line(lacking)), found)
            }
        };
        let mut lines = vec![head];
        lines.extend(reasons.iter().map(reason));
        lines.join("\n")
    }
}

fn reason(reason: &Reason) -> String {
    format!("    {}", text::line(&reason.to_string()))
}
