//! One object: judged without a panic; what is valid is kept as it was, and has one canonical form.
#![no_main]

use forewarn_stix::marking::Markings;
use forewarn_stix::versions::Versions;
use forewarn_stix::{canonical, json, judge, observable_id, place};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let judged = judge(bytes);
    for finding in &judged.findings {
        let _ = place::find(bytes, &finding.path);
    }
    let Ok(value) = json::read(bytes) else {
        assert!(judged.object.is_none());
        return;
    };
    let form = canonical::bytes(&value);
    let again = json::read(&form).expect("the canonical form is strict JSON");
    assert_eq!(canonical::bytes(&again), form);
    if let Some(map) = value.as_object() {
        let _ = observable_id::deterministic(map);
    }
    let markings = Markings::of(&value, &|_| None);
    assert!(markings.whole().level() >= markings.at("name").level() || markings.ids_at("name").is_empty());
    if let Some(object) = judged.object {
        assert_eq!(object.properties(), &value);
        let mut versions = Versions::new();
        assert!(versions.compare(&object).is_empty());
    }
});
