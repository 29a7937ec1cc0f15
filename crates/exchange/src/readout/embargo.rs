//! Until when neither side publishes: an informal agreement, whose states are those of CERT/CC's
//! Vultron: none, proposed, active, revised, exited.

use crate::code::Code;
use crate::refusal::Refusal;
use forewarn_stix::Timestamp;
use forewarn_transcript::Reference;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Longest embargo, in days: an embargo must not delay indefinitely.
pub const MAX_EMBARGO_DAYS: i64 = 366;

/// Until when neither side publishes. One a case; it names an instant, begins when the other side
/// accepts it, and ends with the first publication.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "embargo", rename_all = "kebab-case")]
pub enum Embargo {
    /// There is none.
    None {},
    /// One side has proposed one.
    Proposed {
        /// What.
        offer: Offer,
    },
    /// Both have accepted it.
    Active {
        /// The instant at which it ends.
        until: Timestamp,
    },
    /// It is in force, and one side proposes another end.
    Revise {
        /// The instant at which it ends.
        until: Timestamp,
        /// What is proposed instead.
        offer: Offer,
    },
    /// It has ended before its time, or was never accepted before something was published.
    Exited {
        /// When it would have ended; `None` when none was in force.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
        /// How.
        how: Exit,
    },
}

/// An embargo that one side proposes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Offer {
    /// The instant at which it would end.
    pub until: Timestamp,
    /// Whether we propose it.
    pub ours: bool,
    /// The entry that proposes it.
    pub entry: Reference,
}

/// How an embargo was left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "exit", rename_all = "kebab-case")]
pub enum Exit {
    /// One side has left it.
    Left {
        /// Whether that was us.
        ours: bool,
        /// Whether it says that it complies with it all the same.
        complies: bool,
        /// Why, in its words.
        reason: String,
        /// When.
        at: Timestamp,
    },
    /// One side has published.
    Published {
        /// Whether that was us.
        ours: bool,
        /// Whether that was before its end.
        early: bool,
        /// When.
        at: Timestamp,
    },
}

impl Embargo {
    /// The instant until which it binds both at this time; `None` when it does not.
    pub fn binds(&self, now: &Timestamp) -> Option<&Timestamp> {
        match self {
            Embargo::Active { until } | Embargo::Revise { until, .. } if until > now => Some(until),
            Embargo::Active { .. }
            | Embargo::Revise { .. }
            | Embargo::None {}
            | Embargo::Proposed { .. }
            | Embargo::Exited { .. } => None,
        }
    }

    /// What waits for an answer.
    pub fn offer(&self) -> Option<&Offer> {
        match self {
            Embargo::Proposed { offer } | Embargo::Revise { offer, .. } => Some(offer),
            Embargo::None {} | Embargo::Active { .. } | Embargo::Exited { .. } => None,
        }
    }

    /// The word for its state.
    pub fn name(&self) -> &'static str {
        match self {
            Embargo::None {} => "none",
            Embargo::Proposed { .. } => "proposed",
            Embargo::Active { .. } => "active",
            Embargo::Revise { .. } => "active, a revision is proposed",
            Embargo::Exited { .. } => "exited",
        }
    }

    /// Whether we may propose this end at this time.
    pub(super) fn may_offer(&self, until: &Timestamp, now: &Timestamp) -> Result<(), Refusal> {
        let refused = |why: &str| Err(Refusal::new(Code::Embargo, why.to_owned()));
        match self {
            Embargo::Exited { .. } => refused("the embargo was left: there is one for each case"),
            Embargo::Proposed { offer } | Embargo::Revise { offer, .. } if offer.ours => {
                refused("our proposal waits for the partner's answer")
            }
            Embargo::Proposed { .. } | Embargo::Revise { .. } => {
                Err(Refusal::new(Code::Embargo, "the partner's proposal waits for our answer")
                    .advice("accept or decline it first"))
            }
            Embargo::None {} | Embargo::Active { .. } => check_end(until, now).map_err(|why| {
                Refusal::new(Code::Embargo, why).advice("name an instant that is still to come")
            }),
        }
    }

    /// A proposal of either side. When both propose at once, the earlier end is what waits: both
    /// sides come to the same.
    #[must_use]
    pub(super) fn offered(self, new: Offer) -> Embargo {
        let pick = |held: Offer, new: Offer| match held.until.cmp(&new.until) {
            std::cmp::Ordering::Less => Ok(held),
            // Each has proposed what the other has: that is an agreement.
            std::cmp::Ordering::Equal if held.ours != new.ours => Err(new.until),
            std::cmp::Ordering::Greater | std::cmp::Ordering::Equal => Ok(new),
        };
        match self {
            Embargo::None {} => Embargo::Proposed { offer: new },
            Embargo::Proposed { offer } => match pick(offer, new) {
                Ok(offer) => Embargo::Proposed { offer },
                Err(until) => Embargo::Active { until },
            },
            Embargo::Active { until } => Embargo::Revise { until, offer: new },
            Embargo::Revise { until, offer } => match pick(offer, new) {
                Ok(offer) => Embargo::Revise { until, offer },
                Err(until) => Embargo::Active { until },
            },
            exited @ Embargo::Exited { .. } => exited,
        }
    }

    /// The other side of an offer accepts it.
    #[must_use]
    pub(super) fn accepted(self) -> Embargo {
        match self {
            Embargo::Proposed { offer } | Embargo::Revise { offer, .. } => {
                Embargo::Active { until: offer.until }
            }
            other @ (Embargo::None {} | Embargo::Active { .. } | Embargo::Exited { .. }) => other,
        }
    }

    /// The other side of an offer declines it.
    #[must_use]
    pub(super) fn declined(self) -> Embargo {
        match self {
            Embargo::Proposed { .. } => Embargo::None {},
            Embargo::Revise { until, .. } => Embargo::Active { until },
            other @ (Embargo::None {} | Embargo::Active { .. } | Embargo::Exited { .. }) => other,
        }
    }

    /// Somebody leaves it, or publishes. What was left stays left.
    #[must_use]
    pub(super) fn exit(self, how: Exit) -> Embargo {
        match self {
            exited @ Embargo::Exited { .. } => exited,
            Embargo::Active { until } | Embargo::Revise { until, .. } => {
                Embargo::Exited { until: Some(until), how }
            }
            Embargo::None {} | Embargo::Proposed { .. } => Embargo::Exited { until: None, how },
        }
    }
}

/// An end is an instant still to come, within [`MAX_EMBARGO_DAYS`].
pub(super) fn check_end(until: &Timestamp, now: &Timestamp) -> Result<(), String> {
    if until <= now {
        return Err(format!("{until} is past"));
    }
    if *until > now.plus_minutes(MAX_EMBARGO_DAYS * 24 * 60) {
        return Err(format!("an embargo ends within {MAX_EMBARGO_DAYS} days"));
    }
    Ok(())
}
