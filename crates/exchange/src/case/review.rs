//! An original was revoked after a warning had been made from it: somebody decides, by a clock,
//! whether the warning is recalled, written anew or kept.

use super::{Acting, Case, Outward, out_of_turn};
use crate::code::Code;
use crate::refusal::{Field, Hint, Refusal};
use crate::scale::Clocks;
use forewarn_stix::Timestamp;
use serde::{Deserialize, Serialize};

/// Why a released warning is to be looked at again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Since when.
    pub since: Timestamp,
    /// Ids of the items that were revoked since.
    pub revoked: Vec<String>,
}

impl Case {
    /// An item that it names was revoked. A released warning is to be looked at again; before that,
    /// the clock runs anyway, and whoever decides sees it.
    #[must_use]
    pub fn original_revoked(mut self, item: &str, at: &Timestamp, clocks: &Clocks) -> Case {
        if self.outward != Outward::Released || self.expired.is_some() {
            return self;
        }
        self.clock = self.clock.again(clocks.due(self.urgency, at));
        let review =
            self.review.get_or_insert_with(|| Review { since: at.clone(), revoked: Vec::new() });
        if !review.revoked.iter().any(|known| known == item) {
            review.revoked.push(item.to_owned());
        }
        self
    }

    /// The warning stands, although an original was revoked.
    ///
    /// # Errors
    /// There is nothing to look at again, or nobody says why it stands.
    pub fn keep(mut self, reason: &str, acting: &Acting) -> Result<Case, Refusal> {
        if self.review.is_none() {
            let why = "no original was revoked since the release";
            return Err(out_of_turn(self.number, self.stage(), why));
        }
        if reason.trim().is_empty() {
            return Err(Refusal::new(Code::Reason, format!("`{}` says why it stands", acting.by))
                .hint(Hint::Give { field: Field::Reason }));
        }
        self.review = None;
        Ok(self.settled())
    }
}
