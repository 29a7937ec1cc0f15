//! Countries, nationality words, cities, regions and sites, found by one automaton.

use crate::Span;
use crate::fold::{Folded, fold};
use aho_corasick::{AhoCorasick, MatchKind};
use serde::Serialize;
use std::sync::LazyLock;

/// What kind of place a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
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
pub struct Place {
    /// Its usual English name.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// ISO 3166-1 alpha-2 code of its country; `SU` and `YU` for states that were.
    pub country: &'static str,
    /// The city that a site stands in.
    pub within: Option<&'static str>,
}

/// A place that a text names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mention {
    /// The place's usual name.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// The country's code.
    pub country: &'static str,
    /// The city that a site stands in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within: Option<&'static str>,
    /// Where in the text.
    pub span: Span,
}

struct Gazetteer {
    places: Vec<Place>,
    names: AhoCorasick,
    /// For each name of the automaton, its place.
    of_name: Vec<(String, usize)>,
}

static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(Gazetteer::read);

/// Every place that a text names, in order; of overlapping names the longest.
pub fn find(text: &str) -> Vec<Mention> {
    let folded = Folded::new(text);
    let gazetteer = &*GAZETTEER;
    gazetteer
        .names
        .find_iter(folded.text())
        .filter(|hit| folded.is_whole(hit.start(), hit.end()))
        .filter_map(|hit| {
            let (_, place) = gazetteer.of_name.get(hit.pattern().as_usize())?;
            let place = gazetteer.places.get(*place)?;
            let span = folded.original(hit.start(), hit.end());
            let Place { name, kind, country, within } = *place;
            Some(Mention { name, kind, country, within, span })
        })
        .collect()
}

/// The place of a name in any of its spellings; a country by its code too.
pub fn place(name: &str) -> Option<Place> {
    let folded = fold(name);
    let gazetteer = &*GAZETTEER;
    let named = gazetteer.of_name.iter().find(|(known, _)| *known == folded);
    let by_name = named.and_then(|(_, at)| gazetteer.places.get(*at)).copied();
    by_name.or_else(|| country(name))
}

/// The country of an ISO 3166-1 alpha-2 code, in any case.
pub fn country(code: &str) -> Option<Place> {
    let fits = |p: &&Place| p.kind == Kind::Country && p.country.eq_ignore_ascii_case(code);
    GAZETTEER.places.iter().find(fits).copied()
}

impl Gazetteer {
    fn read() -> Gazetteer {
        let mut places = Vec::new();
        let mut of_name = Vec::new();
        for line in lines(include_str!("../gazetteer/countries.txt")) {
            let mut parts = line.split('|');
            let country = parts.next().unwrap_or_default();
            let names = parts.next().unwrap_or_default();
            let name = names.split(';').next().unwrap_or_default();
            add(
                &mut places,
                &mut of_name,
                names,
                Place { name, kind: Kind::Country, country, within: None },
            );
            let people = parts.next().unwrap_or_default();
            add(
                &mut places,
                &mut of_name,
                people,
                Place { name, kind: Kind::Nationality, country, within: None },
            );
        }
        for line in lines(include_str!("../gazetteer/places.txt")) {
            let mut parts = line.split('|');
            let names = parts.next().unwrap_or_default();
            let name = names.split(';').next().unwrap_or_default();
            let kind = match parts.next() {
                Some("site") => Kind::Site,
                Some("region") => Kind::Region,
                _ => Kind::City,
            };
            let country = parts.next().unwrap_or_default();
            let within = parts.next().filter(|city| !city.is_empty());
            add(&mut places, &mut of_name, names, Place { name, kind, country, within });
        }
        let names = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(of_name.iter().map(|(name, _)| name));
        // The patterns are the two embedded files: that they build is tested below.
        let names = names.unwrap_or_else(|_| unreachable!("the gazetteer is embedded"));
        Gazetteer { places, names, of_name }
    }
}

fn lines(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn add(
    places: &mut Vec<Place>,
    of_name: &mut Vec<(String, usize)>,
    names: &'static str,
    place: Place,
) {
    let at = places.len();
    places.push(place);
    for name in names.split(';').filter(|name| !name.is_empty()) {
        of_name.push((fold(name), at));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_city_and_its_cathedral_are_told_apart() {
        let found = find("Kazan Cathedral, not Kazan; a Russian city");
        let names: Vec<(&str, Kind)> = found.iter().map(|m| (m.name, m.kind)).collect();
        assert_eq!(
            names,
            [("Kazan Cathedral", Kind::Site), ("Kazan", Kind::City), ("Russia", Kind::Nationality)]
        );
    }

    #[test]
    fn part_of_a_word_is_no_place() {
        assert!(find("omanyte Romeoville Nicely").is_empty());
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
