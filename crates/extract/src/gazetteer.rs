//! Countries, nationality words, cities, regions and sites, found in a text's words.

use crate::Span;
use crate::words::{Phrases, Words};
use serde::Serialize;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What kind of place a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PlaceKind {
    /// A country by its name.
    Country,
    /// A country by a word for its people.
    Nationality,
    /// A part of a country.
    Region,
    /// A city or town.
    City,
    /// A building or square.
    Site,
}

/// A place of the gazetteer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownPlace {
    /// Its usual English name.
    pub name: &'static str,
    /// What it is.
    pub kind: PlaceKind,
    /// ISO 3166-1 alpha-2 code of its country; `SU` and `YU` for states that were.
    pub country: &'static str,
    /// The city that a site stands in.
    pub within: Option<&'static str>,
}

/// A place that a text names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlaceMention {
    /// The place's usual name.
    pub name: &'static str,
    /// What it is.
    pub kind: PlaceKind,
    /// The country's code.
    pub country: &'static str,
    /// The city that a site stands in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within: Option<&'static str>,
    /// Where in the text.
    pub span: Span,
}

#[derive(Default)]
struct Gazetteer {
    places: Vec<KnownPlace>,
    /// Every spelling with its places; in `places` by number.
    names: Phrases<Vec<usize>>,
    countries: HashMap<&'static str, usize>,
}

static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(Gazetteer::read);

/// Every place that a text names, in order; of overlapping names the longest.
pub fn find(words: &Words) -> Vec<PlaceMention> {
    let gazetteer = &*GAZETTEER;
    let mut found = Vec::new();
    gazetteer.names.longest(words, &mut |first, behind, places| {
        if let Some(place) = places.first().and_then(|at| gazetteer.places.get(*at)) {
            let KnownPlace { name, kind, country, within } = *place;
            let span = words.span(first, behind);
            found.push(PlaceMention { name, kind, country, within, span });
        }
    });
    found
}

/// The place of a name in any of its spellings; a country by its code too.
pub fn place(name: &str) -> Option<KnownPlace> {
    places(name).first().copied().or_else(|| country(name))
}

/// Every place of a name, in any of its spellings.
pub fn places(name: &str) -> Vec<KnownPlace> {
    let words = Words::new(name);
    let gazetteer = &*GAZETTEER;
    let whole = gazetteer.names.at(&words, 0).find(|(behind, _)| *behind == words.len());
    let numbers = whole.map(|(_, places)| places.as_slice()).unwrap_or_default();
    numbers.iter().filter_map(|at| gazetteer.places.get(*at)).copied().collect()
}

/// The country of an ISO 3166-1 alpha-2 code, in any case.
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
            // Spellings that fold to one are one.
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
    fn part_of_a_word_is_no_place() {
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
