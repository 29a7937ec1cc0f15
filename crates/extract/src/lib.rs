//! Finds in free text what it is about: places, countries, kinds of threat and observables, each
//! with the span of text that names it.
//!
//! Covers: a gazetteer of countries with the words for their people, and of some cities, regions
//! and sites, in the cases of two dozen languages ([`gazetteer`]); words for kinds of threat ([`threat`]); domains, addresses, hashes,
//! e-mail addresses, URLs and CVE numbers ([`observable`]), days and times of day ([`time`]), defanged or not ([`refang`]), with hosts
//! in either alphabet ([`host`]). It judges which observables are an attacker's ([`side`]), and which
//! countries a threat is against, as against those that are only mentioned ([`concern`]).
//!
//! Leaves to the caller: reading files, storing what was found, matching it. There is no I/O here.

#![warn(missing_docs)]

mod apart;
mod clause;
pub mod concern;
pub mod coordinates;
pub mod corrected;
mod cues;
mod declension;
mod dialling;
mod doubles;
mod doubt;
mod features;
pub mod fold;
pub mod gazetteer;
pub mod host;
pub mod labelled;
pub mod measures;
pub mod model;
mod named;
mod namesakes;
mod note;
pub mod observable;
pub mod outcome;
mod owner;
mod persons;
mod purpose;
pub mod reading;
pub mod refang;
mod resolve;
mod sentence;
pub mod side;
pub mod target;
pub mod threat;
pub mod time;
pub mod trees;
pub mod value;
mod variants;
pub mod whom;
pub mod words;
mod world;
mod worldwide;

use crate::concern::Weighed;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Longest text that [`extract`] reads, in bytes: about 500 pages.
pub const MAX_TEXT_BYTES: usize = 1 << 20;

/// A part of a text, as byte offsets on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Span {
    /// The offset of the first byte.
    pub start: usize,
    /// The offset after the last byte.
    pub end: usize,
}

/// What [`extract`] found in one text.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Extraction {
    /// ISO 639-3 code of the language, where it can be told.
    pub language: Option<&'static str>,
    /// ISO 3166-1 alpha-2 codes of the countries that are likely concerned; sorted, each once.
    pub countries: Vec<String>,
    /// How likely each country that is named is concerned, from 0 to 1.
    pub concern: BTreeMap<String, f64>,
    /// The countries that told of a threat to another one, and are not threatened for that.
    pub sources: Vec<outcome::Source>,
    /// Why, for the countries that are likely concerned.
    pub reasons: Vec<Reason>,
    /// The places that are threatened, in the text's order.
    pub targets: Vec<target::Target>,
    /// Places, countries and nationalities, in the text's order.
    pub places: Vec<gazetteer::PlaceMention>,
    /// Words for kinds of threat, in the text's order.
    pub threats: Vec<threat::ThreatMention>,
    /// How far the threat got: one of [`concern::STAGES`].
    pub stage: &'static str,
    /// Of which kinds it is.
    pub kinds: Vec<&'static str>,
    /// What is likely an attacker's, in the text's order.
    pub observables: Vec<Indicator>,
}

/// Why a country is likely concerned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Reason {
    /// Its ISO 3166-1 alpha-2 code.
    pub country: &'static str,
    /// What speaks most for it, the strongest first.
    pub why: Vec<String>,
    /// Where it, its people or a place in it is named.
    pub spans: Vec<Span>,
}

/// Above which likelihood a country counts as concerned. More are concerned above a lower one: a
/// report that is missed costs more than one that is looked at in vain.
pub const CONCERNED: f32 = 0.33;

/// A value to watch for: an observable that is likely an attacker's.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Indicator {
    /// The STIX type of the object for it; of hashes, which hash it is.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The value, not defanged, without what is around an address.
    pub value: String,
    /// Where it stands in the text.
    pub span: Span,
    /// Whether it lies in a range that is kept for documents, tests or private use.
    pub reserved: bool,
    /// How likely it is an attacker's, from 0 to 1.
    pub confidence: f64,
}

