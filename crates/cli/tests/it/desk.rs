//! The desk, without a script: the whole life of a warning by four people in two organisations, and
//! what nobody may do there.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

use forewarn_testkit::desk::{PASSWORD, give_password};
use forewarn_testkit::{Desk, Node, Pair, until};
use serde_json::json;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");
const REPORT: &str = "Anton Velikov and another man are preparing an explosion in the Kazan \
                      Cathedral on Saturday 16 December. Messages pass through 203.0.113.77. \
                      HERON-7 has met both men.";

/// Two partners with a case of west's that a report has opened for east, and four people who sign in.
pub(crate) fn two_desks() -> Pair {
    let pair = Pair::start(PROGRAM);
    pair.interest("tickets.example");
    let path = pair.west.write("report.txt", REPORT);
    pair.west.by("ana", &["intake", &path, "--source", "HERON-7", "--grade", "B2"]);
    let items = pair.west.json(&["item", "list"]);
    let item = items.last().unwrap().get("id").unwrap().as_str().unwrap();
    let open = ["case", "open", "--partner", "east.example", "--item", item, "--exercise"];
    pair.west.by("ana", &[&open[..], &["--urgency", "immediate"]].concat());
    for person in ["ana", "otto"] {
        give_password(&pair.west, person);
    }
    for person in ["dora", "otto"] {
        give_password(&pair.east, person);
    }
    pair
}

/// Ana has found and otto decided to warn, each at the desk.
pub(crate) fn to_warn(pair: &Pair) -> (Desk, Desk) {
    let mut ana = Desk::sign_in(&pair.west, "ana");
    let mut otto = Desk::sign_in(&pair.west, "otto");
    ana.open("/desk/cases/1/finding").send("Record the finding for case 1", FINDING);
    otto.open("/desk/cases/1/decision");
    otto.send("Decide case 1", &[("decision", "warn"), ("reason", "lives")]);
    (ana, otto)
}

const FINDING: &[(&str, &str)] = &[
    ("parts", "credible"),
    ("parts", "specific"),
    ("parts", "impending"),
    ("threat", "destruction"),
    ("target", "visitors of the cathedral"),
    ("reason", "a source with direct access names place and day"),
];

#[test]
fn a_warning_lives_its_whole_life_at_two_desks_without_a_script() {
    let pair = two_desks();
    let mut ana = Desk::sign_in(&pair.west, "ana");
    let mut otto = Desk::sign_in(&pair.west, "otto");
    // From the watch to the finding, the decision and the draft.
    ana.says("Say whether there is a duty to warn.").says("EXERCISE");
    ana.follow("Open case 1").says("HERON-7").says("Kazan Cathedral");
    ana.send("Record the finding for case 1", FINDING).says("Next: warn, waive, refer, or not met");
    otto.open("/desk/").follow("Open case 1");
    let decision = [("decision", "warn"), ("reason", "lives are at stake")];
    otto.send("Decide case 1", &decision).says("to warn");
    ana.open("/desk/").follow("Open case 1").says("Place: Kazan Cathedral");
    let leaking = "Anton Velikov and another man plan an explosion in the Kazan Cathedral.";
    let draft = [("title", "Planned bombing"), ("text", leaking), ("withhold", "Anton Velikov")];
    ana.send("Write the draft of case 1", &draft);
    ana.says("The gate is shut. Nothing has left.").says("Anton Velikov");
    // Nobody can release it so; corrected, its writer cannot.
    otto.open("/desk/cases/1/release").says("The gate is shut. Nothing has left.");
    let clean = "Two men plan an explosion in the Kazan Cathedral on Saturday 16 December.";
    ana.follow("Write another draft").send("Write the draft of case 1", &[("text", clean)]);
    ana.says("Next: read and release the draft");
    ana.follow("Read what east.example will get");
    ana.says("You wrote this draft, so you may not release it, ana.");
    assert!(!ana.page.contains("name=\"secret\""));
    // The second person reads the same bytes, and shows who he is.
    otto.open("/desk/").follow("Read and release, case 1").says("Exactly this leaves west.example");
    let words = |desk: &Desk| {
        let text = desk.text();
        text.split("In four words ").nth(1).unwrap().split(" Whoever").next().unwrap().to_owned()
    };
    assert_eq!(words(&ana), words(&otto));
    otto.says("EXERCISE: Planned bombing").says("Anton Velikov").says("HERON-7");
    otto.send_for("Release to east.example", &[("secret", "another")], 403);
    otto.says("That is neither your password nor a code that counts now.");
    otto.send("Release to east.example", &[("secret", PASSWORD)]);
    otto.wait_for("/desk/cases/1", "Their node holds it yes");
    answered(&pair, &mut otto);
}

