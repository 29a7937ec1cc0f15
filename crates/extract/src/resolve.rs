//! Which of the places that share a name is meant: the one in the country that is named beside it, else in the
//! one that the rest of the report speaks of, else the largest.

use crate::gazetteer::PlaceKind;
use crate::named::{Named, Possible};
use crate::words::Words;
use crate::world::{Meaning, WorldKind};
use std::collections::{HashMap, HashSet};

/// How much a country counts that is named.
const COUNTRY: f32 = 2.0;
/// How much one counts of whose people something is named.
const PEOPLE: f32 = 1.0;
/// How much one counts of which only an institution or a telephone number tells.
const HINT: f32 = 0.5;
/// How much one counts of which a region or a city is named that shares its name with none.
const SURE: f32 = 1.5;
/// How much all countries together count that could be meant by a name.
const SHARED: f32 = 0.7;
/// How much more a country counts than the size of its place, and the most that counts.
const SUPPORT: f32 = 3.0;
const MOST: f32 = 3.0;
/// How much the size of a place counts, by powers of two.
const SIZE: f32 = 0.8;
/// How much smaller a place is than its largest namesake that must have its country named, by powers of two.
const SMALLER: u8 = 4;
/// The same for one that must have it named beside.
const MUCH_SMALLER: u8 = 7;
/// How much it counts that the country is named beside, and how far that is, in words.
const BESIDE: f32 = 6.0;
const NEAR: usize = 3;
/// How much it counts that a place has the name itself, and not as one more.
const OWN_NAME: f32 = 3.0;
/// As a power of two, the people of a place that needs no country beside it.
const LARGE: u8 = 17;
/// Words between a place and the country in which it lies.
const IN: &[&str] = &["in", "en", "au", "em", "nel", "na", "no", "im", "w", "v", "в", "у"];
/// What ends a sentence.
const ENDS: [char; 5] = ['.', ';', '!', '?', '\n'];

/// How much of a report speaks of each country.
type Support = HashMap<&'static str, f32>;

/// Adds what each name means.
pub(crate) fn resolve(text: &str, words: &Words, possible: &[Possible], out: &mut Vec<Named>) {
    let support = support(possible, out);
    let countries = possible.iter().filter_map(|one| match one.meanings.as_slice() {
        [meaning] if meaning.kind == WorldKind::Country => Some(one.as_named(*meaning)),
        _ => None,
    });
    let sure: Vec<Named> = out.iter().cloned().chain(countries).collect();
    let is_country = |one: &&Named| matches!(one.kind, PlaceKind::Country | PlaceKind::Nationality);
    let said: HashSet<&str> = sure.iter().filter(is_country).map(|one| one.country).collect();
    let is_named = |country: &str| said.contains(country);
    // What is chosen first speaks for the others.
    let choose = |one: &Possible, support: &Support| {
        let name = words.part(one.first, one.end);
        let is_beside = |country: &str| beside(text, one, &sure, country);
        best(one, &name, support, Said { beside: &is_beside, is_named: &is_named })
    };
    let first: Vec<Option<Meaning>> = possible.iter().map(|one| choose(one, &support)).collect();
    let mut chosen = support.clone();
    let mut counted = HashSet::new();
    for (one, meaning) in possible.iter().zip(&first) {
        if let Some(meaning) = meaning.filter(|_| !one.is_sure())
            && counted.insert((meaning.name, meaning.country))
        {
            *chosen.entry(meaning.country).or_default() += SHARED / 2.0;
        }
    }
    let each = possible.iter().filter_map(|one| {
        let found = longer(words, (one.first, one.end), possible, &first)
            .or_else(|| choose(one, &chosen))?;
        let mut named = one.as_named(found);
        // A place of another country than the one that is named with it is one that nobody knows.
        if let Some(country) = within(text, words, one, &sure)
            && (found.people < LARGE || !is_called(&found, &words.part(one.first, one.end)))
        {
            named.country = country;
        }
        Some(named)
    });
    let named: Vec<Named> = each.collect();
    for one in out.iter_mut().filter(|one| one.kind == PlaceKind::City) {
        let longer = longer(words, (one.first, one.end), possible, &first);
        if let Some(meaning) = longer.filter(|meaning| meaning.country != one.country) {
            (one.country, one.name, one.people) = (meaning.country, meaning.name, meaning.people);
        }
    }
    out.extend(named);
}

