//! Breaks every rule once: by table what the kind of each property forbids, and by hand what takes
//! several properties. Each object breaks one rule, and exactly that rule must be found.

mod cases;
mod made;

use crate::finding::{Finding, Severity};
use crate::schema::{Prop, ValueKind};
use crate::types::{self, Type};
use crate::{judge, rule};
use made::{alter, full, minimal, sample};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn errors(object: &Value) -> Vec<(&'static str, String)> {
    let judged = judge(object.to_string().as_bytes());
    let usable = judged.errors().all(|finding| finding.usable);
    assert_eq!((judged.object.is_some(), judged.usable), (usable, usable));
    judged.errors().map(|f| (f.rule, f.path.clone())).collect()
}

fn warnings(object: &Value) -> Vec<&'static str> {
    let of = |f: &Finding| f.severity == Severity::Warning;
    let findings = judge(object.to_string().as_bytes()).findings;
    findings.iter().filter(|f| of(f)).map(|f| f.rule).collect()
}

#[test]
fn the_smallest_and_the_fullest_object_of_every_type_are_valid() {
    for of in types::all() {
        for object in [minimal(of), full(of)] {
            assert_eq!(errors(&object), [], "{object:#}");
        }
        assert_eq!(warnings(&minimal(of)), [] as [&str; 0], "{:#}", minimal(of));
    }
    assert_eq!(types::all().len(), 19 + 2 + 18 + 3);
}

/// Valid objects that a hasty reading of the rules would refuse.
#[test]
fn unusual_valid_objects_are_accepted() {
    let of = |name: &str, property: &str, value: Value| {
        alter(types::find(name).unwrap().of, property, value).unwrap()
    };
    let marking = format!("marking-definition--{}", made::UUID);
    let mut defanged = of("url", "value", json!("hxxps://example[.]org/"));
    defanged["defanged"] = json!(true);
    let contained = json!({"0": {"type": "ipv4-addr", "value": "198.51.100[.]3", "defanged": true, "object_marking_refs": [marking]}});
    let lang = json!([{"selectors": ["name"], "lang": "de"}]);
    for object in [
        defanged,
        of("observed-data", "objects", contained),
        of("tool", "granular_markings", lang),
        of("indicator", "valid_until", json!("9999-12-31T23:59:59Z")),
        of("location", "longitude", json!(30)),
        of("language-content", "contents", json!({"zh-Hant-TW": {"labels": ["a", ""]}})),
        crate::marking::Tlp::AmberStrict.definition(),
    ] {
        assert_eq!(errors(&object), [], "{object:#}");
    }
}

#[test]
fn each_required_property_is_missed() {
    for of in types::all() {
        for prop in of.family.common().iter().chain(of.props).filter(|prop| prop.required) {
            let mut object = minimal(of);
            object.as_object_mut().unwrap().remove(prop.name);
            let rule =
                if prop.name == "modified" { "modified-missing" } else { "required-property" };
            let expected = (rule, format!("$.{}", prop.name));
            let found = errors(&object);
            assert!(found.contains(&expected), "{}.{}: {found:?}", of.name, prop.name);
            // Rules that depend on the property may be broken with it, and no others.
            let also = ["at-least-one", "uuid-random"];
            assert!(found.iter().all(|f| *f == expected || also.contains(&f.0)), "{found:?}");
        }
        for name in ["type", "id"] {
            let mut object = minimal(of);
            object.as_object_mut().unwrap().remove(name);
            assert_eq!(
                errors(&object).first().map(|f| f.0),
                Some("required-property"),
                "{}",
                of.name
            );
        }
    }
}

/// A value that breaks one rule, the rule, and the path of the finding below the property.
type Bad = (Value, &'static str, &'static str);

fn wrong_type(kind: ValueKind) -> Option<Value> {
    match kind {
        ValueKind::Any => None,
        ValueKind::Bool => Some(json!("yes")),
        ValueKind::TextOrInt => Some(json!(1.5)),
        ValueKind::Int(..) | ValueKind::Num(..) => Some(json!("1")),
        _ => Some(json!(7)),
    }
}

