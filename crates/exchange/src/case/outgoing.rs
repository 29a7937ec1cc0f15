//! What was written to the partner: the draft that waits, the versions released, the recall.

use super::{Acting, Case, Delivery, Outward, Stage, out_of_turn};
use crate::bounds::MAX_FIELD_BYTES;
use crate::code::Code;
use crate::draft::{Draft, DraftRequest, Marks, Origin, compose};
use crate::gate::{self, Limits, Withheld, WithheldKind};
use crate::message::{Content, Message};
use crate::name::UserName;
use crate::partner::Partner;
use crate::permission::{self, Verdict};
use crate::post::{Post, Posted};
use crate::refusal::{Hint, Refusal};
use crate::stands::{self, Stands};
use crate::talk::{Said, Statement};
use forewarn_stix::{Timestamp, bundle, canonical};
use forewarn_transcript::{Hash, Reference};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What was written of a case, and what of it has left.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Outgoing {
    /// Nothing.
    #[default]
    Nothing,
    /// A draft waits for a second person.
    Drafted(Draft),
    /// Versions were released, oldest first; a next one may wait.
    Released {
        /// At least one.
        releases: Vec<Release>,
        /// The draft of the next version.
        next: Option<Draft>,
    },
    /// It was taken back.
    Recalled {
        /// The versions that were released, oldest first.
        releases: Vec<Release>,
        /// The recall.
        recall: Recall,
    },
}

/// A version that was released.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Release {
    /// What was released, and what it kept back.
    pub draft: Draft,
    /// The second person.
    pub approved_by: UserName,
    /// A third one, where the node wants two approvers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub also_approved_by: Option<UserName>,
    /// When.
    pub at: Timestamp,
    /// Where it stands in our log.
    pub entry: Reference,
    /// The entry's global id.
    pub id: String,
}

impl Release {
    /// The id of the report that its bundle holds.
    pub fn report_id(&self) -> Option<String> {
        let bundle: Value = serde_json::from_str(&self.draft.bundle).ok()?;
        let report = bundle::of_type(&bundle, "report").next()?;
        Some(report.get("id")?.as_str()?.to_owned())
    }
}

/// A released warning was taken back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Recall {
    /// Who did.
    pub by: UserName,
    /// When.
    pub at: Timestamp,
    /// Why, as the partner was told.
    pub reason: String,
    /// Where it stands in our log.
    pub entry: Reference,
}

/// What a second person approves: these bytes and no others.
pub struct Approval<'a> {
    /// SHA-256 of the bundle that was looked at.
    pub digest: Hash,
    /// What the second person sets aside too: exactly what the draft does.
    pub set_aside: &'a [String],
    /// To whom it goes.
    pub partner: &'a Partner,
    /// Our organisation's name, which every bundle says.
    pub own_name: &'a str,
    /// All that is withheld from this partner.
    pub withheld: &'a [Withheld],
    /// How the originals are marked now.
    pub marking: Marks,
    /// The originals, when all of them were revoked.
    pub revoked: &'a [String],
    /// How it is followed until the partner has it.
    pub delivery: Delivery<'a>,
}

/// A case and its papers after something was written into our log.
#[derive(Debug, Clone, PartialEq)]
pub struct Sending {
    /// The case.
    pub case: Case,
    /// Its papers.
    pub outgoing: Outgoing,
    /// The entry.
    pub posted: Posted,
}

impl Outgoing {
    /// The draft that waits for release.
    pub fn pending(&self) -> Option<&Draft> {
        match self {
            Outgoing::Drafted(draft) => Some(draft),
            Outgoing::Released { next, .. } => next.as_ref(),
            Outgoing::Nothing | Outgoing::Recalled { .. } => None,
        }
    }

    /// The newest version, released or not: what a next one starts from.
    pub fn last(&self) -> Option<&Draft> {
        self.pending().or_else(|| self.releases().last().map(|release| &release.draft))
    }

    /// The draft that waits goes on from others that these have written.
    pub fn goes_on_from(&mut self, authors: Vec<UserName>) {
        let draft = match self {
            Outgoing::Drafted(draft) | Outgoing::Released { next: Some(draft), .. } => draft,
            Outgoing::Nothing
            | Outgoing::Released { next: None, .. }
            | Outgoing::Recalled { .. } => return,
        };
        for author in authors {
            if author != draft.by && !draft.also_by.contains(&author) {
                draft.also_by.push(author);
            }
        }
    }

