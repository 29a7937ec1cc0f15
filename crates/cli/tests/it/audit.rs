//! The audit stream: what was done stands in it, and no word of what it was about; whatever is changed is found.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first thing that is not as it should be"
)]

use crate::erased::files_with;
use forewarn_testkit::desk::{PASSWORD, give_password};
use forewarn_testkit::{Desk, Node, Pair, pause, until};
use serde_json::Value;
use std::collections::BTreeSet;
use std::os::unix::net::UnixDatagram;
use std::path::PathBuf;
use std::time::Duration;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

/// A stream in a folder beside the node's, from the next start on.
fn audited(node: &mut Node, more: &str) {
    let folder = node.file("audit");
    std::fs::create_dir_all(&folder).unwrap();
    node.stop();
    node.configure(&format!("[audit]\nfolder = \"{}\"\n{more}", folder.display()));
    node.start();
}

fn files(node: &Node) -> Vec<String> {
    let entries = std::fs::read_dir(node.file("audit")).unwrap();
    let mut all: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    all.retain(|path| path.extension().is_some_and(|end| end == "jsonl"));
    all.sort();
    all.iter().map(|path| path.display().to_string()).collect()
}

fn verify<'f>(files: &'f [String], more: &[&'f str]) -> Vec<&'f str> {
    let files = files.iter().map(String::as_str);
    ["audit", "verify"].into_iter().chain(files).chain(more.iter().copied()).collect()
}

/// Every line of the stream, once it has caught up with the journal.
fn lines(node: &Node) -> Vec<Value> {
    until("the whole stream", || {
        let status = node.get("/api/v1/status");
        let followers = status["followers"].as_array().unwrap();
        let audit = followers.iter().find(|one| one["name"] == "audit").unwrap();
        (audit["behind"] == 0).then_some(())
    });
    let all = files(node).into_iter().flat_map(|path| {
        let text = std::fs::read_to_string(path).unwrap();
        text.lines().skip(1).map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>()
    });
    all.collect()
}

fn find<'l>(lines: &'l [Value], did: &str) -> &'l Value {
    let found = lines.iter().find(|line| line["did"] == did);
    assert!(found.is_some(), "no {did}");
    found.unwrap()
}

#[test]
fn what_was_done_stands_in_the_stream_without_a_word_of_what_it_was_about() {
    let mut pair = Pair::start(PROGRAM);
    audited(&mut pair.west, "");
    let west = &pair.west;
    let case = pair.case("Anton Velikov plans it; quillfeather has met both men.");
    west.refused(&["case", "decide", &case, "warn", "--reason", "larkspurred", "--as", "ana"]);
    pair.draft(&case, "A thimbleworth", "A bombing is planned at mossgate.");
    west.release("otto", &case);
    pair.receipted(&case);
    give_password(west, "otto");
    Desk::sign_in(west, "otto").post("/desk/sign-out", &[]);
    let all = lines(west);
    // Each command once, from the first one on, which was before the stream was configured.
    let indexes: Vec<u64> = all.iter().map(|line| line["index"].as_u64().unwrap()).collect();
    assert_eq!(indexes, (1..=indexes.len() as u64).collect::<Vec<_>>());
    let released = find(&all, "case-release");
    assert_eq!(released["by"], "user:otto");
    assert_eq!(released["asks"], serde_json::json!(["release"]));
    let happened = released["happened"].as_array().unwrap();
    assert!(
        happened.iter().any(|one| one["about"] == format!("case-{case}").as_str()),
        "{released}"
    );
    let refused = all.iter().find(|line| line["did"] == "case-decide" && line["by"] == "user:ana");
    assert!(refused.unwrap()["refused"].is_string(), "{refused:?}");
    let signed = find(&all, "sign-in");
    assert_eq!(signed["happened"][0]["user"], "otto", "{signed}");
    assert_eq!(signed["happened"][0]["change"], "signed-in", "{signed}");
    // No word of anything, no secret.
    let words = ["velikov", "quillfeather", "larkspurred", "thimbleworth", "mossgate", PASSWORD];
    assert_eq!(files_with(&west.file("audit"), &words), Vec::<String>::new());
    // It holds, without a node and beside its journal.
    let good = west.good(&verify(&files(west), &["--journal"]));
    assert!(good.contains(&format!("{} lines hold", all.len())), "{good}");
    let doctor = west.run(&["doctor"]);
    let doctor = String::from_utf8(doctor.stdout).unwrap();
    assert!(doctor.contains("good   audit: "), "{doctor}");
    // The same, from the journal alone.
    let exported = west.file("whole.jsonl").display().to_string();
    west.good(&["audit", "export", &exported]);
    let text = std::fs::read_to_string(&exported).unwrap();
    for (line, known) in text.lines().skip(1).zip(&all) {
        let mut line: Value = serde_json::from_str(line).unwrap();
        line["previous"] = known["previous"].clone();
        assert_eq!(line, *known);
    }
    assert_eq!(text.lines().count(), all.len() + 1);
}

