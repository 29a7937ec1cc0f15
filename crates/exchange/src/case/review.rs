//! What was decided or released is looked at again: an original of a released warning was revoked, a
//! new fact joins a threat that was waived, or the time for it has come. Somebody decides, by a
//! clock, whether it stands.

use super::decision::check_later;
use super::{Acting, Assessment, Case, Decision, Outward, out_of_turn};
use crate::clocks::{Clocks, Purpose};
use crate::code::Code;
use crate::id::Subject;
use crate::refusal::{Refusal, give_reason};
use crate::scale::Urgency;
use forewarn_stix::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Most new facts that a review names; further ones are among the items of the case.
const MAX_JOINED: usize = 100;

/// Why what was decided or released is to be looked at again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Review {
    /// Since when.
    pub since: Timestamp,
    /// Ids of the items that were revoked since.
    pub revoked: Vec<String>,
    /// Ids of the items that joined a case that was waived.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub joined: Vec<String>,
}

impl Review {
    fn since(at: &Timestamp) -> Review {
        Review { since: at.clone(), revoked: Vec::new(), joined: Vec::new() }
    }
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
        let review = self.review.get_or_insert_with(|| Review::since(at));
        if !review.revoked.iter().any(|known| known == item) {
            review.revoked.push(item.to_owned());
        }
        self
    }

    /// Whether it was waived, and stands so.
    pub fn is_waived(&self) -> bool {
        match &self.assessment {
            Assessment::Decided { decision, .. } => match decision.decision {
                Decision::Waive { .. } => true,
                Decision::Warn { .. } | Decision::Refer { .. } | Decision::NotMet { .. } => false,
            },
            Assessment::Open {} | Assessment::Found { .. } | Assessment::Merged { .. } => false,
        }
    }

    /// A new fact joins a threat that was waived: it is looked at again at once, as urgently as the
    /// more urgent of both.
    #[must_use]
    pub fn new_fact(
        mut self,
        item: &str,
        urgency: Urgency,
        at: &Timestamp,
        clocks: &Clocks,
    ) -> Case {
        if !self.is_waived() {
            return self;
        }
        self.urgency = self.urgency.max(urgency);
        let review = self.review.get_or_insert_with(|| Review::since(at));
        let is_known = review.joined.iter().any(|known| known == item);
        if !is_known && review.joined.len() < MAX_JOINED {
            review.joined.push(item.to_owned());
        }
        let due = clocks.due(self.urgency, at);
        self.clock = if self.clock.runs() {
            self.clock.no_later(due)
        } else {
            // Waived by a program that set no time for it to be looked at again.
            self.clock.next_for(Purpose::Review, due)
        };
        self
    }

    /// What was decided or released stands: a warning although an original was revoked; a waiver,
    /// until the next time; what was referred, with what the other has answered.
    ///
    /// # Errors
    /// There is nothing to look at again, or nobody says why it stands.
    pub fn keep(
        mut self,
        (reason, review_at): (&str, Option<&Timestamp>),
        clocks: &Clocks,
        acting: &Acting,
    ) -> Result<Case, Refusal> {
        let waits = self.review.is_some() || self.is_waived() || self.is_referred();
        if !waits {
            let why = "no original was revoked since the release";
            return Err(out_of_turn(self.number, self.stage(), why));
        }
        let recalled = |id: &&String| matches!(id.parse(), Ok(Subject::Warning(_)));
        if let Some(id) = self.review.iter().flat_map(|one| &one.revoked).find(recalled) {
            let message =
                format!("its sender has taken {id} back: what was passed on does not stand");
            return Err(Refusal::new(Code::Permission, message)
                .advice("recall it, so that everybody has it who was told"));
        }
        give_reason(reason, &format!("`{}` says why it stands", acting.by))?;
        if self.is_waived() {
            let next = review_at.cloned().unwrap_or_else(|| clocks.review_due(acting.at));
            check_later(&next, acting.at)?;
            self.look_again(Purpose::Review, next);
        } else if review_at.is_some() {
            let why = "only a waiver is looked at again at a time";
            return Err(out_of_turn(self.number, self.stage(), why));
        } else if self.is_referred() {
            self.clock = self.clock.stop();
        }
        self.review = None;
        Ok(if self.is_waived() { self } else { self.settled() })
    }

    /// Whether it was referred, and the answer is awaited.
    pub fn is_referred(&self) -> bool {
        let is_referral = self
            .assessment
            .decision()
            .is_some_and(|decided| matches!(decided.decision, Decision::Refer { .. }));
        is_referral && self.clock.runs()
    }
}
