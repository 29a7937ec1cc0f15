//! Acts on who is told of what needs somebody, and by what.

use crate::name::UserName;
use crate::scale::Urgency;
use crate::telling::{Means, Rule, Shift, Step};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An act on being told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "do", deny_unknown_fields)]
pub enum TellingAct {
    /// A person is reached by these means, in the place of those before.
    #[serde(rename = "person-means")]
    Means {
        /// Who.
        name: UserName,
        /// By what; none, when nobody is to be reached.
        means: Vec<Means>,
    },
    /// Who is on duty from when to when, in the place of the rota before.
    #[serde(rename = "rota-set")]
    Rota {
        /// The shifts, in any order.
        shifts: Vec<Shift>,
    },
    /// Who is told of which needs, in the place of the rule of this name.
    #[serde(rename = "rule-set")]
    Rule {
        /// The rule.
        rule: Rule,
    },
    /// A rule does not hold any more.
    #[serde(rename = "rule-remove")]
    RuleRemove {
        /// Its name.
        name: String,
    },
    /// Who is woken one after the other, in the place of the steps before.
    #[serde(rename = "escalation-set")]
    Escalation {
        /// From which urgency on.
        from: Urgency,
        /// In their order; none, when nobody is to be woken.
        steps: Vec<Step>,
    },
    /// Somebody has it in hand: nobody else is told of it.
    #[serde(rename = "need-take")]
    Take {
        /// The need's name: `finding case-3`.
        need: String,
    },
}
