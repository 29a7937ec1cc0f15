//! Who is told of what needs somebody, and what became of it, as it is shown.

use crate::table::{Column, Row};
use crate::text;
use forewarn_exchange::name::UserName;
use forewarn_exchange::telling::{Delivery, Escalation, Fate, Means, Rule, Shift, Telling};
use forewarn_stix::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// All that is set, and who is on duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TellingShown {
    /// How each person is reached.
    pub means: BTreeMap<UserName, Vec<Means>>,
    /// The shifts that are not over.
    pub rota: Vec<Shift>,
    /// The rules.
    pub rules: Vec<Rule>,
    /// Who is woken, one after the other.
    pub escalation: Option<Escalation>,
    /// Who is on duty now.
    pub on_duty: Vec<UserName>,
    /// Whose shift begins next.
    pub next: Option<Shift>,
}

/// One notifier of the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NotifierLine {
    /// What it is called.
    pub name: String,
    /// `mail`, `webhook`, `command` or `syslog`.
    pub kind: String,
    /// Since when it fails; none when it does not.
    pub failing_since: Option<Timestamp>,
    /// Why it fails.
    pub why: Option<String>,
}

/// A delivery in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeliveryLine {
    /// Counted from 1, in the order in which they were decided.
    pub number: i64,
    /// The same for each try.
    pub id: String,
    /// For whom.
    pub person: UserName,
    /// By which notifier.
    pub notifier: String,
    /// By which rule or step.
    pub by: String,
    /// When it was decided.
    pub at: Timestamp,
    /// The names of the needs that it tells.
    pub needs: Vec<String>,
    /// What became of it.
    #[serde(flatten)]
    pub fate: DeliveryFate,
}

/// What became of a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "fate", rename_all = "kebab-case")]
pub enum DeliveryFate {
    /// It is to be sent.
    Waiting {
        /// How often it was tried.
        tries: u32,
        /// Not before then.
        next: Timestamp,
        /// Why the last try failed.
        why: Option<String>,
    },
    /// The far side has taken it.
    Sent {
        /// How often it was tried.
        tries: u32,
        /// When it was taken.
        sent: Timestamp,
    },
    /// It was tried often enough.
    GivenUp {
        /// How often it was tried.
        tries: u32,
        /// When it was given up.
        ended: Timestamp,
        /// Why the last try failed.
        why: String,
    },
}

/// What came of a test message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NotifierTried {
    /// Which notifier.
    pub notifier: String,
    /// Why it failed; none when the far side has taken it.
    pub failed: Option<String>,
}

impl TellingShown {
    /// What is set, at this time.
    pub fn of(telling: Telling, now: &Timestamp) -> TellingShown {
        let on_duty = telling.on_duty(now).into_iter().cloned().collect();
        let next = telling.next(now).cloned();
        let Telling { means, rota, rules, escalation } = telling;
        let rota = rota.into_iter().filter(|shift| shift.to > *now).collect();
        TellingShown {
            means,
            rota,
            rules: rules.into_values().collect(),
            escalation,
            on_duty,
            next,
        }
    }

    /// The whole for people, without a line break at the end.
    pub fn words(&self) -> String {
        let names: Vec<&str> = self.on_duty.iter().map(|name| &**name).collect();
        let mut lines = vec![match names.as_slice() {
            [] => "nobody is on duty".to_owned(),
            names => format!("on duty: {}", names.join(", ")),
        }];
        if let Some(Shift { who, from, .. }) = &self.next {
            lines.push(format!("next: {who}, from {}", text::time(from)));
        }
        for Shift { who, from, to } in &self.rota {
            lines.push(format!("  {who} from {} to {}", text::time(from), text::time(to)));
        }
        for (name, means) in &self.means {
            let each: Vec<String> = means.iter().map(one_means).collect();
            lines.push(format!("{name} is reached by {}", each.join(", ")));
        }
        if let Some(Escalation { from, steps }) = &self.escalation {
            lines.push(format!("woken, from {from} on, until somebody takes it:"));
            lines.extend(steps.iter().map(|step| format!("  {} after {} s", step.who, step.after)));
        }
        lines.extend(self.rules.iter().map(rule));
        lines.join("\n")
    }
}

fn one_means(means: &Means) -> String {
    match &means.address {
        Some(address) => format!("{} at {}", means.notifier, text::line(address)),
        None => means.notifier.clone(),
    }
}

fn rule(rule: &Rule) -> String {
    let Rule { name, who, kinds, from, quiet, digest } = rule;
    let kinds: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
    let of = if kinds.is_empty() { "everything".to_owned() } else { kinds.join(", ") };
    let mut words = format!("rule {name}: {who} is told of {of}");
    if let Some(from) = from {
        words = format!("{words} from {from} on");
    }
    if let Some(quiet) = quiet {
        words = format!("{words}, not from {} to {} {}", quiet.from, quiet.to, quiet.zone);
    }
    if let Some(minutes) = digest {
        words = format!("{words}, gathered for {minutes} min");
    }
    words
}

impl DeliveryLine {
    /// A line of a delivery, without the address.
    pub fn of(number: i64, delivery: Delivery) -> DeliveryLine {
        let Delivery { id, person, means, by, at, needs, fate } = delivery;
        let needs = needs.into_iter().map(|need| need.name).collect();
        let fate = match fate {
            Fate::Waiting { tries, next, why } => DeliveryFate::Waiting { tries, next, why },
            Fate::Sent { at, tries } => DeliveryFate::Sent { tries, sent: at },
            Fate::GivenUp { at, tries, why } => DeliveryFate::GivenUp { tries, ended: at, why },
        };
        DeliveryLine { number, id, person, notifier: means.notifier, by, at, needs, fate }
    }

    fn became(&self) -> String {
        match &self.fate {
            DeliveryFate::Waiting { tries: 0, .. } => "to be sent".to_owned(),
            DeliveryFate::Waiting { tries, next, why } => {
                let why = text::or_none(why.as_deref(), text::line);
                format!("failed {tries} times, next at {}: {why}", text::time(next))
            }
            DeliveryFate::Sent { tries: 1, sent } => format!("sent {}", text::time(sent)),
            DeliveryFate::Sent { tries, sent } => {
                format!("sent {}, at try {tries}", text::time(sent))
            }
            DeliveryFate::GivenUp { tries, why, .. } => {
                format!("GIVEN UP after {tries} tries: {}", text::line(why))
            }
        }
    }
}

impl Row for DeliveryLine {
    const COLUMNS: &'static [Column<DeliveryLine>] = &[
        ("NUMBER", |one| one.number.to_string()),
        ("DECIDED", |one| text::time(&one.at)),
        ("WHO", |one| one.person.to_string()),
        ("NOTIFIER", |one| one.notifier.clone()),
        ("BY", |one| one.by.clone()),
        ("NEEDS", |one| one.needs.join(", ")),
        ("", DeliveryLine::became),
    ];
}

impl Row for NotifierLine {
    const COLUMNS: &'static [Column<NotifierLine>] = &[
        ("NOTIFIER", |one| one.name.clone()),
        ("KIND", |one| one.kind.clone()),
        ("FAILS SINCE", |one| text::or_none(one.failing_since.as_ref(), text::time)),
        ("WHY", |one| text::or_none(one.why.as_deref(), text::line)),
    ];
}
