//! Cases as they are shown.

use crate::hint::{self, Surface};
use crate::history::Line;
use crate::item;
use crate::later;
use crate::table::{Column, Row};
use crate::talk::{self, SaidView};
use crate::text;
use crate::version;
use forewarn_exchange::Refusal;
use forewarn_exchange::case::{
    Case, CaseItem, Decided, Decision, Found, Horizon, Outgoing, Recall, Release, Review, Stage,
};
use forewarn_exchange::draft::{Draft, Lowering};
use forewarn_exchange::gate::{SetAside, Withheld, WithheldKind};
use forewarn_exchange::id::CaseNumber;
use forewarn_exchange::name::{NodeName, UserName};
use forewarn_exchange::outcome::Net;
use forewarn_exchange::owed::Owed;
use forewarn_exchange::scale::{Status, Urgency};
use forewarn_exchange::talk::Said;
use forewarn_exchange::version::Change;
use forewarn_matching::{Ended, Match};
use forewarn_stix::Timestamp;
use forewarn_stix::marking::Tlp;
use forewarn_transcript::Hash;
use serde::{Deserialize, Serialize};
use serde_json::Value;

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
    /// Whether something was written to the partner that it is not known to have.
    #[serde(default)]
    pub undelivered: bool,
    /// Whether the released warning is to be looked at again, since an original was revoked.
    #[serde(default)]
    pub review: bool,
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
    /// Why the newest of what was written to the partner is not known to have arrived, where that
    /// is so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undelivered: Option<String>,
    /// Items that are revoked, or over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ended: Vec<EndedItem>,
    /// How its items were graded, each time one came in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gradings: Vec<ItemGrading>,
    /// What happened, oldest first.
    pub history: Vec<Line>,
    /// The case itself.
    pub case: CaseParts,
}

/// An item of a case that holds no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndedItem {
    /// Its id.
    pub id: String,
    /// Whether it is revoked, or since when it is over.
    pub ended: Ended,
}

/// How an item of a case was graded when it came in. No scheme is turned into another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemGrading {
    /// The item's id.
    pub id: String,
    /// Whom it came from, where that is said.
    pub source: Option<String>,
    /// The grade with its scheme: `B2` is Admiralty.
    pub grade: String,
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
    /// The released warning is to be looked at again, since an original was revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<Review>,
    /// Until when the released warning holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub horizon: Option<Horizon>,
    /// When it was put on record that its time is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expired: Option<Timestamp>,
    /// The update, or the end, that the partner is to answer, or has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owed: Option<Owed>,
    /// What came of it, all outcomes together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outcome: Vec<Net>,
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
    /// Whom of the partner's people it is for; nobody in particular when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub persons: Vec<String>,
    /// Withheld texts of which a possible objection does not count, says the drafter; whoever
    /// releases it must say the same.
    #[serde(default, skip_serializing_if = "SetAside::is_empty")]
    pub set_aside: SetAside,
    /// The strictest marking of the originals.
    pub originals: Option<Tlp>,
    /// The drafter's decision to mark it less strictly than that.
    pub lowering: Option<Lowering>,
    /// Whether the gate is open.
    pub passes: bool,
    /// Why it is shut.
    pub objection: Option<Refusal>,
    /// How many versions were released before it.
    #[serde(default)]
    pub versions: u32,
    /// In what it differs from the version that was released last; nothing in the first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// Originals that are revoked, or over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ended: Vec<EndedItem>,
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
            undelivered: case.awaits.is_some(),
            review: case.review.is_some(),
        }
    }
}

