//! A frame of objects: every byte string ends, in objects and a judgement or in an error with a
//! place.
#![no_main]

use forewarn_stix::bundle::Objects;
use forewarn_stix::{json, place};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|bytes: &[u8]| {
    let mut objects = Objects::any(bytes);
    let mut read = Vec::new();
    let whole = loop {
        match objects.next_object() {
            Ok(Some(object)) => read.push(object),
            Ok(None) => break true,
            Err(_) => break false,
        }
    };
    let _ = objects.judge_head();
    let _ = place::find(bytes, "$.objects[0].id");
    // What a JSON reader takes as objects, in a list, in a bundle or alone, has the same objects.
    if whole && let Ok(value) = json::read(bytes) {
        let split: Vec<_> = read.iter().filter_map(|object| json::read(object).ok()).collect();
        let wanted: Vec<&Value> = match &value {
            Value::Array(all) => all.iter().flat_map(|one| objects_of(one, true)).collect(),
            one => objects_of(one, false),
        };
        assert_eq!(split.iter().collect::<Vec<_>>(), wanted);
    }
});

/// The objects of a frame, or the value itself where it is none.
fn objects_of(value: &Value, in_list: bool) -> Vec<&Value> {
    let kind = value.get("type").and_then(Value::as_str);
    match value.get("objects") {
        Some(Value::Array(objects)) => objects.iter().collect(),
        _ if value.is_object() && kind == Some("bundle") => Vec::new(),
        _ if kind.is_some() || in_list => vec![value],
        _ => Vec::new(),
    }
}
