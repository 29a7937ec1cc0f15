//! Finds in free text what it is about: places, countries, kinds of threat and observables, each
//! with the span of text that names it.
//!
//! Covers: a gazetteer of countries with the words for their people, and of some cities, regions
//! and sites, in the cases of two dozen languages ([`gazetteer`]); words for kinds of threat ([`threat`]); domains, addresses, hashes,
//! e-mail addresses, URLs and CVE numbers ([`observable`]), days and times of day ([`time`]), defanged or not ([`refang`]), with hosts
//! in either alphabet ([`host`]). It finds names; it does not yet decide
//! which country a threat is against and which is only mentioned.
//!
//! Leaves to the caller: reading files, storing what was found, matching it. There is no I/O here.

#![warn(missing_docs)]

mod declension;
mod doubles;
pub mod fold;
pub mod gazetteer;
pub mod host;
mod namesakes;
pub mod observable;
mod persons;
pub mod refang;
pub mod threat;
pub mod time;
mod variants;
pub mod words;

use serde::Serialize;
use std::collections::BTreeSet;
use words::Words;

/// Longest text that [`extract`] reads, in bytes: about 500 pages.
pub const MAX_TEXT_BYTES: usize = 1 << 20;

/// A part of a text, as byte offsets on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Span {
    /// The offset of the first byte.
    pub start: usize,
    /// The offset after the last byte.
    pub end: usize,
}

/// What [`extract`] found in one text.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Extraction {
    /// ISO 3166-1 alpha-2 codes of the countries that are named, and of those in which a named
    /// place lies; sorted, each once.
    pub countries: Vec<String>,
    /// Places, countries and nationalities, in the text's order.
    pub places: Vec<gazetteer::PlaceMention>,
    /// Words for kinds of threat, in the text's order.
    pub threats: Vec<threat::ThreatMention>,
    /// Observables, in the text's order.
    pub observables: Vec<observable::Observable>,
}

/// Finds all that this crate knows in a text. Of a text longer than [`MAX_TEXT_BYTES`] only the
/// beginning is read: see [`bounded`].
pub fn extract(text: &str) -> Extraction {
    let text = bounded(text);
    let words = Words::new(text);
    let places = gazetteer::find(text, &words);
    let countries: BTreeSet<&str> = places.iter().map(|m| m.country).collect();
    Extraction {
        countries: countries.into_iter().map(str::to_owned).collect(),
        threats: threat::find(&words),
        observables: observable::find(text),
        places,
    }
}

/// The part of a text that [`extract`] reads: the first [`MAX_TEXT_BYTES`], cut between characters.
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
