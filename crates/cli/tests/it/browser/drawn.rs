//! An interest is drawn on the map: by clicks without a script, by dragging with one, by the keyboard.

use super::sign_in;
use crate::desk::two_desks;
use forewarn_testkit::desk::{PASSWORD, give_password};
use forewarn_testkit::{Browser, Pair, until};

/// East has a circle and a polygon; the address of their page. Paul may change them there.
pub(super) fn registered(pair: &Pair) -> String {
    let toml = "[[interest]]\nlabel = \"two works\"\nurgency = \"expected\"\nany = [\
                {circle = {latitude = 57, longitude = 24, km = 40}}, \
                {polygon = [[56, 22], [56, 23], [56.5, 23]]}, {place = \"Riga\"}]\n";
    let file = pair.east.write("works.toml", toml);
    pair.east.by("paul", &["interest", "import", &file, "--partner", "west.example"]);
    give_password(&pair.east, "paul");
    let ours = pair.east.get("/api/v1/interests");
    let works = ours.as_array().into_iter().flatten().find(|one| one["label"] == "two works");
    let id = works.and_then(|one| one["id"].as_str()).unwrap_or_default();
    assert!(!id.is_empty(), "it is registered");
    format!("/desk/interests/west.example/{id}")
}

fn row(browser: &Browser, number: u8) -> String {
    let script =
        format!("return (document.getElementById('area-{number}') || {{ value: '' }}).value");
    browser.run(&script).as_str().unwrap_or_default().to_owned()
}

#[test]
#[ignore = "needs Chromium: make desk"]
fn an_interest_is_drawn_by_clicks_and_dragged_and_a_table_says_the_same() {
    let pair = two_desks();
    let page = registered(&pair);
    for scripts in [true, false] {
        let mut paul = Browser::start(scripts);
        paul.open(&pair.east, "/desk/");
        paul.write("user", "paul");
        paul.write("password", PASSWORD);
        paul.click("Sign in");
        paul.says("paul");
        for width in [1280, 390] {
            paul.look(width, false);
            paul.open(&pair.east, "/desk/interests/new");
            let map = if width == 1280 { ".on-wide" } else { ".on-slim" };
            paul.write("label", "drawn here");
            paul.drag(map, (10, -10), None);
            until("a circle", || row(&paul, 1).starts_with("circle ").then_some(()));
            assert_eq!(paul.run("return document.getElementById('f-label').value"), "drawn here");
            paul.choose("tool", "corner");
            for (corners, (x, y)) in [(-40, -20), (40, -20), (0, 30)].into_iter().enumerate() {
                paul.drag(map, (x, y), None);
                let has = |line: &str| {
                    line.starts_with("polygon ") && line.matches(',').count() == corners
                };
                until("a corner more", || has(&row(&paul, 2)).then_some(()));
            }
            assert_eq!(paul.complaints(), Vec::<String>::new());
        }
        paul.click("Register it with the partner");
        paul.says("drawn here");
        paul.open(&pair.east, &page);
        let before = row(&paul, 1);
        if scripts {
            assert_eq!(before, "circle 57, 24, 40");
            paul.look(1280, false);
            // Its middle, then its edge; then a corner.
            paul.drag("[data-grip='1.0']", (0, 0), Some((30, 20)));
            let moved = row(&paul, 1);
            assert!(moved != before && moved.ends_with(", 40"), "{moved}");
            paul.drag("[data-grip='1.1']", (0, 0), Some((25, 0)));
            assert!(!row(&paul, 1).ends_with(", 40"), "{}", row(&paul, 1));
            let polygon = row(&paul, 2);
            paul.drag("[data-grip='2.2']", (0, 0), Some((10, 10)));
            assert_ne!(row(&paul, 2), polygon);
            let (circle, polygon) = (row(&paul, 1), row(&paul, 2));
            paul.click("Change it, and tell west.example");
            paul.says("Interests");
            paul.open(&pair.east, &page);
            assert_eq!((row(&paul, 1), row(&paul, 2)), (circle, polygon));
            assert_eq!(paul.complaints(), Vec::<String>::new());
        }
    }
}

/// The form is filled in and sent without a pointer; the key that sends it does not press the map.
#[test]
#[ignore = "needs Chromium: make desk"]
fn an_interest_in_a_circle_is_registered_by_the_keyboard_alone() {
    let pair = two_desks();
    give_password(&pair.east, "paul");
    let mut paul = sign_in(&pair.east, "paul");
    paul.open(&pair.east, "/desk/interests/new");
    paul.tab_to("label");
    paul.press("typed");
    paul.tab_to("area");
    paul.press("circle 57, 24, 40\u{e007}");
    paul.says("typed");
    let there = || {
        let all = pair.west.get("/api/v1/interests");
        all.as_array().into_iter().flatten().any(|one| one["label"] == "typed").then_some(())
    };
    until("the interest", there);
}
