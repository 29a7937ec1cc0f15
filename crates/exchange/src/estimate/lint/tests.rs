//! Wording, refused and not.

use super::*;
use proptest::prelude::*;

fn combined(text: &str) -> Option<(Likelihood, Confidence)> {
    lint(text).into_iter().find_map(|one| match one {
        Wording::Combined { likelihood, confidence, .. } => Some((likelihood, confidence)),
        Wording::MixedRows { .. } => None,
    })
}

#[test]
fn a_likelihood_and_a_confidence_in_one_sentence_are_refused() {
    let high = Confidence::High;
    for (text, likelihood, confidence) in [
        ("We judge with high confidence that an attack is likely.", Band::Likely.first(), high),
        ("An attack is very likely (high confidence).", Band::VeryLikely.first(), high),
        ("It is highly-probable; our confidence is high.", Band::VeryLikely.second(), high),
        (
            "There is a remote chance, with a low degree of confidence.",
            Band::AlmostNoChance.second(),
            Confidence::Low,
        ),
        (
            "He will probably act, confidence level: moderate.",
            Band::Likely.second(),
            Confidence::Moderate,
        ),
        (
            "It will almost certainly\nhappen, as we have high\nconfidence in the source.",
            Band::AlmostCertain.first(),
            high,
        ),
        (
            "It is unlikely in St. Petersburg, with low to moderate confidence.",
            Band::Unlikely.first(),
            Confidence::Moderate,
        ),
        ("J. Smith is likely the target, with high confidence.", Band::Likely.first(), high),
    ] {
        assert_eq!(combined(text), Some((likelihood, confidence)), "{text}");
        let refused = check(text).unwrap_err();
        assert_eq!(refused.code, Code::Wording);
        assert!(refused.message.contains(&likelihood.to_string()), "{}", refused.message);
    }
}

#[test]
fn each_in_a_sentence_of_its_own_passes() {
    for text in [
        "An attack is likely. We have high confidence in this.",
        "An attack is likely! Our confidence is high.",
        "Is it likely? High confidence is held by all.",
        "- an attack is likely\n- high confidence in the source",
        "Likelihood: very likely\n\nWe have moderate confidence.",
        "An attack is \"likely.\" High confidence is held by all.",
        "The group is confident that it is likely to succeed.",
        "A likely low point of confidence in the market.",
        "",
    ] {
        assert_eq!(check(text), Ok(Vec::new()), "{text}");
    }
}

#[test]
fn words_that_are_no_estimate_are_none() {
    for text in [
        "They used remote access, as we know with high confidence.",
        "There was probable cause, with high confidence.",
        "The likelihood is known with high confidence.",
        "Unlikeliness, with high confidence.",
    ] {
        assert_eq!(lint(text), Vec::new(), "{text}");
    }
}

#[test]
fn words_of_both_rows_are_a_warning_and_no_refusal() {
    let text = "An attack is likely. A second one is improbable. A third one is very likely.";
    let (first, second) = (Band::Likely.first(), Band::Unlikely.second());
    assert_eq!(check(text), Ok(vec![Wording::MixedRows { first, second }]));
    assert_eq!(lint("It is likely. It is very likely."), Vec::new());
}

proptest! {
    /// Each term and each level are found wherever they stand in a sentence.
    #[test]
    fn any_term_with_any_level_is_found(
        term in 0..TERMS.len(),
        level in 0..3_usize,
        upper: bool,
        confidence_first: bool,
        filler in "[a-z]{1,5} ",
    ) {
        let (term, likelihood) = TERMS[term];
        let level = ["low", "moderate", "high"][level];
        let mut term = term.join(" ");
        if term == "remote" {
            term.push_str(" possibility");
        }
        let level = format!("{level} confidence");
        let text = if confidence_first {
            format!("With {level} we {filler}say {term} here")
        } else {
            format!("Here {term} is {filler}said with {level}")
        };
        // A filler may be a word of the terms itself.
        prop_assume!(!["low ", "high ", "no "].contains(&filler.as_str()));
        let text = if upper { text.to_uppercase() } else { text };
        prop_assert_eq!(combined(&text).map(|(found, _)| found), Some(likelihood), "{}", text);
    }

    /// Any text is read to its end, and what is shown of it is short.
    #[test]
    fn any_text_is_read(text in ".{0,300}") {
        for one in lint(&text) {
            if let Wording::Combined { sentence, .. } = one {
                prop_assert!(sentence.chars().count() <= MAX_SHOWN + 1);
            }
        }
    }
}