#[test]
fn whatever_is_changed_in_a_stream_is_found_and_the_node_does_not_go_on_after_it() {
    let mut pair = Pair::start(PROGRAM);
    audited(&mut pair.west, "");
    let west = &mut pair.west;
    lines(west);
    let all = files(west);
    let head = west.json(&verify(&all, &[])).remove(0)["head"].as_str().unwrap().to_owned();
    west.good(&verify(&all, &["--head", &head]));
    let text = std::fs::read_to_string(&all[0]).unwrap();
    // The last line is held by its hash alone, where somebody has kept it.
    let cut = west.write(
        "cut.jsonl",
        text.lines().fold(String::new(), |all, line| {
            if text.ends_with(&format!("{line}\n")) { all } else { all + line + "\n" }
        }),
    );
    west.good(&["audit", "verify", &cut]);
    let refused = west.refused(&["audit", "verify", &cut, "--head", &head]);
    assert!(refused.contains("no line has the hash"), "{refused}");
    // Beside the journal it is seen too, and `doctor` says so once it is no delay any more.
    let told = west.good(&["audit", "verify", &cut, "--journal"]);
    assert!(told.contains("the journal goes on: ") && told.contains("in no file given"), "{told}");
    west.stop();
    let begins: Vec<&str> = text.split_inclusive('\n').take(3).collect();
    std::fs::write(&all[0], begins.concat()).unwrap();
    let doctor = String::from_utf8(west.run(&["doctor"]).stdout).unwrap();
    assert!(doctor.contains("commands are not in it yet, the first of 20"), "{doctor}");
    std::fs::write(&all[0], &text).unwrap();
    west.start();
    // Another person has done it, says somebody who can write the file.
    let other = text.replacen("\"by\":\"owner\"", "\"by\":\"user:otto\"", 1);
    assert_ne!(text, other);
    west.stop();
    std::fs::write(&all[0], &other).unwrap();
    let refused = west.refused(&verify(&all, &[]));
    assert!(refused.contains("does not follow the line before it"), "{refused}");
    let doctor = String::from_utf8(west.run(&["doctor"]).stdout).unwrap();
    assert!(doctor.contains("WRONG  audit: "), "{doctor}");
    west.start();
    // The node says so, and does everything else.
    until("the words about it", || {
        west.logged().contains("the audit stream does not go on").then_some(())
    });
    let status = west.good(&["status"]);
    assert!(status.contains("audit"), "{status}");
    pair.released("All the same");
    assert_eq!(std::fs::read_to_string(&all[0]).unwrap(), other);
    // Moved away, it begins from the journal.
    pair.west.stop();
    std::fs::rename(&all[0], pair.west.file("kept.jsonl")).unwrap();
    pair.west.start();
    let again = lines(&pair.west);
    assert_eq!(again[0]["index"], 1);
    pair.west.good(&verify(&files(&pair.west), &["--journal"]));
}

#[test]
fn a_kill_anywhere_leaves_a_stream_that_holds_and_misses_nothing() {
    let mut pair = Pair::start(PROGRAM);
    audited(&mut pair.west, "");
    for round in 0..6 {
        pair.released(&format!("Warning {round}"));
        pause(Duration::from_millis(60 * round));
        pair.west.kill();
        if round % 2 == 1 {
            // As a stop in the middle of a write leaves it.
            let newest = files(&pair.west).pop().unwrap();
            let bytes = std::fs::read(&newest).unwrap();
            let keep = if round == 5 { 20 } else { bytes.len() - 7 };
            std::fs::write(&newest, &bytes[..keep]).unwrap();
        }
        pair.west.start();
        let journal = pair.west.get("/api/v1/status")["journal"].as_u64().unwrap();
        let all = lines(&pair.west);
        let indexes: BTreeSet<u64> =
            all.iter().map(|line| line["index"].as_u64().unwrap()).collect();
        assert_eq!(indexes.len(), all.len(), "round {round}: twice");
        assert!(indexes.iter().copied().eq(1..=indexes.len() as u64), "round {round}");
        assert!(indexes.len() as u64 >= journal, "round {round}");
        pair.west.good(&verify(&files(&pair.west), &["--journal"]));
    }
}