/// A report is typed, and a case opened on it, without the command line.
#[test]
fn a_report_is_taken_in_and_a_case_opened_at_the_desk() {
    let pair = Pair::start(PROGRAM);
    pair.interest("tickets.example");
    for person in ["ana", "rita"] {
        give_password(&pair.west, person);
    }
    let mut ana = Desk::sign_in(&pair.west, "ana");
    let report = [("text", REPORT), ("source", "HERON-7"), ("grade", "B2")];
    ana.open("/desk/items");
    ana.send_for("Take the report in", &[("text", ""), ("source", "HERON-7")], 422);
    ana.says("Say something here");
    ana.send_for("Take the report in", &[("text", REPORT), ("grade", "Z9")], 422);
    assert!(ana.page.contains("Kazan Cathedral"), "what was typed is not lost");
    ana.send("Take the report in", &report).says("Kazan Cathedral").says("HERON-7").says("B2");
    let open = [("partner", "east.example"), ("urgency", "immediate"), ("exercise", "yes")];
    ana.send("Open the case", &open).says("EXERCISE").says("Kazan Cathedral");
    let case = pair.west.get("/api/v1/cases/1");
    assert_eq!(case["case"]["status"], "Exercise", "{case}");
    // What meets an interest opens its case by itself.
    ana.open("/desk/items");
    ana.send("Take the report in", &[("text", "Look at evil.tickets.example at once.")]);
    ana.wait_for("/desk/cases", "Case 2");
    // Whoever only reads brings nothing in.
    let mut rita = Desk::sign_in(&pair.west, "rita");
    rita.open("/desk/items").says_nothing_of("Take in a report");
    let refused = rita.ask("POST", "/desk/items/take", &[], "text=x");
    assert_eq!(refused.status, 403, "{}", refused.text());
}

/// A draft that came while the first was read is not the one that the password was typed for, and a
/// slip in the password does not hide that.
#[test]
fn a_slip_at_the_release_page_does_not_hide_that_the_draft_is_another() {
    let pair = two_desks();
    let (mut ana, mut otto) = to_warn(&pair);
    let draft = |text| [("title", "Planned bombing"), ("text", text)];
    ana.open("/desk/cases/1/draft").send("Write the draft of case 1", &draft("In the north."));
    otto.open("/desk/cases/1/release").says("In the north.");
    ana.open("/desk/cases/1/draft").send("Write the draft of case 1", &draft("In the south."));
    otto.send_for("Release to east.example", &[("secret", "another")], 422);
    otto.says("the draft was changed since you saw it").says("In the south.");
    otto.send("Release to east.example", &[("secret", PASSWORD)]);
    otto.wait_for("/desk/cases/1", "Their node holds it yes");
}

