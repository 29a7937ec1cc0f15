//! A STIX pattern and observables, compared as they are written and with their addresses in one form.

use crate::normal;
use forewarn_stix::pattern::{self, Match, NotAPattern, Pattern, TooHard};
use serde_json::Value;

/// A pattern, as it is written and with its addresses in their one form.
#[derive(Debug)]
pub struct Asking {
    plain: Pattern,
    /// `None` where it is the same.
    normal: Option<Pattern>,
}

impl Asking {
    /// Parses and compiles a pattern; errs as [`Pattern::compile`] does.
    pub fn compile(text: &str) -> Result<Asking, NotAPattern> {
        let mut parsed = pattern::parse(text)?;
        let plain = Pattern::of(&parsed)?;
        let normal = normal::constants(&mut parsed).then(|| Pattern::of(&parsed)).transpose()?;
        Ok(Asking { plain, normal })
    }

    /// Matches the pattern as it is written; where it is not met, with the addresses of both sides
    /// in their one form: without defanging, in either alphabet and case. Errs as
    /// [`Pattern::find`] does.
    pub fn find(&self, objects: &mut [Value]) -> Result<Option<Match>, TooHard> {
        let found = self.plain.find(&pattern::observations(objects))?;
        let is_other = found.is_none() && (normal::objects(objects) || self.normal.is_some());
        if !is_other {
            return Ok(found);
        }
        self.normal.as_ref().unwrap_or(&self.plain).find(&pattern::observations(objects))
    }

    /// Whether observables meet it; where `own` is given, that one among them. A search that is
    /// given up is not a match: the pattern is bounded, so the item is hostile.
    pub(crate) fn is_met(&self, seen: &Observables, own: Option<&str>) -> bool {
        let meets = |pattern: &Pattern, objects: &[Value]| {
            let found = pattern.find(&pattern::observations(objects));
            found
                .ok()
                .flatten()
                .is_some_and(|met| own.is_none_or(|own| met.ids.iter().any(|id| id == own)))
        };
        if meets(&self.plain, &seen.plain) {
            return true;
        }
        let is_other = self.normal.is_some() || seen.normal.is_some();
        let objects = seen.normal.as_ref().unwrap_or(&seen.plain);
        is_other && meets(self.normal.as_ref().unwrap_or(&self.plain), objects)
    }
}

/// Observables, as they are written and with their addresses in their one form.
#[derive(Debug, Default)]
pub(crate) struct Observables {
    plain: Vec<Value>,
    /// `None` where they are the same.
    normal: Option<Vec<Value>>,
}

impl Observables {
    pub(crate) fn of(plain: Vec<Value>) -> Observables {
        let normal = normal::has_other(&plain).then(|| {
            let mut other = plain.clone();
            normal::objects(&mut other);
            other
        });
        Observables { plain, normal }
    }
}
