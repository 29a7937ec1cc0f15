//! A pattern: parsed, printed and parsed again alike; compiled and held against observations.
#![no_main]

use forewarn_stix::pattern::{Pattern, observations, parse, values};
use libfuzzer_sys::fuzz_target;
use serde_json::json;

fuzz_target!(|text: &str| {
    let _ = values(text);
    let Ok(observation) = parse(text) else { return };
    let printed = observation.to_string();
    assert_eq!(parse(&printed).as_ref(), Ok(&observation), "{printed}");
    let Ok(pattern) = Pattern::of(&observation) else { return };
    let objects = [
        json!({"type": "file", "id": "file--1", "name": "a", "size": 1, "magic_number_hex": "ffd8",
            "hashes": {"MD5": "a"}, "contains_refs": ["file--1", "file--2"]}),
        json!({"type": "file", "id": "file--2", "name": "\u{e9}", "content_ref": "file--1"}),
        json!({"type": "ipv4-addr", "id": "ipv4-addr--1", "value": "198.51.100.3/24"}),
        json!({"type": "observed-data", "id": "observed-data--1", "number_observed": 2,
            "first_observed": "2017-12-15T09:30:00Z", "last_observed": "2017-12-15T09:31:00Z",
            "object_refs": ["file--1", "file--2"]}),
        json!({"type": "observed-data", "id": "observed-data--2", "number_observed": 1,
            "first_observed": "2017-12-15T09:40:00Z", "last_observed": "2017-12-15T09:40:00Z",
            "object_refs": ["ipv4-addr--1", "file--1"]}),
    ];
    let _ = pattern.find(&observations(&objects));
    let _ = pattern.find(&observations(&objects[..3]));
});
