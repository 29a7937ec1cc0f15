//! What one person alone must not do: words that leave, withheld fields that are shown, roles.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test helpers fail by panic")]

use forewarn_testkit::{Node, Pair, until};
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

/// A pair whose agreement says nothing on sentences: two persons.
fn pair() -> Pair {
    let pair = Pair::start(PROGRAM);
    for (here, there) in [(&pair.west, "east.example"), (&pair.east, "west.example")] {
        let agree = ["partner", "agree", there, "--sentences", "two", "--reason", "as usual"];
        here.by("paul", &agree);
    }
    pair
}

fn released(pair: &Pair, title: &str) -> String {
    let case = pair.case(&format!("A report of Anton Velikov that leads to {title}."));
    pair.draft(&case, title, "A bombing is planned.");
    pair.west.release("otto", &case);
    pair.receipted(&case);
    case
}

/// The newest proposal in words.
fn newest(node: &Node) -> String {
    node.good(&["proposal", "show", &proposal(node)["number"].to_string()])
}

/// The newest proposal.
fn proposal(node: &Node) -> Value {
    node.json(&["proposal", "list"]).pop().unwrap()
}

/// A note of one person once went to the partner unseen.
#[test]
fn free_text_waits_for_a_second_person_and_a_fixed_choice_does_not() {
    let pair = pair();
    let case = released(&pair, "Bombing");
    let said = |words: &str| pair.west.good(&["case", "show", &case]).contains(words);
    pair.east.by("dora", &["warning", "open", "1"]);
    until("a fixed choice", || said("opened").then_some(()));
    let told = pair.east.by("dora", &["warning", "accept", "1", "--note", "a group has it"]);
    assert!(told.contains("waits for a second person"), "{told}");
    let shown = newest(&pair.east);
    for words in ["accepted. a group has it", "west.example", "TLP:AMBER", "a second person may"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    assert!(pair.east.json(&["warning", "list"])[0]["standing"]["standing"] == "opened");
    let digest = proposal(&pair.east)["digest"].as_str().unwrap().to_owned();
    let other = "0".repeat(digest.len());
    for (who, digest, why) in
        [("dora", &digest, "dora"), ("ana", &digest, "may not"), ("otto", &other, "another digest")]
    {
        let approve = ["proposal", "approve", "2", "--digest", digest, "--as", who];
        let refused = pair.east.run(&approve);
        let words = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(!refused.status.success() && words.contains(why), "{who}: {words}");
    }
    pair.east.approve("otto");
    until("the note", || said("a group has it").then_some(()));
    let again = ["proposal", "approve", "2", "--digest", &digest, "--as", "otto"];
    assert!(pair.east.refused(&again).contains("approved by `otto` already"));
    // Declined on a ground: one person; a recall, an answer: two.
    pair.west.by("otto", &["case", "recall", &case, "--reason", "the source was mistaken"]);
    assert!(!pair.east.good(&["warning", "show", "1"]).contains("RECALLED"));
    let reason = ["proposal", "drop", "2", "--reason", "not yet", "--as", "otto"];
    pair.west.good(&reason);
    pair.west.by("otto", &["case", "recall", &case, "--reason", "the source was mistaken"]);
    let vera = ["user", "add", "vera", "--role", "approver"];
    pair.west.good(&vera);
    pair.west.approve("vera");
    until("the recall", || {
        pair.east.good(&["warning", "show", "1"]).contains("RECALLED").then_some(())
    });
    let history = pair.west.good(&["case", "show", &case, "--json"]);
    assert!(history.contains("approved proposal 3 of otto"), "{history}");
}

/// Where the agreement says so, on record, one person is enough.
#[test]
fn an_agreement_may_say_that_one_person_is_enough() {
    let pair = pair();
    released(&pair, "Bombing");
    let agree = ["partner", "agree", "west.example", "--sentences", "one", "--reason", ""];
    let refused = pair.east.run(&[&agree[..], &["--as", "paul"]].concat());
    assert!(!refused.status.success());
    // Nor does one person say so: it once took a partner-admin alone.
    let agree = ["partner", "agree", "west.example", "--sentences", "one", "--reason", "annex 2"];
    let told = pair.east.by("paul", &agree);
    assert!(told.contains("waits for a second person"), "{told}");
    let shown = newest(&pair.east);
    assert!(
        shown.contains("let one person alone send free text to west.example: annex 2"),
        "{shown}"
    );
    assert!(!pair.east.good(&["partner", "show", "west.example"]).contains("one person"));
    let told = pair.east.by("dora", &["warning", "accept", "1", "--note", "in hand"]);
    assert!(told.contains("waits for a second person"), "{told}");
    pair.east.by(
        "dora",
        &[
            "proposal",
            "drop",
            &proposal(&pair.east)["number"].to_string(),
            "--reason",
            "one is enough",
        ],
    );
    let number = (proposal(&pair.east)["number"].as_u64().unwrap() - 1).to_string();
    let digest =
        pair.east.json(&["proposal", "show", &number])[0]["digest"].as_str().unwrap().to_owned();
    pair.east.by("otto", &["proposal", "approve", &number, "--digest", &digest]);
    assert!(pair.east.good(&["partner", "show", "west.example"]).contains("one person"));
    let told = pair.east.by("dora", &["warning", "accept", "1", "--note", "in hand"]);
    assert!(told.contains("accepted"), "{told}");
}

/// Every exit asks: handles, and names that were withheld in another case of the same item.
#[test]
fn what_is_withheld_stays_so_at_every_exit_and_for_every_partner() {
    let pair = Pair::start(PROGRAM);
    // HERON-7 has brought something; no draft to anybody has named the handle yet.
    let item = pair.west.write("item.txt", "Anton Velikov was seen.");
    pair.west.by("ana", &["intake", &item, "--source", "HERON-7"]);
    let add = ["interest", "add", "--partner", "east.example", "--label", "all of HERON-7's"];
    let add = [&add[..], &["--domain", "a.example", "--as", "paul"]].concat();
    assert!(pair.west.refused(&add).contains("HERON-7"));
    let add = ["interest", "add", "--partner", "east.example", "--label", "x"];
    let add = [&add[..], &["--domain", "heron7.example", "--as", "paul"]].concat();
    assert!(pair.west.refused(&add).contains("the gate is shut"));
    // The name is withheld from east; the same item told to north keeps it back too.
    let case = pair.case("Anton Velikov plans a bombing.");
    pair.draft(&case, "Bombing", "A bombing is planned.");
    let north = ["partner", "add-without-node", "north.example", "--organisation", "North"];
    pair.west.by("paul", &north);
    let items = pair.west.json(&["item", "list"]);
    let id = items.last().unwrap()["id"].as_str().unwrap();
    pair.west.by("ana", &["case", "open", "--partner", "north.example", "--item", id]);
    let finding = "case finding 2 --credible --threat destruction --target x --reason y";
    pair.west.by("ana", &finding.split(' ').collect::<Vec<_>>());
    pair.west.by("otto", &["case", "decide", "2", "warn", "--reason", "lives"]);
    let draft = [
        "case",
        "draft",
        "2",
        "--title",
        "Bombing",
        "--text",
        "Velikov plans a bombing.",
        "--valid-until",
        "2099-01-01T00:00:00Z",
    ];
    pair.west.by("ana", &draft);
    let refused = pair.west.release_refused("otto", "2");
    assert!(refused.contains("Anton Velikov"), "{refused}");
}

/// The words of a TLP:RED original once left at CLEAR; addresses in originals are theirs too.
#[test]
fn originals_markings_and_addresses_count() {
    let pair = Pair::start(PROGRAM);
    let text = "TLP:RED\nSee https://cables.example/2017/0042: a bombing is planned.";
    let case = pair.case(text);
    let draft = |text: &str, more: &[&str]| {
        let draft = ["case", "draft", &case, "--title", "Bombing", "--text", text];
        let draft = [&draft[..], &["--valid-until", "2099-01-01T00:00:00Z"], more].concat();
        let draft = [&draft[..], &["--as", "ana"]].concat();
        let output = pair.west.run(&draft);
        (output.status.success(), String::from_utf8(output.stderr).unwrap())
    };
    let (drafted, why) = draft("A bombing is planned.", &["--tlp", "clear"]);
    assert!(!drafted && why.contains("TLP:RED") && why.contains("--lower"), "{why}");
    let lower =
        ["--tlp", "clear", "--lower", "the originator, by voice", "--lower-reason", "lives"];
    assert!(draft("A bombing is planned; cables.example/2017/0042 says so.", &lower).0);
    let shut = pair.west.release_refused("otto", &case);
    assert!(shut.contains("cables.example"), "{shut}");
    assert!(draft("A bombing is planned.", &lower).0);
    let shown = pair.west.good(&["case", "preview", &case]);
    assert!(shown.contains("THE ORIGINALS ARE TLP:RED"), "{shown}");
    assert!(shown.contains("the originator, by voice"), "{shown}");
    pair.west.release("otto", &case);
}

/// Release approves what was looked at, and nothing by default.
#[test]
fn a_release_names_its_digest() {
    let pair = Pair::start(PROGRAM);
    let case = pair.case("A report.");
    pair.draft(&case, "Bombing", "A bombing is planned.");
    let output = pair.west.run(&["case", "release", &case, "--as", "otto"]);
    assert_eq!(output.status.code(), Some(2));
    let seen = pair.west.digest(&case);
    pair.draft(&case, "Bombing", "Another text.");
    let release = ["case", "release", &case, "--digest", &seen, "--as", "otto"];
    assert!(pair.west.refused(&release).contains("changed since you saw it"));
}

/// An approver once could show whom a warning had kept back, alone and without a trace.
#[test]
fn withheld_fields_are_shown_in_evidence_by_two_persons_on_record() {
    let pair = pair();
    let case = released(&pair, "Bombing");
    let (subject, path) = (format!("case-{case}"), pair.west.file("e.json").display().to_string());
    let export = ["evidence", "export", &subject, "--show", "title", "names", "-o", &path];
    let export = [&export[..], &["--as", "otto"]].concat();
    let refused = pair.west.refused(&export);
    assert!(refused.contains("withheld") && refused.contains("evidence show"), "{refused}");
    let show = ["evidence", "show", &subject, "--field", "names", "--reason", "a court asks"];
    assert!(pair.west.by("ana", &show).contains("waits for a second person"));
    assert!(pair.west.refused(&export).contains("withheld"));
    // The second person sees which entry would show what.
    let shown = newest(&pair.west);
    for words in ["of our log (warning), names, withheld from the partner:", "\n    Anton Velikov"]
    {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    pair.west.approve("otto");
    pair.west.good(&export);
    let account = pair.west.good(&["verify", &path]);
    assert!(account.contains("Anton Velikov"), "{account}");
    let history = pair.west.good(&["case", "show", &case, "--json"]);
    assert!(history.contains("may show names: a court asks"), "{history}");
    // What there is not is named, with what there is.
    for words in [
        &["evidence", "export", &subject, "--show", "titel", "-o", &path, "--as", "otto"][..],
        &["evidence", "show", &subject, "--field", "titel", "--reason", "x", "--as", "ana"],
    ] {
        let refused = pair.west.refused(words);
        assert!(refused.contains("no entry of this has a field `titel`"), "{refused}");
        assert!(refused.contains("the fields are ") && refused.contains("title"), "{refused}");
        assert!(refused.contains("names"), "{refused}");
    }
    // Others stay closed.
    let sources = ["evidence", "export", &subject, "--show", "sources", "-o", &path];
    assert!(pair.west.refused(&[&sources[..], &["--as", "otto"]].concat()).contains("withheld"));
}

/// Whoever administers users once could make himself an approver.
#[test]
fn a_role_that_speaks_takes_two_administrators() {
    let node = Node::start_new(PROGRAM, "west.example");
    let own = ["user", "add", "nora", "--role", "approver", "--as", "nora"];
    assert!(node.refused(&own).contains("himself or herself"));
    let told = node.by("nora", &["user", "add", "vera", "--role", "approver"]);
    assert!(told.contains("waits for a second person"), "{told}");
    let digest = proposal(&node)["digest"].as_str().unwrap().to_owned();
    let approve_own = ["proposal", "approve", "1", "--digest", &digest, "--as", "nora"];
    assert!(node.refused(&approve_own).contains("may not approve"));
    node.good(&["user", "add", "nils", "--role", "node-admin"]);
    node.approve("nils");
    let users = json!(node.json(&["user", "list"])).to_string();
    assert!(users.contains("vera"), "{users}");
    // A role that only reads takes one.
    node.by("nora", &["user", "add", "rolf", "--role", "reader"]);
    assert!(json!(node.json(&["user", "list"])).to_string().contains("rolf"));
}

/// With another's token, or an administrator of his own making, one person would be two.
#[test]
fn one_administrator_is_not_two_persons() {
    let node = Node::start_new(PROGRAM, "west.example");
    let for_otto = node.refused(&["token", "add", "otto", "--as", "nora"]);
    assert!(for_otto.contains("may not make a token for `otto`"), "{for_otto}");
    let told = node.by("nora", &["user", "add", "nora2", "--role", "node-admin"]);
    assert!(told.contains("waits for a second person"), "{told}");
    // Of one who only reads, and his own, he makes them.
    node.good(&["user", "add", "rolf", "--role", "reader"]);
    node.by("nora", &["token", "add", "rolf"]);
    node.by("nora", &["token", "add", "nora"]);
    // The owner of the folder helps whoever has none.
    node.good(&["token", "add", "otto"]);
}

/// A waiver of one person, without a finding, once closed a case for good.
#[test]
fn a_waiver_takes_a_finding_and_two_and_can_be_taken_up_again() {
    let pair = pair();
    let item = pair.west.write("item.txt", "A report.");
    pair.west.by("ana", &["intake", &item]);
    let items = pair.west.json(&["item", "list"]);
    let id = items.last().unwrap()["id"].as_str().unwrap();
    pair.west.by("ana", &["case", "open", "--partner", "east.example", "--item", id]);
    let waive = ["case", "decide", "1", "waive", "--code", "already-aware", "--reason", "told us"];
    let waive = [&waive[..], &["--known-to", "their desk", "--known-since", "-1h"]].concat();
    let waive = [&waive[..], &["--as", "otto"]].concat();
    assert!(pair.west.refused(&waive).contains("finding"));
    let finding = "case finding 1 --credible --threat destruction --target x --reason y";
    pair.west.by("ana", &finding.split(' ').collect::<Vec<_>>());
    assert!(pair.west.good(&waive).contains("waits for a second person"));
    pair.west.good(&["user", "add", "vera", "--role", "approver"]);
    pair.west.approve("vera");
    let stage = || pair.west.json(&["case", "list"])[0]["stage"].clone();
    assert_eq!(stage(), "closed");
    pair.west.by("otto", &["case", "reopen", "1", "--reason", "they do not know"]);
    assert_eq!(stage(), "found");
    // An analyst proposes that there is no duty, of many at once.
    pair.west.by("ana", &["case", "open", "--partner", "east.example", "--item", id]);
    pair.west.by("ana", &["case", "not-met", "1", "2", "--reason", "noise"]);
    let waiting = pair.west.json(&["proposal", "list"]);
    assert_eq!(waiting.iter().filter(|one| one["fate"] == "waiting").count(), 1);
    pair.west.approve("otto");
    let stages = pair.west.json(&["case", "list"]);
    assert!(stages.iter().all(|case| case["stage"] == "closed"), "{stages:?}");
}

/// A new version once changed the content under an acknowledgement of the old one.
#[test]
fn a_new_version_is_unread_and_acknowledged_by_itself() {
    let pair = Pair::start(PROGRAM);
    let case = released(&pair, "Bombing");
    until("the warning", || (!pair.titles().is_empty()).then_some(()));
    pair.east.by("dora", &["warning", "open", "1"]);
    pair.east.by("dora", &["warning", "accept", "1"]);
    pair.draft(&case, "Bombing", "A bombing is planned for Sunday, not Saturday.");
    pair.west.release("otto", &case);
    let standing = || pair.east.json(&["warning", "list"])[0]["standing"]["standing"].clone();
    until("the new version", || (standing() == "new").then_some(()));
    let outcome = ["warning", "outcome", "1", "--fact", "arrested=1", "--as", "dora"];
    assert!(pair.east.refused(&outcome).contains("accepted warning"));
    pair.east.by("dora", &["warning", "accept", "1"]);
    pair.east.good(&outcome);
    let accepted = || {
        let shown = pair.west.get(&format!("/api/v1/cases/{case}"));
        let talk = shown.pointer("/case/talk").and_then(Value::as_array).unwrap().clone();
        talk.iter().filter(|said| said["what"]["what"] == "accepted").count()
    };
    until("both acknowledgements", || (accepted() == 2).then_some(()));
}

/// An original that names thousands of things does not push any of them out of what is withheld.
#[test]
fn an_original_that_is_flooded_with_ids_lets_none_of_them_through() {
    let pair = Pair::start(PROGRAM);
    let id = |n: u32| format!("aaa--00000000-0000-4000-8000-{n:012x}");
    let flood: Vec<String> = (0..20_100).map(id).collect();
    let text = format!("{}\nSee https://zz.example/cables/0042 for it.", flood.join("\n"));
    let case = pair.case(&text);
    pair.draft(&case, "Bombing", "As zz.example/cables/0042 says, a bombing is planned.");
    let shut = pair.west.release_refused("otto", &case);
    assert!(shut.contains("zz.example/cables/0042"), "{shut}");
}

/// A word that only may mean what is withheld once shut the gate for good.
#[test]
fn a_possible_objection_is_set_aside_by_two_and_a_certain_one_never() {
    let pair = pair();
    let item = pair.west.write("other.txt", "A report of somebody else.");
    pair.west.by("ana", &["intake", &item, "--source", "planned"]);
    let case = pair.case("A report.");
    let draft = |text: &str, aside: &[&str]| {
        let draft = ["case", "draft", &case, "--title", "Bombing", "--text", text];
        let draft = [&draft[..], &["--valid-until", "2099-01-01T00:00:00Z"], aside].concat();
        pair.west.by("ana", &draft);
    };
    draft("A bombing is planned.", &[]);
    let shut = pair.west.release_refused("otto", &case);
    assert!(shut.contains("“planned”") && shut.contains("(possible)"), "{shut}");
    let aside = ["--set-aside", "planned", "--set-aside", "HERON-7"];
    let slip = ["case", "draft", &case, "--title", "x", "--text", "y", "--set-aside", "plannd"];
    let slip = [&slip[..], &["--valid-until", "2099-01-01T00:00:00Z", "--as", "ana"]].concat();
    assert!(pair.west.refused(&slip).contains("no withheld text `plannd`"));
    draft("A bombing is planned, says HERON-7.", &aside);
    let release = |more: &[&str]| {
        let digest = pair.west.digest(&case);
        let release = ["case", "release", &case, "--digest", &digest, "--as", "otto"];
        pair.west.run(&[&release[..], more].concat())
    };
    let words = |output: std::process::Output| String::from_utf8(output.stderr).unwrap();
    // HERON-7 is certain, whatever is set aside.
    assert!(words(release(&aside)).contains("HERON-7"));
    draft("A bombing is planned.", &aside[..2]);
    let shown = pair.west.good(&["case", "preview", &case]);
    assert!(shown.contains("SET ASIDE by the drafter"), "{shown}");
    // The second person must say the same.
    assert!(words(release(&[])).contains("sets aside “planned”"));
    assert!(!release(&aside).status.success());
    assert!(release(&aside[..2]).status.success());
    pair.receipted(&case);
    // A sentence too, and by two even where the agreement says one.
    pair.west.agree_on_one("east.example");
    let recall = ["case", "recall", &case, "--reason", "it was planned by nobody"];
    let refused = pair.west.refused(&[&recall[..], &["--as", "otto"]].concat());
    assert!(refused.contains("(possible)"), "{refused}");
    let told = pair.west.by("otto", &[&recall[..], &aside[..2]].concat());
    assert!(told.contains("waits for a second person"), "{told}");
    let shown = newest(&pair.west);
    assert!(shown.contains("set aside, as not meaning what is withheld: planned"), "{shown}");
    pair.west.good(&["user", "add", "vera", "--role", "approver"]);
    pair.west.approve("vera");
}

/// What a partner reads once could name the other partners.
#[test]
fn a_partner_reads_of_another_only_by_two_persons_with_a_reason() {
    let pair = pair();
    let name = ["--organisation", "Office of the North"];
    pair.west
        .by("paul", &[&["partner", "add-without-node", "nordwacht.example"], &name[..]].concat());
    // A word that every text may have does not shut the gate on every text.
    let name = ["--organisation", "Police"];
    pair.west.by("paul", &[&["partner", "add-without-node", "wacht.example"], &name[..]].concat());
    let case = pair.case("A report.");
    pair.draft(&case, "Bombing", "The police should look at the north of the office park.");
    pair.west.release("otto", &case);
    pair.receipted(&case);
    let case = pair.case("Another report.");
    let told = "The Office of the North has been told, by nordwacht.example too.";
    pair.draft(&case, "Bombing", told);
    let shut = pair.west.release_refused("otto", &case);
    for words in ["the partner's name “Office of the North”", "“nordwacht.example”", "(possible)"]
    {
        assert!(shut.contains(words), "{words}: {shut}");
    }
    let aside = ["--set-aside", "Office of the North", "--set-aside", "nordwacht.example"];
    let draft = ["case", "draft", &case, "--title", "Bombing", "--text", told];
    let draft = [&draft[..], &["--valid-until", "2099-01-01T00:00:00Z"], &aside].concat();
    let refused = pair.west.refused(&[&draft[..], &["--as", "ana"]].concat());
    assert!(refused.contains("say why one partner may read of another"), "{refused}");
    let why = ["--set-aside-reason", "the three of us met on it"];
    pair.west.by("ana", &[&draft[..], &why].concat());
    let shown = pair.west.good(&["case", "preview", &case]);
    assert!(shown.contains("SET ASIDE by the drafter, because: the three of us met"), "{shown}");
    let digest = pair.west.digest(&case);
    let release = ["case", "release", &case, "--digest", &digest];
    pair.west.by("otto", &[&release[..], &aside].concat());
    pair.receipted(&case);
    // Beside a bundle too; and east.example may read of itself.
    let recall = ["case", "recall", &case, "--reason", "Office of the North told east.example"];
    let refused = pair.west.refused(&[&recall[..], &["--as", "otto"]].concat());
    assert!(
        refused.contains("Office of the North") && !refused.contains("east.example”"),
        "{refused}"
    );
    pair.west.by("otto", &[&recall[..], &aside[..2], &why].concat());
    let shown = newest(&pair.west);
    let set_aside = "set aside: Office of the North, because: the three of us met on it";
    assert!(shown.contains(set_aside), "{shown}");
}

/// One person once could fill all the room for proposals, recalls of others among them.
#[test]
fn nobody_fills_the_desk_with_proposals_for_the_others() {
    let node = Node::start_new(PROGRAM, "west.example");
    let add = ["user", "add", "nils", "--role", "node-admin"];
    node.good(&add);
    for n in 0..100 {
        let act = json!({"do": "user-add", "name": format!("user-{n}"), "roles": ["approver"]});
        assert_eq!(node.act("nora", &act).0, 200);
    }
    let act = json!({"do": "user-add", "name": "one-more", "roles": ["approver"]});
    let (status, answer) = node.act("nora", &act);
    assert_eq!((status, &answer["code"]), (422, &json!("waiting")), "{answer}");
    assert_eq!(node.act("nils", &act).0, 200);
}
