//! A standing authorisation: two persons let a class of warning leave without a person, through the
//! same gate, until a day and at most at a rate.
//!
//! What it lets out is composed like any other warning, by inclusion: the organisation's own words,
//! written when it was given, and those observables of the item that have met the partner's
//! interest. Nothing else of an item can leave by it.

mod class;
mod covered;

pub use class::{Class, OBSERVABLES, Rate};
pub use covered::{Met, NotCovered};

use crate::code::Code;
use crate::id::AuthorityNumber;
use crate::name::UserName;
use crate::refusal::{Field, Hint, Refusal};
use forewarn_stix::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Most that may be in force for one partner: each new case is held against them.
pub const MAX_IN_FORCE: usize = 50;

/// A standing authorisation, who gave it, and how it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Authority {
    /// Counted from 1.
    pub number: AuthorityNumber,
    /// What it covers, and what it says.
    pub class: Class,
    /// The interests of the class as they were then: a partner that changes one of them does not
    /// widen what leaves.
    pub interests: Vec<AsGiven>,
    /// Who asked for it: counts as who drafts.
    pub by: UserName,
    /// The second person: counts as who decides and releases.
    pub approved_by: UserName,
    /// When it was given.
    pub at: Timestamp,
    /// Whether it was taken back.
    pub standing: Standing,
}

/// An interest as it was at a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AsGiven {
    /// Its id.
    pub id: String,
    /// The change that made it so, counted over all interests.
    pub change: i64,
}

/// Whether an authorisation was taken back. That it has ended by its day is seen from the class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "standing", rename_all = "kebab-case")]
pub enum Standing {
    /// It was not.
    Given {},
    /// It lets nothing out any more.
    Revoked {
        /// Who said so.
        by: UserName,
        /// When.
        at: Timestamp,
        /// Why.
        reason: String,
    },
}

impl Authority {
    /// Two persons give it.
    ///
    /// # Errors
    /// The class is not whole, or its end is past.
    pub fn give(
        number: AuthorityNumber,
        (class, interests): (Class, Vec<AsGiven>),
        (by, approved_by): (&UserName, &UserName),
        at: &Timestamp,
    ) -> Result<Authority, Refusal> {
        class.check(at)?;
        let (by, approved_by) = (by.clone(), approved_by.clone());
        let standing = Standing::Given {};
        Ok(Authority { number, class, interests, by, approved_by, at: at.clone(), standing })
    }

    /// It lets nothing out any more.
    ///
    /// # Errors
    /// There is no reason, or it was taken back before.
    pub fn revoke(self, by: &UserName, reason: &str, at: &Timestamp) -> Result<Authority, Refusal> {
        if let Standing::Revoked { by, .. } = &self.standing {
            let message = format!("authorisation {} was taken back by `{by}` already", self.number);
            return Err(Refusal::new(Code::Stage, message));
        }
        if reason.trim().is_empty() {
            return Err(Refusal::new(Code::Reason, "say why it is taken back")
                .hint(Hint::Give { field: Field::Reason }));
        }
        let (by, at, reason) = (by.clone(), at.clone(), reason.to_owned());
        Ok(Authority { standing: Standing::Revoked { by, at, reason }, ..self })
    }

    /// Whether it lets anything out at this time.
    pub fn is_in_force(&self, at: &Timestamp) -> bool {
        self.standing == Standing::Given {} && *at < self.class.until
    }
}

#[cfg(test)]
mod tests;
