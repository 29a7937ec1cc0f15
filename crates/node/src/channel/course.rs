//! Where the next batch to a partner begins, and when it is sent: decided here, done elsewhere.

use std::time::Duration;

/// Waits between tries grow from the first to the last of these, doubling, with jitter.
const FIRST_WAIT: Duration = Duration::from_millis(200);
const LAST_WAIT: Duration = Duration::from_secs(30);

/// The longest that a partner can make us wait (`Retry-After`).
const LAST_PATIENCE: Duration = Duration::from_hours(1);

/// What came of sending a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// There is nothing to send.
    Nothing,
    /// The partner has given a receipt to this size.
    Receipted(u64),
    /// The partner holds this many entries: continue from there.
    Elsewhere(u64),
    /// Not delivered: the partner has asked for so much patience.
    Later(Duration),
    /// Not delivered, for whatever reason.
    Failed,
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Send the next batch.
    Send,
    /// Wait this long, and up to half as long again, before the next.
    Rest(Duration),
    /// Until there is something to send.
    Idle,
}

/// The course of the batches to one partner.
#[derive(Debug, Clone)]
pub struct Course {
    /// Where the partner said that it stands, when that is not where the last receipt ends.
    resume: Option<u64>,
    /// Whether the last answer named another size too: the first such answer is followed; a second
    /// one without progress is a failure.
    resumed: bool,
    furthest: u64,
    wait: Duration,
}

impl Default for Course {
    fn default() -> Course {
        Course { resume: None, resumed: false, furthest: 0, wait: FIRST_WAIT }
    }
}

impl Course {
    /// Where the next batch begins, when not after the last receipt.
    pub fn start(&mut self) -> Option<u64> {
        self.resume.take()
    }

    /// The partner holds less than it has given receipts for.
    pub(crate) fn go_back(&mut self, size: Option<u64>) {
        self.resume = size;
    }

    /// What to do after a batch.
    pub fn after(&mut self, sent: Sent) -> Next {
        match sent {
            Sent::Nothing => {
                self.wait = FIRST_WAIT;
                Next::Idle
            }
            // Continue from this size: a restored partner may lack entries that it has receipted.
            Sent::Receipted(size) => {
                *self = Course { resume: Some(size), ..Course::default() };
                Next::Send
            }
            Sent::Elsewhere(size) if !self.resumed || size > self.furthest => {
                self.furthest = self.furthest.max(size);
                (self.resume, self.resumed) = (Some(size), true);
                Next::Send
            }
            Sent::Later(wait) => {
                self.resumed = false;
                Next::Rest(wait.clamp(FIRST_WAIT, LAST_PATIENCE))
            }
            Sent::Elsewhere(_) | Sent::Failed => {
                self.resumed = false;
                let wait = self.wait;
                self.wait = (wait * 2).min(LAST_WAIT);
                Next::Rest(wait)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partner_that_stands_elsewhere_is_followed_and_one_that_leads_round_is_rested_from() {
        let mut course = Course::default();
        assert_eq!(course.after(Sent::Elsewhere(7)), Next::Send);
        assert_eq!(course.start(), Some(7));
        assert_eq!(course.after(Sent::Elsewhere(9)), Next::Send);
        assert_eq!(course.after(Sent::Elsewhere(9)), Next::Rest(FIRST_WAIT));
        assert_eq!(course.after(Sent::Receipted(12)), Next::Send);
        assert_eq!((course.start(), course.start()), (Some(12), None));
        assert_eq!(course.after(Sent::Nothing), Next::Idle);
    }

    #[test]
    fn a_partner_that_asks_for_patience_is_given_it_within_bounds() {
        let mut course = Course::default();
        let later = |seconds| Sent::Later(Duration::from_secs(seconds));
        assert_eq!(course.after(later(90)), Next::Rest(Duration::from_secs(90)));
        assert_eq!(course.after(later(0)), Next::Rest(FIRST_WAIT));
        assert_eq!(course.after(later(u64::MAX)), Next::Rest(LAST_PATIENCE));
        assert_eq!(course.after(Sent::Failed), Next::Rest(FIRST_WAIT));
    }

    #[test]
    fn waits_grow_to_their_bound_and_begin_anew_behind_a_receipt() {
        let mut course = Course::default();
        let waits: Vec<Next> = (0..12).map(|_| course.after(Sent::Failed)).collect();
        assert_eq!(waits[0], Next::Rest(FIRST_WAIT));
        assert_eq!(waits[11], Next::Rest(LAST_WAIT));
        course.after(Sent::Receipted(1));
        assert_eq!(course.after(Sent::Failed), Next::Rest(FIRST_WAIT));
    }
}
