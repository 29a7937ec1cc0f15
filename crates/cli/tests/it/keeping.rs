//! The desk of whoever keeps the node: people, settings, feeds, how it fares, tokens, readouts.

#![expect(clippy::unwrap_used, reason = "test helpers fail by panic")]

use crate::desk::two_desks;
use forewarn_testkit::desk::{PASSWORD, give_password};
use forewarn_testkit::{Desk, Node, Pair, until};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

/// A node with its administrator at the desk.
fn kept() -> (Node, Desk) {
    let node = Node::start_new(PROGRAM, "west.example");
    node.good(&["user", "add", "nora", "--role", "node-admin"]);
    node.good(&["user", "add", "nils", "--role", "node-admin"]);
    for person in ["nora", "nils", "rita"] {
        give_password(&node, person);
    }
    let desk = Desk::sign_in(&node, "nora");
    (node, desk)
}

/// What a page shows that begins so, and no other page does.
fn shown_once(desk: &Desk, start: &str) -> String {
    let text = desk.text();
    let found = text.split_whitespace().find(|word| word.starts_with(start));
    found.unwrap().to_owned()
}

#[test]
fn somebody_is_added_invited_suspended_and_let_in_by_two_again() {
    let (node, mut nora) = kept();
    nora.open("/desk/users").says("nils").says("reader");
    let wrong = [("name", "Not A Name"), ("roles", "reader")];
    nora.send_for("Add with these roles", &wrong, 422).says("1 to 64 of small letters");
    nora.send("Add with these roles", &[("name", "vera"), ("roles", "reader")]);
    nora.says("comes in");
    nora.send("Invite vera", &[]).says("Hand it to vera and to nobody else.");
    let invitation = shown_once(&nora, "fwi_");
    let mut vera = Desk::stranger(&node);
    vera.open("/desk/sign-in");
    let typed = [("user", "vera"), ("password", PASSWORD), ("invitation", &*invitation)];
    vera.send("Sign in", &typed).says("vera");
    nora.open("/desk/users/vera").says_nothing_of(&invitation);
    nora.send_for("Suspend vera", &[("reason", "")], 422).says("Say something here");
    nora.send("Suspend vera", &[("reason", "she has left her telephone")]);
    nora.says("suspended since").says("she has left her telephone");
    let answer = vera.ask("GET", "/desk/", &[], "");
    assert_eq!((answer.status, answer.header("location")), (303, Some("/desk/sign-in?to=/desk/")));
    // To let somebody in again takes two.
    nora.send("Let vera in again", &[]).says("second person");
    // What takes two waits for the other administrator.
    nora.open("/desk/users");
    let approver = [("name", "mara"), ("roles", "approver")];
    nora.send("Add with these roles", &approver).says("second person");
    assert!(!node.good(&["user", "list"]).contains("mara"));
}

#[test]
fn who_does_not_keep_the_node_sees_who_is_there_and_changes_nothing() {
    let (node, _) = kept();
    let mut rita = Desk::sign_in(&node, "rita");
    rita.open("/desk/users").says("nora").says_nothing_of("Add with these roles");
    rita.open("/desk/users/nora").says_nothing_of("Suspend nora");
    rita.open("/desk/feeds").says_nothing_of("Add the feed");
    rita.open("/desk/health").says("matcher").says("search");
    rita.says_nothing_of("/desk/settings");
    assert_eq!(rita.ask("GET", "/desk/settings", &[], "").status, 403);
    let token =
        rita.page.split("name=\"token\" value=\"").nth(1).and_then(|at| at.split('"').next());
    let token = token.expect("a page has the token of its session").to_owned();
    for (path, fields) in [
        ("/desk/users", &[("name", "mallory"), ("roles", "node-admin")][..]),
        ("/desk/users/nora/suspend", &[("reason", "x")]),
        ("/desk/users/nora/remove", &[("reason", "x")]),
        ("/desk/users/nora/invite", &[]),
        (
            "/desk/feeds",
            &[
                ("name", "a"),
                ("url", "https://a.example/r/collections/1/"),
                ("way", "poll"),
                ("into", "inbox"),
            ],
        ),
        ("/desk/feeds/one", &[("name", "a"), ("do", "remove")]),
    ] {
        let fields = [&[("token", token.as_str())][..], fields].concat();
        assert_eq!(rita.post(path, &fields).status, 403, "{path}");
    }
}

