use super::*;
use crate::card::Card;
use crate::draft::tests::request;
use crate::partner::{Standing, Succession};
use forewarn_stix::marking::Tlp;
use forewarn_transcript::channel::{Channel, Party};
use forewarn_transcript::{Entry, SecretKey};

fn at() -> Timestamp {
    Timestamp::parse("2017-12-15T09:30:00.000Z").unwrap()
}

fn party(name: &str, seed: u8) -> Party {
    Party { name: name.into(), keys: SecretKey::from_seed(&[seed; 32]).keys() }
}

fn partner(ceiling: Tlp) -> Partner {
    let Party { name, keys } = party("b.example", 2);
    let url = "http://127.0.0.1:1".into();
    let card = Card { name, organisation: "B".into(), url, keys };
    let standing = Standing::Confirmed { by: "paul".into(), at: at() };
    let succession = Succession::default();
    Partner { card, ceiling, standing, without_node: false, opened_with: None, succession }
}

fn post() -> Post {
    let channel = Channel::between(party("a.example", 1), party("b.example", 2)).unwrap();
    Post { channel, us: "a.example".into(), next: 1 }
}

fn originals() -> Originals<'static> {
    let referred = "identity--0c7b5e1a-5d2e-4c55-8f64-0b2e6f6c8a21".to_owned();
    Originals { organisation: "Service A", ids: vec![referred], sources: vec!["STORK".into()] }
}

fn finding() -> Finding {
    Finding {
        credible: true,
        specific: true,
        impending: true,
        threat: Threat::Destruction,
        target: "visitors of a cathedral".into(),
        reason: "two reports agree".into(),
    }
}

fn case() -> Case {
    let item = CaseItem {
        id: "report--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f".into(),
        source: Some("HERON".into()),
        why: vec![],
    };
    let grade = (Urgency::Immediate, Status::Exercise);
    Case::open(1, "b.example", vec![item], grade, &at(), &Clocks::default())
}

/// Runs one step as one person.
fn by<T>(name: &str, step: impl FnOnce(&mut Actor) -> T) -> T {
    let at = at();
    let mut ids = Ids::new(Hash::of(name.as_bytes()));
    step(&mut Actor { name, at: &at, ids: &mut ids })
}

fn to_warn() -> Case {
    let case = by("ana", |actor| case().find(finding(), actor)).unwrap();
    let warn = Decision::Warn { reason: "lives".into() };
    by("otto", |actor| case.decide(warn, actor)).unwrap()
}

fn drafted(text: &str) -> Case {
    let request = DraftRequest { text: text.into(), ..request() };
    by("ana", |actor| to_warn().draft(&request, &originals(), actor)).unwrap()
}

fn code<T: std::fmt::Debug>(result: Result<T, Refusal>) -> String {
    result.unwrap_err().code
}

#[test]
fn the_clock_starts_from_the_urgency() {
    assert_eq!(case().due.as_str(), "2017-12-15T09:45:00.000Z");
    assert!(case().clock_runs());
}

#[test]
fn a_clock_runs_out_once_and_only_when_it_runs() {
    let late = Timestamp::parse("2017-12-15T09:46:00.000Z").unwrap();
    assert_eq!(code(case().run_out(&at())), "clock");
    let over = case().run_out(&late).unwrap();
    assert!(over.is_overdue());
    assert_eq!(code(over.run_out(&late)), "clock");
    let not_met = Decision::NotMet { reason: "nothing in it".into() };
    let closed = by("otto", |a| case().decide(not_met, a)).unwrap();
    assert_eq!(code(closed.run_out(&late)), "clock");
}

#[test]
fn a_step_out_of_turn_is_refused() {
    let warn = Decision::Warn { reason: "x".into() };
    assert_eq!(code(by("otto", |a| case().decide(warn.clone(), a))), "no-finding");
    assert_eq!(code(by("ana", |a| case().draft(&request(), &originals(), a))), "stage");
    assert_eq!(code(by("ana", |a| to_warn().find(finding(), a))), "stage");
    assert_eq!(code(by("otto", |a| to_warn().decide(warn, a))), "stage");
    assert_eq!(code(case().judge(&partner(Tlp::Red), "Service A")), "no-draft");
}

#[test]
fn a_waived_case_is_closed_with_its_code() {
    let waive = Decision::Waive { code: Waiver::AlreadyAware, reason: "they told us".into() };
    let case = by("otto", |a| case().decide(waive, a)).unwrap();
    assert_eq!(case.stage_name(), "closed");
    assert!(!case.clock_runs());
}

