//! Cases as they are shown.

use crate::history::Line;
use crate::talk::SaidView;
use forewarn_exchange::Refusal;
use forewarn_exchange::case::{Case, CaseItem, Decided, Found, Outgoing, Recall, Release, Stage};
use forewarn_exchange::draft::{Draft, Lowering};
use forewarn_exchange::gate::Withheld;
use forewarn_exchange::id::CaseNumber;
use forewarn_exchange::name::{NodeName, UserName};
use forewarn_exchange::scale::{Status, Urgency};
use forewarn_exchange::talk::Said;
use forewarn_matching::Match;
use forewarn_stix::Timestamp;
use forewarn_stix::marking::Tlp;
use forewarn_transcript::Hash;
use serde::{Deserialize, Serialize};

/// A case in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
}

/// A case, whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseShown {
    /// Whether its time is past.
    pub overdue: bool,
    /// Where it stands, in words.
    pub stage_name: String,
    /// What opened or joined it.
    pub matches: Vec<Match>,
    /// For each release: whether the partner holds it.
    pub delivered: Vec<bool>,
    /// What happened, oldest first.
    pub history: Vec<Line>,
    /// The case itself.
    pub case: CaseParts,
}

/// A case with its items, papers and talk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseParts {
    /// Which.
    pub number: CaseNumber,
    /// Whom it would warn.
    pub partner: NodeName,
    /// The items that it names.
    pub items: Vec<CaseItem>,
    /// How urgent.
    pub urgency: Urgency,
    /// Whether it is meant.
    pub status: Status,
    /// When it was opened.
    pub opened: Timestamp,
    /// When it is due.
    pub due: Timestamp,
    /// When it was put on record that time had run out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ran_out: Option<Timestamp>,
    /// What was found, decided, written and sent.
    pub stage: StageParts,
    /// What was said, oldest first.
    pub talk: Vec<SaidView>,
}

/// What was found, decided, written and sent of a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StageParts {
    /// Where it stands.
    pub stage: Stage,
    /// The finding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<Found>,
    /// The decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decided>,
    /// The first draft that waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<Draft>,
    /// What was released, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sent: Vec<Release>,
    /// The draft of a next version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Draft>,
    /// The recall.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recall: Option<Recall>,
}

/// A draft as its approver sees it: computed by the code that releases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Preview {
    /// The case's number.
    pub case: CaseNumber,
    /// To whom it goes.
    pub to: NodeName,
    /// The most that may be released to it.
    pub ceiling: Tlp,
    /// The report's title.
    pub title: String,
    /// Its marking.
    pub tlp: Tlp,
    /// SHA-256 of the bundle: what is approved.
    pub digest: Hash,
    /// Who wrote it.
    pub drafted_by: UserName,
    /// Until when it holds.
    pub valid_until: Timestamp,
    /// The strictest marking of the originals.
    pub originals: Option<Tlp>,
    /// The drafter's decision to mark it less strictly than that.
    pub lowering: Option<Lowering>,
    /// Whether the gate is open.
    pub passes: bool,
    /// Why it is shut.
    pub objection: Option<Refusal>,
    /// What is committed to and not shown.
    pub withheld: Vec<Withheld>,
    /// The exact bytes.
    pub bundle: String,
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
        }
    }
}

impl CaseParts {
    /// A case with its parts.
    pub fn of(case: &Case, items: Vec<CaseItem>, outgoing: Outgoing, talk: &[Said]) -> CaseParts {
        CaseParts {
            number: case.number,
            partner: case.partner.clone(),
            items,
            urgency: case.urgency,
            status: case.status,
            opened: case.opened.clone(),
            due: case.clock.due().clone(),
            ran_out: case.clock.ran_out().cloned(),
            stage: StageParts::of(case, outgoing),
            talk: talk.iter().map(SaidView::of).collect(),
        }
    }
}

impl StageParts {
    fn of(case: &Case, outgoing: Outgoing) -> StageParts {
        let parts = StageParts {
            stage: case.stage(),
            finding: case.assessment.finding().cloned(),
            decision: case.assessment.decision().cloned(),
            draft: None,
            sent: Vec::new(),
            next: None,
            recall: None,
        };
        match outgoing {
            Outgoing::Nothing => parts,
            Outgoing::Drafted(draft) => StageParts { draft: Some(draft), ..parts },
            Outgoing::Released { releases, next } => StageParts { sent: releases, next, ..parts },
            Outgoing::Recalled { releases, recall } => {
                StageParts { sent: releases, recall: Some(recall), ..parts }
            }
        }
    }
}
