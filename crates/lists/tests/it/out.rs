//! Lists of what objects say: each value as its form has it, and what cannot be said named.

use forewarn_lists::out::{About, Entry, Exactly, NotListed, Output, write};
use serde_json::{Value, json};

fn object(pattern: &str) -> Value {
    json!({
        "type": "indicator", "id": "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f", "name": "Bad",
        "pattern": pattern, "pattern_type": "stix", "valid_from": "2026-11-20T00:00:00Z",
        "modified": "2026-11-20T00:00:00.000Z",
        "external_references": [{ "source_name": "forewarn", "external_id": "warning-1" }],
    })
}

fn entry(pattern: &str) -> Result<Entry, NotListed> {
    Entry::of(object(pattern).to_string().as_bytes())
}

fn written(output: Output, patterns: &[&str]) -> (Vec<String>, Vec<String>) {
    let entries: Vec<Entry> = patterns.iter().map(|one| entry(one).unwrap()).collect();
    let written = write(output, &About { title: "Ours\nnot\ta line", kinds: &[] }, entries.iter());
    let text = String::from_utf8(written.bytes).unwrap();
    (text.lines().map(str::to_owned).collect(), written.left_out)
}

const ALL: &[&str] = &[
    "[ipv4-addr:value = '198.51.100.7' OR ipv4-addr:value ISSUBSET '203.0.113.0/24']",
    "[ipv6-addr:value = '2001:db8::1']",
    "[domain-name:value IN ('evil.example', 'müller.example')] OR [domain-name:value LIKE '%.worse.example']",
    "[url:value = 'http://evil.example/a;b?c=\"d']",
    "[url:value = 'http://evil.example/a;b?c=d']",
    "[file:hashes.MD5 = 'd41d8cd98f00b204e9800998ecf8427e']",
];

#[test]
fn each_form_says_what_it_can_and_names_the_rest() {
    let good: Vec<&str> = ALL.iter().filter(|one| !one.contains("\"d")).copied().collect();
    let (plain, left_out) = written(Output::Plain, &good);
    assert_eq!(
        plain,
        [
            "198.51.100.7",
            "203.0.113.0/24",
            "2001:db8::1",
            "*.worse.example",
            "evil.example",
            "müller.example",
            "http://evil.example/a;b?c=d",
            "d41d8cd98f00b204e9800998ecf8427e",
        ]
    );
    assert!(left_out.is_empty());
    let (hosts, left_out) = written(Output::Hosts, &good);
    assert_eq!(hosts[0], "# Ours not a line");
    assert_eq!(hosts[2..], ["0.0.0.0 evil.example", "0.0.0.0 xn--mller-kva.example"]);
    assert_eq!(left_out.len(), 6);
    assert!(left_out.contains(&"domain-name *.worse.example".to_owned()), "{left_out:?}");
    let (rpz, left_out) = written(Output::Rpz, &good);
    assert_eq!(rpz[1], "@ SOA localhost. hostmaster.localhost. 1795132800 60 60 86400 60");
    assert_eq!(
        rpz[5..],
        [
            "32.7.100.51.198.rpz-ip CNAME .",
            "24.0.113.0.203.rpz-ip CNAME .",
            "128.1.0.0.0.0.0.db8.2001.rpz-ip CNAME .",
            "*.worse.example CNAME .",
            "evil.example CNAME .",
            "xn--mller-kva.example CNAME .",
        ]
    );
    assert_eq!(left_out.len(), 2);
    let (suricata, left_out) = written(Output::Suricata, &good);
    assert_eq!((suricata.len(), left_out.len()), (2 + 7, 1));
    let http = suricata.iter().find(|line| line.starts_with("alert http")).unwrap();
    assert!(
        http.contains("http.host; content:\"evil.example\"")
            && http.contains("content:\"/a|3b|b?c=d\""),
        "{http}"
    );
}

