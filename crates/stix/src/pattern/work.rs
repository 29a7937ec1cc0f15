//! What holding a pattern against observations may cost.

use std::cell::Cell;

/// Most work of one evaluation: comparisons, characters looked at, values passed. Under a second.
const MOST: u64 = 1 << 28;

/// The work of one evaluation so far. When it is spent, everything answers no at once, and the
/// evaluation ends with an error: no answer is made of a part.
#[derive(Debug, Default)]
pub(super) struct Work {
    spent: Cell<u64>,
}

impl Work {
    /// Takes so much; answers whether there was as much left.
    pub(super) fn spend(&self, amount: u64) -> bool {
        self.spent.set(self.spent.get().saturating_add(amount));
        !self.is_spent()
    }

    pub(super) fn is_spent(&self) -> bool {
        self.spent.get() > MOST
    }
}
