//! The built-in gazetteer: countries with the words for their people, regions, cities and sites;
//! and the search for their names in a text. The lists are in `gazetteer/` and are compiled in.

use crate::Span;
use crate::words::{Phrases, Words};
use serde::Serialize;
use std::collections::HashMap;
use std::sync::LazyLock;

/// The kind of place that a name stands for. Serialised in lower case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PlaceKind {
    /// A country, called by its name.
    Country,
    /// A country, called by a word for its people, such as `Russian`.
    Nationality,
    /// A part of a country, such as a province.
    Region,
    /// A city or town.
    City,
    /// A building, street or square.
    Site,
}

/// A place that the gazetteer knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownPlace {
    /// Its usual English name, whichever spelling it was looked up by.
    pub name: &'static str,
    /// Whether it is a country, a city, …
    pub kind: PlaceKind,
    /// ISO 3166-1 alpha-2 code of its country; `SU` and `YU` for states that no longer exist.
    pub country: &'static str,
    /// The city that a site is in, by its usual name. `None` for everything but sites.
    pub within: Option<&'static str>,
}

/// One place in a text where a known place is named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlaceMention {
    /// The usual English name, not the spelling in the text.
    pub name: &'static str,
    /// Whether it is a country, a city, …
    pub kind: PlaceKind,
    /// ISO 3166-1 alpha-2 code of its country.
    pub country: &'static str,
    /// The city that a site is in, by its usual name; left out when serialised if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within: Option<&'static str>,
    /// Where the name stands in the text.
    pub span: Span,
}

#[derive(Default)]
struct Gazetteer {
    places: Vec<KnownPlace>,
    /// Every spelling, with the indexes in `places` of the places that it can mean.
    names: Phrases<Vec<usize>>,
    /// The index in `places` of each country, by its code.
    countries: HashMap<&'static str, usize>,
}

static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(Gazetteer::read);

/// Finds every place that a text names, in the text's order. Of overlapping names, the longest
/// counts; a name of several places means the first of them in the gazetteer.
pub fn find(words: &Words) -> Vec<PlaceMention> {
    let gazetteer = &*GAZETTEER;
    let mut found = Vec::new();
    gazetteer.names.longest(words, &mut |first, end, places| {
        if let Some(place) = places.first().and_then(|at| gazetteer.places.get(*at)) {
            let KnownPlace { name, kind, country, within } = *place;
            let span = words.span(first, end);
            found.push(PlaceMention { name, kind, country, within, span });
        }
    });
    found
}

/// The first place with this name, in any of its spellings; or the country with this ISO 3166-1
/// alpha-2 code. `None` when the gazetteer has neither.
pub fn place(name: &str) -> Option<KnownPlace> {
    places(name).first().copied().or_else(|| country(name))
}

/// Every place with this name, in any of its spellings; empty when the gazetteer has none.
pub fn places(name: &str) -> Vec<KnownPlace> {
    let words = Words::new(name);
    let gazetteer = &*GAZETTEER;
    let whole = gazetteer.names.at(&words, 0).find(|(end, _)| *end == words.len());
    let numbers = whole.map(|(_, places)| places.as_slice()).unwrap_or_default();
    numbers.iter().filter_map(|at| gazetteer.places.get(*at)).copied().collect()
}

/// The country with this ISO 3166-1 alpha-2 code, in upper or lower case.
pub fn country(code: &str) -> Option<KnownPlace> {
    let code = code.to_ascii_uppercase();
    let gazetteer = &*GAZETTEER;
    gazetteer.places.get(*gazetteer.countries.get(code.as_str())?).copied()
}

impl Gazetteer {
    fn read() -> Gazetteer {
        let mut gazetteer = Gazetteer::default();
        for line in lines(include_str!("../gazetteer/countries.txt")) {
            let mut parts = line.split('|');
            let country = parts.next().unwrap_or_default();
            let names = parts.next().unwrap_or_default();
            let name = names.split(';').next().unwrap_or_default();
            gazetteer.countries.insert(country, gazetteer.places.len());
            gazetteer
                .add(names, KnownPlace { name, kind: PlaceKind::Country, country, within: None });
            let people = parts.next().unwrap_or_default();
            gazetteer.add(
                people,
                KnownPlace { name, kind: PlaceKind::Nationality, country, within: None },
            );
        }
        for line in lines(include_str!("../gazetteer/places.txt")) {
            let mut parts = line.split('|');
            let names = parts.next().unwrap_or_default();
            let name = names.split(';').next().unwrap_or_default();
            let kind = match parts.next() {
                Some("site") => PlaceKind::Site,
                Some("region") => PlaceKind::Region,
                _ => PlaceKind::City,
            };
            let country = parts.next().unwrap_or_default();
            let within = parts.next().filter(|city| !city.is_empty());
            gazetteer.add(names, KnownPlace { name, kind, country, within });
        }
        gazetteer
    }

    fn add(&mut self, names: &'static str, place: KnownPlace) {
        let at = self.places.len();
        self.places.push(place);
        for name in names.split(';').filter(|name| !name.is_empty()) {
            // Several spellings may fold to the same words: the place is listed there once.
            let places = self.names.insert(&Words::new(name));
            if let Some(places) = places.filter(|places| !places.contains(&at)) {
                places.push(at);
            }
        }
    }
}

fn lines(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_city_and_its_cathedral_are_told_apart() {
        let found = find(&Words::new("Kazan Cathedral, not Kazan; a Russian city"));
        let names: Vec<(&str, PlaceKind)> = found.iter().map(|m| (m.name, m.kind)).collect();
        assert_eq!(
            names,
            [
                ("Kazan Cathedral", PlaceKind::Site),
                ("Kazan", PlaceKind::City),
                ("Russia", PlaceKind::Nationality)
            ]
        );
    }

    #[test]
    fn a_part_of_a_word_is_not_a_place() {
        assert!(find(&Words::new("omanyte Romeoville Nicely")).is_empty());
    }

    #[test]
    fn every_place_of_a_line_has_a_known_country_and_city() {
        for place in &GAZETTEER.places {
            assert!(country(place.country).is_some(), "{place:?}");
            assert!(place.within.is_none_or(|city| super::place(city).is_some()), "{place:?}");
        }
    }

    #[test]
    fn a_place_is_found_by_any_spelling() {
        assert_eq!(place("leningrad").unwrap().name, "Saint Petersburg");
        assert_eq!(place("ru").unwrap().name, "Russia");
        assert!(place("Atlantis").is_none());
    }
}
