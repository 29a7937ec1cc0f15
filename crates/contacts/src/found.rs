//! The candidates that are kept: the closest of all that files say.

use crate::Candidate;

/// Most candidates of one value.
const MAX_CANDIDATES: usize = 50;

/// The closest, in their order; a file of any length says no more than so many.
#[derive(Default)]
pub(crate) struct Found {
    closest: Vec<Candidate>,
    farther: usize,
}

impl Found {
    pub(crate) fn push(&mut self, one: Candidate) {
        let at = self
            .closest
            .partition_point(|known| (known.distance, &known.about) <= (one.distance, &one.about));
        self.closest.insert(at, one);
        if self.closest.len() > MAX_CANDIDATES {
            self.closest.pop();
            self.farther += 1;
        }
    }

    /// The closest, and what is told of the others.
    pub(crate) fn closest(self, told: &mut Vec<String>) -> Vec<Candidate> {
        if self.farther > 0 {
            told.push(format!("{} more candidates, which are farther", self.farther));
        }
        self.closest
    }
}
