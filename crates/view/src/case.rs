//! Cases as they are shown.

mod line;

pub use line::CaseLine;

use crate::decision;
use crate::hint::{self, Surface};
use crate::history::Line;
use crate::item;
use crate::later;
use crate::linked::{LinkedCase, Merged, MutedPartner};
use crate::talk::{self, SaidView};
use crate::version;
use crate::{text, told};
use forewarn_exchange::Refusal;
use forewarn_exchange::case::{
    Case, CaseItem, Decided, Found, Horizon, Outgoing, Pause, Recall, Release, Review, Stage,
};
use forewarn_exchange::clocks::Purpose;
use forewarn_exchange::draft::{Draft, Lowering, Rests};
use forewarn_exchange::gate::{SetAside, Withheld, WithheldKind};
use forewarn_exchange::id::{CaseNumber, WarningNumber};
use forewarn_exchange::name::{NodeName, UserName};
use forewarn_exchange::outcome::Net;
use forewarn_exchange::owed::Owed;
use forewarn_exchange::permission::Granted;
use forewarn_exchange::scale::{Status, Urgency};
use forewarn_exchange::talk::Said;
use forewarn_exchange::told::Ahead;
use forewarn_exchange::version::Change;
use forewarn_exchange::warning::Warning;
use forewarn_exchange::watched::Seen;
use forewarn_matching::{Ended, Match};
use forewarn_stix::Timestamp;
use forewarn_stix::marking::{Pap, Tlp};
use forewarn_transcript::Hash;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A case, whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
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
    /// Other cases of the same threat, or of the same items: whoever faces the same is warned, or there
    /// is a reason why not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub linked: Vec<LinkedCase>,
    /// Partners whose interests meet the same items, and are muted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub muted: Vec<MutedPartner>,
    /// How its items were graded, each time one came in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gradings: Vec<ItemGrading>,
    /// What happened, oldest first.
    pub history: Vec<Line>,
    /// Its version, as an act names it that is to be done on no other: `case-3.17`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<Seen>,
    /// The case itself.
    pub case: CaseParts,
}

/// An item of a case that holds no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EndedItem {
    /// Its id.
    pub id: String,
    /// Whether it is revoked, or since when it is over.
    pub ended: Ended,
}

/// How an item of a case was graded when it came in. No scheme is turned into another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ItemGrading {
    /// The item's id.
    pub id: String,
    /// Whom it came from, where that is said.
    pub source: Option<String>,
    /// The grade with its scheme: `B2` is Admiralty.
    pub grade: String,
}

/// A case with its items, papers and talk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
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
    /// What the clock is for.
    #[serde(default, skip_serializing_if = "Purpose::is_warn")]
    pub purpose: Purpose,
    /// Why the clock does not run for a while.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pause: Option<Pause>,
    /// The first of the cases of the same threat, where there are several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threat: Option<CaseNumber>,
    /// Into which case it was merged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged: Option<Merged>,
    /// What was decided or released is to be looked at again.
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
    /// When the partner was told, beside the channel, of what was written last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_at: Option<Timestamp>,
    /// What was told in imminent danger, before a second person had agreed; the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ahead: Vec<Ahead>,
    /// What came of it, all outcomes together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outcome: Vec<Net>,
    /// What was found, decided, written and sent.
    pub stage: StageParts,
    /// What was said, oldest first.
    pub talk: Vec<SaidView>,
}

/// What was found, decided, written and sent of a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
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

/// Parts of a warning that came to us, which its sender permits to pass on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PassesOn {
    /// The warning.
    pub warning: WarningNumber,
    /// Whose permission it is.
    pub by: NodeName,
    /// Which parts.
    pub parts: Vec<String>,
    /// On which conditions.
    pub conditions: Vec<String>,
    /// Until when.
    pub until: Option<Timestamp>,
}

impl PassesOn {
    /// What was granted of a warning.
    pub fn of(warning: &Warning, granted: &Granted<'_>) -> PassesOn {
        PassesOn {
            warning: warning.number,
            by: warning.partner.clone(),
            parts: granted.parts().into_iter().map(ToString::to_string).collect(),
            conditions: granted.conditions().into_iter().map(str::to_owned).collect(),
            until: granted.until().cloned(),
        }
    }

