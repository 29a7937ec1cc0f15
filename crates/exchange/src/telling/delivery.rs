//! One message by one means, and what became of it. It is kept before it is sent, so that it is sent
//! also when the node ends in between: at least once, always under the same id.

use super::Means;
use crate::name::UserName;
use crate::need::{Kind, Need, State};
use crate::scale::{Status, Urgency};
use forewarn_stix::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How often a delivery is tried before it is given up: for about an hour.
pub(super) const MAX_TRIES: u32 = 12;
/// The first pause after a failure, in seconds; each is twice the one before.
const FIRST_PAUSE: u32 = 5;
/// The longest pause, in seconds.
const LAST_PAUSE: u32 = 15 * 60;
/// Longest reason that is kept, in bytes: another server may have written it.
const MAX_WHY: usize = 300;

/// What is told of a need: a number and a clock, and nothing of what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Notice {
    /// The need's key.
    pub key: String,
    /// Its name: `finding case-3`.
    pub name: String,
    /// What is needed.
    pub kind: Kind,
    /// Whether it is meant.
    pub status: Status,
    /// How urgent.
    pub urgency: Option<Urgency>,
    /// Until when.
    pub due: Option<Timestamp>,
    /// How it stood when it was decided to tell it.
    pub state: State,
}

/// A message for one person by one means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Delivery {
    /// The same for each try: whoever has it already drops it.
    pub id: String,
    /// For whom.
    pub person: UserName,
    /// By what.
    pub means: Means,
    /// By which rule or step.
    pub by: String,
    /// When it was decided.
    pub at: Timestamp,
    /// Of what.
    pub needs: Vec<Notice>,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "fate", rename_all = "kebab-case")]
pub enum Fate {
    /// It is to be sent.
    Waiting {
        /// How often it was tried.
        tries: u32,
        /// Not before then.
        next: Timestamp,
        /// Why the last try failed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<String>,
    },
    /// The far side has taken it.
    Sent {
        /// When.
        at: Timestamp,
        /// How often it was tried.
        tries: u32,
    },
    /// It was tried often enough.
    GivenUp {
        /// When.
        at: Timestamp,
        /// How often it was tried.
        tries: u32,
        /// Why the last try failed.
        why: String,
    },
}

/// What came of one try.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "tried", rename_all = "kebab-case")]
pub enum Tried {
    /// The far side has taken it.
    Sent {},
    /// It has not.
    Failed {
        /// Why.
        why: String,
    },
}

impl Notice {
    /// What is told of a need at this time.
    pub fn of(need: &Need, now: &Timestamp) -> Notice {
        Notice {
            key: super::key(need),
            name: need.name(),
            kind: need.kind,
            status: need.status,
            urgency: need.urgency,
            due: need.due.clone(),
            state: need.state(now),
        }
    }
}

impl Delivery {
    /// When it is to be tried next; `None` when that is over.
    pub fn next(&self) -> Option<&Timestamp> {
        match &self.fate {
            Fate::Waiting { next, .. } => Some(next),
            Fate::Sent { .. } | Fate::GivenUp { .. } => None,
        }
    }

    /// How often it was tried, and why the last try failed, if it did.
    pub fn tries(&self) -> (u32, Option<&str>) {
        match &self.fate {
            Fate::Waiting { tries, why, .. } => (*tries, why.as_deref()),
            Fate::Sent { tries, .. } => (*tries, None),
            Fate::GivenUp { tries, why, .. } => (*tries, Some(why)),
        }
    }

    /// It was tried once more. What is over stays as it is.
    #[must_use]
    pub fn tried(mut self, came: Tried, at: &Timestamp) -> Delivery {
        let Fate::Waiting { tries, .. } = self.fate else { return self };
        let (tries, at) = (tries + 1, at.clone());
        self.fate = match came {
            Tried::Sent {} => Fate::Sent { at, tries },
            Tried::Failed { why } => {
                let why = why.get(..why.floor_char_boundary(MAX_WHY)).unwrap_or_default();
                let why = why.to_owned();
                if tries >= MAX_TRIES {
                    Fate::GivenUp { at, tries, why }
                } else {
                    let pause = FIRST_PAUSE.saturating_mul(1 << (tries - 1)).min(LAST_PAUSE);
                    let micros = at.micros().saturating_add(i64::from(pause) * 1_000_000);
                    let next = Timestamp::from_micros(micros).unwrap_or(at);
                    Fate::Waiting { tries, next, why: Some(why) }
                }
            }
        };
        self
    }
}
