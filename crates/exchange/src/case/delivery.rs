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
}

impl Case {
    /// An entry about it was written into our log: the clock runs, or runs anew, until the partner
    /// holds it. Where nothing can tell that, it stops.
    pub(super) fn written(mut self, index: u64, at: &Timestamp, delivery: Delivery<'_>) -> Case {
        if delivery.is_told {
            self.clock = self.clock.again(delivery.clocks.due(self.urgency, at));
            self.awaits = Some(index);
        } else {
            self.clock = self.clock.stop();
            self.awaits = None;
        }
        self
    }

    /// The partner holds all that was written to it: the clock stops.
    #[must_use]
    pub fn arrived(mut self) -> Case {
        self.clock = self.clock.stop();
        self.awaits = None;
        self
    }
}
