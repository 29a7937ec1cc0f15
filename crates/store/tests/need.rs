//! What needs somebody is found in the time of what does, whatever else has piled up.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

use forewarn_exchange::case::{Case, Outgoing};
use forewarn_exchange::id::CaseNumber;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::scale::{Clocks, Status, Urgency};
use forewarn_stix::Timestamp;
use forewarn_store::Store;
use forewarn_store::sight::Sight;
use std::time::{Duration, Instant};

/// What a desk may have open.
const OPEN: i64 = 1_000;
/// What was done over the years.
const DONE: i64 = 20_000;
/// A reading of what is open takes so long at most. Unoptimised builds, as of most tests, have
/// more.
const LIMIT: Duration = Duration::from_millis(if cfg!(debug_assertions) { 200 } else { 20 });

fn at(minute: i64) -> Timestamp {
    Timestamp::parse("2017-12-15T09:30:00Z").unwrap().plus_minutes(minute)
}

fn case(number: i64) -> Case {
    let partner = NodeName::parse("east.example").unwrap();
    let status = if number % 2 == 0 { Status::Exercise } else { Status::Actual };
    let number = CaseNumber::new(number);
    // The higher the number, the earlier it is due.
    let opened = at(100_000 - number.get());
    Case::open(number, &partner, 1, (Urgency::Expected, status), &opened, &Clocks::default())
}

fn add(store: &mut Store, cases: impl Iterator<Item = Case>) {
    let batch = store.begin().unwrap();
    for case in cases {
        batch.db().set_case(&case).unwrap();
        batch.db().set_outgoing(case.number, &Outgoing::Nothing).unwrap();
    }
    batch.commit().unwrap();
}

fn fastest(store: &Store) -> Duration {
    let read = || {
        let start = Instant::now();
        let found = store.db().cases_in_need(&Sight::all(), &at(0), 1_000).unwrap();
        assert_eq!(found.len(), 1_000);
        start.elapsed()
    };
    (0..5).map(|_| read()).min().unwrap()
}

#[test]
fn a_thousand_open_cases_among_those_that_are_done_are_read_at_once_and_in_their_order() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(&folder.path().join("forewarn.sqlite")).unwrap();
    add(&mut store, (1..=OPEN).map(case));
    let before = fastest(&store);
    add(
        &mut store,
        (OPEN + 1..=OPEN + DONE).map(|number| {
            let case = case(number);
            Case { clock: case.clock.clone().stop(), ..case }
        }),
    );
    let after = fastest(&store);
    println!("{OPEN} open cases: {before:?}; beside {DONE} that are done: {after:?}");
    assert!(after < LIMIT, "{after:?}");
    // What is meant first, then what is due first, though fewer are asked for than there are.
    let first = store.db().cases_in_need(&Sight::all(), &at(0), 2).unwrap();
    let numbers: Vec<i64> = first.iter().map(|(case, _)| case.number.get()).collect();
    assert_eq!(numbers, [999, 997]);
}

/// A case went from the map when its clock had run out: the moment that it mattered most.
#[test]
fn a_case_stands_when_its_clock_has_run_out_and_others_do_not_take_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(&folder.path().join("forewarn.sqlite")).unwrap();
    add(&mut store, (1..=5).map(case));
    let mut late = store.db().case(CaseNumber::new(3)).unwrap().unwrap();
    late.clock = late.clock.run_out(&at(200_000)).unwrap();
    add(&mut store, std::iter::once(late));
    let numbers = |most: usize| -> Vec<i64> {
        let found = store.db().cases_that_stand(&Sight::all(), (most, 100)).unwrap();
        found.iter().map(|case| case.number.get()).collect()
    };
    assert_eq!(numbers(10), [5, 4, 2, 1, 3]);
    assert_eq!(numbers(2), [5, 4]);
}
