//! One threat for several partners, and one partner's cases that turn out to be one.
//!
//! Cases of one threat name it by the number of the first of them. They are found, decided and
//! drafted together where wished; but each has its own objects, ids, gate and receipts, and nothing
//! that leaves by one names another.

use super::assessment::merged;
use super::{Acting, Assessment, Case, MAX_ITEMS, Stage, out_of_turn};
use crate::clocks::Clocks;
use crate::code::Code;
use crate::id::CaseNumber;
use crate::refusal::{Refusal, give_reason};

/// Most cases that are of one threat, or are decided at once.
pub const MAX_LINKED: usize = 100;

/// How the partner of a linked case is treated, in comparison with the partner of this one: whoever
/// faces the same threat is warned, or there is a reason why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Treated {
    /// A warning was released.
    Warned,
    /// It was decided to warn.
    ToBeWarned,
    /// It was decided not to: the decision says why.
    WithReason,
    /// Nobody has decided.
    Undecided,
}

impl Case {
    /// The threat that it is of: the first of the linked cases, or itself.
    pub fn threat(&self) -> CaseNumber {
        self.threat.unwrap_or(self.number)
    }

    /// It is of this threat.
    #[must_use]
    pub fn of_threat(mut self, threat: CaseNumber) -> Case {
        self.threat = Some(threat);
        self
    }

    /// How its partner is treated.
    pub fn treated(&self) -> Treated {
        match self.stage() {
            Stage::Open | Stage::Found => Treated::Undecided,
            Stage::ToWarn | Stage::Drafted => Treated::ToBeWarned,
            Stage::Closed => Treated::WithReason,
            Stage::Released | Stage::Expired | Stage::Recalled => Treated::Warned,
        }
    }

    /// It is of the same threat as another undecided case of the same partner. That one goes on for
    /// both, with `added` items more, the greater urgency and the earlier deadline.
    ///
    /// # Errors
    /// No reason; they are of two partners, or one is decided; or they have too many items.
    pub fn merge(
        mut self,
        mut into: Case,
        (added, reason): (u32, &str),
        clocks: &Clocks,
        acting: &Acting,
    ) -> Result<(Case, Case), Refusal> {
        give_reason(reason, "say why they are of one threat")?;
        if self.number == into.number
            || self.partner != into.partner
            || self.partition() != into.partition()
        {
            let message = format!(
                "cases {} and {} are not two cases of one partner, both meant or of one exercise",
                self.number, into.number
            );
            return Err(Refusal::new(Code::Stage, message)
                .advice("cases of several partners are linked, not merged"));
        }
        for case in [&self, &into] {
            if let Assessment::Merged { into, .. } = case.assessment {
                return Err(merged(case.number, into));
            }
            if !case.is_undecided() {
                let why = "only undecided cases are merged";
                return Err(out_of_turn(case.number, case.stage(), why));
            }
        }
        if into.items.saturating_add(added) > MAX_ITEMS {
            let message = format!("together they name more than {MAX_ITEMS} items");
            return Err(Refusal::new(Code::TooMany, message));
        }
        into.items += added;
        let due = self.clock.due().clone();
        into = into.join(self.urgency, acting.at, clocks);
        into.clock = into.clock.no_later(due);
        self.clock = self.clock.stop();
        self.assessment = Assessment::Merged {
            into: into.number,
            by: acting.by.clone(),
            at: acting.at.clone(),
            reason: reason.to_owned(),
        };
        Ok((self, into))
    }

    /// An item joins by hand: an undecided case, or one that was waived, which is then looked at
    /// again.
    ///
    /// # Errors
    /// No reason; it is decided otherwise, or names as many items as it may.
    pub fn take_in(
        self,
        (item, reason): (&str, &str),
        clocks: &Clocks,
        acting: &Acting,
    ) -> Result<Case, Refusal> {
        give_reason(reason, "say why it joins")?;
        if !self.has_room() {
            let message = format!("case {} names {MAX_ITEMS} items already", self.number);
            return Err(Refusal::new(Code::TooMany, message));
        }
        let mut case = if self.is_undecided() {
            self
        } else if self.is_waived() {
            let urgency = self.urgency;
            self.new_fact(item, urgency, acting.at, clocks)
        } else {
            let why = "items join what is undecided or waived";
            return Err(out_of_turn(self.number, self.stage(), why));
        };
        case.items += 1;
        Ok(case)
    }
}
