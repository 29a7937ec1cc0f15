use super::*;
use crate::interest::area::{Circle, Point, Polygon};
use crate::interest::{Clause, Expression, Interest, Named};
use crate::scale::Grade;
use serde_json::json;

mod corrected;
mod differential;
mod forms;

fn stix(bytes: &[u8]) -> Item<'_> {
    Item { bytes, format: Format::Stix, added: 1_000, grade: None, corrected: None }
}

fn text(text: &str) -> Item<'_> {
    Item {
        bytes: text.as_bytes(),
        format: Format::Text,
        added: 1_000,
        grade: None,
        corrected: None,
    }
}

fn read(toml: &str) -> Interest {
    let mut interest: Interest = toml::from_str(toml).unwrap();
    interest.id = format!("interest--{}", interest.label);
    interest.checked().unwrap()
}

fn index(interests: &[Interest]) -> Index {
    Index::new(interests.iter().map(|one| ("b.example".to_owned(), one.clone())))
}

fn one(clauses: &str) -> Index {
    index(&[read(&format!("label = 'x'\nurgency = 'expected'\n{clauses}\n"))])
}

/// The labels of what the only item meets.
fn labels(index: &Index, item: Item<'_>) -> Vec<String> {
    let found = Window::new(index, [item]).matches();
    found.into_iter().flatten().map(|found| found.label).collect()
}

fn by_clause(clauses: Vec<Clause>) -> Index {
    let interests = clauses.into_iter().enumerate().map(|(n, clause)| {
        let mut interest =
            Interest::of(clause.to_string(), crate::scale::Urgency::Expected, vec![clause.into()]);
        interest.id = format!("interest--{n}");
        ("b.example".to_owned(), interest.checked().unwrap())
    });
    Index::new(interests)
}

#[test]
fn each_kind_of_clause_is_met_and_says_why() {
    let index = by_clause(vec![
        Clause::Country("RU".into()),
        Clause::Place("St Petersburg".into()),
        Clause::Words("Kazan Cathedral".into()),
        Clause::Words("Grand Palace".into()),
        Clause::Domain("example.org".into()),
        Clause::Block("198.51.100.0/24".parse().unwrap()),
    ]);
    let item = text("An attack on the KAZAN-Cathedral, said by mail.example.org.");
    let found = Window::new(&index, [item]).matches().remove(0);
    let met: Vec<&str> = found.iter().map(|found| found.label.as_str()).collect();
    assert_eq!(
        met,
        ["country RU", "place St Petersburg", "words “Kazan Cathedral”", "domain example.org"]
    );
    assert_eq!(
        found[2].why[0].to_string(),
        "“KAZAN-Cathedral” (text, bytes 17 to 32) meets words “Kazan Cathedral”"
    );
    assert_eq!(found[2].strength, 60);
    let object = json!({"type": "ipv4-addr", "value": "198.51.100.7"}).to_string();
    assert_eq!(labels(&index, stix(object.as_bytes())), ["addresses 198.51.100.0/24"]);
}

#[test]
fn a_name_inside_a_word_and_a_like_domain_are_not_met() {
    let index = by_clause(vec![
        Clause::Words("Nice".into()),
        Clause::Domain("ample.org".into()),
        Clause::Url("https://example.or".into()),
    ]);
    assert!(labels(&index, text("nicely said on https://example.org/x")).is_empty());
}

#[test]
fn a_name_is_met_in_another_alphabet_and_order() {
    let index = by_clause(vec![
        Clause::Organisation(Named::from("Gazprom")),
        Clause::Person(Named::from("Olga Müller")),
        Clause::Words("北京".into()),
    ]);
    let met = labels(&index, text("Газпром; MUELLER, Olga; 在北京市"));
    assert_eq!(met, ["organisation “Gazprom”", "person “Olga Müller”", "words “北京”"]);
}