/// The values that a kind forbids, each for one reason.
fn violations(kind: ValueKind) -> Vec<Bad> {
    let mut bad: Vec<Bad> = vec![(Value::Null, "null", "")];
    bad.extend(wrong_type(kind).map(|value| (value, "property-type", "")));
    match kind {
        ValueKind::Int(low, high) => {
            bad.push((json!(1.5), "property-type", ""));
            // Integers beyond 2^53 - 1 are not I-JSON at all.
            bad.extend(
                [low - 1, high + 1]
                    .iter()
                    .filter(|n| n.abs() < 1 << 53)
                    .map(|n| (json!(n), "range", "")),
            );
        }
        ValueKind::Num(low, high) if low > f64::MIN => {
            bad.push((json!(low - 1.0), "range", ""));
            if high < f64::MAX {
                bad.push((json!(high + 1.0), "range", ""));
            }
        }
        ValueKind::Time | ValueKind::TimeMillis | ValueKind::TimeSeconds => {
            bad.push((json!("2017-12-15T09:30:00.000+01:00"), "timestamp-offset", ""));
            bad.push((json!("2017-02-30T09:30:00.000Z"), "timestamp", ""));
        }
        ValueKind::Ref(types) => {
            bad.push((json!("not an id"), "identifier", ""));
            if !types.is_empty() {
                let other = "campaign--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";
                bad.push((json!(other), "reference-type", ""));
            }
        }
        ValueKind::RefBut(types) => {
            let barred = types.first().unwrap();
            let id = format!("{barred}--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f");
            bad.push((json!(id), "reference-type", ""));
        }
        ValueKind::Hashes | ValueKind::KnownHashes => {
            bad.push((json!({}), "empty-dictionary", ""));
            bad.push((json!({"MD5": "d4"}), "hash", ".MD5"));
            bad.push((json!({"SHA-256": "zz"}), "hash", ".SHA-256"));
            bad.push((json!({"MD5": 1}), "property-type", ".MD5"));
            bad.push((json!({"é md": "a"}), "hash-name", "[\"é md\"]"));
        }
        ValueKind::Dict | ValueKind::Extensions | ValueKind::Container | ValueKind::Keyed(..) => {
            bad.push((json!({}), "empty-dictionary", ""));
        }
        ValueKind::List(_) => bad.push((json!([]), "empty-list", "")),
        ValueKind::Enum(_) => bad.push((json!("none of them"), "enum", "")),
        ValueKind::Form(form) if form.rule.severity() == Severity::Error => {
            bad.push((json!(form.counter), form.rule.code, ""));
        }
        _ => {}
    }
    bad
}

