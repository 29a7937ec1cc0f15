//! What is erased is gone from every file of the node, and every proof still verifies.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first thing that is not as it should be"
)]

use forewarn_testkit::desk::{PASSWORD, give_password};
use forewarn_testkit::{Desk, Node, Pair, until};
use std::path::Path;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");
/// Words that stand in what is erased, and in nothing else.
const WORDS: &[&str] = &["quillfeather", "Brandywhist", "mossgate", "larkspurred", "thimbleworth"];

/// The files below a folder that have any of these words in them, as bytes or in UTF-16.
pub(crate) fn files_with(folder: &Path, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_with(&path, words));
        } else if let Ok(bytes) = std::fs::read(&path) {
            let lower = bytes.to_ascii_lowercase();
            for word in words {
                let word = word.to_ascii_lowercase();
                if lower.windows(word.len()).any(|part| part == word.as_bytes()) {
                    found.push(format!("{} has {word}", path.display()));
                }
            }
        }
    }
    found
}

/// A warning of west's that was told, asked about and taken back, with these words everywhere.
fn lived(pair: &Pair) -> String {
    let west = &pair.west;
    let case = pair.case("Anton Velikov plans it; quillfeather has met both men.");
    // What was refused is in the journal too.
    west.refused(&["case", "decide", &case, "warn", "--reason", "larkspurred", "--as", "otto"]);
    pair.draft(&case, "A thimbleworth", "A bombing is planned at mossgate.");
    west.release("otto", &case);
    pair.receipted(&case);
    pair.east.by("dora", &["warning", "open", "1"]);
    pair.east.by("dora", &["warning", "accept", "1", "--note", "Brandywhist has it"]);
    pair.east.by("dora", &["warning", "ask", "1", "--text", "Where at mossgate?"]);
    until("the question", || {
        west.good(&["case", "show", &case]).contains("Where at mossgate?").then_some(())
    });
    case
}

fn is_taken_back(pair: &Pair, case: &str) {
    pair.west.by("otto", &["case", "recall", case, "--reason", "larkspurred was mistaken"]);
    until("the recall", || {
        pair.east.good(&["warning", "show", "1"]).contains("RECALLED").then_some(())
    });
    pair.east.by("dora", &["warning", "answer", "1", "complied"]);
    until("the answer", || {
        pair.west.good(&["case", "show", case]).contains("complied").then_some(())
    });
}

fn erase(what: &str) -> Vec<&str> {
    vec!["record", "erase", what, "--ground", "order", "--reason", "order 12 of 26 November"]
}

fn second(node: &Node) {
    let waiting = node.get("/api/v1/proposals");
    let last = waiting.as_array().unwrap().last().unwrap().clone();
    let (number, digest) =
        (last["number"].to_string(), last["digest"].as_str().unwrap().to_owned());
    node.by("vera", &["proposal", "approve", &number, "--digest", &digest]);
}

