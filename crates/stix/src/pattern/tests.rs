//! Patterns matched against observations, by the clauses of STIX 2.1 §9; and printed and parsed
//! again.

#![expect(clippy::needless_pass_by_value, reason = "json! values")]

use super::*;
use crate::Timestamp;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

fn seen(n: u8, first: &str, last: &str, objects: Json) -> Json {
    json!({
        "type": "observed-data", "id": format!("observed-data--{n}"), "number_observed": 1,
        "first_observed": first, "last_observed": last, "objects": objects
    })
}

/// One observed-data at minute `n` with a file of this name.
fn file_at(n: u8, name: &str) -> Json {
    let time = format!("2017-12-15T09:{n:02}:00Z");
    seen(n, &time, &time, json!({"0": {"type": "file", "name": name}}))
}

fn ids(pattern: &str, objects: &[Json]) -> Option<Vec<String>> {
    let observed = observations(objects);
    Pattern::compile(pattern).unwrap().find(&observed).unwrap().map(|met| met.ids)
}

fn meets(pattern: &str, objects: &[Json]) -> bool {
    ids(pattern, objects).is_some()
}

/// Whether one observation of one object meets `[object:` … `]`.
fn holds(comparison: &str, object: &Json) -> bool {
    let of = object["type"].as_str().unwrap();
    let data = seen(0, "2017-12-15T09:00:00Z", "2017-12-15T09:00:00Z", json!({ "0": object }));
    meets(&format!("[{of}:{comparison}]"), &[data])
}

#[test]
fn times_are_compared_to_the_nanosecond_over_all_years() {
    let file = json!({
        "type": "file", "name": "a", "ctime": "9999-12-31T12:00:00.000000002Z",
        "mtime": "2016-12-31T23:59:60.5Z", "atime": "2026-01-02T05:04:05+02:00"
    });
    for yes in [
        "ctime > t'9999-12-31T12:00:00.000000001Z'",
        "ctime < t'9999-12-31T12:00:00.000000003Z'",
        "ctime != t'9999-12-31T11:00:00Z'",
        "ctime > t'0000-01-01T00:00:00Z'",
        "mtime > t'2016-12-31T23:59:59.999999999Z'",
        "mtime < t'2017-01-01T00:00:00Z'",
        "atime = t'2026-01-02T03:04:05Z'",
    ] {
        assert!(holds(yes, &file), "{yes}");
    }
    let late = ["9999-12-31T23:00:00Z", "9999-12-31T23:00:01Z"];
    let all = late.map(|time| seen(0, time, time, json!({"0": {"type": "file", "name": "a"}})));
    let within = "([file:name = 'a'] AND [file:name = 'a']) WITHIN";
    assert!(meets(&format!("{within} 1.000000001 SECONDS"), &all));
    assert!(!meets(&format!("{within} 1 SECONDS"), &all));
    let from = "[file:name = 'a'] START t'9999-12-31T23:00:00.5Z' STOP";
    assert!(meets(&format!("{from} t'9999-12-31T23:30:00Z'"), &all));
    assert!(!meets(&format!("{from} t'9999-12-31T23:00:01Z'"), &all));
}