#[test]
fn settings_say_where_they_come_from_and_the_file_is_read_again_at_the_desk() {
    let (node, mut nora) = kept();
    nora.open("/desk/settings").says("node.name").says("\"west.example\"").says("Nothing.");
    let path = node.home().join("forewarn.toml");
    let text = std::fs::read_to_string(&path).expect("it is there");
    std::fs::write(&path, text.replace("Service west.example", "Another service"))
        .expect("written");
    nora.open("/desk/settings").says("node.organisation").says("\"Another service\"");
    nora.says("What needs a new start").says_nothing_of("Read the file again");
    let more =
        "\n[quota]\nopen_warnings = 77\n[[witness]]\nurl = \"https://127.0.0.1:9\"\nkey = \"w\"\n";
    std::fs::write(&path, format!("{text}{more}")).expect("written");
    nora.open("/desk/settings").says("the node would not start").says("witness.key");
    std::fs::write(&path, format!("{text}\n[quota]\nopen_warnings = 77\n")).expect("written");
    nora.open("/desk/settings").says("What reading the file again would change").says("77");
    nora.send("Read the file again", &[]);
    nora.says("77").says_nothing_of("Read the file again");
    std::fs::write(&path, format!("{text}\n[nothing]\nlike = \"it\"\n")).expect("written");
    nora.open("/desk/settings").says("the node would not start").says("nothing");
}

#[test]
fn a_feed_is_added_asked_and_removed_at_the_desk() {
    let (_node, mut nora) = kept();
    nora.open("/desk/feeds").says("There is no feed.").says("inbox");
    let bad = [("name", "intel"), ("url", "ftp://a.example/"), ("way", "poll"), ("into", "inbox")];
    nora.send_for("Add the feed", &bad, 422).says("is not a collection's URL");
    let good = [("url", "http://127.0.0.1:9/root/collections/1/")];
    let good = [&[("name", "intel"), ("way", "poll"), ("into", "inbox")], &good[..]].concat();
    nora.send("Add the feed", &good).says("polled into inbox");
    nora.send("Do it", &[("do", "now")]).says("polled into inbox");
    nora.send("Do it", &[("do", "remove")]).says("There is no feed.");
}

#[test]
fn a_token_is_shown_once_and_a_second_factor_as_a_picture() {
    let (node, _) = kept();
    let mut rita = Desk::sign_in(&node, "rita");
    rita.open("/desk/account");
    let bad = [("name", "Not A Name"), ("days", "soon")];
    rita.send_for("Make a token for a program", &bad, 422).says("That is no whole number");
    rita.send(
        "Make a token for a program",
        &[("name", "script"), ("days", "7"), ("from", "192.0.2.0/24")],
    );
    rita.says("it is shown once");
    let token = shown_once(&rita, "fwt_");
    rita.open("/desk/account").says("script").says_nothing_of(&token);
    rita.send("Begin a second factor", &[]).says("Put this into your authenticator");
    assert!(rita.page.contains("<svg class=\"qr\"") && !rita.page.contains("style="));
}

#[test]
fn a_readout_is_written_committed_to_by_two_and_published_at_the_desk() {
    let pair = two_desks();
    let mut ana = Desk::sign_in(&pair.west, "ana");
    let mut otto = Desk::sign_in(&pair.west, "otto");
    let finding = [("parts", "credible"), ("parts", "specific"), ("parts", "impending")];
    let finding =
        [&finding[..], &[("threat", "destruction"), ("target", "x"), ("reason", "y")]].concat();
    ana.open("/desk/cases/1/finding").send("Record the finding for case 1", &finding);
    otto.open("/desk/cases/1/decision");
    otto.send("Decide case 1", &[("decision", "warn"), ("reason", "lives")]);
    ana.open("/desk/cases/1/draft");
    let draft = [("title", "Planned bombing"), ("text", "Two men plan an explosion.")];
    ana.send("Write the draft of case 1", &draft);
    otto.open("/desk/cases/1/release").send("Release to east.example", &[("secret", PASSWORD)]);
    ana.open("/desk/cases/1").follow("Readout").says("Write our text");
    let bad = [("text", "Thanks to a warning."), ("facts", "no place")];
    ana.send_for("Write our text", &bad, 422).says("Write SIDE/ENTRY/FIELD=WORDS on each line");
    let good = [("text", "A warning was given on Friday."), ("facts", "ours/1/@time=on Friday")];
    ana.send("Write our text", &good)
        .says("A warning was given on Friday.")
        .says("when it was written");
    // What was written stands in the form, with its facts.
    assert!(ana.page.contains("ours/1/@time=on Friday"), "{}", ana.page);
    ana.send("Commit to this text", &[]).says("second person");
    let proposal = ana.at.clone();
    let number = proposal.rsplit('/').next().expect("a number").to_owned();
    otto.open(&proposal).says("A warning was given on Friday.");
    otto.send(&format!("Approve proposal {number}"), &[]);
    otto.open("/desk/readouts/case-1").says("committed").says_nothing_of("Write our text");
    otto.send_for("Publish our text", &[], 422).says("Although an embargo binds");
    otto.send("Publish our text", &[("early", "yes")]).says("Our text revealed");
    let mut dora = Desk::sign_in(&pair.east, "dora");
    dora.wait_for("/desk/readouts", "revealed").follow("warning-1");
    dora.says("A warning was given on Friday.");
}

