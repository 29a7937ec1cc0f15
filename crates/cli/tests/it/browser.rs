//! The desk in a real browser: `make desk`. Not run by themselves, since they need Chromium.

use crate::desk::{to_warn, two_desks};
use forewarn_testkit::desk::PASSWORD;
use forewarn_testkit::{Browser, Node};
use serde_json::Value;
use std::time::{Duration, Instant};

mod drawn;
mod further;

fn sign_in(node: &Node, person: &str) -> Browser {
    let mut browser = Browser::start(true);
    browser.open(node, "/desk/");
    browser.write("user", person);
    browser.write("password", PASSWORD);
    browser.click("Sign in");
    browser.says(person);
    browser.acts = 0;
    browser
}

/// From the notice to the receipt, in at most a minute of everybody's and so many acts of each person.
#[test]
#[ignore = "needs Chromium: make desk"]
fn a_warning_leaves_in_a_minute_and_few_acts_of_each_and_each_desk_is_told_live() {
    const MOST_ACTS: usize = 12;
    let pair = two_desks();
    let (mut ana, mut otto) = (sign_in(&pair.west, "ana"), sign_in(&pair.west, "otto"));
    let mut dora = sign_in(&pair.east, "dora");
    dora.says("Nothing needs anyone here.");
    let start = Instant::now();
    ana.click("Open case 1");
    for part in ["credible", "specific", "impending"] {
        ana.choose("parts", part);
    }
    ana.choose("threat", "destruction");
    ana.write("target", "visitors of the cathedral");
    ana.write("reason", "a source names place and day");
    ana.click("Record the finding for case 1");
    let finding = ana.acts;
    // Otto's watch tells of it without being loaded again.
    otto.says("Changes: ");
    otto.click_on("waiting");
    otto.click("Open case 1");
    otto.choose("decision", "warn");
    otto.write("reason", "lives are at stake");
    otto.click("Decide case 1");
    ana.click("Watch");
    ana.click("Open case 1");
    ana.acts = 0;
    ana.write("title", "Planned bombing");
    ana.write("text", "Two men plan an explosion in the cathedral.");
    ana.choose("take", "1");
    ana.click("Write the draft of case 1");
    ana.says("Next: read and release the draft");
    otto.click("Watch");
    otto.click("Read and release, case 1");
    otto.write("secret", PASSWORD);
    otto.click("Release to east.example");
    otto.says("released by otto");
    dora.says("Changes: ");
    dora.click_on("waiting");
    dora.says("Planned bombing");
    let took = start.elapsed();
    dora.click("Open warning 1");
    dora.says("Two men plan an explosion");
    assert!(took < Duration::from_mins(1), "{took:?}");
    for (person, acts) in [("ana", finding), ("ana", ana.acts), ("otto", otto.acts)] {
        assert!(acts <= MOST_ACTS, "{person}: {acts}");
    }
    for browser in [&ana, &otto, &dora] {
        assert_eq!(browser.complaints(), Vec::<String>::new());
    }
}

/// Nothing moves under a hand: what is typed stays, and a changed object is told.
#[test]
#[ignore = "needs Chromium: make desk"]
fn what_is_typed_stays_while_the_case_changes() {
    let pair = two_desks();
    let mut ana = sign_in(&pair.west, "ana");
    ana.open(&pair.west, "/desk/cases/1/finding");
    ana.write("target", "visitors");
    pair.west.good(&["user", "add", "vera", "--role", "approver"]);
    let urgency = ["case", "urgency", "1", "expected", "--reason", "it is later than we thought"];
    pair.west.by("vera", &urgency);
    ana.says("This has changed since the page was loaded.");
    assert_eq!(ana.run("return document.getElementById('f-target').value"), "visitors");
    ana.click("Record the finding for case 1");
    ana.says("Please look at this again");
    assert_eq!(ana.run("return document.getElementById('f-target').value"), "visitors");
}

#[test]
#[ignore = "needs Chromium: make desk"]
fn signing_in_is_done_by_the_keyboard_alone_and_without_scripts() {
    let pair = two_desks();
    for scripts in [true, false] {
        let mut browser = Browser::start(scripts);
        browser.open(&pair.west, "/desk/sign-in");
        // Tab to the skip link, the desk, the name; then on.
        let mut tabs = 0;
        while browser.find_focus() != "user" {
            browser.press("\u{e004}");
            tabs += 1;
            assert!(tabs < 10, "the name cannot be reached by the keyboard");
        }
        browser.press("ana\u{e004}");
        browser.press(&format!("{PASSWORD}\u{e007}"));
        browser.says("analyst");
    }
}

/// What is typed is kept as it is written, and stands there again when the page is loaded anew.
#[test]
#[ignore = "needs Chromium: make desk"]
fn what_is_typed_is_kept_while_it_is_written() {
    let pair = two_desks();
    let mut ana = sign_in(&pair.west, "ana");
    ana.open(&pair.west, "/desk/cases/1/finding");
    ana.write("target", "visitors");
    ana.says("Kept here since");
    // Left before anything was kept of it.
    ana.write("reason", "a source");
    ana.open(&pair.west, "/desk/");
    ana.says("Begun and not sent");
    ana.open(&pair.west, "/desk/cases/1/finding");
    let value = |browser: &Browser, id: &str| {
        browser.run(&format!("return document.getElementById('f-{id}').value"))
    };
    assert_eq!(
        (value(&ana, "target"), value(&ana, "reason")),
        ("visitors".into(), "a source".into())
    );
    ana.click("Throw away what was typed");
    forewarn_testkit::until("an empty form", || (value(&ana, "target") == "").then_some(()));
    assert_eq!(ana.complaints(), Vec::<String>::new());
}

