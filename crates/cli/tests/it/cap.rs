//! Warnings as CAP 1.2: what is exported is what the schema asks for, says no more than was released,
//! and is for nobody but its reader.

#![expect(clippy::unwrap_used, clippy::string_slice, reason = "test helpers fail by panic")]

use forewarn_testkit::{Node, Pair, befriend_up_to, until};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

/// What a command writes, which the schema must take.
fn exported(pair: &Pair, of_west: bool, arguments: &[&str]) -> String {
    let node = if of_west { &pair.west } else { &pair.east };
    // That a case is exported is on record, with a name.
    let who: &[&str] = if of_west { &["--as", "otto"] } else { &[] };
    let xml = node.good(&[arguments, &["--format", "cap"], who].concat());
    assert_eq!(forewarn_cap::check(xml.as_bytes()), [], "{xml}");
    // For `make cap`, which holds the same files against the standard's own schema.
    if let Ok(folder) = std::env::var("FOREWARN_CAP") {
        let name = format!("{}.xml", element(&xml, "identifier"));
        std::fs::write(std::path::Path::new(&folder).join(name), &xml).unwrap();
    }
    xml
}

/// The text of the first element of that name.
fn element<'a>(xml: &'a str, name: &str) -> &'a str {
    let start = xml.find(&format!("<{name}>")).unwrap() + name.len() + 2;
    let length = xml[start..].find(&format!("</{name}>")).unwrap();
    &xml[start..start + length]
}

#[test]
fn a_warning_its_update_and_its_recall_are_an_alert_an_update_and_a_cancel() {
    let pair = Pair::start(PROGRAM);
    let case = pair.case("A report.");
    let early = pair.west.refused(&["case", "export", &case, "--to", "cap", "--as", "otto"]);
    assert!(early.contains("nothing was released"), "{early}");
    let draft = ["case", "draft", &case, "--title", "Planned bombing", "--text", "For <Saturday>."];
    let rest = ["--place", "Kazan Cathedral", "--likelihood", "likely", "--severity", "extreme"];
    let rest = [&rest[..], &["--valid-until"]].concat();
    pair.west.by("ana", &[&draft[..], &rest, &["2099-01-01T00:00:00Z"]].concat());
    pair.west.release("otto", &case);
    pair.receipted(&case);

    let first = exported(&pair, true, &["case", "export", &case]);
    for (name, text) in [
        ("msgType", "Alert"),
        ("status", "Exercise"),
        ("scope", "Private"),
        ("addresses", "east.example"),
        ("sender", "west.example"),
        ("expires", "2099-01-01T00:00:00-00:00"),
        ("severity", "Extreme"),
        ("certainty", "Likely"),
        ("code", "TLP:AMBER"),
        ("headline", "EXERCISE: Planned bombing"),
        ("areaDesc", "Kazan Cathedral"),
    ] {
        assert_eq!(element(&first, name), text, "{first}");
    }
    assert!(element(&first, "note").starts_with("EXERCISE"), "{first}");
    assert!(element(&first, "description").contains("For &lt;Saturday&gt;."), "{first}");
    assert!(!first.contains("HERON-7"), "{first}");
    let restricted = exported(&pair, true, &["case", "export", &case, "--restricted"]);
    assert_eq!(element(&restricted, "scope"), "Restricted");

    // What is said of the case since is not what was released.
    let less = ["case", "urgency", &case, "future", "--reason", "it is later"];
    pair.west.by("otto", &less);
    let again = exported(&pair, true, &["case", "export", &case]);
    assert_eq!(element(&again, "urgency"), element(&first, "urgency"), "{again}");

    let certain = ["--title", "Bombing on Friday", "--certainty", "observed"];
    pair.west.by("ana", &[&["case", "update", &case][..], &certain].concat());
    pair.west.release("otto", &case);
    let update = exported(&pair, true, &["case", "export", &case]);
    assert_eq!(element(&update, "msgType"), "Update");
    assert_eq!(element(&update, "certainty"), "Observed");
    assert!(element(&update, "references").contains(element(&first, "identifier")), "{update}");
    pair.west.by("otto", &["case", "recall", &case, "--reason", "the source was wrong"]);
    let cancel = exported(&pair, true, &["case", "export", &case]);
    assert_eq!(element(&cancel, "msgType"), "Cancel");
    assert_eq!(element(&cancel, "code"), "TLP:AMBER");
    assert_eq!(element(&cancel, "references").split(' ').count(), 2);
    assert!(element(&cancel, "note").contains("the source was wrong"), "{cancel}");
}

#[test]
fn an_acknowledgement_is_for_what_was_accepted_and_an_error_says_why() {
    let pair = Pair::start(PROGRAM);
    for title in ["one", "two"] {
        let case = pair.case("A report.");
        pair.draft(&case, title, "It is planned.");
        pair.west.release("otto", &case);
    }
    until("both", || (pair.titles().len() == 2).then_some(()));
    pair.east.by("dora", &["warning", "open", "1"]);
    // To have opened it is not to have accepted it.
    let opened = pair.east.refused(&["warning", "export", "1", "--format", "cap"]);
    assert!(opened.contains("neither accepted nor declined"), "{opened}");
    pair.east.by("dora", &["warning", "accept", "1"]);
    let ack = exported(&pair, false, &["warning", "export", "1"]);
    let alert = exported(&pair, true, &["case", "export", "1"]);
    let named = format!("west.example,{}", element(&alert, "identifier"));
    assert_eq!(element(&ack, "msgType"), "Ack");
    assert!(element(&ack, "references").starts_with(&named), "{ack}");
    pair.east.by("dora", &["warning", "decline", "2", "--ground", "known-already"]);
    let error = exported(&pair, false, &["warning", "export", "2"]);
    assert_eq!(element(&error, "msgType"), "Error");
    assert!(element(&error, "note").contains("known here before"), "{error}");
}

/// TLP:RED is for persons, and whoever has nothing but the alert knows for whom.
#[test]
fn a_red_alert_names_its_persons() {
    let west = Node::start_new(PROGRAM, "west.example");
    let east = Node::start_new(PROGRAM, "east.example");
    befriend_up_to(&west, &east, "red");
    let pair = Pair { west, east };
    let case = pair.case("A report.");
    let draft = ["case", "draft", &case, "--title", "Bombing", "--text", "It is planned."];
    let red = ["--tlp", "red", "--to", "Dora Ek", "--valid-until", "2099-01-01T00:00:00Z"];
    pair.west.by("ana", &[&draft[..], &red].concat());
    pair.west.release("otto", &case);
    let alert = exported(&pair, true, &["case", "export", &case]);
    assert!(alert.contains("<value>Dora Ek</value>"), "{alert}");
    let restricted = exported(&pair, true, &["case", "export", &case, "--restricted"]);
    assert_eq!(element(&restricted, "restriction"), "TLP:RED, only for Dora Ek");
}
