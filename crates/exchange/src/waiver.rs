//! On which grounds a duty to warn may be waived here, and who may decide each.
//!
//! The codes are one list; which of them count is the node's profile, as its configuration says. No
//! profile is read as another: what was waived keeps the profile that it was waived under.

use crate::code::Code;
use crate::name::UserName;
use crate::refusal::{Refusal, short};
use crate::role::Role;
use crate::user::User;
use forewarn_stix::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// Most names in a list of a waiver: who was consulted, what was tried.
const MAX_LISTED: usize = 50;

/// Why a warning that would be due is not given (ICD 191, section E.3).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Waiver {
    /// The one to be warned knows of the threat already.
    AlreadyAware,
    /// The one to be warned is at risk only as a participant in hostilities.
    AtRiskOnlyByHostilities,
    /// A warning would unduly endanger people, sources, methods or operations.
    EndangersPeopleSourcesMethods,
    /// The one to be warned is a terrorist, a violent criminal or the like.
    VictimIsTerroristOrViolentCriminal,
    /// A warning would harm the liaison with the government or service that the information came
    /// from.
    EndangersLiaison,
    /// There is no reasonable way to warn.
    NoReasonableWay,
}

/// Which grounds there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// Those of Intelligence Community Directive 191: all.
    #[default]
    Icd191,
    /// Those that leave the right to life whole (ECHR, Article 2): what a victim has done, or takes
    /// part in, is no ground.
    Echr,
}

/// Which grounds there are here, and who may decide each.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WaiverRules {
    /// The grounds that there are.
    pub profile: Profile,
    /// For each ground, who may decide it: one of the two persons must be named here, or have a
    /// role that is. For a ground that is not named, any two who may waive.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub seniority: BTreeMap<Waiver, Vec<Senior>>,
}

/// Who may decide something: `user:otto` or `role:approver`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub enum Senior {
    /// This user.
    User(UserName),
    /// Whoever has this role.
    Role(Role),
}

/// What a waiver rests on beside its ground and reason.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WaiverFacts {
    /// Who was consulted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub consulted: Vec<String>,
    /// Who knows already, and since when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known_to: Option<KnownTo>,
    /// By which means it was tried to warn.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tried: Vec<String>,
}

/// Who knows of a threat, and since when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KnownTo {
    /// Who.
    pub who: String,
    /// Since when.
    pub since: Timestamp,
}

/// Under what a duty was waived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Waived {
    /// The profile of that time.
    pub profile: Profile,
    /// By virtue of what the ground could be decided, where the node asks for that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seniority: Option<Senior>,
}

/// A text that names nobody.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is neither user:NAME nor role:ROLE")]
pub struct NotSenior(String);

impl Waiver {
    /// All of them.
    pub const ALL: [Waiver; 6] = [
        Waiver::AlreadyAware,
        Waiver::AtRiskOnlyByHostilities,
        Waiver::EndangersPeopleSourcesMethods,
        Waiver::VictimIsTerroristOrViolentCriminal,
        Waiver::EndangersLiaison,
        Waiver::NoReasonableWay,
    ];

    /// The word for it, as it is written.
    pub fn word(self) -> &'static str {
        match self {
            Waiver::AlreadyAware => "already-aware",
            Waiver::AtRiskOnlyByHostilities => "at-risk-only-by-hostilities",
            Waiver::EndangersPeopleSourcesMethods => "endangers-people-sources-methods",
            Waiver::VictimIsTerroristOrViolentCriminal => "victim-is-terrorist-or-violent-criminal",
            Waiver::EndangersLiaison => "endangers-liaison",
            Waiver::NoReasonableWay => "no-reasonable-way",
        }
    }
}

