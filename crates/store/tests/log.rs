//! The logs' tables: what is appended is proven, what is changed is noticed.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first thing that is not as it should be"
)]

use forewarn_store::log::{Held, LogRow};
use forewarn_store::{Store, StoreError};
use forewarn_transcript::batch::Carried;
use forewarn_transcript::{Disclosure, Hash, tree};

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
    bend(&format!("DELETE FROM entry WHERE key = {}", at(3)));
    let why = store.db().check_log(&log).unwrap_err().to_string();
    assert!(why.contains("entry 3"), "{why}");
}

/// All that is served or signed of a log, read through the same functions.
fn all(path: &std::path::Path, most: u64) -> Result<String, String> {
    let store = Store::open(path).map_err(|e| e.to_string())?;
    let db = store.db();
    let mut out = String::new();
    let mut read = || {
        let logs = db.logs()?;
        let log = db.log("a.example/forewarn/x")?;
        let log =
            log.ok_or_else(|| StoreError::Damaged { what: "log".into(), why: "gone".into() })?;
        db.check_log(&log)?;
        let entries = db.entries(&log, 0, 1_000, usize::MAX)?;
        let receipts = (0..=most).map(|n| db.receipt(&log, n)).collect::<Result<Vec<_>, _>>()?;
        let subject = db.entries_of("case-1".parse().unwrap())?;
        out = format!("{logs:?} {entries:?} {receipts:?} {subject:?} {}", db.root(&log, most)?);
        Ok::<_, StoreError>(())
    };
    read().map_err(|e| e.to_string())?;
    Ok(out)
}

/// A log with everything that a row may hold.
fn rich(path: &std::path::Path) -> LogRow {
    let mut store = Store::open(path).unwrap();
    let mut log = filled(&mut store, 9);
    let batch = store.begin().unwrap();
    let db = batch.db();
    let disclosure = Disclosure::new([7; 16], "title", &"x".into());
    let held = Held {
        index: 9,
        carried: Carried { leaf: "{\"n\":9}".into(), disclosures: vec![disclosure.clone()] },
        withheld: vec![disclosure],
        subject: Some("case-1".parse().unwrap()),
        refused: Some("why".into()),
    };
    db.append(&mut log, &held).unwrap();
    db.file_entry(&log, 4, "case-1".parse().unwrap()).unwrap();
    db.refuse_entry(&log, 5, Some("not understood")).unwrap();
    db.add_receipt(&mut log, 4, "a note").unwrap();
    db.add_receipt(&mut log, 10, "another note").unwrap();
    batch.commit().unwrap();
    log
}

#[test]
fn a_flipped_bit_in_any_column_of_a_log_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("f.sqlite");
    rich(&path);
    let good = all(&path, 10).unwrap();
    rusqlite::Connection::open(&path)
        .unwrap()
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .unwrap();
    let columns = [
        ("log", "number name partner ours size receipts seal"),
        ("entry", "key hashes leaf disclosures withheld subject refused seal"),
        ("receipt", "log size note seal"),
    ];
    let mut noticed = 0;
    for (table, columns) in columns {
        for column in columns.split(' ') {
            for row in 0..10 {
                for bit in [0, 3] {
                    let copy = folder.path().join("bent.sqlite");
                    std::fs::copy(&path, &copy).unwrap();
                    if !flip(&copy, (table, column, row), bit) {
                        continue;
                    }
                    // A flag of 9 is still a flag that is set: what is read is the same.
                    let read = all(&copy, 10);
                    let unseen = read == Ok(good.clone());
                    assert!(
                        read.is_err() || unseen,
                        "{table}.{column}, row {row}, bit {bit}: {read:?}"
                    );
                    noticed += usize::from(!unseen);
                }
            }
            assert_eq!(all(&path, 10), Ok(good.clone()));
        }
    }
    assert!(noticed > 100, "{noticed} flips");
}

/// Flips a bit in a value; whether there is such a value, and the row may have the new one.
fn flip(path: &std::path::Path, (table, column, row): (&str, &str, i64), bit: u32) -> bool {
    use rusqlite::types::Value;
    let file = rusqlite::Connection::open(path).unwrap();
    let sql = format!("SELECT {column} FROM {table} ORDER BY 1 LIMIT 1 OFFSET {row}");
    let Ok(value) = file.query_row(&sql, [], |row| row.get::<_, Value>(0)) else { return false };
    let bend = |bytes: &[u8]| {
        let mut bytes = bytes.to_vec();
        let at = bytes.len() * 2 / 3;
        bytes[at] ^= 1 << bit;
        bytes
    };
    let bent = match &value {
        Value::Integer(n) => Value::Integer(n ^ (1 << bit)),
        Value::Text(text) => Value::Text(String::from_utf8(bend(text.as_bytes())).unwrap()),
        Value::Blob(bytes) => Value::Blob(bend(bytes)),
        _ => return false,
    };
    let set = format!("UPDATE {table} SET {column} = ?1 WHERE {column} = ?2");
    file.execute(&set, [bent, value]).is_ok_and(|changed| changed > 0)
}

/// Bytes of the file itself, wherever they stand: what is read is what was written, or an error.
#[test]
fn a_flipped_bit_anywhere_in_the_file_is_noticed_or_changes_nothing_that_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("f.sqlite");
    rich(&path);
    let good = all(&path, 10).unwrap();
    rusqlite::Connection::open(&path)
        .unwrap()
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .unwrap();
    let bytes = std::fs::read(&path).unwrap();
    let bent_path = folder.path().join("bent.sqlite");
    let mut noticed = 0;
    for at in (0..bytes.len()).filter(|at| bytes[*at] != 0).step_by(7) {
        let mut bent = bytes.clone();
        bent[at] ^= 1 << (at % 8);
        std::fs::write(&bent_path, &bent).unwrap();
        for end in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(folder.path().join(format!("bent.sqlite{end}")));
        }
        match all(&bent_path, 10) {
            Ok(read) => assert_eq!(read, good, "byte {at}"),
            Err(_) => noticed += 1,
        }
    }
    assert!(noticed > 100, "{noticed}");
}

/// By an index of its own: the log is not read.
#[test]
fn opening_an_old_entry_reads_what_may_answer_it_and_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(&folder.path().join("f.sqlite")).unwrap();
    let log = filled(&mut store, 50);
    let batch = store.begin().unwrap();
    let mut other = batch.db().add_log("c.example/forewarn/y", "c.example", false).unwrap();
    for n in 0..30 {
        batch.db().append(&mut other, &held(n)).unwrap();
    }
    for index in [3, 7, 20, 49] {
        batch.db().refuse_entry(&log, index, Some("it answers nothing")).unwrap();
    }
    batch.db().refuse_entry(&other, 8, Some("it answers nothing")).unwrap();
    batch.commit().unwrap();
    let db = store.db();
    assert_eq!(db.refused_between(&log, 5..49, 10).unwrap(), [7, 20]);
    assert_eq!(db.refused_between(&log, 0..50, 2).unwrap(), [3, 7]);
    assert_eq!(db.refused_between(&other, 0..30, 10).unwrap(), [8]);
}