#[test]
fn places_on_the_map_are_met_by_coordinates() {
    let at = |latitude, longitude| Point::new(latitude, longitude).unwrap();
    let corners = [(59.0, 30.0), (59.0, 31.0), (60.5, 31.0), (60.5, 30.0)];
    let polygon = Polygon::new(corners.map(|(y, x)| at(y, x)).into()).unwrap();
    let index = by_clause(vec![
        Clause::Circle(Circle::new(at(59.93, 30.32), 5.0).unwrap()),
        Clause::Circle(Circle::new(at(55.75, 37.62), 5.0).unwrap()),
        Clause::Polygon(polygon),
    ]);
    let object = json!({"type": "location", "latitude": 59.934, "longitude": 30.324}).to_string();
    let met = labels(&index, stix(object.as_bytes()));
    assert_eq!(met, ["within 5 km of 59.93, 30.32", "the polygon of 4 corners from 59, 30"]);
}

/// A report that names a city once met no circle on the map, however near.
#[test]
fn places_on_the_map_are_met_by_cities_that_a_text_names() {
    let at = |latitude, longitude| Point::new(latitude, longitude).unwrap();
    let corners = [(59.0, 30.0), (59.0, 31.0), (60.5, 31.0), (60.5, 30.0)];
    let index = by_clause(vec![
        Clause::Circle(Circle::new(at(59.93, 30.32), 5.0).unwrap()),
        Clause::Circle(Circle::new(at(59.93, 30.32), 100.0).unwrap()),
        Clause::Circle(Circle::new(at(55.75, 37.62), 5.0).unwrap()),
        Clause::Polygon(Polygon::new(corners.map(|(y, x)| at(y, x)).into()).unwrap()),
    ]);
    let all = [
        "within 5 km of 59.93, 30.32",
        "within 100 km of 59.93, 30.32",
        "the polygon of 4 corners from 59, 30",
    ];
    for words in [
        "A bombing is planned in St Petersburg.",
        "In Sankt-Peterburg wird ein Anschlag geplant.",
        "Взрыв готовят в Санкт-Петербурге.",
        // A building lies where its city does.
        "A bombing of Kazan Cathedral is planned.",
    ] {
        assert_eq!(labels(&index, text(words)), all, "{words}");
    }
    assert_eq!(labels(&index, text("A bombing in Kolpino is planned.")), all[1..]);
    for words in ["St. Petersburg, Florida, was named.", "Russia was named.", "Kazan was named."] {
        assert!(labels(&index, text(words)).is_empty(), "{words}");
    }
    let object = json!({"type": "location", "city": "Moscow", "country": "RU"}).to_string();
    assert_eq!(labels(&index, stix(object.as_bytes())), ["within 5 km of 55.75, 37.62"]);
}

/// Of the places of the world, texts were once held against some hundreds only: a report of a bombing in
/// Daugavpils met no interest in Latvia.
#[test]
fn places_of_the_whole_world_are_met() {
    let index = by_clause(vec![
        Clause::Country("LV".into()),
        Clause::Country("NG".into()),
        Clause::Place("Daugavpils, LV".into()),
        Clause::Place("Springfield, US".into()),
    ]);
    for (words, met) in [
        ("A bombing in Daugavpils was planned.", &["country LV", "place Daugavpils, LV"][..]),
        ("Взрыв в Даугавпилсе готовится.", &["country LV", "place Daugavpils, LV"]),
        ("Gunmen attacked a church in Maiduguri on Sunday.", &["country NG"]),
        ("A bombing in Springfield, Illinois is planned.", &["place Springfield, US"]),
        // Names that are words, and names of people.
        ("Devon and Jordan Henderson of Reading met Paris Hilton in March.", &[]),
        ("A beacon of Cobalt Strike on Windows Server, by Lazarus.", &[]),
    ] {
        assert_eq!(labels(&index, text(words)), met, "{words}");
    }
    let object = json!({"type": "location", "city": "Daugavpils", "country": "LV"}).to_string();
    let met = ["country LV", "place Daugavpils, LV"];
    assert_eq!(labels(&index, stix(object.as_bytes())), met);
}