/// The other side: opened, accepted by two, asked, answered by two, and what came of it.
fn answered(pair: &Pair, otto: &mut Desk) {
    let mut dora = Desk::sign_in(&pair.east, "dora");
    dora.wait_for("/desk/", "Open warning 1").says("Planned bombing");
    dora.open("/desk/warnings/1").says("Nobody here has opened it.");
    dora.says_nothing_of("Two men plan an explosion");
    dora.send("Open warning 1", &[]).says("Two men plan an explosion");
    dora.says_nothing_of("Velikov").says_nothing_of("HERON-7");
    dora.follow("Accept").send("Accept warning 1", &[("text", "an operational group has it")]);
    // The agreement here says that one person is enough.
    dora.says("Accepted by dora");
    dora.follow("Ask a question");
    dora.send("Ask west.example", &[("text", "Is it in a flat?")]).says("Is it in a flat?");
    otto.wait_for("/desk/", "They ask, and wait for an answer.");
    otto.follow("Answer on case 1").says("Is it in a flat?");
    otto.send("Answer: Case 1", &[("reason", "In the north of the city.")]);
    dora.wait_for("/desk/warnings/1", "In the north of the city.");
    dora.follow("Report an outcome");
    dora.send_for("Tell west.example what came of it", &[("detained", "seven")], 422);
    dora.says("That is no whole number").says("detained: That is no whole number");
    let outcome = [("detained", "7"), ("on", "2017-12-15"), ("text", "in raids")];
    dora.send("Tell west.example what came of it", &outcome).says("7 detained");
    otto.wait_for("/desk/cases/1", "7 detained").says("Accepted dora");
    // Nothing that the command line did not do as well.
    let history = pair.west.json(&["case", "show", "1"]);
    assert!(json!(history).to_string().contains("the case is released"), "{history:?}");
}

#[test]
fn a_warning_that_was_taken_back_is_answered_at_the_desk() {
    let pair = two_desks();
    let (mut ana, mut otto) = to_warn(&pair);
    ana.open("/desk/cases/1/draft");
    let draft = [("title", "Planned bombing"), ("text", "Two men plan an explosion.")];
    ana.send("Write the draft of case 1", &draft);
    otto.open("/desk/cases/1/release").send("Release to east.example", &[("secret", PASSWORD)]);
    let mut dora = Desk::sign_in(&pair.east, "dora");
    dora.wait_for("/desk/", "Open warning 1").send("Open warning 1", &[]);
    otto.open("/desk/cases/1").follow("Take the warning back").says("east.example");
    let button = "Take the warning back: Case 1";
    otto.send_for(button, &[("reason", "")], 422).says("Say something here");
    otto.send(button, &[("reason", "it was mistyped")]).says("It was taken back.");
    dora.wait_for("/desk/warnings/1", "west.example has taken it back").says("it was mistyped");
    dora.follow("Answer the recall");
    let answer = [("answer", "complied"), ("text", "nothing was done with it yet")];
    dora.send("Answer west.example", &answer).says("It was answered.");
    otto.wait_for("/desk/cases/1", "nothing was done with it yet");
}

/// A desk with nobody who needs anything.
fn desk(person: &str) -> (Node, Desk) {
    let node = Node::start_new(PROGRAM, "west.example");
    give_password(&node, person);
    let desk = Desk::sign_in(&node, person);
    (node, desk)
}

#[test]
fn a_page_is_read_in_the_readers_language_and_says_when_nothing_is_needed() {
    let (node, desk) = desk("dora");
    desk.says("Nothing needs anyone here.").says("duty officer");
    let mut german = Desk::stranger(&node).in_language("de-AT, en;q=0.5");
    german.open("/desk/").says("Anmelden bei west.example");
    german.send("Anmelden", &[("user", "dora"), ("password", PASSWORD)]);
    german.says("Hier wird niemand gebraucht.").says("Wachdienst");
    assert!(german.page.contains("<html lang=\"de\">"));
}

#[test]
fn a_wrong_password_says_the_same_of_everybody_and_lets_nobody_in() {
    let node = Node::start_new(PROGRAM, "west.example");
    give_password(&node, "otto");
    let mut stranger = Desk::stranger(&node);
    for user in ["otto", "nobody", "<script>alert(1)</script>"] {
        stranger.open("/desk/cases/1").says("Sign in first");
        stranger.send_for("Sign in", &[("user", user), ("password", "wrong one here")], 401);
        stranger.says("the name, the password or the code is wrong");
        assert!(!stranger.page.contains("<script>alert"));
    }
    // Where somebody was going, he or she gets; and nowhere else.
    stranger.open("/desk/proposals");
    stranger.send("Sign in", &[("user", "otto"), ("password", PASSWORD)]);
    assert_eq!(stranger.at, "/desk/proposals");
    stranger.send("Sign out", &[]).says("You are signed out.");
    stranger.open("/desk/").says("Sign in to west.example");
    let typed = [("user", "otto"), ("password", PASSWORD), ("to", "https://evil.example/")];
    let answer = stranger.post("/desk/sign-in", &typed);
    assert_eq!((answer.status, answer.header("location")), (303, Some("/desk/")));
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
}

