//! Repeated noise: for a while, what a source says opens no case for an interest.
//!
//! A mute is on record, ends by itself, and hides nothing: each match that it keeps from opening a
//! case is kept beside it, and counted. An immediate threat is never muted unless that was said.

use crate::code::Code;
use crate::id::MuteNumber;
use crate::name::{NodeName, UserName};
use crate::refusal::{Refusal, give_reason, short};
use crate::scale::Urgency;
use forewarn_matching::Match;
use forewarn_stix::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Most mutes that hold at once: more than anybody keeps in mind.
pub const MAX_MUTES: usize = 200;
/// Longest time that one holds, in minutes: 90 days. What is noise for longer is a matter of the
/// interest.
pub const MAX_MUTE_MINUTES: i64 = 90 * 24 * 60;

/// What is muted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MuteRequest {
    /// Whose items: the source's handle.
    pub source: String,
    /// Whose interest.
    pub partner: NodeName,
    /// The interest's id.
    pub interest: String,
    /// Until when.
    pub until: Timestamp,
    /// Why.
    pub reason: String,
    /// Whether immediate threats are muted too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub immediate: bool,
}

/// A rule by which matches open no case for a while.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Mute {
    /// Which.
    pub number: MuteNumber,
    /// What is muted.
    #[serde(flatten)]
    pub request: MuteRequest,
    /// The interest, as people call it.
    pub label: String,
    /// Who set it.
    pub by: UserName,
    /// When.
    pub at: Timestamp,
    /// Who ended it before its time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed: Option<Removed>,
}

/// A mute was ended before its time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Removed {
    /// Who.
    pub by: UserName,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

impl MuteRequest {
    /// A mute from now on.
    ///
    /// # Errors
    /// No reason or source, or it would end before now or hold for too long.
    pub fn set(
        self,
        number: MuteNumber,
        label: &str,
        (by, at): (&UserName, &Timestamp),
    ) -> Result<Mute, Refusal> {
        give_reason(&self.reason, "say why it is noise")?;
        if self.source.trim().is_empty() {
            return Err(Refusal::new(Code::Empty, "say which source is muted"));
        }
        short(&self.source)?;
        let latest = at.plus_minutes(MAX_MUTE_MINUTES);
        if self.until <= *at || self.until > latest {
            let message = format!("a mute ends after now, and by {latest}");
            return Err(Refusal::new(Code::Horizon, message));
        }
        let (by, at, label) = (by.clone(), at.clone(), label.to_owned());
        Ok(Mute { number, request: self, label, by, at, removed: None })
    }
}

impl Mute {
    /// Whether it holds at this time.
    pub fn holds(&self, now: &Timestamp) -> bool {
        self.removed.is_none() && *now < self.request.until
    }

    /// Whether it keeps a match of an item of this source from opening a case.
    pub fn mutes(&self, source: Option<&str>, found: &Match, now: &Timestamp) -> bool {
        let MuteRequest { source: muted, partner, interest, immediate, .. } = &self.request;
        self.holds(now)
            && source == Some(muted.as_str())
            && *found.partner == **partner
            && found.interest == *interest
            && (*immediate || found.urgency < Urgency::Immediate)
    }

    /// It ends now.
    ///
    /// # Errors
    /// It has ended already, or nobody says why.
    pub fn remove(self, reason: &str, (by, at): (&UserName, &Timestamp)) -> Result<Mute, Refusal> {
        if !self.holds(at) {
            return Err(Refusal::new(Code::Stage, format!("mute {} has ended", self.number)));
        }
        give_reason(reason, "say why it ends")?;
        let (by, at, reason) = (by.clone(), at.clone(), reason.to_owned());
        Ok(Mute { removed: Some(Removed { by, at, reason }), ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::parse("2026-11-27T10:00:00.000Z").unwrap().plus_minutes(minutes)
    }

    fn request() -> MuteRequest {
        MuteRequest {
            source: "HERON".into(),
            partner: NodeName::parse("east.example").unwrap(),
            interest: "interest--1".into(),
            until: at(60),
            reason: "a scanner of our own".into(),
            immediate: false,
        }
    }

    fn set(request: MuteRequest) -> Result<Mute, Refusal> {
        let otto = UserName::parse("otto").unwrap();
        request.set(MuteNumber::new(1), "Embassies", (&otto, &at(0)))
    }

    fn found(urgency: Urgency) -> Match {
        Match {
            partner: "east.example".into(),
            interest: "interest--1".into(),
            label: "Embassies".into(),
            urgency,
            strength: 60,
            why: Vec::new(),
        }
    }

    #[test]
    fn it_mutes_one_source_for_one_interest_until_a_time() {
        let mute = set(request()).unwrap();
        let expected = found(Urgency::Expected);
        assert!(mute.mutes(Some("HERON"), &expected, &at(59)));
        assert!(!mute.mutes(Some("HERON"), &expected, &at(60)));
        assert!(!mute.mutes(Some("STORK"), &expected, &at(1)));
        assert!(!mute.mutes(None, &expected, &at(1)));
        let other = Match { interest: "interest--2".into(), ..expected.clone() };
        assert!(!mute.mutes(Some("HERON"), &other, &at(1)));
        let other = Match { partner: "cert.example".into(), ..expected.clone() };
        assert!(!mute.mutes(Some("HERON"), &other, &at(1)));
        let otto = UserName::parse("otto").unwrap();
        let removed = mute.remove("it was no noise", (&otto, &at(2))).unwrap();
        assert!(!removed.mutes(Some("HERON"), &expected, &at(3)));
        assert_eq!(removed.remove("again", (&otto, &at(4))).unwrap_err().code, Code::Stage);
    }

    #[test]
    fn an_immediate_threat_is_muted_only_where_that_was_said() {
        let immediate = found(Urgency::Immediate);
        assert!(!set(request()).unwrap().mutes(Some("HERON"), &immediate, &at(1)));
        let all = MuteRequest { immediate: true, ..request() };
        assert!(set(all).unwrap().mutes(Some("HERON"), &immediate, &at(1)));
    }

    #[test]
    fn it_needs_a_reason_and_an_end() {
        for (bad, code) in [
            (MuteRequest { reason: " ".into(), ..request() }, Code::Reason),
            (MuteRequest { source: String::new(), ..request() }, Code::Empty),
            (MuteRequest { until: at(0), ..request() }, Code::Horizon),
            (MuteRequest { until: at(MAX_MUTE_MINUTES + 1), ..request() }, Code::Horizon),
        ] {
            assert_eq!(set(bad).unwrap_err().code, code);
        }
    }
}
