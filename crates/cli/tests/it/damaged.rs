//! Files of a node that are not as they were written: noticed, whatever was done to them.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test helpers fail by panic")]

use forewarn_testkit::{Node, Pair};
use std::path::Path;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

fn used() -> Pair {
    let pair = Pair::start(PROGRAM);
    let case = pair.case("A report.");
    pair.draft(&case, "Planned bombing", "A bombing is planned.");
    pair.west.release("otto", &case);
    pair.receipted(&case);
    pair.equal();
    pair
}

/// What `doctor` says; `None` when it is content.
fn complaint(node: &Node) -> Option<String> {
    let output = node.run(&["doctor"]);
    let words = String::from_utf8(output.stdout).unwrap();
    let wrong = words.lines().find(|line| line.starts_with("WRONG")).map(str::to_owned);
    assert_eq!(wrong.is_none(), output.status.success(), "{words}");
    wrong
}

/// Changes made to the lines of a file, each of which must be noticed.
fn damages(good: &str) -> Vec<(&'static str, String)> {
    let lines: Vec<&str> = good.split_inclusive('\n').collect();
    let without = |at: usize| {
        let mut lines = lines.clone();
        lines.remove(at);
        lines.concat()
    };
    let flipped = |at: usize| {
        let mut bytes = good.as_bytes().to_vec();
        bytes[at] = if bytes[at] == b'1' { b'2' } else { b'1' };
        String::from_utf8(bytes).unwrap()
    };
    let cut: String = good.chars().take(good.len() - 7).collect();
    vec![
        ("emptied", String::new()),
        ("no first line", without(0)),
        ("no second line", without(1)),
        ("no last line", without(lines.len() - 1)),
        ("cut off", cut),
        ("a digit of the first row", flipped(lines[0].len())),
        ("a byte of the first row", flipped(lines[0].len() + 9)),
        ("a byte near the end", flipped(good.len() - 2)),
        ("a row twice", good.to_owned() + lines.last().unwrap()),
        ("junk", good.to_owned() + "junk\n"),
        ("nothing but a line feed", "\n".to_owned()),
    ]
}

/// 18 of 21 damages of the signer's memory, and 4 of 8 of the keys, once passed `doctor`.
#[test]
fn no_damage_to_the_signer_s_memory_or_keys_passes_doctor() {
    let mut pair = used();
    pair.west.stop();
    assert_eq!(complaint(&pair.west), None);
    for name in ["signed.log", "node.key"] {
        let path = pair.west.home().join(name);
        let good = std::fs::read_to_string(&path).unwrap();
        for (what, bad) in damages(&good) {
            write(&path, &bad);
            assert!(complaint(&pair.west).is_some(), "{name}: {what}: {bad}");
        }
        write(&path, &good);
    }
    std::fs::rename(pair.west.home().join("signed.log"), pair.west.file("away")).unwrap();
    assert!(complaint(&pair.west).unwrap().contains("signed.log` was lost"));
    std::fs::rename(pair.west.file("away"), pair.west.home().join("signed.log")).unwrap();
    assert_eq!(complaint(&pair.west), None);
    pair.west.start();
    pair.equal();
}

/// Keeps the file's mode.
fn write(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap();
}

#[test]
fn another_node_s_keys_are_refused_and_files_without_seals_are_sealed() {
    let mut pair = used();
    pair.west.stop();
    pair.east.stop();
    let (ours, theirs) = (pair.west.home().join("node.key"), pair.east.home().join("node.key"));
    let good = std::fs::read_to_string(&ours).unwrap();
    write(&ours, &std::fs::read_to_string(theirs).unwrap());
    assert!(complaint(&pair.west).is_some());
    let words = pair.west.run(&["serve"]);
    assert_eq!(words.status.code(), Some(3));
    let words = String::from_utf8(words.stderr).unwrap();
    assert!(words.contains("which no channel of this node knows"), "{words}");
    write(&ours, &good);
    // Files from before there were seals are good, and sealed by the next start.
    let path = pair.west.home().join("signed.log");
    let sealed = std::fs::read_to_string(&path).unwrap();
    let row = |line: &str| line.rsplit_once(' ').unwrap().0.to_owned() + "\n";
    write(&path, &sealed.lines().skip(1).map(row).collect::<String>());
    assert_eq!(complaint(&pair.west), None);
    pair.west.start();
    pair.east.start();
    pair.equal();
    assert!(std::fs::read_to_string(&path).unwrap().starts_with("forewarn-signed/1\n"));
}