/// From the watch to the receipt without a pointer.
#[test]
#[ignore = "needs Chromium: make desk"]
fn a_draft_is_released_by_the_keyboard_alone() {
    let pair = two_desks();
    let (mut writer, _) = to_warn(&pair);
    let draft = [("title", "Planned bombing"), ("text", "Two men plan an explosion.")];
    writer.open("/desk/cases/1/draft").send("Write the draft of case 1", &draft);
    let mut otto = sign_in(&pair.west, "otto");
    otto.tab_to("Read and release, case 1");
    otto.press("\u{e007}");
    otto.says("Exactly this leaves west.example");
    otto.tab_to("secret");
    otto.press(PASSWORD);
    otto.tab_to("Release to east.example");
    otto.press("\u{e007}");
    otto.says("released by otto");
}

/// A shut gate is opened by another draft; what was released by mistake is taken back, and that is
/// answered: each desk is told live.
#[test]
#[ignore = "needs Chromium: make desk"]
fn a_gate_that_is_shut_is_corrected_and_what_left_is_taken_back() {
    let pair = two_desks();
    to_warn(&pair);
    let (mut ana, mut otto) = (sign_in(&pair.west, "ana"), sign_in(&pair.west, "otto"));
    let mut dora = sign_in(&pair.east, "dora");
    ana.open(&pair.west, "/desk/cases/1/draft");
    ana.write("title", "Planned bombing");
    ana.write("text", "Anton Velikov plans an explosion.");
    ana.write("withhold", "Anton Velikov");
    ana.click("Write the draft of case 1");
    ana.says("The gate is shut. Nothing has left.");
    otto.open(&pair.west, "/desk/cases/1/release");
    otto.says("The gate is shut. Nothing has left.");
    ana.click("Write another draft");
    ana.write("text", "Two men plan an explosion.");
    ana.click("Write the draft of case 1");
    ana.says("Next: read and release the draft");
    otto.open(&pair.west, "/desk/cases/1/release");
    otto.write("secret", PASSWORD);
    otto.click("Release to east.example");
    otto.says("released by otto");
    dora.says("Changes: ");
    dora.click_on("waiting");
    dora.click("Open warning 1");
    dora.says("Two men plan an explosion");
    otto.click("Take the warning back");
    otto.write("reason", "it was mistyped");
    otto.click("Take the warning back: Case 1");
    otto.says("It was taken back.");
    dora.says("This has changed since the page was loaded.");
    dora.click("Read it");
    dora.says("west.example has taken it back");
    dora.click("Answer the recall");
    dora.choose("answer", "complied");
    dora.write("text", "nothing was done with it yet");
    dora.click("Answer west.example");
    dora.says("It was answered.");
    for browser in [&ana, &otto, &dora] {
        assert_eq!(browser.complaints(), Vec::<String>::new());
    }
}

/// Every page at every width and in both schemes: axe finds nothing, and nothing scrolls sideways.
#[test]
#[ignore = "needs Chromium and axe-core: make desk"]
fn every_page_is_for_everyone() {
    let axe =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/axe/node_modules/axe-core/axe.min.js");
    let axe = std::fs::read_to_string(axe).expect("axe-core is there: make desk installs it");
    let pair = two_desks();
    let drawn = drawn::registered(&pair);
    let mut ana = sign_in(&pair.west, "ana");
    let mut paul = sign_in(&pair.east, "paul");
    let pages = [
        "/desk/",
        "/desk/cases",
        "/desk/cases/1",
        "/desk/cases/1/finding",
        "/desk/cases/1/decision",
        "/desk/cases/1/draft",
        "/desk/cases/1/pause",
        "/desk/cases/1/urgency",
        "/desk/warnings",
        "/desk/proposals",
        "/desk/partners",
        "/desk/partners/east.example",
        "/desk/partners/east.example/agreement",
        "/desk/channels/east.example",
        "/desk/channels/east.example/evidence",
        "/desk/items",
        "/desk/quarantine",
        "/desk/interests",
        "/desk/audit",
        "/desk/account",
        "/desk/search?q=cathedral",
        "/desk/dangers",
        "/desk/exercises",
        "/desk/record",
        "/desk/record/case-1",
        "/desk/readouts",
        "/desk/users",
        "/desk/users/ana",
        "/desk/charts",
        "/desk/map",
        "/desk/feeds",
        "/desk/health",
        "/desk/none",
        "/desk/sign-in",
    ];
    let theirs = ["/desk/interests", "/desk/interests/new", &drawn];
    let mut found = Vec::new();
    for (width, dark) in [(1280, false), (1280, true), (390, false), (320, false)] {
        for (browser, node, pages) in
            [(&mut ana, &pair.west, &pages[..]), (&mut paul, &pair.east, &theirs[..])]
        {
            browser.look(width, dark);
            for path in pages {
                browser.open(node, path);
                found.extend(
                    faults(browser, &axe)
                        .into_iter()
                        .map(|one| format!("{path} at {width}, dark {dark}: {one}")),
                );
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// What is wrong with the page that stands there: for axe, and where it scrolls sideways.
fn faults(browser: &Browser, axe: &str) -> Vec<String> {
    let script = format!(
        "{axe}; const done = arguments[0]; axe.run(document, {{runOnly: ['wcag2a', 'wcag2aa', \
         'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}}).then(r => \
         done(r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).join(', '))), \
         e => done([String(e)]));"
    );
    let is_wide = "return document.documentElement.scrollWidth > window.innerWidth";
    let violations = browser.run_async(&script);
    let mut found: Vec<String> =
        violations.as_array().into_iter().flatten().map(Value::to_string).collect();
    if browser.run(is_wide) == true {
        found.push("it scrolls sideways".to_owned());
    }
    found
}
