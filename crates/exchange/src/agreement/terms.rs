//! What an agreement says. Whatever stands here is read by some rule: the gate, a clock, the number
//! of persons.

use crate::clocks::{Clocks, Office};
use crate::handling::HandlingCode;
use crate::name::NodeName;
use crate::proposal::Persons;
use forewarn_stix::marking::Tlp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// Longest time that may be agreed, in minutes: 30 days. What waits for longer has no clock.
pub const MAX_AGREED_MINUTES: u32 = 30 * 24 * 60;
/// Most persons of both sides together: two rotas, and those whom they wake.
const MAX_PERSONS: usize = 50;
/// Most characters of a person's name: as in a warning.
const MAX_NAME: usize = 100;
/// Most characters of a number.
const MAX_NUMBER: usize = 40;

/// What both sides hold themselves to. A term that one side does not know is not signed by it: it is
/// not understood, and refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
    /// Persons of either side by name. Where some of a side are named, what is TLP:RED goes to them and
    /// to nobody else there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub persons: Vec<AgreedPerson>,
}

/// A person whom both sides know by name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreedPerson {
    /// On whose side: the name of the node.
    pub of: NodeName,
    /// The person's name, as it is written in warnings.
    pub name: String,
    /// The number on duty, by telephone; perhaps empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub number: String,
}

impl fmt::Display for AgreedPerson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let AgreedPerson { of, name, number } = self;
        let number = if number.is_empty() { String::new() } else { format!(": {number}") };
        write!(f, "{of}: {name}{number}")
    }
}

/// As people write it: the node, the name and the number, with colons between.
impl FromStr for AgreedPerson {
    type Err = String;

    fn from_str(text: &str) -> Result<AgreedPerson, String> {
        let mut parts = text.splitn(3, ':').map(str::trim);
        let of = NodeName::parse(parts.next().unwrap_or_default()).map_err(|e| e.to_string())?;
        let name = parts.next().unwrap_or_default().to_owned();
        let number = parts.next().unwrap_or_default().to_owned();
        if name.is_empty() {
            return Err("write a person as NODE: NAME: NUMBER".to_owned());
        }
        Ok(AgreedPerson { of, name, number })
    }
}

/// How long there is, in minutes. Every hour counts: each side has office hours of its own, and what
/// was agreed is to mean the same on both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
    /// Those of a side, by name; empty when nobody is named.
    pub fn names_of<'a>(&'a self, side: &'a NodeName) -> impl Iterator<Item = &'a str> {
        self.persons.iter().filter(move |one| one.of == *side).map(|one| one.name.as_str())
    }

    fn check_persons(&self, sides: [&NodeName; 2]) -> Result<(), String> {
        if self.persons.len() > MAX_PERSONS {
            let count = self.persons.len();
            return Err(format!("{count} persons are named; at most {MAX_PERSONS} are"));
        }
        let mut known = BTreeSet::new();
        for AgreedPerson { of, name, number } in &self.persons {
            let plain = |text: &str| !text.chars().any(char::is_control);
            let fits = |text: &str, most: usize| plain(text) && text.chars().count() <= most;
            if name.trim().is_empty() || !fits(name, MAX_NAME) || !fits(number, MAX_NUMBER) {
                return Err(format!(
                    "a person has a name of 1 to {MAX_NAME} plain characters, and a number of at most \
                     {MAX_NUMBER}"
                ));
            }
            if !sides.contains(&of) {
                let [ours, theirs] = sides;
                return Err(format!(
                    "{name} is of {of}, and the agreement is between {ours} and {theirs}"
                ));
            }
            if !known.insert((of, name)) {
                return Err(format!("{name} of {of} is named twice"));
            }
        }
        Ok(())
    }

    /// Whether they can be meant between these two.
    ///
    /// # Errors
    /// What is wrong, for whoever wrote them.
    pub(super) fn check(&self, sides: [&NodeName; 2]) -> Result<(), String> {
        self.check_persons(sides)?;
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