/// What we write as rules is valid by the form in which we read rules.
#[test]
fn what_is_written_is_read_again() {
    let good: Vec<&str> = ALL.iter().filter(|one| !one.contains("\"d")).copied().collect();
    for (output, count) in [(Output::Suricata, 7), (Output::Hosts, 2), (Output::Plain, 8)] {
        let text = written(output, &good).0.join("\n") + "\n";
        let asked = super::asked(&text, "guessed");
        let made = super::made_as(&text, &asked).unwrap();
        assert_eq!(
            (made.of("indicator").len(), made.told.len()),
            (count, 0),
            "{text} {:?}",
            made.told
        );
    }
}

#[test]
fn a_pattern_that_asks_for_more_than_one_value_by_itself_becomes_no_line() {
    for (pattern, why) in [
        (
            "[ipv4-addr:value = '198.51.100.7' AND domain-name:value = 'evil.example']",
            NotListed::Together,
        ),
        (
            "[url:value = 'http://a.example'] FOLLOWEDBY [url:value = 'http://b.example']",
            NotListed::Together,
        ),
        ("[ipv4-addr:value = '198.51.100.7'] REPEATS 5 TIMES", NotListed::Together),
        ("[ipv4-addr:value != '198.51.100.7']", NotListed::Value),
        ("[ipv4-addr:value NOT = '198.51.100.7']", NotListed::Value),
        ("[domain-name:value LIKE '%evil%']", NotListed::Value),
        ("[domain-name:value MATCHES 'evil']", NotListed::Value),
        ("[file:name = 'a.exe']", NotListed::Value),
        ("[process:pid = 1]", NotListed::Value),
        ("[ipv4-addr:value ISSUBSET '0.0.0.0/0']", NotListed::Block),
        ("[ipv6-addr:value = '2000::/3']", NotListed::Block),
        ("no pattern", NotListed::Pattern),
        // A text that would be a line, or a rule, of its own.
        ("[domain-name:value = 'a.example\n0.0.0.0 good.example']", NotListed::Value),
        ("[url:value = 'http://a.example/\" ; drop']", NotListed::Value),
    ] {
        assert_eq!(entry(pattern).err(), Some(why), "{pattern}");
    }
    let mut revoked = object("[url:value = 'http://a.example']");
    revoked["revoked"] = true.into();
    assert_eq!(Entry::of(revoked.to_string().as_bytes()).err(), Some(NotListed::Revoked));
    let yara = json!({ "type": "indicator", "pattern_type": "yara", "pattern": "rule a { condition: true }" });
    assert_eq!(Entry::of(yara.to_string().as_bytes()).err(), Some(NotListed::PatternType));
    let tool = json!({ "type": "tool", "name": "x" });
    assert_eq!(Entry::of(tool.to_string().as_bytes()).err(), Some(NotListed::Type));
}

#[test]
fn a_table_runs_no_formula_and_is_narrowed_by_kinds() {
    let mut one =
        object("[domain-name:value = 'evil.example' OR ipv4-addr:value = '198.51.100.7']");
    one["name"] = "=HYPERLINK(\"http://evil.example\")".into();
    let entry = Entry::of(one.to_string().as_bytes()).unwrap();
    let kinds = Exactly::named("domain-name").unwrap();
    let about = About { title: "x", kinds: &kinds };
    let text = String::from_utf8(write(Output::Csv, &about, [&entry].into_iter()).bytes).unwrap();
    assert_eq!(
        text.lines().nth(1).unwrap(),
        "domain-name,evil.example,2026-11-20T00:00:00Z,,,\"'=HYPERLINK(\"\"http://evil.example\"\")\",warning-1"
    );
    assert_eq!(text.lines().count(), 2);
    assert_eq!(Exactly::named("colour"), None);
}

#[test]
fn observables_stand_in_lists_too() {
    let file = json!({ "type": "file", "hashes": { "MD5": "d41d8cd98f00b204e9800998ecf8427e", "SHA-1": "x" } });
    let entry = Entry::of(file.to_string().as_bytes()).unwrap();
    let written = write(Output::Plain, &About { title: "", kinds: &[] }, [&entry].into_iter());
    assert_eq!(written.bytes, b"d41d8cd98f00b204e9800998ecf8427e\n");
}