#[test]
fn the_drafter_may_not_release_and_a_second_person_may() {
    let case = drafted("A bombing is planned.");
    let digest = case.pending().unwrap().digest;
    let release = |name: &str| {
        let case = case.clone();
        by(name, |a| case.release(digest, (&partner(Tlp::Amber), "Service A"), &mut post(), a))
    };
    assert_eq!(code(release("ana")), "same-person");
    let (case, posted) = release("otto").unwrap();
    assert_eq!(case.stage_name(), "released");
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
    let draft = drafted("A bombing is planned.").pending().cloned().unwrap();
    let id = |n: u32| format!("indicator--8e2e2d2b-17d4-4cbf-938f-{n:012x}");
    let kept = (0..2_000).map(|n| Withheld { what: WithheldKind::OriginalId, text: id(n) });
    let many = Draft { withheld: kept.collect(), ..draft };
    let lineage = kept_back(&many).into_iter().find(|(name, _)| *name == "lineage").unwrap().1;
    let list = Value::from((0..2_000).map(id).collect::<Vec<_>>());
    let digest = Hash::of(&canonical::bytes(&list)).to_string();
    assert_eq!(lineage, serde_json::json!({"count": 2_000, "sha256": digest}));
}

#[test]
fn the_gate_refuses_a_withheld_name_and_a_marking_above_the_ceiling() {
    let leaking = drafted("Petrov plans a bombing.");
    let refusal = leaking.judge(&partner(Tlp::Amber), "Service A").unwrap_err();
    assert_eq!(refusal.code, "gate");
    assert!(refusal.message.contains("Ivan Petrov"), "{}", refusal.message);
    assert_eq!(code(drafted("A bombing.").judge(&partner(Tlp::Green), "Service A")), "gate");
}

#[test]
fn what_was_approved_is_what_is_released() {
    let case = drafted("A bombing is planned.");
    let other = Hash::of(b"another draft");
    assert_eq!(
        code(by("otto", |a| case.release(
            other,
            (&partner(Tlp::Amber), "Service A"),
            &mut post(),
            a
        ))),
        "other-draft"
    );
}

#[test]
fn a_recall_and_an_answer_go_through_the_gate_too() {
    let case = drafted("A bombing is planned.");
    let digest = case.pending().unwrap().digest;
    let mut post = post();
    let (mut case, _) =
        by("otto", |a| case.release(digest, (&partner(Tlp::Amber), "Service A"), &mut post, a))
            .unwrap();
    assert_eq!(code(by("otto", |a| case.clone().recall("HERON was wrong", &mut post, a))), "gate");
    let entry = Reference { log: "b".into(), index: 4, hash: Hash::of(b"q") };
    let what = What::Question { text: "when?".into(), due: at() };
    case.talk.push(Said { what, by: "duty".into(), at: at(), ours: false, entry });
    assert_eq!(case.talk.open_questions().len(), 1);
    assert_eq!(code(by("ana", |a| case.clone().answer(4, "ask Petrov", &mut post, a))), "gate");
    assert_eq!(code(by("ana", |a| case.clone().answer(5, "soon", &mut post, a))), "no-question");
    let (case, _) = by("ana", |a| case.answer(4, "in the morning", &mut post, a)).unwrap();
    assert!(case.talk.open_questions().is_empty());
    let (case, _) = by("otto", |a| case.recall("it is over", &mut post, a)).unwrap();
    assert_eq!(case.stage_name(), "recalled");
}

#[test]
fn a_later_version_answers_the_first() {
    let case = drafted("A bombing is planned.");
    let digest = case.pending().unwrap().digest;
    let mut post = post();
    let (case, first) =
        by("otto", |a| case.release(digest, (&partner(Tlp::Amber), "Service A"), &mut post, a))
            .unwrap();
    let case = by("mia", |a| case.draft(&request(), &originals(), a)).unwrap();
    let digest = case.pending().unwrap().digest;
    let (case, second) =
        by("otto", |a| case.release(digest, (&partner(Tlp::Amber), "Service A"), &mut post, a))
            .unwrap();
    let entry = Entry::parse(second.carried.leaf.as_bytes()).unwrap();
    assert_eq!((entry.kind.as_str(), entry.answers), ("update", Some(first.reference)));
    assert_eq!(case.sent().len(), 2);
}

/// A second version without the names to withhold once let the first one's names through.
#[test]
fn a_later_version_keeps_back_what_the_first_did() {
    let case = drafted("A bombing is planned.");
    let digest = case.pending().unwrap().digest;
    let (case, _) =
        by("otto", |a| case.release(digest, (&partner(Tlp::Amber), "Service A"), &mut post(), a))
            .unwrap();
    let request = DraftRequest { text: "Petrov plans it.".into(), withhold: vec![], ..request() };
    let case = by("mia", |a| case.draft(&request, &originals(), a)).unwrap();
    assert_eq!(code(case.judge(&partner(Tlp::Amber), "Service A")), "gate");
}

#[test]
fn an_identifier_that_an_original_refers_to_is_kept_back_too() {
    let case = drafted("See 0c7b5e1a5d2e4c558f640b2e6f6c8a21 for more.");
    assert_eq!(code(case.judge(&partner(Tlp::Amber), "Service A")), "gate");
}
