//! Who is told of what needs somebody, and how: the means of each person, the rota, the rules, and
//! the steps of an escalation. All of it is set by acts.

mod delivery;
mod due;
mod quiet;

pub use delivery::{Delivery, Fate, Notice, Tried};
pub use due::{Known, Message, Person, Told, due, key};
pub use quiet::Quiet;

use crate::code::Code;
use crate::name::UserName;
use crate::need::{Kind, Need};
use crate::refusal::Refusal;
use crate::role::Role;
use crate::scale::Urgency;
use forewarn_stix::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// Most means of one person.
const MAX_MEANS: usize = 10;
/// Most shifts of a rota: a year of four a day, and some.
const MAX_SHIFTS: usize = 2_000;
/// Most rules.
const MAX_RULES: usize = 100;
/// Most steps of an escalation.
const MAX_STEPS: usize = 10;
/// Longest time of a step after the first, in seconds: a day.
const MAX_AFTER: u32 = 24 * 60 * 60;
/// Longest time that a digest gathers, in minutes: a day.
const MAX_DIGEST: u32 = 24 * 60;
/// Longest address, as of an e-mail (RFC 5321 §4.5.3.1.3, without its brackets).
const MAX_ADDRESS: usize = 254;

/// One way to reach somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Means {
    /// The notifier of the configuration.
    pub notifier: String,
    /// Where it reaches the person: an e-mail address, or what a command is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// When somebody is on duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Shift {
    /// Who.
    pub who: UserName,
    /// From then on …
    pub from: Timestamp,
    /// … until before then.
    pub to: Timestamp,
}

/// Whom a rule or step means. Written `on-duty`, `next`, `user:dora` or `role:approver`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub enum Whose {
    /// Whoever is on duty.
    OnDuty,
    /// Whoever is on duty next.
    Next,
    /// One person.
    Person(UserName),
    /// Everybody with a role.
    Role(Role),
}

/// Who is told of which needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What it is called: 1 to 64 of a-z, 0-9, - _ .
    pub name: String,
    /// Who is told.
    pub who: Whose,
    /// Of which kinds; of all, when none is given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<Kind>,
    /// From which urgency on; of all, and of what has none, when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Urgency>,
    /// When nothing is told but what is immediate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet: Option<Quiet>,
    /// What is not immediate is gathered, and told at most once in so many minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<u32>,
}

/// One step of an escalation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Who is told, by each of his means.
    pub who: Whose,
    /// So many seconds after the first step, unless somebody has taken it.
    pub after: u32,
}

/// Who is woken, one after the other, until somebody takes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Escalation {
    /// From which urgency on.
    pub from: Urgency,
    /// In their order; the first one is taken at once.
    pub steps: Vec<Step>,
}

/// All that is set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Telling {
    /// How each person is reached.
    pub means: BTreeMap<UserName, Vec<Means>>,
    /// Who is on duty when, by the beginning.
    pub rota: Vec<Shift>,
    /// The rules, by name.
    pub rules: BTreeMap<String, Rule>,
    /// Who is woken.
    pub escalation: Option<Escalation>,
}

/// Somebody has it in hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Taken {
    /// Who.
    pub by: UserName,
    /// When.
    pub at: Timestamp,
}

impl Taken {
    /// Whether it holds of a need: one that waits again since is another.
    pub fn holds(&self, need: &Need) -> bool {
        need.since.as_ref().is_none_or(|since| *since <= self.at)
    }
}

fn bad(message: String) -> Refusal {
    Refusal::new(Code::BadRequest, message)
}

fn check_name(what: &str, name: &str) -> Result<(), Refusal> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
    if name.is_empty() || name.len() > 64 || !name.chars().all(plain) {
        return Err(bad(format!("{what} `{name}` must be 1 to 64 of a-z 0-9 - _ .")));
    }
    Ok(())
}

impl Means {
    /// A means that can be used: its address is one word without a character that could end a
    /// header, a line or an argument.
    ///
    /// # Errors
    /// [`Code::BadRequest`], with what is wrong with it.
    pub fn checked(self) -> Result<Means, Refusal> {
        check_name("the notifier", &self.notifier)?;
        let plain = |c: char| c.is_ascii_alphanumeric() || "@.+-_%=/~!#$&'*?^{|}".contains(c);
        if let Some(address) = &self.address
            && (address.is_empty()
                || address.len() > MAX_ADDRESS
                || address.starts_with('-')
                || !address.chars().all(plain))
        {
            let shown = address.escape_debug();
            return Err(bad(format!("`{shown}` is not an address"))
                .advice("give one such as dora@west.example, of ASCII and without a space"));
        }
        Ok(self)
    }
}

