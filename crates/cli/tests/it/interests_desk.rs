//! Interests made, tried, drawn, changed and withdrawn at the desk, without a script.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first thing that is not as it should be"
)]

use forewarn_testkit::desk::give_password;
use forewarn_testkit::{Desk, Pair, until};
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

/// What the other node has of ours.
fn theirs(pair: &Pair) -> Vec<Value> {
    pair.west.get("/api/v1/interests").as_array().cloned().unwrap_or_default()
}

/// Where the page of our first interest is.
fn page_of(pair: &Pair) -> String {
    let ours = pair.east.get("/api/v1/interests");
    format!("/desk/interests/west.example/{}", ours[0]["id"].as_str().unwrap())
}

const HARBOUR: &[(&str, &str)] = &[
    ("partner", "west.example"),
    ("label", "our harbour"),
    ("urgency", "immediate"),
    ("any", "place Riga\n{ organisation = { name = \"Acme Power\", aliases = [\"Acme\"] } }\n"),
    ("all", "threat destruction"),
    ("concern", "20"),
    ("not", ""),
    ("threshold", ""),
    ("from", ""),
    ("sample", ""),
];

#[test]
fn an_interest_is_tried_made_changed_and_withdrawn_at_the_desk() {
    let pair = Pair::start(PROGRAM);
    give_password(&pair.east, "paul");
    let mut paul = Desk::sign_in(&pair.east, "paul");
    assert!(paul.open("/desk/interests").page.contains("action=\"/desk/interests/new\""));
    paul.open("/desk/interests/new").says("Add an interest");
    let with = |more: &[(&'static str, &'static str)]| [more, HARBOUR].concat();
    let button = "Register it with the partner";
    // A line that is none is named, and what was typed stands there.
    paul.send_for(button, &with(&[("not", "colour red")]), 422);
    paul.says("`colour red` is not a term").says("That was not done. Nothing has left.");
    assert!(paul.page.contains("place Riga\n{ organisation"), "{}", paul.page);
    paul.send_for(button, &with(&[("threshold", "many"), ("from", "soon")]), 422);
    paul.says("That is no whole number").says("That is no time");
    assert!(theirs(&pair).is_empty());
    // Tried on a text, which is kept nowhere and told nobody.
    let hit = "A bombing of the harbour in Riga is planned for Friday.";
    paul.send(button, &with(&[("do", "try"), ("sample", hit)]));
    paul.says("On this text").says("“Riga”");
    paul.send(button, &with(&[("do", "try"), ("sample", "A concert in Tallinn was cancelled.")]));
    paul.says("It would not meet this text.");
    assert!(theirs(&pair).is_empty());
    assert_eq!(pair.east.get("/api/v1/items").as_array().map(Vec::len), Some(0));

    paul.send(button, &with(&[]));
    paul.says("our harbour");
    until("the interest", || (theirs(&pair).len() == 1).then_some(()));
    let there = &theirs(&pair)[0];
    assert_eq!(there["concern"], 20);
    assert_eq!(there["urgency"], "immediate");
    assert_eq!(there["any"][1]["organisation"]["aliases"][0], "Acme");

    // Two have it open: the second is told that the first has changed it.
    paul.follow("our harbour");
    assert!(paul.page.contains("place Riga, LV\n{ organisation"), "{}", paul.page);
    let mut other = Desk::sign_in(&pair.east, "paul");
    other.open(&page_of(&pair));
    paul.send("Change it, and tell west.example", &[("label", "the harbour of Riga")]);
    other.send_for("Change it, and tell west.example", &[("urgency", "future")], 412);
    other.says("was changed since you looked at it");
    until("the change", || (theirs(&pair)[0]["label"] == "the harbour of Riga").then_some(()));
    assert_eq!(theirs(&pair)[0]["urgency"], "immediate");
    assert_eq!(theirs(&pair)[0]["any"], there["any"], "in the order in which it stood");
    other.open(&page_of(&pair));
    paul.open(&page_of(&pair)).send("Change it, and tell west.example", &[("concern", "0")]);
    other.send_for("Withdraw it from west.example", &[], 412);
    other.open(&page_of(&pair)).send("Withdraw it from west.example", &[]);
    until("the withdrawal", || theirs(&pair).is_empty().then_some(()));
}

