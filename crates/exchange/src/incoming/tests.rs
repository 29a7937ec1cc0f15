use super::*;
use crate::id::CaseNumber;
use crate::scale::Urgency;
use crate::talk::{Compliance, WordAnswer};
use forewarn_transcript::{ChannelId, Hash};

fn at() -> Timestamp {
    Timestamp::parse("2017-12-15T09:30:00Z").unwrap()
}

fn place(index: u64) -> Reference {
    Reference { log: "x".into(), index, hash: Hash::of(b"x") }
}

fn case() -> Case {
    let partner = NodeName::parse("east.example").unwrap();
    let grade = (Urgency::Immediate, Status::Actual);
    Case::open(CaseNumber::new(1), &partner, 1, grade, &at(), &Clocks::default())
}

/// The partner says something about an entry of ours.
fn says(
    case: Case,
    statement: Statement,
    about: u64,
    talk: TalkSoFar<'_>,
) -> Result<(Case, Said), NotAccepted> {
    let partner = NodeName::parse("east.example").unwrap();
    let (at, place) = (at(), place(1));
    let entry = Entry {
        channel: ChannelId::parse(&"0".repeat(64)).unwrap(),
        kind: statement.kind().into(),
        id: "recall-answer--1".into(),
        time: at.clone(),
        status: "Actual".into(),
        answers: Some(self::place(about)),
        digests: Vec::new(),
    };
    let incoming = Incoming { partner: &partner, entry: &entry, place: &place, at: &at };
    incoming.on_case(case, Message::said("dora", statement), (talk, &Clocks::default()))
}

fn answer(corrects: bool) -> WordAnswer {
    WordAnswer { answer: Compliance::Refused, text: "why".to_owned(), corrects }
}

/// A partner once answered a recall with complied, and then with refused, and both stood.
#[test]
fn a_recall_is_answered_once_and_a_later_answer_says_that_it_corrects() {
    let said = |recall_answered, corrects| {
        let talk = TalkSoFar { recall_answered, ..TalkSoFar::default() };
        says(case(), Statement::RecallAnswer(answer(corrects)), 1, talk).is_ok()
    };
    assert!(said(false, false) && said(true, true));
    assert!(!said(true, false) && !said(false, true));
}

#[test]
fn the_newest_update_is_answered_and_an_answer_to_an_older_one_is_only_said() {
    let owed = Some(Owed::new(Word::Update, place(7), &at()));
    let case = Case { owed, ..case() };
    let statement = || Statement::UpdateAnswer(answer(false));
    let talk = TalkSoFar::default();
    let (older, _) = says(case.clone(), statement(), 4, talk).unwrap();
    assert!(older.owed.unwrap().is_open());
    let (newest, _) = says(case, statement(), 7, talk).unwrap();
    assert_eq!(newest.owed.as_ref().unwrap().answered, Some(Compliance::Refused));
    assert!(says(newest.clone(), statement(), 7, talk).is_err());
    assert!(says(newest, Statement::UpdateAnswer(answer(true)), 7, talk).is_ok());
}

#[test]
fn an_answer_to_the_end_of_a_warning_counts_though_our_clock_is_behind() {
    let statement = Statement::ExpiryAnswer(answer(false));
    let (case, _) = says(case(), statement, 3, TalkSoFar::default()).unwrap();
    assert_eq!(case.owed.unwrap().answered, Some(Compliance::Refused));
}

#[test]
fn an_outcome_corrects_one_that_stands_and_nothing_else() {
    let outcome = |corrects| Statement::Outcome { facts: vec![], text: String::new(), corrects };
    let (_, first) = says(case(), outcome(None), 1, TalkSoFar::default()).unwrap();
    let said = [first];
    let talk = TalkSoFar { said: &said, ..TalkSoFar::default() };
    assert!(says(case(), outcome(Some(1)), 1, talk).is_ok());
    assert!(says(case(), outcome(Some(2)), 1, talk).unwrap_err().contains("entry 2"));
}
