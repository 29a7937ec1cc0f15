//! Items: each once, the newest version known, bytes that were changed not served.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

use forewarn_store::item::{Kept, NewIntake, NewItem};
use forewarn_store::{Db, Store};
use forewarn_taxii::filter::{Cursor, Filter, Version};

const ID: &str = "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";

fn item(version: i64, bytes: &str) -> NewItem {
    NewItem { collection: 1, id: ID.into(), version, position: 0, bytes: bytes.into() }
}

fn keep(store: &mut Store, items: &[NewItem]) -> Vec<Kept> {
    let transaction = store.begin().unwrap();
    let db = Db::within(&transaction);
    let number = db.next_intake().unwrap();
    let first = db.next_seq(1_000).unwrap();
    let kept: Vec<Kept> =
        (first..).zip(items).map(|(seq, item)| db.keep(seq, number, item).unwrap()).collect();
    let intake = NewIntake {
        id: format!("intake {number}"),
        time: "t".into(),
        actor: "ana".into(),
        source: None,
        grade: None,
        name: None,
    };
    db.close_intake(number, &intake, (first, first), &[], 0).unwrap();
    transaction.commit().unwrap();
    kept
}

fn page(store: &Store, versions: Vec<Version>) -> Vec<String> {
    let filter = Filter { versions, ..Filter::all() };
    let page = store.db().page(1, &filter).unwrap();
    page.objects.into_iter().map(|b| String::from_utf8(b).unwrap()).collect()
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
    assert_eq!(page(&store, vec![]), ["seven"]);
    assert_eq!(page(&store, vec![Version::First]), ["five"]);
    assert_eq!(page(&store, vec![Version::At(6)]), ["six"]);
    assert_eq!(page(&store, vec![Version::All]), ["five", "seven", "six"]);
}

#[test]
fn pages_follow_the_cursor_and_types_and_ids_select() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(&folder.path().join("f.sqlite")).unwrap();
    let malware = NewItem { id: ID.replace("indicator", "malware"), ..item(1, "m") };
    keep(&mut store, &[item(5, "five"), malware]);
    let mut filter = Filter { limit: 1, ..Filter::all() };
    let first = store.db().page(1, &filter).unwrap();
    assert!(first.more);
    filter.after = Cursor(first.last);
    let second = store.db().page(1, &filter).unwrap();
    assert_eq!((second.objects.len(), second.more), (1, false));
    let only = Filter { types: vec!["malware".into()], ..Filter::all() };
    assert_eq!(store.db().page(1, &only).unwrap().objects, [b"m".to_vec()]);
    let only = Filter { ids: vec![ID.into()], ..Filter::all() };
    assert_eq!(store.db().page(1, &only).unwrap().objects, [b"five".to_vec()]);
}

#[test]
fn an_item_whose_bytes_were_changed_on_disk_is_not_served() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("f.sqlite");
    let mut store = Store::open(&path).unwrap();
    keep(&mut store, &[item(5, "five")]);
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("UPDATE item SET bytes = x'66697665ff'").unwrap();
    let why = store.db().page(1, &Filter::all()).unwrap_err().to_string();
    assert!(why.contains(ID), "{why}");
}
