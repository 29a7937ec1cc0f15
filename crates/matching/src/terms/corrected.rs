//! What people have said is right of a free text: as strong as a value in its own property.

use super::{Place, Standing, Term, Terms};
use forewarn_extract::corrected::{Changes, Finding, known_place};
use forewarn_extract::{gazetteer, observable, threat::Threat};
use std::borrow::Cow;

/// A person has said it.
const SAID: Standing = Standing::Stated;

impl Terms<'_> {
    /// The findings that were added.
    pub(super) fn read_corrected(&mut self, changes: &Changes) {
        for (finding, number) in changes.added() {
            let place = Place { at: None, span: None, correction: Some(number) };
            match finding {
                Finding::Country(code) => {
                    if let Some(known) = gazetteer::country(code) {
                        self.push_at(Term::Country(known.country), SAID, place);
                    }
                }
                Finding::Nationality(code) => {
                    if let Some(known) = gazetteer::country(code) {
                        self.push_at(Term::Nationality(known.country), SAID, place);
                        self.push_at(Term::Country(known.country), SAID, place);
                    }
                }
                // A threatened place that the gazetteer lacks is in its country all the same.
                Finding::Place(name, code) | Finding::Target(name, code) => {
                    if let Some(known) = known_place(name, code) {
                        self.push_place(known, SAID, place);
                    } else if let Some(known) = gazetteer::country(code) {
                        self.push_at(Term::Country(known.country), SAID, place);
                    }
                }
                Finding::Threat(word) => {
                    if let Some(kind) = Threat::named(word) {
                        self.push_at(Term::Threat(Cow::Borrowed(kind.name())), SAID, place);
                    }
                }
                // Interests ask for no stage.
                Finding::Stage(_) => {}
                Finding::Observable(value) => {
                    for seen in observable::find(value) {
                        let from = self.found.len();
                        self.read_seen(&seen, SAID);
                        self.move_to(from, place, SAID);
                    }
                }
            }
        }
    }
}
