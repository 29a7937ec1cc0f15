mod duty;
mod rules;

use super::outgoing::kept_back;
use super::*;
use crate::card::Card;
use crate::code::Code;
use crate::draft::tests::request;
use crate::draft::{Draft, DraftRequest, Lowering, Marks};
use crate::gate::{Withheld, WithheldKind};
use crate::partner::{Partner, Standing, Succession};
use crate::post::Post;
use crate::scale::Waiver;
use crate::talk::{Said, Statement};
use crate::user::{Role, User};
use crate::waiver::{KnownTo, WaiverFacts, WaiverRules};
use forewarn_extract::threat::Threat;
use forewarn_stix::canonical;
use forewarn_stix::marking::Tlp;
use forewarn_transcript::channel::{Channel, Party};
use forewarn_transcript::{Entry, Hash, Reference, SecretKey};
use serde_json::Value;
use std::sync::LazyLock;

fn user(name: &str) -> UserName {
    UserName::parse(name).unwrap()
}

fn at() -> Timestamp {
    Timestamp::parse("2017-12-15T09:30:00.000Z").unwrap()
}

fn party(name: &str, seed: u8) -> Party {
    Party { name: name.into(), keys: SecretKey::from_seed(&[seed; 32]).keys() }
}

fn partner(ceiling: Tlp) -> Partner {
    let Party { name, keys } = party("b.example", 2);
    let url = "http://127.0.0.1:1".into();
    let card = Card { name: NodeName::parse(&name).unwrap(), organisation: "B".into(), url, keys };
    let standing = Standing::Confirmed { by: user("paul"), at: at() };
    let succession = Succession::default();
    let (sentences, opened_with) = (crate::proposal::Persons::Two, None);
    Partner {
        card,
        ceiling,
        standing,
        sentences,
        agreement: None,
        without_node: false,
        moved: None,
        opened_with,
        succession,
    }
}

fn post() -> Post {
    let channel = Channel::between(party("a.example", 1), party("b.example", 2)).unwrap();
    Post { channel, us: "a.example".into(), next: 1 }
}

fn originals() -> Originals<'static> {
    let own = "report--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f".to_owned();
    let referred = "identity--0c7b5e1a-5d2e-4c55-8f64-0b2e6f6c8a21".to_owned();
    let sources = vec!["HERON".into(), "STORK".into()];
    let ids = vec![own, referred];
    Originals { organisation: "Service A", ids, sources, marking: Marks::default() }
}

fn finding() -> Finding {
    Finding::yes(Threat::Destruction, "visitors of a cathedral", "two reports agree")
}

fn waive() -> Decision {
    let since = at();
    let known_to = Some(KnownTo { who: "their duty desk".into(), since });
    let facts = WaiverFacts { known_to, ..WaiverFacts::default() };
    let (code, reason) = (Waiver::AlreadyAware, "they told us".into());
    Decision::Waive { code, reason, review_at: None, facts }
}

/// Somebody decides, after a second person has approved it where it takes two.
fn decide(case: Case, decision: Decision, who: &str) -> Result<Case, Refusal> {
    let roles = vec![Role::Approver];
    let named = |name: &str| User::new(user(name), roles.clone()).unwrap();
    let (deciding, second) = (named(who), named("hanna"));
    let (clocks, waivers) = (Clocks::default(), WaiverRules::default());
    let second = matches!(decision, Decision::Waive { .. }).then_some(&second);
    let deciding = Deciding { clocks: &clocks, waivers: &waivers, by: &deciding, second };
    by(who, |acting| case.decide(decision, deciding, acting))
}

fn found(case: Case) -> Result<Case, Refusal> {
    by("ana", |acting| case.find(finding(), &Clocks::default(), acting))
}

fn case() -> Case {
    let grade = (Urgency::Immediate, Status::Exercise);
    let partner = NodeName::parse("b.example").unwrap();
    Case::open(CaseNumber::new(1), &partner, 1, grade, &at(), &Clocks::default())
}

/// Runs one step as one person.
fn by<T>(name: &str, step: impl FnOnce(&mut Acting) -> T) -> T {
    let (at, by) = (at(), user(name));
    let mut ids = Ids::new(Hash::of(name.as_bytes()));
    step(&mut Acting { by: &by, at: &at, ids: &mut ids })
}