#[test]
fn what_is_erased_is_gone_from_every_file_and_every_proof_still_verifies() {
    let mut pair = Pair::start(PROGRAM);
    for node in [&pair.west, &pair.east] {
        node.good(&["user", "add", "vera", "--role", "approver"]);
    }
    let case = lived(&pair);
    let subject = format!("case-{case}");
    let early = pair.west.refused(&[&erase(&subject)[..], &["--as", "otto"]].concat());
    assert!(early.contains("holds until") && early.contains("take it back first"), "{early}");
    is_taken_back(&pair, &case);
    let evidence = pair.west.file("before.json").display().to_string();
    pair.west.by("otto", &["evidence", "export", &subject, "--show", "title", "-o", &evidence]);
    let kept = std::fs::read(&evidence).unwrap();
    std::fs::remove_file(&evidence).unwrap();
    // What was brought here by hand is not the node's.
    std::fs::remove_file(pair.west.file("item.txt")).unwrap();
    let item = pair.west.json(&["item", "list"])[0]["id"].as_str().unwrap().to_owned();

    // A legal hold goes before every ground.
    pair.west.by("otto", &["record", "hold", &subject, "--reason", "file 7/26"]);
    let held = pair.west.refused(&[&erase(&subject)[..], &["--as", "otto"]].concat());
    assert!(held.contains("file 7/26") && held.contains("record lift"), "{held}");
    pair.west.by("otto", &["record", "lift", &subject, "--reason", "closed"]);
    second(&pair.west);
    // What a held case rests on is held with it.
    pair.west.by("otto", &["record", "hold", &subject, "--reason", "file 8/26"]);
    let held = pair.west.refused(&[&erase(&item)[..], &["--as", "otto"]].concat());
    assert!(held.contains("file 8/26"), "{held}");
    pair.west.by("otto", &["record", "lift", &subject, "--reason", "closed"]);
    second(&pair.west);
    // One person erases nothing.
    for what in [subject.as_str(), item.as_str()] {
        let waits = pair.west.by("otto", &erase(what));
        assert!(waits.contains("second person"), "{waits}");
        assert!(pair.west.good(&["case", "show", &case]).contains("recalled"));
        second(&pair.west);
    }
    gone(&pair.west, &["case", "show", &case]);
    // What is done about the record brings nothing back, and what is gone is not erased again.
    pair.west.by("otto", &["record", "hold", &subject, "--reason", "file 9/26"]);
    gone(&pair.west, &["case", "show", &case]);
    pair.west.by("otto", &["record", "lift", &subject, "--reason", "closed"]);
    second(&pair.west);
    let again = pair.west.refused(&[&erase(&subject)[..], &["--as", "otto"]].concat());
    assert!(again.contains("was erased at"), "{again}");
    let acts = ["case", "draft", &case, "--title", "A", "--text", "B", "--valid-until", "+1d"];
    let refused = pair.west.refused(&[&acts[..], &["--as", "ana"]].concat());
    assert!(refused.contains("was erased at"), "{refused}");
    // The partner holds what it holds, until its own people erase it.
    assert!(pair.east.good(&["warning", "show", "1"]).contains("mossgate"));
    pair.east.by("otto", &erase("warning-1"));
    second(&pair.east);
    gone(&pair.east, &["warning", "show", "1"]);

    proven(&pair, &kept, &subject);
    pair.west.stop();
    pair.east.stop();
    for node in [&mut pair.west, &mut pair.east] {
        assert_eq!(files_with(&node.file(""), WORDS), Vec::<String>::new());
        node.start();
    }
    proven(&pair, &kept, &subject);
    gone(&pair.west, &["case", "show", &case]);
}

/// The words are nowhere, and who did what kind of thing, and when, is still on record.
fn gone(node: &Node, show: &[&str]) {
    blank(node, show);
    let subject = format!("{}-{}", show[0], show[2]);
    assert!(node.good(&["record", "list"]).contains("and vera"), "two persons");
    until("the words to be gone from the files", || {
        files_with(&node.file(""), WORDS).is_empty().then_some(())
    });
    for word in WORDS {
        assert!(!node.good(&["search", word]).contains(&subject), "{word}");
    }
}

/// It says that it was erased, and none of the words.
fn blank(node: &Node, show: &[&str]) {
    let shown = node.good(show);
    assert!(shown.contains("ERASED at"), "{shown}");
    for word in WORDS {
        assert!(!shown.contains(word), "{word}: {shown}");
    }
    let subject = format!("{}-{}", show[0], show[2]);
    let list = node.good(&["record", "list"]);
    assert!(list.contains(&subject), "{list}");
    let needs = node.get("/api/v1/needs").to_string();
    assert!(!needs.contains(&subject), "nobody is asked for anything: {needs}");
}

