//! Whether what an object says holds no more: it was revoked, or its time is over.

use crate::{Match, Reason};
use forewarn_stix::Timestamp;
use forewarn_stix::head::Head;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How an object has ended, or will.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Ended {
    /// Its creator has taken it back (STIX 2.1 §3.6).
    Revoked,
    /// It holds no more from then on: an indicator's `valid_until`, a relationship's `stop_time`.
    Over(Timestamp),
}

impl Ended {
    /// How an object in STIX has ended, or will; `None` when it says nothing of that.
    pub fn of(bytes: &[u8]) -> Option<Ended> {
        let head = Head::read(bytes);
        if head.revoked {
            return Some(Ended::Revoked);
        }
        head.until.map(Ended::Over)
    }

    /// Whether it has ended by then.
    pub fn by(&self, now: &Timestamp) -> bool {
        match self {
            Ended::Revoked => true,
            Ended::Over(until) => *until <= *now,
        }
    }
}

impl Match {
    /// The same match of an object that has ended: its reasons say so.
    #[must_use]
    pub fn opens_no_case(mut self, ended: &Ended) -> Match {
        let (clause, words) = ("no clock is started".to_owned(), format!("it is {ended}"));
        self.why.push(Reason { clause, words, at: String::new(), strength: 1 });
        self
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ended::Revoked => f.write_str("revoked"),
            Ended::Over(until) => write!(f, "over since {until}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_over_at_its_time_and_revoked_whatever_its_time_says() {
        let at = |text: &str| Timestamp::parse(text).unwrap();
        let over = Ended::of(br#"{"valid_until":"2017-12-15T09:30:00.1Z"}"#).unwrap();
        assert!(
            !over.by(&at("2017-12-15T09:30:00.099Z")) && over.by(&at("2017-12-15T09:30:00.1Z"))
        );
        let revoked = Ended::of(br#"{"valid_until":"2099-01-01T00:00:00Z","revoked":true}"#);
        assert_eq!(revoked, Some(Ended::Revoked));
        assert_eq!(Ended::of(br#"{"revoked":false}"#), None);
        assert_eq!(Ended::of(b"They meet on Friday."), None);
    }
}