fn to_warn() -> Case {
    decide(found(case()).unwrap(), Decision::Warn { reason: "lives".into() }, "otto").unwrap()
}

fn draft(case: Case, outgoing: Outgoing, request: &DraftRequest) -> (Case, Outgoing) {
    by("ana", |acting| case.draft(outgoing, request, &originals(), acting)).unwrap()
}

fn drafted(text: &str) -> (Case, Outgoing) {
    draft(to_warn(), Outgoing::Nothing, &DraftRequest { text: text.into(), ..request() })
}

static CLOCKS: LazyLock<Clocks> = LazyLock::new(Clocks::default);

fn delivery() -> Delivery<'static> {
    Delivery { clocks: &CLOCKS, is_told: true, is_answered: true }
}

fn release(waiting: (Case, Outgoing), who: &str, post: &mut Post) -> Result<Sending, Refusal> {
    release_to(&partner(Tlp::Amber), waiting, who, post)
}

fn release_to(
    partner: &Partner,
    (case, outgoing): (Case, Outgoing),
    who: &str,
    post: &mut Post,
) -> Result<Sending, Refusal> {
    let digest = outgoing.pending().map_or(Hash::of(b""), |draft| draft.digest);
    let own_name = "Service A";
    let approval = Approval {
        digest,
        set_aside: &[],
        partner,
        own_name,
        withheld: &[],
        marking: Marks::default(),
        revoked: &[],
        delivery: delivery(),
    };
    by(who, |acting| case.release(outgoing, &approval, post, acting))
}

fn judge(
    (case, outgoing): &(Case, Outgoing),
    ceiling: Tlp,
    withheld: &[Withheld],
) -> Result<(), Refusal> {
    outgoing.judge(case, &partner(ceiling), "Service A", withheld).map(drop)
}

fn code<T: std::fmt::Debug>(result: Result<T, Refusal>) -> Code {
    result.unwrap_err().code
}

fn name(text: &str) -> Vec<Withheld> {
    vec![Withheld::new(WithheldKind::Name, text)]
}

#[test]
fn the_clock_starts_from_the_urgency() {
    assert_eq!(case().clock.due().as_str(), "2017-12-15T09:45:00.000Z");
    assert!(case().clock.runs());
}

#[test]
fn a_clock_runs_out_once_and_only_when_it_runs() {
    let late = Timestamp::parse("2017-12-15T09:46:00.000Z").unwrap();
    assert_eq!(code(case().ring(&at(), &CLOCKS)), Code::Clock);
    let (over, rang) = case().ring(&late, &CLOCKS).unwrap();
    assert_eq!((over.clock.ran_out(), rang), (Some(&late), Rang::RanOut));
    assert_eq!(code(over.ring(&late, &CLOCKS)), Code::Clock);
    let not_met = Decision::NotMet { reason: "nothing in it".into() };
    let closed = decide(case(), not_met, "otto").unwrap();
    assert_eq!(code(closed.ring(&late, &CLOCKS)), Code::Clock);
}

#[test]
fn a_step_out_of_turn_is_refused() {
    let warn = Decision::Warn { reason: "x".into() };
    assert_eq!(code(decide(case(), warn.clone(), "otto")), Code::NoFinding);
    let early = by("ana", |a| case().draft(Outgoing::Nothing, &request(), &originals(), a));
    assert_eq!(code(early), Code::Stage);
    assert_eq!(code(found(to_warn())), Code::Stage);
    assert_eq!(code(decide(to_warn(), warn, "otto")), Code::Stage);
    assert_eq!(code(judge(&(case(), Outgoing::Nothing), Tlp::Red, &[])), Code::NoDraft);
}

/// The words of a TLP:RED original once left in a draft at CLEAR.
#[test]
fn a_draft_below_its_originals_needs_a_decision_on_record() {
    let red = || Originals { marking: Tlp::Red.into(), ..originals() };
    let compose = |request: &DraftRequest| {
        by("ana", |a| to_warn().draft(Outgoing::Nothing, request, &red(), a))
    };
    let text = "A bombing is planned.".to_owned();
    let request = DraftRequest { text, tlp: Tlp::Clear, ..request() };
    assert_eq!(code(compose(&request)), Code::Marking);
    let lowering =
        Lowering { permission: "the originator, by voice".into(), reason: "lives".into() };
    let silent = Lowering { reason: " ".into(), ..lowering.clone() };
    let silent = DraftRequest { lowering: Some(silent), ..request.clone() };
    assert_eq!(code(compose(&silent)), Code::Marking);
    let said = DraftRequest { lowering: Some(lowering.clone()), ..request };
    let (_, outgoing) = compose(&said).unwrap();
    let draft = outgoing.pending().unwrap();
    assert_eq!((draft.originals, &draft.lowering), (Some(Tlp::Red), &Some(lowering)));
}