/// Both sides' logs are equal, the ledger has who was given what, evidence of before still verifies, and
/// nothing is damaged.
fn proven(pair: &Pair, kept: &[u8], subject: &str) {
    pair.equal();
    for node in [&pair.west, &pair.east] {
        let doctor = node.run(&["doctor"]);
        let doctor = String::from_utf8_lossy(&doctor.stdout).into_owned();
        assert!(doctor.contains("transcripts: 2 logs") && !doctor.contains("WRONG"), "{doctor}");
    }
    let path = pair.west.file("again.json");
    std::fs::write(&path, kept).unwrap();
    let card = pair.west.file("partner.card").display().to_string();
    let verified = pair.west.run(&["verify", &path.display().to_string(), "--key", &card]);
    let told = String::from_utf8_lossy(&verified.stdout).into_owned();
    assert!(verified.status.success() && told.contains("thimbleworth"), "{told}");
    std::fs::remove_file(&path).unwrap();
    let after = pair.west.file("after.json").display().to_string();
    pair.west.by("otto", &["evidence", "export", subject, "-o", &after]);
    let verified = pair.west.run(&["verify", &after, "--key", &card]);
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
    std::fs::remove_file(&after).unwrap();
    let ledger = pair.west.good(&["ledger", "list"]);
    assert!(ledger.contains("east.example"), "{ledger}");
}

/// What is over is erased by the rule when its days are, and what is held is not.
#[test]
fn what_was_kept_as_long_as_it_may_be_is_erased_by_the_rule() {
    let mut pair = Pair::start(PROGRAM);
    let case = lived(&pair);
    is_taken_back(&pair, &case);
    let item = pair.west.json(&["item", "list"])[0]["id"].as_str().unwrap().to_owned();
    pair.west.by("otto", &["record", "hold", &item, "--reason", "file 7/26"]);
    let open = pair.case("quillfeather was seen again.");
    pair.west.stop();
    let toml = pair.west.home().join("forewarn.toml");
    let config = std::fs::read_to_string(&toml).unwrap();
    std::fs::write(&toml, format!("{config}\n[retention]\ncases = 0\nitems = 0\n")).unwrap();
    pair.west.start();
    let list = until("the rule to be applied", || {
        let list = pair.west.good(&["record", "list"]);
        list.contains("node:retention").then_some(list)
    });
    assert!(list.contains(&format!("case-{case} ")) && list.contains("0 days"), "{list}");
    blank(&pair.west, &["case", "show", &case]);
    assert!(pair.west.good(&["item", "show", &item]).contains("quillfeather"), "it is held");
    // What is not over stays, and so does what it rests on.
    assert!(!list.contains(&format!("case-{open} ")), "{list}");
    let shown = pair.west.good(&["case", "show", &open]);
    assert!(!shown.contains("ERASED"), "{shown}");
    let items = pair.west.json(&["item", "list"]);
    let newest = items.last().unwrap()["id"].as_str().unwrap();
    assert!(pair.west.good(&["item", "show", newest]).contains("seen again"));
}

