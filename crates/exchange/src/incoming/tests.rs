use super::*;
use crate::case::Horizon;
use crate::draft::tests::{made, request};
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

/// A case of which a version was released that holds for an hour from `at`.
fn case() -> Case {
    let partner = NodeName::parse("east.example").unwrap();
    let grade = (Urgency::Immediate, Status::Actual);
    let case = Case::open(CaseNumber::new(1), &partner, 1, grade, &at(), &Clocks::default());
    let horizon = Some(Horizon::new(&at().plus_minutes(60), &at()));
    Case { outward: Outward::Released, horizon, ..case }
}

fn recalled() -> Case {
    Case { outward: Outward::Recalled, ..case() }
}

/// The entry answers this version, of so many.
fn of(version: u32, versions: u32) -> TalkSoFar<'static> {
    TalkSoFar { version: Some(version), versions, ..TalkSoFar::default() }
}

fn incoming<T>(
    (statement, time): (&str, Timestamp),
    about: u64,
    does: impl FnOnce(&Incoming<'_>) -> T,
) -> T {
    let partner = NodeName::parse("east.example").unwrap();
    let (at, place) = (at(), place(1));
    let entry = Entry {
        channel: ChannelId::parse(&"0".repeat(64)).unwrap(),
        kind: statement.into(),
        id: "recall-answer--1".into(),
        time,
        status: "Actual".into(),
        answers: Some(self::place(about)),
        digests: Vec::new(),
    };
    does(&Incoming { partner: &partner, entry: &entry, place: &place, at: &at })
}

/// The partner says something about an entry of ours.
fn says(
    case: Case,
    statement: Statement,
    about: u64,
    talk: TalkSoFar<'_>,
) -> Result<(Case, Said), NotAccepted> {
    says_at(at(), case, statement, about, talk)
}

/// The same by a clock of the partner's that may be ahead.
fn says_at(
    time: Timestamp,
    case: Case,
    statement: Statement,
    about: u64,
    talk: TalkSoFar<'_>,
) -> Result<(Case, Said), NotAccepted> {
    let kind = statement.kind();
    incoming((kind, time), about, |incoming| {
        let message = Message::said("dora", statement);
        incoming.on_case(case, message, (talk, &Clocks::default()))
    })
}

fn answer(corrects: bool) -> WordAnswer {
    WordAnswer { answer: Compliance::Refused, text: "why".to_owned(), corrects }
}

/// A partner once answered a recall with complied, and then with refused, and both stood.
#[test]
fn a_recall_is_answered_once_and_a_later_answer_says_that_it_corrects() {
    let said = |recall_answered, corrects| {
        let talk = TalkSoFar { recall_answered, ..TalkSoFar::default() };
        says(recalled(), Statement::RecallAnswer(answer(corrects)), 1, talk).is_ok()
    };
    assert!(said(false, false) && said(true, true));
    assert!(!said(true, false) && !said(false, true));
}

/// An answer to a recall that was never made once told that the recall was answered.
#[test]
fn an_answer_to_a_word_that_was_never_said_is_not_accepted() {
    let (recall, update, expiry) = (
        Statement::RecallAnswer(answer(false)),
        Statement::UpdateAnswer(answer(false)),
        Statement::ExpiryAnswer(answer(false)),
    );
    let never = |statement: &Statement, talk| {
        says(case(), statement.clone(), 1, talk).unwrap_err().contains("there was none")
    };
    assert!(never(&recall, of(1, 1)), "nothing was recalled");
    assert!(never(&update, of(1, 1)) && never(&update, of(1, 2)), "the first version is no update");
    assert!(never(&update, TalkSoFar { versions: 2, ..TalkSoFar::default() }), "no version");
    assert!(never(&expiry, of(1, 1)), "it holds for an hour yet");
    assert!(says(recalled(), recall, 1, of(1, 1)).is_ok());
}

#[test]
fn the_newest_update_is_answered_and_an_answer_to_an_older_one_is_only_said() {
    let owed = Some(Owed::new(Word::Update, place(7), &at()));
    let case = Case { owed, ..case() };
    let statement = || Statement::UpdateAnswer(answer(false));
    let (older, _) = says(case.clone(), statement(), 4, of(2, 3)).unwrap();
    assert!(older.owed.unwrap().is_open());
    let (newest, _) = says(case, statement(), 7, of(3, 3)).unwrap();
    assert_eq!(newest.owed.as_ref().unwrap().answered, Some(Compliance::Refused));
    assert!(says(newest.clone(), statement(), 7, of(3, 3)).is_err());
    assert!(says(newest, Statement::UpdateAnswer(answer(true)), 7, of(3, 3)).is_ok());
}

/// A partner that declined the first version once owed no answer to the second.
#[test]
fn declining_an_older_version_leaves_the_newest_to_be_answered() {
    let owed = Some(Owed::new(Word::Update, place(7), &at()));
    let case = Case { owed, ..case() };
    let declined = || Statement::Declined { ground: None, reason: "not ours".into() };
    let (older, _) = says(case.clone(), declined(), 4, of(1, 2)).unwrap();
    assert!(older.owed.unwrap().is_open());
    let (newest, _) = says(case, declined(), 7, of(2, 2)).unwrap();
    assert_eq!(newest.owed, None);
}

#[test]
fn an_answer_to_the_end_of_a_warning_counts_though_our_clock_is_behind() {
    let statement = || Statement::ExpiryAnswer(answer(false));
    let ahead = at().plus_minutes(61);
    let (ended, _) = says_at(ahead.clone(), case(), statement(), 3, of(1, 1)).unwrap();
    assert_eq!(ended.owed.unwrap().answered, Some(Compliance::Refused));
    // It says nothing of a version that crossed it, nor of what was taken back.
    let owed = Some(Owed::new(Word::Update, place(7), &at()));
    let updated = Case { owed: owed.clone(), ..case() };
    let (updated, _) = says_at(ahead.clone(), updated, statement(), 3, of(1, 2)).unwrap();
    assert_eq!(updated.owed, owed);
    let (gone, _) = says_at(ahead, recalled(), statement(), 3, of(1, 1)).unwrap();
    assert_eq!(gone.owed, None);
}

fn content() -> Content {
    let draft = made(&request());
    Content {
        title: draft.title,
        urgency: Urgency::Immediate,
        tlp: draft.tlp,
        valid_until: draft.valid_until,
        persons: Vec::new(),
        bundle: serde_json::from_str(&draft.bundle).unwrap(),
    }
}

/// A version after a recall once made the warning new again, with the recall beside it; a second
/// recall took the answer to the first away.
#[test]
fn what_was_recalled_is_neither_changed_nor_recalled_again() {
    incoming(("recall", at()), 0, |incoming| {
        let warning = incoming.warning(WarningNumber::new(1), &content()).unwrap();
        let talk = TalkSoFar::default();
        let update = || Message::Update(content());
        assert!(incoming.on_warning(warning.clone(), update(), talk).is_ok());
        let recall = || Message::Recall { reason: "it was a drill".into() };
        let OnWarning::Changed(recalled) = incoming.on_warning(warning, recall(), talk).unwrap()
        else {
            panic!("a recall changes the warning");
        };
        for later in [update(), recall()] {
            let why = incoming.on_warning(recalled.clone(), later, talk).unwrap_err();
            assert!(why.contains("it was recalled"), "{why}");
        }
    });
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
