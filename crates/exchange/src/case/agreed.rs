//! An agreement that comes into force while a case is under way.

use super::{Case, Ticking};
use crate::clocks::{Clocks, Purpose};
use forewarn_stix::Timestamp;

impl Case {
    /// The clock that runs for the decision ends no later than what is agreed gives from now on. A
    /// longer time changes nothing: the case was opened under a promise, which stands. `None` when the
    /// clock ends as before.
    pub fn agreed(mut self, at: &Timestamp, clocks: &Clocks) -> Option<Case> {
        if self.clock.purpose != Purpose::Warn {
            return None;
        }
        let sooner = clocks.due(self.urgency, at);
        match &mut self.clock.state {
            Ticking::Running { due, .. } if sooner < *due => *due = sooner,
            Ticking::Paused { due, left, .. } => {
                let most = clocks.between(self.urgency, at, &sooner);
                if *left <= most {
                    return None;
                }
                *left = most;
                if sooner < *due {
                    *due = sooner;
                }
            }
            Ticking::Running { .. } | Ticking::RanOut { .. } | Ticking::Stopped { .. } => {
                return None;
            }
        }
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Acting, Clock};
    use crate::drawn::Ids;
    use crate::id::CaseNumber;
    use crate::name::{NodeName, UserName};
    use crate::scale::{Status, Urgency};
    use forewarn_transcript::Hash;

    fn at(time: &str) -> Timestamp {
        Timestamp::parse(&format!("2026-11-27T{time}:00.000Z")).unwrap()
    }

    fn within(expected: u32) -> Clocks {
        Clocks { expected, ..Clocks::default() }
    }

    fn case() -> Case {
        let (partner, grade) =
            (NodeName::parse("b.example").unwrap(), (Urgency::Expected, Status::Actual));
        Case::open(CaseNumber::new(1), &partner, 1, grade, &at("12:00"), &within(60))
    }

    #[test]
    fn a_shorter_time_counts_from_when_it_is_agreed_and_a_longer_one_not_at_all() {
        let due = |minutes| {
            let agreed = case().agreed(&at("12:10"), &within(minutes));
            agreed.map(|case| case.clock.due().clone())
        };
        assert_eq!(due(20), Some(at("12:30")));
        // 12:10 and 55 minutes is after 13:00, and so is more of them.
        assert_eq!((due(55), due(600)), (None, None));
    }

    #[test]
    fn what_is_past_or_is_for_something_else_stays() {
        let (case, over) = (case(), at("13:00"));
        let out = Case { clock: case.clock.run_out(&over).unwrap(), ..case.clone() };
        assert_eq!(out.agreed(&over, &within(5)), None);
        let review = Case { clock: Clock::start(Purpose::Review, over.clone()), ..case };
        assert_eq!(review.agreed(&at("12:10"), &within(5)), None);
    }

    #[test]
    fn a_paused_clock_has_no_more_left_than_is_agreed() {
        let mut ids = Ids::new(Hash::of(b"x"));
        let (by, now) = (UserName::parse("otto").unwrap(), at("12:10"));
        let acting = Acting { by: &by, at: &now, ids: &mut ids };
        let paused = case().pause((&at("12:40"), "they sleep"), &within(60), &acting).unwrap();
        let left = |case: &Case| match case.clock.state {
            Ticking::Paused { left, .. } => left,
            _ => 0,
        };
        assert_eq!(left(&paused), 50);
        assert_eq!(left(&paused.clone().agreed(&now, &within(20)).unwrap()), 20);
        assert_eq!(paused.agreed(&now, &within(55)), None);
    }
}