/// An item that joined after the draft may be marked more strictly.
#[test]
fn a_stricter_original_that_joined_since_keeps_the_draft_back() {
    let (case, outgoing) = drafted("A bombing is planned.");
    let digest = outgoing.pending().unwrap().digest;
    let (partner, own_name) = (partner(Tlp::Amber), "Service A");
    let marking = Marks::from(Tlp::Red);
    let approval = Approval {
        digest,
        set_aside: &[],
        partner: &partner,
        own_name,
        withheld: &[],
        marking,
        revoked: &[],
        delivery: delivery(),
    };
    let refused = by("otto", |a| case.release(outgoing, &approval, &mut post(), a));
    assert_eq!(code(refused), Code::Marking);
}

#[test]
fn the_drafter_may_not_release_and_a_second_person_may() {
    let case = drafted("A bombing is planned.");
    assert_eq!(code(release(case.clone(), "ana", &mut post())), Code::SamePerson);
    let Sending { case, posted, .. } = release(case, "otto", &mut post()).unwrap();
    assert_eq!(case.stage(), Stage::Released);
    let entry = Entry::parse(posted.carried.leaf.as_bytes()).unwrap();
    assert_eq!((entry.kind.as_str(), entry.status.as_str()), ("warning", "Exercise"));
    assert_eq!(entry.digests.len(), posted.carried.disclosures.len() + posted.withheld.len());
    let crossing = serde_json::to_string(&posted.carried).unwrap();
    for secret in ["HERON", "Petrov", "8e2e2d2b", "ana"] {
        assert!(!crossing.contains(secret), "{secret}");
    }
}

/// An original that refers to thousands of others once shut a warning in for good.
#[test]
fn a_warning_with_thousands_of_original_ids_leaves_and_commits_to_them() {
    let draft = drafted("A bombing is planned.").1.pending().cloned().unwrap();
    let id = |n: u32| format!("indicator--8e2e2d2b-17d4-4cbf-938f-{n:012x}");
    let kept = (0..2_000).map(|n| Withheld::new(WithheldKind::OriginalId, id(n)));
    let many = Draft { withheld: kept.collect(), ..draft };
    let lineage = kept_back(&many).into_iter().find(|(name, _)| *name == "lineage").unwrap().1;
    let list = Value::from((0..2_000).map(id).collect::<Vec<_>>());
    let digest = Hash::of(&canonical::bytes(&list)).to_string();
    assert_eq!(lineage, serde_json::json!({"count": 2_000, "sha256": digest}));
}

#[test]
fn the_gate_refuses_a_withheld_name_and_a_marking_above_the_ceiling() {
    let refusal = judge(&drafted("Petrov plans a bombing."), Tlp::Amber, &[]).unwrap_err();
    assert_eq!(refusal.code, Code::Gate);
    assert!(refusal.message.contains("Ivan Petrov"), "{}", refusal.message);
    assert_eq!(code(judge(&drafted("A bombing."), Tlp::Green, &[])), Code::Gate);
}

#[test]
fn what_was_approved_is_what_is_released() {
    let (case, outgoing) = drafted("A bombing is planned.");
    let (partner, digest) = (partner(Tlp::Amber), Hash::of(b"another draft"));
    let approval = Approval {
        digest,
        set_aside: &[],
        partner: &partner,
        own_name: "Service A",
        withheld: &[],
        marking: Marks::default(),
        revoked: &[],
        delivery: delivery(),
    };
    let released = by("otto", |a| case.release(outgoing, &approval, &mut post(), a));
    assert_eq!(code(released), Code::OtherDraft);
}

