//! The built-in gazetteer: countries with the words for their people, regions, cities and sites;
//! and the search for their names in a text, in any case of Slavic, Germanic and Romance languages.
//! The lists are in `gazetteer/` and are compiled in.

use crate::doubles::{self, Near, Qualifier};
use crate::words::{Phrases, Words};
use crate::{Span, declension, namesakes, persons, variants, worldwide};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization as _;

/// Longest name, in letters, that is found only as it is written: `Řím` is not `rim`.
const MAX_SHORT: usize = 4;
/// Fewest letters of a name that is found without a capital.
const MIN_SMALL: usize = 10;
/// The same for names in other alphabets, whose words are not those of English.
const MIN_SMALL_FOREIGN: usize = 7;

/// The kind of place that a name stands for. Serialised in lower case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
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
    /// Every spelling, with the places that it can mean.
    names: Phrases<Vec<Meant>>,
    /// The index in `places` of each country, by its code.
    countries: HashMap<&'static str, usize>,
}

static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(Gazetteer::read);

/// A place that some words can mean.
#[derive(Debug, Clone)]
struct Meant {
    /// The index in `places`.
    place: usize,
    /// How it is written in another language; `None` for a name of the English lists, which is found
    /// in any spelling.
    form: Option<Box<str>>,
}

/// English words that names without their accents would be: `Ísland`, `Geórgia`.
const ENGLISH: &[&str] = &["georgia", "island", "islands"];

/// Countries whose names may follow a place of the other without another place being meant: where
/// it is disputed, or was.
const DISPUTED: &[(&str, &str)] =
    &[("RU", "UA"), ("IL", "PS"), ("CN", "TW"), ("RS", "XK"), ("GE", "RU"), ("AM", "AZ")];
/// States that no longer exist, whose places lie elsewhere now.
const FORMER: &[&str] = &["SU", "YU"];

/// Whether what lies in a country could be said to lie in another, which is disputed or was so.
pub fn could_lie_in(place: &str, said: &str) -> bool {
    let is_one = |(a, b): &(&str, &str)| (place, said) == (a, b) || (place, said) == (b, a);
    place == said || FORMER.contains(&said) || DISPUTED.iter().any(is_one)
}

/// Finds every place that a text names, in the text's order; `words` are those of the text. Of
/// overlapping names, the longest counts; a name of several places means the first of them in the
/// gazetteer, unless a state or country after it says another. Where it lies elsewhere than all of
/// them, only the state or country is found. A name that is a person's is none.
pub fn find(text: &str, words: &Words) -> Vec<PlaceMention> {
    read(text, words).found
}

/// As [`find`], in two spellings of a text, and the places of the whole world too ([`crate::worldwide`]):
/// what is read in the first, as a place or as something else, is not read by its sound once more.
pub fn find_everywhere(text: &str, written: &Words, spelt: Option<&Words>) -> Vec<PlaceMention> {
    let Places { mut found, mut elsewhere } = read(text, written);
    let world = worldwide::find(text, written, (&found, &elsewhere));
    // What is known by a longer name is not its part.
    let holds = |a: Span, b: Span| a.start <= b.start && b.end <= a.end;
    let is_part = |one: &PlaceMention| world.iter().any(|other| holds(other.span, one.span));
    found.retain(|one| !is_part(one));
    found.extend(world);
    found.sort_by_key(|one| one.span.start);
    let Some(spelt) = spelt else { return found };
    elsewhere.extend(found.iter().map(|one| one.span));
    elsewhere.sort_unstable_by_key(|span| span.start);
    let is_known = |span: Span| {
        let at = elsewhere.partition_point(|other| other.end <= span.start);
        elsewhere.get(at).is_some_and(|other| other.start < span.end)
    };
    let by_sound = read(text, spelt).found.into_iter().filter(|one| !is_known(one.span));
    found.extend(by_sound.collect::<Vec<_>>());
    found
}

/// What is read of the places in a text.
#[derive(Default)]
struct Places {
    found: Vec<PlaceMention>,
    /// Names that mean another place, or a person.
    elsewhere: Vec<Span>,
}