    /// A first draft goes although its originals were revoked.
    pub fn stand(&mut self, stands: Stands) {
        if let Outgoing::Drafted(draft) = self {
            draft.stands = Some(stands);
        }
    }

    /// The version that was released last had another approver too.
    ///
    /// # Errors
    /// He or she wrote it.
    pub fn also_approved(&mut self, by: UserName) -> Result<(), Refusal> {
        let (Outgoing::Released { releases, .. } | Outgoing::Recalled { releases, .. }) = self
        else {
            return Ok(());
        };
        let Some(last) = releases.last_mut() else { return Ok(()) };
        if last.draft.authors().contains(&by) {
            let message = format!("`{by}` wrote this draft and may not release it");
            return Err(Refusal::new(Code::SamePerson, message).advice("a third person must"));
        }
        last.also_approved_by = Some(by);
        Ok(())
    }

    /// What has been released, oldest first.
    pub fn releases(&self) -> &[Release] {
        match self {
            Outgoing::Released { releases, .. } | Outgoing::Recalled { releases, .. } => releases,
            Outgoing::Nothing | Outgoing::Drafted(_) => &[],
        }
    }

    /// The same without the words.
    pub fn outward(&self) -> Outward {
        match self {
            Outgoing::Nothing => Outward::Nothing,
            Outgoing::Drafted(_) => Outward::Drafted,
            Outgoing::Released { .. } => Outward::Released,
            Outgoing::Recalled { .. } => Outward::Recalled,
        }
    }

    /// Runs the gate over the draft that waits; changes nothing. The preview is computed by this,
    /// the code that releases.
    pub fn judge(
        &self,
        case: &Case,
        partner: &Partner,
        own_name: &str,
        withheld: &[Withheld],
    ) -> Result<gate::Released, Refusal> {
        let draft = self.pending().ok_or_else(|| {
            let message = format!("case {} has no draft that waits", case.number);
            Refusal::new(Code::NoDraft, message).hint(Hint::Draft { case: case.number })
        })?;
        partner.takes_red(draft.persons())?;
        // A later version must not say what an earlier one kept back, in this case or another.
        let all = draft.withheld.iter().chain(withheld);
        let limits = limits((partner, own_name), all, &draft.set_aside.texts);
        // The names stand beside the bundle in the entry.
        gate::check_value(&json!({ "persons": draft.persons() }), &limits.withheld)?;
        gate::check(draft.bundle.as_bytes(), &limits).map_err(|list| gate::shut(&list))
    }
}

/// What the gate holds everything to that goes to a partner.
pub(super) fn limits<'a>(
    (partner, own_name): (&Partner, &str),
    withheld: impl Iterator<Item = &'a Withheld>,
    set_aside: &[String],
) -> Limits {
    let (own_name, mut withheld) = (own_name.to_owned(), withheld.cloned().collect::<Vec<_>>());
    gate::set_aside(&mut withheld, set_aside);
    Limits { own_name, ceiling: partner.ceiling, handling: partner.handling(), withheld }
}

impl Case {
    /// Composes a draft; after a release, the next version.
    pub fn draft(
        mut self,
        outgoing: Outgoing,
        request: &DraftRequest,
        from: &Originals,
        acting: &mut Acting,
    ) -> Result<(Case, Outgoing), Refusal> {
        let stage = self.stage();
        let origin = Origin {
            organisation: from.organisation,
            by: acting.by,
            at: acting.at,
            urgency: self.urgency,
            status: self.status,
            lineage: &from.ids,
            sources: &from.sources,
            marking: from.marking,
        };
        let draft = compose(request, &origin, acting.ids)?;
        let outgoing = match outgoing {
            Outgoing::Nothing if stage == Stage::ToWarn => Outgoing::Drafted(draft),
            Outgoing::Drafted(_) => Outgoing::Drafted(draft),
            Outgoing::Released { releases, .. } => {
                Outgoing::Released { releases, next: Some(draft) }
            }
            Outgoing::Nothing | Outgoing::Recalled { .. } => {
                let why = "a draft comes after the decision to warn";
                return Err(out_of_turn(self.number, stage, why));
            }
        };
        self.outward = outgoing.outward();
        Ok((self, outgoing))
    }

