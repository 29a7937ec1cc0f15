//! Items: each once, the newest version known, bytes that were changed not served.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

use forewarn_exchange::actor::Actor;
use forewarn_exchange::id::CollectionNumber;
use forewarn_stix::Timestamp;
use forewarn_stix::time::Moment;
use forewarn_store::Store;
use forewarn_store::intake::{NewIntake, Part};
use forewarn_store::item::{Kept, Media, NewItem};
use forewarn_store::stamp::Stamp;
use forewarn_taxii::filter::{Cursor, Filter, VersionFilter};

const INBOX: (CollectionNumber, Media) = (CollectionNumber::new(1), Media::Stix);

fn intake() -> NewIntake {
    NewIntake {
        id: "1".into(),
        time: Timestamp::parse("2017-12-15T09:30:00Z").unwrap(),
        actor: Actor::Owner,
        collection: INBOX.0,
        source: None,
        grade: None,
        marking: None,
        name: None,
    }
}

const ID: &str = "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";

fn stamp(micros: i64) -> Stamp {
    Stamp::of(Timestamp::from_micros(micros).filter(|_| micros != 0).as_ref())
}

fn item(version: i64, bytes: &str) -> NewItem {
    NewItem::new(INBOX, ID.into(), stamp(version), 0, bytes.into())
}

fn keep(store: &mut Store, items: &[NewItem]) -> Vec<Kept> {
    let batch = store.begin().unwrap();
    let db = batch.db();
    let number = db.begin_intake(&intake()).unwrap();
    let first = db.next_seq(1_000).unwrap();
    let kept: Vec<Kept> = (first..)
        .zip(items)
        .map(|(seq, item)| db.keep(seq, number, item, |_, _| Ok(None)).unwrap())
        .collect();
    db.add_part(number, &Part { first, last: first, known: &[], refused: 0 }).unwrap();
    batch.commit().unwrap();
    kept
}

fn page(store: &Store, versions: VersionFilter) -> String {
    let filter = Filter { versions, ..Filter::all() };
    String::from_utf8(store.db().page(INBOX.0, &filter).unwrap().objects).unwrap()
}

#[test]
fn the_same_is_kept_once_and_the_same_version_with_other_bytes_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(&folder.path().join("f.sqlite")).unwrap();
    assert_eq!(keep(&mut store, &[item(5, "five")]), [Kept::Added(1_000)]);
    assert_eq!(
        keep(&mut store, &[item(5, "five"), item(5, "other"), item(7, "seven"), item(6, "six")]),
        [Kept::Known(1_000), Kept::Differs, Kept::Added(1_003), Kept::Added(1_004)]
    );
    assert_eq!(page(&store, VersionFilter::last()), "seven");
    assert_eq!(page(&store, VersionFilter { first: true, ..VersionFilter::default() }), "five");
    assert_eq!(
        page(
            &store,
            VersionFilter { times: vec![Moment::from_micros(6)], ..VersionFilter::default() }
        ),
        "six"
    );
    assert_eq!(page(&store, VersionFilter::all()), "five,seven,six");
}

#[test]
fn pages_follow_the_cursor_and_types_and_ids_select() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(&folder.path().join("f.sqlite")).unwrap();
    let malware =
        NewItem::new(INBOX, ID.replace("indicator", "malware"), stamp(1), 0, b"m".to_vec());
    keep(&mut store, &[item(5, "five"), malware]);
    let mut filter = Filter { limit: 1, ..Filter::all() };
    let first = store.db().page(INBOX.0, &filter).unwrap();
    filter.after = Cursor(first.place.next.unwrap());
    let second = store.db().page(INBOX.0, &filter).unwrap();
    assert_eq!((second.count, second.place.next), (1, None));
    let only = Filter { types: vec!["malware".into()], ..Filter::all() };
    assert_eq!(store.db().page(INBOX.0, &only).unwrap().objects, b"m");
    let only = Filter { ids: vec![ID.into()], ..Filter::all() };
    assert_eq!(store.db().page(INBOX.0, &only).unwrap().objects, b"five");
}

#[test]
fn an_item_whose_bytes_were_changed_on_disk_is_not_served() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("f.sqlite");
    let mut store = Store::open(&path).unwrap();
    keep(&mut store, &[item(5, "five")]);
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("UPDATE content SET bytes = x'66697665ff'").unwrap();
    let why = store.db().page(INBOX.0, &Filter::all()).unwrap_err().to_string();
    assert!(why.contains(ID), "{why}");
}