impl Possible {
    /// The likeliest place of each country: a city and the region around it may share a name.
    fn firsts(&self) -> impl Iterator<Item = &Meaning> {
        let is_first = |at: usize, one: &Meaning| {
            let before = self.meanings.get(..at).unwrap_or_default();
            before.iter().all(|other| other.country != one.country)
        };
        let each = self.meanings.iter().enumerate();
        each.filter(move |(at, one)| is_first(*at, one)).map(|(_, one)| one)
    }

    /// Those of its places that lie in one country.
    fn of<'a>(&'a self, country: &'a str) -> impl Iterator<Item = &'a Meaning> {
        self.meanings.iter().filter(move |one| one.country == country)
    }

    /// Whether all that it can mean lies in one country.
    fn is_sure(&self) -> bool {
        self.firsts().nth(1).is_none()
    }

    fn as_named(&self, meaning: Meaning) -> Named {
        Named {
            first: self.first,
            end: self.end,
            span: self.span,
            country: meaning.country,
            kind: match meaning.kind {
                WorldKind::Country => PlaceKind::Country,
                WorldKind::Region => PlaceKind::Region,
                WorldKind::City => PlaceKind::City,
            },
            name: meaning.name,
            within: None,
            people: meaning.people,
            is_sure: self.is_sure(),
            is_hint: false,
        }
    }
}

fn support(possible: &[Possible], out: &[Named]) -> Support {
    let mut support = Support::new();
    for one in out {
        let weight = match one.kind {
            _ if one.is_hint => HINT,
            PlaceKind::Nationality => PEOPLE,
            _ => COUNTRY,
        };
        *support.entry(one.country).or_default() += weight;
    }
    let mut counted = HashSet::new();
    for one in possible {
        for meaning in one.firsts() {
            if counted.insert((meaning.name, meaning.country)) {
                *support.entry(meaning.country).or_default() += speaks(one, meaning);
            }
        }
    }
    support
}

/// How much a name speaks for the country of one of its meanings.
fn speaks(one: &Possible, meaning: &Meaning) -> f32 {
    match (one.firsts().count(), meaning.kind) {
        (1, WorldKind::Country) => COUNTRY,
        (1, _) => SURE,
        (count, _) => SHARED / f32::from(u8::try_from(count).unwrap_or(u8::MAX)),
    }
}

/// What a report says of countries where a name could be a place of each.
#[derive(Clone, Copy)]
struct Said<'a> {
    /// How much it counts that the country is named beside.
    beside: &'a dyn Fn(&str) -> f32,
    /// Whether the country or its people is named anywhere.
    is_named: &'a dyn Fn(&str) -> bool,
}

fn best(
    one: &Possible,
    name: &str,
    support: &Support,
    Said { beside, is_named }: Said<'_>,
) -> Option<Meaning> {
    let of = |meaning: &Meaning| {
        let own = speaks(one, meaning);
        let support = support.get(meaning.country).copied().unwrap_or_default() - own;
        let people = one.of(meaning.country).map(|one| one.people).max().unwrap_or_default();
        let is_own = one.of(meaning.country).any(|one| is_called(one, name));
        SUPPORT * support.clamp(0.0, MOST)
            + f32::from(people) * SIZE
            + beside(meaning.country)
            + if is_own { OWN_NAME } else { 0.0 }
    };
    if one.is_sure() {
        return one.meanings.first().copied();
    }
    // A place that is smaller than its largest namesake counts only where its country is named, much smaller only where
    // that is done beside it.
    let own = one.meanings.iter().filter(|one| is_called(one, name)).map(|one| one.people).max();
    let most = own.or_else(|| one.meanings.iter().map(|one| one.people).max()).unwrap_or_default();
    let is_possible = |meaning: &&Meaning| {
        let people = one.of(meaning.country).map(|one| one.people).max().unwrap_or_default();
        people + SMALLER > most
            || is_named(meaning.country) && people + MUCH_SMALLER > most
            || beside(meaning.country) > 0.0
    };
    let best = one.firsts().filter(is_possible).map(|meaning| (of(meaning), meaning));
    // Of equals the first, which the file has for the likeliest.
    let first = best.reduce(|best, next| if next.0 > best.0 { next } else { best });
    first.map(|(_, meaning)| *meaning)
}