    /// A second person approves exactly the bytes with this digest; they become an entry.
    pub fn release(
        mut self,
        outgoing: Outgoing,
        approval: &Approval,
        post: &mut Post,
        acting: &mut Acting,
    ) -> Result<Sending, Refusal> {
        let Approval { digest, set_aside, partner, own_name, withheld, marking, revoked, delivery } =
            approval;
        let released = outgoing.judge(&self, partner, own_name, withheld)?;
        if let Some(draft) = outgoing.pending() {
            draft.still_marked(*marking)?;
            draft.agree_set_aside(set_aside)?;
        }
        if released.digest() != *digest {
            return Err(Refusal::other_draft(self.number));
        }
        let (mut releases, draft) = match outgoing {
            Outgoing::Drafted(draft) => {
                stands::check(self.number, draft.stands.as_ref(), revoked)?;
                (Vec::new(), draft)
            }
            Outgoing::Released { releases, next: Some(draft) } => (releases, draft),
            Outgoing::Nothing
            | Outgoing::Released { next: None, .. }
            | Outgoing::Recalled { .. } => {
                return Err(out_of_turn(self.number, self.stage(), "nothing waits for release"));
            }
        };
        if draft.authors().contains(acting.by) {
            let message = format!("`{}` wrote this draft and may not release it", acting.by);
            return Err(Refusal::new(Code::SamePerson, message).advice("a second person must"));
        }
        let content = Content {
            title: draft.title.clone(),
            urgency: self.urgency,
            tlp: draft.tlp,
            valid_until: draft.valid_until.clone(),
            persons: draft.persons().to_vec(),
            bundle: released.bundle().clone(),
        };
        let answers = releases.first().map(|first: &Release| first.entry.clone());
        let message =
            if answers.is_some() { Message::Update(content) } else { Message::Warning(content) };
        let (kept, is_update) = (kept_back(&draft), answers.is_some());
        let stamp = (acting.at, self.status, &mut *acting.ids);
        let posted = post.entry(&message, &kept, answers, stamp)?;
        releases.push(Release {
            draft,
            approved_by: acting.by.clone(),
            also_approved_by: None,
            at: acting.at.clone(),
            entry: posted.reference.clone(),
            id: posted.id.clone(),
        });
        if let Some(Release { draft, entry, at, .. }) = releases.last() {
            self.holds(&draft.valid_until, (entry, is_update && delivery.is_answered), at);
        }
        let outgoing = Outgoing::Released { releases, next: None };
        self.outward = outgoing.outward();
        let case = self.written(posted.reference.index, acting.at, *delivery);
        Ok(Sending { case, outgoing, posted })
    }

