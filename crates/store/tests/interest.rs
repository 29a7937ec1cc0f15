//! Interests of partners: who has which, what has changed, and what met them.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

use forewarn_exchange::id::CaseNumber;
use forewarn_exchange::scale::Urgency;
use forewarn_matching::Match;
use forewarn_matching::interest::ownership::{How, Ownership};
use forewarn_matching::interest::{Clause, Interest};
use forewarn_stix::Timestamp;
use forewarn_store::interest::{Extent, Order};
use forewarn_store::{Db, Store};

fn with_db(work: impl FnOnce(&Db<'_>)) {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(&folder.path().join("store.sqlite")).unwrap();
    let batch = store.begin().unwrap();
    work(&batch.db());
}

fn interest(id: &str, country: &str) -> Interest {
    let clause = Clause::Country(country.into()).into();
    let interest = Interest::of("x", Urgency::Future, vec![clause]);
    Interest { id: id.to_owned(), ..interest }.checked().unwrap()
}

fn found(partner: &str, interest: &str) -> Match {
    Match {
        partner: partner.to_owned(),
        interest: interest.to_owned(),
        label: "x".to_owned(),
        urgency: Urgency::Future,
        strength: 60,
        why: Vec::new(),
    }
}

/// A partner chooses the ids of its interests: it could choose another's, to hide what meets that.
#[test]
fn a_match_of_one_partner_does_not_hide_another_s_of_the_same_id() {
    with_db(|db| {
        for partner in ["east", "south"] {
            db.set_interest(partner, false, &interest("interest--1", "RU")).unwrap();
        }
        db.add_match(5, CaseNumber::new(1), &found("south", "interest--1"), "now").unwrap();
        assert!(db.has_match(5, "south", "interest--1").unwrap());
        assert!(!db.has_match(5, "east", "interest--1").unwrap());
        db.add_match(5, CaseNumber::new(2), &found("east", "interest--1"), "now").unwrap();
        assert_eq!(db.matches_of_case(CaseNumber::new(2)).unwrap().len(), 1);
        let counts: Vec<i64> = db
            .interests(None, Order::Most, 0, 9, &forewarn_store::sight::Sight::all())
            .unwrap()
            .iter()
            .map(|one| one.matches)
            .collect();
        assert_eq!(counts, [1, 1]);
    });
}

#[test]
fn what_has_changed_is_told_once_and_in_order() {
    with_db(|db| {
        db.set_interest("east", false, &interest("interest--1", "RU")).unwrap();
        db.set_interest("east", false, &interest("interest--2", "UA")).unwrap();
        db.set_interest("west", true, &interest("interest--3", "FR")).unwrap();
        db.set_interest("east", false, &interest("interest--1", "DE")).unwrap();
        db.remove_interest("east", false, "interest--2").unwrap();
        let changes = db.interest_changes_since(0, db.interest_changes().unwrap(), 9).unwrap();
        let told: Vec<(i64, &str, bool)> = changes
            .iter()
            .map(|one| (one.change, one.id.as_str(), one.interest.is_some()))
            .collect();
        assert_eq!(told, [(4, "interest--1", true), (5, "interest--2", false)]);
        assert_eq!(db.interest_stands("east", "interest--1").unwrap().unwrap().change, 4);
        assert!(db.interest_stands("east", "interest--2").unwrap().is_none());
    });
}

#[test]
fn what_is_registered_is_counted_through_every_change() {
    with_db(|db| {
        let mut wide = interest("interest--1", "RU");
        let pattern = "[file:name LIKE 'a%']".to_owned();
        wide.any.push(Clause::Pattern(pattern).into());
        db.set_interest("east", false, &wide).unwrap();
        db.set_interest("east", false, &interest("interest--2", "UA")).unwrap();
        let extent =
            |interests, weight, broad| Extent { interests, weight, patterns: broad, broad };
        assert_eq!(db.interest_extent("east", false).unwrap(), extent(2, 6, 1));
        db.set_interest("east", false, &interest("interest--1", "RU")).unwrap();
        assert_eq!(db.interest_extent("east", false).unwrap(), extent(2, 4, 0));
        db.remove_interest("east", false, "interest--1").unwrap();
        db.remove_interest("east", false, "interest--1").unwrap();
        assert_eq!(db.interest_extent("east", false).unwrap(), extent(1, 2, 0));
    });
}

#[test]
fn a_withdrawn_interest_that_comes_again_is_claimed_anew() {
    with_db(|db| {
        let one = interest("interest--1", "RU");
        db.set_interest("east", false, &one).unwrap();
        let at = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
        let seen = Ownership::Confirmed {
            by: "paul".into(),
            how: How::RegistryContact,
            at,
            note: "RIPE".into(),
        };
        db.set_ownership("east", "interest--1", &seen).unwrap();
        db.set_interest("east", false, &one).unwrap();
        assert_eq!(db.interest("east", false, "interest--1").unwrap().unwrap().ownership, seen);
        db.remove_interest("east", false, "interest--1").unwrap();
        db.set_interest("east", false, &one).unwrap();
        let known = db.interest("east", false, "interest--1").unwrap().unwrap();
        assert_eq!(known.ownership, Ownership::Claimed);
    });
}
