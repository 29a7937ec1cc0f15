//! The bound on the work of matching a pattern.

use std::cell::Cell;

/// Most work of one evaluation, as the number of comparisons, characters and values looked at. It
/// takes less than a second.
const MOST: u64 = 1 << 28;

/// The work of one evaluation so far. When the bound is exceeded, every test fails at once and the
/// evaluation ends with an error: a part of it would not be an answer.
#[derive(Debug, Default)]
pub(super) struct Work {
    spent: Cell<u64>,
}

impl Work {
    /// Adds to the work, and returns whether the bound still holds.
    pub(super) fn spend(&self, amount: u64) -> bool {
        self.spent.set(self.spent.get().saturating_add(amount));
        !self.is_spent()
    }

    pub(super) fn is_spent(&self) -> bool {
        self.spent.get() > MOST
    }
}
