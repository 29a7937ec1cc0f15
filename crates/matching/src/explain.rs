//! Why an interest is met, or what it lacked.

use crate::concern::shown;
use crate::hit::Hit;
use crate::index::{Entry, Index};
use crate::rule::{Node, Rule};
use crate::window::{Facts, Window};
use crate::{Match, Reason};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Most reasons kept of one match: enough for a person to see why.
const MAX_REASONS: usize = 10;
/// Most reasons told of clauses of which one is enough.
const MAX_OF_ANY: usize = 5;
/// Most places told of one clause.
const MAX_PLACES: usize = 3;
/// Longest words told, in characters.
const MAX_WORDS: usize = 120;

/// An interest that an item comes near to, and why it is not met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Near {
    /// The name of the partner that has registered the interest.
    pub partner: String,
    /// The interest's global id.
    pub interest: String,
    /// What the partner calls the interest.
    pub label: String,
    /// What it lacked.
    pub lacking: String,
    /// What was found of it.
    pub found: Vec<Reason>,
}

/// The hits of one item, those of one clause together.
pub(crate) struct Hits<'h>(&'h [Hit]);

impl<'h> Hits<'h> {
    /// Takes hits that are sorted.
    pub(crate) fn of(sorted: &'h [Hit]) -> Hits<'h> {
        Hits(sorted)
    }

    fn at(&self, atom: u32) -> &'h [Hit] {
        let from = self.0.partition_point(|hit| hit.atom < atom);
        let to = self.0.partition_point(|hit| hit.atom <= atom);
        self.0.get(from..to).unwrap_or_default()
    }

    fn strength(&self, atom: u32) -> Option<u8> {
        self.at(atom).iter().map(|hit| hit.standing.strength()).max()
    }

    /// The same of those that count for an interest.
    fn counted(&self, window: &Window<'_, '_>, rule: &Rule, atom: u32) -> Option<u8> {
        if rule.concern == 0 {
            return self.strength(atom);
        }
        let counted = self.at(atom).iter().filter(|hit| window.concerns(hit, rule));
        counted.map(|hit| hit.standing.strength()).max()
    }
}

/// Why an item does not meet an interest whose clauses it may meet.
enum Lack {
    Nothing,
    NotYet,
    NoLonger,
    Ungraded,
    NotCredible(String),
}

fn lack(rule: &Rule, facts: &Facts) -> Lack {
    let Some(least) = rule.credibility else { return in_force(rule, facts) };
    let good = match (facts.grade, facts.judged) {
        (Some(grade), _) => grade.is_at_least(least),
        (None, Some(grade)) => grade.is_as_credible_as(least),
        (None, None) => return Lack::Ungraded,
    };
    let is = facts.grade.or(facts.judged);
    match is {
        Some(is) if !good => {
            Lack::NotCredible(format!("it is graded {is}, and {least} or better is wanted"))
        }
        _ => in_force(rule, facts),
    }
}

fn in_force(rule: &Rule, facts: &Facts) -> Lack {
    if facts.added < rule.from {
        Lack::NotYet
    } else if facts.added >= rule.until {
        Lack::NoLonger
    } else {
        Lack::Nothing
    }
}

/// The match of an item with an interest.
pub(crate) fn judge(
    window: &Window<'_, '_>,
    entry: &Entry,
    hits: &Hits<'_>,
    facts: &Facts,
) -> Option<Match> {
    let rule = &entry.rule;
    let strength = rule.strength(rule.threshold, &|atom| hits.counted(window, rule, atom))?;
    if !matches!(lack(rule, facts), Lack::Nothing) {
        return None;
    }
    Some(Match {
        partner: entry.partner.to_string(),
        interest: entry.id.to_string(),
        label: rule.label.to_string(),
        urgency: rule.urgency,
        strength,
        why: Why { window, hits, facts, rule, threshold: rule.threshold, met_only: true }.reasons(),
    })
}

/// What an interest lacked that is not met.
pub(crate) fn near(
    window: &Window<'_, '_>,
    entry: &Entry,
    hits: &Hits<'_>,
    facts: &Facts,
) -> Option<Near> {
    let rule = &entry.rule;
    let strength = |atom: u32| hits.counted(window, rule, atom);
    let named = |atom: u32| hits.strength(atom);
    let lacking = if rule.strength(rule.threshold, &strength).is_some() {
        match lack(rule, facts) {
            Lack::Nothing => return None,
            Lack::NotYet => "it is not in force yet".to_owned(),
            Lack::NoLonger => "it is no longer in force".to_owned(),
            Lack::Ungraded => "the item has no Admiralty grade, and one is expected".to_owned(),
            Lack::NotCredible(why) => why,
        }
    } else if let Some(strength) = rule.strength(1, &strength) {
        format!("met with a strength of {strength}, and {} is wanted", rule.threshold)
    } else if rule.concern > 0 && rule.strength(rule.threshold, &named).is_some() {
        format!("whom it names is concerned by less than {}", shown(rule.concern))
    } else {
        let stopped = stopping(window.index(), rule, hits);
        stopped.unwrap_or_else(|| "not all that is wanted is there".to_owned())
    };
    Some(Near {
        partner: entry.partner.to_string(),
        interest: entry.id.to_string(),
        label: rule.label.to_string(),
        lacking,
        found: Why { window, hits, facts, rule, threshold: 1, met_only: false }.reasons(),
    })
}

