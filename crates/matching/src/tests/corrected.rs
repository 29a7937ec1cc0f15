//! What people said of a text, and how likely whom it names is concerned.

use super::*;
use forewarn_extract::corrected::{Change, Changes};

const REPORT: &str = "LONDON, Sept 3 - A cell plans to bomb the Kazan Cathedral in St. Petersburg, the \
                      embassy of France in Rome said. The attackers' server is at c2[.]example.org.";

fn changes(said: &[(Option<&str>, Option<&str>)]) -> Changes {
    let finding = |one: &str| one.parse().unwrap();
    let all: Vec<Change> = (1..)
        .zip(said)
        .map(|(number, (wrong, right))| Change {
            number,
            wrong: wrong.map(finding),
            right: right.map(finding),
        })
        .collect();
    Changes::of(&all)
}

fn met(clauses: &str, said: &Changes) -> Vec<Match> {
    let item = Item { corrected: Some(said), ..text(REPORT) };
    let found = Window::new(&one(clauses), [item]).matches();
    found.into_iter().flatten().collect()
}

#[test]
fn a_finding_that_is_wrong_meets_nothing_and_one_that_is_added_does() {
    let cases = [
        ("any = [{ country = 'RU' }]", "country:RU", "country:KZ", "any = [{ country = 'KZ' }]"),
        (
            "any = [{ place = 'Saint Petersburg, RU' }]",
            "country:RU",
            "place:Moscow, RU",
            "any = [{ place = 'Moscow, RU' }]",
        ),
        (
            "any = [{ threat = 'destruction' }]",
            "threat:destruction",
            "threat:kidnapping",
            "any = [{ threat = 'kidnapping' }]",
        ),
        (
            "any = [{ domain = 'example.org' }]",
            "observable:c2.example.org",
            "observable:192.0.2.7",
            "any = [{ block = '192.0.2.0/24' }]",
        ),
        (
            "any = [{ country = 'FR' }]",
            "country:FR",
            "nationality:DE",
            "any = [{ nationality = 'DE' }]",
        ),
    ];
    for (before, wrong, right, after) in cases {
        assert_eq!(met(before, &Changes::default()).len(), 1, "{before}");
        let said = changes(&[(Some(wrong), Some(right))]);
        let still = met(before, &said);
        assert!(still.is_empty(), "{before} without {wrong}: {still:?}");
        let found = met(after, &said);
        assert_eq!(found[0].why[0].at, "correction 1", "{after} with {right}");
        assert!(met(after, &Changes::default()).is_empty(), "{after}");
    }
}

#[test]
fn a_threshold_of_concern_leaves_out_who_is_only_named_and_says_the_score() {
    let none = Changes::default();
    let likely = |code: &str| {
        let all = forewarn_extract::whom::whom(REPORT, None);
        all.into_iter().find(|one| one.country == code).unwrap().likely
    };
    assert!(likely("RU") > likely("GB"), "{} {}", likely("RU"), likely("GB"));
    let between = ((likely("RU") + likely("GB")) * 50.0).round();
    let asked = |code: &str| format!("concern = {between}\nany = [{{ country = '{code}' }}]");
    assert_eq!(met("any = [{ country = 'GB' }]", &none).len(), 1);
    assert!(met(&asked("GB"), &none).is_empty());
    let found = met(&asked("RU"), &none);
    let why = &found[0].why[1];
    assert_eq!(why.clause, "concern of RU");
    let words = format!("{:.2}, and {:.2} is wanted: ", likely("RU"), between / 100.0);
    assert!(why.words.starts_with(&words), "{why}");

    // What a person says counts at any threshold, either way.
    let said = changes(&[(Some("country:RU"), Some("country:GB"))]);
    assert!(met(&asked("RU"), &said).is_empty());
    assert_eq!(met(&asked("GB"), &said).len(), 1);

    // An interest that just misses says by what.
    let judged = Window::new(&one(&asked("GB")), [text(REPORT)]).explain(5);
    assert!(judged[0].near[0].lacking.contains("concerned by less than"), "{judged:?}");
    assert!(judged[0].near[0].found.iter().any(|why| why.clause == "concern of GB"), "{judged:?}");
}

#[test]
fn a_country_below_the_threshold_stops_no_interest() {
    let asked = "concern = 100\nany = [{ words = 'Kazan Cathedral' }]\nnot = [{ country = 'GB' }]";
    assert_eq!(met(asked, &Changes::default()).len(), 1);
    assert!(met(&asked.replace("100", "0"), &Changes::default()).is_empty());
}
