//! What one item is about, reduced once: places, names, observables, kinds of threat, and its
//! texts, each with where it stands and how much that says.
//!
//! Bytes go one way: [`reading`] finds every text and number, [`object`] says by the object's type
//! and the property what each is, [`value`] takes observables apart, [`pattern`] says what patterns
//! ask for, [`prose`] reads texts, and [`inside`] finds values that stand inside others.

mod corrected;
mod inside;
mod misp;
mod object;
mod pattern;
mod prose;
pub(crate) mod reading;
#[cfg(test)]
mod tests;
mod value;

pub use crate::interest::written::network;

use crate::interest::area::Point;
use forewarn_extract::Span;
use forewarn_extract::coordinates;
use forewarn_extract::corrected::Changes;
use forewarn_extract::words::Words;
use ipnet::IpNet;
use reading::{At, Reading};
use std::borrow::Cow;

/// Most terms kept of one item: a blocklist of ten thousand values is one indicator each.
pub const MAX_TERMS: usize = 10_000;

/// Most words of texts whose room is kept for the next object.
const MAX_SPARE: usize = 32;

/// One thing that an item is about.
#[derive(Debug, Clone, PartialEq)]
pub enum Term<'a> {
    /// ISO 3166-1 alpha-2 code.
    Country(&'static str),
    /// A country's people.
    Nationality(&'static str),
    /// A place of the gazetteer, by its usual name, and its country's code.
    Place(&'static str, &'static str),
    /// A place on the Earth, where coordinates are given.
    Point(Point),
    /// A word of `industry-sector-ov`.
    Sector(Cow<'a, str>),
    /// In lower case.
    Domain(Cow<'a, str>),
    /// A block of addresses; one address is the block of itself.
    Address(IpNet),
    /// The number of an autonomous system (RFC 6793).
    AsNumber(u32),
    /// In lower case.
    Email(Cow<'a, str>),
    /// In hexadecimal digits, lower case.
    Hash(Cow<'a, str>),
    /// In its one form.
    Url(String),
    /// The components of a CPE 2.3 name.
    Cpe(Vec<String>),
    /// In upper case.
    Cve(Cow<'a, str>),
    /// A word for a kind of threat.
    Threat(Cow<'a, str>),
    /// A STIX id, or one of ATT&CK or CAPEC.
    Id(Cow<'a, str>),
    /// What a pattern may ask for: an object path and the text there.
    Value(String, Cow<'a, str>),
    /// An observable of this type is there.
    Observable(Cow<'a, str>),
}

/// What a place in an item says of what stands there; the higher the stronger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// In a reference to somebody else's work: 20.
    Cited,
    /// In an object that describes somebody or somewhere, with no threat to it: 40.
    Described,
    /// In prose, inside another value, or under a name that the standard does not have: 60.
    Told,
    /// In a name or alias: 70.
    Named,
    /// As a value of its own property, or of a pattern: 90.
    Stated,
    /// As what a threat is aimed at, by a relationship: 100.
    Targeted,
}

impl Standing {
    /// 1 to 100.
    pub fn strength(self) -> u8 {
        match self {
            Standing::Cited => 20,
            Standing::Described => 40,
            Standing::Told => 60,
            Standing::Named => 70,
            Standing::Stated => 90,
            Standing::Targeted => 100,
        }
    }
}

/// A term, where it stands, and what that says.
#[derive(Debug)]
pub struct Found<'a> {
    /// What the item is about.
    pub term: Term<'a>,
    /// How strongly it counts there.
    pub standing: Standing,
    pub(crate) place: Place,
}

/// Where something stands: in a text at a path, all of it or a span.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    at: Option<At>,
    span: Option<Span>,
    /// Where a person has said it: by which correction.
    correction: Option<i64>,
}

/// A text in which names are looked for.
#[derive(Debug)]
pub struct Text<'a> {
    /// The text as it stands in the item.
    pub text: Cow<'a, str>,
    /// How strongly a name that is found in it counts.
    pub standing: Standing,
    at: Option<At>,
    pub(crate) words: Words,
    /// Spelt out, where that reads differently.
    pub(crate) spelt: Option<Words>,
}

/// How an object leads to another: what is said of that one holds for it too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Leads<'a> {
    /// A relationship of this type.
    Relationship { kind: Cow<'a, str>, source: Cow<'a, str>, target: Cow<'a, str> },
    /// A sighting of one by others.
    Sighting { of: Cow<'a, str>, by: Vec<Cow<'a, str>> },
    /// A report or the like about these.
    About(Vec<Cow<'a, str>>),
}

/// What one item is about.
#[derive(Debug)]
pub struct Terms<'a> {
    reading: Reading<'a>,
    whole: Option<&'a str>,
    /// The terms, in the order in which they were read.
    pub found: Vec<Found<'a>>,
    /// The texts in which the names of interests are looked for.
    pub texts: Vec<Text<'a>>,
    pub(crate) id: Cow<'a, str>,
    pub(crate) kind: Cow<'a, str>,
    pub(crate) leads: Option<Box<Leads<'a>>>,
    /// STIX `confidence`, 0 to 100.
    pub(crate) confidence: Option<u8>,
    /// Whether values are kept as patterns ask for them.
    wants_values: bool,
    /// How many terms were found inside other values.
    inside: usize,
    spare: Vec<Words>,
}

/// Room that terms were held in, for the next ones.
#[derive(Default)]
pub(crate) struct Room<'a> {
    reading: Reading<'a>,
    found: Vec<Found<'a>>,
    texts: Vec<Text<'a>>,
    words: Vec<Words>,
}

impl<'a> Terms<'a> {
    fn new(room: Room<'a>, wants_values: bool) -> Terms<'a> {
        Terms {
            reading: room.reading,
            whole: None,
            found: room.found,
            texts: room.texts,
            spare: room.words,
            id: Cow::Borrowed(""),
            kind: Cow::Borrowed(""),
            leads: None,
            confidence: None,
            inside: 0,
            wants_values,
        }
    }

    /// Gives its room back.
    pub(crate) fn into_room(mut self) -> Room<'a> {
        self.found.clear();
        let mut words = self.spare;
        words.extend(
            self.texts.drain(..).flat_map(|text| std::iter::once(text.words).chain(text.spelt)),
        );
        // A few are enough for the texts of one object.
        words.truncate(MAX_SPARE);
        Room { reading: self.reading, found: self.found, texts: self.texts, words }
    }

    /// The terms of a free text.
    pub fn of_text(text: &'a str) -> Terms<'a> {
        Terms::of_corrected(text, None, Room::default())
    }

    /// The terms of a free text of which people have said what is wrong, and what is right.
    pub(crate) fn of_corrected(
        text: &'a str,
        changes: Option<&Changes>,
        room: Room<'a>,
    ) -> Terms<'a> {
        let mut terms = Terms::new(room, false);
        terms.whole = Some(text);
        let changes = changes.filter(|changes| !changes.is_empty());
        terms.read_prose(Cow::Borrowed(text), None, (Standing::Told, changes));
        if let Some(changes) = changes {
            terms.read_corrected(changes);
        }
        terms
    }

    /// The terms of a STIX object; `wants_values` keeps what patterns of interests ask for. What is
    /// not JSON is about nothing.
    pub fn of_object(bytes: &'a [u8], wants_values: bool) -> Terms<'a> {
        Terms::of_object_in(bytes, wants_values, Room::default())
    }

    pub(crate) fn of_object_in(bytes: &'a [u8], wants_values: bool, room: Room<'a>) -> Terms<'a> {
        let mut terms = Terms::new(room, wants_values);
        let mut reading = std::mem::take(&mut terms.reading);
        if reading.fill(bytes) {
            terms.read_object(reading);
        }
        terms
    }

    /// The terms of an event in MISP's core format.
    pub fn of_misp(bytes: &'a [u8]) -> Terms<'a> {
        let mut terms = Terms::new(Room::default(), false);
        let mut reading = Reading::default();
        if reading.fill(bytes) {
            terms.read_misp(reading);
        }
        terms
    }

    /// The STIX pattern of an indicator.
    pub(crate) fn stix_pattern(&self) -> Option<&str> {
        (self.reading.text("pattern_type") == "stix").then(|| self.reading.text("pattern"))
    }

    /// The words of a term: those that stand there, or of a pattern or URL the value in it.
    pub(crate) fn shown(&self, found: &Found<'_>) -> Cow<'_, str> {
        match &found.term {
            Term::Domain(name) | Term::Email(name) | Term::Hash(name) => name.to_string().into(),
            Term::Url(url) => url.clone().into(),
            Term::Address(net) if net.prefix_len() == net.max_prefix_len() => {
                net.addr().to_string().into()
            }
            Term::Address(net) => net.to_string().into(),
            Term::AsNumber(number) => format!("AS{number}").into(),
            Term::Cpe(parts) => format!("cpe:2.3:{}", parts.join(":")).into(),
            Term::Country(code) | Term::Nationality(code) if found.place.is_corrected() => {
                Cow::Borrowed(*code)
            }
            Term::Place(name, _) if found.place.is_corrected() => Cow::Borrowed(*name),
            Term::Threat(word) if found.place.is_corrected() => word.to_string().into(),
            _ => self.words(found.place),
        }
    }

    /// The words that stand at a place.
    pub(crate) fn words(&self, place: Place) -> Cow<'_, str> {
        let text: Cow<'_, str> = match (self.whole, place.at) {
            (Some(text), _) => Cow::Borrowed(text),
            (None, Some(at)) => {
                let leaf = self.texts.iter().find(|text| text.at == Some(at));
                match leaf {
                    Some(text) => Cow::Borrowed(&*text.text),
                    None => self.reading.written(at),
                }
            }
            (None, None) => Cow::Borrowed(""),
        };
        match place.span {
            None => text,
            Some(span) => Cow::Owned(text.get(span.start..span.end).unwrap_or_default().to_owned()),
        }
    }

    /// A place as people read it: a JSON path, and the span where there is one.
    pub(crate) fn told(&self, place: Place) -> String {
        if let Some(number) = place.correction {
            return format!("correction {number}");
        }
        let path = match (self.whole, place.at) {
            (Some(_), _) => "text".to_owned(),
            (None, Some(at)) => self.reading.path(at),
            (None, None) => "$".to_owned(),
        };
        match place.span {
            Some(span) => format!("{path}, bytes {} to {}", span.start, span.end),
            None => path,
        }
    }

    fn push(&mut self, term: Term<'a>, standing: Standing, at: Option<At>) {
        self.push_at(term, standing, Place { at, span: None, correction: None });
    }

    fn push_at(&mut self, term: Term<'a>, standing: Standing, place: Place) {
        if self.found.len() < MAX_TERMS {
            self.found.push(Found { term, standing, place });
        }
    }
}

impl Term<'_> {
    /// Where it lies, for parts of the map: a place of the gazetteer at its middle, when it is a city,
    /// and where several of that country are called so at each of theirs; neither a region nor a
    /// country is a point.
    pub(crate) fn lies_at(&self) -> Vec<Point> {
        match self {
            Term::Point(point) => vec![*point],
            Term::Place(name, country) => {
                coordinates::of(name, country).filter_map(|(y, x)| Point::new(y, x)).collect()
            }
            Term::Country(_)
            | Term::Nationality(_)
            | Term::Sector(_)
            | Term::Domain(_)
            | Term::Address(_)
            | Term::AsNumber(_)
            | Term::Email(_)
            | Term::Hash(_)
            | Term::Url(_)
            | Term::Cpe(_)
            | Term::Cve(_)
            | Term::Threat(_)
            | Term::Id(_)
            | Term::Value(..)
            | Term::Observable(_) => Vec::new(),
        }
    }
}

impl Place {
    /// Whether a person has said it, wherever it stands.
    pub(crate) fn is_corrected(self) -> bool {
        self.correction.is_some()
    }
}

impl Text<'_> {
    /// What some of its words say.
    pub(crate) fn standing_of(&self, words: &Words, first: usize, behind: usize) -> Standing {
        prose::told(self, words.span(first, behind))
    }

    /// The place of some of its words.
    pub(crate) fn place(&self, words: &Words, first: usize, behind: usize) -> Place {
        Place { at: self.at, span: Some(words.span(first, behind)), correction: None }
    }
}
