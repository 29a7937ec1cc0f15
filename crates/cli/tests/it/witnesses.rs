//! Witnesses cosign the checkpoints of our logs, beside everything else, and evidence carries it.

use forewarn_testkit::{Node, Pair, Witness, until};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

/// West with these witnesses, who were given the keys of its logs.
fn witnessed(witnesses: &[&Witness]) -> Pair {
    let mut pair = Pair::start(PROGRAM);
    pair.west.stop();
    let sections: String = witnesses.iter().map(|witness| witness.section()).collect();
    pair.west.configure(&sections);
    let logs = pair.west.good(&["witness", "logs"]);
    for witness in witnesses {
        witness.known().logs.extend(logs.lines().map(str::to_owned));
    }
    pair.west.start();
    pair
}

/// Waits until everything that has a receipt is cosigned.
fn cosigned(node: &Node) {
    until("the cosignatures", || node.doctor().contains("good   witnesses").then_some(()));
}

#[test]
fn evidence_carries_what_a_witness_has_cosigned_and_is_verified_by_its_key() {
    let witness = Witness::start("w.example", 9);
    let other = Witness::start("v.example", 8);
    let pair = witnessed(&[&witness]);
    let case = pair.released("A warning");
    pair.receipted(&case);
    cosigned(&pair.west);
    let (file, shown) = pair.west.evidence(&case);
    assert_eq!(shown["format"], "forewarn-evidence/3");
    // It learns nothing of whom the log is for.
    let sent = witness.known().bodies.clone();
    assert!(sent.contains("west.example/forewarn/") && !sent.contains("east"), "{sent}");
    // Anywhere, with nothing but the file and the keys.
    let east = &pair.east;
    let words = east.good(&["verify", &file, "--witness", &witness.key]);
    // 1,790,000,000 seconds after the beginning of 1970, as the witness states it.
    assert!(words.contains("w.example had seen the log with it by 2026-09-21T14:13:20"), "{words}");
    assert!(words.contains("by the witness's clock"), "{words}");
    assert!(!words.contains("Not checked"), "{words}");
    let words = east.good(&["verify", &file]);
    assert!(words.contains("Not checked: cosignatures by w.example"), "{words}");
    assert!(words.contains("no outside clock has witnessed them"), "{words}");
    let refused = east.refused(&["verify", &file, "--witness", &other.key]);
    assert!(refused.contains("`v.example` has cosigned none"), "{refused}");
    // Somebody puts the line of another checkpoint there, or says that no witness is there.
    let text = std::fs::read_to_string(&file).unwrap();
    let rest = text.split("\\n— w.example ").nth(1).unwrap();
    let line: String = rest.chars().take(20).collect();
    let other: String = line.chars().take(16).chain("AAAA".chars()).collect();
    let forged = text.replace(&line, &other);
    assert_ne!(text, forged);
    let forged = pair.west.write("forged.json", forged);
    let refused = east.refused(&["verify", &forged, "--witness", &witness.key]);
    assert!(refused.contains("the cosignature by `w.example` does not fit"), "{refused}");
    let renamed = text.replace("forewarn-evidence/3", "forewarn-evidence/2");
    let renamed = pair.west.write("renamed.json", renamed);
    let refused = east.refused(&["verify", &renamed]);
    assert!(refused.contains("signature lines of neither party"), "{refused}");
    // What has no witness says so by its format, as ever.
    let warning = pair.east.file("theirs.json").display().to_string();
    pair.east.by("dora", &["warning", "open", "1"]);
    let export = ["evidence", "export", "warning-1", "--show", "title", "-o", &warning];
    until("the receipt for what east has written", || {
        east.run(&[&export[..], &["--as", "dora"]].concat()).status.success().then_some(())
    });
    let text = std::fs::read_to_string(&warning).unwrap();
    assert!(text.contains("forewarn-evidence/2"), "{text}");
    let claimed = text.replace("forewarn-evidence/2", "forewarn-evidence/3");
    let claimed = pair.west.write("claimed.json", claimed);
    let refused = east.refused(&["verify", &claimed]);
    assert!(refused.contains("no cosignature of a witness"), "{refused}");
    // A backup has it.
    let backup = pair.west.file("a.tar").display().to_string();
    let made = pair.west.json(&["backup", &backup, "--unsealed"]).remove(0);
    let files = made["manifest"]["files"].as_array().unwrap();
    assert!(files.iter().any(|one| one["path"] == "outside.sqlite"), "{files:?}");
    pair.west.good(&["backup", "verify", &backup]);
}