fn read(text: &str, words: &Words) -> Places {
    let gazetteer = &*GAZETTEER;
    let mut out = Places::default();
    let mut first = 0;
    while first < words.len() {
        let Some((end, places)) = gazetteer.at(text, words, first) else {
            first += 1;
            continue;
        };
        let span = words.span(first, end);
        let mut names = places.iter().map(|place| place.name);
        if names.any(|name| persons::is_person(name, text, words, (first, end))) {
            out.elsewhere.push(span);
            first = end;
            continue;
        }
        let qualifier = gazetteer.qualifier(text, words, (first, end), &places);
        let fits = |place: &&&KnownPlace| {
            qualifier.is_none_or(|qualifier| could_lie_in(place.country, qualifier.country))
        };
        let place = places.iter().find(fits);
        match place.copied().copied() {
            Some(KnownPlace { name, kind, country, within }) => {
                out.found.push(PlaceMention { name, kind, country, within, span });
            }
            None => out.elsewhere.push(span),
        }
        first = end;
        if let Some(Qualifier { state: Some((state, span)), behind, .. }) = qualifier {
            let doubles::State { name, country } = state;
            let kind = PlaceKind::Region;
            out.found.push(PlaceMention { name, kind, country, within: None, span });
            first = first.max(behind);
        }
    }
    out
}

/// What a value says of a place: the place of this name, or those that are found in it.
pub fn said(value: &str) -> Vec<KnownPlace> {
    if let Some(place) = place(value) {
        return vec![place];
    }
    let found = find_everywhere(value, &Words::new(value), None).into_iter();
    found
        .map(|PlaceMention { name, kind, country, within, .. }| KnownPlace {
            name,
            kind,
            country,
            within,
        })
        .collect()
}

/// The code of the country that a state or province lies in, by its name or code: `Florida`,
/// `US-FL`. Those are known by which doubles of places are told apart.
pub fn country_of_state(name: &str) -> Option<&'static str> {
    doubles::state(name).map(|state| state.country)
}

/// The first place with this name, in any of its spellings; or the country with this ISO 3166-1
/// alpha-2 code; or the largest place of the world that is called so. `None` when there is none.
pub fn place(name: &str) -> Option<KnownPlace> {
    let built_in = built_in(name).first().copied().or_else(|| country(name));
    built_in.or_else(|| worldwide::places(name).first().copied())
}

/// Every place with this name, in any of its spellings: those that the built-in gazetteer has, and
/// where it has none those of the world, the largest first. Empty when there is none.
pub fn places(name: &str) -> Vec<KnownPlace> {
    let built_in = built_in(name);
    if built_in.is_empty() { worldwide::places(name) } else { built_in }
}

/// The place with this name in the country with this ISO 3166-1 alpha-2 code, the largest of the world
/// where the built-in gazetteer has none there.
pub fn place_in(name: &str, country: &str) -> Option<KnownPlace> {
    let is_there = |one: &KnownPlace| one.country == country;
    let built_in = built_in(name).into_iter().find(is_there);
    built_in.or_else(|| worldwide::places(name).into_iter().find(is_there))
}

