//! What officers do about a duty to warn: waived and looked at again, paused, muted, merged, and one
//! threat for several partners.

use forewarn_testkit::{Node, Pair, until};
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");
const DOMAIN: &str = "shop.tickets.example";

/// A version of an indicator of the domain.
fn indicator(n: u32, modified: &str) -> String {
    let id = format!("indicator--4d2399a9-54cc-4c5f-b57e-{n:012}");
    json!([{
        "type": "indicator", "spec_version": "2.1", "id": id, "pattern_type": "stix",
        "created": "2017-12-15T09:30:00.000Z", "modified": modified,
        "pattern": format!("[domain-name:value = '{DOMAIN}']"),
        "valid_from": "2017-12-15T09:30:00Z",
    }])
    .to_string()
}

fn intake(node: &Node, file: &str, bytes: &str, grade: &str) {
    let path = node.write(file, bytes);
    node.by("ana", &["intake", &path, "--source", "HERON", "--grade", grade]);
}

fn words(node: &Node, person: &str, command: &str) -> String {
    node.by(person, &command.split(' ').collect::<Vec<_>>())
}

fn shown(node: &Node, case: u32) -> Value {
    node.get(&format!("/api/v1/cases/{case}"))
}

fn cases(node: &Node, count: usize) -> Vec<Value> {
    until("the cases", || {
        let cases = node.json(&["case", "list"]);
        (cases.len() == count).then_some(cases)
    })
}

fn need(node: &Node, kind: &str) -> Option<Value> {
    node.json(&["needs"]).into_iter().find(|row| row["kind"] == kind)
}

fn pair() -> Pair {
    let pair = Pair::start(PROGRAM);
    pair.west.good(&["user", "add", "vera", "--role", "approver"]);
    pair.interest(DOMAIN);
    pair
}

const FINDING: &str = "--credible --specific --impending --threat killing --target visitors";

