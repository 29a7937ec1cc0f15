//! Places of the whole world in a text, beside those that the built-in gazetteer has found in it, and
//! by a name alone. A name of several places means the one that the rest of the text speaks of, else the
//! largest; one that is a usual word, or a person's, counts only where something speaks for it.

use crate::Span;
use crate::doubt::Doubt;
use crate::gazetteer::{KnownPlace, PlaceKind, PlaceMention};
use crate::named::{self, Begins, Named, Possible};
use crate::reading::is_in_capitals;
use crate::resolve;
use crate::words::Words;
use crate::world::{self, Meaning, WorldKind};
use std::collections::HashMap;

/// Most places of one name that are told apart.
const MAX_OF_A_NAME: usize = 20;

/// The places of the world that a text names, in its order, beside `known`; of the spans `elsewhere`
/// it is known that they name none of them.
pub(crate) fn find(
    text: &str,
    words: &Words,
    (known, elsewhere): (&[PlaceMention], &[Span]),
) -> Vec<PlaceMention> {
    let mut taken = vec![0usize; words.len()];
    let spans = known.iter().map(|one| one.span).chain(elsewhere.iter().copied());
    for (first, end) in spans.filter_map(|span| named::range(words, span)) {
        for length in taken.iter_mut().take(end).skip(first) {
            *length = (*length).max(end - first);
        }
    }
    let mut possible = named::possible(text, words, (&taken, Begins::AsNames));
    if possible.is_empty() {
        return Vec::new();
    }
    let is_capitals = is_in_capitals(text);
    let mut out: Vec<Named> = known.iter().filter_map(|one| Named::of(words, one)).collect();
    if is_capitals {
        named::leave_out_small(&mut possible, &out);
    }
    let (is_english, small) = (named::is_english(words), named::small_words(text, words));
    Doubt { text, words, is_capitals, is_english, small }.sift(&mut possible, &out);
    let before = out.len();
    let called = called(text, &possible);
    resolve::resolve(text, words, &possible, &mut out);
    let found = out.drain(before..).map(|one| {
        let usual = called.get(&(one.first, one.country)).copied();
        let (name, kind) = usual.unwrap_or((one.name, one.kind));
        PlaceMention { name, kind, country: one.country, within: None, span: one.span }
    });
    found.collect()
}

/// By the word at which a name begins and by country, the place that is called just so: Springfield is
/// not Springfield Gardens, where that is called so too and has more people.
fn called(
    text: &str,
    possible: &[Possible],
) -> HashMap<(usize, &'static str), (&'static str, PlaceKind)> {
    let mut out = HashMap::new();
    for one in possible {
        let written = text.get(one.span.start..one.span.end).unwrap_or_default();
        for meaning in one.meanings.iter().filter(|meaning| meaning.name == written) {
            out.insert((one.first, meaning.country), (meaning.name, kind_of(meaning.kind)));
        }
    }
    out
}

fn kind_of(kind: WorldKind) -> PlaceKind {
    match kind {
        WorldKind::Country => PlaceKind::Country,
        WorldKind::Region => PlaceKind::Region,
        WorldKind::City => PlaceKind::City,
    }
}

/// The places of the world with this name, those that are called so before those that had the name, and then the
/// largest first; countries are not among them.
pub(crate) fn places(name: &str) -> Vec<KnownPlace> {
    let words = Words::new(name);
    let whole = world::at(&words, 0).filter(|(end, _)| *end == words.len());
    let mut meant: Vec<Meaning> = whole.map(|(_, meant)| meant).unwrap_or_default();
    meant.retain(|one| one.kind != WorldKind::Country);
    let mut out: Vec<KnownPlace> = Vec::new();
    for Meaning { name, kind, country, .. } in meant {
        let kind = kind_of(kind);
        let is_new = !out.iter().any(|one| (one.name, one.country) == (name, country));
        if is_new && out.len() < MAX_OF_A_NAME {
            out.push(KnownPlace { name, kind, country, within: None });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(name: &str) -> (&'static str, PlaceKind, &'static str) {
        let one = places(name).first().copied().unwrap();
        (one.name, one.kind, one.country)
    }

    #[test]
    fn a_name_is_first_the_place_that_is_called_so_and_the_city_before_its_region() {
        assert_eq!(first("Jelgava"), ("Jelgava", PlaceKind::City, "LV"));
        assert_eq!(first("Jelgavas novads"), ("Jelgavas novads", PlaceKind::Region, "LV"));
        assert_eq!(first("Kronstadt"), ("Kronstadt", PlaceKind::City, "RU"));
        assert_eq!(first("New York"), ("New York City", PlaceKind::City, "US"));
        assert_eq!(first("Florida"), ("Florida", PlaceKind::Region, "US"));
        assert_eq!(first("El Alto"), ("El Alto", PlaceKind::City, "BO"));
        let all = places("Victoria");
        let is =
            |country: &str| all.iter().any(|one| one.name == "Victoria" && one.country == country);
        assert!(is("SC") && is("CA") && is("AU"), "{all:?}");
        assert!(!all.iter().any(|one| one.name == "Hong Kong"), "{all:?}");
    }
}
