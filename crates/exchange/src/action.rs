//! What was done because of a warning, by class, and when that is more than the warning permits.

use crate::talk::Statement;
use forewarn_stix::Timestamp;
use forewarn_stix::marking::Pap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A class of action: it decides how far it can be noticed by the one who is acted against (PAP).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ActionClass {
    /// Own logs were searched: nobody outside can notice.
    LogSearch,
    /// A third party was asked, such as a service that looks names up.
    ThirdPartyLookup,
    /// Something was blocked.
    Block,
    /// Something of another's was tried or asked.
    Probe,
}

impl ActionClass {
    /// Every class.
    pub const ALL: &'static [ActionClass] = &[
        ActionClass::LogSearch,
        ActionClass::ThirdPartyLookup,
        ActionClass::Block,
        ActionClass::Probe,
    ];

    /// The word for it: `log-search`.
    pub const fn name(self) -> &'static str {
        match self {
            ActionClass::LogSearch => "log-search",
            ActionClass::ThirdPartyLookup => "third-party-lookup",
            ActionClass::Block => "block",
            ActionClass::Probe => "probe",
        }
    }

    /// The strictest PAP marking that still permits it.
    pub const fn most(self) -> Pap {
        match self {
            ActionClass::LogSearch => Pap::Red,
            ActionClass::ThirdPartyLookup => Pap::Amber,
            ActionClass::Block | ActionClass::Probe => Pap::Green,
        }
    }

    /// Whether it is more than this marking permits.
    pub fn is_beyond(self, pap: Pap) -> bool {
        pap > self.most()
    }
}

/// What is not as it should be with something that was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "flag", rename_all = "kebab-case")]
pub enum Flag {
    /// It is more than the warning's PAP marking permits.
    BeyondPap {
        /// The marking.
        pap: Pap,
    },
    /// The time of the warning was over.
    AfterExpiry {},
}

impl Flag {
    /// In words: `BEYOND PAP:RED`.
    pub fn words(self) -> String {
        match self {
            Flag::BeyondPap { pap } => format!("BEYOND {pap}"),
            Flag::AfterExpiry {} => "AFTER THE WARNING HAD EXPIRED".to_owned(),
        }
    }
}

/// What is not as it should be with what a statement says was done at `at`.
pub fn flags(
    statement: &Statement,
    at: &Timestamp,
    (horizon, pap): (Option<&Timestamp>, Option<Pap>),
) -> Vec<Flag> {
    let Statement::Action { class, .. } = statement else { return Vec::new() };
    let beyond = pap.filter(|pap| class.is_some_and(|class| class.is_beyond(*pap)));
    let late = horizon.is_some_and(|horizon| at.moment() > horizon.moment());
    let beyond = beyond.map(|pap| Flag::BeyondPap { pap });
    beyond.into_iter().chain(late.then_some(Flag::AfterExpiry {})).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_is_flagged_when_the_marking_is_stricter_than_its_class_permits() {
        let at = Timestamp::parse("2017-12-15T09:30:00Z").unwrap();
        let later = at.plus_minutes(1);
        let beyond = |class: ActionClass, pap: Pap| {
            let statement = Statement::Action { text: "done".into(), class: Some(class) };
            !flags(&statement, &at, (Some(&later), Some(pap))).is_empty()
        };
        let paps = [Pap::Clear, Pap::Green, Pap::Amber, Pap::Red];
        for (class, flagged) in [
            (ActionClass::LogSearch, [false, false, false, false]),
            (ActionClass::ThirdPartyLookup, [false, false, false, true]),
            (ActionClass::Block, [false, false, true, true]),
            (ActionClass::Probe, [false, false, true, true]),
        ] {
            assert_eq!(paps.map(|pap| beyond(class, pap)), flagged, "{class:?}");
        }
        let statement = Statement::Action { text: "done".into(), class: None };
        assert_eq!(flags(&statement, &later, (Some(&at), Some(Pap::Red))), [Flag::AfterExpiry {}]);
        assert!(flags(&statement, &at, (None, Some(Pap::Red))).is_empty());
    }
}
