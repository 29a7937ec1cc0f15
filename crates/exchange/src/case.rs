//! A duty to warn one partner of one threat: clock, finding, decision, drafts, release, answers.

mod offered;

use crate::draft::{Draft, DraftRequest, Origin, compose};
use crate::gate::{self, Limits, Withheld, WithheldKind};
use crate::ids::Ids;
use crate::message::{Content, Message};
use crate::partner::Partner;
use crate::post::{MAX_FIELD_BYTES, Post, Posted};
use crate::refusal::Refusal;
use crate::scale::{Clocks, Status, Urgency, Waiver};
use crate::talk::{Said, Talk, What};
use forewarn_extract::threat::Threat;
use forewarn_stix::{Timestamp, canonical};
use forewarn_transcript::{Hash, Reference};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Most items that a case names; further matches are on record beside it.
pub const MAX_ITEMS: usize = 100;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// Local: never crosses.
    pub number: i64,
    pub partner: String,
    pub items: Vec<CaseItem>,
    pub urgency: Urgency,
    pub status: Status,
    pub opened: Timestamp,
    /// When a decision, and a release where it is to warn, is due.
    pub due: Timestamp,
    /// When it was put on record that the clock had run out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ran_out: Option<Timestamp>,
    pub stage: Stage,
    pub talk: Talk,
}

/// An item that gave rise to a case. Its id and source stay here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseItem {
    pub id: String,
    pub source: Option<String>,
    pub why: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "kebab-case")]
pub enum Stage {
    Open,
    Found { finding: Found },
    ToWarn { finding: Found, decision: Decided },
    Closed { finding: Option<Found>, decision: Decided },
    Drafted { finding: Found, decision: Decided, draft: Draft },
    Released { finding: Found, decision: Decided, sent: Vec<Sent>, next: Option<Draft> },
    Recalled { finding: Found, decision: Decided, sent: Vec<Sent>, recall: Recall },
}

/// Whether there is a duty to warn, and why (ICD 191, D and E.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    pub credible: bool,
    pub specific: bool,
    pub impending: bool,
    pub threat: Threat,
    /// Who or what is threatened; of any nationality.
    pub target: String,
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    #[serde(flatten)]
    pub finding: Finding,
    pub by: String,
    pub at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "decision", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Decision {
    Warn { reason: String },
    Waive { code: Waiver, reason: String },
    Refer { to: String, reason: String },
    NotMet { reason: String },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    #[serde(flatten)]
    pub decision: Decision,
    pub by: String,
    pub at: Timestamp,
}

/// A released warning, or a later version of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sent {
    pub draft: Draft,
    pub approved_by: String,
    pub at: Timestamp,
    pub entry: Reference,
    pub id: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recall {
    pub by: String,
    pub at: Timestamp,
    pub reason: String,
    pub entry: Reference,
}

/// What a draft is made from and must not show.
pub struct Originals<'a> {
    pub organisation: &'a str,
    /// Every identifier in the items: their own, and those that they refer to.
    pub ids: Vec<String>,
    /// Everyone whom the items came from: the same words may come from a second source.
    pub sources: Vec<String>,
}

/// Who acts, when, with which ids.
pub struct Actor<'a> {
    pub name: &'a str,
    pub at: &'a Timestamp,
    pub ids: &'a mut Ids,
}

impl Case {
    pub fn open(
        number: i64,
        partner: &str,
        items: Vec<CaseItem>,
        grade: (Urgency, Status),
        at: &Timestamp,
        clocks: &Clocks,
    ) -> Case {
        let (urgency, status) = grade;
        Case {
            number,
            partner: partner.to_owned(),
            items,
            urgency,
            status,
            opened: at.clone(),
            due: clocks.due(urgency, at),
            ran_out: None,
            stage: Stage::Open,
            talk: Talk::default(),
        }
    }

