//! Two real nodes over HTTP, driven by the command line: the life of a warning.

use forewarn_testkit::{Pair, until};
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

fn text(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}

#[test]
fn a_warning_goes_across_is_answered_and_is_proven() {
    let mut pair = Pair::start(PROGRAM);
    let case = pair.case("A man speaks of Anton Velikov and of a cathedral.");
    pair.draft(&case, "Planned bombing", "Velikov plans a bombing of a cathedral.");
    let shut = pair.west.release_refused("otto", &case);
    assert!(shut.contains("the withheld name “Anton Velikov” stands here"), "{shut}");
    pair.draft(&case, "Planned bombing", "A man plans a bombing of a cathedral.");
    pair.west.good(&["user", "add", "ana", "--role", "analyst", "--role", "approver"]);
    let same = pair.west.release_refused("ana", &case);
    assert!(same.contains("`ana` wrote this draft"), "{same}");
    pair.west.release("otto", &case);
    pair.receipted(&case);

    let opened = pair.east.by("dora", &["warning", "open", "1"]);
    assert!(opened.contains("EXERCISE: Planned bombing"), "{opened}");
    pair.east.by("dora", &["warning", "accept", "1", "--note", "in hand"]);
    pair.east.by("dora", &["warning", "ask", "1", "--text", "When?"]);
    let question = until("the question", || {
        let shown = pair.west.get(&format!("/api/v1/cases/{case}"));
        let said = shown.pointer("/case/talk")?.as_array()?.clone();
        said.iter()
            .find(|one| text(one, "/what/what") == "question")?
            .pointer("/entry/index")?
            .as_u64()
    });
    let answer = ["case", "answer", &case, "--question", &question.to_string(), "--text"];
    let leak = [&answer[..], &["Ask HERON-7.", "--as", "otto"]].concat();
    assert!(pair.west.refused(&leak).contains("the source's handle"));
    pair.west.by("otto", &[&answer[..], &["On Saturday."]].concat());
    until("the answer", || {
        let list = pair.east.get("/api/v1/warnings");
        (list.pointer("/0/open_questions") == Some(&0.into())).then_some(())
    });
    pair.east.by("dora", &["warning", "outcome", "1", "--fact", "arrested=7@2017-12-15"]);
    pair.east.by("dora", &["warning", "thank", "1", "--text", "Thank you"]);
    until("the thanks", || {
        let thanks = pair.west.json(&["thanks"]);
        thanks.iter().find(|one| text(one, "/source") == "HERON-7").map(|_| ())
    });
    pair.equal();

    let evidence = pair.west.file("evidence.json").display().to_string();
    let subject = format!("case-{case}");
    let export = ["evidence", "export", &subject, "--show", "title", "facts", "-o", &evidence];
    pair.west.by("otto", &export);
    let card = pair.west.file("partner.card").display().to_string();
    pair.east.stop();
    pair.west.stop();
    let account = pair.west.json(&["verify", &evidence, "--key", &card]);
    assert_eq!(account[0].pointer("/valid"), Some(&Value::Bool(true)));
    let words = account[0].to_string();
    assert!(words.contains("Planned bombing") && words.contains("arrested"), "{words}");
    assert!(!words.contains("On Saturday"), "a field that was not chosen is shown");
    let bytes = std::fs::read(&evidence).unwrap();
    assert!(!String::from_utf8_lossy(&bytes).contains("HERON"));
    for at in (0..bytes.len()).step_by(211) {
        let mut bent = bytes.clone();
        bent[at] ^= 1;
        let path = pair.west.write("bent.json", bent);
        let refused = pair.west.refused(&["verify", &path]);
        assert!(refused.contains("NOT PROVEN. "), "byte {at}: {refused}");
    }
}

#[test]
fn what_was_registered_over_the_channel_matches_with_its_reason() {
    let pair = Pair::start(PROGRAM);
    pair.interest("tickets.example");
    let path = pair.west.write("report.txt", "They meet at shop.tickets.example on Friday.");
    let dry = pair.west.good(&["interest", "test", &path]);
    assert!(
        dry.contains("“shop.tickets.example” (text, bytes 13 to 33) meets domain tickets.example"),
        "{dry}"
    );
    assert_eq!(pair.west.json(&["case", "list"]).len(), 0);
    pair.west.by("ana", &["intake", &path]);
    let case = until("a case", || pair.west.json(&["case", "list"]).into_iter().next());
    assert_eq!(
        (text(&case, "/partner"), text(&case, "/urgency")),
        ("east.example".into(), "immediate".into())
    );
    assert!(pair.west.good(&["case", "show", "1"]).contains("meets domain tickets.example"));
    // The same file again is the same item, and opens nothing.
    let again = pair.west.by("ana", &["intake", &path]);
    assert!(again.contains("0 taken in, 1 were here already"), "{again}");
    assert_eq!(pair.west.json(&["case", "list"]).len(), 1);
    // The partner that is warned never learns what others have registered: it sees its own only.
    let known = pair.east.json(&["interest", "list"]);
    assert_eq!(known.len(), 1);
    let id = text(&known[0], "/id");
    pair.east.by("paul", &["interest", "remove", &id, "--partner", "west.example"]);
    until("the removal", || pair.west.json(&["interest", "list"]).is_empty().then_some(()));
}