#[test]
fn a_session_that_was_ended_opens_no_page_and_takes_no_form() {
    let (node, desk) = desk("otto");
    let kept = desk.ask("GET", "/desk/", &[], "");
    assert_eq!(kept.status, 200);
    node.good(&["token", "revoke", "otto"]);
    until("the session to end", || {
        (desk.ask("GET", "/desk/", &[], "").status == 303).then_some(())
    });
    assert_eq!(desk.post("/desk/take", &[("need", "x")]).status, 401);
}

#[test]
fn a_form_of_another_site_or_without_its_token_does_nothing() {
    let pair = two_desks();
    let ana = Desk::sign_in(&pair.west, "ana");
    let token =
        ana.page.split("name=\"token\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let body = |token: &str| {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(FINDING).append_pair("token", token);
        body.finish()
    };
    let path = "/desk/cases/1/finding";
    let origin = format!("http://{}", pair.west.address);
    let kind = ("content-type", "application/x-www-form-urlencoded");
    let (own, evil) = (("origin", &*origin), ("origin", "https://evil.example"));
    let otto = Desk::sign_in(&pair.west, "otto");
    let others =
        otto.page.split("name=\"token\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    for (headers, token) in [
        (vec![kind, evil], token),
        (vec![kind], token),
        (vec![kind, ("origin", "null")], token),
        (vec![kind, own, ("sec-fetch-site", "cross-site")], token),
        (vec![kind, own, ("sec-fetch-site", "same-site")], token),
        (vec![own, ("content-type", "text/plain")], token),
        (vec![kind, own], ""),
        (vec![kind, own], "00"),
        (vec![kind, own], others),
    ] {
        let answer = ana.ask("POST", path, &headers, &body(token));
        assert!(matches!(answer.status, 403 | 415), "{headers:?}: {}", answer.status);
        assert!(answer.text().contains("Nothing has left."), "{}", answer.text());
    }
    let open = pair.west.json(&["case", "show", "1"]);
    assert!(json!(open).to_string().contains("\"stage\":\"open\""), "{open:?}");
    // The cookie is worth nothing at the API.
    let answer = ana.ask("GET", "/api/v1/cases", &[], "");
    assert_eq!(answer.status, 401);
    let good = ana.ask("POST", path, &[kind, own], &body(token));
    assert_eq!(good.status, 303, "{}", good.text());
}

#[test]
fn a_form_that_is_sent_twice_is_one_act() {
    let pair = two_desks();
    let mut ana = Desk::sign_in(&pair.west, "ana");
    ana.open("/desk/cases/1/finding");
    let page = (ana.page.clone(), ana.at.clone());
    ana.send("Record the finding for case 1", FINDING);
    (ana.page, ana.at) = page;
    ana.send("Record the finding for case 1", FINDING);
    let shown = json!(pair.west.json(&["case", "show", "1"])).to_string();
    assert_eq!(shown.matches("the case is found").count(), 1, "{shown}");
}

#[test]
fn every_answer_below_the_desk_bars_what_is_not_its_own() {
    let (_node, desk) = desk("otto");
    for path in [
        "/desk/",
        "/desk/cases",
        "/desk/cases/7",
        "/desk/none",
        "/desk/style.css",
        "/desk/script.js",
    ] {
        let answer = desk.ask("GET", path, &[], "");
        let policy = answer.header("content-security-policy").unwrap();
        for must in ["default-src 'none'", "frame-ancestors 'none'", "form-action 'self'"] {
            assert!(policy.contains(must), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{path}");
        }
        if path.contains('.') {
            continue;
        }
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        let text = answer.text();
        for inline in ["<script>", " style=", " onclick=", "<style", "javascript:", "http://"] {
            assert!(!text.contains(inline), "{path} has {inline}");
        }
        assert!(text.len() < 60 << 10, "{path}: {}", text.len());
    }
    let answer = desk.ask("GET", "/desk/cases/7", &[], "");
    assert_eq!(answer.status, 404);
    assert!(answer.text().contains("There is no such page"));
}
