//! Whom a report concerns, and nothing else of it: for whoever asks of many reports.

use crate::bounded;
use crate::concern::Weighed;
use crate::corrected::{Changes, Finding};

/// How likely a country that a report names is concerned.
#[derive(Debug, Clone, PartialEq)]
pub struct Whom {
    /// Its ISO 3166-1 alpha-2 code.
    pub country: String,
    /// From 0 to 1, with two digits as [`crate::Extraction::concern`] has it.
    pub likely: f64,
    /// What speaks most for it, in words, the strongest first.
    pub why: Vec<String>,
}

/// Whom a report concerns, with what people have said of it.
pub fn whom(text: &str, changes: Option<&Changes>) -> Vec<Whom> {
    let Weighed { reading, relevance, concern, .. } = Weighed::of(bounded(text));
    let each = concern.into_iter().map(|(country, likely)| {
        let why = reading.reasons(country, relevance);
        Whom {
            country: country.to_owned(),
            likely: crate::rounded(likely),
            why: why.iter().map(|why| in_words(why).to_owned()).collect(),
        }
    });
    let mut all: Vec<Whom> = each.collect();
    if let Some(changes) = changes {
        lay_over(changes, &mut all);
    }
    all
}

fn lay_over(changes: &Changes, all: &mut Vec<Whom>) {
    let why = || vec!["a correction says so".to_owned()];
    for one in all.iter_mut() {
        if changes.is_wrong(&Finding::Country(one.country.clone())) {
            (one.likely, one.why) = (0.0, why());
        }
    }
    for (finding, _) in changes.added() {
        if let Finding::Country(country) = finding {
            all.retain(|one| one.country != *country);
            all.push(Whom { country: country.clone(), likely: 1.0, why: why() });
        }
    }
}

/// A feature of the model, where its name alone says little.
pub fn in_words(feature: &str) -> &str {
    match feature {
        "relevance" => "the report tells of a threat",
        "rank 0" => "named more than any other",
        "rank 1" => "named more than most",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corrected::Change;
    use crate::extract;

    #[test]
    fn it_says_what_the_whole_says_and_what_people_said() {
        let text = "A cell plans to bomb the Kazan Cathedral in St. Petersburg, Moscow said.";
        let found = extract(text);
        let all = whom(text, None);
        assert_eq!(all.len(), found.concern.len());
        assert!(all.iter().all(|one| found.concern.get(&one.country) == Some(&one.likely)));
        assert!(all.iter().all(|one| !one.why.is_empty()));
        let change = Change {
            number: 1,
            wrong: Some("country:RU".parse().unwrap()),
            right: Some("country:FI".parse().unwrap()),
        };
        let all = whom(text, Some(&Changes::of(&[change])));
        let of = |code: &str| all.iter().find(|one| one.country == code).unwrap();
        assert_eq!((of("RU").likely, of("FI").likely), (0.0, 1.0));
        assert_eq!(of("FI").why, ["a correction says so"]);
    }
}