#[test]
fn comparisons_are_of_values_in_their_native_form() {
    let file = json!({
        "type": "file", "name": "foo.dll", "size": 371_712, "magic_number_hex": "ffd8",
        "hashes": {"SHA-256": "aa"}, "is_own": true, "ctime": "2017-12-15T09:00:00.5Z",
        "x_ratio": 1.5, "x_list": [1, 2, 3], "payload_bin": "dGhpcyBpcyBhIHRlc3Q="
    });
    for yes in [
        "name = 'foo.dll'",
        "name != 'other'",
        "name > 'foo'",
        "name >= 'foo.dll'",
        "name < 'fop'",
        "name NOT = 'other'",
        "size = 371712",
        "size > 371711.5",
        "size <= 371712",
        "size != '371712'",
        "x_ratio = 1.5",
        "x_ratio != 1",
        "is_own = true",
        "is_own != false",
        "name IN ('a', 'foo.dll')",
        "name NOT IN ('a')",
        "size IN (1, 371712)",
        "hashes.'SHA-256' = 'aa'",
        "magic_number_hex = h'ffd8'",
        "magic_number_hex = b'/9g='",
        "magic_number_hex > h'ff'",
        "magic_number_hex != 'no \u{101}'",
        "payload_bin = 'this is a test'",
        "payload_bin = b'dGhpcyBpcyBhIHRlc3Q='",
        "payload_bin = h'7468697320697320612074657374'",
        "payload_bin != 'dGhpcyBpcyBhIHRlc3Q='",
        "payload_bin MATCHES '^this'",
        "payload_bin LIKE 'this%'",
        "ctime = t'2017-12-15T09:00:00.500Z'",
        "ctime > t'2017-12-15T09:00:00Z'",
        "x_list[1] = 2",
        "x_list[*] = 3",
        "x_list[*] NOT = 3",
    ] {
        assert!(holds(yes, &file), "{yes}");
    }
    for no in [
        "name = 'FOO.DLL'",
        "name = 1",
        "size = '371712'",
        "size > '1'",
        "missing = 1",
        "missing != 1",
        "missing NOT = 1",
        "x_list[7] = 1",
        "x_list[*] = 4",
        "name[*] = 'foo.dll'",
        "hashes[*] = 'aa'",
        "magic_number_hex = 'ffd8'",
        "payload_bin = 'dGhpcyBpcyBhIHRlc3Q='",
        "x_ratio = 1",
        "ctime = t'2017-12-15T09:00:00Z'",
        "name = true",
        "x_list = 1",
    ] {
        assert!(!holds(no, &file), "{no}");
    }
    assert!(meets(
        "[EXISTS file:name AND NOT EXISTS file:nope]",
        &[seen(0, "2017-12-15T09:00:00Z", "2017-12-15T09:00:00Z", json!({"0": file}))]
    ));
}

#[test]
fn like_and_matches_see_whole_and_part_in_normal_form() {
    let file = |name: &str| json!({"type": "file", "name": name});
    for (pattern, name) in [
        ("name LIKE 'C:\\\\\\\\Windows\\\\\\\\%\\\\\\\\foo'", "C:\\\\Windows\\\\a\\\\foo"),
        ("name LIKE '%'", ""),
        ("name LIKE 'a%b_c'", "axxbbyc"),
        ("name LIKE 'a.c'", "a.c"),
        // Composed and decomposed characters, either way round (§9.6.2).
        ("name LIKE 'caf\u{e9}'", "cafe\u{301}"),
        ("name MATCHES '^caf\u{e9}$'", "cafe\u{301}"),
        ("name LIKE 'cafe\u{301}%'", "caf\u{e9} noir"),
        ("name MATCHES 'b'", "abc"),
        ("name MATCHES '^a.c$'", "a\nc"),
        ("name MATCHES '(a)\\\\1'", "aa"),
        ("name MATCHES 'a(?=b)'", "ab"),
    ] {
        assert!(holds(pattern, &file(name)), "{pattern} {name:?}");
    }
    for (pattern, name) in [
        ("name LIKE 'a_'", "a"),
        ("name LIKE 'a.c'", "abc"),
        ("name LIKE 'A'", "a"),
        ("name LIKE 'a%b'", "abc"),
        ("name = 'caf\u{e9}'", "cafe\u{301}"),
        ("name MATCHES '^b'", "abc"),
    ] {
        assert!(!holds(pattern, &file(name)), "{pattern} {name:?}");
    }
}

#[test]
fn sets_of_addresses_contain_one_another() {
    for (value, operation, block, expected) in [
        ("198.51.100.0/27", "ISSUBSET", "198.51.100.0/24", true),
        ("198.51.100.7", "ISSUBSET", "198.51.100.7/32", true),
        ("198.51.101.7", "ISSUBSET", "198.51.100.0/24", false),
        ("198.51.100.0/24", "ISSUPERSET", "198.51.100.0/27", true),
        ("198.51.100.0/24", "ISSUPERSET", "198.51.100.9", true),
        ("198.51.100.0/27", "ISSUPERSET", "198.51.100.0/24", false),
        ("198.51.100.5/24", "ISSUBSET", "198.51.100.0/24", true),
        ("2001:db8::1", "ISSUBSET", "2001:db8::/32", true),
        ("198.51.100.7", "ISSUBSET", "::/0", false),
        ("not an address", "ISSUBSET", "0.0.0.0/0", false),
    ] {
        let object = json!({"type": "ipv4-addr", "value": value});
        assert_eq!(
            holds(&format!("value {operation} '{block}'"), &object),
            expected,
            "{value} {block}"
        );
        assert_eq!(holds(&format!("value NOT {operation} '{block}'"), &object), !expected);
    }
}

