use super::*;
use crate::clocks::Clocks;
use crate::handling::HandlingCode;
use crate::message::Message;
use crate::proposal::Persons;
use forewarn_stix::marking::Tlp;
use forewarn_transcript::Hash;

fn node(name: &str) -> NodeName {
    NodeName::parse(name).unwrap()
}

fn at() -> Timestamp {
    Timestamp::parse("2026-11-27T12:00:00.000Z").unwrap()
}

fn terms(ceiling: Tlp) -> Terms {
    let handling = [HandlingCode::H1].into();
    Terms { ceiling, handling, sentences: Persons::One, clocks: None, persons: Vec::new() }
}

/// Whether terms can be meant between west and east.
fn check(terms: &Terms) -> Result<(), String> {
    terms.check([&node("west.example"), &node("east.example")])
}

fn place(log: &str, index: u64) -> Reference {
    Reference { log: log.to_owned(), index, hash: Hash::of(b"entry") }
}

/// One side of the channel, and what it knows.
struct Side {
    name: NodeName,
    held: Signed,
    all: Vec<Agreement>,
}

impl Side {
    fn new(name: &str, partner: &str) -> Side {
        let held =
            Signed { partner: node(partner), last: Version(0), waiting: None, in_force: None };
        Side { name: node(name), held, all: Vec::new() }
    }

    fn keep(&mut self, (changed, in_force): NowInForce) {
        for one in changed {
            self.held.last = self.held.last.max(one.version);
            self.all.retain(|known| (known.version, known.ours) != (one.version, one.ours));
            self.all.push(one);
        }
        self.held.waiting = self.all.iter().find(|one| one.waits()).cloned();
        self.held.in_force = in_force.or_else(|| self.held.in_force.take());
    }

    /// The entry's place, its version and its terms, as the partner gets them.
    fn propose(&mut self, terms: &Terms) -> (Reference, Version, Terms) {
        let message = self.held.propose(&self.name, terms, "paul").unwrap();
        let Message::AgreementProposed { version, terms, .. } = message else { panic!() };
        let place = place(&self.name, u64::from(version.get()));
        let ours = self.held.proposed(&terms, Heard { by: "paul", at: &at(), place: &place });
        self.keep((vec![ours], None));
        (place, version, terms)
    }

    fn hear(&mut self, (place, version, terms): &(Reference, Version, Terms)) {
        let entry = Heard { by: "pia", at: &at(), place };
        let changed = self.held.hear_proposal(&self.name, (*version, terms.clone()), entry);
        self.keep((changed.unwrap(), None));
    }

    fn answer(&mut self, version: Version, answer: AnswerTo) {
        let place = place(&self.name, 90);
        let theirs = self.held.theirs(version).unwrap().clone();
        self.keep(theirs.answered(answer, Heard { by: "paul", at: &at(), place: &place }));
    }

    fn hear_answer(&mut self, to: &Reference, answer: AnswerTo) {
        let place = place("theirs", 90);
        let entry = Heard { by: "pia", at: &at(), place: &place };
        let heard = self.held.hear_answer(to, answer, entry).unwrap();
        self.keep(heard);
    }

    fn in_force(&self) -> Option<Tlp> {
        self.held.in_force.as_ref().map(|held| held.terms.ceiling)
    }
}

fn decline() -> AnswerTo {
    AnswerTo::Decline { reason: "too wide".to_owned() }
}

#[test]
fn what_is_in_force_is_the_last_that_both_have_signed() {
    let (mut west, mut east) = (Side::new("west", "east"), Side::new("east", "west"));
    for (ceiling, answer, expected) in [
        (Tlp::Amber, AnswerTo::Accept, Tlp::Amber),
        (Tlp::Red, decline(), Tlp::Amber),
        (Tlp::Green, AnswerTo::Accept, Tlp::Green),
    ] {
        let proposed = west.propose(&terms(ceiling));
        east.hear(&proposed);
        // One signature changes nothing.
        assert!(west.in_force() != Some(ceiling) && east.in_force() != Some(ceiling));
        east.answer(proposed.1, answer.clone());
        west.hear_answer(&proposed.0, answer);
        assert_eq!((west.in_force(), east.in_force()), (Some(expected), Some(expected)));
    }
    assert_eq!(west.all.len(), 3);
    // An answer counts once, and only to what waits.
    let entry = Heard { by: "pia", at: &at(), place: &place("theirs", 91) };
    assert!(west.held.hear_answer(&place("west", 1), AnswerTo::Accept, entry).is_err());
}