/// The STIX type of the object for an observable; of a hash, which hash it is.
pub fn stix_type(one: &observable::Observable) -> &'static str {
    use observable::ObservableKind as Kind;
    match one.kind {
        Kind::Url => "url",
        Kind::EmailAddr => "email-addr",
        Kind::Ipv4Addr => "ipv4-addr",
        Kind::Ipv6Addr => "ipv6-addr",
        Kind::Vulnerability => "vulnerability",
        Kind::DomainName => "domain-name",
        Kind::CryptocurrencyWallet => "cryptocurrency-wallet",
        Kind::FileHash => match one.value.len() {
            32 => "md5",
            40 => "sha1",
            _ => "sha256",
        },
    }
}

/// The value of an observable; of a block of addresses, the first.
pub fn plain_value(one: &observable::Observable) -> String {
    use observable::ObservableKind as Kind;
    match one.kind {
        Kind::Ipv4Addr | Kind::Ipv6Addr => {
            one.value.split('/').next().unwrap_or_default().to_owned()
        }
        Kind::Vulnerability => one.value.to_ascii_uppercase(),
        _ => one.value.clone(),
    }
}

/// Above which likelihood an observable counts as an attacker's.
const INDICATOR: f32 = 0.45;

fn indicators(text: &str, reading: &reading::Reading, idle: f32) -> Vec<Indicator> {
    let found = observable::find(text);
    let likely = side::of_all(text, reading, idle, &found);
    let both = found.iter().zip(likely).filter(|(_, likely)| *likely > INDICATOR);
    let indicators = both.map(|(one, likely)| Indicator {
        kind: stix_type(one),
        value: plain_value(one),
        span: one.span,
        reserved: value::is_reserved(one.kind, &one.value),
        confidence: rounded(likely),
    });
    indicators.collect()
}

/// Finds all that this crate knows in a text. Of a text longer than [`MAX_TEXT_BYTES`] only the
/// beginning is read: see [`bounded`].
pub fn extract(text: &str) -> Extraction {
    let text = bounded(text);
    let Weighed { reading, whole, relevance, concern, sources, threats } = Weighed::of(text);
    let likely: BTreeSet<&str> = concern
        .iter()
        .filter(|(_, likely)| *likely >= CONCERNED)
        .map(|(country, _)| *country)
        .collect();
    let reasons =
        concern.iter().filter(|(country, _)| likely.contains(country)).map(|(country, _)| Reason {
            country,
            why: reading.reasons(country, relevance),
            spans: reading.spans(country),
        });
    let judgement = reading.judge(&whole);
    Extraction {
        language: language(text),
        countries: likely.iter().map(|country| (*country).to_owned()).collect(),
        concern: concern
            .iter()
            .map(|(country, likely)| ((*country).to_owned(), rounded(*likely)))
            .collect(),
        reasons: reasons.collect(),
        targets: reading.targets(&likely),
        places: reading.places(),
        threats,
        sources,
        stage: judgement.stage,
        kinds: judgement.kinds,
        observables: indicators(text, &reading, judgement.idle),
    }
}

/// How much of a text tells its language, in bytes.
const LANGUAGE: usize = 600;

/// The language of a text, where it can be told.
fn language(text: &str) -> Option<&'static str> {
    let beginning = text.get(..text.floor_char_boundary(LANGUAGE)).unwrap_or_default();
    whatlang::detect_lang(beginning).map(|language| language.code())
}

/// With two digits, as much as it is worth.
fn rounded(likely: f32) -> f64 {
    (f64::from(likely) * 100.0).round() / 100.0
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
            "A cell plans to bomb the Kazan Cathedral in St. Petersburg; the attackers' server is at \
             198.51.100[.]7 and c2[.]example.org.",
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
