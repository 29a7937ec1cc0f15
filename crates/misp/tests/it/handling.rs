//! Handling: what may be done with an event is carried over, or nothing is.

use forewarn_misp::{Refused, to_stix};
use serde_json::{Value, json};

fn event(tags: &[&str], more: &Value) -> Value {
    let tags: Vec<Value> = tags.iter().map(|name| json!({ "name": name })).collect();
    let mut event = json!({
        "uuid": "11111111-1111-4111-8111-111111111111", "info": "x", "timestamp": "1603642920",
        "Tag": tags, "Attribute": [{ "type": "domain", "value": "evil.example", "to_ids": true,
            "uuid": "22222222-2222-4222-8222-222222222222", "timestamp": "1603642920" }],
    });
    for (key, value) in more.as_object().unwrap() {
        event[key] = value.clone();
    }
    json!({ "Event": event })
}

/// The markings of each object that is no marking and no identity.
fn markings(event: &Value) -> Vec<Vec<String>> {
    let made = to_stix(event.to_string().as_bytes()).unwrap();
    let is_marked = |one: &&Value| {
        one["type"] != "marking-definition"
            && one["type"] != "identity"
            && one.get("created").is_some()
    };
    let ids = |one: &Value| {
        let list = one["object_marking_refs"].as_array().cloned().unwrap_or_default();
        list.iter().map(|id| id.as_str().unwrap().to_owned()).collect()
    };
    made.objects.iter().filter(is_marked).map(ids).collect()
}

fn refused(event: &Value) -> String {
    match to_stix(event.to_string().as_bytes()) {
        Err(why @ Refused::Handling { .. }) => why.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_level_of_an_event_holds_for_all_that_is_in_it() {
    use forewarn_stix::marking::Tlp;
    let levels = [
        ("tlp:white", Tlp::Clear),
        ("tlp:clear", Tlp::Clear),
        ("tlp:green", Tlp::Green),
        ("TLP:AMBER", Tlp::Amber),
        ("tlp:amber+strict", Tlp::AmberStrict),
        ("tlp:red", Tlp::Red),
    ];
    for (tag, level) in levels {
        let all = markings(&event(&[tag], &json!({})));
        assert!(all.len() > 3 && all.iter().all(|ids| ids == &[level.id()]), "{tag}: {all:?}");
    }
}

#[test]
fn a_level_that_is_not_known_or_contradicts_another_blocks_in_words() {
    assert!(refused(&event(&["tlp:ex:chr"], &json!({}))).contains("no level of TLP"));
    assert!(refused(&event(&["tlp:unclear"], &json!({}))).contains("/Event/Tag/0/name"));
    assert!(refused(&event(&["tlp:green", "tlp:red"], &json!({}))).contains("contradicts"));
    assert!(refused(&event(&["PAP:BLUE"], &json!({}))).contains("no level of PAP"));
    let white = event(&["tlp:white", "tlp:clear"], &json!({}));
    assert!(to_stix(white.to_string().as_bytes()).is_ok());
}

#[test]
fn how_far_a_server_lets_an_event_go_is_a_marking_too_and_the_stricter_counts() {
    use forewarn_stix::marking::Tlp;
    for (distribution, tag, level) in [
        ("0", "tlp:white", Tlp::AmberStrict),
        ("1", "tlp:white", Tlp::Amber),
        ("3", "tlp:white", Tlp::Clear),
        ("1", "tlp:red", Tlp::Red),
    ] {
        let all = markings(&event(&[tag], &json!({ "distribution": distribution })));
        assert!(all.iter().all(|ids| ids == &[level.id()]), "{distribution} {tag}: {all:?}");
    }
}

#[test]
fn a_sharing_group_is_a_marking_that_nobody_takes_for_a_level() {
    let group = json!({ "distribution": "4", "sharing_group_id": "5",
        "SharingGroup": { "name": "Few", "uuid": "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb" } });
    let event = event(&["tlp:white"], &group);
    let id = "marking-definition--bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb";
    assert!(markings(&event).iter().all(|ids| ids.contains(&id.to_owned())));
    let made = to_stix(event.to_string().as_bytes()).unwrap();
    let find = |id: &str| made.objects.iter().find(|one| one["id"] == id);
    let indicator = made.objects.iter().find(|one| one["type"] == "indicator").unwrap();
    let marks = forewarn_stix::marking::Markings::of(indicator, &find);
    assert_eq!(marks.whole(), forewarn_stix::marking::Effective::Unknown(id.to_owned()));
}

#[test]
fn a_sharing_group_that_is_not_named_blocks() {
    assert!(refused(&event(&[], &json!({ "distribution": "4" }))).contains("sharing group"));
}

#[test]
fn of_several_confidences_the_lowest_counts_and_the_tags_stay() {
    let tags = [
        "admiralty-scale:information-credibility=\"2\"",
        "estimative-language:confidence-in-analytic-judgment=\"low\"",
    ];
    let made = to_stix(event(&tags, &json!({})).to_string().as_bytes()).unwrap();
    let grouping = made.objects.iter().find(|one| one["type"] == "grouping").unwrap();
    assert_eq!(grouping["confidence"], 15);
    let labels = grouping["labels"].to_string();
    assert!(labels.contains("information-credibility") && labels.contains("analytic-judgment"));
}

/// Found by damaging events: its definition defined nothing, and was no marking.
#[test]
fn a_sharing_group_of_which_nothing_is_said_is_a_marking_all_the_same() {
    let group = json!({ "distribution": "4", "SharingGroup": { "uuid": "no uuid", "name": null } });
    let made = to_stix(event(&[], &group).to_string().as_bytes());
    let objects = made.map(|made| made.objects).unwrap_or_default();
    for object in objects.iter().filter(|one| one["type"] == "marking-definition") {
        assert!(forewarn_stix::judge(object.to_string().as_bytes()).usable, "{object:#}");
    }
}

/// A deleted attribute would otherwise be a sign that somebody acts on.
#[test]
fn what_was_deleted_is_revoked_and_in_no_pattern() {
    let event = json!({ "info": "x", "Attribute": [
        { "type": "domain", "value": "gone.example", "to_ids": true, "deleted": true }],
        "Object": [{ "name": "domain-ip", "meta-category": "network", "Attribute": [
            { "type": "domain", "object_relation": "domain", "value": "stays.example", "to_ids": true },
            { "type": "ip-dst", "object_relation": "ip", "value": "192.0.2.1", "to_ids": true, "deleted": "1" }]}]});
    let made = to_stix(event.to_string().as_bytes()).unwrap();
    let of = |pattern: &str| made.objects.iter().find(|one| one["pattern"] == pattern);
    assert_eq!(of("[domain-name:value = 'gone.example']").unwrap()["revoked"], true);
    assert_eq!(of("[domain-name:value = 'stays.example']").unwrap().get("revoked"), None);
    assert!(made.objects.iter().all(|one| one["value"] != "192.0.2.1"));
}

#[test]
fn a_sign_without_the_form_of_its_observable_is_looked_for_all_the_same() {
    let event = json!({ "info": "x", "Attribute": [
        { "type": "url", "value": "evil.example/it's", "to_ids": true },
        { "type": "url", "value": "evil.example/quiet", "to_ids": false }]});
    let made = to_stix(event.to_string().as_bytes()).unwrap();
    let patterns: Vec<&Value> = made.objects.iter().filter_map(|one| one.get("pattern")).collect();
    assert_eq!(patterns, ["[url:value = 'evil.example/it\\'s']"]);
    assert!(made.objects.iter().all(|one| one["type"] != "url"));
}