/// Numbers of rules are made of their values: they stay when others come and go.
#[test]
fn a_rule_keeps_its_number() {
    let (alone, _) = written(Output::Suricata, &["[domain-name:value = 'evil.example']"]);
    let (more, _) =
        written(Output::Suricata, &["[domain-name:value IN ('evil.example', 'a.example')]"]);
    assert!(more.contains(&alone[2]), "{more:?}");
}

/// One sign that a zone or a file reads otherwise would cost the whole list.
#[test]
fn a_name_that_is_none_once_it_is_ascii_is_left_out() {
    let long = format!("{}.example", "ü".repeat(62));
    let whole = ["a".repeat(60).as_str(); 4].join(".") + ".example";
    for name in ["⑴evil.example", "\u{37a}evil.example", "\u{fdfa}.example", &long, &whole] {
        let pattern = format!("[domain-name:value = '{name}']");
        for output in [Output::Hosts, Output::Rpz, Output::Suricata] {
            let kept: Vec<String> = match Entry::of(object(&pattern).to_string().as_bytes()) {
                Ok(entry) => {
                    let about = About { title: "x", kinds: &[] };
                    let written = write(output, &about, [&entry].into_iter());
                    assert_eq!((written.count, written.left_out.len()), (0, 1), "{name}");
                    String::from_utf8(written.bytes).unwrap().lines().map(str::to_owned).collect()
                }
                Err(_) => Vec::new(),
            };
            assert!(kept.iter().all(|line| !line.contains("evil")), "{name}: {kept:?}");
        }
    }
    let (rpz, _) = written(Output::Rpz, &["[domain-name:value = 'müller.example']"]);
    assert_eq!(rpz.last().unwrap(), "xn--mller-kva.example CNAME .");
}

#[test]
fn a_list_does_what_the_pattern_asks_and_no_more() {
    for pattern in [
        "[domain-name:value = '.evil.co.uk']",
        "[domain-name:value = '*.evil.co.uk']",
        "[domain-name:value LIKE '%.uk']",
    ] {
        let entry = Entry::of(object(pattern).to_string().as_bytes());
        assert_eq!(entry.err(), Some(NotListed::Value), "{pattern}");
    }
    let (rpz, _) = written(Output::Rpz, &["[ipv4-addr:value = '198.51.100.7/24']"]);
    assert_eq!(rpz.last().unwrap(), "24.0.100.51.198.rpz-ip CNAME .");
}

#[test]
fn a_rule_asks_for_what_a_request_has() {
    for (url, host, path) in [
        ("http://user@evil.example/a#b", "evil.example", "/a"),
        ("http://evil.example?a=/b", "evil.example", "/?a=/b"),
        ("http://müller.example:8080/", "xn--mller-kva.example", "/"),
    ] {
        let (rules, _) = written(Output::Suricata, &[&format!("[url:value = '{url}']")]);
        let rule = rules.last().unwrap();
        assert!(rule.contains(&format!("http.host; content:\"{host}\"")), "{url}: {rule}");
        assert!(rule.contains(&format!("http.uri; content:\"{path}\"")), "{url}: {rule}");
    }
    let about = About { title: "x", kinds: &[] };
    let entry = object("[url:value = 'http://[2001:db8::1]/x']");
    let entry = Entry::of(entry.to_string().as_bytes()).unwrap();
    assert_eq!(write(Output::Suricata, &about, [&entry].into_iter()).left_out.len(), 1);
}

#[test]
fn a_formula_behind_blanks_is_one_too() {
    for name in [" =cmd", "\n=cmd", "＝cmd"] {
        let mut one = object("[domain-name:value = 'evil.example']");
        one["name"] = name.into();
        let entry = Entry::of(one.to_string().as_bytes()).unwrap();
        let about = About { title: "x", kinds: &[] };
        let text =
            String::from_utf8(write(Output::Csv, &about, [&entry].into_iter()).bytes).unwrap();
        assert!(text.contains(&format!("\"'{name}\"")), "{text}");
    }
}