impl Profile {
    /// The word for it, as it is written.
    pub fn word(self) -> &'static str {
        match self {
            Profile::Icd191 => "icd191",
            Profile::Echr => "echr",
        }
    }

    /// Whether it has this ground.
    pub fn has(self, ground: Waiver) -> bool {
        match (self, ground) {
            (
                Profile::Echr,
                Waiver::AtRiskOnlyByHostilities | Waiver::VictimIsTerroristOrViolentCriminal,
            ) => false,
            (Profile::Icd191 | Profile::Echr, _) => true,
        }
    }
}

impl WaiverRules {
    /// Whether these may waive on this ground; under what, if so.
    ///
    /// # Errors
    /// The profile lacks the ground, the ground lacks what it rests on, or none of them is senior
    /// enough. As long as nobody else has approved it, the last is not asked.
    pub fn allow(
        &self,
        ground: Waiver,
        facts: &WaiverFacts,
        (by, second): (&User, Option<&User>),
    ) -> Result<Waived, Refusal> {
        if !self.profile.has(ground) {
            let (word, profile) = (ground.word(), self.profile.word());
            let message = format!("`{word}` is no ground of the profile `{profile}`");
            let all = Waiver::ALL.iter().filter(|one| self.profile.has(**one));
            let all: Vec<&str> = all.map(|one| one.word()).collect();
            return Err(
                Refusal::new(Code::Waiver, message).advice(format!("one of {}", all.join(", ")))
            );
        }
        facts.check(ground)?;
        let seniority = match (self.seniority.get(&ground), second) {
            (None, _) | (Some(_), None) => None,
            (Some(seniors), Some(second)) => {
                let is = |senior: &&Senior| senior.is(by) || senior.is(second);
                Some(seniors.iter().find(is).ok_or_else(|| junior(ground, seniors))?.clone())
            }
        };
        Ok(Waived { profile: self.profile, seniority })
    }
}

fn junior(ground: Waiver, seniors: &[Senior]) -> Refusal {
    let seniors: Vec<String> = seniors.iter().map(Senior::to_string).collect();
    let message = format!("who waives on the ground `{}` is set here", ground.word());
    Refusal::new(Code::Seniority, message)
        .advice(format!("one of the two persons must be {}", seniors.join(" or ")))
}

impl WaiverFacts {
    /// Whether nothing is given.
    pub fn is_empty(&self) -> bool {
        *self == WaiverFacts::default()
    }

    /// Whether the ground has what it rests on.
    fn check(&self, ground: Waiver) -> Result<(), Refusal> {
        let lacks = |what: &str| {
            Refusal::new(Code::Waiver, format!("the ground `{}` lacks {what}", ground.word()))
        };
        let is_said = |list: &[String]| list.iter().any(|one| !one.trim().is_empty());
        let known = self.known_to.as_ref().filter(|known| !known.who.trim().is_empty());
        if ground == Waiver::AlreadyAware && known.is_none() {
            return Err(lacks("who knows already, and since when").advice("say both"));
        }
        if ground == Waiver::NoReasonableWay && !is_said(&self.tried) {
            return Err(lacks("the means by which it was tried").advice("name each"));
        }
        for list in [&self.consulted, &self.tried] {
            if list.len() > MAX_LISTED {
                let message = format!("at most {MAX_LISTED} are named in a list");
                return Err(Refusal::new(Code::TooMany, message));
            }
            list.iter().try_for_each(|text| short(text))?;
        }
        self.known_to.as_ref().map_or(Ok(()), |known| short(&known.who))
    }
}

impl Senior {
    fn is(&self, user: &User) -> bool {
        match self {
            Senior::User(name) => user.name == *name,
            Senior::Role(role) => user.roles.contains(role),
        }
    }
}

impl fmt::Display for Senior {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Senior::User(name) => write!(f, "user:{name}"),
            Senior::Role(role) => write!(f, "role:{}", role.name()),
        }
    }
}

impl FromStr for Senior {
    type Err = NotSenior;