#[test]
fn and_or_not_and_so_many_of_say_why() {
    let index = one("all = [{ country = 'RU' }, { at-least = { count = 2, of = \
                     [{ words = 'drone' }, { words = 'pipeline' }, { words = 'rail' }] } }]\n\
                     not = [{ words = 'exercise' }]");
    let said = |words: &str| Window::new(&index, [text(words)]).explain(100).remove(0);
    let met = said("Drone over the pipeline near Moscow");
    let why: Vec<String> = met.matches[0].why.iter().map(ToString::to_string).collect();
    assert_eq!(
        why,
        [
            "“Moscow” (text, bytes 29 to 35) meets country RU",
            "at least 2: 2 clauses of it are met",
            "“Drone” (text, bytes 0 to 5) meets words “drone”",
            "“pipeline” (text, bytes 15 to 23) meets words “pipeline”",
            "not words “exercise”: nothing of it is there",
        ]
    );
    let exercise = said("Exercise: drone over the pipeline near Moscow");
    assert!(exercise.matches.is_empty());
    assert_eq!(exercise.near[0].lacking, "words “exercise” is there, and must not be");
    let half = said("Drone near Moscow");
    assert_eq!(half.near[0].lacking, "not all that is wanted is there");
    assert_eq!(half.near[0].found.len(), 4);
}

#[test]
fn a_threshold_leaves_out_what_says_too_little() {
    let report =
        json!({"type": "malware", "name": "X", "description": "seen (Citation: Acme 2020)"})
            .to_string();
    let judge = |clauses: &str| {
        let index = one(clauses);
        Window::new(&index, [stix(report.as_bytes())]).explain(100).remove(0)
    };
    let usual = judge("any = [{ organisation = 'Acme' }]");
    assert!(usual.matches.is_empty());
    assert_eq!(usual.near[0].lacking, "met with a strength of 20, and 30 is wanted");
    assert_eq!(judge("any = [{ organisation = 'Acme' }]\nthreshold = 20").matches[0].strength, 20);
}

#[test]
fn dates_and_grades_are_kept_to() {
    let index = one("any = [{ words = 'drone' }]\nvalid_from = '1970-01-01T00:00:01Z'\n\
                     valid_until = '1970-01-01T00:00:02Z'\ncredibility = 'C3'");
    let judge = |added, grade: Option<&str>| {
        let grade = grade.map(|grade| Grade::parse(grade).unwrap());
        let item = Item { added, grade, ..text("a drone") };
        let judged = Window::new(&index, [item]).explain(100).remove(0);
        judged.near.first().map_or("met".to_owned(), |near| near.lacking.clone())
    };
    assert_eq!(judge(1_000_000, Some("B2")), "met");
    assert_eq!(judge(1_000_000, Some("C3")), "met");
    assert_eq!(judge(999_999, Some("B2")), "it is not in force yet");
    assert_eq!(judge(2_000_000, Some("B2")), "it is no longer in force");
    assert_eq!(judge(1_000_000, None), "the item has no Admiralty grade, and one is expected");
    assert_eq!(judge(1_000_000, Some("D1")), "it is graded D1, and C3 or better is wanted");
    let sure = json!({"type": "report", "name": "a drone", "confidence": 50}).to_string();
    let item = Item { added: 1_000_000, ..stix(sure.as_bytes()) };
    assert_eq!(labels(&index, item), ["x"], "STIX confidence 50 is Admiralty 3");
}

fn bundle(objects: &[serde_json::Value]) -> Vec<String> {
    objects.iter().map(ToString::to_string).collect()
}

#[test]
fn an_indicator_concerns_the_victim_that_a_relationship_names() {
    let relation = |kind: &str, from: &str, to: &str| {
        json!({"type": "relationship", "id": format!("relationship--{kind}"),
               "relationship_type": kind, "source_ref": from, "target_ref": to})
    };
    let objects = bundle(&[
        json!({"type": "indicator", "id": "indicator--1", "pattern_type": "stix",
               "pattern": "[domain-name:value = 'c2.example']"}),
        json!({"type": "campaign", "id": "campaign--1", "name": "Night"}),
        json!({"type": "identity", "id": "identity--1", "name": "Acme Power", "identity_class": "organization"}),
        json!({"type": "identity", "id": "identity--2", "name": "Acme Power", "identity_class": "organization"}),
        relation("indicates", "indicator--1", "campaign--1"),
        relation("targets", "campaign--1", "identity--1"),
        relation("related-to", "campaign--1", "identity--2"),
        json!({"type": "threat-actor", "id": "threat-actor--1", "name": "Nobody"}),
        relation("attributed-to", "threat-actor--1", "identity--2"),
    ]);
    let index = one("any = [{ organisation = 'Acme Power' }]\nthreshold = 50");
    let items = objects.iter().map(|object| stix(object.as_bytes()));
    let found = Window::new(&index, items).matches();
    let met: Vec<usize> = found.iter().map(Vec::len).collect();
    assert_eq!(met, [1, 1, 0, 0, 0, 0, 0, 0, 0], "the indicator and its campaign");
    assert_eq!(found[0][0].strength, 100);
    assert_eq!(
        found[0][0].why[0].to_string(),
        "“Acme Power” (identity--1 $.name, bytes 0 to 10) meets organisation “Acme Power”"
    );
}

