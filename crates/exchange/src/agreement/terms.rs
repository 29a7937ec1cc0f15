//! What an agreement says. Whatever stands here is read by some rule: the gate, a clock, the number
//! of persons.

use crate::clocks::{Clocks, Office};
use crate::handling::HandlingCode;
use crate::proposal::Persons;
use forewarn_stix::marking::Tlp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Longest time that may be agreed, in minutes: 30 days. What waits for longer has no clock.
pub const MAX_AGREED_MINUTES: u32 = 30 * 24 * 60;

/// What both sides hold themselves to. A term that one side does not know is not signed by it: it is
/// not understood, and refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// The strictest marking of what either side releases to the other.
    pub ceiling: Tlp,
    /// The handling codes that a warning may bear.
    pub handling: BTreeSet<HandlingCode>,
    /// How many persons free text to the other side needs.
    pub sentences: Persons,
    /// How long there is; each side's own, when nothing is agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clocks: Option<AgreedClocks>,
}

/// How long there is, in minutes. Every hour counts: each side has office hours of its own, and what
/// was agreed is to mean the same on both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgreedClocks {
    /// Until the other side holds the warning of an immediate threat.
    pub immediate: u32,
    /// The same for one that is expected within the hour.
    pub expected: u32,
    /// The same for one in the near future.
    pub future: u32,
    /// Until a question is answered.
    pub question: u32,
}

impl AgreedClocks {
    /// The clocks of a node with what is agreed in their place.
    pub fn over(&self, ours: &Clocks) -> Clocks {
        let AgreedClocks { immediate, expected, future, question } = *self;
        let office = Office::default();
        Clocks { immediate, expected, future, question, office, ..ours.clone() }
    }
}

impl Terms {
    /// Whether they can be meant.
    ///
    /// # Errors
    /// What is wrong, for whoever wrote them.
    pub(super) fn check(&self) -> Result<(), String> {
        let Some(clocks) = &self.clocks else { return Ok(()) };
        let AgreedClocks { immediate, expected, future, question } = *clocks;
        for (name, minutes) in [
            ("immediate", immediate),
            ("expected", expected),
            ("future", future),
            ("question", question),
        ] {
            if minutes == 0 || minutes > MAX_AGREED_MINUTES {
                let most = MAX_AGREED_MINUTES;
                return Err(format!("`clocks.{name}` is {minutes} minutes; 1 to {most} may be"));
            }
        }
        if immediate > expected || expected > future {
            return Err("what is more urgent has no more time: immediate, expected, future".into());
        }
        Ok(())
    }
}