    fn from_str(text: &str) -> Result<Senior, NotSenior> {
        let read = match text.split_once(':') {
            Some(("user", name)) => UserName::parse(name).ok().map(Senior::User),
            Some(("role", name)) => {
                Role::ALL.iter().find(|role| role.name() == name).copied().map(Senior::Role)
            }
            _ => None,
        };
        read.ok_or_else(|| NotSenior(text.to_owned()))
    }
}

impl TryFrom<String> for Senior {
    type Error = NotSenior;

    fn try_from(text: String) -> Result<Senior, NotSenior> {
        text.parse()
    }
}

impl From<Senior> for String {
    fn from(senior: Senior) -> String {
        senior.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(name: &str, roles: &[Role]) -> User {
        User::new(UserName::parse(name).unwrap(), roles.to_vec()).unwrap()
    }

    fn code(result: Result<Waived, Refusal>) -> Code {
        result.unwrap_err().code
    }

    #[test]
    fn a_profile_has_its_own_grounds_and_no_others() {
        let (ana, otto) = (user("ana", &[Role::Analyst]), user("otto", &[Role::Approver]));
        let echr = WaiverRules { profile: Profile::Echr, ..WaiverRules::default() };
        let facts = WaiverFacts::default();
        for ground in [Waiver::AtRiskOnlyByHostilities, Waiver::VictimIsTerroristOrViolentCriminal]
        {
            assert_eq!(code(echr.allow(ground, &facts, (&ana, Some(&otto)))), Code::Waiver);
            let icd191 = WaiverRules::default();
            assert!(icd191.allow(ground, &facts, (&ana, Some(&otto))).is_ok());
        }
    }

    #[test]
    fn a_ground_needs_what_it_rests_on() {
        let (ana, otto) = (user("ana", &[Role::Analyst]), user("otto", &[Role::Approver]));
        let allow = |ground, facts: &WaiverFacts| {
            WaiverRules::default().allow(ground, facts, (&ana, Some(&otto)))
        };
        let none = WaiverFacts::default();
        assert_eq!(code(allow(Waiver::AlreadyAware, &none)), Code::Waiver);
        assert_eq!(code(allow(Waiver::NoReasonableWay, &none)), Code::Waiver);
        let since = Timestamp::parse("2017-12-15T09:30:00Z").unwrap();
        let known_to = Some(KnownTo { who: "their duty desk".into(), since });
        assert!(allow(Waiver::AlreadyAware, &WaiverFacts { known_to, ..none.clone() }).is_ok());
        let tried = vec!["telephone".to_owned(), "the embassy".to_owned()];
        assert!(allow(Waiver::NoReasonableWay, &WaiverFacts { tried, ..none.clone() }).is_ok());
        let tried = vec![" ".to_owned()];
        assert_eq!(
            code(allow(Waiver::NoReasonableWay, &WaiverFacts { tried, ..none })),
            Code::Waiver
        );
    }

    #[test]
    fn one_of_the_two_is_senior_enough() {
        let (ana, otto) = (user("ana", &[Role::Analyst]), user("otto", &[Role::Approver]));
        let hanna = user("hanna", &[Role::Approver]);
        let ground = Waiver::EndangersPeopleSourcesMethods;
        let seniors = vec!["user:hanna".parse().unwrap()];
        let rules = WaiverRules { seniority: [(ground, seniors)].into(), ..WaiverRules::default() };
        let facts = WaiverFacts::default();
        let allow = |by: &User, second: Option<&User>| rules.allow(ground, &facts, (by, second));
        assert_eq!(code(allow(&ana, Some(&otto))), Code::Seniority);
        let waived = allow(&ana, Some(&hanna)).unwrap();
        assert_eq!(waived.seniority, "user:hanna".parse().ok());
        assert!(allow(&hanna, Some(&otto)).is_ok());
        // Who proposes does not know yet who will approve.
        assert!(allow(&ana, None).is_ok());
        assert!("boss:hanna".parse::<Senior>().is_err());
    }
}