#[test]
fn every_id_is_found_while_ids_settle_and_after_the_file_was_opened_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("f.sqlite");
    // A commit of 150 lets 300 settle: a thousand take several commits.
    let mut store = Store::open_settling(&path, 1_000).unwrap();
    let id = |n: usize| format!("indicator--8e2e2d2b-17d4-4cbf-938f-{n:012x}");
    for round in 0..12 {
        if round % 5 == 4 {
            drop(store);
            store = Store::open_settling(&path, 1_000).unwrap();
        }
        let readers = store.readers();
        let new: Vec<NewItem> = (round * 150..round * 150 + 150)
            .map(|n| NewItem::new(INBOX, id(n), stamp(1), 0, vec![b'x']))
            .collect();
        // A reader whose snapshot is older than what settles meanwhile finds what it should.
        let count = |db: &forewarn_store::Db<'_>| {
            (0..2_000).filter(|n| db.has_object(INBOX.0, &id(*n)).unwrap()).count()
        };
        let before = readers
            .read(|db| -> Result<_, forewarn_store::StoreError> {
                assert_eq!(count(&db), round * 150);
                keep(&mut store, &new);
                Ok(count(&db))
            })
            .unwrap();
        assert_eq!(before, round * 150, "round {round}");
        let again = keep(&mut store, &new);
        assert!(again.iter().all(|kept| matches!(kept, Kept::Known(_))), "round {round}");
        assert_eq!(count(&store.db()), (round + 1) * 150);
    }
}

#[test]
fn a_collection_keeps_its_number_whatever_the_order_of_the_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(&folder.path().join("f.sqlite")).unwrap();
    let batch = store.begin().unwrap();
    let db = batch.db();
    let numbers = |ids: [&str; 3]| {
        let [first, second, outlet] = ids;
        (
            db.number_of_inlet(first).unwrap().get(),
            db.number_of_inlet(second).unwrap().get(),
            db.number_of_outlet(outlet).unwrap().get(),
        )
    };
    assert_eq!(numbers(["a", "b", "o"]), (1, 2, -1));
    assert_eq!(numbers(["b", "a", "p"]), (2, 1, -2));
}

#[test]
fn what_is_written_while_ids_are_still_read_at_the_start_loses_none_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("f.sqlite");
    let id = |n: usize| format!("indicator--8e2e2d2b-17d4-4cbf-938f-{n:012x}");
    let some = |from: usize| {
        let numbers = from..from + 5_000;
        numbers.map(|n| NewItem::new(INBOX, id(n), stamp(1), 0, vec![b'x'])).collect::<Vec<_>>()
    };
    let mut store = Store::open_settling(&path, 1 << 20).unwrap();
    for part in 0..4 {
        keep(&mut store, &some(part * 5_000));
    }
    drop(store);
    // Enough wait to settle long before all of them are read.
    let mut store = Store::open_settling(&path, 100).unwrap();
    for _ in 0..2_000 {
        drop(store.begin().unwrap());
    }
    keep(&mut store, &some(20_000));
    drop(store);
    let store = Store::open_settling(&path, 1 << 20).unwrap();
    let lost = (0..25_000).filter(|n| !store.db().has_object(INBOX.0, &id(*n)).unwrap()).count();
    assert_eq!(lost, 0);
}

/// Versions within one microsecond were once confused, and the later one lost.
#[test]
fn versions_a_nanosecond_apart_are_two_and_stand_in_their_order() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(&folder.path().join("db")).unwrap();
    let times = [
        "2026-01-02T03:04:05.123456789Z",
        "2026-01-02T03:04:05.123456999Z",
        "2026-01-02T03:04:05.123456788Z",
        "1970-01-01T00:00:00.000Z",
        "2016-12-31T23:59:60.25Z",
        "9999-12-31T23:59:59.999Z",
        "9999-12-31T22:00:01Z",
    ];
    let items: Vec<NewItem> = times
        .iter()
        .map(|time| {
            let stamp = Stamp::of(Timestamp::parse(time).ok().as_ref());
            NewItem::new(INBOX, ID.into(), stamp, 0, (*time).into())
        })
        .collect();
    let kept = keep(&mut store, &items);
    assert!(kept.iter().all(|kept| matches!(kept, Kept::Added(_))), "{kept:?}");
    let again = keep(&mut store, &items);
    assert!(again.iter().all(|kept| matches!(kept, Kept::Known(_))), "{again:?}");
    assert_eq!(page(&store, VersionFilter::last()), times[5]);
    let first = VersionFilter { first: true, ..VersionFilter::default() };
    assert_eq!(page(&store, first), times[3]);
    for time in times {
        let moment = Timestamp::parse(time).unwrap().moment();
        let one = VersionFilter { times: vec![moment], ..VersionFilter::default() };
        assert_eq!(page(&store, one.clone()), time);
        let filter = Filter { versions: one, ids: vec![ID.into()], ..Filter::all() };
        let (listed, _) = store.db().manifest(INBOX.0, &filter).unwrap();
        let listed: Vec<_> = listed.into_iter().map(|one| one.version).collect();
        assert_eq!(listed, [time]);
    }
}