fn built_in(name: &str) -> Vec<KnownPlace> {
    let words = Words::new(name);
    let gazetteer = &*GAZETTEER;
    let whole = gazetteer.names.at(&words, 0).find(|(end, _)| *end == words.len());
    let meant = whole.map(|(_, meant)| meant.as_slice()).unwrap_or_default();
    let mut known = HashSet::new();
    let each = meant.iter().map(|meant| meant.place).filter(|place| known.insert(*place));
    each.filter_map(|place| gazetteer.places.get(place)).copied().collect()
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
        for line in lines(include_str!("../gazetteer/countries.names.txt")) {
            let Some((code, names)) = line.split_once('|') else { continue };
            if let Some(place) = gazetteer.countries.get(code).copied() {
                gazetteer.add_names(place, names);
            }
        }
        let known = gazetteer.places.iter().enumerate();
        let places = known.map(|(at, place)| ((place.name, place.country), at));
        let cities: HashMap<(&str, &str), usize> = places.collect();
        for line in lines(include_str!("../gazetteer/places.names.txt")) {
            let mut parts = line.splitn(4, '|');
            let name = parts.next().unwrap_or_default();
            let kind = match parts.next() {
                Some("region") => PlaceKind::Region,
                _ => PlaceKind::City,
            };
            let country = parts.next().unwrap_or_default();
            let place = cities.get(&(name, country)).copied().unwrap_or_else(|| {
                gazetteer.places.push(KnownPlace { name, kind, country, within: None });
                gazetteer.places.len() - 1
            });
            gazetteer.add_names(place, parts.next().unwrap_or_default());
        }
        for line in lines(include_str!("../gazetteer/exonyms.txt")) {
            let mut parts = line.splitn(3, '|');
            let key = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            let known =
                gazetteer.places.iter().position(|place| (place.name, place.country) == key);
            if let Some(place) = known {
                gazetteer.add_names(place, parts.next().unwrap_or_default());
            }
        }
        gazetteer
    }

    /// Names of other languages, each in all its cases: `ru=Москва|pl=Moskwa`.
    fn add_names(&mut self, place: usize, names: &'static str) {
        let mut known = HashSet::new();
        for part in names.split('|') {
            let Some((language, names)) = part.split_once('=') else { continue };
            let names = names.split(';').flat_map(|name| variants::of(language, name));
            for form in names.flat_map(|name| declension::forms(language, &name)) {
                if !known.insert(form.clone()) {
                    continue;
                }
                if let Some(meant) = self.names.insert(&Words::new(&form)) {
                    meant.push(Meant { place, form: Some(form.into()) });
                }
            }
        }
    }

    /// The longest name that begins at a word, by the number of the word after it, and the places
    /// that it can mean.
    fn at(&self, text: &str, words: &Words, first: usize) -> Option<(usize, Vec<&KnownPlace>)> {
        let mut longest = None;
        for (end, meant) in self.names.at(words, first) {
            let span = words.span(first, end);
            let written = text.get(span.start..span.end).unwrap_or_default();
            let mut places: Vec<usize> = Vec::new();
            for one in meant {
                let fits = one.form.as_ref().is_none_or(|form| is_written(written, form));
                if fits && !places.contains(&one.place) {
                    places.push(one.place);
                }
            }
            if !places.is_empty() {
                longest = Some((end, places));
            }
        }
        let (end, places) = longest?;
        Some((end, places.into_iter().filter_map(|place| self.places.get(place)).collect()))
    }

    /// What says of a place in which country it lies.
    fn qualifier(
        &self,
        text: &str,
        words: &Words,
        name: (usize, usize),
        places: &[&KnownPlace],
    ) -> Option<Qualifier> {
        let is_place = |place: &&KnownPlace| {
            !matches!(place.kind, PlaceKind::Country | PlaceKind::Nationality)
        };
        if !places.iter().all(is_place) {
            return None;
        }
        let own: Vec<&'static str> = places.iter().map(|place| place.country).collect();
        let country = |at| self.country_at(text, words, at);
        doubles::qualifier(text, words, name, &own, &country).or_else(|| {
            let (country, behind, how) = doubles::country_near(text, words, name.1, &country)?;
            // Without a sign between, a country may be where somebody acts.
            let is_namesake = places.iter().any(|place| {
                let others = namesakes::of(place.name, place.country);
                others.is_some_and(|others| {
                    others.are_in(country) && (how == Near::Parted || !others.is_capital)
                })
            });
            is_namesake.then_some(Qualifier { country, state: None, behind })
        })
    }

    fn country_at(&self, text: &str, words: &Words, first: usize) -> Option<(&'static str, usize)> {
        let (end, places) = self.at(text, words, first)?;
        let country = places.iter().find(|place| place.kind == PlaceKind::Country)?;
        Some((country.country, end))
    }

    fn add(&mut self, names: &'static str, place: KnownPlace) {
        let at = self.places.len();
        self.places.push(place);
        for name in names.split(';').filter(|name| !name.is_empty()) {
            // Several spellings may fold to the same words: the place is listed there once.
            let places = self.names.insert(&Words::new(name));
            if let Some(meant) = places
                && !meant.iter().any(|one| one.place == at && one.form.is_none())
            {
                meant.push(Meant { place: at, form: None });
            }
        }
    }
}

/// Whether a part of a text is a name of another language. What is folded alike may be another
/// word: short names are found only as they are written, others with their accents or without, and
/// names have capitals.
fn is_written(written: &str, form: &str) -> bool {
    let letters = form.chars().filter(|c| c.is_alphanumeric()).count();
    if letters <= MAX_SHORT {
        // In capitals what is all of ASCII may be an abbreviation.
        return written == form || !form.is_ascii() && written == form.to_uppercase();
    }
    let small = if form.is_ascii() || !form.starts_with(|c: char| u32::from(c) >= 0x370) {
        MIN_SMALL
    } else {
        MIN_SMALL_FOREIGN
    };
    let is_capital = written.chars().next().is_some_and(|c| !c.is_lowercase());
    let is_exact = letters == MAX_SHORT + 1 || ENGLISH.contains(&crate::fold::fold(form).as_str());
    (is_capital || letters >= small) && (!is_exact || is_same(written, form))
}

/// Whether two names have the same letters.
fn is_same(a: &str, b: &str) -> bool {
    let letters = |text: &str| -> String {
        text.nfc().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    letters(a) == letters(b)
}

fn lines(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

#[cfg(test)]
mod tests;