/// A waiver once closed a case, and nobody looked at it again, whatever came to be known.
#[test]
fn a_waiver_is_looked_at_again_when_a_new_fact_joins_and_is_kept_or_taken_up_again() {
    let pair = pair();
    let west = &pair.west;
    intake(west, "a.json", &indicator(1, "2017-12-15T09:30:00.000Z"), "B2");
    cases(west, 1);
    let finding = format!("case finding 1 {FINDING} --nationality any --basis icd191 --reason x");
    words(west, "ana", &format!("{finding} --likelihood likely --confidence low"));
    let waive = "case decide 1 waive --code already-aware --reason told --as ana";
    let refused = west.refused(&waive.split(' ').collect::<Vec<_>>());
    assert!(refused.contains("who knows already"), "{refused}");
    let facts = "--known-to partner-desk --known-since -1h --consulted legal --review-at +20d";
    west.good(&format!("{waive} {facts}").split(' ').collect::<Vec<_>>());
    west.approve("vera");
    let told = west.good(&["case", "show", "1"]);
    for part in [
        "approved by vera",
        "known to partner-desk",
        "consulted: legal",
        "icd191",
        "looked at again by",
        "review by",
        "likelihood: likely",
        "confidence: low",
        "Admiralty B2",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    // Nobody is asked before its time; the first words to a partner may go twice until it knows us.
    until("nothing to wait for anybody", || west.json(&["needs"]).is_empty().then_some(()));
    // A new version of what it rests on, graded by another scheme.
    intake(west, "b.json", &indicator(1, "2017-12-16T09:30:00.000Z"), "4x4:A1");
    let review = until("the review", || need(west, "waiver-review"));
    assert_eq!(review["command"], "forewarn case show 1");
    assert_eq!(cases(west, 1)[0]["review"], true);
    let told = west.good(&["case", "show", "1"]);
    assert!(told.contains("Admiralty B2") && told.contains("Europol 4x4 A1"), "{told}");
    assert!(told.contains("TO BE LOOKED AT AGAIN"), "{told}");
    words(west, "otto", "case keep 1 --reason nothing-new --review-at +10d");
    assert_eq!(need(west, "waiver-review"), None);
    intake(west, "c.json", &indicator(1, "2017-12-17T09:30:00.000Z"), "B2");
    until("the next review", || need(west, "waiver-review"));
    words(west, "otto", "case reopen 1 --reason they-do-not-know");
    assert_eq!(cases(west, 1)[0]["stage"], "found");
    let mut pair = pair;
    pair.west.stop();
    pair.west.start();
    assert_eq!(shown(&pair.west, 1)["case"]["purpose"], Value::Null);
}

/// Which grounds there are, and who decides them, is the node's configuration.
#[test]
fn the_profile_and_the_seniority_of_the_node_count() {
    let config = "[waivers]\nprofile = \"echr\"\n\
                  seniority = { endangers-liaison = [\"user:hanna\"] }\n";
    let west = Node::start_configured(PROGRAM, "west.example", config);
    let pair = Pair::of(west, Node::start_new(PROGRAM, "east.example"));
    let west = &pair.west;
    for name in ["vera", "hanna"] {
        west.good(&["user", "add", name, "--role", "approver"]);
    }
    let path = west.write("item.txt", "A report.");
    west.by("ana", &["intake", &path]);
    let item = west.json(&["item", "list"])[0]["id"].as_str().unwrap().to_owned();
    west.by("ana", &["case", "open", "--partner", "east.example", "--item", &item]);
    words(west, "ana", &format!("case finding 1 {FINDING} --reason x"));
    let waive = |code: &str| format!("case decide 1 waive --code {code} --reason x --as ana");
    let split = |command: &str| command.split(' ').map(str::to_owned).collect::<Vec<String>>();
    let refused = |command: &str| {
        let words = split(command);
        west.refused(&words.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let told = refused(&waive("at-risk-only-by-hostilities"));
    assert!(told.contains("no ground of the profile `echr`"), "{told}");
    west.good(&split(&waive("endangers-liaison")).iter().map(String::as_str).collect::<Vec<_>>());
    let proposals = west.json(&["proposal", "list"]);
    let proposal = proposals.iter().find(|one| one["fate"] == "waiting").unwrap();
    let (number, digest) = (&proposal["number"], proposal["digest"].as_str().unwrap());
    let approve = |who: &str| format!("proposal approve {number} --digest {digest} --as {who}");
    let told = refused(&approve("vera"));
    assert!(told.contains("user:hanna"), "{told}");
    west.good(&split(&approve("hanna")).iter().map(String::as_str).collect::<Vec<_>>());
    let decision = &shown(west, 1)["case"]["stage"]["decision"];
    assert_eq!(decision["waived"], json!({"profile": "echr", "seniority": "user:hanna"}));
}

/// A clock that was paused once had to be resumed by somebody who remembered it.
#[test]
fn a_paused_clock_is_shown_and_runs_on_by_itself_over_a_restart() {
    let mut pair = Pair::start(PROGRAM);
    let path = pair.west.write("item.txt", "A report.");
    pair.west.by("ana", &["intake", &path]);
    let item = pair.west.json(&["item", "list"])[0]["id"].as_str().unwrap().to_owned();
    let open = ["case", "open", "--partner", "east.example", "--item", &item];
    pair.west.by("ana", &open);
    words(&pair.west, "otto", "case pause 1 --until +2h --reason their-desk-is-closed");
    let told = pair.west.good(&["case", "show", "1"]);
    assert!(told.contains("PAUSED by otto"), "{told}");
    assert!(pair.west.good(&["case", "list"]).contains("PAUSED"));
    assert!(pair.west.good(&["needs"]).contains("their-desk-is-closed"));
    words(&pair.west, "ana", "case resume 1");
    words(&pair.west, "otto", "case pause 1 --until +3s --reason x");
    pair.west.stop();
    pair.west.start();
    until("the clock to run on", || {
        let shown = shown(&pair.west, 1);
        let runs = shown["case"]["pause"].is_null();
        (runs && shown["history"].to_string().contains("runs-on")).then_some(())
    });
    // Who drafts makes it more urgent; only who decides makes it less so.
    let lower = ["case", "urgency", "1", "future", "--reason", "x", "--as", "ana"];
    assert!(pair.west.refused(&lower).contains("approver"));
    words(&pair.west, "ana", "case urgency 1 immediate --reason it-is-today");
    assert_eq!(pair.west.json(&["case", "list"])[0]["urgency"], "immediate");
}

/// Noise of one source opened a case each time, and whoever closed them overlooked the one that was
/// none.
#[test]
fn what_is_muted_opens_no_case_and_is_counted_and_ends() {
    let pair = pair();
    let west = &pair.west;
    let until_then = "--until +1h --reason our-own-scanner";
    let add = format!("mute add --source HERON --interest {DOMAIN} {until_then}");
    // The partner's interest is immediate: that is not muted unless it is said.
    words(west, "otto", &add);
    intake(west, "a.json", &indicator(1, "2017-12-15T09:30:00.000Z"), "B2");
    cases(west, 1);
    words(west, "otto", "mute remove 1 --reason too-narrow");
    words(west, "ana", &format!("{add} --immediate"));
    west.approve("otto");
    intake(west, "b.json", &indicator(2, "2017-12-15T09:30:00.000Z"), "B2");
    until("the muted match", || {
        let mutes = west.json(&["mute", "list"]);
        (mutes[1]["matches"] == 1).then_some(())
    });
    assert_eq!(west.json(&["case", "list"]).len(), 1);
    assert!(west.good(&["mute", "show", "2"]).contains("our-own-scanner"));
    let removed = words(west, "otto", "mute remove 2 --reason it-was-none");
    assert!(removed.contains("mute 2"), "{removed}");
    intake(west, "c.json", &indicator(3, "2017-12-15T09:30:00.000Z"), "B2");
    cases(west, 2);
    // Merged, joined, dismissed, and many at once found to be none.
    words(west, "ana", "case merge 2 into 1 --reason one-plot");
    assert!(west.good(&["case", "show", "2"]).contains("merged into case 1 by ana"));
    assert_eq!(shown(west, 1)["matches"].as_array().unwrap().len(), 2);
    let items = west.json(&["item", "list"]);
    let muted = items[1]["id"].as_str().unwrap();
    words(west, "ana", &format!("case join {muted} 1 --reason the-same-domain"));
    assert_eq!(west.json(&["case", "list"])[0]["items"], 3);
    let dismiss = format!("case dismiss {muted} --interest {DOMAIN} --reason a-near-miss");
    words(west, "ana", &dismiss);
    let history = west.get("/api/v1/partners/east.example/history").to_string();
    assert!(history.contains("a-near-miss") && history.contains("mute-set"), "{history}");
    words(west, "otto", "case not-met 1 --reason noise");
    assert_eq!(west.json(&["needs"]), Vec::<Value>::new());
    crate::described::answers_are_as_described(west);
}

/// Who faces the same threat was warned or not as it happened to be seen.
#[test]
fn one_threat_for_several_partners_is_decided_together_and_none_shows_another() {
    let pair = Pair::start(PROGRAM);
    let west = &pair.west;
    let cert = ["partner", "add-without-node", "cert.example", "--organisation", "Cert Team"];
    west.by("paul", &cert);
    let path = west.write("item.txt", "A report of a bombing.");
    west.by("ana", &["intake", &path, "--source", "HERON"]);
    let item = west.json(&["item", "list"])[0]["id"].as_str().unwrap().to_owned();
    let both = ["--partner", "east.example", "--partner", "cert.example", "--item", &item];
    let told = west.by("ana", &[&["case", "open"], &both[..]].concat());
    assert!(told.contains("case 1 is open") && told.contains("case 2 is open"), "{told}");
    for case in ["1", "2"] {
        words(west, "ana", &format!("case finding {case} {FINDING} --reason x"));
    }
    let told = west.good(&["case", "show", "1"]);
    assert!(told.contains("cert.example, case 2, found: NOT DECIDED"), "{told}");
    words(west, "otto", "case decide 1 warn --all-linked --reason lives");
    let told = west.good(&["case", "show", "1"]);
    assert!(told.contains("cert.example, case 2, to warn: to be warned"), "{told}");
    let draft = "case draft 1 --also 2 --tlp green --valid-until +2d --title Bombing --text";
    let draft = [&draft.split(' ').collect::<Vec<_>>()[..], &["A bombing is planned."]].concat();
    west.by("ana", &draft);
    let bundle = |case: u32| {
        let preview = west.get(&format!("/api/v1/cases/{case}/preview"));
        assert_eq!(preview["passes"], true, "{preview}");
        preview["bundle"].as_str().unwrap().to_owned()
    };
    let (first, second) = (bundle(1), bundle(2));
    for (bundle, other) in [(&first, ["cert", "Cert Team"]), (&second, ["east.example", "east"])] {
        assert!(other.iter().all(|name| !bundle.contains(name)), "{bundle}");
    }
    let ids = |bundle: &str| -> Vec<String> {
        let bundle: Value = serde_json::from_str(bundle).unwrap();
        let objects = bundle["objects"].as_array().unwrap().iter();
        let own = objects.filter(|one| one["type"] != "marking-definition");
        own.map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    };
    let second_ids = ids(&second);
    assert!(ids(&first).iter().all(|id| !second_ids.contains(id)));
    // The name of the one in what goes to the other shuts the gate.
    let named = "case draft 1 --tlp green --valid-until +2d --title Bombing --text";
    let words = [&named.split(' ').collect::<Vec<_>>()[..], &["As Cert Team knows."]].concat();
    west.by("ana", &words);
    assert_eq!(west.get("/api/v1/cases/1/preview")["passes"], false);
}

/// One is decided, and the other has no longer than that.
#[test]
fn what_is_linked_by_hand_is_decided_in_the_same_time() {
    let west = Node::start_new(PROGRAM, "west.example");
    for name in ["cert.example", "isac.example"] {
        west.by("paul", &["partner", "add-without-node", name, "--organisation", name]);
    }
    let path = west.write("item.txt", "A report of a bombing.");
    west.by("ana", &["intake", &path]);
    let item = west.json(&["item", "list"])[0]["id"].as_str().unwrap().to_owned();
    for (partner, urgency) in [("cert.example", "immediate"), ("isac.example", "future")] {
        let all = ["case", "open", "--partner", partner, "--item", &item, "--urgency", urgency];
        west.by("ana", &all);
    }
    let due = |case: usize| west.json(&["case", "list"])[case]["due"].clone();
    assert_ne!(due(0), due(1));
    words(&west, "ana", "case link 1 2");
    words(&west, "ana", &format!("case finding 1 {FINDING} --reason x"));
    words(&west, "otto", "case decide 1 warn --reason lives");
    assert_eq!(due(0), due(1));
    assert_eq!(west.json(&["case", "list"])[1]["threat"], 1);
    words(&west, "otto", "case decide 2 refer --to police --answer-by +2s --reason theirs");
    until("the unanswered referral", || need(&west, "referral"));
    words(&west, "otto", "case keep 2 --reason they-have-warned");
    assert_eq!(need(&west, "referral"), None);
    let told = west.good(&["case", "show", "1"]);
    assert!(told.contains("isac.example, case 2, closed: not warned: theirs"), "{told}");
}