#[test]
fn charts_say_in_a_table_what_they_show_in_a_picture() {
    let pair = Pair::start(PROGRAM);
    give_password(&pair.west, "rita");
    let mut rita = Desk::sign_in(&pair.west, "rita");
    rita.open("/desk/charts").says("Nothing has been released yet.");
    let case = pair.case("A report of a planned bombing.");
    pair.draft(&case, "Planned bombing", "Two men plan an explosion.");
    pair.west.release("otto", &case);
    pair.receipted(&case);
    pair.east.by("dora", &["warning", "open", "1"]);
    pair.east.by("dora", &["warning", "accept", "1"]);
    rita.wait_for("/desk/charts", "case 1, east.example");
    until("the acknowledgement", || {
        rita.open("/desk/charts");
        (!rita.text().contains("not yet")).then_some(())
    });
    // One circle a step that was reached; what came this week is counted.
    assert_eq!(rita.page.matches("<circle class=\"acknowledged\"").count(), 2);
    rita.says("most: 1").says("EXERCISE");
    assert!(!rita.page.contains("style="), "the policy of the pages bars it");
    let counted = pair.west.get("/api/v1/statistics");
    let weeks = counted.get("weeks").and_then(|weeks| weeks.as_array()).expect("weeks");
    let came: i64 = weeks.iter().filter_map(|week| week.get("came")?.as_i64()).sum();
    // An exercise is no warning of the week.
    let warned: i64 = weeks.iter().filter_map(|week| week.get("warned")?.as_i64()).sum();
    assert_eq!((came, warned), (1, 0));
}

#[test]
fn an_item_shows_what_of_its_bundle_it_is_next_to() {
    let (node, _) = kept();
    let id = |kind: &str, n: u8| format!("{kind}--00000000-0000-4000-8000-00000000000{n}");
    let object = |kind: &str, n: u8, more: serde_json::Value| {
        let mut object = serde_json::json!({
            "type": kind, "spec_version": "2.1", "id": id(kind, n),
            "created": "2017-12-15T09:30:00.000Z", "modified": "2017-12-15T09:30:00.000Z",
        });
        let members = object.as_object_mut().expect("an object");
        members.extend(more.as_object().expect("members").clone());
        object
    };
    let objects = [
        object("identity", 1, serde_json::json!({"name": "Who says it"})),
        object(
            "malware",
            2,
            serde_json::json!({
                "name": "Black <b>Tulip</b>", "is_family": false,
                "created_by_ref": id("identity", 1), "sample_refs": ["file--00000000-0000-4000-8000-00000000000f"],
            }),
        ),
        object("campaign", 3, serde_json::json!({"name": "Night Train"})),
        object(
            "relationship",
            4,
            serde_json::json!({
                "relationship_type": "uses", "source_ref": id("campaign", 3), "target_ref": id("malware", 2),
            }),
        ),
    ];
    let bundle = serde_json::json!({
        "type": "bundle", "id": "bundle--1b7f2f3e-7d0e-4b0a-9f8c-0c1d2e3f4a5b", "objects": objects,
    });
    let path = node.write("bundle.json", bundle.to_string());
    node.by("ana", &["intake", &path]);
    let mut rita = Desk::sign_in(&node, "rita");
    rita.open(&format!("/desk/items/{}", id("malware", 2))).says("What it is next to");
    rita.says("Who says it").says("Night Train").says("that leads to it uses").says("not here");
    assert!(rita.page.contains("<svg class=\"chart graph\"") && !rita.page.contains("<b>Tulip"));
    // What the picture names can be followed in the table.
    rita.follow(&id("campaign", 3)).says("Black <b>Tulip</b>").says("it leads there uses");
}
