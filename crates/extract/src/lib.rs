//! Free text to what it speaks of: places, countries, kinds of threat and observables, each with
//! the span of text that says so.
//!
//! Covers: a gazetteer of countries with their nationality words and of some cities, regions and
//! sites ([`gazetteer`]); words for kinds of threat ([`threat`]); domains, addresses, hashes,
//! e-mail addresses, URLs and CVE numbers ([`observable`]). It finds names; it does not yet weigh
//! which country a threat is against and which is only mentioned.
//!
//! Leaves to the caller: reading files, keeping what was found, matching it.

#![warn(missing_docs)]

pub mod fold;
pub mod gazetteer;
pub mod observable;
pub mod threat;
pub mod words;

use serde::Serialize;
use std::collections::BTreeSet;
use words::Words;

/// Longest text read at once, in bytes: some 500 pages.
pub const MAX_TEXT_BYTES: usize = 1 << 20;

/// Where in the text something stands: byte offsets, the end not included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// Behind the last byte.
    pub end: usize,
}

/// What one text speaks of.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Extraction {
    /// ISO 3166-1 codes of every country named, or in which a place named lies; sorted.
    pub countries: Vec<String>,
    /// Places, countries and nationalities, in the text's order.
    pub places: Vec<gazetteer::PlaceMention>,
    /// Kinds of threat, in the text's order.
    pub threats: Vec<threat::ThreatMention>,
    /// Observables, in the text's order.
    pub observables: Vec<observable::Observable>,
}

/// Reads a text. A text over [`MAX_TEXT_BYTES`] is read up to there.
pub fn extract(text: &str) -> Extraction {
    let text = bounded(text);
    let words = Words::new(text);
    let places = gazetteer::find(&words);
    let countries: BTreeSet<&str> = places.iter().map(|m| m.country).collect();
    Extraction {
        countries: countries.into_iter().map(str::to_owned).collect(),
        threats: threat::find(&words),
        observables: observable::find(text),
        places,
    }
}

/// As much of a text as is read.
pub fn bounded(text: &str) -> &str {
    text.get(..text.floor_char_boundary(MAX_TEXT_BYTES)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_gives_its_places_threats_and_observables() {
        let found = extract(
            "A cell plans to bomb the Kazan Cathedral in St. Petersburg; its server is at \
             198.51.100.7 and c2.example.org.",
        );
        assert_eq!(found.countries, ["RU"]);
        let names: Vec<&str> = found.places.iter().map(|p| p.name).collect();
        assert_eq!(names, ["Kazan Cathedral", "Saint Petersburg"]);
        assert_eq!(found.threats.len(), 1);
        assert_eq!(found.observables.len(), 2);
    }

    #[test]
    fn a_text_without_anything_gives_nothing() {
        let found = extract("");
        assert!(found.countries.is_empty() && found.places.is_empty());
    }

    #[test]
    fn a_text_over_the_bound_is_cut_at_a_character() {
        assert_eq!(bounded(&"é".repeat(MAX_TEXT_BYTES)).len() % 2, 0);
    }
}
