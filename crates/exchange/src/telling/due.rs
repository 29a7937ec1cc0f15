//! Whom to tell now: what waits, who is on duty, the rules, and what was told so far in; messages
//! out. Nothing here sends.

use super::{Taken, Telling, Whose};
use crate::name::UserName;
use crate::need::Need;
use crate::role::Permission;
use crate::scale::Urgency;
use crate::user::User;
use forewarn_stix::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A name of a need that is another one when it waits again: its name, and since when.
pub fn key(need: &Need) -> String {
    let since = need.since.as_ref().map(|at| format!(" {at}")).unwrap_or_default();
    format!("{}{since}", need.name())
}

/// One of our people, and the keys of the needs that he may see.
#[derive(Debug, Clone)]
pub struct Person {
    /// Who.
    pub user: User,
    /// What he may see.
    pub sees: BTreeSet<String>,
}

/// Somebody was told of a need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Told {
    /// The need's key.
    pub need: String,
    /// Who was told.
    pub person: UserName,
    /// By which rule or step: `rule nights`, `step 2`.
    pub by: String,
    /// When it was decided to tell it.
    pub at: Timestamp,
}

/// What is known of what went before.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Who has taken what, by the need's name.
    pub taken: BTreeMap<String, Taken>,
    /// What was told of the needs that wait.
    pub told: Vec<Told>,
    /// When each person was last told anything by a rule.
    pub last: BTreeMap<(UserName, String), Timestamp>,
}

/// One message for one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// For whom.
    pub person: UserName,
    /// By which rule or step.
    pub by: String,
    /// The places of the needs among those that were given; at least one.
    pub needs: Vec<usize>,
}

/// The messages that are due now. Of a need, nobody is told twice by the same rule or step, and
/// nobody once somebody has taken it.
pub fn due(
    telling: &Telling,
    needs: &[Need],
    people: &[Person],
    known: &Known,
    now: &Timestamp,
) -> Vec<Message> {
    let waiting: Vec<(usize, &Need, String)> = needs
        .iter()
        .enumerate()
        .filter(|(_, need)| !is_taken(need, known))
        .map(|(place, need)| (place, need, key(need)))
        .collect();
    let mut told: BTreeMap<&str, Vec<&Told>> = BTreeMap::new();
    for one in &known.told {
        told.entry(&one.need).or_default().push(one);
    }
    let told = |key: &str| told.get(key).map(Vec::as_slice).unwrap_or_default();
    let mut messages = Vec::new();
    for (place, need, key) in &waiting {
        messages.extend(escalate(telling, (*place, need, key), people, told(key), now));
    }
    for rule in telling.rules.values() {
        let by = format!("rule {}", rule.name);
        let quiet = rule.quiet.as_ref().is_some_and(|quiet| quiet.holds(now));
        for person in meant(telling, &rule.who, people, now) {
            let mut gathered = Vec::new();
            for (place, need, key) in &waiting {
                let kind = rule.kinds.is_empty() || rule.kinds.contains(&need.kind);
                let urgent = rule.from.is_none_or(|from| need.urgency.is_some_and(|u| u >= from));
                let name = &person.user.name;
                let known = told(key).iter().any(|one| one.person == *name && one.by == by);
                if !kind || !urgent || !person.sees.contains(key) || known {
                    continue;
                }
                let immediate = need.urgency == Some(Urgency::Immediate);
                if immediate || (rule.digest.is_none() && !quiet) {
                    let needs = vec![*place];
                    messages.push(Message { person: name.clone(), by: by.clone(), needs });
                } else if !quiet {
                    gathered.push(*place);
                }
            }
            let last = known.last.get(&(person.user.name.clone(), by.clone()));
            let pause = i64::from(rule.digest.unwrap_or(0));
            let is_time = last.is_none_or(|last| last.plus_minutes(pause) <= *now);
            if is_time && !gathered.is_empty() {
                let person = person.user.name.clone();
                messages.push(Message { person, by: by.clone(), needs: gathered });
            }
        }
    }
    messages
}

/// Whether somebody has taken it since it waits.
fn is_taken(need: &Need, known: &Known) -> bool {
    known.taken.get(&need.name()).is_some_and(|taken| taken.holds(need))
}

/// The steps that are due: the first one that reaches somebody at once, the others so long after.
fn escalate(
    telling: &Telling,
    (place, need, key): (usize, &Need, &str),
    people: &[Person],
    told: &[&Told],
    now: &Timestamp,
) -> Vec<Message> {
    let mut messages = Vec::new();
    let Some(escalation) = &telling.escalation else { return messages };
    if need.urgency.is_none_or(|urgency| urgency < escalation.from) {
        return messages;
    }
    let steps = told.iter().filter(|one| one.by.starts_with("step "));
    let begun = steps.map(|one| &one.at).min();
    // Seconds since somebody was woken first, and the time of the step that did it.
    let mut first: Option<(i64, i64)> = None;
    for (number, step) in (1..).zip(&escalation.steps) {
        let by = format!("step {number}");
        let reached: Vec<&Person> = meant(telling, &step.who, people, now)
            .into_iter()
            .filter(|person| person.sees.contains(key))
            .collect();
        let was_told = told.iter().any(|one| one.by == by);
        if was_told || (first.is_none() && begun.is_none() && !reached.is_empty()) {
            let since = begun.map_or(0, |begun| now.micros().saturating_sub(begun.micros()));
            first.get_or_insert((since / 1_000_000, i64::from(step.after)));
        }
        if was_told {
            continue;
        }
        let Some((since, base)) = first else { continue };
        if since < i64::from(step.after) - base {
            continue;
        }
        messages.extend(reached.into_iter().map(|person| Message {
            person: person.user.name.clone(),
            by: by.clone(),
            needs: vec![place],
        }));
    }
    messages
}

/// Who is meant, of those who may read here at all and can be reached.
fn meant<'a>(
    telling: &Telling,
    whose: &Whose,
    people: &'a [Person],
    now: &Timestamp,
) -> Vec<&'a Person> {
    let is_meant = |user: &User| match whose {
        Whose::OnDuty => telling.on_duty(now).contains(&&user.name),
        Whose::Next => telling.next(now).is_some_and(|shift| shift.who == user.name),
        Whose::Person(name) => user.name == *name,
        Whose::Role(role) => user.roles.contains(role),
    };
    let reached = |user: &User| telling.means.contains_key(&user.name);
    people
        .iter()
        .filter(|one| is_meant(&one.user) && reached(&one.user))
        .filter(|one| one.user.permits(Permission::Read))
        .collect()
}