#[test]
fn a_recall_must_be_answered_and_both_sides_see_it() {
    let pair = Pair::start(PROGRAM);
    let case = pair.case("A report.");
    pair.draft(&case, "Planned bombing", "A bombing is planned.");
    pair.west.release("otto", &case);
    pair.receipted(&case);
    pair.west.by("otto", &["case", "recall", &case, "--reason", "the source was mistaken"]);
    until("the recall", || {
        pair.east.good(&["warning", "show", "1"]).contains("RECALLED").then_some(())
    });
    pair.east.by("dora", &["warning", "answer", "1", "complied", "--text", "taken back"]);
    until("the answer", || {
        let shown = pair.west.good(&["case", "show", &case]);
        shown.contains("recall answered: complied").then_some(())
    });
    // One answer: another one corrects it, says why, and is told as that.
    let again = ["warning", "answer", "1", "refused", "--text", "it was not", "--as", "dora"];
    let refused = pair.east.refused(&again);
    assert!(refused.contains("was answered already: complied"), "{refused}");
    assert!(refused.contains("--correct"), "{refused}");
    let correct = ["warning", "answer", "1", "refused", "--correct", "--text"];
    assert!(pair.east.refused(&[&correct[..], &["", "--as", "dora"]].concat()).contains("say why"));
    pair.east.by("dora", &[&correct[..], &["it was not"]].concat());
    let words = "recall answered, which corrects the answer before: refused. it was not";
    until("the correction", || {
        pair.west.good(&["case", "show", &case]).contains(words).then_some(())
    });
    let shown = pair.east.good(&["warning", "show", "1"]);
    assert!(shown.contains("it was answered: refused"), "{shown}");
}

#[test]
fn a_transcript_is_carried_on_a_disk_when_there_is_no_network() {
    let mut pair = Pair::start(PROGRAM);
    pair.equal();
    let case = pair.case("A report.");
    pair.draft(&case, "Carried by hand", "A bombing is planned.");
    pair.east.stop();
    pair.west.release("otto", &case);
    let there = pair.west.file("there.json").display().to_string();
    pair.west.good(&["channel", "export", "east.example", "-o", &there]);
    pair.west.stop();
    pair.east.start();
    // Nothing can be compared without a network: what comes in is taken, and nothing is signed.
    let import = ["channel", "import", "west.example", &there];
    pair.east.by("paul", &import);
    let back = pair.east.file("back.json").display().to_string();
    let export = ["channel", "export", "west.example", "-o", &back];
    assert!(pair.east.refused(&export).contains("write-uncompared west.example"));
    let go = ["channel", "write-uncompared", "west.example", "--reason", "nothing was restored"];
    pair.east.by("paul", &go);
    pair.east.by("paul", &import);
    assert_eq!(pair.titles(), ["EXERCISE: Carried by hand"]);
    // The same disk again changes nothing.
    pair.east.by("paul", &import);
    assert_eq!(pair.titles().len(), 1);
    pair.east.good(&export);
    pair.west.start();
    pair.west.by("paul", &["channel", "import", "east.example", &back]);
    pair.receipted(&case);
    pair.equal();
}

#[test]
fn a_damaged_entry_on_our_own_disk_is_said_where() {
    let pair = Pair::start(PROGRAM);
    let case = pair.case("A report.");
    pair.draft(&case, "Planned bombing", "A bombing is planned.");
    pair.west.release("otto", &case);
    pair.receipted(&case);
    let path = pair.west.home().join("forewarn.sqlite");
    let database = rusqlite::Connection::open(path).unwrap();
    let bend = "UPDATE entry SET leaf = replace(leaf, 'warning', 'warnine') WHERE key & 1 = 1";
    database.execute(bend, []).unwrap();
    let refused = pair.west.refused(&["channel", "reconcile", "east.example"]);
    assert!(refused.contains("entry 1 of west.example/forewarn/"), "{refused}");
    let doctor = pair.west.run(&["doctor"]);
    assert_eq!(doctor.status.code(), Some(1));
    assert!(
        String::from_utf8(doctor.stdout).unwrap().contains("WRONG  transcripts: damaged: entry 1")
    );
    let export = pair.west.file("t.json").display().to_string();
    let refused = pair.west.run(&["channel", "export", "east.example", "-o", &export]);
    assert!(!refused.status.success(), "a damaged entry was served");
}

#[test]
fn a_clock_that_runs_out_is_put_on_record_once_even_over_a_kill() {
    let mut pair = Pair::start(PROGRAM);
    let config = pair.west.home().join("forewarn.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text.replace("expected = 20", "expected = 0")).unwrap();
    pair.west.stop();
    pair.west.start();
    pair.case("A report.");
    let told = |pair: &Pair| {
        let shown = pair.west.get("/api/v1/cases/1");
        shown.pointer("/history").unwrap().to_string().matches("the clock ran out").count()
    };
    until("the record", || (told(&pair) == 1).then_some(()));
    pair.west.kill();
    pair.west.start();
    assert_eq!(told(&pair), 1);
    assert!(pair.west.json(&["case", "list"])[0].pointer("/overdue") == Some(&Value::Bool(true)));
}
