//! A clause that is met, and where.

use crate::terms::{Standing, Terms};
use std::borrow::Cow;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hit {
    /// The number of the clause.
    pub(crate) atom: u32,
    pub(crate) standing: Standing,
    /// The item of the window in which it stands.
    pub(crate) item: u32,
    pub(crate) seen: Seen,
}

/// What was seen of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Seen {
    /// The term of this number.
    Term(u32),
    /// Words of the text of this number.
    Words { text: u32, spelt: bool, first: u32, behind: u32 },
    /// A pattern is met by the observables.
    Pattern,
    /// A pattern that has still to be held against the observables.
    Possible,
}

impl Hit {
    pub(crate) fn new(atom: u32, standing: Standing, seen: Seen) -> Hit {
        Hit { atom, standing, item: 0, seen }
    }

    /// The words that meet it, and where they stand in their item.
    pub(crate) fn told<'t>(&self, terms: &'t Terms<'_>) -> (Cow<'t, str>, String) {
        let none = || (Cow::Borrowed("its observables"), "$".to_owned());
        let place = match self.seen {
            Seen::Term(at) => {
                let Some(found) = terms.found.get(at as usize) else { return none() };
                return (terms.shown(found), terms.told(found.place));
            }
            Seen::Words { text, spelt, first, behind } => {
                terms.texts.get(text as usize).map(|text| {
                    let other = text.spelt.as_ref().filter(|_| spelt);
                    text.place(other.unwrap_or(&text.words), first as usize, behind as usize)
                })
            }
            Seen::Pattern | Seen::Possible => None,
        };
        match place {
            Some(place) => (terms.words(place), terms.told(place)),
            None => none(),
        }
    }
}
