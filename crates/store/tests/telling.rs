//! Messages that are to be sent, and notifiers that fail.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

use forewarn_exchange::name::UserName;
use forewarn_exchange::telling::{Delivery, Fate, Means, Tried};
use forewarn_stix::Timestamp;
use forewarn_store::Store;

fn at(minute: i64) -> Timestamp {
    Timestamp::parse("2017-12-15T09:30:00Z").unwrap().plus_minutes(minute)
}

fn delivery(notifier: &str, number: usize, next: &Timestamp) -> Delivery {
    Delivery {
        id: format!("delivery--{notifier}-{number}"),
        person: UserName::parse("dora").unwrap(),
        means: Means { notifier: notifier.to_owned(), address: None },
        by: "step 1".to_owned(),
        at: at(0),
        needs: Vec::new(),
        fate: Fate::Waiting { tries: 0, next: next.clone(), why: None },
    }
}

/// A mail server that was down once kept back what was to go by every other means.
#[test]
fn a_notifier_that_fails_holds_up_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(&folder.path().join("forewarn.sqlite")).unwrap();
    let batch = store.begin().unwrap();
    for number in 0..200 {
        // Half of them wait for their next try.
        let next = at(if number % 2 == 0 { 0 } else { 60 });
        batch.db().add_delivery(&delivery("mail", number, &next)).unwrap();
    }
    batch.db().add_delivery(&delivery("hook", 0, &at(0))).unwrap();
    batch.commit().unwrap();
    let due = store.db().due_deliveries(&at(1), 16).unwrap();
    let of = |notifier: &str| due.iter().filter(|one| one.means.notifier == notifier).count();
    assert_eq!((of("mail"), of("hook")), (16, 1));
    assert!(store.db().delivery_waits().unwrap());
}

#[test]
fn a_notifier_fails_since_the_last_message_that_went_well() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(&folder.path().join("forewarn.sqlite")).unwrap();
    let batch = store.begin().unwrap();
    for (number, came) in [
        (0, Tried::Failed { why: "long ago".to_owned() }),
        (1, Tried::Sent {}),
        (2, Tried::Failed { why: "first".to_owned() }),
        (3, Tried::Failed { why: "last".to_owned() }),
    ] {
        let at = at(i64::try_from(number).unwrap());
        let one = Delivery { at: at.clone(), ..delivery("mail", number, &at) };
        batch.db().add_delivery(&one).unwrap();
        batch.db().set_delivery(&one.tried(came, &at)).unwrap();
    }
    batch.commit().unwrap();
    let fails = store.db().notifier_fails("mail").unwrap();
    assert_eq!(fails, Some((at(2), "last".to_owned())));
    assert_eq!(store.db().notifier_fails("hook").unwrap(), None);
}