/// Whoever asks what is held about him or her is told all of it, in every alphabet, and where it went.
#[test]
fn all_that_is_held_about_somebody_is_found_with_where_it_went() {
    let pair = Pair::start(PROGRAM);
    let west = &pair.west;
    let told = pair.case("Somebody is threatened.");
    west.draft(&told, "A threat", "A threat to the life of Pawel Schukow.", "Anton Velikov");
    west.release("otto", &told);
    pair.receipted(&told);
    let kept_back = pair.case("Павел Жуков готовит взрыв в соборе.");
    west.draft(&kept_back, "A bombing", "A bombing is planned.", "Павел Жуков");
    west.release("otto", &kept_back);
    let ask = ["record", "about", "Pavel Zhukov", "--reason", "request 4/26"];
    let refused = west.refused(&[&ask[..], &["--as", "ana"]].concat());
    assert!(refused.contains("not"), "{refused}");
    let all = west.json(&[&ask[..], &["--as", "otto"]].concat()).remove(0);
    let found = all["found"].as_array().unwrap();
    let at = |what: &str, place: &str| {
        let here = |one: &&serde_json::Value| one["what"] == what && one["place"] == place;
        found.iter().find(here).unwrap_or_else(|| panic!("{what}, {place}: {found:?}"))
    };
    let released = at(&format!("case-{told}"), "released");
    assert_eq!(released["given"][0]["partner"], "east.example", "{released}");
    assert_eq!(released["written"], "Pawel", "{released}");
    let texts: Vec<_> = found.iter().filter(|one| one["place"] == "the item").collect();
    assert_eq!(texts.len(), 1, "{found:?}");
    let kept = format!("case-{kept_back}");
    assert!(!found.iter().any(|one| one["what"] == *kept && one["place"] == "released"));
    // What was kept back is held too.
    at(&kept, "what we wrote");
    // Nobody goes on from a request that is not on record.
    let body = r#"{"name":"Pavel Zhukov","reason":"","from":"cases-0 of x"}"#;
    let headers = [("forewarn-as", "otto")];
    let asked = west.connect().ask("POST", "/api/v1/records/about", &headers, body.as_bytes());
    assert_eq!(asked.status, 400, "{}", asked.text());
    // Nothing else, and that it was asked is on record, without the name.
    let shown = west.by("otto", &ask);
    assert!(shown.contains("east.example at") && shown.contains("nobody"), "{shown}");
    let none = ["record", "about", "Ottoline Quarrington", "--reason", "request 5/26"];
    assert!(west.by("otto", &none).contains("nothing about"));
    let events = west.get("/api/v1/records").to_string();
    assert!(!events.contains("Zhukov"), "{events}");
    let journal = files_with(&west.file(""), &["Quarrington"]);
    assert_eq!(journal, Vec::<String>::new());
}

/// Held, lifted and erased at the desk, each step of two by two.
#[test]
fn a_case_is_held_and_erased_at_the_desk_by_two() {
    let pair = Pair::start(PROGRAM);
    let west = &pair.west;
    west.good(&["user", "add", "vera", "--role", "approver"]);
    let path = west.write("item.txt", "Anton Velikov plans it.");
    west.by("ana", &["intake", &path]);
    let item = west.json(&["item", "list"]).remove(0)["id"].as_str().unwrap().to_owned();
    west.by("ana", &["case", "open", "--partner", "east.example", "--item", &item]);
    west.by("otto", &["case", "not-met", "1", "--reason", "quillfeather erred"]);
    for person in ["otto", "vera", "rita"] {
        give_password(west, person);
    }
    let mut otto = Desk::sign_in(west, "otto");
    let mut vera = Desk::sign_in(west, "vera");
    otto.open("/desk/cases/1").follow("The record: hold, or erase").says("Held no");
    otto.send_for("Hold it from now on", &[], 422).says("Say something here");
    otto.send("Hold it from now on", &[("reason", "file 7/26")]).says("otto: file 7/26");
    otto.says_nothing_of("Propose to erase it");
    let approve = |desk: &mut Desk| {
        let number =
            west.get("/api/v1/proposals").as_array().unwrap().last().unwrap()["number"].clone();
        desk.open(&format!("/desk/proposals/{number}"));
        let button = format!("Approve proposal {number}");
        desk.send(&button, &[("secret", PASSWORD)]);
    };
    otto.send("Propose to lift the hold", &[("reason", "closed")]);
    approve(&mut vera);
    otto.open("/desk/record/case-1").says("Held no");
    otto.send_for("Propose to erase it", &[("reason", "order 12")], 422).says("Choose one");
    otto.send("Propose to erase it", &[("reason", "order 12"), ("ground", "order")]);
    assert!(west.good(&["case", "show", "1"]).contains("quillfeather"));
    approve(&mut vera);
    otto.open("/desk/record").says("Case 1").says("ordered");
    otto.follow("Case 1").says("order 12");
    gone(west, &["case", "show", "1"]);
    // Whoever only reads sees what became of it, and does nothing.
    let mut rita = Desk::sign_in(west, "rita");
    rita.open("/desk/record/case-1").says("order 12").says_nothing_of("Hold it from now on");
    let refused = rita.ask("GET", "/desk/record/case-99", &[], "");
    assert_eq!(refused.status, 404);
}