#[test]
fn a_witness_that_is_away_stops_no_warning_and_cosigns_when_it_is_back() {
    let (witness, other) = (Witness::start("w.example", 9), Witness::start("v.example", 8));
    witness.known().away = true;
    let mut pair = witnessed(&[&witness, &other]);
    let case = pair.released("A warning");
    pair.receipted(&case);
    // The other one has cosigned, and this one's silence is told.
    until("the words about it", || {
        pair.west.logged().contains("`w.example`: it answers 503").then_some(())
    });
    until("what doctor says", || {
        let words = pair.west.doctor();
        let told =
            words.contains("w.example has cosigned 0 of") && !words.contains("v.example has");
        told.then_some(())
    });
    assert!(pair.west.good(&["status"]).contains("witnesses"));
    let (file, _) = pair.west.evidence(&case);
    pair.east.good(&["verify", &file, "--witness", &other.key]);
    // Killed anywhere, and the log has grown meanwhile: what comes later covers what came before.
    pair.west.kill();
    witness.known().away = false;
    pair.west.start();
    let second = pair.released("Another");
    pair.receipted(&second);
    cosigned(&pair.west);
    let (file, shown) = pair.west.evidence(&case);
    let words =
        pair.east.good(&["verify", &file, "--witness", &witness.key, "--witness", &other.key]);
    assert!(
        words.contains("w.example had seen") && words.contains("v.example had seen"),
        "{words}"
    );
    assert!(shown["checkpoints"].as_array().unwrap().len() <= 64);
    // What is kept of it was lost: the witness says what it has cosigned, and does so again.
    let before = witness.known().seen.clone();
    pair.west.stop();
    std::fs::remove_file(pair.west.home().join("outside.sqlite")).unwrap();
    pair.west.start();
    cosigned(&pair.west);
    assert_eq!(witness.known().seen, before);
}

#[test]
fn a_witness_that_does_not_know_us_or_lies_is_told_of_and_believed_nothing() {
    let (stranger, liar) = (Witness::start("w.example", 9), Witness::start("v.example", 8));
    liar.known().lies = true;
    let pair = witnessed(&[&stranger, &liar]);
    stranger.known().logs.clear();
    let case = pair.released("A warning");
    pair.receipted(&case);
    until("the words about both", || {
        let log = pair.west.logged();
        let told = log.contains("`v.example`: its answer has no cosignature of ours by its key");
        (told && log.contains("give its people what `forewarn witness logs` prints")).then_some(())
    });
    let (_, shown) = pair.west.evidence(&case);
    assert_eq!(shown["format"], "forewarn-evidence/2");
    let words = pair.west.doctor();
    assert!(words.contains("WRONG  witnesses: "), "{words}");
}

#[test]
fn a_folder_that_is_older_than_what_a_witness_has_seen_is_told_of() {
    let witness = Witness::start("w.example", 9);
    let mut pair = witnessed(&[&witness]);
    let first = pair.released("First");
    pair.receipted(&first);
    cosigned(&pair.west);
    pair.west.stop();
    for size in witness.known().seen.values_mut() {
        size.0 += 1_000;
    }
    std::fs::remove_file(pair.west.home().join("outside.sqlite")).unwrap();
    pair.west.start();
    until("the words about it", || {
        pair.west.logged().contains("this folder is an older one").then_some(())
    });
}
