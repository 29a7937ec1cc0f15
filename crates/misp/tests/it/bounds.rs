//! Hostile files.

use forewarn_misp::to_stix;

fn refused(text: &str) -> String {
    to_stix(text.as_bytes()).expect_err("is refused").to_string()
}

#[test]
fn what_two_readers_could_read_differently_is_refused_with_its_place() {
    assert!(refused(r#"{"Event":{"info":"a","info":"b"}}"#).contains("`info` occurs twice"));
    let twice = r#"{"Event":{"info":"a","Attribute":[{"type":"text","value":"a","value":"b"}]}}"#;
    let why = refused(twice);
    assert!(why.contains("/Event/Attribute/0") && why.contains("`value` occurs twice"), "{why}");
}

#[test]
fn nesting_beyond_the_bound_is_refused() {
    let deep =
        format!(r#"{{"Event":{{"info":"a","x":{}{}}}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    assert!(refused(&deep).contains("deeper than 64"));
    let part = format!(
        r#"{{"Event":{{"info":"a","Attribute":[{{"x":{}{}}}]}}}}"#,
        "[".repeat(100),
        "]".repeat(100)
    );
    assert!(refused(&part).contains("deeper than 64"));
    assert!(refused(&"[".repeat(1_000)).contains("too deep"));
}

#[test]
fn what_is_cut_off_or_goes_on_is_refused() {
    let whole = r#"{"Event":{"info":"a","Attribute":[{"type":"text","value":"a"}]}}"#;
    assert!(to_stix(whole.as_bytes()).is_ok());
    for length in 0..whole.len() {
        assert!(to_stix(&whole.as_bytes()[..length]).is_err(), "{length}");
    }
    assert!(refused(&format!("{whole}{{}}")).contains("goes on after its end"));
    assert!(refused("{}").contains("empty object"));
    assert!(refused("[]").contains("no event"));
    assert!(refused("7").contains("expected an event"));
}

#[test]
fn a_record_that_is_no_record_is_refused_since_it_would_be_lost() {
    for text in [
        r#"{"Event":{"info":"a","Attribute":["x"]}}"#,
        r#"{"Event":{"info":"a","Attribute":{"0":{"type":"text"}}}}"#,
        r#"{"Event":{"info":"a","Tag":"tlp:red"}}"#,
        r#"{"Event":{"info":"a","Tag":[{"colour":"red"}]}}"#,
        r#"{"Event":{"info":"a","Attribute":[{"value":"x"}]}}"#,
        r#"{"Event":{"info":"a","Object":[{"Attribute":[]}]}}"#,
    ] {
        assert!(to_stix(text.as_bytes()).is_err(), "{text}");
    }
}

#[test]
fn what_stands_beside_an_event_is_named() {
    let made = to_stix(br#"{"Event":{"info":"a"},"errors":[1]}"#).unwrap();
    assert_eq!(made.losses.list().first().map(|loss| loss.at.as_str()), Some("/errors"));
}

#[test]
fn an_attachment_that_no_object_of_stix_can_hold_is_named() {
    let data = "QUFB".repeat(3 << 20);
    let text = format!(
        r#"{{"Event":{{"info":"a","Attribute":[{{"type":"attachment","value":"a.bin","data":"{data}"}}]}}}}"#
    );
    let made = to_stix(text.as_bytes()).unwrap();
    let loss = made.losses.list().first().expect("is named");
    assert!(loss.at == "/Event/Attribute/0" && loss.why.contains("longer"), "{loss}");
}

#[test]
fn two_records_with_one_uuid_become_two_objects() {
    let record = r#"{"type":"text","value":"a","uuid":"22222222-2222-4222-8222-222222222222"}"#;
    let text = format!(r#"{{"Event":{{"info":"a","Attribute":[{record},{record}]}}}}"#);
    let made = to_stix(text.as_bytes()).unwrap();
    let of_ours: Vec<_> =
        made.objects.iter().filter(|one| one["type"] == "x-misp-attribute").collect();
    assert_eq!(of_ours.len(), 2);
    assert_ne!(of_ours[0]["id"], of_ours[1]["id"]);
}

#[test]
fn what_is_no_event_is_refused() {
    let why = refused(r#"{"a0b1":{"message":"a commit"},"c2d3":{"message":"another"}}"#);
    assert!(why.contains("is no event of MISP"), "{why}");
    assert!(refused(r#"{"Event":{"comment":"x"}}"#).contains("/Event: is no event of MISP"));
    assert!(to_stix(br#"{"Event":{"Attribute":[{"type":"text","value":"a"}]}}"#).is_ok());
}

#[test]
fn a_pattern_compares_numbers_as_numbers_and_digests_by_their_names() {
    let digest = "a".repeat(64);
    let text = format!(
        r#"{{"info":"a","Attribute":[
            {{"type":"ip-dst|port","value":"192.0.2.1|443","to_ids":true,"comment":"seen"}},
            {{"type":"sha512/256","value":"{digest}","to_ids":true}},
            {{"type":"vulnerability","value":"CVE-2020-1234","comment":"said"}}]}}"#
    );
    let made = to_stix(text.as_bytes()).unwrap();
    let of = |kind: &str, key: &str| -> Vec<String> {
        let all = made.objects.iter().filter(|one| one["type"] == kind);
        all.filter_map(|one| one[key].as_str().map(str::to_owned)).collect()
    };
    assert_eq!(
        of("indicator", "pattern"),
        [
            "[network-traffic:dst_ref.type = 'ipv4-addr' AND network-traffic:dst_ref.value = '192.0.2.1' \
             AND network-traffic:dst_port = 443]"
                .to_owned(),
            format!("[file:hashes.'SHA-512-256' = '{digest}']"),
        ]
    );
    assert_eq!(of("vulnerability", "description"), ["said"]);
}