#[test]
fn a_pattern_that_cannot_be_compiled_is_refused() {
    for pattern in [
        "[a:b MATCHES '(']",
        "[a:b ISSUBSET 'x']",
        "[a:b ISSUPERSET '198.51.100.0/33']",
        "[a:b MATCHES '((a{1000}){1000}){1000}']",
        "[a:b_bin = b'QR==']",
    ] {
        assert!(Pattern::compile(pattern).is_err(), "{pattern}");
    }
}

#[test]
fn references_are_followed_within_the_observation() {
    let mail = json!([
        {"type": "observed-data", "id": "observed-data--1", "number_observed": 1,
         "first_observed": "2017-12-15T09:00:00Z", "last_observed": "2017-12-15T09:00:00Z",
         "object_refs": ["email-message--1", "email-addr--1", "file--1"]},
        {"type": "email-message", "id": "email-message--1", "from_ref": "email-addr--1", "to_refs": ["email-addr--2"],
         "body_multipart": [{"body": "x"}, {"body_raw_ref": "file--1"}]},
        {"type": "email-addr", "id": "email-addr--1", "value": "jane@example.org"},
        {"type": "email-addr", "id": "email-addr--2", "value": "joe@example.org"},
        {"type": "file", "id": "file--1", "name": "Final Report.exe", "contains_refs": ["file--1"]}
    ]);
    let objects = mail.as_array().unwrap();
    assert!(meets(
        "[email-message:from_ref.value = 'jane@example.org' AND email-message:body_multipart[*].body_raw_ref.name MATCHES '^Final']",
        objects
    ));
    assert!(meets("[email-message:from_ref = 'email-addr--1']", objects));
    // Not listed in object_refs: not found (§9.7.4).
    assert!(!meets("[email-message:to_refs[*].value = 'joe@example.org']", objects));
    assert!(!meets("[email-addr:value = 'joe@example.org']", objects));
    // Without any observed-data, each observable is an observation by itself.
    let alone = objects.get(1..).unwrap();
    let joe = "[email-message:to_refs[*].value = 'joe@example.org']";
    assert_eq!(ids(joe, alone), Some(vec!["email-message--1".into()]));
    // A circle of references is followed as far as the path goes, and each place is kept once.
    let deep = format!("[file:contains_refs[*]{}.name = 'x']", ".contains_refs[*]".repeat(30));
    assert!(!meets(&deep, objects));
}

#[test]
fn all_comparisons_of_an_expression_are_of_one_object() {
    let two = |a: Json, b: Json| {
        seen(0, "2017-12-15T09:00:00Z", "2017-12-15T09:00:00Z", json!({"0": a, "1": b}))
    };
    let split = two(json!({"type": "file", "name": "a"}), json!({"type": "file", "size": 1}));
    let whole =
        two(json!({"type": "file", "name": "a", "size": 1}), json!({"type": "mutex", "name": "m"}));
    assert!(!meets("[file:name = 'a' AND file:size = 1]", std::slice::from_ref(&split)));
    assert!(meets("[file:name = 'a' AND file:size = 1]", std::slice::from_ref(&whole)));
    assert!(meets("[file:name = 'z' OR mutex:name = 'm']", std::slice::from_ref(&whole)));
    assert!(!meets("[file:name = 'a' AND mutex:name = 'm']", std::slice::from_ref(&whole)));
    assert!(meets("[file:name = 'z' AND file:size = 2 OR file:size = 1]", &[whole]));
}