impl Rule {
    /// A rule that can be used.
    ///
    /// # Errors
    /// [`Code::BadRequest`], with what is wrong with it.
    pub fn checked(self) -> Result<Rule, Refusal> {
        check_name("the rule", &self.name)?;
        if let Some(quiet) = &self.quiet {
            quiet.check().map_err(bad)?;
        }
        if let Some(minutes) = self.digest
            && !(1..=MAX_DIGEST).contains(&minutes)
        {
            return Err(bad(format!("a digest of {minutes} min: 1 to {MAX_DIGEST} are possible")));
        }
        Ok(self)
    }
}

impl Escalation {
    /// An escalation that can be used.
    ///
    /// # Errors
    /// [`Code::BadRequest`], with what is wrong with it.
    pub fn checked(self) -> Result<Escalation, Refusal> {
        if self.steps.len() > MAX_STEPS {
            return Err(bad(format!("an escalation has at most {MAX_STEPS} steps")));
        }
        let mut before = 0;
        for step in &self.steps {
            if step.after < before || step.after > MAX_AFTER {
                return Err(bad(format!(
                    "a step after {} s: each comes after the one before, within {MAX_AFTER} s",
                    step.after
                )));
            }
            before = step.after;
        }
        Ok(self)
    }
}

impl Telling {
    /// Whether nobody is ever told anything.
    pub fn is_silent(&self) -> bool {
        self.rules.is_empty() && self.escalation.is_none()
    }

    /// A person is reached by these; by nothing, when there are none.
    ///
    /// # Errors
    /// [`Code::BadRequest`], with what is wrong with them.
    pub fn with_means(mut self, who: UserName, means: Vec<Means>) -> Result<Telling, Refusal> {
        if means.len() > MAX_MEANS {
            return Err(bad(format!("a person has at most {MAX_MEANS} means")));
        }
        let means = means.into_iter().map(Means::checked).collect::<Result<Vec<_>, _>>()?;
        if means.is_empty() {
            self.means.remove(&who);
        } else {
            self.means.insert(who, means);
        }
        Ok(self)
    }

    /// The rota is this one.
    ///
    /// # Errors
    /// [`Code::BadRequest`] when a shift ends before it begins, or there are too many.
    pub fn with_rota(mut self, mut shifts: Vec<Shift>) -> Result<Telling, Refusal> {
        if shifts.len() > MAX_SHIFTS {
            return Err(bad(format!("a rota has at most {MAX_SHIFTS} shifts")));
        }
        if let Some(Shift { who, from, to }) = shifts.iter().find(|one| one.from >= one.to) {
            return Err(bad(format!("the shift of {who} from {from} ends at {to}: not after it")));
        }
        shifts.sort_by(|a, b| (&a.from, &a.who).cmp(&(&b.from, &b.who)));
        self.rota = shifts;
        Ok(self)
    }

    /// There is this rule, in the place of the one of its name.
    ///
    /// # Errors
    /// [`Code::BadRequest`], with what is wrong with it.
    pub fn with_rule(mut self, rule: Rule) -> Result<Telling, Refusal> {
        let rule = rule.checked()?;
        if self.rules.len() >= MAX_RULES && !self.rules.contains_key(&rule.name) {
            return Err(bad(format!("there are at most {MAX_RULES} rules")));
        }
        self.rules.insert(rule.name.clone(), rule);
        Ok(self)
    }

    /// Who is on duty at this time.
    pub fn on_duty(&self, now: &Timestamp) -> Vec<&UserName> {
        let now_on = self.rota.iter().filter(|one| one.from <= *now && *now < one.to);
        now_on.map(|one| &one.who).collect()
    }

    /// Whose shift begins next.
    pub fn next(&self, now: &Timestamp) -> Option<&Shift> {
        self.rota.iter().find(|one| one.from > *now)
    }
}

impl fmt::Display for Whose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Whose::OnDuty => f.write_str("on-duty"),
            Whose::Next => f.write_str("next"),
            Whose::Person(name) => write!(f, "user:{name}"),
            Whose::Role(role) => write!(f, "role:{}", role.name()),
        }
    }
}

impl FromStr for Whose {
    type Err = String;

    fn from_str(text: &str) -> Result<Whose, String> {
        let form = || format!("`{text}` is not on-duty, next, user:NAME or role:ROLE");
        if let Some(name) = text.strip_prefix("user:") {
            return UserName::parse(name).map(Whose::Person).map_err(|e| e.to_string());
        }
        if let Some(name) = text.strip_prefix("role:") {
            let role = Role::ALL.iter().find(|role| role.name() == name);
            return role.copied().map(Whose::Role).ok_or_else(form);
        }
        match text {
            "on-duty" => Ok(Whose::OnDuty),
            "next" => Ok(Whose::Next),
            _ => Err(form()),
        }
    }
}

impl TryFrom<String> for Whose {
    type Error = String;

    fn try_from(text: String) -> Result<Whose, String> {
        text.parse()
    }
}

impl From<Whose> for String {
    fn from(whose: Whose) -> String {
        whose.to_string()
    }
}

#[cfg(test)]
mod tests;
