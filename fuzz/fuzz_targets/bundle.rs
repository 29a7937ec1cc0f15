//! A frame of objects: every byte string ends, in objects and a judgement or in an error with a
//! place.
#![no_main]

use forewarn_stix::bundle::Objects;
use forewarn_stix::{json, place};
use libfuzzer_sys::fuzz_target;

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
    // What a JSON reader takes as a list, or as an object with a list, has the same objects.
    if whole && let Ok(value) = json::read(bytes) {
        let list = value.as_array().or_else(|| value.get("objects")?.as_array());
        let wanted = list.map_or(&[][..], Vec::as_slice);
        let split: Vec<_> = read.iter().filter_map(|object| json::read(object).ok()).collect();
        assert_eq!(split, wanted);
    }
});
