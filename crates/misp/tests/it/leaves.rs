//! Nothing is lost in silence: each leaf of an event is carried over, or named.

use crate::example;
use forewarn_misp::{to_misp, to_stix};
use serde_json::{Value, json};

/// The pointers of all leaves that say something.
pub(crate) fn leaves(value: &Value, at: &str, all: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let key = key.replace('~', "~0").replace('/', "~1");
                leaves(value, &format!("{at}/{key}"), all);
            }
        }
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(n, value)| leaves(value, &format!("{at}/{n}"), all));
        }
        Value::Null => {}
        Value::String(text) if text.is_empty() => {}
        _ => all.push(at.to_owned()),
    }
}

/// Another value of the same kind.
fn otherwise(value: &Value) -> Value {
    match value {
        Value::Bool(yes) => json!(!yes),
        Value::Number(number) => json!(number.as_f64().unwrap_or_default() + 1.0),
        Value::String(text) => {
            let last = text.chars().last().unwrap();
            let is_digits = text.chars().all(|c| c.is_ascii_hexdigit() || "-:.T+Z ".contains(c));
            let mut other = text.clone();
            if is_digits && last.is_ascii_digit() {
                other.pop();
                other.push(if last == '1' { '2' } else { '1' });
            } else if is_digits && text.len() == 36 {
                other.pop();
                other.push(if last == 'a' { 'b' } else { 'a' });
            } else {
                other.push('x');
            }
            json!(other)
        }
        other => other.clone(),
    }
}

/// The leaves of which a change changes nothing, and that are not named as lost either, by what a
/// conversion tells and names.
fn silent_by(
    whole: &Value,
    told: &dyn Fn(&Value) -> String,
    lost: &dyn Fn(&Value) -> Vec<String>,
) -> Vec<String> {
    let before = told(whole);
    let lost = lost(whole);
    let mut all = Vec::new();
    leaves(whole, "", &mut all);
    let is_named = |at: &String| lost.iter().any(|lost| at.starts_with(lost.as_str()));
    all.retain(|at| {
        let mut other = whole.clone();
        let place = other.pointer_mut(at).unwrap();
        *place = otherwise(place);
        !is_named(at) && told(&other) == before
    });
    all
}

/// The result as text; the words of a refusal are no silence either.
fn told(event: &Value) -> String {
    match to_stix(event.to_string().as_bytes()) {
        Ok(made) => format!("{:?} {}", made.losses, Value::Array(made.objects)),
        Err(why) => why.to_string(),
    }
}

/// The same of an event.
pub(crate) fn silent(event: &Value) -> Vec<String> {
    silent_by(event, &told, &|event| {
        let made = to_stix(event.to_string().as_bytes()).unwrap_or_default();
        made.losses.list().iter().map(|loss| loss.at.clone()).collect()
    })
}

#[test]
fn a_change_of_any_leaf_of_others_objects_is_seen_in_the_event_or_named() {
    let bundle = json!({ "type": "bundle", "id": "bundle--6f5d1c3e-4a6c-4c1e-9d3e-0d8c1f2b3a4d",
        "objects": example::foreign() });
    let written = |bundle: &Value| to_misp(bundle.to_string().as_bytes());
    let told = |bundle: &Value| match written(bundle) {
        Ok(written) => format!("{} {:?}", written.event, written.losses),
        Err(why) => why.to_string(),
    };
    let lost = |bundle: &Value| {
        let losses = written(bundle).unwrap().losses;
        losses.list().iter().map(|loss| loss.at.clone()).collect()
    };
    let mut silent = silent_by(&bundle, &told, &lost);
    // The frame says nothing, and neither do the version of the standard and the time of making
    // beside that of the last change. What only ties others together is there as their tie.
    let ties = ["/objects/0/", "/objects/4/", "/objects/5/", "/objects/11/"];
    silent.retain(|at| {
        let is_tie = ties.iter().any(|tie| at.starts_with(tie));
        let is_name = at.ends_with("/modified") || at.ends_with("/id");
        let is_frame = at == "/id" || at == "/type" || at.ends_with("/spec_version");
        !(is_frame || at.ends_with("/created") || (is_tie && is_name))
    });
    assert!(silent.is_empty(), "{} leaves are lost in silence: {silent:#?}", silent.len());
}

#[test]
fn a_change_of_any_leaf_of_an_event_is_seen_in_the_result() {
    let silent = silent(&example::event());
    assert!(silent.is_empty(), "{} leaves are lost in silence: {silent:#?}", silent.len());
}

/// FOREWARN_MISP=FOLDER: other people's events.
#[test]
fn a_change_of_any_leaf_of_others_events_is_seen_in_the_result() {
    let Ok(folder) = std::env::var("FOREWARN_MISP") else { return };
    let (mut files, mut count) = (0, 0);
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|end| end != "json") {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        if bytes.len() > 100_000 {
            continue;
        }
        let event: Value = serde_json::from_slice(&bytes).unwrap();
        if let Err(why) = to_stix(&bytes) {
            println!("{}: refused, {why}", path.display());
            continue;
        }
        let mut all = Vec::new();
        leaves(&event, "", &mut all);
        let silent = silent(&event);
        (files, count) = (files + 1, count + all.len());
        assert!(silent.is_empty(), "{}: {silent:#?}", path.display());
    }
    println!("{count} leaves of {files} events");
}

#[test]
fn all_objects_of_an_event_with_everything_are_usable_without_a_broken_must() {
    let made = to_stix(example::event().to_string().as_bytes()).unwrap();
    assert!(made.losses.is_empty(), "{:#?}", made.losses);
    for object in &made.objects {
        let judged = forewarn_stix::judge(object.to_string().as_bytes());
        let errors: Vec<_> = judged.errors().collect();
        assert!(errors.is_empty() && judged.usable, "{object:#}: {errors:#?}");
    }
}

#[test]
fn every_reference_of_an_object_is_to_one_of_the_same_event() {
    let made = to_stix(example::event().to_string().as_bytes()).unwrap();
    let ids: Vec<&str> = made.objects.iter().filter_map(|one| one["id"].as_str()).collect();
    for object in &made.objects {
        let all = object.as_object().unwrap();
        let refs = all.iter().filter(|(key, _)| key.ends_with("_ref") || key.ends_with("_refs"));
        for (key, value) in refs {
            let texts = value.as_array().map_or_else(|| vec![value], |list| list.iter().collect());
            for id in texts.into_iter().filter_map(Value::as_str) {
                assert!(ids.contains(&id), "{} has {key} {id}", object["id"]);
            }
        }
    }
    let mut once = ids.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), ids.len(), "an id stands twice");
}