#[test]
fn a_relationship_that_comes_later_stands_for_its_ends() {
    let objects = bundle(&[
        json!({"type": "relationship", "id": "relationship--1", "relationship_type": "targets",
               "source_ref": "campaign--1", "target_ref": "identity--1"}),
        json!({"type": "campaign", "id": "campaign--1", "name": "Night"}),
        json!({"type": "identity", "id": "identity--1", "name": "Acme Power"}),
    ]);
    let index = one("all = [{ organisation = 'Acme Power' }, { actor = 'Night' }]");
    let mut window = Window::new(&index, [stix(objects[0].as_bytes())]);
    assert_eq!(window.missing(), ["campaign--1", "identity--1"]);
    window.add_context(objects[1..].iter().map(|object| stix(object.as_bytes())));
    let found = window.matches();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0][0].strength, 70);
}

#[test]
fn patterns_are_held_against_what_was_observed_together() {
    let objects = bundle(&[
        json!({"type": "file", "id": "file--1", "name": "a.exe", "size": 5}),
        json!({"type": "ipv4-addr", "id": "ipv4-addr--1", "value": "198.51.100.7"}),
        json!({"type": "observed-data", "id": "observed-data--1", "first_observed": "2020-01-01T00:00:00Z",
               "last_observed": "2020-01-01T00:00:00Z", "number_observed": 2, "object_refs": ["file--1", "ipv4-addr--1"]}),
        json!({"type": "indicator", "id": "indicator--1", "pattern_type": "stix",
               "pattern": "[ipv4-addr:value = '198.51.100.7']"}),
    ]);
    let met = |pattern: &str| {
        let index = by_clause(vec![Clause::Pattern(pattern.to_owned())]);
        let items = objects.iter().map(|object| stix(object.as_bytes()));
        Window::new(&index, items).matches().iter().map(Vec::len).collect::<Vec<_>>()
    };
    assert_eq!(met("[file:name = 'a.exe' AND file:size > 4]"), [1, 0, 1, 0]);
    assert_eq!(
        met("[file:name LIKE '%.exe'] AND [ipv4-addr:value = '198.51.100.7']"),
        [0, 0, 1, 0]
    );
    assert_eq!(met("[ipv4-addr:value ISSUBSET '198.51.100.0/24']"), [0, 1, 1, 1]);
    assert_eq!(met("[file:size > 9]"), [0, 0, 0, 0]);
}

#[test]
fn an_interest_is_there_until_it_is_withdrawn_and_only_its_partner_s() {
    let mut index = Index::default();
    let mut interest = read("label = 'x'\nurgency = 'future'\nany = [{ words = 'drone' }]");
    index.set("east", &interest);
    index.set("west", &interest);
    let met = |index: &Index| -> Vec<String> {
        let found = Window::new(index, [text("drone and kite")]).matches().remove(0);
        found.into_iter().map(|found| format!("{} {}", found.partner, found.label)).collect()
    };
    assert_eq!(met(&index), ["east x", "west x"]);
    interest.label = "y".into();
    interest.any = vec![Expression::from(Clause::Words("kite".into()))];
    index.set("east", &interest);
    assert_eq!(met(&index), ["east y", "west x"]);
    assert!(index.remove("west", &interest.id) && !index.remove("west", &interest.id));
    assert_eq!(met(&index), ["east y"]);
    index.remove("east", &interest.id);
    assert!(index.is_empty() && met(&index).is_empty());
}

