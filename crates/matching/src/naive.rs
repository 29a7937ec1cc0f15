//! The definition of matching, told plainly: each interest is held against each item, clause by
//! clause, as it is written. Slow; the index is held against it.

use crate::asking::Asking;
use crate::interest::{Clause, Expression, Interest};
use crate::patterns::observables;
use crate::scale::Grade;
use crate::terms::{Found, Room, Term, Terms, Text};
use crate::window::{Format, Item, read_with};
use forewarn_extract::whom::{Whom, whom};

/// How strongly one item by itself meets an interest; `None` when it does not. What relationships
/// with other items say is left to [`super::Window`].
pub fn strength(interest: &Interest, item: &Item<'_>) -> Option<u8> {
    let terms = read_with(true, item, Room::default());
    let concern = (interest.concern > 0 && item.format == Format::Text)
        .then(|| whom(std::str::from_utf8(item.bytes).unwrap_or_default(), item.corrected));
    let concern = concern.map(|all| (all, f64::from(interest.concern) / 100.0));
    let met = Asked { terms: &terms, item, threshold: interest.threshold, concern };
    let strength = met.expression(&interest.expression())?;
    let from = interest.valid_from.as_ref().is_none_or(|from| item.added >= from.micros());
    let until = interest.valid_until.as_ref().is_none_or(|until| item.added < until.micros());
    let credible = interest.credibility.is_none_or(|least| {
        let own = terms.confidence.map(Grade::of_confidence);
        match item.grade {
            Some(grade) => grade.is_at_least(least),
            None => own.is_some_and(|own| own.is_as_credible_as(least)),
        }
    });
    (from && until && credible).then_some(strength)
}

struct Asked<'t> {
    terms: &'t Terms<'t>,
    item: &'t Item<'t>,
    threshold: u8,
    /// How likely each country of a text is concerned, and how likely it must be.
    concern: Option<(Vec<Whom>, f64)>,
}

impl Asked<'_> {
    fn expression(&self, expression: &Expression) -> Option<u8> {
        let each = |list: &[Expression]| -> Vec<Option<u8>> {
            list.iter().map(|inner| self.expression(inner)).collect()
        };
        match expression {
            Expression::Clause(clause) => self.clause(clause).filter(|s| *s >= self.threshold),
            Expression::Any(list) => each(list).into_iter().flatten().max(),
            Expression::All(list) => {
                let all: Option<Vec<u8>> = each(list).into_iter().collect();
                all?.into_iter().min()
            }
            Expression::Not(inner) => match self.expression(inner) {
                Some(_) => None,
                None => Some(100),
            },
            Expression::AtLeast(count, list) => {
                let mut met: Vec<u8> = each(list).into_iter().flatten().collect();
                met.sort_unstable();
                met.into_iter().rev().nth(count - 1)
            }
        }
    }

    /// Whether what stands for a country counts: from how likely it is concerned, unless a person said it.
    fn counts(&self, found: &Found<'_>) -> bool {
        let (
            Some((all, least)),
            Term::Country(code) | Term::Nationality(code) | Term::Place(_, code),
        ) = (&self.concern, &found.term)
        else {
            return true;
        };
        found.place.is_corrected()
            || all.iter().any(|one| one.country == *code && one.likely >= *least)
    }

    fn clause(&self, clause: &Clause) -> Option<u8> {
        if let Clause::Pattern(text) = clause {
            let seen = observables(Some(self.terms), &self.terms.kind, self.item);
            return Asking::compile(text).ok()?.is_met(&seen, None).then_some(90);
        }
        let by_term = self.terms.found.iter().filter(|found| clause.meets(&found.term));
        let by_term = by_term.filter(|found| self.counts(found));
        let by_term = by_term.map(|found| found.standing.strength()).max();
        let phrases = clause.phrases();
        let by_name = self
            .terms
            .texts
            .iter()
            .flat_map(|text| phrases.iter().filter_map(move |phrase| in_text(text, phrase)));
        by_term.max(by_name.max())
    }
}

/// How much the strongest place of a phrase in a text says.
fn in_text(text: &Text<'_>, phrase: &str) -> Option<u8> {
    let wanted: Vec<&str> = phrase.split(' ').collect();
    let spellings = std::iter::once(&text.words).chain(&text.spelt);
    let places = spellings.flat_map(|words| {
        let folded = words.folded();
        let all: Vec<&str> = folded.split(' ').collect();
        let found: Vec<usize> = all
            .windows(wanted.len())
            .enumerate()
            .filter(|(_, part)| *part == wanted)
            .map(|(at, _)| at)
            .collect();
        found.into_iter().map(|at| text.standing_of(words, at, at + wanted.len()).strength())
    });
    places.max()
}