#[test]
fn expressions_take_observations_of_their_own() {
    let (a, b, c) = (file_at(1, "a"), file_at(2, "b"), file_at(3, "a"));
    let all = [a, b, c];
    for (pattern, expected) in [
        ("[file:name = 'a'] AND [file:name = 'b']", true),
        ("[file:name = 'a'] AND [file:name = 'a']", true),
        ("[file:name = 'a'] AND [file:name = 'a'] AND [file:name = 'a']", false),
        ("[file:name = 'z'] OR [file:name = 'b']", true),
        ("[file:name = 'a'] REPEATS 2 TIMES", true),
        ("[file:name = 'a'] REPEATS 3 TIMES", false),
        ("[file:name = 'a'] REPEATS 99999999 TIMES", false),
        ("[file:name = 'a' OR file:name = 'b'] AND [file:name = 'b'] AND [file:name = 'a']", true),
        ("[file:name = 'b'] FOLLOWEDBY [file:name = 'a']", true),
        ("[file:name = 'b'] FOLLOWEDBY [file:name = 'b']", false),
        ("[file:name = 'a'] FOLLOWEDBY [file:name = 'b'] FOLLOWEDBY [file:name = 'a']", true),
        ("([file:name = 'a'] FOLLOWEDBY [file:name = 'b']) REPEATS 2 TIMES", false),
        ("([file:name = 'a'] AND [file:name = 'b']) WITHIN 61 SECONDS", true),
        ("([file:name = 'a'] AND [file:name = 'a']) WITHIN 119 SECONDS", false),
        // The window is open at its end (§9.5.1).
        ("([file:name = 'a'] AND [file:name = 'a']) WITHIN 120 SECONDS", false),
        ("([file:name = 'a'] AND [file:name = 'a']) WITHIN 120.5 SECONDS", true),
        ("[file:name = 'a'] START t'2017-12-15T09:02:00Z' STOP t'2017-12-15T09:04:00Z'", true),
        ("[file:name = 'b'] START t'2017-12-15T09:00:00Z' STOP t'2017-12-15T09:02:00Z'", false),
        (
            "([file:name = 'a'] REPEATS 2 TIMES) START t'2017-12-15T09:02:00Z' STOP t'2017-12-15T09:04:00Z'",
            false,
        ),
        (
            "[file:name = 'a'] AND [file:name = 'b'] AND ([file:name = 'z'] OR [file:name = 'a'])",
            true,
        ),
    ] {
        assert_eq!(meets(pattern, &all), expected, "{pattern}");
    }
    assert_eq!(
        ids("[file:name = 'a']", &all),
        Some(vec!["observed-data--1".into(), "observed-data--3".into()])
    );
    assert_eq!(
        ids("[file:name = 'b'] FOLLOWEDBY [file:name = 'a']", &all),
        Some(vec!["observed-data--2".into(), "observed-data--3".into()])
    );
}

#[test]
fn an_observation_counts_as_often_as_it_was_seen() {
    let mut data = file_at(1, "a");
    data["number_observed"] = json!(3);
    let all = [data];
    assert!(meets("[file:name = 'a'] REPEATS 3 TIMES", &all));
    assert!(!meets("[file:name = 'a'] REPEATS 4 TIMES", &all));
    assert!(meets("[file:name = 'a'] REPEATS 2 TIMES AND [file:name LIKE '%']", &all));
    assert!(!meets(
        "[file:name = 'a'] REPEATS 2 TIMES AND [file:name LIKE '%'] REPEATS 2 TIMES",
        &all
    ));
    assert!(meets("([file:name = 'a'] REPEATS 3 TIMES) WITHIN 1 SECONDS", &all));
}

/// An observation may have to move from one expression to another: all distributions are found.
#[test]
fn observations_are_given_so_that_every_expression_has_enough() {
    let often = |n: u8, name: &str, times: u64| {
        let mut data = file_at(n, name);
        data["number_observed"] = json!(times);
        data
    };
    let all = [often(1, "ab", 1_000_000_000), often(2, "bc", 999_999_999), often(3, "c", 1)];
    let of = |a: u64, b: u64, c: u64| {
        let part =
            |letter: &str, n: u64| format!("[file:name LIKE '%{letter}%'] REPEATS {n} TIMES");
        meets(&format!("{} AND {} AND {}", part("b", b), part("a", a), part("c", c)), &all)
    };
    assert!(of(1_000_000_000, 999_999_999, 1));
    assert!(of(1_000_000_000, 1, 999_999_999));
    assert!(of(1, 999_999_999, 1_000_000_000));
    assert!(!of(1_000_000_000, 1_000_000_000, 1));
    assert!(!of(1_000_000_001, 1, 1));
}

