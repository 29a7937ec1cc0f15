//! Nodes whose database was restored from an old copy, and transcripts that came in pieces.

use forewarn_testkit::{Node, Pair, until};
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

/// The database's file and its write-ahead log: what a copy of a stopped node's database is.
const FILES: [&str; 2] = ["forewarn.sqlite", "forewarn.sqlite-wal"];

#[test]
fn what_a_restored_partner_lacks_is_sent_again_without_being_asked() {
    let mut pair = Pair::start(PROGRAM);
    pair.equal();
    pair.east.save(&FILES);
    let case = pair.released("Lost and found");
    pair.receipted(&case);
    pair.west.stop();
    pair.east.set_back(&FILES);
    assert!(pair.titles().is_empty());
    // West asks at its start, and every few minutes, whether its partners still hold all of it.
    pair.west.start();
    until("the warning", || (pair.titles() == ["EXERCISE: Lost and found"]).then_some(()));
    pair.equal();
}

/// Of a partner that had lost more than one batch and its signer's memory too, one batch was once
/// sent every five minutes.
#[test]
fn a_partner_that_lost_more_than_one_batch_gets_all_of_it_at_once() {
    let mut pair = Pair::start(PROGRAM);
    pair.equal();
    pair.east.save(&FILES);
    let signed = pair.east.home().join("signed.log");
    let before = std::fs::read(&signed).unwrap();
    for n in 0..1_100 {
        let interest = serde_json::json!({
            "label": format!("interest {n}"), "urgency": "future", "any": [{ "country": "RU" }],
        });
        let act = serde_json::json!({
            "do": "interest-add", "partner": "east.example", "interest": interest,
        });
        assert_eq!(pair.west.act("paul", &act).0, 200);
    }
    pair.equal();
    pair.east.stop();
    std::fs::write(&signed, before).unwrap();
    pair.east.start();
    pair.east.set_back(&FILES);
    pair.west.stop();
    pair.west.start();
    pair.equal();
}

#[test]
fn a_restored_node_writes_nothing_until_it_has_its_own_log_back_from_the_partner() {
    let mut pair = Pair::start(PROGRAM);
    pair.equal();
    let case = pair.case("A report.");
    pair.draft(&case, "Once", "A bombing is planned.");
    pair.west.save(&FILES);
    pair.west.release("otto", &case);
    pair.receipted(&case);
    pair.east.stop();
    pair.west.set_back(&FILES);
    let refused = pair.west.release_refused("otto", &case);
    assert!(refused.contains("the database is older than what was sent"), "{refused}");
    let doctor = pair.west.run(&["doctor"]);
    let words = String::from_utf8(doctor.stdout).unwrap();
    assert!(words.contains("WRONG  signer: the database is older than what was signed"), "{words}");
    assert!(words.contains("fetches what it lacks from east.example"), "{words}");
    // With the partner there, the log comes back, and life goes on behind it.
    pair.east.start();
    pair.equal();
    let doctor = pair.west.good(&["doctor"]);
    assert!(doctor.contains("all of what was signed is here"), "{doctor}");
    pair.released("Twice");
    until("the second", || pair.titles().contains(&"EXERCISE: Twice".to_owned()).then_some(()));
    assert_eq!(pair.titles(), ["EXERCISE: Once", "EXERCISE: Twice"]);
    pair.equal();
}