#[test]
fn an_erasure_leaves_the_stream_as_it_is_and_a_line_written_after_it_says_that_it_was() {
    let mut pair = Pair::start(PROGRAM);
    pair.west.good(&["user", "add", "vera", "--role", "approver"]);
    audited(&mut pair.west, "");
    let case = pair.released("Before");
    pair.receipted(&case);
    pair.west.by("otto", &["case", "recall", &case, "--reason", "it was mistaken"]);
    until("the recall", || {
        pair.east.good(&["warning", "show", "1"]).contains("RECALLED").then_some(())
    });
    pair.east.by("dora", &["warning", "open", "1"]);
    pair.east.by("dora", &["warning", "answer", "1", "complied"]);
    let west = &pair.west;
    until("the answer", || west.good(&["case", "show", &case]).contains("complied").then_some(()));
    let before = lines(west);
    let what = format!("case-{case}");
    west.by(
        "otto",
        &["record", "erase", &what, "--ground", "order", "--reason", "a court has ordered it"],
    );
    west.approve("vera");
    let after = lines(west);
    assert_eq!(after[..before.len()], before[..]);
    assert_eq!(find(&after, "record-erase")["by"], "user:otto");
    west.good(&verify(&files(west), &["--journal"]));
    let exported = west.file("whole.jsonl").display().to_string();
    west.good(&["audit", "export", &exported]);
    let text = std::fs::read_to_string(&exported).unwrap();
    assert!(
        text.contains("\"did\":\"erased\"") && !text.contains("\"did\":\"case-release\""),
        "{text}"
    );
    // What has happened, and whose commands these were, is the same.
    for (line, known) in text.lines().skip(1).zip(&after) {
        let line: Value = serde_json::from_str(line).unwrap();
        for field in ["at", "by", "happened", "digest"] {
            assert_eq!(line[field], known[field], "{line}");
        }
    }
}

#[test]
fn after_a_restore_the_stream_begins_again_and_keeps_what_the_record_has_lost() {
    let mut pair = Pair::start(PROGRAM);
    audited(&mut pair.west, "");
    pair.released("Before");
    lines(&pair.west);
    pair.west.save(&["forewarn.sqlite", "forewarn.sqlite-wal"]);
    let lost = pair.released("Lost");
    pair.receipted(&lost);
    let before = lines(&pair.west);
    pair.west.set_back(&["forewarn.sqlite", "forewarn.sqlite-wal"]);
    pair.released("After");
    let after = lines(&pair.west);
    assert_eq!(after[..before.len()], before[..]);
    let all = files(&pair.west);
    assert_eq!(all.len(), 2, "{all:?}");
    let words = pair.west.good(&verify(&all, &["--journal"]));
    assert!(words.contains("was replaced by an older one"), "{words}");
    assert!(
        pair.west
            .refused(&verify(&[all[1].clone(), all[0].clone()], &[]))
            .contains("does not follow")
    );
}

#[test]
fn the_systems_log_is_given_every_line_and_holds_up_nothing_when_it_is_gone() {
    let mut node = Node::start_new(PROGRAM, "west.example");
    let socket = node.file("log.sock");
    let heard = UnixDatagram::bind(&socket).unwrap();
    heard.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    audited(&mut node, &format!("syslog = \"{}\"\n", socket.display()));
    let hear = |heard: &UnixDatagram| -> Value {
        let mut bytes = vec![0; 64 << 10];
        let length = heard.recv(&mut bytes).unwrap();
        let text = std::str::from_utf8(&bytes[..length]).unwrap();
        let text = text.strip_prefix("<85>forewarn-audit: west.example ").unwrap();
        serde_json::from_str(text).unwrap()
    };
    let mut next = 0;
    let header = hear(&heard);
    assert_eq!(header["audit"], 1);
    for _ in 0..lines(&node).len() {
        next += 1;
        assert_eq!(hear(&heard)["index"], next);
    }
    drop(heard);
    std::fs::remove_file(&socket).unwrap();
    let path = node.write("item.txt", "A report.");
    node.good(&["user", "add", "ina", "--role", "analyst"]);
    node.by("ina", &["intake", &path]);
    until("the words about it", || {
        node.logged().contains("lines of the audit stream wait").then_some(())
    });
    lines(&node);
    let doctor = String::from_utf8(node.run(&["doctor"]).stdout).unwrap();
    assert!(doctor.contains("the system's log, is not there"), "{doctor}");
    // What it has missed comes at the next start at the latest.
    let heard = UnixDatagram::bind(&socket).unwrap();
    heard.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    node.kill();
    node.start();
    assert_eq!(hear(&heard)["index"], next + 1);
}
