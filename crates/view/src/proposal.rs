//! Acts that wait for a second person, as they are shown.

use crate::case::tlp;
use crate::hint::{self, Surface};
use crate::showing::{self, FieldShown};
use crate::table::{Column, Row};
use crate::{talk, text};
use forewarn_exchange::act::{
    AccountAct, Act, AuthorityAct, DutyAct, EvidenceAct, InboxAct, PartnerAct, ReadoutAct,
    RecordAct, SourceAct, TemplateAct, TriageAct,
};
use forewarn_exchange::case::Decision;
use forewarn_exchange::gate::SetAside;
use forewarn_exchange::id::{CaseNumber, ProposalNumber};
use forewarn_exchange::mute::MuteRequest;
use forewarn_exchange::name::{NodeName, UserName};
use forewarn_exchange::proposal::{Fate, Persons, Proposal};
use forewarn_exchange::refusal::Refusal;
use forewarn_exchange::talk::Statement;
use forewarn_stix::Timestamp;
use forewarn_stix::marking::Tlp;
use forewarn_transcript::Hash;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A proposal with everything that a second person has to look at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProposalShown {
    /// Which.
    pub number: ProposalNumber,
    /// What would be done, in words, with every word that would leave.
    pub words: String,
    /// The partner whom it concerns.
    pub partner: Option<NodeName>,
    /// The marking of what would leave: that of the warning that it is about.
    pub tlp: Option<Tlp>,
    /// Who proposed it.
    pub by: UserName,
    /// When.
    pub at: Timestamp,
    /// SHA-256 of the act: what is approved.
    pub digest: Hash,
    /// What became of it.
    #[serde(flatten)]
    pub fate: FateShown,
    /// Why it could not be done as things stand: what the gate has against it, or something else.
    /// Computed by the code that does it; only for one that waits.
    pub objection: Option<Refusal>,
    /// What evidence would show, when that is what is proposed; in the answer on one proposal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shows: Vec<FieldShown>,
    /// The act itself.
    pub act: Act,
}

impl ProposalShown {
    /// A proposal as it stands.
    pub fn of(proposal: Proposal, tlp: Option<Tlp>, objection: Option<Refusal>) -> ProposalShown {
        let Proposal { number, act, partner, by, at, digest, fate } = proposal;
        let (words, fate) = (words(&act), fate.into());
        let shows = Vec::new();
        ProposalShown { number, words, partner, tlp, by, at, digest, fate, objection, shows, act }
    }
}

/// What became of a proposal. Its members stand beside those of the proposal, and so have names of
/// their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "fate", rename_all = "kebab-case")]
pub enum FateShown {
    /// It waits for a second person.
    Waiting {},
    /// A second person has approved it, and it was done.
    Approved {
        /// Who.
        decided_by: UserName,
        /// When.
        decided_at: Timestamp,
    },
    /// It was not done.
    Dropped {
        /// Who said so: a second person, or the one who proposed it.
        decided_by: UserName,
        /// When.
        decided_at: Timestamp,
        /// Why.
        reason: String,
    },
}

impl From<Fate> for FateShown {
    fn from(fate: Fate) -> FateShown {
        match fate {
            Fate::Waiting {} => FateShown::Waiting {},
            Fate::Approved { by, at } => FateShown::Approved { decided_by: by, decided_at: at },
            Fate::Dropped { by, at, reason } => {
                FateShown::Dropped { decided_by: by, decided_at: at, reason }
            }
        }
    }
}

impl Row for ProposalShown {
    const COLUMNS: &'static [Column<ProposalShown>] = &[
        ("PROPOSAL", |one| one.number.to_string()),
        ("FATE", |one| one.fate_word().to_owned()),
        ("BY", |one| one.by.to_string()),
        ("AT", |one| text::time(&one.at)),
        ("FOR", |one| text::or_none(one.partner.as_ref(), NodeName::to_string)),
        ("WHAT", |one| text::line(&one.words)),
    ];
}