/// A clause of a `not` that is met.
fn stopping(index: &Index, rule: &Rule, hits: &Hits<'_>) -> Option<String> {
    let mut until = 0;
    for (at, node) in rule.nodes.iter().enumerate() {
        match node {
            Node::Not { end } => until = until.max(*end as usize),
            Node::Atom(atom) if at < until && !hits.at(*atom).is_empty() => {
                let clause = index.clause(*atom)?;
                return Some(format!("{clause} is there, and must not be"));
            }
            _ => {}
        }
    }
    None
}

struct Why<'w, 'i, 't, 'h> {
    window: &'w Window<'i, 't>,
    hits: &'w Hits<'h>,
    facts: &'w Facts,
    rule: &'w Rule,
    threshold: u8,
    /// Only of what is met; else of what is found.
    met_only: bool,
}

impl Why<'_, '_, '_, '_> {
    fn reasons(&self) -> Vec<Reason> {
        let mut out = Vec::new();
        self.part(0, &mut out);
        out
    }

    fn is_met(&self, at: usize) -> bool {
        let strength = |atom| self.hits.counted(self.window, self.rule, atom);
        self.rule.strength_of(at, self.threshold, &strength).is_some()
    }

    /// The reasons of a part that is met, of all its parts.
    fn part(&self, at: usize, out: &mut Vec<Reason>) {
        if out.len() >= MAX_REASONS {
            return;
        }
        let parts = self.rule.parts(at);
        match self.rule.nodes.get(at) {
            Some(Node::Atom(atom)) => self.places(*atom, out),
            Some(Node::Not { end }) => {
                let inner = self.rule.nodes.get(at + 1..*end as usize).unwrap_or_default();
                self.absence(inner, out);
            }
            Some(Node::AtLeast { count, .. }) => {
                let met = parts.iter().filter(|part| self.is_met(**part)).count();
                let words = format!("{met} clauses of it are met");
                let clause = format!("at least {count}");
                out.push(Reason { clause, words, at: String::new(), strength: 100 });
                self.some(&parts, out);
            }
            Some(Node::Any { .. }) => self.some(&parts, out),
            Some(Node::All { .. }) => parts.into_iter().for_each(|part| self.part(part, out)),
            None => {}
        }
    }

    /// Some of the parts of which one is enough, so that what stands beside has room.
    fn some(&self, parts: &[usize], out: &mut Vec<Reason>) {
        let met = parts.iter().filter(|part| !self.met_only || self.is_met(**part));
        let from = out.len();
        for part in met {
            if out.len() - from < MAX_OF_ANY {
                self.part(*part, out);
            }
        }
    }

    fn places(&self, atom: u32, out: &mut Vec<Reason>) {
        let Some(clause) = self.window.index().clause(atom) else { return };
        let clause = clause.to_string();
        let mut hits: Vec<&Hit> = self.hits.at(atom).iter().collect();
        hits.retain(|hit| hit.standing.strength() >= self.threshold);
        if self.met_only {
            hits.retain(|hit| self.window.concerns(hit, self.rule));
        }
        hits.sort_by_key(|hit| (std::cmp::Reverse(hit.standing), hit.item != self.facts.item));
        let from = out.len();
        for hit in hits {
            if out.len() - from >= MAX_PLACES || out.len() >= MAX_REASONS {
                return;
            }
            let Some((words, at)) = self.window.told(hit, self.facts.item) else { continue };
            let words: String = words.chars().take(MAX_WORDS).collect();
            let known = out.get(from..).unwrap_or_default();
            if known.iter().any(|reason| reason.words == words) {
                continue;
            }
            let strength = hit.standing.strength();
            out.push(Reason { clause: clause.clone(), words, at, strength });
            let concern = self.window.concern_in_words(hit, self.rule);
            out.extend(concern.filter(|one| !out.contains(one)));
        }
    }

    fn absence(&self, inner: &[Node], out: &mut Vec<Reason>) {
        let named = inner.iter().filter_map(|node| match node {
            Node::Atom(atom) => self.window.index().clause(*atom).map(ToString::to_string),
            _ => None,
        });
        let named: Vec<String> = named.take(MAX_PLACES).collect();
        let found = inner.iter().any(|node| {
            matches!(node, Node::Atom(atom)
                if self.hits.counted(self.window, self.rule, *atom).is_some_and(|s| s >= self.threshold))
        });
        if found && !self.met_only {
            return;
        }
        let words = if found { "is not met as a whole" } else { "nothing of it is there" };
        let clause = format!("not {}", named.join(", "));
        out.push(Reason { clause, words: words.to_owned(), at: String::new(), strength: 100 });
    }
}