#[test]
fn only_what_is_met_is_given_as_a_reason() {
    let index = one(
        "any = [{ domain = 'x.example' }, { all = [{ country = 'RU' }, { not = { words = 'exercise' } }] }]",
    );
    let found =
        Window::new(&index, [text("exercise in Russia, see x.example")]).matches().remove(0);
    let why: Vec<String> = found[0].why.iter().map(ToString::to_string).collect();
    assert_eq!(why, ["“x.example” (text, bytes 24 to 33) meets domain x.example"]);
}

/// Hits were capped over all partners: one could register so much that others' clauses found no
/// place.
#[test]
fn what_one_partner_registers_leaves_others_their_place() {
    let mut index = Index::default();
    for n in 0..12 {
        let names = (0..1_000).map(|m| {
            let aliases = vec![format!("x{n}y{m}")];
            Clause::Organisation(Named { name: "and".into(), aliases }).into()
        });
        let any: Vec<Expression> = names.collect();
        let mut interest = Interest::of("x", crate::scale::Urgency::Future, any);
        interest.id = format!("interest--{n}");
        index.set("flood.example", &interest.checked().unwrap());
    }
    index.set(
        "east.example",
        &read("label = 'y'\nurgency = 'future'\nany = [{ organisation = 'Acme Power' }]"),
    );
    let words = format!("{} Acme Power", "and Acme ".repeat(20_000));
    let found = Window::new(&index, [text(&words)]).matches().remove(0);
    let east: Vec<&str> =
        found.iter().filter(|f| f.partner == "east.example").map(|f| f.label.as_str()).collect();
    assert_eq!(east, ["y"]);
    assert_eq!(found.len(), 13);
}

#[test]
fn of_one_partner_a_hundred_matches_of_an_item_are_told() {
    let mut index = Index::default();
    for n in 0..500 {
        let interest = read("label = 'x'\nurgency = 'future'\nany = [{ words = 'the' }]");
        index.set("flood.example", &Interest { id: format!("interest--{n}"), ..interest });
    }
    index.set("east.example", &read("label = 'y'\nurgency = 'future'\nany = [{ words = 'the' }]"));
    let found = Window::new(&index, [text("the drone")]).matches().remove(0);
    assert_eq!(found.len(), 101);
}

/// Each version was led to from each: cubic.
#[test]
fn many_versions_and_references_cost_what_they_are() {
    let mut objects = Vec::new();
    for n in 0..300 {
        for kind in ["campaign", "identity"] {
            objects.push(json!({"type": kind, "id": format!("{kind}--1"), "name": format!("Acme Power {n}")}));
        }
        objects.push(json!({"type": "relationship", "id": format!("relationship--{n}"),
            "relationship_type": "targets", "source_ref": "campaign--1", "target_ref": "identity--1"}));
    }
    objects.push(
        json!({"type": "report", "id": "report--1", "object_refs": vec!["identity--1"; 50_000]}),
    );
    let objects = bundle(&objects);
    let index = one("any = [{ organisation = 'Acme Power' }]");
    let items = objects.iter().map(|object| stix(object.as_bytes()));
    let found = Window::new(&index, items).matches();
    assert_eq!(found.last().unwrap().len(), 1, "the report is about it");
    assert_eq!(found.iter().filter(|found| !found.is_empty()).count(), 601);
}

#[test]
fn what_an_item_names_by_the_thousand_leaves_room_for_the_others() {
    let many: Vec<String> = (0..5_000).map(|n| format!("attack-pattern--{n:05}")).collect();
    let objects = bundle(&[
        json!({"type": "report", "id": "report--1", "object_refs": many}),
        json!({"type": "relationship", "id": "relationship--1", "relationship_type": "targets",
               "source_ref": "campaign--1", "target_ref": "identity--1"}),
    ]);
    let index = one("any = [{ organisation = 'Acme Power' }]");
    let missing =
        Window::new(&index, objects.iter().map(|object| stix(object.as_bytes()))).missing();
    let among: Vec<&String> = missing.iter().take(3).collect();
    assert_eq!(among, ["attack-pattern--00000", "campaign--1", "attack-pattern--00001"]);
}