#[test]
fn of_two_proposals_at_once_both_sides_have_the_same_one_wait() {
    let (mut west, mut east) = (Side::new("west", "east"), Side::new("east", "west"));
    let (of_west, of_east) = (west.propose(&terms(Tlp::Red)), east.propose(&terms(Tlp::Green)));
    west.hear(&of_east);
    east.hear(&of_west);
    let waits = |side: &Side| side.held.waiting.as_ref().map(|one| one.terms.ceiling);
    assert_eq!((waits(&west), waits(&east)), (Some(Tlp::Green), Some(Tlp::Green)));
    west.answer(of_east.1, AnswerTo::Accept);
    east.hear_answer(&of_east.0, AnswerTo::Accept);
    assert_eq!((west.in_force(), east.in_force()), (Some(Tlp::Green), Some(Tlp::Green)));
}

/// The loser of two that crossed would have waited for ever at a partner that did not understand the
/// other.
#[test]
fn a_proposal_that_is_not_understood_lets_the_one_that_crossed_it_wait() {
    let mut east = Side::new("east", "west");
    let ours = east.propose(&terms(Tlp::Red));
    let west_place = place("west", 1);
    east.hear(&(west_place, ours.1, terms(Tlp::Green)));
    let crossed = east.all.iter().find(|one| !one.ours).cloned();
    let waiting = east.held.waiting.clone().unwrap();
    assert!(waiting.ours && crossed.is_some());
    east.keep((heard_refusal(waiting, crossed, "what is this?"), None));
    assert!(east.held.waiting.as_ref().is_some_and(|one| !one.ours));
}

#[test]
fn a_proposal_out_of_turn_is_refused() {
    let mut west = Side::new("west", "east");
    let proposed = west.propose(&terms(Tlp::Amber));
    let again = west.held.propose(&west.name, &terms(Tlp::Red), "paul").unwrap_err();
    assert!(again.message.contains("waits for their answer"), "{again:?}");
    assert!(west.held.theirs(proposed.1).is_err());
    west.hear_answer(&proposed.0, AnswerTo::Accept);
    assert!(
        west.held.propose(&west.name, &terms(Tlp::Amber), "paul").is_err(),
        "it is in force already"
    );
    let entry = Heard { by: "pia", at: &at(), place: &place("east", 9) };
    let late = (Version(1), terms(Tlp::Red));
    assert!(west.held.hear_proposal(&west.name, late, entry).is_err());
}

#[test]
fn times_are_bounded_and_mean_the_same_on_both_sides() {
    let clocks = |immediate, expected, future, question| {
        let clocks = Some(AgreedClocks { immediate, expected, future, question });
        Terms { clocks, ..terms(Tlp::Amber) }
    };
    assert!(check(&clocks(5, 20, 600, 60)).is_ok());
    for bad in [
        clocks(0, 20, 600, 60),
        clocks(30, 20, 600, 60),
        clocks(5, 700, 600, 60),
        clocks(5, 20, 600, MAX_AGREED_MINUTES + 1),
    ] {
        assert!(check(&bad).is_err(), "{bad:?}");
    }
    let office = crate::clocks::Office::default();
    let agreed = AgreedClocks { immediate: 5, expected: 20, future: 600, question: 60 };
    let ours = agreed.over(&Clocks { future: 9, review: 77, ..Clocks::default() });
    assert_eq!((ours.future, ours.review, ours.office), (600, 77, office));
}

/// A list that could be read in two ways, or by nobody, is not signed.
#[test]
fn persons_are_of_one_of_the_two_and_named_once_and_plainly() {
    let named = |all: &[&str]| {
        let persons = all.iter().map(|one| one.parse().unwrap()).collect();
        Terms { persons, ..terms(Tlp::Red) }
    };
    let long = format!("east.example: {}", "x".repeat(101));
    assert!(
        check(&named(&["east.example: Dora Ek: +49 30 1234", "west.example: Dora Ek"])).is_ok()
    );
    for wrong in [
        &["east.example: Dora Ek", "east.example: Dora Ek: 1"][..],
        &[&long],
        &["east.example: Dora\u{7}"],
        &["east.example: Dora Ek", "eats.example: Olga Ek: +7 000"],
        &["east.example: Dora: a number that is longer than forty characters"],
    ] {
        assert!(check(&named(wrong)).is_err(), "{wrong:?}");
    }
    for bad in ["east.example", "East Example: Dora", ": Dora"] {
        assert!(bad.parse::<super::AgreedPerson>().is_err(), "{bad}");
    }
}