    /// Takes a released warning back; the partner must answer.
    pub fn recall(
        mut self,
        outgoing: Outgoing,
        (reason, withheld): (&str, &[Withheld]),
        (post, delivery): (&mut Post, Delivery<'_>),
        acting: &mut Acting,
    ) -> Result<Sending, Refusal> {
        let reason = gate::check_text(reason, withheld).map_err(|list| gate::shut(&list))?;
        let Outgoing::Released { releases, .. } = outgoing else {
            let why = "only a released warning can be recalled";
            return Err(out_of_turn(self.number, self.stage(), why));
        };
        let answers = releases.first().map(|first| first.entry.clone());
        let message = Message::Recall { reason: reason.clone() };
        let stamp = (acting.at, self.status, &mut *acting.ids);
        let posted = post.entry(&message, &[], answers, stamp)?;
        let recall = Recall {
            by: acting.by.clone(),
            at: acting.at.clone(),
            reason,
            entry: posted.reference.clone(),
        };
        let outgoing = Outgoing::Recalled { releases, recall };
        self.outward = outgoing.outward();
        self.owed = None;
        let case = self.written(posted.reference.index, acting.at, delivery);
        Ok(Sending { case, outgoing, posted })
    }

    /// Answers a question of the partner's. The answer speaks for our organisation and names
    /// nobody.
    pub fn answer(
        &self,
        asked: &Said,
        (text, withheld): (&str, &[Withheld]),
        post: &mut Post,
        acting: &mut Acting,
    ) -> Result<(Said, Posted), Refusal> {
        if permission::request(asked).is_some() {
            let message = format!("entry {} asks for permission", asked.entry.index);
            return Err(Refusal::new(Code::NoQuestion, message)
                .advice("permit it, or deny it: forewarn case permit, case deny"));
        }
        let text = gate::check_text(text, withheld).map_err(|list| gate::shut(&list))?;
        self.says_to((asked, Statement::Answer { text }), post, acting)
    }

    /// Says whether the partner may pass on what it asks for: some of it, or nothing.
    ///
    /// # Errors
    /// It grants what was not asked for, or the gate is shut for its words.
    pub fn permit(
        &self,
        asked: &Said,
        (verdict, withheld): (Verdict, &[Withheld]),
        post: &mut Post,
        acting: &mut Acting,
    ) -> Result<(Said, Posted), Refusal> {
        let request = permission::request(asked).ok_or_else(|| {
            let message = format!("entry {} does not ask for permission", asked.entry.index);
            Refusal::new(Code::NoQuestion, message).hint(Hint::ShowCase { case: self.number })
        })?;
        verdict.answers(request, acting.at).map_err(permission::refused)?;
        let words = verdict.grants.iter().map(|grant| &grant.conditions).chain([&verdict.reason]);
        for text in words.filter(|text| !text.trim().is_empty()) {
            gate::check_text(text, withheld).map_err(|list| gate::shut(&list))?;
        }
        self.says_to((asked, Statement::PermissionAnswer(verdict)), post, acting)
    }

    /// Answers what the partner has asked, in the name of our organisation.
    fn says_to(
        &self,
        (asked, statement): (&Said, Statement),
        post: &mut Post,
        acting: &mut Acting,
    ) -> Result<(Said, Posted), Refusal> {
        let message = Message::said(&post.us, statement.clone());
        let stamp = (acting.at, self.status, &mut *acting.ids);
        let posted = post.entry(&message, &[], Some(asked.entry.clone()), stamp)?;
        let stands = (acting.at.clone(), posted.reference.clone());
        let said = Said::ours(statement, acting.by, stands);
        Ok((Said { question: Some(asked.entry.index), ..said }, posted))
    }
}

/// What a draft is made from and must not show.
#[derive(Debug, Clone)]
pub struct Originals<'a> {
    /// Our organisation's name.
    pub organisation: &'a str,
    /// Every identifier in the items, each once: their own, and those that they refer to.
    pub ids: Vec<String>,
    /// Everyone whom the items came from, each once: the same words may come from a second source.
    pub sources: Vec<String>,
    /// The strictest markings of any of them.
    pub marking: Marks,
}

/// What the entry commits to without showing it: so that it can be proven later. A list longer than
/// a field is committed to by its count and its digest (RFC 8785, SHA-256): an original may refer
/// to thousands.
pub(super) fn kept_back(draft: &Draft) -> Vec<(&'static str, Value)> {
    let texts = |what: WithheldKind| -> Value {
        let kept = draft.withheld.iter().filter(|w| w.what == what);
        let list: Vec<&str> = kept.map(|w| w.text.as_str()).collect();
        in_short(list.len(), list.into())
    };
    let mut kept = vec![
        ("names", texts(WithheldKind::Name)),
        ("sources", texts(WithheldKind::Source)),
        ("lineage", texts(WithheldKind::OriginalId)),
        ("drafted_by", draft.by.to_string().into()),
    ];
    if let Some(rests) = draft.request.as_ref().map(|request| &request.rests)
        && !rests.is_empty()
    {
        kept.push(("rests_on", in_short(rests.len(), json!(rests))));
    }
    kept
}

/// A list as it is; one that is longer than a field, by its count and its digest.
fn in_short(count: usize, list: Value) -> Value {
    let bytes = canonical::bytes(&list);
    if bytes.len() <= MAX_FIELD_BYTES {
        return list;
    }
    json!({ "count": count, "sha256": Hash::of(&bytes).to_string() })
}
