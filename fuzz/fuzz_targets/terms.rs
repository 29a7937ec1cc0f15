//! An item as STIX, MISP or text: judged by an index as by the naive evaluator.
#![no_main]

use forewarn_matching::interest::Interest;
use forewarn_matching::{Format, Index, Item, Window, naive};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

const INTERESTS: &str = r#"[
{"id":"1","label":"a","urgency":"future","any":[{"country":"RU"},{"nationality":"FR"},{"place":"Kazan, RU"},{"words":"ab c"}]},
{"id":"2","label":"b","urgency":"future","any":[{"domain":"example.org"},{"block":"198.51.100.0/24"},{"block":"2001:db8::/32"},{"url":"example.org/a"},{"email-domain":"example.org"}]},
{"id":"3","label":"c","urgency":"future","all":[{"threat":"compromise"},{"not":{"words":"exercise"}}]},
{"id":"4","label":"d","urgency":"future","any":[{"circle":{"latitude":1,"longitude":2,"km":100}},{"cve":"CVE-2017-0144"},{"as-number":1},{"cpe":"cpe:2.3:a:b:c"},{"sector":"government"},{"id":"G0034"}],"threshold":20},
{"id":"5","label":"e","urgency":"future","any":[{"pattern":"[file:name = 'a' OR domain-name:value LIKE 'a%']"},{"at-least":{"count":2,"of":[{"words":"abc"},{"person":"Ana Lee"},{"group":"drones"}]}}]}
]"#;

static KNOWN: LazyLock<(Vec<Interest>, Index)> = LazyLock::new(|| {
    let read: Vec<Interest> = serde_json::from_str(INTERESTS).expect("interests");
    let all: Vec<Interest> =
        read.into_iter().map(|one| one.checked().expect("an interest")).collect();
    let index = Index::new(all.iter().map(|one| ("p".to_owned(), one.clone())));
    (all, index)
});

fuzz_target!(|bytes: &[u8]| {
    let (all, index) = &*KNOWN;
    for format in [Format::Stix, Format::Text, Format::Misp] {
        let item = Item { bytes, format, added: 0, grade: None };
        let found = Window::new(index, [item]).explain(10).remove(0).matches;
        // Relationships and references to itself are the window's own.
        let slow: Vec<(&str, u8)> = all
            .iter()
            .filter_map(|one| Some((one.id.as_str(), naive::strength(one, &item)?)))
            .collect();
        let fast: Vec<(&str, u8)> =
            found.iter().map(|one| (one.interest.as_str(), one.strength)).collect();
        assert_eq!(fast, slow, "{format:?}");
    }
});