impl ProposalShown {
    fn fate_word(&self) -> &'static str {
        match self.fate {
            FateShown::Waiting {} => "waiting",
            FateShown::Approved { .. } => "approved",
            FateShown::Dropped { .. } => "dropped",
        }
    }

    /// The proposal for a second person, without a line break at the end: every word that would
    /// leave, and what stands against it.
    pub fn words(&self, surface: Surface) -> String {
        let ProposalShown { number, by, at, .. } = self;
        let mut lines = vec![
            format!("proposal {number} of {by}, {}: {}\n", text::time(at), self.fate_word()),
            format!("{}\n", text::block(&self.words)),
        ];
        lines.extend(waiver(&self.act));
        lines.extend(self.partner.as_ref().map(|partner| format!("it concerns {partner}")));
        lines.extend(self.tlp.map(|marking| format!("it leaves as {}", tlp(marking))));
        lines.extend(showing::words(&self.shows));
        lines.push(format!("digest {}", self.digest));
        match (&self.fate, &self.objection) {
            (FateShown::Waiting {}, Some(objection)) => {
                let why = text::block(&objection.message);
                lines.push(format!("\nit cannot be done now: {why}"));
            }
            (FateShown::Waiting {}, None) => {
                let approve = hint::approve(*number, self.digest, surface);
                lines.push(format!("\na second person may approve it:\n  {approve}"));
            }
            (FateShown::Approved { .. } | FateShown::Dropped { .. }, _) => {}
        }
        lines.join("\n")
    }
}

/// What would be erased or held, in words.
fn kept(act: &RecordAct) -> String {
    match act {
        RecordAct::Erase { what, ground, reason } => format!(
            "erase {what} for good, {}: {reason}\nIts words go, here; that it was, by whom, to whom and \
             when stays, and so do all proofs. What a partner holds of it, the partner holds.",
            ground.words()
        ),
        RecordAct::Read { case } => format!("read what is withheld of case {case}"),
        RecordAct::Export { case, form, .. } => format!("export the file of case {case} as {form}"),
        RecordAct::Look { reason } => format!("look for what is held about somebody: {reason}"),
        RecordAct::Hold { what, reason } => format!("hold {what}: {reason}"),
        RecordAct::Lift { what, reason } => {
            format!("hold {what} no more, so that it may be erased: {reason}")
        }
    }
}

/// What an act on a source would do.
fn source(act: &SourceAct) -> String {
    match act {
        SourceAct::Danger { source, reason } => {
            format!("let nothing leave that rests on the source {source}: {reason}")
        }
        SourceAct::Keep { source, .. } => format!("keep who stands behind the source {source}"),
        SourceAct::Look { source, reason } => {
            format!("read who stands behind the source {source}: {reason}")
        }
        SourceAct::Forget { source, reason } => {
            format!("erase who stands behind the source {source}: {reason}")
        }
        SourceAct::Lift { danger, reason } => format!("lift danger {danger} of a source: {reason}"),
    }
}

/// What an act on a template would do.
fn template(act: &TemplateAct) -> String {
    match act {
        TemplateAct::Set { template } => format!("write the template {}", template.name),
        TemplateAct::Remove { name } => format!("remove the template {name}"),
    }
}