    /// A further match joins the case; a more urgent one shortens its clock.
    pub fn join(mut self, item: CaseItem, urgency: Urgency, clocks: &Clocks) -> Case {
        if urgency > self.urgency {
            self.urgency = urgency;
            self.due = clocks.due(urgency, &self.opened);
        }
        let known = self.items.iter().any(|known| known.id == item.id);
        if !known && self.items.len() < MAX_ITEMS {
            self.items.push(item);
        }
        self
    }

    /// Whether a further match may still join: nothing has been decided.
    pub fn is_undecided(&self) -> bool {
        matches!(self.stage, Stage::Open | Stage::Found { .. })
    }

    /// Whether the clock still runs.
    pub fn clock_runs(&self) -> bool {
        !matches!(
            self.stage,
            Stage::Closed { .. } | Stage::Released { .. } | Stage::Recalled { .. }
        )
    }

    /// Whether it is on record that the clock has run out.
    pub fn is_overdue(&self) -> bool {
        self.ran_out.is_some()
    }

    /// Puts on record that the clock has run out. Said once, and never taken back.
    pub fn run_out(mut self, at: &Timestamp) -> Result<Case, Refusal> {
        if !self.clock_runs() || self.is_overdue() || *at < self.due {
            return Err(Refusal::new("clock", format!("case {}: the clock stands", self.number)));
        }
        self.ran_out = Some(at.clone());
        Ok(self)
    }

    pub fn find(mut self, finding: Finding, actor: &Actor) -> Result<Case, Refusal> {
        if finding.reason.trim().is_empty() || finding.target.trim().is_empty() {
            return Err(Refusal::new("finding", "a finding needs a reason and who is threatened")
                .hint("give --reason and --target"));
        }
        let found = Found { finding, by: actor.name.to_owned(), at: actor.at.clone() };
        self.stage = match self.stage {
            Stage::Open | Stage::Found { .. } => Stage::Found { finding: found },
            other => {
                return Err(out_of_turn(
                    self.number,
                    &other,
                    "a finding comes before the decision",
                ));
            }
        };
        Ok(self)
    }

    pub fn decide(mut self, decision: Decision, actor: &Actor) -> Result<Case, Refusal> {
        let (Decision::Warn { reason }
        | Decision::Waive { reason, .. }
        | Decision::Refer { reason, .. }
        | Decision::NotMet { reason }) = &decision;
        if reason.trim().is_empty() {
            return Err(Refusal::new("reason", "a decision needs a reason").hint("give --reason"));
        }
        let to_warn = matches!(decision, Decision::Warn { .. });
        let decision = Decided { decision, by: actor.name.to_owned(), at: actor.at.clone() };
        self.stage = match self.stage {
            Stage::Found { finding } if to_warn => Stage::ToWarn { finding, decision },
            Stage::Found { finding } => Stage::Closed { finding: Some(finding), decision },
            Stage::Open if !to_warn => Stage::Closed { finding: None, decision },
            Stage::Open => {
                return Err(Refusal::new("no-finding", "no finding is recorded yet")
                    .hint(format!("record it: forewarn case finding {}", self.number)));
            }
            other => return Err(out_of_turn(self.number, &other, "it was decided before")),
        };
        Ok(self)
    }

    /// Composes a draft; after a release, the next version.
    pub fn draft(
        mut self,
        request: &DraftRequest,
        from: &Originals,
        actor: &mut Actor,
    ) -> Result<Case, Refusal> {
        let own = self.items.iter().map(|item| item.id.clone());
        let mut lineage: Vec<String> = own.chain(from.ids.iter().cloned()).collect();
        lineage.sort_unstable();
        lineage.dedup();
        let first = self.items.iter().filter_map(|i| i.source.clone());
        let mut sources: Vec<String> = first.chain(from.sources.iter().cloned()).collect();
        sources.sort_unstable();
        sources.dedup();
        let origin = Origin {
            organisation: from.organisation,
            by: actor.name,
            at: actor.at,
            urgency: self.urgency,
            status: self.status,
            lineage: &lineage,
            sources: &sources,
        };
        let draft = compose(request, &origin, actor.ids)?;
        self.stage = match self.stage {
            Stage::ToWarn { finding, decision } | Stage::Drafted { finding, decision, .. } => {
                Stage::Drafted { finding, decision, draft }
            }
            Stage::Released { finding, decision, sent, .. } => {
                Stage::Released { finding, decision, sent, next: Some(draft) }
            }
            other => {
                return Err(out_of_turn(
                    self.number,
                    &other,
                    "a draft comes after the decision to warn",
                ));
            }
        };
        Ok(self)
    }

