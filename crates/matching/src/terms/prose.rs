//! Texts: places, kinds of threat and observables in them, and their words for names to be found
//! in.

use super::reading::At;
use super::{Place, Standing, Term, Terms, Text};
use forewarn_extract::corrected::{Changes, Finding};
use forewarn_extract::gazetteer::{self, KnownPlace, PlaceKind, PlaceMention};
use forewarn_extract::words::{Spelling, Words};
use forewarn_extract::{Span, bounded, observable, plain_value, threat};
use std::borrow::Cow;

/// How far back from a span the words are looked for that begin a citation, in bytes.
const CITATION: usize = 300;

impl<'a> Terms<'a> {
    /// A text in which only names are looked for.
    pub(super) fn add_text(&mut self, text: Cow<'a, str>, at: Option<At>, standing: Standing) {
        if self.texts.len() < super::MAX_TERMS {
            let text = self.in_words(text, at, standing);
            self.texts.push(text);
        }
    }

    fn in_words(&mut self, text: Cow<'a, str>, at: Option<At>, standing: Standing) -> Text<'a> {
        let mut words = self.spare.pop().unwrap_or_default();
        words.fill(&text, Spelling::Written);
        let spelt = words.is_foreign().then(|| Words::read(&text, Spelling::SpeltOut));
        Text { text, standing, at, words, spelt }
    }

    /// A text that tells of a threat.
    pub(super) fn read_prose(
        &mut self,
        text: Cow<'a, str>,
        at: Option<At>,
        (standing, changes): (Standing, Option<&Changes>),
    ) {
        if self.texts.len() >= super::MAX_TERMS {
            return;
        }
        let text = self.in_words(text, at, standing);
        self.read_places(&text, changes);
        for mention in threat::find(&text.words) {
            let kind = mention.kind.name();
            if changes.is_some_and(|said| said.is_wrong(&Finding::Threat(kind.to_owned()))) {
                continue;
            }
            let place = Place { at: text.at, span: Some(mention.span), correction: None };
            let word = Cow::Borrowed(mention.kind.name());
            self.push_at(Term::Threat(word), told(&text, mention.span), place);
        }
        for seen in observable::find(bounded(&text.text)) {
            let value = || Finding::Observable(plain_value(&seen));
            if changes.is_some_and(|said| said.is_wrong(&value())) {
                continue;
            }
            self.read_observable_told(&text, &seen);
        }
        self.texts.push(text);
    }

    fn read_places(&mut self, text: &Text<'a>, changes: Option<&Changes>) {
        for mention in gazetteer::find_everywhere(&text.text, &text.words, text.spelt.as_ref()) {
            let PlaceMention { name, kind, country, within, span } = mention;
            if changes.is_some_and(|said| said.is_wrong_place(kind, name, country)) {
                continue;
            }
            let place = Place { at: text.at, span: Some(span), correction: None };
            let standing = told(text, span);
            self.push_place(KnownPlace { name, kind, country, within }, standing, place);
        }
    }

    fn read_observable_told(&mut self, text: &Text<'a>, seen: &observable::Observable) {
        let from = self.found.len();
        self.read_seen(seen, text.standing);
        let place = Place { at: text.at, span: Some(seen.span), correction: None };
        self.move_to(from, place, told(text, seen.span));
    }

    /// A place stands for its country, and a site for its city, too.
    pub(super) fn push_place(&mut self, known: KnownPlace, standing: Standing, place: Place) {
        match known.kind {
            PlaceKind::Nationality => {
                self.push_at(Term::Nationality(known.country), standing, place);
            }
            PlaceKind::Country => {}
            PlaceKind::Region | PlaceKind::City | PlaceKind::Site => {
                self.push_at(Term::Place(known.name, known.country), standing, place);
            }
        }
        if let Some(city) = known.within {
            self.push_at(Term::Place(city, known.country), standing, place);
        }
        self.push_at(Term::Country(known.country), standing, place);
    }
}

/// What a span of a text says: less where somebody's work is only cited.
pub(crate) fn told(text: &Text<'_>, span: Span) -> Standing {
    if is_cited(&text.text, span) { Standing::Cited } else { text.standing }
}

/// Whether a span stands in `(Citation: …)`, as ATT&CK writes it, or in the address of a link.
fn is_cited(text: &str, span: Span) -> bool {
    let from = text.ceil_char_boundary(span.start.saturating_sub(CITATION));
    let before = text.get(from..span.start).unwrap_or_default();
    match before.rfind('(') {
        Some(open) => {
            let (outer, inner) = before.split_at_checked(open).unwrap_or_default();
            let link = outer.ends_with(']') && !inner.contains(char::is_whitespace);
            (inner.starts_with("(Citation:") || link) && !inner.contains(')')
        }
        None => false,
    }
}