/// What was withheld is in no partner's mirror: after a restore nobody could ever again show it.
#[test]
fn what_was_withheld_is_opened_again_from_evidence_after_a_restore() {
    let mut pair = Pair::start(PROGRAM);
    pair.equal();
    let case = pair.case("A report of Anton Velikov.");
    pair.draft(&case, "Once", "A bombing is planned.");
    pair.west.save(&FILES);
    pair.west.release("otto", &case);
    pair.receipted(&case);
    let shown = |node: &Node, subject: &[&str], path: &str| {
        let show = [&["evidence", "show"], subject, &["--field", "names", "--reason", "a court"]];
        node.by("ana", &show.concat());
        node.approve("otto");
        let path = node.file(path).display().to_string();
        let export = [&["evidence", "export"], subject, &["--show", "names", "-o", &path]];
        node.by("otto", &export.concat());
        path
    };
    let before = shown(&pair.west, &[&format!("case-{case}")], "before.json");
    let entries = pair.west.json(&["channel", "show", "east.example"]);
    let warning = entries.iter().find(|one| one["kind"] == "warning").unwrap();
    let index = warning["index"].to_string();
    pair.west.set_back(&FILES);
    pair.equal();

    let entry = ["--partner", "east.example", "--ours", &index];
    let show = ["evidence", "show", "--field", "names", "--reason", "a court", "--as", "ana"];
    let refused = pair.west.refused(&[&show[..], &entry].concat());
    assert!(refused.contains("no entry of this has a field `names`"), "{refused}");
    // The partner was never shown it; a file that is of something else opens nothing.
    let reopen = ["channel", "reopen", "east.example"];
    let asked = pair.west.by("paul", &reopen);
    assert!(asked.contains("nothing more of our log to east.example can be opened"), "{asked}");
    assert!(asked.contains("1 entry has fields still that nothing here opens"), "{asked}");
    let other = pair.west.write("other.json", "{}");
    let refused = pair.west.refused(&[&reopen[..], &[&other, "--as", "paul"]].concat());
    assert!(refused.contains("the file is refused"), "{refused}");
    assert!(pair.west.refused(&[&reopen[..], &[&before, "--as", "ana"]].concat()).contains("may"));
    let opened = pair.west.by("paul", &[&reopen[..], &[&before]].concat());
    assert!(opened.contains("1 field of 1 entry of our log to east.example"), "{opened}");
    let again = pair.west.by("paul", &[&reopen[..], &[&before]].concat());
    assert!(again.contains("nothing more of our log"), "{again}");
    // It is withheld as it was: two persons show it, and it does not go to the partner.
    let after = shown(&pair.west, &entry, "after.json");
    let account = pair.west.good(&["verify", &after]);
    assert!(account.contains("Anton Velikov"), "{account}");
    let theirs = pair.east.file("theirs.json").display().to_string();
    pair.east.good(&["channel", "export", "west.example", "-o", &theirs]);
    let ours = pair.west.file("ours.json").display().to_string();
    pair.west.good(&["channel", "export", "east.example", "-o", &ours]);
    let length = |path: &str| std::fs::metadata(path).unwrap().len();
    assert_eq!(length(&ours), length(&theirs));
    let doctor = pair.west.run(&["doctor"]);
    let words = String::from_utf8(doctor.stdout).unwrap();
    assert!(!words.contains("WRONG"), "{words}");
    // The journal of all that leads to the same rows.
    let key = pair.west.file("backup.key").display().to_string();
    let public = pair.west.json(&["backup", "key", &key]).remove(0);
    let backup = pair.west.file("west.tar.age").display().to_string();
    let public = public["recipient"].as_str().unwrap();
    pair.west.good(&["backup", &backup, "--recipients", public]);
    let drilled = pair.west.good(&["backup", "drill", &backup, "--identity", &key]);
    assert!(drilled.contains("it leads to the same rows"), "{drilled}");
}

/// A recall that came without its warning was once not understood for ever, and the warning, once
/// it was there, stood as live.
#[test]
fn a_recall_of_a_warning_that_came_in_pieces_is_understood_in_the_end() {
    let mut pair = Pair::start(PROGRAM);
    pair.equal();
    pair.east.stop();
    let case = pair.released("Recalled");
    pair.west.by("otto", &["case", "recall", &case, "--reason", "it was a mistake"]);
    let path = pair.west.file("whole.json");
    let whole = path.display().to_string();
    pair.west.good(&["channel", "export", "east.example", "-o", &whole]);
    pair.west.freeze();
    let mut transcript: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    for log in transcript["logs"].as_array_mut().unwrap() {
        for entry in log["entries"].as_array_mut().unwrap() {
            if entry["leaf"].as_str().unwrap().contains("\"kind\":\"warning\"") {
                entry.as_object_mut().unwrap().remove("disclosures");
            }
        }
    }
    let stripped = pair.west.write("stripped.json", transcript.to_string());
    pair.east.start();
    // West cannot be asked now what it holds of east's log; the file is to be answered.
    let go = ["channel", "write-uncompared", "west.example", "--reason", "nothing was restored"];
    pair.east.by("paul", &go);
    pair.east.by("paul", &["channel", "import", "west.example", &stripped]);
    assert!(pair.titles().is_empty());
    pair.east.by("paul", &["channel", "import", "west.example", &whole]);
    let warnings = pair.east.json(&["warning", "list"]);
    assert_eq!(warnings[0]["recalled"], Value::Bool(true));
    pair.west.thaw();
    pair.equal();
}