/// An object that breaks one rule once, the rule, and the path of the finding.
type Broken = (Value, &'static str, String);

fn broken(of: &Type, prop: &Prop) -> Vec<Broken> {
    let at_zero = |bad: Bad| (json!([bad.0]), bad.1, format!("[0]{}", bad.2));
    let own =
        violations(prop.kind).into_iter().map(|(value, rule, at)| (value, rule, at.to_owned()));
    let inner = match prop.kind {
        ValueKind::List(of) => violations(*of).into_iter().map(at_zero).collect(),
        _ => Vec::new(),
    };
    let all = own.chain(inner).filter_map(|(value, rule, at)| {
        let object = alter(of, prop.name, value)?;
        Some((object, rule, format!("$.{}{at}", prop.name)))
    });
    all.collect()
}

/// Objects that each break one rule in a property of an extension.
fn broken_inside(of: &Type, name: &str, props: &[Prop], prop: &Prop) -> Vec<Broken> {
    let mut extension = json!({});
    for other in props.iter().filter(|other| other.name != "hashes") {
        extension[other.name] = sample(other.kind);
    }
    let with = |value: Option<Value>, rule, at: &str| {
        let mut extension = extension.clone();
        match value {
            Some(value) => extension[prop.name] = value,
            None => drop(extension.as_object_mut().unwrap().remove(prop.name)),
        }
        let object = alter(of, "extensions", json!({ name: extension })).unwrap();
        (object, rule, format!("$.extensions.{name}.{}{at}", prop.name))
    };
    let bad = violations(prop.kind).into_iter();
    let mut all: Vec<Broken> = bad.map(|(value, rule, at)| with(Some(value), rule, at)).collect();
    if prop.required {
        all.push(with(None, "required-property", ""));
    }
    all
}

fn all_broken() -> Vec<Broken> {
    let mut all = Vec::new();
    for of in types::all() {
        for prop in of.family.common().iter().chain(of.props) {
            if !matches!(prop.name, "type" | "id") {
                all.extend(broken(of, prop));
            }
        }
        for (name, shape) in of.extensions {
            for prop in shape.props {
                all.extend(broken_inside(of, name, shape.props, prop));
            }
        }
    }
    all
}

#[test]
fn each_property_of_each_type_and_extension_breaks_each_rule_of_its_kind() {
    let all = all_broken();
    assert!(all.len() > 2_000, "{}", all.len());
    for (object, rule, path) in all {
        assert_eq!(errors(&object), [(rule, path)], "{object:#}");
    }
}

/// With `FOREWARN_CASES` set to a file name, writes every object that the tests here make, as JSON
/// lines with our judgement, so that another validator can judge them (`make interop`).
#[test]
fn every_case_can_be_judged_by_others() {
    let whole = types::all().iter().flat_map(|of| [minimal(of), full(of)]);
    let broken = all_broken().into_iter().map(|(object, ..)| object);
    let by_hand = cases::all().into_iter().map(|(_, object)| object);
    let lines = whole.chain(broken).chain(by_hand).map(|object| {
        let errors: Vec<_> = errors(&object).into_iter().map(|(rule, _)| rule).collect();
        json!({ "object": object, "errors": errors }).to_string()
    });
    let text = lines.collect::<Vec<_>>().join("\n");
    assert!(text.lines().count() > 2_500);
    if let Some(path) = std::env::var_os("FOREWARN_CASES") {
        std::fs::write(path, text).unwrap();
    }
}

#[test]
fn each_open_vocabulary_warns_of_other_words_and_of_their_case() {
    for of in types::all() {
        for prop in of.props {
            let (vocabulary, list) = match prop.kind {
                ValueKind::Open(vocabulary) => (vocabulary, false),
                ValueKind::List(ValueKind::Open(vocabulary)) => (*vocabulary, true),
                _ => continue,
            };
            let with = |word: &str| {
                let value = if list { json!([word]) } else { json!(word) };
                warnings(&alter(of, prop.name, value).unwrap())
            };
            for word in vocabulary.values.iter().filter(|word| **word != "stix") {
                assert!(
                    !with(word).contains(&"open-vocabulary"),
                    "{}.{} {word}",
                    of.name,
                    prop.name
                );
            }
            assert!(with("other-word").contains(&"open-vocabulary"), "{}.{}", of.name, prop.name);
            assert!(
                with("Other_word").contains(&"open-vocabulary-case"),
                "{}.{}",
                of.name,
                prop.name
            );
        }
    }
}

#[test]
fn each_span_of_time_is_held_to_its_order() {
    let (early, late) = ("2017-12-15T09:30:00.000Z", "2017-12-16T09:30:00.000Z");
    for of in types::all() {
        for (first, second, later) in of.spans {
            let with = |a: &str, b: &str| {
                let mut object = minimal(of);
                object[first] = json!(a);
                object[second] = json!(b);
                made::renamed(object)
            };
            let expected = [("time-order", format!("$.{second}"))];
            assert_eq!(errors(&with(late, early)), expected, "{}", of.name);
            assert_eq!(errors(&with(early, late)), [], "{}", of.name);
            assert_eq!(errors(&with(early, early)).len(), usize::from(*later), "{}", of.name);
        }
    }
}

/// The last hours of the year 9999 mean "never": they once were all one instant, and a message told
/// a time that stood nowhere.
#[test]
fn the_last_hours_of_9999_and_single_nanoseconds_are_in_order() {
    let with = |name: &str, first: (&str, &str), second: (&str, &str)| {
        let mut object = minimal(types::find(name).unwrap().of);
        object[first.0] = json!(first.1);
        object[second.0] = json!(second.1);
        made::renamed(object)
    };
    let from = ("valid_from", "9999-12-31T00:00:00Z");
    let until = ("valid_until", "9999-12-31T00:00:00.000000001Z");
    assert_eq!(errors(&with("indicator", from, until)), []);
    let campaign = with(
        "campaign",
        ("first_seen", "9999-12-31T23:59:59Z"),
        ("last_seen", "9999-12-31T23:59:58.999999999Z"),
    );
    assert_eq!(errors(&campaign), [("time-order", "$.last_seen".to_owned())]);
    let message = judge(campaign.to_string().as_bytes()).errors().next().unwrap().message.clone();
    for time in ["(9999-12-31T23:59:58.999999999Z)", "(9999-12-31T23:59:59Z)"] {
        assert!(message.contains(time), "{message}");
    }
}

#[test]
fn every_rule_is_broken_by_some_case_and_only_that_rule_is_found() {
    let mut seen = BTreeSet::new();
    for (expected, object) in cases::all() {
        let judged = judge(object.to_string().as_bytes());
        let rules: Vec<_> = judged.findings.iter().map(|f| f.rule).collect();
        let severity =
            rule::find(expected).unwrap_or_else(|| panic!("no rule {expected}")).severity();
        let same: Vec<_> =
            judged.findings.iter().filter(|f| f.severity == severity).map(|f| f.rule).collect();
        assert!(same.contains(&expected), "expected {expected}, found {rules:?} in {object:#}");
        // These two cannot be broken without another should.
        let beside = match expected {
            "open-vocabulary-case" => "open-vocabulary",
            "container-key" => "deprecated",
            _ => expected,
        };
        assert!(
            same.iter().all(|rule| [expected, beside].contains(rule)),
            "expected {expected} only, found {same:?} in {object:#}"
        );
        if severity == Severity::Warning {
            assert!(judged.object.is_some(), "{expected} is a should: {object:#}");
        }
        seen.insert(expected);
    }
    // Rules between objects, and rules before there is an object, are tested in their modules.
    let elsewhere = [
        "json",
        "size",
        "version-conflict",
        "duplicate",
        "created-changed",
        "creator-changed",
        "version-after-revoked",
    ];
    for rule in rule::ALL {
        assert!(seen.contains(rule.code) != elsewhere.contains(&rule.code), "{}", rule.code);
    }
}