    /// The draft that waits for release.
    pub fn pending(&self) -> Option<&Draft> {
        match &self.stage {
            Stage::Drafted { draft, .. } => Some(draft),
            Stage::Released { next, .. } => next.as_ref(),
            _ => None,
        }
    }

    /// Runs the gate over the draft that waits; changes nothing. The preview is computed by this,
    /// the code that releases.
    pub fn judge(&self, partner: &Partner, own_name: &str) -> Result<gate::Released, Refusal> {
        let draft = self.pending().ok_or_else(|| {
            Refusal::new("no-draft", format!("case {} has no draft that waits", self.number))
                .hint(format!("write one: forewarn case draft {}", self.number))
        })?;
        // A later version must not say what an earlier one kept back.
        let own_name = own_name.to_owned();
        let limits = Limits { own_name, ceiling: partner.ceiling, withheld: self.withheld() };
        gate::check(draft.bundle.as_bytes(), &limits).map_err(|list| gate::shut(&list))
    }

    /// A second person approves exactly the bytes with this digest; they become an entry.
    pub fn release(
        mut self,
        digest: Hash,
        to: (&Partner, &str),
        post: &mut Post,
        actor: &mut Actor,
    ) -> Result<(Case, Posted), Refusal> {
        let (partner, own_name) = to;
        let released = self.judge(partner, own_name)?;
        if released.digest() != digest {
            return Err(Refusal::new("other-draft", "the draft was changed since you saw it")
                .hint(format!("look again: forewarn case preview {}", self.number)));
        }
        let (finding, decision, mut sent, draft) = match self.stage {
            Stage::Drafted { finding, decision, draft } => (finding, decision, Vec::new(), draft),
            Stage::Released { finding, decision, sent, next: Some(draft) } => {
                (finding, decision, sent, draft)
            }
            other => return Err(out_of_turn(self.number, &other, "nothing waits for release")),
        };
        if draft.by == actor.name {
            let message = format!("`{}` wrote this draft and may not release it", actor.name);
            return Err(Refusal::new("same-person", message).hint("a second person must"));
        }
        let content = Content {
            title: draft.title.clone(),
            urgency: self.urgency,
            tlp: draft.tlp,
            valid_until: draft.valid_until.clone(),
            bundle: released.bundle().clone(),
        };
        let answers = sent.first().map(|first: &Sent| first.entry.clone());
        let message =
            if answers.is_some() { Message::Update(content) } else { Message::Warning(content) };
        let kept = kept_back(&draft);
        let stamp = (actor.at, self.status, &mut *actor.ids);
        let posted = post.entry(&message, &kept, answers, stamp)?;
        sent.push(Sent {
            draft,
            approved_by: actor.name.to_owned(),
            at: actor.at.clone(),
            entry: posted.reference.clone(),
            id: posted.id.clone(),
        });
        self.stage = Stage::Released { finding, decision, sent, next: None };
        Ok((self, posted))
    }

    pub fn recall(
        mut self,
        reason: &str,
        post: &mut Post,
        actor: &mut Actor,
    ) -> Result<(Case, Posted), Refusal> {
        let reason = self.cleared(reason)?;
        let (finding, decision, sent) = match self.stage {
            Stage::Released { finding, decision, sent, .. } => (finding, decision, sent),
            other => {
                return Err(out_of_turn(
                    self.number,
                    &other,
                    "only a released warning can be recalled",
                ));
            }
        };
        let answers = sent.first().map(|first| first.entry.clone());
        let message = Message::Recall { reason: reason.clone() };
        let posted = post.entry(&message, &[], answers, (actor.at, self.status, actor.ids))?;
        let recall = Recall {
            by: actor.name.to_owned(),
            at: actor.at.clone(),
            reason,
            entry: posted.reference.clone(),
        };
        self.stage = Stage::Recalled { finding, decision, sent, recall };
        Ok((self, posted))
    }