#[test]
fn a_second_source_of_the_same_words_is_kept_back_too() {
    let pair = Pair::start(PROGRAM);
    let case = pair.case("A report of two sources.");
    let path = pair.west.write("again.txt", "A report of two sources.");
    pair.west.by("ana", &["intake", &path, "--source", "STORK-9"]);
    pair.draft(&case, "Planned bombing", "Stork 9 speaks of a bombing.");
    let shut = pair.west.release_refused("otto", &case);
    assert!(shut.contains("the source's handle “STORK-9”"), "{shut}");
}

/// No log is written twice, on neither side.
fn never_forked(pair: &Pair) {
    for node in [&pair.west, &pair.east] {
        let proofs = node.json(&["channel", "contradictions"]);
        assert!(proofs.is_empty(), "{proofs:?}");
        assert!(node.good(&["doctor"]).contains("all of what was signed is here"));
    }
}

/// A folder that was copied while it ran, used and restored once wrote another log of the same size,
/// and `doctor` was content.
#[test]
fn a_restored_folder_learns_what_it_has_signed_before_it_signs_again() {
    let mut pair = Pair::start(PROGRAM);
    let before = pair.released("Before");
    pair.receipted(&before);
    pair.equal();
    pair.west.freeze();
    pair.west.copy_home("copy");
    pair.west.thaw();
    let lost = pair.released("Not in the copy");
    pair.receipted(&lost);
    pair.west.restore_home("copy");
    pair.west.start();
    // At once: before anything was compared.
    let after = until("a release", || {
        let case = pair.case("A report after all this.");
        pair.draft(&case, "After", "A bombing is planned.");
        let done = pair.west.run_release("otto", &case);
        done.status.success().then_some(case)
    });
    pair.receipted(&after);
    pair.equal();
    assert_eq!(pair.titles(), ["EXERCISE: Before", "EXERCISE: Not in the copy", "EXERCISE: After"]);
    never_forked(&pair);
}

/// The same with the partner away: nothing is written until it is back, or a person decides.
#[test]
fn what_cannot_be_compared_holds_releases_back_until_it_can_or_a_person_decides() {
    let mut pair = Pair::start(PROGRAM);
    pair.equal();
    pair.west.freeze();
    pair.west.copy_home("copy");
    pair.west.thaw();
    let lost = pair.released("Not in the copy");
    pair.receipted(&lost);
    pair.east.stop();
    pair.west.restore_home("copy");
    pair.west.start();
    let case = pair.case("A report after all this.");
    pair.draft(&case, "After", "A bombing is planned.");
    let refused = pair.west.release_refused("otto", &case);
    assert!(refused.contains("has not been compared with what east.example holds"), "{refused}");
    assert!(refused.contains("forewarn channel write-uncompared east.example"), "{refused}");
    let log = std::fs::read_to_string(pair.west.file("log")).unwrap();
    assert!(log.contains("nothing is written to this partner"), "{log}");
    pair.east.start();
    let after = until("a release", || {
        let done = pair.west.run_release("otto", &case);
        done.status.success().then_some(case.clone())
    });
    pair.receipted(&after);
    pair.equal();
    never_forked(&pair);
}