#[test]
fn observables_by_themselves_have_no_time() {
    let all = [
        json!({"type": "file", "id": "file--1", "name": "a"}),
        json!({"type": "file", "id": "file--2", "name": "b"}),
    ];
    assert!(meets("[file:name = 'a'] AND [file:name = 'b']", &all));
    assert!(meets("[file:name = 'a'] AND ([file:name = 'b'] OR [file:name = 'z'])", &all));
    assert!(!meets("[file:name = 'a'] FOLLOWEDBY [file:name = 'b']", &all));
    assert!(!meets("([file:name = 'a'] AND [file:name = 'b']) WITHIN 5 SECONDS", &all));
    assert!(!meets(
        "[file:name = 'a'] START t'2017-12-15T09:00:00Z' STOP t'2018-12-15T09:00:00Z'",
        &all
    ));
}

#[test]
fn windows_that_end_before_they_begin_are_met_by_nothing() {
    let (first, last) = ("2018-01-01T00:00:00Z", "2021-01-01T00:00:00Z");
    let all = [seen(1, first, last, json!({"0": {"type": "file", "name": "a"}}))];
    let between =
        |a: u16, b: u16| format!("START t'{a}-06-01T00:00:00Z' STOP t'{b}-06-01T00:00:00Z'");
    assert!(meets(&format!("[file:name = 'a'] {}", between(2019, 2020)), &all));
    assert!(!meets(&format!("[file:name = 'a'] {}", between(2020, 2019)), &all));
    assert!(!meets(&format!("[file:name = 'a'] {}", between(2020, 2020)), &all));
    let nested = format!("([file:name = 'a'] {}) {}", between(2018, 2019), between(2020, 2021));
    assert!(!meets(&nested, &all));
}

#[test]
fn each_way_of_an_or_is_told_by_itself() {
    let all = [file_at(1, "a"), file_at(2, "b"), file_at(3, "c")];
    let pattern = "([file:name = 'a'] FOLLOWEDBY [file:name = 'b']) OR ([file:name = 'a'] FOLLOWEDBY [file:name = 'c'])";
    assert_eq!(ids(pattern, &all).map(|ids| ids.len()), Some(3));
}

/// With many similar observations, what could take exponential time is fast, or ends with an error.
#[test]
fn no_pattern_takes_for_ever() {
    let all: Vec<Json> = (0..59).map(|n| file_at(n, "a")).collect();
    let one = "[file:name = 'a']";
    let many = vec![one; 60].join(" AND ");
    assert!(!meets(&many, &all));
    assert!(meets(&vec![one; 59].join(" AND "), &all));
    let observed = observations(&all);
    // All observations are needed, in an order that is impossible.
    let hard = format!("({}) FOLLOWEDBY [file:name = 'a']", vec![one; 58].join(" AND "));
    let pattern = Pattern::compile(&format!("({hard}) WITHIN 1 SECONDS")).unwrap();
    assert_eq!(pattern.find(&observed), Err(TooHard));
    let often = format!("([file:name = 'z'] OR {one} REPEATS 1000000 TIMES) WITHIN 5 SECONDS");
    let mut data = file_at(1, "a");
    data["number_observed"] = json!(999_999_999);
    let often_seen = [data];
    let observed = observations(&often_seen);
    assert_eq!(Pattern::compile(&often).unwrap().find(&observed), Err(TooHard));
    // A comparison that would read a text very many times ends with an error, not with an answer.
    let text = json!({"type": "file", "name": "a".repeat(200_000), "id": "file--1"});
    let alone = [text];
    let observed = observations(&alone);
    let like = format!("[file:name LIKE '%{}b']", "a".repeat(50_000));
    for hard in [like.as_str(), "[file:name MATCHES '(?=.*z)a']"] {
        assert_eq!(Pattern::compile(hard).unwrap().find(&observed), Err(TooHard));
    }
    let text = json!({"type": "file", "name": format!("{}b", "a".repeat(10_000))});
    assert!(!holds("name MATCHES '^(a+)+$'", &text));
    assert!(!holds("name LIKE '%a%a%a%c'", &text));
    assert!(parse(&format!("[a:b{}]", ".c".repeat(100))).is_err());
}