impl CaseParts {
    /// A case with its parts.
    pub fn of(case: &Case, items: Vec<CaseItem>, outgoing: Outgoing, said: &[Said]) -> CaseParts {
        CaseParts {
            number: case.number,
            partner: case.partner.clone(),
            items,
            urgency: case.urgency,
            status: case.status,
            opened: case.opened.clone(),
            due: case.clock.due().clone(),
            ran_out: case.clock.ran_out().cloned(),
            review: case.review.clone(),
            horizon: case.horizon.clone(),
            expired: case.expired.clone(),
            owed: case.owed.clone(),
            outcome: talk::net(said),
            stage: StageParts::of(case, outgoing),
            talk: said.iter().map(SaidView::of).collect(),
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

impl Row for CaseLine {
    const COLUMNS: &'static [Column<CaseLine>] = &[
        ("CASE", |one| one.number.to_string()),
        ("FOR", |one| one.partner.to_string()),
        ("URGENCY", |one| one.urgency.to_string()),
        ("STATUS", |one| one.status.name().to_owned()),
        ("STAGE", |one| {
            let undelivered = if one.undelivered { ", not delivered" } else { "" };
            let review = if one.review { ", recall or keep" } else { "" };
            format!("{}{undelivered}{review}", text::line(&one.stage))
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
            || !ended.iter().any(|stage| stage.to_string() == self.stage)
    }
}

impl CaseShown {
    /// The case for people, without a line break at the end: where it stands, its items with the
    /// reasons, what was found, decided and sent, and what was said.
    pub fn words(&self, surface: Surface) -> String {
        let CaseParts { number, partner, items, urgency, opened, due, stage, talk, .. } =
            &self.case;
        let overdue = if self.overdue { ", OVERDUE" } else { "" };
        let mut lines = vec![
            format!("case {number} for {partner}: {}, {urgency}", text::line(&self.stage_name)),
            format!("opened {}, due {}{overdue}", text::time(opened), text::time(due)),
            "items:".to_owned(),
        ];
        for CaseItem { id, source, why } in items {
            let source = text::or_none(source.as_deref(), text::line);
            lines.push(format!("  {} (source {source})", text::line(id)));
            let ended = self.ended.iter().find(|one| one.id == *id);
            lines.extend(ended.map(|one| format!("    NOTE: it is {}", one.ended)));
            lines.extend(self.gradings.iter().filter(|one| one.id == *id).map(ItemGrading::words));
            lines.extend(why.iter().map(|why| format!("    {}", text::line(why))));
        }
        let by_authority = self.history.iter().filter(|line| line.event.is_by_authority());
        lines.extend(by_authority.map(|line| text::line(&line.what)));
        lines.extend(stage.finding.as_ref().map(finding));
        lines.extend(stage.decision.as_ref().map(decision));
        for (release, n) in stage.sent.iter().zip(0..) {
            lines.push(sent(release, self.delivered.get(n) == Some(&true)));
        }
        lines.extend(self.undelivered.as_ref().map(|why| {
            let not = if self.overdue { "NOT DELIVERED" } else { "not delivered yet" };
            format!("{not}, due by {}: {}", text::time(due), text::line(why))
        }));
        if let Some(Review { since, revoked }) = &self.case.review {
            let items: Vec<String> = revoked.iter().map(|id| text::line(id)).collect();
            lines.push(format!(
                "TO BE LOOKED AT AGAIN, due {}: revoked since {}: {}",
                text::time(due),
                text::time(since),
                items.join(", ")
            ));
            lines.push(format!("  {}", hint::recall_or_keep(*number, surface)));
        }
        lines.extend(later::lines(&self.case));
        lines.extend(talk::net_line(&self.case.outcome));
        lines.extend(talk.iter().map(SaidView::line));
        lines.join("\n")
    }
}

impl ItemGrading {
    fn words(&self) -> String {
        let by = text::or_none(self.source.as_deref(), text::line);
        format!("    graded {} (source {by})", item::grade(&self.grade))
    }
}

fn finding(found: &Found) -> String {
    let Found { finding, by, .. } = found;
    format!(
        "finding by {by}: credible {}, specific {}, impending {}; {} of {}: {}",
        text::yes_no(finding.credible),
        text::yes_no(finding.specific),
        text::yes_no(finding.impending),
        finding.threat.name(),
        text::line(&finding.target),
        text::line(&finding.reason),
    )
}

fn decision(decided: &Decided) -> String {
    let (what, reason) = match &decided.decision {
        Decision::Warn { reason } => ("warn", reason),
        Decision::Waive { reason, .. } => ("waive", reason),
        Decision::Refer { reason, .. } => ("refer", reason),
        Decision::NotMet { reason } => ("not-met", reason),
    };
    format!("decision by {}: {what}: {}", decided.by, text::line(reason))
}

fn sent(release: &Release, delivered: bool) -> String {
    let Release { draft, approved_by, at, entry, .. } = release;
    let got = if delivered { "the partner holds it" } else { "not delivered yet" };
    format!(
        "sent “{}”: drafted by {}, released by {approved_by} at {}, entry {}; {got}",
        text::line(&draft.title),
        draft.by,
        text::time(at),
        entry.index,
    )
}

impl Preview {
    /// The draft for its approver, without a line break at the end: to whom, the bundle, what is
    /// withheld, and whether the gate is open. The bundle is laid out for reading; what is approved
    /// are the bytes of `digest`.
    pub fn words(&self, surface: Surface) -> String {
        let mut lines = vec![
            format!("to {}, whose agreement ends at {}", self.to, tlp(self.ceiling)),
            format!(
                "“{}”, {}, valid until {}",
                text::line(&self.title),
                tlp(self.tlp),
                text::time(&self.valid_until),
            ),
            format!("drafted by {}\n", self.drafted_by),
        ];
        lines.extend(for_persons(&self.persons));
        lines.extend(self.originals.map(|originals| self.marked(originals)));
        lines.push(self.laid_out());
        lines.extend(self.changed());
        for EndedItem { id, ended } in &self.ended {
            lines.push(format!("\nNOTE: the original {} is {ended}", text::line(id)));
        }
        lines.push("\nwithheld, committed to and not shown:".to_owned());
        for Withheld { what, text, .. } in &self.withheld {
            let what = match what {
                WithheldKind::Name => "name",
                WithheldKind::Source => "source",
                WithheldKind::OriginalId => "original-id",
                WithheldKind::Partner => "partner",
            };
            lines.push(format!("  {what} {}", text::line(text)));
        }
        let why = match self.set_aside.reason.as_str() {
            "" => "as not meaning what is withheld".to_owned(),
            reason => format!("because: {}", text::line(reason)),
        };
        for aside in &self.set_aside.texts {
            lines.push(format!(
                "SET ASIDE by the drafter, {why}: {}; say so too with --set-aside",
                text::line(aside)
            ));
        }
        lines.push(match &self.objection {
            None => format!(
                "\nthe gate is open; a second person may release it:\n  {}",
                hint::release(self.case, self.digest, surface),
            ),
            Some(objection) => format!("\n{}", text::block(&objection.message)),
        });
        lines.join("\n")
    }

    /// How the originals are marked, and why the draft is marked less strictly.
    fn marked(&self, originals: Tlp) -> String {
        let originals = tlp(originals);
        let Some(Lowering { permission, reason }) = &self.lowering else {
            return format!("the originals are {originals}\n");
        };
        let (permission, reason) = (text::line(permission), text::line(reason));
        format!(
            "THE ORIGINALS ARE {originals}: lowered on the permission of {permission}, since \
             {reason}\n"
        )
    }

    /// In what it differs from the version that was released last, a line each; nothing for the
    /// first version.
    pub fn changed(&self) -> Vec<String> {
        if self.versions == 0 {
            return Vec::new();
        }
        let mut lines = vec![format!("\nchanged since version {}:", self.versions)];
        lines.extend(version::lines(&self.changes));
        if self.changes.is_empty() {
            lines.push("  nothing".to_owned());
        }
        lines
    }

    fn laid_out(&self) -> String {
        let bundle = serde_json::from_str::<Value>(&self.bundle);
        let pretty = bundle.and_then(|bundle| serde_json::to_string_pretty(&bundle));
        text::block(pretty.as_ref().unwrap_or(&self.bundle))
    }
}

/// Whom it is for; nothing when it is for nobody in particular.
pub(crate) fn for_persons(persons: &[String]) -> Option<String> {
    let named: Vec<String> = persons.iter().map(|name| text::line(name)).collect();
    (!named.is_empty()).then(|| format!("for these persons only: {}\n", named.join(", ")))
}

/// `TLP:AMBER`.
pub(crate) fn tlp(tlp: Tlp) -> String {
    format!("TLP:{}", tlp.name().to_uppercase())
}
