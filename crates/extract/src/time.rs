//! Days and times of day that a text names: `2017-12-16`, `16 December 2017`, `December 16`,
//! `16.12.2017`, a day of the week, `14:30 UTC`.
//!
//! Months and days of the week are English; days in figures are read in any language. What `next
//! Saturday` is counted from is the reader's to say: times are given as they are written.

use crate::Span;
use regex::Regex;
use serde::Serialize;
use std::sync::LazyLock;

/// Most times that are found in one text: a report that names more is a table.
const MAX_TIMES: usize = 200;

/// A day or a time of day in a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TimeMention {
    /// As it is written, with its white space as single spaces.
    pub words: String,
    /// Where it stands in the text.
    pub span: Span,
}

const MONTH: &str = "(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|\
                     Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)";
const CLOCK: &str =
    r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?:\s?(?:[ap]m|UTC|GMT|CET|CEST|MSK|Z))?";
const WEEKDAY: &str = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day";

/// The longest form first: a day with its time of day is one time.
static TIMES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let year = r"(?:,?\s+\d{4})?";
    let number = "(?:[12][0-9]|3[01]|0?[1-9])";
    let days = [
        r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])".to_owned(),
        format!(r"{number}\.(?:0?[1-9]|1[0-2])\.\d{{4}}"),
        format!(r"(?:{WEEKDAY},?\s+)?{number}(?:st|nd|rd|th)?\s+{MONTH}{year}"),
        format!(r"(?:{WEEKDAY},?\s+)?{MONTH}\s+{number}(?:st|nd|rd|th)?{year}"),
        format!(r"(?:(?:next|this|coming)\s+)?{WEEKDAY}"),
    ];
    let day = days.join("|");
    Regex::new(&format!(r"\b(?:(?:{day})(?:,?(?:\s+at)?(?:\s+|T){CLOCK})?|{CLOCK})\b")).ok()
});

/// The times of a text, in its order.
pub fn find(text: &str) -> Vec<TimeMention> {
    let found = TIMES.iter().flat_map(|times| times.find_iter(text));
    found
        .take(MAX_TIMES)
        .map(|one| TimeMention {
            words: one.as_str().split_whitespace().collect::<Vec<_>>().join(" "),
            span: Span { start: one.start(), end: one.end() },
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        find(text).into_iter().map(|one| one.words).collect()
    }

    #[test]
    fn a_day_in_any_usual_form_is_found_as_it_is_written() {
        for (text, expected) in [
            ("planned for 2017-12-16.", "2017-12-16"),
            ("on Saturday, 16 December 2017, at", "Saturday, 16 December 2017"),
            ("December 16th at 14:30 UTC", "December 16th at 14:30 UTC"),
            ("am 16.12.2017 in der", "16.12.2017"),
            ("next Saturday they", "next Saturday"),
            ("at 2017-12-16T09:30:00Z", "2017-12-16T09:30:00Z"),
            ("by 18:45 they", "18:45"),
        ] {
            assert_eq!(words(text), [expected], "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_not_found() {
        for text in ["198.51.100.7", "2017-13-40", "may come", "version 10.4", "25:61", "Sundays"] {
            assert_eq!(words(text), [] as [&str; 0], "{text}");
        }
    }

    #[test]
    fn a_span_is_where_it_stands() {
        let text = "It is for\n16   December.";
        let found = find(text);
        let Span { start, end } = found[0].span;
        assert_eq!(text.get(start..end), Some("16   December"));
        assert_eq!(found[0].words, "16 December");
    }
}
