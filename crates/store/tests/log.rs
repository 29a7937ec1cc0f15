//! The logs' tables: what is appended is proven, what is changed is noticed.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

use forewarn_store::Store;
use forewarn_store::log::{Held, LogRow};
use forewarn_transcript::batch::Carried;
use forewarn_transcript::{Hash, tree};

fn held(n: u64) -> Held {
    let carried = Carried { leaf: format!("{{\"n\":{n}}}"), disclosures: vec![] };
    Held { index: n, carried, withheld: vec![], subject: None, refused: None }
}

fn filled(store: &mut Store, entries: u64) -> LogRow {
    let batch = store.begin().unwrap();
    let db = batch.db();
    let mut log = db.add_log("a.example/forewarn/x", "b.example", true).unwrap();
    for n in 0..entries {
        db.append(&mut log, &held(n)).unwrap();
    }
    batch.commit().unwrap();
    log
}

#[test]
fn roots_and_proofs_come_from_what_is_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(&folder.path().join("f.sqlite")).unwrap();
    let log = filled(&mut store, 37);
    let db = store.db();
    let root = db.root(&log, 37).unwrap();
    for index in 0..37 {
        let path = db.inclusion(&log, index, 37).unwrap();
        let leaf = Hash::leaf(format!("{{\"n\":{index}}}").as_bytes());
        assert_eq!(tree::verify_inclusion(index, 37, leaf, &path, root), Ok(()));
    }
    let more: Vec<Hash> =
        (37..50).map(|n| Hash::leaf(format!("{{\"n\":{n}}}").as_bytes())).collect();
    let with = db.grown(&log, 37, &more).unwrap().root(50).unwrap();
    let mut other = Store::open(&folder.path().join("g.sqlite")).unwrap();
    let longer = filled(&mut other, 50);
    assert_eq!(with, other.db().root(&longer, 50).unwrap());
    assert!(db.check_log(&log).is_ok());
}

#[test]
fn a_changed_leaf_or_hash_is_noticed_and_said_where() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("f.sqlite");
    let mut store = Store::open(&path).unwrap();
    let log = filled(&mut store, 9);
    let bend = |sql: &str| {
        rusqlite::Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    };
    let at = |index: u64| (log.number << 40) + i64::try_from(index).unwrap();
    bend(&format!("UPDATE entry SET leaf = '{{\"n\":70}}' WHERE key = {}", at(7)));
    let why = store.db().check_log(&log).unwrap_err().to_string();
    assert!(why.contains("entry 7 of a.example"), "{why}");
    bend(&format!("UPDATE entry SET leaf = '{{\"n\":7}}' WHERE key = {}", at(7)));
    store.db().check_log(&log).unwrap();
    bend(&format!(
        "UPDATE entry SET hashes = CAST(substr(hashes,1,32) || x'{:0>64}' || substr(hashes,65) AS BLOB) WHERE key = {}",
        1,
        at(7)
    ));
    let why = store.db().check_log(&log).unwrap_err().to_string();
    assert!(why.contains("inner hash"), "{why}");
    bend(&format!("DELETE FROM entry WHERE key = {}", at(3)));
    let why = store.db().check_log(&log).unwrap_err().to_string();
    assert!(why.contains("entry 3"), "{why}");
}