#[test]
fn a_person_may_take_the_risk_and_it_is_on_record() {
    let mut pair = Pair::start(PROGRAM);
    pair.equal();
    pair.east.stop();
    pair.west.stop();
    pair.west.start();
    let case = pair.case("A report.");
    pair.draft(&case, "Urgent", "A bombing is planned.");
    pair.west.release_refused("otto", &case);
    let go = ["channel", "write-uncompared", "east.example", "--reason"];
    let by = |person, reason| [&go[..], &[reason, "--as", person]].concat();
    assert!(pair.west.refused(&by("paul", " ")).contains("the reason"));
    assert!(pair.west.refused(&by("ana", "I know")).contains("may not"));
    let said = pair.west.good(&by("paul", "nobody has touched this machine"));
    assert!(said.contains("on record"), "{said}");
    pair.west.release("otto", &case);
    let database = rusqlite::Connection::open(pair.west.home().join("forewarn.sqlite")).unwrap();
    let sql = "SELECT count(*) FROM journal WHERE act LIKE '%partner-write-uncompared%' \
               AND act LIKE '%nobody has touched this machine%' AND refused = 0";
    assert_eq!(database.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap(), 1);
    pair.east.start();
    pair.receipted(&case);
    pair.equal();
    never_forked(&pair);
}

/// Whoever restored the database alone, or lost the signer's memory alone, has to learn too.
#[test]
fn a_signer_without_its_memory_learns_it_from_the_partner() {
    let mut pair = Pair::start(PROGRAM);
    pair.equal();
    pair.west.save(&FILES);
    let lost = pair.released("Not in the copy");
    pair.receipted(&lost);
    pair.west.stop();
    std::fs::remove_file(pair.west.home().join("signed.log")).unwrap();
    let doctor = String::from_utf8(pair.west.run(&["doctor"]).stdout).unwrap();
    assert!(doctor.contains("WRONG  signer: the signer remembers nothing of"), "{doctor}");
    pair.west.start();
    pair.west.set_back(&FILES);
    let after = until("a release", || {
        let case = pair.case("A report after all this.");
        pair.draft(&case, "After", "A bombing is planned.");
        let done = pair.west.run_release("otto", &case);
        done.status.success().then_some(case)
    });
    pair.receipted(&after);
    pair.equal();
    never_forked(&pair);
}

/// Two copies that both run: whoever comes second signs nothing, and says so wherever one looks.
#[test]
fn a_copy_that_runs_beside_the_node_does_not_fork_its_log() {
    let pair = Pair::start(PROGRAM);
    let before = pair.released("Before");
    pair.receipted(&before);
    pair.equal();
    let drafted = pair.case("A report that both have.");
    pair.draft(&drafted, "By the copy", "A bombing is planned.");
    pair.west.freeze();
    pair.west.copy_home("copy");
    pair.west.thaw();
    let copy = pair.west.run_copy("copy");
    forewarn_testkit::pause(std::time::Duration::from_millis(2_500));
    let first = pair.released("By the node");
    pair.receipted(&first);
    forewarn_testkit::pause(std::time::Duration::from_millis(2_500));
    // The copy signs nothing, and says why: it once told "released", and INFO in its log.
    let refused = copy.release_refused("otto", &drafted);
    let words = "another copy of this node has written 1 entries to east.example";
    assert!(refused.contains(words) && refused.contains("stop every copy"), "{refused}");
    let status = copy.good(&["status"]);
    let loud = "ANOTHER COPY OF THIS NODE HAS WRITTEN TO east.example: another copy";
    assert!(status.contains(loud), "{status}");
    let log = std::fs::read_to_string(copy.file("log")).unwrap();
    let line = log.lines().find(|line| line.contains(words)).unwrap();
    assert!(line.contains("ERROR"), "{line}");
    // What it holds is not what the partner has, and it does not fetch that in silence.
    assert!(copy.release_refused("otto", &drafted).contains(words));
    // Nor is an interest registered by it, of which the partner would never hear.
    let interest = ["interest", "add", "--partner", "east.example", "--label", "x", "--domain"];
    let refused = copy.refused(&[&interest[..], &["x.example", "--as", "paul"]].concat());
    assert!(refused.contains(words), "{refused}");
    drop(copy);
    let second = pair.released("By the node again");
    pair.receipted(&second);
    pair.equal();
    never_forked(&pair);
}
