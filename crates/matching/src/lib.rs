//! Which interests an item meets, and why. The cost depends on what the item holds, not on how many
//! interests there are.
//!
//! Items go one way: [`window`] reads the items that came together and lets each have what its
//! relationships lead to; [`index`] says which clauses each meets; [`rule`] joins clauses as the
//! interest does; [`explain`] says why, and what was lacking. [`naive`] is the definition of all
//! this, told plainly and slowly: tests hold the index against it.

#![warn(missing_docs)]

mod asking;
mod concern;
mod constants;
mod ended;
mod explain;
mod few;
mod hit;
mod index;
pub mod interest;
mod judged;
mod key;
mod lend;
pub mod naive;
mod normal;
mod patterns;
mod rule;
pub mod scale;
pub mod terms;
#[cfg(test)]
mod tests;
mod window;

pub use asking::Asking;
pub use ended::Ended;
pub use explain::Near;
pub use index::Index;
pub use judged::Judged;
pub use window::{Format, Item, Window};

use crate::scale::Urgency;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An item meets an interest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Match {
    /// The name of the partner that has registered the interest.
    pub partner: String,
    /// The interest's global id.
    pub interest: String,
    /// What the partner calls the interest.
    pub label: String,
    /// How urgent a case about it is, as the interest asks.
    pub urgency: Urgency,
    /// 1 to 100.
    #[serde(default)]
    pub strength: u8,
    /// Why it is met: the clauses that were met and the places that met them.
    pub why: Vec<Reason>,
}

/// Which words of the item met which clause; without a place, what else was decided by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reason {
    /// The clause, in the words of [`interest::Clause`]'s `Display`.
    pub clause: String,
    /// The words or the value that met it, cut to a line that can be shown.
    pub words: String,
    /// Where they stand: a JSON path or a span; in another object, its id before.
    pub at: String,
    /// How much that says, 1 to 100: see [`crate::terms::Standing`].
    #[serde(default)]
    pub strength: u8,
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.at.is_empty() {
            return write!(f, "{}: {}", self.clause, self.words);
        }
        write!(f, "“{}” ({}) meets {}", self.words, self.at, self.clause)
    }
}