/// What an act would do, in words.
fn words(act: &Act) -> String {
    match act {
        Act::Received(act) => {
            let said = crate::talk::statement(&act.statement);
            format!("on warning {}: {said}{}", act.warning, aside(&act.set_aside))
        }
        Act::Duty(duty) => of_duty(duty),
        Act::Triage(TriageAct::MuteAdd { mute }) => {
            let MuteRequest { source, partner, interest, until, reason, immediate } = mute;
            let all = if *immediate { ", immediate threats too" } else { "" };
            format!(
                "let what {source} says open no case for the interest {interest} of {partner} until \
                 {}{all}: {reason}",
                text::time(until)
            )
        }
        Act::Template(act) => template(act),
        Act::Source(act) => source(act),
        Act::Evidence(EvidenceAct::Show { showing, reason }) => {
            format!("show {} in evidence of {showing}: {reason}", showing.fields.join(", "))
        }
        Act::Readout(act) => readout(act),
        Act::Record(act) => kept(act),
        Act::Account(AccountAct::UserAdd { name, roles, display }) => {
            let roles: Vec<&str> = roles.iter().map(|role| role.name()).collect();
            let called = display.as_ref().map(|shown| {
                format!(", called “{shown}”: what names that person at TLP:RED is for {name} then")
            });
            format!("give {name} the roles {}{}", roles.join(", "), called.unwrap_or_default())
        }
        Act::Inbox(InboxAct::NamePerson { warning, person, user }) => {
            format!("say that “{person}”, for whom warning {warning} is, is {user}")
        }
        Act::Partner(PartnerAct::Agree { name, sentences, reason }) => match sentences {
            Persons::One => format!("let one person alone send free text to {name}: {reason}"),
            Persons::Two => format!("have two persons for free text to {name}: {reason}"),
        },
        Act::Partner(PartnerAct::ProposeAgreement { name, terms }) => {
            let terms = crate::agreement::words(terms);
            format!("sign a version of the agreement with {name}, and propose it.\n{terms}")
        }
        Act::Partner(PartnerAct::AcceptAgreement { name, version }) => {
            format!("sign version {version} of the agreement with {name}: it is in force then")
        }
        Act::Partner(PartnerAct::DeclineAgreement { name, version, reason }) => {
            format!("decline version {version} of the agreement with {name}: {reason}")
        }
        Act::Authority(AuthorityAct::Give { class }) => {
            format!("let warnings leave without a person.\n{}", crate::authority::class(class))
        }
        Act::Account(AccountAct::UserResume { name }) => format!("let {name} in again"),
        Act::Account(AccountAct::UserUids { name, uids }) if uids.is_empty() => {
            format!("let no user of the machine act as {name}")
        }
        Act::Account(AccountAct::UserUids { name, uids }) => {
            let uids: Vec<String> = uids.iter().map(u32::to_string).collect();
            format!("let the machine's user {} act as {name}", uids.join(", "))
        }
        Act::Account(_)
        | Act::Feed(_)
        | Act::Partner(_)
        | Act::Interest(_)
        | Act::Item(_)
        | Act::Triage(TriageAct::MuteRemove { .. } | TriageAct::Dismiss { .. })
        | Act::Telling(_)
        | Act::Authority(AuthorityAct::Revoke { .. })
        | Act::Exercise(_)
        | Act::Proposal(_) => serde_json::to_string(act).unwrap_or_default(),
    }
}

/// What an act on a case would do, with every word that would leave.
fn of_duty(act: &DutyAct) -> String {
    match act {
        DutyAct::Recall { case, reason, set_aside } => {
            format!("recall case {case}: {reason}{}", aside(set_aside))
        }
        DutyAct::Answer { case, question, text, set_aside } => {
            let aside = aside(set_aside);
            format!("answer the question at entry {question} of case {case}: {text}{aside}")
        }
        DutyAct::Permit { case, request, verdict, set_aside } => {
            let said = talk::statement(&Statement::PermissionAnswer(verdict.clone()));
            format!(
                "answer the request at entry {request} of case {case}: {said}{}",
                aside(set_aside)
            )
        }
        DutyAct::Decide { case, decision, also } => decide(*case, also, decision),
        DutyAct::Pause { case, until, reason } => {
            format!("let the clock of case {case} stand until {}: {reason}", text::time(until))
        }
        DutyAct::Reopen { case, reason } => format!("take case {case} up again: {reason}"),
        DutyAct::Release { case, digest, .. } => format!(
            "release the draft of case {case}, of which exactly these bytes leave: SHA-256 {digest}. \
             Look at it first: forewarn case preview {case}"
        ),
        DutyAct::Tell { .. }
        | DutyAct::Confirm { .. }
        | DutyAct::Strike { .. }
        | DutyAct::Open { .. }
        | DutyAct::Find { .. }
        | DutyAct::Draft { .. }
        | DutyAct::Update { .. }
        | DutyAct::Renew { .. }
        | DutyAct::Keep { .. }
        | DutyAct::Urgency { .. }
        | DutyAct::Resume { .. }
        | DutyAct::Merge { .. }
        | DutyAct::Join { .. }
        | DutyAct::Link { .. } => serde_json::to_string(act).unwrap_or_default(),
    }
}

