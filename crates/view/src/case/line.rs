//! Cases in a list.

use crate::table::{Column, Row};
use crate::text;
use forewarn_exchange::case::{Case, Stage};
use forewarn_exchange::id::CaseNumber;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::scale::{Status, Urgency};
use forewarn_stix::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A case in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CaseLine {
    /// Which.
    pub number: CaseNumber,
    /// Whom it would warn.
    pub partner: NodeName,
    /// How urgent.
    pub urgency: Urgency,
    /// Whether it is meant.
    pub status: Status,
    /// Where it stands, in words.
    pub stage: String,
    /// When it was opened.
    pub opened: Timestamp,
    /// When it is due.
    pub due: Timestamp,
    /// Whether its time is past.
    pub overdue: bool,
    /// How many items it names.
    pub items: u32,
    /// How many questions wait for our answer.
    pub open_questions: usize,
    /// Whether something was written to the partner that it is not known to have.
    #[serde(default)]
    pub undelivered: bool,
    /// Whether what was decided or released is to be looked at again: an original was revoked, a new
    /// fact has joined, or its time has come.
    #[serde(default)]
    pub review: bool,
    /// Until when the clock is paused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused: Option<Timestamp>,
    /// The first of the cases of the same threat, where there are several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threat: Option<CaseNumber>,
}

impl CaseLine {
    /// A line of a case, as of now.
    pub fn of(case: &Case, open_questions: usize, now: &Timestamp) -> CaseLine {
        CaseLine {
            number: case.number,
            partner: case.partner.clone(),
            urgency: case.urgency,
            status: case.status,
            stage: case.stage().to_string(),
            opened: case.opened.clone(),
            due: case.clock.due().clone(),
            overdue: case.clock.is_overdue(now),
            items: case.items,
            open_questions,
            undelivered: case.awaits.is_some(),
            review: case.review.is_some() || case.stage() == Stage::Closed && case.clock.is_out(),
            paused: case.clock.pause().map(|pause| pause.until.clone()),
            threat: case.threat,
        }
    }
}

impl Row for CaseLine {
    const COLUMNS: &'static [Column<CaseLine>] = &[
        ("CASE", |one| one.number.to_string()),
        ("FOR", |one| one.partner.to_string()),
        ("URGENCY", |one| one.urgency.to_string()),
        ("STATUS", |one| one.status.name().to_owned()),
        ("STAGE", |one| {
            let undelivered = if one.undelivered { ", not delivered" } else { "" };
            let is_closed = one.stage == Stage::Closed.to_string();
            let review = match (one.review, is_closed) {
                (true, true) => ", reopen or keep",
                (true, false) => ", recall or keep",
                (false, _) => "",
            };
            let paused = if one.paused.is_some() { ", PAUSED" } else { "" };
            let threat = one.threat.map(|first| format!(", threat of case {first}"));
            let threat = threat.unwrap_or_default();
            format!("{}{undelivered}{review}{paused}{threat}", text::line(&one.stage))
        }),
        ("DUE", |one| text::time(&one.due)),
        ("OVERDUE", |one| text::yes_no(one.overdue)),
        ("ITEMS", |one| one.items.to_string()),
        ("OPEN QUESTIONS", |one| one.open_questions.to_string()),
    ];
}

impl CaseLine {
    /// Whether something is still to be done about it.
    pub fn is_open(&self) -> bool {
        let ended = [Stage::Released, Stage::Expired, Stage::Closed, Stage::Recalled];
        self.undelivered
            || self.review
            || self.overdue
            || !ended.iter().any(|stage| stage.to_string() == self.stage)
    }
}