/// A warning that nobody has is no warning: the clock runs until the partner has it, and again from
/// each later word on.
#[test]
fn the_clock_runs_until_the_partner_has_what_was_written() {
    let Sending { case, outgoing, .. } =
        release(drafted("A bombing is planned."), "otto", &mut post()).unwrap();
    let due = case.clock.due().clone();
    assert_eq!((case.awaits, case.clock.runs()), (Some(1), true));
    let late = Timestamp::parse("2017-12-15T09:46:00.000Z").unwrap();
    let case = case.ring(&late, &CLOCKS).unwrap().0.arrived();
    assert_eq!((case.awaits, case.clock.runs()), (None, false));
    let recalled = by("otto", |a| {
        case.recall(outgoing, ("over", &[]), (&mut Post { next: 2, ..post() }, delivery()), a)
    });
    let case = recalled.unwrap().case;
    assert_eq!((case.awaits, case.clock.runs(), case.clock.due()), (Some(2), true, &due));
    assert_eq!(case.clock.ran_out(), Some(&late));
}

/// Of a partner that neither gives receipts nor fetches, nothing can be awaited.
#[test]
fn the_clock_stops_where_nothing_tells_of_the_arrival() {
    let (case, outgoing) = drafted("A bombing is planned.");
    let (partner, digest) = (partner(Tlp::Amber), outgoing.pending().unwrap().digest);
    let approval = Approval {
        digest,
        set_aside: &[],
        partner: &partner,
        own_name: "Service A",
        withheld: &[],
        marking: Marks::default(),
        revoked: &[],
        delivery: Delivery { is_told: false, ..delivery() },
    };
    let sent = by("otto", |a| case.release(outgoing, &approval, &mut post(), a)).unwrap();
    assert_eq!((sent.case.awaits, sent.case.clock.runs()), (None, false));
}

#[test]
fn a_recall_and_an_answer_go_through_the_gate_too() {
    let mut post = post();
    let sent = release(drafted("A bombing is planned."), "otto", &mut post).unwrap();
    let Sending { case, outgoing, .. } = sent;
    let mut recall = |reason: &str| {
        let kept = name("HERON");
        let (case, outgoing) = (case.clone(), outgoing.clone());
        by("otto", |a| case.recall(outgoing, (reason, &kept), (&mut post, delivery()), a))
    };
    assert_eq!(code(recall("HERON was wrong")), Code::Gate);
    assert_eq!(recall("it is over").unwrap().case.stage(), Stage::Recalled);
    let entry = Reference { log: "b".into(), index: 4, hash: Hash::of(b"q") };
    let (statement, due) = (Statement::Question { text: "when?".into() }, Some(at()));
    let asked = Said { due, ..Said::theirs(statement, "duty".into(), (at(), entry)) };
    let kept = name("Ivan Petrov");
    let answer =
        |text: &str| by("ana", |a| case.answer(&asked, (text, &kept), &mut self::post(), a));
    assert_eq!(code(answer("ask Petrov")), Code::Gate);
    let (said, posted) = answer("in the morning").unwrap();
    assert_eq!(said.question, Some(4));
    let entry = Entry::parse(posted.carried.leaf.as_bytes()).unwrap();
    assert_eq!((entry.kind.as_str(), entry.answers), ("answer", Some(asked.entry.clone())));
}

#[test]
fn a_later_version_answers_the_first() {
    let mut post = post();
    let first = release(drafted("A bombing is planned."), "otto", &mut post).unwrap();
    let next = draft(first.case, first.outgoing, &request());
    let second = release(next, "otto", &mut post).unwrap();
    let entry = Entry::parse(second.posted.carried.leaf.as_bytes()).unwrap();
    assert_eq!(entry.kind, "update");
    assert_eq!(entry.answers, Some(first.posted.reference));
    assert_eq!(second.outgoing.releases().len(), 2);
}

/// A second version without the names to withhold once let the first one's names through.
#[test]
fn what_was_once_withheld_from_a_partner_stays_so() {
    let sent = release(drafted("A bombing is planned."), "otto", &mut post()).unwrap();
    let request = DraftRequest { text: "Petrov plans it.".into(), withhold: vec![], ..request() };
    let next = draft(sent.case, sent.outgoing, &request);
    assert_eq!(code(judge(&next, Tlp::Amber, &name("Ivan Petrov"))), Code::Gate);
}

#[test]
fn an_identifier_that_an_original_refers_to_is_kept_back_too() {
    let case = drafted("See 0c7b5e1a5d2e4c558f640b2e6f6c8a21 for more.");
    assert_eq!(code(judge(&case, Tlp::Amber, &[])), Code::Gate);
}