/// What an act on a readout would do: of a text, all of it.
fn readout(act: &ReadoutAct) -> String {
    match act {
        ReadoutAct::Commit { subject, readout, until } => {
            let until =
                until.as_ref().map(|until| format!(", and propose an embargo until {until}"));
            let facts =
                readout.stated.iter().map(|one| format!("\n  “{}”: {}", one.words, one.fact));
            let facts: String = facts.collect();
            let until = until.unwrap_or_default();
            format!(
                "commit to what is said in public of {subject}{until}:\n{}{facts}",
                readout.text
            )
        }
        ReadoutAct::Reveal { subject, set_aside, .. } => {
            format!("publish our readout of {subject}{}", aside(set_aside))
        }
        ReadoutAct::Decline { subject, reason } => {
            format!("decline the embargo on {subject}: {reason}")
        }
        ReadoutAct::Leave { subject, complies, reason } => {
            let how = if *complies { "and comply all the same" } else { "and do not comply" };
            format!("leave the embargo on {subject}, {how}: {reason}")
        }
        ReadoutAct::Write { .. }
        | ReadoutAct::Note { .. }
        | ReadoutAct::Propose { .. }
        | ReadoutAct::Accept { .. } => serde_json::to_string(act).unwrap_or_default(),
    }
}

/// On what a waiver would rest, and until when: a line each.
fn waiver(act: &Act) -> Vec<String> {
    let Act::Duty(DutyAct::Decide {
        decision: Decision::Waive { code, review_at, facts, .. }, ..
    }) = act
    else {
        return Vec::new();
    };
    let mut lines = vec![format!("ground: {}", code.word())];
    lines.extend(crate::decision::facts(facts));
    lines.extend(review_at.as_ref().map(|at| format!("looked at again by {}", text::time(at))));
    lines
}

/// What would be decided of one case or several.
fn decide(case: CaseNumber, also: &[CaseNumber], decision: &Decision) -> String {
    let numbers: Vec<String> =
        std::iter::once(case).chain(also.iter().copied()).map(|one| one.to_string()).collect();
    let cases = match numbers.as_slice() {
        [one] => format!("case {one}"),
        all => format!("cases {}", all.join(", ")),
    };
    match decision {
        Decision::Warn { reason } => format!("decide to warn in {cases}: {reason}"),
        Decision::Waive { reason, .. } => format!("waive the duty of {cases}: {reason}"),
        Decision::Refer { to, reason, answer_by } => {
            let by = answer_by.as_ref().map(|by| format!(", to be answered by {}", text::time(by)));
            format!("refer {cases} to {to}{}: {reason}", by.unwrap_or_default())
        }
        Decision::NotMet { reason } => format!("there is no duty in {cases}: {reason}"),
    }
}

/// What is set aside, where something is: on a line of its own.
fn aside(set_aside: &SetAside) -> String {
    let SetAside { texts, reason } = set_aside;
    match (texts.as_slice(), reason.as_str()) {
        ([], _) => String::new(),
        (all, "") => format!("\nset aside, as not meaning what is withheld: {}", all.join(", ")),
        (all, why) => format!("\nset aside: {}, because: {why}", all.join(", ")),
    }
}
