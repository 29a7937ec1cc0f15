//! What a reader may see of what came in: the filter that every list and count goes through.

use forewarn_exchange::id::CollectionNumber;
use std::collections::BTreeSet;

/// Everything but what came in by some collections.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sight {
    hidden: BTreeSet<i64>,
}

impl Sight {
    /// Everything.
    pub fn all() -> Sight {
        Sight::default()
    }

    /// Everything but what came in by these.
    pub fn without(hidden: impl IntoIterator<Item = CollectionNumber>) -> Sight {
        Sight { hidden: hidden.into_iter().map(CollectionNumber::get).collect() }
    }

    /// Whether nothing is hidden.
    pub fn is_whole(&self) -> bool {
        self.hidden.is_empty()
    }

    /// The hidden collections as a JSON array, for `json_each` in a query.
    pub(crate) fn hidden(&self) -> String {
        let numbers: Vec<String> = self.hidden.iter().map(i64::to_string).collect();
        format!("[{}]", numbers.join(","))
    }

    pub(crate) fn hides(&self, collection: i64) -> bool {
        self.hidden.contains(&collection)
    }
}
