//! A frame, and every other form, read object by object.

use super::lines::MAX_BAD_LINES;
use super::*;
use proptest::prelude::*;

fn all(text: &str) -> Result<Vec<String>, FrameError> {
    let mut objects = Objects::new(text.as_bytes());
    let mut out = Vec::new();
    while let Some(bytes) = objects.next_object()? {
        out.push(String::from_utf8(bytes).unwrap());
    }
    Ok(out)
}

#[test]
fn objects_come_out_as_the_bytes_that_stand_there() {
    let text = "{ \"type\": \"bundle\",\n \"objects\" : [ {\"a\": [1, \"}\"]} , {\"b\":\"\\\"]\"},7 ] , \"id\":\"x\" }\n";
    assert_eq!(all(text).unwrap(), ["{\"a\": [1, \"}\"]}", "{\"b\":\"\\\"]\"}", "7"]);
}

#[test]
fn the_head_is_known_at_the_end() {
    let mut objects = Objects::new(&br#"{"more":true,"objects":[],"next":"n"}"#[..]);
    assert!(objects.next_object().unwrap().is_none());
    assert_eq!(objects.head("more"), Some(&b"true"[..]));
    assert_eq!(objects.head("next"), Some(&b"\"n\""[..]));
}

#[test]
fn a_frame_without_objects_has_none() {
    assert_eq!(all(r#"{"type":"bundle"}"#).unwrap(), Vec::<String>::new());
}

#[test]
fn a_bundle_is_judged_by_its_own_properties() {
    let rules = |text: &str| {
        let mut objects = Objects::new(text.as_bytes());
        while objects.next_object().unwrap().is_some() {}
        objects.judge_head().map(|j| j.findings.iter().map(|f| f.rule).collect::<Vec<_>>())
    };
    let id = |id: &str| format!(r#"{{"type":"bundle","id":"{id}","objects":[{{}}]}}"#);
    assert_eq!(rules(&id("bundle--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f")), Some(vec![]));
    assert_eq!(
        rules(&id("bundle--8e2e2d2b-17d4-5cbf-938f-98ee46b3cd3f")),
        Some(vec!["uuid-version"])
    );
    assert_eq!(rules(&id("tool--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f")), Some(vec!["id-type"]));
    assert_eq!(rules(&id("bundle--1")), Some(vec!["identifier"]));
    assert_eq!(
        rules(r#"{"type":"bundle","objects":[]}"#),
        Some(vec!["required-property", "empty-list"])
    );
    assert_eq!(rules(r#"{"more":false,"objects":[]}"#), None);
}

#[test]
fn a_bare_list_is_taken_where_it_is_asked_for() {
    let text = r#" [ {"a":1} , {"b":2} ] "#;
    let mut objects = Objects::any(text.as_bytes());
    assert_eq!(objects.next_object().unwrap().unwrap(), b"{\"a\":1}");
    assert_eq!(objects.next_object().unwrap().unwrap(), b"{\"b\":2}");
    assert!(objects.next_object().unwrap().is_none() && objects.judge_head().is_none());
    assert!(matches!(Objects::new(text.as_bytes()).next_object(), Err(FrameError::Form { .. })));
}

fn of_any_form(text: impl AsRef<[u8]>) -> Result<Vec<String>, FrameError> {
    let mut objects = Objects::any(text.as_ref());
    let mut out = Vec::new();
    while let Some(bytes) = objects.next_object()? {
        out.push(String::from_utf8(bytes).unwrap());
    }
    Ok(out)
}

#[test]
fn objects_come_out_of_every_form_in_which_people_write_them() {
    let (a, b) = (r#"{"type":"a-b" , "objects" : {"0":1}}"#, r#"{"type":"c","x":"\"}{"}"#);
    let bundle = format!(r#"{{"type":"bundle","objects":[{a},{b}],"id":"x"}}"#);
    for text in [
        bundle.clone(),
        format!("\u{feff}{bundle}\n"),
        format!("[{a},{b}]"),
        format!(" [ {bundle} ] "),
        format!(r#"[{{"objects":[{a}]}} , {{"type":"bundle","objects":[{b}]}}]"#),
        format!("{a}\n{b}\n"),
        format!("{{\"objects\":[{a}]}}\r\n\r\n{{\"objects\":[{b}]}}"),
        format!("{a}{{\"objects\":[{b}]}}"),
    ] {
        assert_eq!(of_any_form(&text).unwrap(), [a, b], "{text}");
    }
    assert_eq!(of_any_form(a).unwrap(), [a]);
    assert_eq!(of_any_form("[7, {}, []]").unwrap(), ["7", "{}", "[]"]);
    let utf16 = "\u{feff}[{\"é\":\"\u{1f600}\"}]";
    let pairs = utf16.encode_utf16();
    for bytes in [
        pairs.clone().flat_map(u16::to_le_bytes).collect::<Vec<u8>>(),
        pairs.flat_map(u16::to_be_bytes).collect(),
    ] {
        assert_eq!(of_any_form(&bytes).unwrap(), ["{\"é\":\"\u{1f600}\"}"]);
        assert!(matches!(of_any_form(&bytes[..bytes.len() - 1]), Err(FrameError::Unicode(_))));
        let taxii = Objects::new(&bytes[..]).next_object().unwrap_err().to_string();
        assert!(taxii.contains("it is UTF-16"), "{taxii}");
    }
}

#[test]
fn an_envelope_may_begin_with_a_byte_order_mark() {
    assert_eq!(all("\u{feff}{\"objects\":[1]}").unwrap(), ["1"]);
    assert_eq!(all("\u{feff}\u{feff}{\"objects\":[1]}").unwrap(), ["1"]);
}

#[test]
fn of_many_lines_or_records_a_bad_one_hides_no_other() {
    let bad = |text: &str| {
        let mut objects = Objects::any(text.as_bytes());
        let mut out = Vec::new();
        while let Some(bytes) = objects.next_object().unwrap() {
            let bytes = String::from_utf8(bytes).unwrap();
            out.push((bytes, objects.own_line(), objects.bad_line()));
        }
        out
    };
    let (a, b) = (r#"{"type":"a","x":[1]}"#, r#"{"type":"b"}"#);
    for cut in [
        r#"{"type":"c","x":[1"#,
        r#"{"type":"c","x":"y"#,
        r#"{"type":"c",}"#,
        r#"{"type" "c"}"#,
        "not json",
        "null",
    ] {
        let found = bad(&format!("{a}\n{cut}\n\n{b}\n"));
        let line = |text: &str, line, bad| (text.to_owned(), Some(line), bad);
        let expected = [line(a, 1, None), line(cut, 2, Some(2)), line(b, 4, None)];
        assert_eq!(found, expected, "{cut}");
        let last = bad(&format!("{a}\n{b}\n{cut}"));
        assert_eq!(last[2], line(cut, 3, Some(3)), "{cut}");
        let records = bad(&format!("\u{1e}{a}\n\u{1e}{cut}\n\u{1e}{b}\n"));
        let texts: Vec<&str> = records.iter().map(|(text, ..)| text.as_str()).collect();
        assert_eq!(texts, [a, cut, b]);
        assert_eq!(records[1].2, Some(2));
        if cut.starts_with('{') {
            assert_eq!(bad(&format!("{cut}\n{a}\n{b}"))[0].2, Some(1), "{cut}");
        }
    }
    // A bundle or object on several lines is whole or broken.
    for whole in [
        format!("{{\"type\":\"bundle\",\"objects\":[\n{a},\n{b}\n]}}"),
        format!("{{\"type\":\"bundle\",\"objects\":[\n{a}\n,{b}]}}"),
        format!("{a}\n{{\n\"type\":\"b\"\n}}\n").replace("{\n\"type\":\"b\"\n}", b),
    ] {
        assert_eq!(of_any_form(&whole).unwrap(), [a, b], "{whole}");
    }
    for broken in ["{\n\"type\":\"a\",}\n{\"type\":\"b\"}", "{\"type\":\"a\"}x", "{\"a\":1"] {
        assert!(of_any_form(broken).is_err(), "{broken}");
    }
    let spread = format!("{a}\n{{\n\"type\":\n\"b\"\n}}\n{b}");
    assert_eq!(of_any_form(&spread).unwrap().len(), 3);
    assert_eq!(of_any_form(format!("\u{feff}{a}\n\u{feff}{b}")).unwrap(), [a, b]);
    assert_eq!(of_any_form(format!("\u{1e}{{\"objects\":[{a},{b}]}}\n")).unwrap(), [a, b]);
    let many = format!("{a}\n{}", "x\n".repeat(MAX_BAD_LINES + 1));
    assert!(of_any_form(many).unwrap_err().to_string().contains("more than 100 lines"));
}

#[test]
fn what_there_is_in_place_of_objects_is_named() {
    for (text, words) in [
        ("{}", "an empty object"),
        (r#"{"response":[{"objects":[1]}]}"#, "but `response`; if a bundle stands inside"),
        (r#"{"type":"bundle","objects":[]}"#, "its `objects` list is empty"),
        (r#"{"type":"bundle"}"#, "the bundle has no `objects`"),
        ("[]", "the list is empty"),
    ] {
        let mut objects = Objects::any(text.as_bytes());
        assert!(objects.next_object().unwrap().is_none(), "{text}");
        assert!(objects.instead().contains(words), "{}", objects.instead());
    }
    let not_a_list = of_any_form(r#"{"objects":{"0":{}}}"#).unwrap_err().to_string();
    assert!(not_a_list.contains("`objects` must be a list"), "{not_a_list}");
}

#[test]
fn another_version_and_another_outer_type_are_named() {
    for text in [
        r#"{"type":"bundle","spec_version":"2.0","objects":[{}]}"#,
        r#"{"objects":[{}],"spec_version":"2.0","type":"bundle"}"#,
    ] {
        assert!(matches!(all(text), Err(FrameError::Stix20)), "{text}");
        assert!(matches!(of_any_form(text), Err(FrameError::Stix20)), "{text}");
    }
    let mut objects = Objects::any(&br#"[{"type":"report","objects":[1]},{"objects":[2]}]"#[..]);
    while objects.next_object().unwrap().is_some() {}
    assert_eq!(objects.foreign(), Some("\"report\""));
}

#[test]
fn one_object_by_itself_is_told_from_many_and_a_long_one_is_not_held() {
    let is_one = |text: &str| {
        let mut objects = Objects::any(text.as_bytes());
        while objects.next_object().unwrap().is_some() {}
        objects.is_one_object()
    };
    assert!(is_one(r#"{"type":"a"}"#));
    for many in [r#"[{"type":"a"}]"#, r#"{"objects":[{}]}"#, "{\"type\":\"a\"}{}"] {
        assert!(!is_one(many), "{many}");
    }
    let text = format!("{{\"type\":\"a\",{}\"b\":1}}", " ".repeat(MAX_OBJECT_BYTES));
    assert!(matches!(of_any_form(text), Err(FrameError::TooLong { .. })));
}

#[test]
fn every_cut_is_called_a_cut_with_its_place() {
    let text = r#"{"objects":[{"a":1},{"b":2}],"id":"x"}"#;
    for end in 0..text.len() {
        match all(text.get(..end).unwrap()) {
            Err(FrameError::Truncated { at, .. }) => assert_eq!(at, end as u64),
            other => panic!("cut at {end}: {other:?}"),
        }
    }
}

#[test]
fn a_malformed_frame_is_refused_with_the_place() {
    for text in [
        "[]",
        "hello",
        r#"{"objects":[1 2]}"#,
        r#"{"a":1}x"#,
        r#"{"objects":[],"objects":[]}"#,
        r#"{"objects":null}"#,
        r#"{"objects":{}}"#,
        r#"{"type":tru,"objects":[]}"#,
        r#"{"x":{"a":1,"a":2},"objects":[]}"#,
        "{\"objects\":[]}\u{c}",
    ] {
        assert!(matches!(all(text), Err(FrameError::Form { .. })), "{text}");
    }
}

#[test]
fn an_object_over_the_bound_is_refused_without_being_held() {
    let text = format!("{{\"objects\":[\"{}", "x".repeat(MAX_OBJECT_BYTES + 10));
    assert!(matches!(all(&text), Err(FrameError::TooLong { .. })));
}

proptest! {
    #[test]
    fn any_list_of_values_is_split_as_a_json_reader_splits_it(values in proptest::collection::vec(
        prop_oneof![
            any::<i32>().prop_map(serde_json::Value::from),
            any::<String>().prop_map(serde_json::Value::from),
            any::<Vec<String>>().prop_map(serde_json::Value::from),
            any::<String>().prop_map(|s| serde_json::json!({ "k": [s] })),
        ], 0..8))
    {
        let text = serde_json::json!({ "objects": values }).to_string();
        let read: Vec<serde_json::Value> =
            all(&text).unwrap().iter().map(|t| serde_json::from_str(t).unwrap()).collect();
        prop_assert_eq!(read, values);
    }
}
