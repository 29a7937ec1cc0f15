//! Interests, as people use them: each example of the guide, imports, changes, the trial against
//! what is stored, and what no partner may learn.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

use forewarn_testkit::{Node, Pair, until};
use serde_json::Value;
use std::process::Command;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

fn text(row: &Value, pointer: &str) -> String {
    row.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// What `interest test … --against …` prints, without a node.
fn tried(item: &str, interests: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let (item_at, interests_at) = (folder.path().join("item"), folder.path().join("i.toml"));
    std::fs::write(&item_at, item).unwrap();
    std::fs::write(&interests_at, interests).unwrap();
    let out = Command::new(PROGRAM)
        .args(["interest", "test"])
        .arg(&item_at)
        .arg("--against")
        .arg(&interests_at)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&out.stdout).into_owned();
    assert!(out.status.success(), "{interests}\n{}", String::from_utf8_lossy(&out.stderr));
    told
}

/// An item of the guide: a text, or an object that lacks what every object has.
fn whole(item: &str) -> String {
    let mut object: Value = serde_json::from_str(item).unwrap();
    if let Some(words) = object.as_str() {
        return words.to_owned();
    }
    let kind = text(&object, "/type");
    let map = object.as_object_mut().unwrap();
    map.insert("spec_version".into(), "2.1".into());
    map.insert("id".into(), format!("{kind}--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f").into());
    let observables = ["ipv4-addr", "file", "software", "autonomous-system", "domain-name"];
    if !observables.contains(&kind.as_str()) {
        for name in ["created", "modified"] {
            map.insert(name.into(), "2024-01-26T21:28:21.013Z".into());
        }
    }
    let more: &[(&str, Value)] = match kind.as_str() {
        "indicator" => &[("valid_from", "2024-01-26T21:28:21.013Z".into())],
        "malware" => &[("is_family", false.into())],
        "report" => &[
            ("published", "2024-01-26T21:28:21.013Z".into()),
            ("object_refs", serde_json::json!(["malware--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"])),
        ],
        _ => &[],
    };
    map.extend(more.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    serde_json::json!({"type": "bundle", "id": "bundle--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
                       "objects": [object]})
    .to_string()
}

#[test]
fn each_example_of_the_guide_does_what_it_says() {
    let guide = include_str!("../../../../docs/interests.md");
    let mut counted = 0;
    for part in guide.split("<!-- example: ").skip(1) {
        let (what, rest) = part.split_once(" -->").unwrap();
        let block = rest.split_once("```").unwrap().1;
        let (kind, block) = block.split_once('\n').unwrap();
        let block = block.split("```").next().unwrap();
        let good = match (what.split_once(' '), kind) {
            (Some(("meets", item)), "toml") => {
                let clause = block.trim().replace('\n', " ");
                let written =
                    format!("[[interest]]\nlabel = 'x'\nurgency = 'future'\nany = [{clause}]\n");
                let told = tried(&whole(item), &written);
                told.contains("“x” of")
            }
            (None, "toml") => {
                let told = tried("Acme Energy Ltd: an outage is planned", block);
                told.contains("no interest would match")
            }
            (None, "csv") => {
                let urgency = forewarn_exchange::scale::Urgency::Expected;
                let read = forewarn_matching::interest::bulk::read(block.as_bytes(), "x", urgency);
                read.is_ok_and(|read| !read.interests.is_empty() && read.refused.is_empty())
            }
            _ => false,
        };
        assert!(good, "{what}\n{block}");
        counted += 1;
    }
    assert!(counted > 30, "{counted} examples");
}

/// What `interest test` says of the objects of a bundle, against one clause: the strength, or none.
fn strength(clause: &str, objects: &Value) -> Option<u64> {
    let folder = tempfile::tempdir().unwrap();
    let (item_at, interests_at) = (folder.path().join("item"), folder.path().join("i.toml"));
    let id = "bundle--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";
    let bundle = serde_json::json!({"type": "bundle", "id": id, "objects": objects});
    std::fs::write(&item_at, bundle.to_string()).unwrap();
    let written = format!("[[interest]]\nlabel = 'x'\nurgency = 'future'\nany = [{clause}]\n");
    std::fs::write(&interests_at, written).unwrap();
    let out = Command::new(PROGRAM)
        .args(["interest", "test", "--json"])
        .arg(&item_at)
        .arg("--against")
        .arg(&interests_at)
        .output()
        .unwrap();
    assert!(out.status.success(), "{clause}\n{}", String::from_utf8_lossy(&out.stderr));
    let told = String::from_utf8_lossy(&out.stdout).into_owned();
    let lines = told.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.filter_map(|line| line.pointer("/match/strength")?.as_u64()).max()
}

fn object(kind: &str, more: &Value) -> Value {
    let mut object: Value = serde_json::json!({"type": kind, "spec_version": "2.1",
        "id": format!("{kind}--8e2e2d2b-17d4-5cbf-938f-98ee46b3cd3f")});
    object.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    object
}

fn indicator(pattern: &str) -> Value {
    let time = "2024-01-26T21:28:21.013Z";
    object(
        "indicator",
        &serde_json::json!({"created": time, "modified": time, "valid_from": time,
            "pattern_type": "stix", "pattern": pattern}),
    )
}

/// A clause, an object in one of many forms, and how strongly it meets the clause.
fn forms() -> Vec<(&'static str, Value, Option<u64>)> {
    vec![
        (
            "{ email = 'ana@acme.example' }",
            indicator("[email-message:to_refs[*].value = 'ana@acme.example']"),
            Some(90),
        ),
        (
            "{ pattern = \"[email-message:to_refs[*].value = 'ana@acme.example']\" }",
            indicator("[email-message:to_refs[*].value = 'ana@acme.example']"),
            Some(90),
        ),
        (
            "{ block = '203.0.113.0/24' }",
            indicator(
                "[domain-name:value = 'x.example' AND domain-name:resolves_to_refs[0].value = '203.0.113.9']",
            ),
            Some(90),
        ),
        (
            "{ block = '203.0.113.0/24' }",
            object(
                "ipv4-addr",
                &serde_json::json!({"value": "203[.]0[.]113[.]9", "defanged": true}),
            ),
            Some(90),
        ),
        (
            "{ domain = 'acme.example' }",
            object(
                "url",
                &serde_json::json!({"value": "hxxp://www[.]acme[.]example/x", "defanged": true}),
            ),
            Some(90),
        ),
        (
            "{ domain = 'müller.example' }",
            object("domain-name", &serde_json::json!({"value": "www.xn--mller-kva.example"})),
            Some(90),
        ),
        (
            "{ domain = 'xn--mller-kva.example' }",
            indicator("[domain-name:value = 'Müller.example']"),
            Some(90),
        ),
        (
            "{ domain = 'acme.example' }",
            object(
                "process",
                &serde_json::json!({"command_line": "ping portal.acme.example",
                    "id": "process--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"}),
            ),
            Some(60),
        ),
        (
            "{ domain = 'acme.example' }",
            object("hostname", &serde_json::json!({"value": "portal.acme.example"})),
            Some(60),
        ),
        (
            "{ domain = 'acme.example' }",
            indicator(r"[domain-name:value MATCHES '^(www\\\\.)?acme\\\\.example$']"),
            Some(90),
        ),
        (
            "{ domain = 'acme.example' }",
            indicator("[domain-name:value LIKE '%.acme.example']"),
            Some(90),
        ),
        ("{ domain = 'acme.example' }", indicator("[domain-name:value != 'acme.example']"), None),
    ]
}

/// Values that are written otherwise than the standard has them.
fn forms_of_others() -> Vec<(&'static str, Value, Option<u64>)> {
    vec![
        (
            "{ email = 'ana@acme.example' }",
            object("email-addr", &serde_json::json!({"value": "Ana <ana@acme.example>"})),
            Some(90),
        ),
        (
            "{ as-number = 64496 }",
            object("autonomous-system", &serde_json::json!({"number": "64496"})),
            Some(90),
        ),
        ("{ as-number = 64496 }", indicator("[autonomous-system:number = '64496']"), Some(90)),
        ("{ as-number = 64496 }", indicator("[x-foo:as_number = 64496]"), Some(60)),
        (
            "{ domain = 'acme.example' }",
            indicator("[domain-name:value = b'YWNtZS5leGFtcGxl']"),
            Some(90),
        ),
        (
            "{ hash = 'd41d8cd98f00b204e9800998ecf8427e' }",
            indicator("[file:hashes.MD5 = h'd41d8cd98f00b204e9800998ecf8427e']"),
            Some(90),
        ),
    ]
}

#[test]
fn values_are_met_in_whichever_form_they_come() {
    for (clause, object, expected) in forms().into_iter().chain(forms_of_others()) {
        assert_eq!(strength(clause, &serde_json::json!([object])), expected, "{clause} {object}");
    }
}

/// What `interest test` says of a text, against a clause: whether it is met.
fn is_met(clause: &str, text: &str) -> bool {
    let written = format!("[[interest]]\nlabel = 'x'\nurgency = 'future'\nany = [{clause}]\n");
    tried(text, &written).contains("“x” of")
}

#[test]
fn a_place_is_met_in_every_case_of_its_languages_and_its_doubles_are_not() {
    for (clause, text, expected) in [
        ("{ place = 'Saint Petersburg' }", "Взрыв в Санкт-Петербурге.", true),
        ("{ place = 'Saint Petersburg' }", "Anschlag in Sankt Petersburg.", true),
        ("{ place = 'Saint Petersburg' }", "Attentat à Saint-Pétersbourg.", true),
        ("{ place = 'Saint Petersburg' }", "Attentato a San Pietroburgo.", true),
        ("{ place = 'Санкт-Петербург' }", "Wybuch w Petersburgu.", true),
        ("{ place = 'Saint Petersburg' }", "A bomb in St. Petersburg, Florida.", false),
        ("{ country = 'RU' }", "A bomb in St. Petersburg, FL.", false),
        ("{ country = 'US' }", "A bomb in St. Petersburg, Florida.", true),
        ("{ place = 'Paris' }", "A bomb in Paris, Texas.", false),
        ("{ place = 'Cambridge' }", "A bomb in Cambridge, Massachusetts.", false),
        ("{ place = 'Cambridge' }", "A bomb in Cambridge.", true),
        ("{ place = 'Birmingham' }", "A bomb in Birmingham, Alabama.", false),
        ("{ place = 'Saint Petersburg' }", "Attentat à St-Pétersbourg.", true),
        ("{ place = 'Saint Petersburg' }", "Sankt Petersburgs Hafen.", true),
        ("{ place = 'Saint Petersburg' }", "Взрыв в СПб.", true),
        ("{ place = 'Saint Petersburg' }", "A bomb in St. Petersburg FL.", false),
        ("{ country = 'RU' }", "Взрыв: Санкт-Петербург, США.", false),
        ("{ country = 'RU' }", "Un attentat à Saint-Pétersbourg, aux États-Unis.", false),
        ("{ country = 'GB' }", "A bomb in London ON.", false),
        ("{ country = 'DE' }", "BOMBE IN MUENCHEN", true),
        ("{ country = 'CH' }", "Attentato a Ginevra.", true),
        ("{ country = 'FR' }", "Threats against Paris Hilton.", false),
        ("{ country = 'DE' }", "Útok v Německu.", true),
        ("{ country = 'DE' }", "Atak w Niemczech.", true),
        ("{ country = 'DE' }", "Взрыв в Германии.", true),
        ("{ country = 'DE' }", "Deutschlands Netze.", true),
        ("{ country = 'UA' }", "Вибух в Україні.", true),
    ] {
        assert_eq!(is_met(clause, text), expected, "{clause} {text}");
    }
}

#[test]
fn interests_without_an_urgency_take_one_and_are_told() {
    let pair = Pair::start(PROGRAM);
    let toml = "[[interest]]\nlabel = 'one'\nany = [{ domain = 'a.example' }]\n\
                [[interest]]\nlabel = 'two'\nurgency = 'future'\nany = [{ domain = 'b.example' }]\n";
    let json = r#"[{"label":"three","any":[{"domain":"c.example"}]}]"#;
    for (name, text, more) in
        [("a.toml", toml, &[][..]), ("a.json", json, &["--urgency", "immediate"][..])]
    {
        let path = pair.east.write(name, text);
        let import = ["interest", "import", &path, "--partner", "west.example", "--as", "paul"];
        let told = pair.east.run(&[&import[..], more].concat());
        let aside = String::from_utf8_lossy(&told.stderr).into_owned();
        assert!(told.status.success(), "{aside}");
        let expected = if more.is_empty() { "expected" } else { "immediate" };
        let words = format!("1 interests say no urgency, and are taken as {expected}");
        assert!(aside.contains(&words) && aside.contains("--urgency"), "{aside}");
    }
    let listed = pair.east.good(&["interest", "list", "--json"]);
    for (label, urgency) in [("one", "expected"), ("two", "future"), ("three", "immediate")] {
        let row = listed.lines().find(|row| row.contains(&format!("\"{label}\""))).unwrap_or("");
        assert!(row.contains(urgency), "{label}: {listed}");
    }
}

#[test]
fn a_list_is_imported_once_and_its_bad_rows_are_told() {
    let pair = Pair::start(PROGRAM);
    let rows: Vec<String> =
        (0..1_200).map(|n| format!("d{n}.example,Acme {}\n", n % 300)).collect();
    let rows = rows.concat();
    let csv = pair.east.write("list.csv", format!("domain,label\n{rows}no domain,Acme\n"));
    let import = ["interest", "import", &csv, "--partner", "west.example"];
    let refused = pair.east.refused(&[&import[..], &["--as", "paul"]].concat());
    assert!(refused.contains("line 1202: `no domain` is not a domain name"), "{refused}");
    assert!(refused.contains("1 rows were left out"), "{refused}");
    until("all of them", || (pair.west.json(&["interest", "list"]).len() == 300).then_some(()));
    let mended = pair.east.write("list.csv", format!("domain,label\n{rows}good.example,Acme\n"));
    let again = pair.east.by("paul", &["interest", "import", &mended, "--partner", "west.example"]);
    assert!(
        again.contains("registered 1 interests with west.example; 300 were registered"),
        "{again}"
    );
}

#[test]
fn an_interest_is_changed_and_a_proof_of_ownership_ends_with_what_it_was_of() {
    let pair = Pair::start(PROGRAM);
    pair.interest("one.example");
    let id = text(&pair.west.json(&["interest", "list"])[0], "/id");
    let known = || pair.west.json(&["interest", "list"]).remove(0);
    let change = known().pointer("/change").unwrap().to_string();
    let confirm = ["interest", "confirm", &id, "--partner", "east.example", "--how", "dns-record"];
    let note = ["--note", "TXT record seen", "--change"];
    let refused = pair.west.refused(&[&confirm[..], &note, &["99", "--as", "paul"]].concat());
    assert!(refused.contains("has changed it since"), "{refused}");
    pair.west.by("paul", &[&confirm[..], &note, &[&change]].concat());
    assert_eq!(
        (text(&known(), "/ownership"), text(&known(), "/by")),
        ("confirmed".into(), "paul".into())
    );
    let change = |clause: &str, label: &str| {
        let written =
            format!("[[interest]]\nlabel = '{label}'\nurgency = 'future'\nany = [{clause}]\n");
        let file = pair.east.write("i.toml", &written);
        pair.east.by("paul", &["interest", "change", &id, &file, "--partner", "west.example"]);
        until("the change", || (text(&known(), "/label") == label).then_some(()));
    };
    change("{ domain = 'one.example' }", "renamed");
    assert_eq!(text(&known(), "/ownership"), "confirmed", "the same things under another name");
    change("{ domain = 'two.example' }", "other");
    assert_eq!(text(&known(), "/ownership"), "claimed");
    // It counts from the next item on.
    for (name, domain) in [("a.txt", "one.example"), ("b.txt", "two.example")] {
        let file = pair.west.write(name, format!("See {domain}."));
        pair.west.by("ana", &["intake", &file]);
    }
    let case = until("a case", || pair.west.json(&["case", "list"]).into_iter().next());
    assert!(pair.west.good(&["case", "show", "1"]).contains("two.example"), "{case}");
    assert_eq!(pair.west.json(&["case", "list"]).len(), 1);
    assert_eq!(known().pointer("/matches"), Some(&serde_json::json!(1)));
    assert_eq!(pair.west.json(&["interest", "list", "--most"]).len(), 1);
    assert_eq!(pair.west.json(&["interest", "list", "--never"]).len(), 0);
}

#[test]
fn a_new_interest_is_tried_against_what_is_stored_through_kills() {
    let mut pair = Pair::start(PROGRAM);
    // Nobody is interested in these yet; the matcher passes them.
    for part in 0..6 {
        let lines = (0..500).map(|n| {
            let number = part * 500 + n;
            forewarn_testkit::made::indicator(number)
        });
        let bundle = format!(
            "{{\"type\":\"bundle\",\"id\":\"bundle--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f\",\"objects\":[{}]}}",
            lines.collect::<Vec<_>>().join(",")
        );
        let file = pair.west.write("bundle.json", &bundle);
        pair.west.by("ana", &["intake", &file]);
    }
    pair.interest("h7.example.net");
    pair.interest("h2999.example.net");
    // Killed again and again while it tries.
    for _ in 0..4 {
        pair.west.kill();
        pair.west.start();
    }
    let met = until("both", || {
        let rows = pair.west.json(&["interest", "list", "--most"]);
        (rows.len() == 2).then_some(rows)
    });
    assert!(
        met.iter().all(|row| row.pointer("/matches") == Some(&serde_json::json!(1))),
        "{met:?}"
    );
    assert_eq!(pair.west.json(&["case", "list"]).len(), 2);
    until("the end of the trial", || {
        let status = pair.west.good(&["status"]);
        (!status.contains("are tried against")).then_some(())
    });
    pair.west.kill();
    pair.west.start();
    assert_eq!(pair.west.json(&["case", "list"]).len(), 2, "nothing is opened twice");
}

#[test]
fn a_relationship_from_another_day_leads_to_the_victim() {
    let pair = Pair::start(PROGRAM);
    let written = "[[interest]]\nlabel = 'x'\nurgency = 'immediate'\nthreshold = 95\n\
                   any = [{ organisation = 'Acme Power' }]\n";
    let file = pair.east.write("i.toml", written);
    pair.east.by("paul", &["interest", "import", &file, "--partner", "west.example"]);
    until("the interest", || (pair.west.json(&["interest", "list"]).len() == 1).then_some(()));
    let time = "\"spec_version\":\"2.1\",\"created\":\"2024-01-26T21:28:21.013Z\",\"modified\":\"2024-01-26T21:28:21.013Z\"";
    let id = |kind: &str| {
        format!("\"type\":\"{kind}\",\"id\":\"{kind}--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f\"")
    };
    let take = |object: &str| {
        let file = pair.west.write("one.json", format!("{{\"objects\":[{{{object},{time}}}]}}"));
        pair.west.by("ana", &["intake", &file]);
    };
    take(&format!("{},\"name\":\"Acme Power\"", id("identity")));
    take(&format!("{},\"name\":\"Night\"", id("campaign")));
    take(&format!(
        "{},\"relationship_type\":\"targets\",\"source_ref\":\"campaign--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f\",\
         \"target_ref\":\"identity--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f\"",
        id("relationship")
    ));
    until("a case", || pair.west.json(&["case", "list"]).into_iter().next());
    let shown = pair.west.good(&["case", "show", "1"]);
    assert!(shown.contains("“Acme Power” (identity--"), "{shown}");
    assert_eq!(pair.west.json(&["case", "list"]).len(), 1);
}

#[test]
fn wrong_interests_are_refused_with_their_place() {
    let node = Node::start_new(PROGRAM, "west.example");
    for (name, written, why) in [
        ("a.toml", "[[interest]]\nlabel = 'x'\nurgency = 'soon'\nany = []\n", "line 3"),
        (
            "b.toml",
            "[[interest]]\nlabel = 'x'\nurgency = 'future'\nany = [{ contry = 'RU' }]\n",
            "contry",
        ),
        (
            "c.toml",
            "[[interest]]\nlabel = 'x'\nurgency = 'future'\nany = [{ country = 'ZZ' }]\n",
            "“x”: `ZZ`",
        ),
        ("d.json", "{\"interest\": 1}", "invalid type"),
        ("e.csv", "owner,thing\n", "`block`, `domain` or `site`"),
    ] {
        let file = node.write(name, written);
        let item = node.write("item.txt", "x");
        let refused = node.refused(&["interest", "test", &item, "--against", &file]);
        assert!(refused.contains(why), "{name}: {refused}");
    }
}

/// Everything that a partner's node can see of us: its logs with us, what came in them, and the
/// root and size that we have signed.
fn seen_by(node: &Node) -> String {
    let views = ["/api/v1/channels", "/api/v1/interests", "/api/v1/warnings", "/api/v1/cases"];
    views.map(|path| node.get(path).to_string()).concat()
}

#[test]
fn no_partner_sees_another_s_interests_or_what_met_them() {
    let pair = Pair::start(PROGRAM);
    let south = Node::start_new(PROGRAM, "south.example");
    for (here, there) in [(&pair.west, &south), (&south, &pair.west)] {
        let card = here.write("partner.card", there.good(&["card"]));
        here.by("paul", &["partner", "add", &card]);
    }
    for (here, there, name) in
        [(&pair.west, &south, "south.example"), (&south, &pair.west, "west.example")]
    {
        let words = text(there.json(&["card"]).first().unwrap(), "/fingerprint");
        here.by("paul", &["partner", "confirm", name, "--fingerprint", &words]);
    }
    pair.interest("tickets.example");
    pair.equal();
    let before = seen_by(&pair.east);
    // South registers much, one of it the very same thing, one of it refused; and items meet it.
    let rows: Vec<String> = (0..2_500).map(|n| format!("d{n}.example,Acme {n}\n")).collect();
    let csv = south.write("list.csv", format!("domain,label\n{}", rows.concat()));
    south.by("paul", &["interest", "import", &csv, "--partner", "west.example"]);
    let same = ["interest", "add", "--partner", "west.example", "--label", "x", "--domain"];
    south.by("paul", &[&same[..], &["tickets.example"]].concat());
    until("all of them", || (pair.west.json(&["interest", "list"]).len() == 2_502).then_some(()));
    let item = pair.west.write("item.txt", "See d7.example and d8.example.");
    pair.west.by("ana", &["intake", &item]);
    until("a case", || {
        let cases = pair.west.json(&["case", "list"]);
        cases.iter().any(|case| text(case, "/partner") == "south.example").then_some(())
    });
    pair.equal();
    assert_eq!(seen_by(&pair.east), before);
    // What both want to know is a case for each, and neither is told of the other's.
    let item = pair.west.write("both.txt", "See shop.tickets.example.");
    pair.west.by("ana", &["intake", &item]);
    let partners = until("both cases", || {
        let cases = pair.west.json(&["case", "list"]);
        let mut partners: Vec<String> = cases.iter().map(|case| text(case, "/partner")).collect();
        partners.sort();
        (partners.len() == 3).then_some(partners)
    });
    assert_eq!(partners, ["east.example", "south.example", "south.example"]);
    pair.equal();
    assert_eq!(seen_by(&pair.east), before);
}

#[test]
fn without_looking_back_every_item_behind_the_registration_is_met_and_none_before() {
    let config = "[matching]\nlook_back_days = 0\n";
    let west = Node::start_configured(PROGRAM, "west.example", config);
    let pair = Pair::of(west, Node::start_new(PROGRAM, "east.example"));
    let take = |n: u64| {
        let item = pair.west.write("item.txt", format!("Report {n} names shop.tickets.example."));
        pair.west.by("ana", &["intake", &item]);
    };
    take(0);
    // Somebody else's interest keeps the matcher at work, with an index that does not hold the
    // next.
    pair.interest("other.example");
    take(1);
    // Interests that wait for one trial are tried from the first of them on: this one is to be
    // alone, and the matcher to have passed what came before it.
    until("the trial of the other one", || {
        let status = pair.west.json(&["status"]).remove(0);
        let followers = status.pointer("/node/followers").and_then(Value::as_array).unwrap();
        let done = |one: &&Value| one.pointer("/behind") == Some(&0.into());
        (status["trial"].is_null() && followers.iter().all(|one| done(&one))).then_some(())
    });
    pair.interest("tickets.example");
    let behind = 2..12;
    behind.clone().for_each(take);
    let wanted = i64::try_from(behind.count()).unwrap();
    let met = || {
        let rows = pair.west.json(&["interest", "list", "--most"]);
        rows.first().and_then(|row| row.pointer("/matches")?.as_i64()).unwrap_or(0)
    };
    until("all of them", || (met() >= wanted).then_some(()));
    until("the end of the trial", || {
        (!pair.west.good(&["status"]).contains("new interests")).then_some(())
    });
    assert_eq!(met(), wanted);
}

#[test]
fn an_interest_in_either_alphabet_is_met_at_the_partner_s_node() {
    let pair = Pair::start(PROGRAM);
    pair.interest("müller.example");
    let url = object(
        "url",
        &serde_json::json!({"value": "hxxps://shop[.]xn--mller-kva[.]example/", "defanged": true}),
    );
    let file = pair.west.write("b.json", serde_json::json!({"objects": [url]}).to_string());
    pair.west.by("ana", &["intake", &file]);
    until("a case", || pair.west.json(&["case", "list"]).into_iter().next());
    let shown = pair.west.good(&["case", "show", "1"]);
    assert!(shown.contains("shop.xn--mller-kva.example"), "{shown}");
}