/// A start that fails leaves all files as they were.
#[test]
fn a_start_at_an_address_that_is_taken_changes_nothing() {
    let mut pair = used();
    pair.west.stop();
    let _taken = std::net::TcpListener::bind(&pair.west.address).unwrap();
    let read = || {
        let all = std::fs::read_dir(pair.west.home()).unwrap().flatten();
        let mut all: Vec<_> = all
            .filter(|entry| entry.file_type().unwrap().is_file())
            .map(|entry| (entry.path(), std::fs::read(entry.path()).unwrap()))
            .collect();
        all.sort();
        all
    };
    let before = read();
    let output = pair.west.run(&["serve"]);
    assert_eq!(output.status.code(), Some(3));
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(words.contains("cannot listen on") && words.contains("nothing was changed"), "{words}");
    assert!(read() == before);
}

/// Eleven broken databases once passed `doctor`.
#[test]
fn no_broken_database_passes_doctor() {
    let mut pair = used();
    pair.west.by("ana", &["intake", &pair.west.write("b.txt", "Another report.")]);
    pair.west.stop();
    let path = pair.west.home().join("forewarn.sqlite");
    let open = || rusqlite::Connection::open(&path).unwrap();
    open().execute_batch("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE").unwrap();
    open().execute_batch("PRAGMA journal_mode = WAL").unwrap();
    let good = std::fs::read(&path).unwrap();
    assert_eq!(complaint(&pair.west), None);
    let page = 16 << 10;
    let bytes: [(&str, Vec<u8>); 6] = [
        ("emptied", Vec::new()),
        ("cut in half", good[..good.len() / 2 / page * page].to_vec()),
        ("without its last page", good[..good.len() - page].to_vec()),
        ("cut within a page", good[..good.len() - 100].to_vec()),
        ("a page of zeros", {
            let mut bad = good.clone();
            bad[3 * page..4 * page].fill(0);
            bad
        }),
        ("another file", b"This is a letter, and no database. ".repeat(1_000)),
    ];
    for (what, bad) in bytes {
        std::fs::write(&path, bad).unwrap();
        let _ = std::fs::remove_file(pair.west.home().join("forewarn.sqlite-wal"));
        let _ = std::fs::remove_file(pair.west.home().join("forewarn.sqlite-shm"));
        assert!(complaint(&pair.west).is_some(), "{what}");
    }
    let changes = [
        "DROP TABLE thanks",
        "DROP TABLE withheld",
        "DROP INDEX item_page",
        "DROP INDEX entry_subject",
        "CREATE TABLE foreign_one (x)",
        "PRAGMA user_version = 3",
        "PRAGMA user_version = 99",
        "PRAGMA user_version = 0",
        "DELETE FROM content WHERE seq = (SELECT max(seq) FROM content)",
        "UPDATE content SET bytes = x'00' WHERE seq = (SELECT max(seq) FROM content)",
        "DELETE FROM intake",
        "DELETE FROM partner",
        "DELETE FROM journal WHERE idx = 3",
        "DELETE FROM receipt",
        "DELETE FROM entry WHERE key = (SELECT max(key) FROM entry)",
        "DELETE FROM duty",
        "UPDATE partner SET state = '{}'",
        "UPDATE duty SET state = '{}'",
        "INSERT INTO taken (need, state) VALUES ('finding case-1', 'x')",
        "INSERT INTO setting (name, state) VALUES ('telling', '{\"rota\":1}')",
        "UPDATE journal SET act = 'x' WHERE idx = 2",
        "UPDATE log SET size = size + 1",
        "INSERT INTO entry (key, hashes, leaf, disclosures, seal) VALUES (9 << 40, x'', 'x', '[]', x'')",
        "INSERT INTO token (digest, user) VALUES (x'00', 'nobody')",
        "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'NOT NULL', '') \
         WHERE name = 'user'",
        "DELETE FROM setting",
    ];
    for change in changes {
        std::fs::write(&path, &good).unwrap();
        let file = open();
        file.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
        file.execute_batch(change).unwrap();
        drop(file);
        assert!(complaint(&pair.west).is_some(), "{change}");
    }
    std::fs::write(&path, &good).unwrap();
    assert_eq!(complaint(&pair.west), None);
}