#[test]
fn the_unsatisfiable_is_found() {
    let of = |text: &str| parse(text).unwrap().unsatisfiable().is_some();
    assert!(of("[a:b = 1 AND c:d = 2]"));
    assert!(of("[a:b = 1] AND ([(a:b = 1 OR c:d = 1) AND e:f = 2] OR [g:h = 1])"));
    assert!(!of("[(a:b = 1 OR c:d = 1) AND a:f = 2]"));
}

fn any_key() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z_][a-z0-9_]{0,5}",
        "[a-zA-Z0-9 .'\\\\-]{1,6}",
        any::<String>().prop_filter("not empty", |s| !s.is_empty())
    ]
}

fn any_time() -> impl Strategy<Value = Timestamp> {
    (0_i64..4_000_000_000).prop_map(|n| Timestamp::from_micros(n * 1_000_000 + n % 7).unwrap())
}

fn any_literal() -> impl Strategy<Value = Literal> {
    prop_oneof![
        any::<String>().prop_map(Literal::Text),
        (-(1_i64 << 53) + 1..1 << 53).prop_map(Literal::Integer),
        any::<f64>().prop_filter("finite", |n| n.is_finite()).prop_map(Literal::Float),
        any_time().prop_map(Literal::Time),
        "([0-9a-f]{2}){0,4}".prop_map(Literal::Hex),
        "([a-zA-Z0-9+/]{4}){0,3}".prop_map(Literal::Binary),
    ]
}

fn any_operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        any_literal().prop_map(Operation::Equal),
        any::<bool>().prop_map(|b| Operation::NotEqual(Literal::Bool(b))),
        any_literal().prop_map(Operation::Less),
        any_literal().prop_map(Operation::GreaterOrEqual),
        prop::collection::vec(any::<String>().prop_map(Literal::Text), 0..3)
            .prop_map(Operation::In),
        any::<String>().prop_map(Operation::Like),
        any::<String>().prop_map(Operation::Matches),
        any::<String>().prop_map(Operation::IsSubset),
        Just(Operation::Exists),
    ]
}

fn any_test() -> impl Strategy<Value = Comparison> {
    let step = prop_oneof![
        3 => any_key().prop_map(PathStep::Key),
        1 => any::<u32>().prop_map(|n| PathStep::Index(u64::from(n))),
        1 => Just(PathStep::Any),
    ];
    let path = ("[a-z][a-z0-9-]{2,6}", any_key(), prop::collection::vec(step, 0..4)).prop_map(
        |(object, first, rest)| {
            let steps = std::iter::once(PathStep::Key(first)).chain(rest).collect();
            Path { object, steps }
        },
    );
    (path, any::<bool>(), any_operation())
        .prop_map(|(path, negated, operation)| Comparison::Test(Test { path, negated, operation }))
}

fn any_comparison() -> impl Strategy<Value = Comparison> {
    any_test().prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Comparison::And),
            prop::collection::vec(inner, 2..4).prop_map(Comparison::Or),
        ]
    })
}

fn any_observation() -> impl Strategy<Value = Observation> {
    let leaf = any_comparison().prop_map(Observation::Match);
    leaf.prop_recursive(3, 8, 3, |inner| {
        let list = || prop::collection::vec(inner.clone(), 2..4);
        let qualifier = prop_oneof![
            (1_u64..1 << 53).prop_map(Qualifier::Repeats),
            (0.001_f64..1e9).prop_map(Qualifier::Within),
            any_time().prop_map(|t| Qualifier::StartStop(t.clone(), t.plus_minutes(1))),
        ];
        prop_oneof![
            list().prop_map(Observation::And),
            list().prop_map(Observation::Or),
            list().prop_map(Observation::FollowedBy),
            (inner.clone(), qualifier).prop_map(|(o, q)| Observation::Qualified(Box::new(o), q)),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_printed_is_read_as_the_same_pattern(observation in any_observation()) {
        let printed = observation.to_string();
        let read = parse(&printed);
        prop_assert_eq!(read.as_ref(), Ok(&observation), "{}", printed);
        prop_assert_eq!(read.unwrap().to_string(), printed);
    }
}