    fn words(&self) -> String {
        let PassesOn { warning, by, parts, conditions, until } = self;
        let until = until.as_ref().map(|until| format!(" until {}", text::time(until)));
        let conditions: Vec<String> = conditions.iter().map(|one| text::line(one)).collect();
        let conditions = if conditions.is_empty() {
            String::new()
        } else {
            format!(": {}", conditions.join("; "))
        };
        let (parts, until) = (text::line(&parts.join(", ")), until.unwrap_or_default());
        format!("passes on {parts} of warning {warning}, as {by} permits{until}{conditions}\n")
    }
}

/// A draft as its approver sees it: computed by the code that releases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
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
    /// Why the partner is warned although the policy forbids to notify affected parties; empty when
    /// it does not.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub notify_reason: String,
    /// Withheld texts of which a possible objection does not count, says the drafter; whoever
    /// releases it must say the same.
    #[serde(default, skip_serializing_if = "SetAside::is_empty")]
    pub set_aside: SetAside,
    /// The strictest marking of the originals.
    pub originals: Option<Tlp>,
    /// How far actions on the originals may be noticed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub originals_pap: Option<Pap>,
    /// The drafter's decision to mark it less strictly than that.
    pub lowering: Option<Lowering>,
    /// What it passes on of warnings that came to us, by their senders' permission.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passes_on: Vec<PassesOn>,
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
    /// On which items sentences of the text rest: it is committed to and not shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rests: Vec<Rests>,
    /// What of the wording is to be looked at again, such as words of both rows of ICD 203.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wording: Vec<String>,
    /// What is committed to and not shown.
    pub withheld: Vec<Withheld>,
    /// The exact bytes.
    pub bundle: String,
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
            purpose: case.clock.purpose,
            pause: case.clock.pause().cloned(),
            threat: case.threat,
            merged: Merged::of(case),
            review: case.review.clone(),
            horizon: case.horizon.clone(),
            expired: case.expired.clone(),
            owed: case.owed.clone(),
            told_at: case.told_at.clone(),
            ahead: case.ahead.clone(),
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

impl CaseShown {
    /// The case for people, without a line break at the end: where it stands, its items with the
    /// reasons, what was found, decided and sent, and what was said.
    pub fn words(&self, surface: Surface) -> String {
        let CaseParts { number, partner, items, urgency, opened, stage, talk, .. } = &self.case;
        let overdue = if self.overdue { ", OVERDUE" } else { "" };
        let mut lines = vec![
            format!("case {number} for {partner}: {}, {urgency}", text::line(&self.stage_name)),
            format!("opened {}, {}{overdue}", text::time(opened), self.clock_words()),
        ];
        if self.case.status == Status::Exercise {
            lines.push("EXERCISE: nothing of it is meant".to_owned());
        }
        lines.extend(crate::history::erased(&self.history));
        lines.extend(self.case.pause.as_ref().map(pause));
        lines.push("items:".to_owned());
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
        lines.extend(stage.finding.iter().flat_map(decision::finding));
        lines.extend(stage.decision.iter().flat_map(decision::decision));
        let newest = stage.next.as_ref().or(stage.draft.as_ref());
        let newest = newest.or_else(|| stage.sent.last().map(|sent| &sent.draft));
        if let Some(request) = newest.and_then(|draft| draft.request.as_ref()) {
            lines.extend(rests(&request.rests));
        }
        lines.extend(self.merged_words());
        lines.extend(self.linked_words());
        for (release, n) in stage.sent.iter().zip(0..) {
            lines.push(sent(release, self.delivered.get(n) == Some(&true)));
        }
        lines.extend(self.undelivered_words());
        lines.extend(self.case.ahead.iter().flat_map(told::ahead));
        lines.extend(self.review_words(surface));
        lines.extend(later::lines(&self.case));
        lines.extend(talk::net_line(&self.case.outcome));
        lines.extend(talk.iter().map(SaidView::line));
        lines.extend(self.version.as_ref().map(|version| format!("version {version}")));
        lines.join("\n")
    }
}

impl CaseShown {
    /// Until when, and what for where that is no warning.
    fn clock_words(&self) -> String {
        let due = text::time(&self.case.due);
        match self.case.purpose {
            Purpose::Warn => format!("due {due}"),
            other => format!("{other} {due}"),
        }
    }

    /// Why the newest of what was written has not arrived, and whether they know all the same.
    fn undelivered_words(&self) -> Option<String> {
        let why = text::line(self.undelivered.as_ref()?);
        if let Some(told) = &self.case.told_at {
            let told = text::time(told);
            return Some(format!("not delivered yet, and told otherwise at {told}: {why}"));
        }
        let not = if self.overdue { "NOT DELIVERED" } else { "not delivered yet" };
        Some(format!("{not}, due by {}: {why}", text::time(&self.case.due)))
    }

