//! Whether what was written has arrived. A case is not done when a warning is released but when the
//! partner holds it: until then the clock runs.

use super::Case;
use crate::scale::Clocks;
use forewarn_stix::Timestamp;

/// How what is written to a partner is followed.
#[derive(Debug, Clone, Copy)]
pub struct Delivery<'a> {
    /// How long each urgency may take.
    pub clocks: &'a Clocks,
    /// Whether anything will tell that the partner has it: a receipt, or that it was fetched.
    pub is_told: bool,
    /// Whether the partner can answer: it has a node.
    pub is_answered: bool,
}

impl Case {
    /// An entry about it was written into our log: the clock runs, or runs anew, until the partner
    /// holds it. Where nothing can tell that, it stops.
    pub(super) fn written(mut self, index: u64, at: &Timestamp, delivery: Delivery<'_>) -> Case {
        // What is written now takes account of what was to be looked at again.
        self.review = None;
        self.told_at = None;
        self.awaits = delivery.is_told.then_some(index);
        if delivery.is_told {
            self.clock = self.clock.again(delivery.clocks.due(self.urgency, at));
        }
        self.settled()
    }

    /// The partner holds all that was written to it.
    #[must_use]
    pub fn arrived(mut self) -> Case {
        self.awaits = None;
        self.settled()
    }

    /// The clock of a released or recalled warning runs while something is awaited that they were not
    /// told otherwise, or is to be decided.
    pub(super) fn settled(mut self) -> Case {
        let known = self.awaits.is_none() || self.told_at.is_some();
        if known && self.review.is_none() {
            self.clock = self.clock.stop();
        }
        self
    }
}
