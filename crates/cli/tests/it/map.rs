//! The map: what is threatened where, and which parts of it were registered; and reports that meet those.

use forewarn_testkit::desk::give_password;
use forewarn_testkit::{Desk, Pair, until};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

/// East registers a circle with west, and west has it.
fn registered(pair: &Pair, label: &str, circle: &str) {
    let add = ["interest", "add", "--partner", "west.example", "--label", label, "--circle"];
    pair.east.by("paul", &[&add[..], &[circle]].concat());
    until("the interest", || {
        pair.west.get("/api/v1/interests").to_string().contains(label).then_some(())
    });
}

/// A report that names a city opens a case for whoever has registered what lies around it, and the map shows
/// both, with a list that says the same.
#[test]
fn a_report_that_names_a_city_meets_a_circle_and_both_stand_on_the_map() {
    let pair = Pair::start(PROGRAM);
    give_password(&pair.west, "otto");
    let mut otto = Desk::sign_in(&pair.west, "otto");
    otto.open("/desk/map").says("nobody has registered a part of the map");
    registered(&pair, "water works", "56.95,24.11,70");
    registered(&pair, "our harbour", "-33.87,151.2,20");
    let wrong = ["interest", "add", "--partner", "west.example", "--label", "x", "--circle"];
    for circle in ["95,0,5", "59.93,30.32", "59.93,30.32,-1", "here"] {
        let refused = pair.east.run(&[&wrong[..], &[circle, "--as", "paul"]].concat());
        assert_eq!(refused.status.code(), Some(2), "{circle}");
        let refused = String::from_utf8(refused.stderr).unwrap();
        assert!(refused.contains("write latitude, longitude and kilometres"), "{refused}");
    }
    let report = pair.west.write("report.txt", "A bombing of the railway in Jelgava is planned.");
    pair.west.good(&["intake", &report, "--as", "ana"]);
    otto.wait_for("/desk/cases", "east.example");
    let shown = pair.west.good(&["case", "show", "1"]);
    assert!(
        shown.contains("“Jelgava”") && shown.contains("within 70 km of 56.95, 24.11"),
        "{shown}"
    );

    otto.open("/desk/map");
    otto.says("1 threatened, 2 registered").says("1. Jelgava").says("case 1").says("water works");
    assert_eq!(otto.page.matches("<circle class=\"reg\"").count(), 3, "two, and the key");
    assert!(otto.page.len() < 60_000 && !otto.page.contains("style="));
    // Nearer, the harbour is outside, and the list says so.
    otto.open("/desk/map?latitude=56.9&longitude=24.1&high=4");
    otto.says("outside this part of the map").says("1. Jelgava");
    assert_eq!(otto.page.matches("<circle class=\"reg\"").count(), 2);
    for odd in ["latitude=NaN&longitude=0&high=1", "latitude=1e300&longitude=-1e300&high=1e300"] {
        otto.open(&format!("/desk/map?{odd}")).says("1. Jelgava");
    }
    let answer = pair.west.get("/api/v1/places");
    assert_eq!(answer["left_out"].as_array().map(Vec::len), Some(0));
    otto.says_nothing_of("This map was cut");
    let places = &answer["places"];
    let first = places.get(0).unwrap();
    assert_eq!(first["what"], "threatened");
    assert_eq!(first["subject"], "case-1");
    assert!(first["name"].as_str().unwrap().starts_with("Jelgava"), "{first}");
    let latitude = first["area"]["latitude"].as_f64().unwrap();
    assert!((latitude - 56.65).abs() < 0.05, "{latitude}");
    assert_eq!(places[1]["area"]["form"], "circle");
}

/// An interest of a file, in any of these.
fn interest(label: &str, any: &str) -> String {
    format!("[[interest]]\nlabel = \"{label}\"\nurgency = \"future\"\nany = [{any}]\n")
}

/// What a map has no room for is said on it, and in the API.
#[test]
fn a_map_that_was_cut_says_so() {
    let pair = Pair::start(PROGRAM);
    give_password(&pair.west, "otto");
    let works = |number: u32| {
        let latitude = 50.0 + f64::from(number) / 10.0;
        let circle = format!("{{ circle = {{ latitude = {latitude}, longitude = 24, km = 5 }} }}");
        interest(&format!("works {number}"), &circle)
    };
    let chain: Vec<String> = (0..11)
        .map(|n| format!("{{ circle = {{ latitude = {n}, longitude = 9, km = 1 }} }}"))
        .collect();
    let mut circles: Vec<String> = (0..101).map(works).collect();
    circles.push(interest("a chain", &chain.join(", ")));
    let circles = circles.concat();
    let file = pair.east.write("circles.toml", &circles);
    pair.east.by("paul", &["interest", "import", &file, "--partner", "west.example"]);
    let mut otto = Desk::sign_in(&pair.west, "otto");
    otto.wait_for("/desk/map", "Of each case, warning and interest at most 10 places are shown");
    otto.says("This map was cut").says("More interests have areas: the newest 100 are shown.");
    otto.says("The first 100 places are shown; /api/v1/places has the others.");
    let answer = pair.west.get("/api/v1/places");
    assert_eq!(answer["left_out"], serde_json::json!(["interests", "of-one"]));
    assert_eq!(
        answer["places"].as_array().map(Vec::len),
        Some(109),
        "99 of one, and 10 of a chain"
    );
}