/// A click on the map draws; what is drawn stands in the table, and is registered.
#[test]
fn circles_and_polygons_are_drawn_by_clicks_and_typed_in_the_table() {
    let pair = Pair::start(PROGRAM);
    give_password(&pair.east, "paul");
    let mut paul = Desk::sign_in(&pair.east, "paul").in_language("de");
    let button = "Beim Partner anmelden";
    let base = [("partner", "west.example"), ("label", "works"), ("view", "57 24 4")];
    paul.open("/desk/interests/new").says("Kreise und Vielecke");
    paul.send(button, &[&base[..], &[("wide.x", "320"), ("wide.y", "200")]].concat());
    let line = paul.page.split("value=\"circle ").nth(1).expect("a circle").split('"').next();
    let circle = format!("circle {}", line.unwrap());
    assert!(circle.starts_with("circle 57.0") && circle.ends_with(", 24, 37"), "{circle}");
    assert_eq!(paul.page.matches("<circle class=\"reg\"").count(), 1);
    // A polygon by three clicks, with the circle before it.
    let mut rows = vec![circle];
    for (x, y) in [("100", "100"), ("300", "100"), ("300", "300")] {
        let mut fields = base.to_vec();
        fields.extend(rows.iter().map(|row| ("area", row.as_str())));
        fields.extend([("tool", "corner"), ("wide.x", x), ("wide.y", y)]);
        paul.send(button, &fields);
        let values = paul.page.split("name=\"area\" value=\"").skip(1);
        let values = values.map(|part| part.split('"').next().unwrap_or_default().to_owned());
        rows = values.filter(|row| !row.is_empty()).collect();
    }
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert_eq!(rows[1].matches(',').count(), 2, "{rows:?}");
    assert_eq!(paul.page.matches("<polygon class=\"reg\"").count(), 1);
    // Typed wrong, it is said where; typed right, it is registered, and met.
    let typed = |row: &'static str| [&base[..], &[("area", row), ("area", "")]].concat();
    paul.send_for(button, &typed("circle 95, 24, 5"), 422).says("`circle 95, 24, 5`");
    paul.send_for(button, &typed("polygon 56 23, 57 23"), 422).says("3 to 1000 corners");
    let mut fields = base.to_vec();
    fields.extend(rows.iter().map(|row| ("area", row.as_str())));
    paul.send(button, &fields);
    until("the interest", || (theirs(&pair).len() == 1).then_some(()));
    let any = theirs(&pair)[0]["any"].clone();
    assert_eq!(any[0]["circle"]["km"], 37.0);
    assert_eq!(any[1]["polygon"].as_array().map(Vec::len), Some(3));
    paul.open(&page_of(&pair));
    assert!(rows.iter().all(|row| paul.page.contains(row.as_str())), "{rows:?}");
    assert!(paul.page.len() < 60_000 && !paul.page.contains("style="), "{}", paul.page.len());
}

/// Whoever does not manage partners has no page for it, and no form sends it.
#[test]
fn who_manages_no_partners_makes_no_interest() {
    let pair = Pair::start(PROGRAM);
    give_password(&pair.east, "dora");
    let mut dora = Desk::sign_in(&pair.east, "dora");
    assert_eq!(dora.ask("GET", "/desk/interests/new", &[], "").status, 403);
    assert_eq!(dora.post("/desk/interests/new", HARBOUR).status, 403);
    assert_eq!(dora.post("/desk/interests/west.example/none/withdraw", &[]).status, 403);
    dora.open("/desk/interests").says_nothing_of("/desk/interests/new");
    assert!(theirs(&pair).is_empty());
}
