//! Whether an authorisation covers what an item has met.

use super::{AsGiven, Authority};
use crate::draft::Marks;
use crate::name::NodeName;
use crate::scale::Grade;
use forewarn_stix::Timestamp;
use forewarn_stix::marking::{Pap, Tlp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What of a new case decides whether an authorisation covers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Met<'a> {
    /// Whom it concerns.
    pub partner: &'a NodeName,
    /// The interests that were met, as they are now.
    pub interests: Vec<AsGiven>,
    /// Everybody who brought one of the items.
    pub sources: Vec<String>,
    /// The grades of the items: `None` for one without.
    pub grades: Vec<Option<Grade>>,
    /// The strictest markings of any of them.
    pub marking: Marks,
    /// Whether the case names every item that has met: else what is known here is not all.
    pub whole: bool,
    /// What met the interests: observables, words, names.
    pub values: Vec<String>,
}

/// Why an authorisation does not cover a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "why", rename_all = "kebab-case")]
pub enum NotCovered {
    /// It has ended, or was taken back.
    Ended {},
    /// Another interest was met too, or one that the partner has changed since.
    Interest {},
    /// Somebody else brought one of the items, or nobody knows who.
    Source {},
    /// An item is graded lower, or not at all.
    Grade {},
    /// An item is marked more strictly.
    Marking {
        /// How.
        tlp: Tlp,
    },
    /// An item lets actions be noticed less than a warning without PAP does.
    Pap {
        /// How far.
        pap: Pap,
    },
    /// More items have met than a case names.
    Items {},
    /// No observable of its kinds has met the interest.
    Nothing {},
    /// It has let out as much as it may, for now.
    Rate {},
}

impl Authority {
    /// The observables that leave by it, so far as its rate lets out one more: [`Authority::has_left`].
    ///
    /// # Errors
    /// Why a person has to look.
    pub fn covers(&self, met: &Met<'_>, at: &Timestamp) -> Result<Vec<String>, NotCovered> {
        let class = &self.class;
        if !self.is_in_force(at) {
            return Err(NotCovered::Ended {});
        }
        if *met.partner != class.partner || !all_among(&met.interests, &self.interests) {
            return Err(NotCovered::Interest {});
        }
        if !all_among(&met.sources, &class.sources) {
            return Err(NotCovered::Source {});
        }
        let good = |least: Grade| {
            met.grades.iter().all(|grade| grade.is_some_and(|grade| grade.is_at_least(least)))
        };
        if class.least.is_some_and(|least| !good(least)) {
            return Err(NotCovered::Grade {});
        }
        if let Some(tlp) = met.marking.tlp.filter(|tlp| *tlp > class.tlp) {
            return Err(NotCovered::Marking { tlp });
        }
        // A warning that leaves by it says nothing of PAP, which is CLEAR.
        if let Some(pap) = met.marking.pap.filter(|pap| *pap > Pap::Clear) {
            return Err(NotCovered::Pap { pap });
        }
        if !met.whole {
            return Err(NotCovered::Items {});
        }
        let observables = class.of_its_kinds(&met.values);
        if observables.is_empty() {
            return Err(NotCovered::Nothing {});
        }
        Ok(observables)
    }

    /// Whether its rate lets out one more; `used` counts the warnings that it has let out within the
    /// window.
    ///
    /// # Errors
    /// It does not.
    pub fn has_left(&self, used: u32) -> Result<(), NotCovered> {
        if used >= self.class.rate.most { Err(NotCovered::Rate {}) } else { Ok(()) }
    }
}

/// Whether there is something, and all of it is allowed.
fn all_among<T: PartialEq>(list: &[T], allowed: &[T]) -> bool {
    !list.is_empty() && list.iter().all(|one| allowed.contains(one))
}