    /// Answers the partner's question that stands at `question` of the partner's log.
    pub fn answer(
        mut self,
        question: u64,
        text: &str,
        post: &mut Post,
        actor: &mut Actor,
    ) -> Result<(Case, Posted), Refusal> {
        let text = self.cleared(text)?;
        let Some(asked) = self.talk.open_question(question) else {
            let message = format!("no open question stands at entry {question}");
            return Err(Refusal::new("no-question", message)
                .hint(format!("see them: forewarn case show {}", self.number)));
        };
        let by = post.us.clone();
        let message = Message::Answer { by, text: text.clone() };
        let stamp = (actor.at, self.status, &mut *actor.ids);
        let posted = post.entry(&message, &[], Some(asked.entry.clone()), stamp)?;
        self.talk.push(Said {
            what: What::Answer { question, text },
            by: actor.name.to_owned(),
            at: actor.at.clone(),
            ours: true,
            entry: posted.reference.clone(),
        });
        Ok((self, posted))
    }

    /// What has been sent, oldest first.
    pub fn sent(&self) -> &[Sent] {
        match &self.stage {
            Stage::Released { sent, .. } | Stage::Recalled { sent, .. } => sent,
            _ => &[],
        }
    }

    /// All that was withheld in any draft of this case.
    pub fn withheld(&self) -> Vec<Withheld> {
        let drafts = self.sent().iter().map(|sent| &sent.draft).chain(self.pending());
        drafts.flat_map(|draft| draft.withheld.iter().cloned()).collect()
    }

    pub fn stage_name(&self) -> &'static str {
        stage_name(&self.stage)
    }

    /// A sentence of ours, checked against all that was withheld in any draft of this case.
    fn cleared(&self, text: &str) -> Result<String, Refusal> {
        gate::check_text(text, &self.withheld()).map_err(|list| gate::shut(&list))
    }
}

fn out_of_turn(number: i64, stage: &Stage, why: &str) -> Refusal {
    let message = format!("case {number} is {}: {why}", stage_name(stage));
    Refusal::new("stage", message)
}

fn stage_name(stage: &Stage) -> &'static str {
    match stage {
        Stage::Open => "open",
        Stage::Found { .. } => "found",
        Stage::ToWarn { .. } => "to warn",
        Stage::Closed { .. } => "closed",
        Stage::Drafted { .. } => "drafted",
        Stage::Released { .. } => "released",
        Stage::Recalled { .. } => "recalled",
    }
}

/// What the entry commits to without showing it: so that it can be proven later. A list longer than
/// a field is committed to by its count and its digest (RFC 8785, SHA-256): an original may refer to
/// thousands.
fn kept_back(draft: &Draft) -> Vec<(&'static str, Value)> {
    let texts = |what: WithheldKind| -> Value {
        let kept = draft.withheld.iter().filter(|w| w.what == what);
        let list: Vec<&str> = kept.map(|w| w.text.as_str()).collect();
        let (count, list) = (list.len(), Value::from(list));
        let bytes = canonical::bytes(&list);
        if bytes.len() <= MAX_FIELD_BYTES {
            return list;
        }
        json!({ "count": count, "sha256": Hash::of(&bytes).to_string() })
    };
    vec![
        ("names", texts(WithheldKind::Name)),
        ("sources", texts(WithheldKind::Source)),
        ("lineage", texts(WithheldKind::OriginalId)),
        ("drafted_by", draft.by.as_str().into()),
    ]
}

#[cfg(test)]
mod tests;