/// Whether a name is the usual one of a place: Portland was Falmouth once.
fn is_called(meaning: &Meaning, name: &str) -> bool {
    let usual = meaning.name;
    // Most are told apart by their first letters, without folding them.
    let (first, other) = (usual.bytes().next(), name.bytes().next());
    let is_other = first.zip(other).is_some_and(|(first, other)| {
        first.is_ascii() && other.is_ascii() && !first.eq_ignore_ascii_case(&other)
    });
    !is_other && usual.len() < 64 && Words::new(usual).folded() == name
}

/// How much it counts that a country is named right beside a name: `Victoria in the Seychelles`.
fn beside(text: &str, one: &Possible, out: &[Named], country: &str) -> f32 {
    let is_near = |other: &&Named| {
        let (from, to, gap) = if other.first >= one.end {
            (one.span.end, other.span.start, other.first - one.end)
        } else if other.end <= one.first {
            (other.span.end, one.span.start, one.first - other.end)
        } else {
            return false;
        };
        gap <= NEAR && text.get(from..to).is_some_and(|gap| !gap.contains(ENDS))
    };
    let mut mine = out.iter().filter(|other| other.country == country && !other.is_hint);
    if mine.any(|other| is_near(&other)) { BESIDE } else { 0.0 }
}

/// The country in which a place is said to lie: `El Alto in Bolivia`.
fn within(text: &str, words: &Words, one: &Possible, out: &[Named]) -> Option<&'static str> {
    let is_in = |other: &&Named| {
        let gap = text.get(one.span.end..other.span.start);
        let is_after = other.first == one.end || other.first == one.end + 1;
        is_after
            && matches!(other.kind, PlaceKind::Country)
            && !other.is_hint
            && (gap == Some(", ") || gap == Some(" (") || IN.contains(&words.word(one.end)))
            && gap.is_some_and(|gap| !gap.contains(ENDS))
    };
    out.iter().find(is_in).map(|other| other.country)
}

/// The meaning of a longer name that begins in the same way: `San José` is San José de Mayo where that is named.
fn longer(
    words: &Words,
    (begin, end): (usize, usize),
    possible: &[Possible],
    first: &[Option<Meaning>],
) -> Option<Meaning> {
    let name = words.part(begin, end);
    let count = end - begin;
    let mut both = possible.iter().zip(first);
    let longer = both.find(|(other, _)| {
        other.end - other.first > count + 1 && words.part(other.first, other.first + count) == name
    });
    longer.and_then(|(_, meaning)| *meaning)
}

#[cfg(test)]
mod tests {
    use crate::reading::Reading;

    fn countries(text: &str) -> Vec<&'static str> {
        Reading::new(text).countries()
    }

    #[test]
    fn the_country_beside_a_name_says_where_it_lies() {
        assert_eq!(countries("A bomb was found at El Alto in Bolivia on Monday."), ["BO"]);
        assert_eq!(countries("The port of Victoria, Seychelles, was closed."), ["SC"]);
    }

    #[test]
    fn a_short_name_is_that_of_the_longer_one() {
        let text =
            "They spoke of San José. The school of San José de Mayo near Montevideo was closed.";
        assert_eq!(countries(text), ["UY"]);
    }

    #[test]
    fn the_usual_name_of_a_place_comes_before_one_that_another_had() {
        assert_eq!(countries("Clinics in Falmouth and in Trelawny were hit."), ["JM"]);
    }

    #[test]
    fn a_much_smaller_namesake_counts_only_where_its_country_stands_beside() {
        let found = countries("A parcel was found in Cairo; American tourists were led away.");
        assert!(found.contains(&"EG"), "{found:?}");
        assert_eq!(countries("A market at Kronstadt was closed; Russian police came."), ["RU"]);
    }
}