    /// Into which case it was merged, and why.
    fn merged_words(&self) -> Option<String> {
        let Merged { into, by, reason, .. } = self.case.merged.as_ref()?;
        Some(format!("merged into case {into} by {by}: {}", text::line(reason)))
    }

    /// Whoever faces the same threat, and whether he is warned.
    fn linked_words(&self) -> Vec<String> {
        if self.linked.is_empty() && self.muted.is_empty() {
            return Vec::new();
        }
        let mut lines = vec!["others who face the same:".to_owned()];
        lines.extend(self.linked.iter().map(LinkedCase::words));
        for MutedPartner { partner, mute, reason } in &self.muted {
            lines.push(format!("  {partner}: muted ({mute}): {}", text::line(reason)));
        }
        lines
    }

    fn review_words(&self, surface: Surface) -> Vec<String> {
        let Some(Review { since, revoked, joined }) = &self.case.review else { return Vec::new() };
        let (number, due) = (self.case.number, text::time(&self.case.due));
        let since = text::time(since);
        let list = |ids: &[String]| {
            let ids: Vec<String> = ids.iter().map(|id| text::line(id)).collect();
            ids.join(", ")
        };
        let mut lines = Vec::new();
        if !revoked.is_empty() {
            let items = list(revoked);
            lines.push(format!("TO BE LOOKED AT AGAIN, due {due}: revoked since {since}: {items}"));
            lines.push(format!("  {}", hint::recall_or_keep(number, surface)));
        }
        if !joined.is_empty() {
            let items = list(joined);
            lines.push(format!("TO BE LOOKED AT AGAIN, due {due}: joined since {since}: {items}"));
            lines.push(format!("  {}", hint::reopen_or_keep(number, surface)));
        }
        lines
    }
}

fn pause(pause: &Pause) -> String {
    let Pause { by, since, until, reason } = pause;
    format!(
        "PAUSED by {by} at {}, until {}: {}",
        text::time(since),
        text::time(until),
        text::line(reason)
    )
}

impl ItemGrading {
    fn words(&self) -> String {
        let by = text::or_none(self.source.as_deref(), text::line);
        format!("    graded {} (source {by})", item::grade(&self.grade))
    }
}

fn sent(release: &Release, delivered: bool) -> String {
    let Release { draft, approved_by, also_approved_by, at, entry, .. } = release;
    let also = also_approved_by.as_ref().map(|also| format!(" and {also}")).unwrap_or_default();
    let got = if delivered { "the partner holds it" } else { "not delivered yet" };
    format!(
        "sent “{}”: drafted by {}, released by {approved_by}{also} at {}, entry {}; {got}",
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
        lines.extend(self.marked());
        if !self.notify_reason.is_empty() {
            let why = text::line(&self.notify_reason);
            lines.push(format!(
                "THE POLICY FORBIDS TO NOTIFY WHOM IT AFFECTS; it goes all the same, because: {why}\n"
            ));
        }
        lines.extend(self.passes_on.iter().map(PassesOn::words));
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
                WithheldKind::SourceName => "source-name",
                WithheldKind::SourceContact => "source-contact",
                WithheldKind::OriginalId => "original-id",
                WithheldKind::Partner => "partner",
            };
            lines.push(format!("  {what} {}", text::line(text)));
        }
        lines.extend(rests(&self.rests));
        lines.extend(self.wording.iter().map(|one| format!("NOTE: {}", text::line(one))));
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
    fn marked(&self) -> Option<String> {
        let (tlp, pap) = (self.originals.map(tlp), self.originals_pap.map(|pap| pap.to_string()));
        let originals: Vec<String> = tlp.into_iter().chain(pap).collect();
        if originals.is_empty() {
            return None;
        }
        let originals = originals.join(", ");
        let Some(Lowering { permission, reason }) = &self.lowering else {
            return Some(format!("the originals are {originals}\n"));
        };
        let (permission, reason) = (text::line(permission), text::line(reason));
        Some(format!(
            "THE ORIGINALS ARE {originals}: lowered on the permission of {permission}, since \
             {reason}\n"
        ))
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

/// On which items sentences rest, a line each; nothing when nobody said.
fn rests(rests: &[Rests]) -> Vec<String> {
    let one = |Rests { sentence, on }: &Rests| {
        let items: Vec<String> = on.iter().map(|id| text::line(id)).collect();
        format!("  “{}” rests on {}", text::line(sentence), items.join(", "))
    };
    rests.iter().map(one).collect()
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
